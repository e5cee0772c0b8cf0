"""What a browser may say to a kernel: what widgets need, and nothing that runs code."""

from __future__ import annotations

import json
from typing import Any, Final

from jupyter_server.services.kernels.connection.base import deserialize_binary_message
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

_WIDGET_MESSAGES: Final = frozenset({"comm_msg", "comm_close", "comm_info_request", "kernel_info_request"})
_STATES_OF_WIDGETS: Final = "jupyter.widget.control"
"""The one comm that a page opens, to be told the state of the widgets. Others would make new ones in the kernel."""


class WidgetChannels(ZMQChannelsWebsocketConnection):
    """A page's connection to its kernel, for messages of widgets only.

    It speaks the older of Jupyter's two protocols, in which the server reads a message and writes it anew. In the
    newer one the kernel gets the browser's own bytes, and might read them otherwise than this did.
    """

    kernel_ws_protocol = ""

    def handle_incoming_message(self, incoming_msg: str) -> None:
        """Pass on a message that a widget may send; drop any other."""
        if is_widget_message(incoming_msg):
            super().handle_incoming_message(incoming_msg)
        else:
            self.log.warning("Refused a message to kernel %s that no widget sends", self.kernel_id)


def is_widget_message(raw: str | bytes) -> bool:
    """Tell whether `raw` is one of the messages that widgets need, on the one channel they use."""
    try:
        message: dict[str, Any] = deserialize_binary_message(raw) if isinstance(raw, bytes) else json.loads(raw)
        kind = message["header"]["msg_type"]
        if message.get("channel", "shell") != "shell":
            return False
        return kind in _WIDGET_MESSAGES or (
            kind == "comm_open" and message["content"]["target_name"] == _STATES_OF_WIDGETS
        )
    except Exception:  # noqa: BLE001 - whatever a stranger sends that cannot be read is no widget's message
        return False
