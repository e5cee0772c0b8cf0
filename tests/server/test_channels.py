"""What a browser may say to a kernel."""

from __future__ import annotations

import json

import pytest
from jupyter_server.services.kernels.connection.base import (
    serialize_binary_message,
    serialize_msg_to_ws_v1,
)

from aralify_kernel.server.kernels.channels import WidgetChannels, is_widget_message


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


@pytest.mark.parametrize("allowed", ALLOWED, ids=lambda said: said["header"]["msg_type"])
def test_what_a_widget_says_is_passed_on(allowed):
    assert is_widget_message(json.dumps(allowed))
    assert is_widget_message(serialize_binary_message(allowed | {"buffers": [b"picture"]}))


@pytest.mark.parametrize("refused", REFUSED, ids=lambda said: f"{said['header']['msg_type']}-{said['channel']}")
def test_anything_else_is_refused_also_in_binary(refused):
    assert not is_widget_message(json.dumps(refused))
    assert not is_widget_message(serialize_binary_message(refused | {"buffers": []}))


def test_the_newer_protocol_is_neither_offered_nor_understood():
    parts = [json.dumps(part).encode() for part in ({"msg_type": "comm_msg"}, {}, {}, {})]
    assert WidgetChannels.kernel_ws_protocol == ""
    assert not is_widget_message(serialize_msg_to_ws_v1(parts, "shell"))


@pytest.mark.parametrize(
    "raw",
    ["", "{", "null", "[]", '"comm_msg"', "{}", '{"header": null}', '{"header": {"msg_type": ["comm_msg"]}}',
     b"", b"\x00", b"\xff" * 64, b"\x00\x00\x00\x01\x00\x00\x00\x08{}"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(raw):
    assert not is_widget_message(raw)


def test_of_two_kinds_in_one_header_the_one_counts_that_the_kernel_gets():
    said = '{"header": {"msg_type": "comm_msg", "msg_type": "execute_request"}, "content": {"code": "1"}}'
    assert not is_widget_message(said)
