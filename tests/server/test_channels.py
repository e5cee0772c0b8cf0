"""What a browser may say to a kernel."""

from __future__ import annotations

import json

import pytest
from jupyter_server.services.kernels.connection.base import (
    serialize_binary_message,
    serialize_msg_to_ws_v1,
)

from aralify_kernel.server.kernels.channels import MOST_SOCKETS, V1, Sockets, widget_message


def message(kind: str, channel: str | None = "shell", **content: object) -> dict:
    whole = {"header": {"msg_type": kind, "msg_id": "1"}, "parent_header": {}, "metadata": {}, "content": content}
    return whole | ({"channel": channel} if channel else {})


ALLOWED = [
    message("comm_msg", comm_id="1", data={"method": "update", "state": {}}),
    message("comm_msg", channel=None, comm_id="1", data={}),
    message("comm_close", comm_id="1"),
    message("comm_info_request", target_name="jupyter.widget"),
    message("kernel_info_request"),
    message("comm_open", comm_id="2", target_name="jupyter.widget.control", data={}),
]
REFUSED = [
    message("execute_request", code="1"),
    message("execute_request", channel="control", code="1"),
    message("complete_request", code="1", cursor_pos=1),
    message("inspect_request", code="1", cursor_pos=1),
    message("history_request"),
    message("is_complete_request", code="1"),
    message("debug_request", channel="control"),
    message("shutdown_request", channel="control", restart=True),
    message("interrupt_request", channel="control"),
    message("create_subshell_request", channel="control"),
    message("input_reply", channel="stdin", value="1"),
    message("comm_msg", channel="control", comm_id="1", data={}),
    message("comm_msg", channel="iopub", comm_id="1", data={}),
    message("comm_open", comm_id="2", target_name="jupyter.widget", data={"state": {"_model_name": "TextModel"}}),
    message("comm_open", comm_id="2", target_name="os", target_module="os", data={}),
    message("comm_open"),
]


def in_v1(said: dict) -> bytes:
    """The message as Jupyter's pages send it in the newer protocol."""
    parts = [json.dumps(said[part]).encode() for part in ("header", "parent_header", "metadata", "content")]
    return joined([*parts, b"picture"], said.get("channel", "shell"))


def joined(parts: list[bytes], channel: str) -> bytes:
    return bytes(serialize_msg_to_ws_v1(parts, channel))


@pytest.mark.parametrize("allowed", ALLOWED, ids=lambda said: said["header"]["msg_type"])
def test_what_a_widget_says_is_passed_on(allowed):
    text, binary = json.dumps(allowed), serialize_binary_message(allowed | {"buffers": [b"picture"]})
    assert widget_message(text, None) == text
    assert widget_message(binary, None) == binary
    assert bytes(widget_message(in_v1(allowed), V1)) == in_v1(allowed)


@pytest.mark.parametrize("refused", REFUSED, ids=lambda said: f"{said['header']['msg_type']}-{said['channel']}")
def test_anything_else_is_refused_in_either_protocol_and_in_binary(refused):
    assert widget_message(json.dumps(refused), None) is None
    assert widget_message(serialize_binary_message(refused | {"buffers": []}), None) is None
    assert widget_message(in_v1(refused), V1) is None


@pytest.mark.parametrize("subprotocol", [None, V1])
@pytest.mark.parametrize(
    "raw",
    ["", "{", "null", "[]", '"comm_msg"', "{}", '{"header": null}', '{"header": {"msg_type": ["comm_msg"]}}',
     b"", b"\x00", b"\xff" * 64, b"\x00\x00\x00\x01\x00\x00\x00\x08{}", joined([b"{}"], "shell")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(raw, subprotocol):
    assert widget_message(raw, subprotocol) is None


def test_of_two_kinds_in_one_header_the_one_counts_that_the_kernel_gets():
    kinds = [b'{"msg_type": "execute_request", "msg_type": "comm_msg"}', b"{}", b"{}", b'{"code": "1"}']
    passed_on = widget_message(joined(kinds, "shell"), V1)
    assert b"execute_request" not in bytes(passed_on)
    kinds[0] = b'{"msg_type": "comm_msg", "msg_type": "execute_request"}'
    assert widget_message(joined(kinds, "shell"), V1) is None
    assert widget_message('{"header": {"msg_type": "comm_msg", "msg_type": "execute_request"}}', None) is None


class Socket:
    def __init__(self, sockets: Sockets) -> None:
        self.sockets, self.is_open = sockets, True
        sockets.add("kernel", self)

    def on_connection_close(self) -> None:
        self.is_open = False
        self.sockets.remove("kernel", self)


def test_however_many_connections_a_kernel_is_asked_for_the_newest_few_stay():
    sockets = Sockets()
    opened = [Socket(sockets) for _ in range(50)]
    assert [socket.is_open for socket in opened] == [False] * (50 - MOST_SOCKETS) + [True] * MOST_SOCKETS
    opened[-1].on_connection_close()
    assert Socket(sockets).is_open
    assert opened[-2].is_open
    assert opened[-MOST_SOCKETS].is_open
