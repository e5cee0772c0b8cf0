"""What a browser may say to a kernel: what widgets need, and nothing that runs code."""

from __future__ import annotations

import json
from typing import Any, Final, Protocol

from jupyter_server.services.kernels.connection.base import (
    deserialize_binary_message,
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

V1: Final = "v1.kernel.websocket.jupyter.org"
"""The newer of the two protocols that Jupyter's pages speak."""

_WIDGET_MESSAGES: Final = frozenset({"comm_msg", "comm_close", "comm_info_request", "kernel_info_request"})
_STATES_OF_WIDGETS: Final = "jupyter.widget.control"
"""The one comm that a page opens, to be told the state of the widgets. Others would make new ones in the kernel."""

MOST_SOCKETS: Final = 3
"""To one kernel: that of its page, and what is left of those that its page lost."""


class Socket(Protocol):
    """A websocket, as far as it has to make way."""

    def on_connection_close(self) -> None:
        """Be closed at once, without a word from the other side."""


class Sockets:
    """The websockets to each kernel. Each costs the server five files, so the oldest makes way for one too many."""

    def __init__(self) -> None:
        self._of_kernel: dict[str, list[Socket]] = {}

    def add(self, kernel_id: str, socket: Socket) -> None:
        """Note one that opens; end the oldest of its kernel if that makes too many."""
        opened = self._of_kernel.setdefault(kernel_id, [])
        opened.append(socket)
        if len(opened) > MOST_SOCKETS:
            opened.pop(0).on_connection_close()

    def remove(self, kernel_id: str, socket: Socket) -> None:
        """Forget one that has ended."""
        opened = self._of_kernel.get(kernel_id, [])
        if socket in opened:
            opened.remove(socket)
        if not opened:
            self._of_kernel.pop(kernel_id, None)


class WidgetChannels(ZMQChannelsWebsocketConnection):
    """A page's connection to its kernel, for messages of widgets only."""

    def handle_incoming_message(self, incoming_msg: str) -> None:
        """Pass on a message that a widget may send; drop any other."""
        message = widget_message(incoming_msg, self.subprotocol)
        if message is None:
            self.log.warning("Refused a message to kernel %s that no widget sends", self.kernel_id)
        else:
            super().handle_incoming_message(message)


def widget_message(raw: Any, subprotocol: str | None) -> Any:
    """Return what may be passed on of a message: all of it, or None when it is not one that widgets need.

    In the newer protocol a kernel would get the browser's own bytes, and might read them otherwise than this does.
    Therefore what was read here is written anew. In the older one the server does so anyway.
    """
    try:
        if _is_endless(raw, subprotocol):
            return None
        if subprotocol == V1:
            channel, (header, parent, metadata, content, *buffers) = deserialize_msg_from_ws_v1(raw)
            said = {"channel": channel, "header": json.loads(header), "content": json.loads(content)}
            parts = [json.dumps(said["header"]).encode(), parent, metadata, json.dumps(said["content"]).encode()]
            return serialize_msg_to_ws_v1([*parts, *buffers], channel) if _is_of_widgets(said) else None
        said = deserialize_binary_message(raw) if isinstance(raw, bytes) else json.loads(raw)
        return raw if _is_of_widgets(said) else None
    except Exception:  # noqa: BLE001 - whatever a stranger sends that cannot be read is no widget's message
        return None


def _is_endless(raw: Any, subprotocol: str | None) -> bool:
    """Tell whether a binary message claims more parts than it has room for: reading them would take all memory."""
    if subprotocol == V1:
        return int.from_bytes(raw[:8], "little") > len(raw) // 8
    return isinstance(raw, bytes) and int.from_bytes(raw[:4], "big") > len(raw) // 4


def _is_of_widgets(said: dict[str, Any]) -> bool:
    kind = said["header"]["msg_type"]
    if said.get("channel", "shell") != "shell":
        return False
    return kind in _WIDGET_MESSAGES or (kind == "comm_open" and said["content"]["target_name"] == _STATES_OF_WIDGETS)
