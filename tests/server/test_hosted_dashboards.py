"""Dashboards belong to who asked for them: what succeeds against stock Voilà is refused here."""

from __future__ import annotations

import http.client
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest

from aralify_kernel.client.interface import PREFIX
from aralify_kernel.server.kernels.channels import MOST_SOCKETS, V1
from aralify_kernel.server.rest.table import OPERATIONS
from tests.server.conftest import PASSWORD
from tests.server.hosting import SECRET, Opened, ask, message, stock_voila
from tests.server.rest import NAMES, code

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("hosted dashboards"),
    pytest.mark.skipif(sys.platform != "linux", reason="class servers run on Linux"),
]

PATIENCE_SEC = 120


@pytest.fixture(scope="module")
def stock(tmp_path_factory, pages):
    with stock_voila(tmp_path_factory.mktemp("stock"), pages) as running:
        yield running


@pytest.fixture(scope="module")
def ana(ours):
    return ours.signed_in("ana", PASSWORD)


@pytest.fixture(scope="module")
def ben(ours):
    return ours.signed_in("ben", PASSWORD)


@pytest.fixture(scope="module")
def page(ours, ana):
    """A page of Ana's that stays open, as in a browser that shows it."""
    opened = ours.host.open(ana)
    socket = opened.connect()
    yield opened
    socket.close()
    opened.end()


# Against stock Voilà: each attack is a function of Ana's page and of another person's browser


def attaches_to_her_kernel(page: Opened, other: httpx.Client) -> bool:
    socket = page.connect(other)
    if socket:
        socket.close()
    return socket is not None


def writes_into_her_page(page: Opened, other: httpx.Client) -> bool:
    socket = page.connect(other)
    if socket is None:
        return False
    comms = ask(socket, "comm_info_request", {"target_name": "jupyter.widget"})["comms"]
    for comm in comms:
        state = {"method": "update", "state": {"value": "FORGED"}, "buffer_paths": []}
        socket.send(json.dumps(message("comm_msg", {"comm_id": comm, "data": state})))
        socket.send(json.dumps(message("comm_msg", {"comm_id": comm, "data": {"method": "request_state"}})))
    while "FORGED" not in socket.recv():
        pass  # until the kernel tells every page
    socket.close()
    return True


def reads_the_state_of_her_kernel(page: Opened, other: httpx.Client) -> bool:
    return other.get(f"/api/kernels/{page.kernel}").status_code == 200


def ends_her_kernel(page: Opened, other: httpx.Client) -> bool:
    page.end(other)
    return page.browser.get(f"/api/kernels/{page.kernel}").status_code != 200


def finds_a_secret_of_the_server_in_the_kernel(page: Opened, other: httpx.Client) -> bool:
    return SECRET in page.text


def finds_her_address_in_a_kernel_of_the_next_visitor(page: Opened, other: httpx.Client) -> bool:
    page.host.open(page.browser, token="of-ana").end()
    deadline = time.monotonic() + PATIENCE_SEC
    while time.monotonic() < deadline:
        theirs = page.host.open(other)
        theirs.end()
        if "of-ana" in theirs.text:
            return True
        if theirs.viewer == "ben":
            return False
    return False


def listens_to_what_was_asked_for(page: Opened, other: httpx.Client) -> bool:
    socket = page.connect(httpx.Client(), path="/voila/query/{kernel}")
    heard = socket.recv() if socket else ""
    if socket:
        socket.close()
    return "QUERY_STRING" in heard


def opens_a_page_without_signing_in(page: Opened, other: httpx.Client) -> bool:
    with httpx.Client(base_url=page.host.url, timeout=PATIENCE_SEC, trust_env=False) as nobody:
        opened = page.host.open(nobody)
        return bool(opened.kernel)


def reads_the_files_beside_the_page(page: Opened, other: httpx.Client) -> bool:
    return other.get("/voila/files/picture.png").content == b"a picture"


def lists_the_folder(page: Opened, other: httpx.Client) -> bool:
    return "seen" in other.get("/voila/api/contents").text


ATTACKS: list[Callable[[Opened, httpx.Client], bool]] = [
    attaches_to_her_kernel, writes_into_her_page, reads_the_state_of_her_kernel,
    finds_a_secret_of_the_server_in_the_kernel, listens_to_what_was_asked_for, reads_the_files_beside_the_page,
    lists_the_folder, ends_her_kernel, finds_her_address_in_a_kernel_of_the_next_visitor,
    opens_a_page_without_signing_in,
]  # fmt: skip


def test_every_attack_on_stock_voila_succeeds(stock):
    with (
        httpx.Client(base_url=stock.url, timeout=PATIENCE_SEC, trust_env=False) as her,
        httpx.Client(base_url=stock.url, timeout=PATIENCE_SEC, trust_env=False) as other,
    ):
        page = stock.open(her)
        assert {attack.__name__: attack(page, other) for attack in ATTACKS} == {
            attack.__name__: True for attack in ATTACKS
        }


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_the_same_attack_is_refused_here(page, ben, attack):
    assert not attack(page, ben)


# What a page shows, and to whom


def test_a_page_that_fails_tells_one_sentence_and_no_detail(ours, ana):
    opened = ours.host.open(ana, "broken")
    opened.end()
    assert "This page could not be made." in opened.text
    assert "internal detail" not in opened.text
    assert "internal detail" in ours.log


def test_what_a_page_prints_is_for_the_log(ours, page):
    assert "something printed" not in page.text
    assert "something printed" in ours.log


def test_a_page_shows_nothing_from_elsewhere_and_may_not_be_framed(ours, ana):
    answer = ana.get("/dashboards/label")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "https:" not in policy
    assert answer.headers["Cache-Control"].startswith("no-")
    Opened(ours.host, ana, answer).end()


def test_one_page_too_many_is_refused_in_a_sentence(ours, ben):
    opened = [ours.host.open(ben, "label") for _ in range(2)]
    for each in opened:
        each.use()
    answer = ben.get("/dashboards/label")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "You have too many pages open at once." in answer.text
    for each in opened:
        each.end()
    again = ours.host.open(ben, "label")
    assert again.status == 200
    again.end()


# Bad input


def test_forged_headers_and_parameters_change_nothing_and_reach_no_kernel(ours, ben):
    names = ("X-Aralify-User", "X-Forwarded-User", "Remote-User", "X-Forwarded-For", "X-Kernel-Key", "VOILA_USER")
    parameters = ("user", "username", "viewer", "kernel_id", "token", "theme")
    forged = dict.fromkeys(parameters, "forged-ana")
    opened = Opened(
        ours.host, ben, ben.get("/dashboards/seen", params=forged, headers=dict.fromkeys(names, "forged-ana"))
    )
    opened.end()
    assert opened.viewer == "ben"
    assert "forged-ana" not in opened.text


@pytest.mark.parametrize("value", ["ana", "2|1:0|10:1700000000|15:aralify-session|4:YW5h|deadbeef", "", "\xff"])
def test_a_forged_cookie_lets_nobody_in(ours, value):
    nobody = ours.browser()
    nobody.cookies.set("aralify-session", value.encode("ascii", "ignore").decode())
    assert ours.host.open(nobody).status == 302


TRICKS = [
    "/dashboards/./seen", "/dashboards//seen", "//dashboards/seen", "/dashboards/x/../seen", "/dashboards/%73een",
    "/dashboards/seen/", "/dashboards/seen%2e", "/dashboards/seen.ipynb", "/dashboards/seen%00",
    "/dashboards/..%2f..%2fetc/passwd", "/voila/render/seen.ipynb", "/voila/tree", "/voila/execution/{kernel}",
    "/api/kernels", "/api/kernels/", "/api/kernels/{kernel}/", "/api/kernels/./{kernel}", "/api/kernels//{kernel}",
    "/api/kernels/{kernel}%2e", "/api/kernels/x/../{kernel}", "/api/kernels/{KERNEL}", "/api/kernels/{kernel}/restart",
    "/api/kernels/{kernel}/interrupt", "/api/kernels/{kernel}/channels/..", "/api/sessions", "/api/terminals",
    "/voila/static/../../voila.py", "/voila/static/..%2f..%2fapp.py",
]  # fmt: skip


def test_no_trick_with_a_path_leads_anywhere(ours, page, ben):
    """Sent as they stand: a client would tidy some of them up."""
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in ben.cookies.jar)
    answers = {}
    for path in TRICKS:
        connection = http.client.HTTPConnection(ours.url.removeprefix("http://"), timeout=PATIENCE_SEC)
        connection.putrequest("GET", path.format(kernel=page.kernel, KERNEL=page.kernel.upper()))
        connection.putheader("Cookie", cookies)
        connection.endheaders()
        answers[path] = connection.getresponse().status
        connection.close()
    assert {path: status for path, status in answers.items() if status not in {403, 404}} == {}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_but_looking_is_offered_for_a_kernel(ours, page, method):
    headers = {"X-XSRFToken": page.browser.cookies["_xsrf"]}
    for path in (f"/api/kernels/{page.kernel}", "/api/kernels", f"/api/kernels/{page.kernel}/restart"):
        assert page.browser.request(method, path, headers=headers).status_code in {403, 404, 405}
    assert page.browser.get(f"/api/kernels/{page.kernel}").status_code == 200


def test_a_page_is_not_ended_by_a_form_of_another_site(page):
    assert page.browser.post(f"/voila/api/shutdown/{page.kernel}").status_code == 403
    assert page.browser.get(f"/api/kernels/{page.kernel}").status_code == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1.evil.example"]
)
def test_a_page_of_another_site_does_not_get_at_a_kernel(page, origin):
    assert page.connect(origin=origin) is None


# A viewer and their own kernel


@pytest.mark.parametrize("protocols", [None, [V1]], ids=["older protocol", "newer protocol"])
def test_a_viewer_runs_no_code_in_their_own_kernel(page, tmp_path, protocols):
    written = tmp_path / "written"
    socket = page.connect(protocols=protocols)
    code = {"code": f"open({str(written)!r}, 'w')", "silent": False, "store_history": False, "allow_stdin": False,
            "user_expressions": {}, "stop_on_error": True}  # fmt: skip
    for channel in ("shell", "control"):
        said = message("execute_request", code, channel)
        if protocols:
            socket.send_binary(in_v1(said))
        else:
            socket.send(json.dumps(said))
    socket.close()
    socket = page.connect()
    assert "jupyter.widget" in str(ask(socket, "comm_info_request", {}))  # what came before it was dealt with
    socket.close()
    assert not written.exists()


def test_the_oldest_connection_to_a_kernel_makes_way_for_one_too_many(ours, ben):
    page = ours.host.open(ben, "label")
    path = "/api/kernels/{{kernel}}/channels?session_id={}"
    sockets = [page.connect(path=path.format(number)) for number in range(MOST_SOCKETS + 1)]
    for socket in sockets[1:]:
        assert "jupyter.widget" in str(ask(socket, "comm_info_request", {}))
    assert ben.get(f"/api/kernels/{page.kernel}").json()["connections"] == MOST_SOCKETS
    for socket in sockets:
        socket.close()
    page.end()


def in_v1(said: dict) -> bytes:
    from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1

    parts = [json.dumps(said[part]).encode() for part in ("header", "parent_header", "metadata", "content")]
    return bytes(serialize_msg_to_ws_v1(parts, said["channel"]))


def test_the_key_of_a_kernel_tells_who_looks_and_opens_nothing_else(ours, ben):
    page = ours.host.open(ben)
    headers = {"Authorization": f"Bearer k.{page.key}"}
    with httpx.Client(base_url=ours.url, timeout=PATIENCE_SEC, headers=headers, trust_env=False) as as_kernel:
        assert as_kernel.get("/aralify/api/v1/profile").json()["username"] == "ben"
        assert as_kernel.post("/aralify/api/v1/courses/python-basics/start").status_code == 403
        for change, expected in (({"language": "en"}, 200), ({"email": "eve@example.org"}, 403)):
            assert as_kernel.patch("/aralify/api/v1/profile", json=change).status_code == expected
        assert as_kernel.delete("/aralify/api/v1/session").status_code == 403
        assert as_kernel.get(f"/api/kernels/{page.kernel}").status_code in {403, 404}
        assert as_kernel.get("/dashboards/seen").status_code == 403
        for operation in (one for one in OPERATIONS if one.scope in {"teach", "admin"}):
            asked = as_kernel.request(operation.method, PREFIX + operation.path.format(**NAMES))
            assert code(asked) == (403, "scope_missing"), operation.path
        page.end()
        assert as_kernel.get("/aralify/api/v1/profile").status_code == 401
        for key in (f"k.{page.key}x", "k.", page.key):
            answer = as_kernel.get("/aralify/api/v1/profile", headers={"Authorization": f"Bearer {key}"})
            assert answer.status_code == 401


def test_nobody_is_told_who_looks_without_a_key(ours, page):
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": f"Basic {page.key}"}):
        assert _asked(f"{ours.url}/aralify/kernel/viewer", headers) == 404


def test_a_kernel_learns_nothing_more_once_its_viewer_has_signed_out(ours):
    ben = ours.signed_in("ben", PASSWORD)
    page = ours.host.open(ben)
    headers = {"Authorization": f"Bearer k.{page.key}"}
    ben.post("/sign-out", data={"_xsrf": ben.cookies["_xsrf"]})
    assert _asked(f"{ours.url}/aralify/api/v1/progress", headers) == 401
    assert page.connect() is None


# Last, as it takes longest: a page that nobody touches meanwhile, as the one the tests share, may be ended


def test_two_viewers_at_once_never_see_each_other_s_page_in_twenty_rounds(ours, ana, ben):
    def visit(browser: httpx.Client) -> tuple[str, str]:
        opened = ours.host.open(browser)
        assert opened.end() == 204
        return opened.viewer, opened.key

    with ThreadPoolExecutor(2) as both:
        rounds = [list(both.map(visit, (ana, ben))) for _ in range(20)]
    assert [[viewer for viewer, _ in seen] for seen in rounds] == [["ana", "ben"]] * 20
    keys = {key for seen in rounds for _, key in seen}
    assert len(keys) == 40


def _asked(address: str, headers: dict[str, str]) -> int:
    return httpx.get(address, headers=headers, timeout=PATIENCE_SEC, trust_env=False).status_code
