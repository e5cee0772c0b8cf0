"""What a running server writes: everything that was asked of it, and no secret."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from unittest.mock import AsyncMock, MagicMock

import pytest

from aralify_kernel.server.kernels.pages import Page, PageRenderer
from aralify_kernel.server.logs import JsonLines
from aralify_kernel.server.rest.handler import Rest
from tests.server import loops
from tests.server.conftest import PASSWORD
from tests.server.rest import LESSON, Caller, signed_in

SOURCE = "secret_of_the_source = 'mango-in-the-source'\n"


@pytest.fixture(scope="module")
def log(server):
    """Return what the server wrote while many secrets went through it, and those."""
    begin = len(server.log)
    ana = server.signed_in("ana", PASSWORD)
    ana.get("/account?code=mango-in-a-query")
    ana.get("/mango-in-a-path", headers={"Accept": "text/html"})
    browser = server.browser()
    browser.get("/sign-in")
    form = {"username": "ben", "password": "mango-as-password", "_xsrf": browser.cookies["_xsrf"]}
    browser.post("/sign-in", data=form)
    browser.post("/sign-in", data=form | {"_xsrf": "mango-as-xsrf"})
    browser.get("/", headers={"Cookie": "aralify-session=mango-as-cookie"})
    program = signed_in(server, "ana", "read", "submit")
    program.post(f"{LESSON}/open")
    assert program.submit(SOURCE).status_code == 201
    Caller(server, "mango-as-token").get("/profile")
    program.post(f"{LESSON}/submit", b'{"content": "mango-in-broken-json')
    _malformed(server.port, b"GET / HTTP/1.1\r\nCookie mango-in-a-broken-header\r\n\r\n")
    _malformed(server.port, b"mango-as-method / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    secrets = {"mango", PASSWORD, program.token, *ana.cookies.values(), *browser.cookies.values()}
    return server.log[begin:], secrets


def _malformed(port, request):
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        while connection.recv(1000):
            pass


@pytest.mark.slow
def test_no_secret_is_in_the_log(log):
    text, secrets = log

    assert len(secrets) > 4
    assert [secret for secret in secrets if secret in text] == []


@pytest.mark.slow
def test_every_request_is_a_line_with_who_asked_for_what_and_how_that_went(log, server):
    lines = [json.loads(line) for line in log[0].splitlines()]
    requests = [line for line in lines if line["message"] == "request"]
    ana = {line["user_id"] for line in requests if line["route"] == "/account"}

    told = {(line["method"], line["route"], line["status"]) for line in requests}
    assert told >= {
        ("POST", "/sign-in", 303),
        ("POST", "/sign-in", 403),
        ("POST", "/aralify/api/v1/lessons/{course}/{level}/{tier}/submit", 201),
        ("GET", "/aralify/api/v1/profile", 401),
        ("GET", "/.*", 404),
    }
    assert {user for user in ana if user is not None}
    assert all(line["duration_ms"] >= 0 for line in requests)


@pytest.mark.parametrize("template", ["/lessons/{course}/{level}/{tier}", None])
def test_what_fails_in_rest_is_told_by_its_operation_and_not_by_its_address(template, caplog):
    asked = MagicMock(operation_path=template, _try=AsyncMock(side_effect=RuntimeError))
    asked.request.method, asked.request.path = "GET", "/lessons/mango/mango/easy"

    loops.run(Rest._answer(asked))

    (line,) = caplog.messages
    assert line == f"GET {template}"


def formatted(message, *args, name="somebody.elses", error=None):
    info = (type(error), error, None) if error else None
    return json.loads(JsonLines().format(logging.LogRecord(name, logging.ERROR, "", 1, message, args, info)))


@pytest.mark.parametrize(
    ("message", "args", "told"),
    [
        ("%s for %s", ("GET", "/x?token=mango"), "%s for %s"),
        ("GET /x?token=mango (127.0.0.1)", (), "GET /x?… (127.0.0.1)"),
        ("Cookie: " + "m" * 40, (), "Cookie: …"),
        ("kernel 0f2bbd5c-6d0f-4f0e-9a51-2c7c55a1a7a1 died", (), "kernel 0f2bbd5c-6d0f-4f0e-9a51-2c7c55a1a7a1 died"),
        (
            "Kernel started: %s",
            ("0f2bbd5c-6d0f-4f0e-9a51-2c7c55a1a7a1",),
            "Kernel started: 0f2bbd5c-6d0f-4f0e-9a51-2c7c55a1a7a1",
        ),
        ("%s: %s", ("0f2bbd5c-6d0f-4f0e-9a51-2c7c55a1a7a1", "mango"), "%s: %s"),
        ("Task exception\nfuture: DataError('mango')", (), "Task exception"),
    ],
)
def test_what_libraries_write_is_told_without_values(message, args, told):
    assert formatted(message, *args)["message"] == told


def test_an_exception_is_told_by_its_kind_and_place_and_not_by_what_it_says():
    try:
        try:
            raise KeyError("mango")
        except KeyError as cause:
            raise ValueError("INSERT … [parameters: mango]") from cause
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "failed", (), (type(error), error, error.__traceback__))

    line = JsonLines().format(record)

    assert "mango" not in line
    told = json.loads(line)["exception"]
    assert [one for one in told if not one.startswith(" ")] == ["builtins.ValueError", "builtins.KeyError"]
    assert "test_logs.py" in told[1]


class Stopped:
    """Renders a page as Voilà does, for which being stopped is an error of its own."""

    async def generate_content_generator(self, *_):
        try:
            yield "", ""
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise RuntimeError("the kernel died") from None


@pytest.mark.parametrize("is_stopped", [True, False])
def test_a_page_that_ends_with_the_server_is_no_error_and_one_that_fails_is(caplog, is_stopped):
    async def make():
        page = Page("a-kernel", Stopped() if is_stopped else MagicMock(generate_content_generator=None))
        making = asyncio.create_task(page.make(None))
        await anext(page.parts(), None)
        making.cancel() if is_stopped else None
        await making

    loops.run(make())
    assert caplog.messages == ([] if is_stopped else ["A page could not be made"])


def test_a_page_whose_kernel_died_is_told_to_its_viewer_in_one_sentence():
    renderer = MagicMock(language="en")
    died = {"output_type": "stream", "name": "stderr", "text": "An exception occurred at the server."}
    (shown,) = PageRenderer._without_details(renderer, [died])
    assert "This page could not be made" in shown["data"]["text/html"]
    assert renderer.has_failed is True
