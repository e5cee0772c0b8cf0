"""Signing in and out in a browser, and every way to get in without being let in."""

from __future__ import annotations

import html
import re
import stat
import statistics
import time
from contextlib import suppress
from datetime import timedelta

import httpx
import pytest

from aralify_kernel.domain.session import ProfileChange
from aralify_kernel.server import cookies
from aralify_kernel.services import invitations, throttle
from aralify_kernel.store import login_attempts
from aralify_kernel.store.login_attempts import FailedSignIns
from tests.server.conftest import PASSWORD
from tests.servers import post, xsrf

pytestmark = pytest.mark.slow

WRONG = "That user name and password do not go together."


def try_to_sign_in(browser, username="ana", password=PASSWORD, **more):
    fields = {"username": username, "password": password, "_xsrf": xsrf(browser.get("/sign-in").text)} | more
    return browser.post("/sign-in", data=fields)


def test_nobody_is_sent_to_the_sign_in_page_and_back_to_where_they_wanted(server):
    browser = server.browser()
    sent = browser.get("/account?x=1")
    assert (sent.status_code, sent.headers["Location"]) == (302, "/sign-in?next=%2Faccount%3Fx%3D1")
    page = browser.get(sent.headers["Location"])
    assert 'name="next" value="/account?x=1"' in page.text
    went = post(browser, "/sign-in", username="ana", password=PASSWORD, next="/account?x=1")
    assert (went.status_code, went.headers["Location"]) == (303, "/account?x=1")


def test_the_first_page_says_how_to_start_jupyterlab_with_this_very_server(server):
    line = html.unescape(server.signed_in("ana", PASSWORD).get("/").text)
    assert f"<code>aralify lab --server {server.url}</code>" in line


def test_who_signed_in_sees_their_own_page_until_they_sign_out_for_good(server):
    ana = server.signed_in("ana", PASSWORD)
    assert "Hello, ana" in ana.get("/").text
    kept = ana.cookies[cookies.SIGN_IN]
    assert ana.get("/sign-out").status_code == 405, "a picture on another site could ask for it"
    assert "Hello, ana" in ana.get("/").text
    out = post(ana, "/sign-out")
    assert (out.status_code, out.headers["Location"]) == (303, "/sign-in")
    assert cookies.SIGN_IN not in ana.cookies
    thief = server.browser()
    thief.cookies.set(cookies.SIGN_IN, kept)
    assert thief.get("/").status_code == 302, "the old cookie is worth nothing"


def test_a_sign_in_gives_a_new_token_and_ends_the_one_before(server):
    ana = server.browser_of("ana")
    before = ana.cookies[cookies.SIGN_IN]
    assert post(ana, "/sign-in", username="ben", password=PASSWORD).status_code == 303
    assert ana.get("/aralify/api/v1/session").json()["profile"]["username"] == "ben"
    other = server.browser()
    other.cookies.set(cookies.SIGN_IN, before)
    assert other.get("/").status_code == 302


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(server):
    def flags(browser):
        answer = try_to_sign_in(browser)
        (line,) = [line for line in answer.headers.get_list("Set-Cookie") if line.startswith(cookies.SIGN_IN)]
        return {part.strip() for part in line.split(";")[1:]}

    assert flags(server.browser()) == {"HttpOnly", "Path=/", "SameSite=Lax"}
    behind_tls = server.browser("203.0.113.1")
    behind_tls.headers["X-Forwarded-Proto"] = "https"
    behind_tls.get("/sign-in")
    for cookie in behind_tls.cookies.jar:
        cookie.secure = False  # it is the proxy that speaks http here
    assert flags(behind_tls) == {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"}


@pytest.mark.parametrize(
    "path", ["/sign-in", "/account", "/nothing-there", "/aralify/health", "/aralify/api/v1/courses"]
)
def test_who_came_by_https_keeps_to_it_with_every_cookie(server, path):
    by_http, behind_tls = server.browser(), server.browser("203.0.113.1")
    behind_tls.headers["X-Forwarded-Proto"] = "https"
    assert "Strict-Transport-Security" not in by_http.get(path).headers
    answer = behind_tls.get(path)
    assert answer.headers["Strict-Transport-Security"] == "max-age=2592000"
    assert [line for line in answer.headers.get_list("Set-Cookie") if "Secure" not in line] == []
    assert behind_tls.get("/sign-in").headers["Set-Cookie"].startswith("_xsrf=")


def test_the_key_that_signs_cookies_is_its_owners_only(server):
    file = server.folder / "home" / "cookie_secret"
    assert (stat.S_IMODE(file.stat().st_mode), len(file.read_bytes())) == (0o600, 32)


def test_a_cookie_that_was_not_signed_here_or_is_out_of_date_or_of_something_else_lets_nobody_in(server):
    ana = server.browser_of("ana")
    good = ana.cookies[cookies.SIGN_IN]
    value = good.split("|")[-2]
    old = re.sub(r"(\|10:)\d{10}", r"\g<1>1000000000", good)
    forged = {
        "signed with another key": server.signed(cookies.SIGN_IN, "x", b"k" * 32),
        "no signature": value,
        "cut": good[:-4],
        "changed": good.replace(value, value[:-6] + "AAAAAA"),
        "old": old,
        "a cookie of another name": server.signed("aralify-device", "x"),
        "a token nobody has": server.signed(cookies.SIGN_IN, "x" * 43),
        "nonsense": "2|1:0|10:x|||||",
        "empty": "",
    }
    for what, cookie in forged.items():
        thief = server.browser()
        thief.cookies.set(cookies.SIGN_IN, cookie)
        assert thief.get("/account").status_code == 302, what
    assert ana.get("/account").status_code == 200


def test_a_password_changed_elsewhere_ends_the_sign_in(server):
    server.application.add_user("changing", password=PASSWORD)
    browser = server.browser_of("changing")
    server.application.set_password("changing", "another password")
    assert browser.get("/").status_code == 302


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "evil",
     "http:evil.example", "javascript:alert(1)", "///evil.example", "//evil.example/%2f..", " //evil.example", "http://[", ""],
)  # fmt: skip
def test_nobody_is_led_to_another_server(server, address):
    browser = server.browser_of("ana")
    assert browser.get("/sign-in", params={"next": address}).headers["Location"] == "/"
    assert post(browser, "/language", language="en", next=address).headers["Location"] == "/"


def test_a_form_of_another_site_is_refused(server):
    for browser in (server.browser(), server.browser_of("ana")):
        for path in ("/sign-in", "/sign-up", "/sign-out", "/language", "/guest", "/account/erase", "/account/end"):
            for data in ({}, {"_xsrf": "2|aaaaaaaa|bbbbbbbb|1"}, {"_xsrf": "nonsense"}):
                assert browser.post(path, data=data).status_code == 403, (path, data)


@pytest.mark.parametrize(
    ("headers", "content", "expected"),
    [
        ({"Content-Type": "application/json"}, b'{"username": "ana"}', {403}),
        ({"Content-Type": "text/plain"}, b"username=ana", {403}),
        ({"Content-Type": "multipart/form-data"}, b"no boundary", {400, 403}),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"%ff%fe=%00&&&&=", {400, 403}),
        ({"Content-Type": "application/x-www-form-urlencoded", "Content-Encoding": "gzip"}, b"\x1f\x8bxx", {400, 403}),
    ],
)
def test_a_body_that_is_no_form_is_refused(server, headers, content, expected):
    assert server.browser().post("/sign-in", headers=headers, content=content).status_code in expected


def test_a_body_that_is_too_large_is_refused_and_the_next_request_goes_well(server):
    browser = server.browser()
    browser.get("/sign-in")
    with suppress(httpx.NetworkError, httpx.RemoteProtocolError):  # the server hangs up while it is still being sent
        assert post(browser, "/sign-in", username="ana", password="x" * 2_000_000).status_code in {400, 413}
    assert browser.get("/sign-in").status_code == 200


@pytest.mark.parametrize(
    "username", ["nobody-has-this", "guest-1", "", "n\x00obody", "x" * 10_000, "<b>ana</b>", "'; --"]
)
def test_whatever_is_wrong_the_answer_is_the_same_and_shows_what_was_typed_as_text(server, username):
    answer = try_to_sign_in(server.browser(f"198.51.100.{len(username) % 250}"), username)
    assert answer.status_code == 401
    assert WRONG in answer.text
    assert "<b>" not in answer.text


def test_an_account_without_a_password_is_open_to_nobody(server):
    server.application.add_user("from.hub")
    for password in ("", "from.hub"):
        assert try_to_sign_in(server.browser("198.51.100.77"), "from.hub", password).status_code == 401


def test_a_password_keeps_its_spaces(server):
    server.application.add_user("spacious", password="  ten words  ")
    assert try_to_sign_in(server.browser(), "spacious", "  ten words  ").status_code == 303


def test_an_unknown_name_takes_the_time_of_a_wrong_password(server):
    spent = {"ben": [], "nobody": []}
    browser = server.browser("198.51.100.200")
    try_to_sign_in(browser, "warm-up", "wrong password")
    for _ in range(3):
        for name, times in spent.items():
            began = time.perf_counter()
            assert try_to_sign_in(browser, name, "wrong password").status_code == 401
            times.append(time.perf_counter() - began)
    known, unknown = (statistics.median(times) for times in spent.values())
    assert unknown > known / 3


def test_who_guesses_is_delayed_and_neither_the_owner_elsewhere_nor_their_own_browser_is(server):
    server.application.add_user("victim", password=PASSWORD)
    own = server.browser("203.0.113.50")
    assert try_to_sign_in(own, "victim").status_code == 303
    post(own, "/sign-out")
    thief = server.browser("203.0.113.50")
    answers = [try_to_sign_in(thief, "victim", "a guess") for _ in range(6)]
    assert [answer.status_code for answer in answers[:4]] == [401] * 4
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert "Too many tries in a row" in answers[-1].text
    assert try_to_sign_in(server.browser("203.0.113.51"), "victim").status_code == 303, "from elsewhere"
    assert try_to_sign_in(own, "victim").status_code == 303, "behind the same address, in the browser used before"


def test_a_header_that_no_proxy_wrote_is_not_believed(server):
    """The last address that is not a proxy of ours counts; what stands before it, anybody can have written."""
    answers = []
    for number in range(8):
        thief = server.browser(f"10.9.8.{number}, 203.0.113.99")
        answers.append(try_to_sign_in(thief, "ben", "a guess").status_code)
    assert 429 in answers
    assert try_to_sign_in(server.browser("10.9.8.1"), "ben").status_code == 303


def test_a_guest_looks_around_and_becomes_somebody_who_keeps_everything(server):
    browser = server.browser("203.0.113.60")
    assert "Continue as guest" in browser.get("/sign-in").text
    assert post(browser, "/guest").status_code == 303
    assert "Hello, Guest" in browser.get("/").text
    assert post(browser, "/guest").status_code == 403, "they are one already"
    code, _ = invitations.make(
        server.application.database, None, invitations.NewInvitation(), now=server.application.now()
    )
    before = server.application.users()
    from aralify_kernel.services.notices import VERSION

    made = post(
        browser, "/sign-up", invitation=code, username="cara", password=PASSWORD, agree="1", notice_version=VERSION
    )
    assert made.status_code == 303, made.text
    assert "Hello, cara" in browser.get("/").text
    assert len(server.application.users()) == len(before)


def test_guests_from_one_address_are_only_so_many(server):
    many, other = server.browser("203.0.113.80"), server.browser("203.0.113.81")
    later = server.application.now() + timedelta(hours=1)
    with server.application.database.write() as tx:
        login_attempts.put(tx, "ANY NAME", "203.0.113.80", FailedSignIns(throttle.AT_ONCE, later))
    for browser in (many, other):
        browser.get("/sign-in")
    answer = post(many, "/guest")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2")
    assert "too much at once" in answer.text
    asked = httpx.post(
        f"{server.url}/aralify/api/v1/session", json={"guest": True}, headers=dict(many.headers), trust_env=False
    )
    assert (asked.status_code, asked.json()["error"]["code"]) == (429, "too_many_tries")
    assert post(other, "/guest").status_code == 303


def test_every_answer_of_ours_keeps_to_itself(server):
    ana = server.browser_of("ana")
    for path in ("/", "/account", "/notice", "/sign-up", "/nothing-there", "/account/export"):
        headers = ana.get(path).headers
        assert "script-src" not in headers["Content-Security-Policy"], path
        assert headers["Content-Security-Policy"].startswith("default-src 'none'"), path
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "same-origin", path
        assert headers["Cache-Control"] == "no-store", path
        assert "Server" not in headers, path
    css = server.browser().get(re.search(r'href="([^"]+page\.css[^"]*)"', ana.get("/").text)[1])
    assert css.headers["Content-Type"].startswith("text/css")
    assert "immutable" in css.headers["Cache-Control"]


def test_the_language_is_the_browsers_until_one_is_chosen_and_then_stays(server):
    browser = server.browser()
    assert '<html lang="fil"' in browser.get("/sign-in", headers={"Accept-Language": "fil-PH,en;q=0.5"}).text
    assert '<html lang="en"' in browser.get("/sign-in").text
    assert post(browser, "/language", language="fil", next="/sign-up").headers["Location"] == "/sign-up"
    assert '<html lang="fil"' in browser.get("/nothing-there").text
    assert post(browser, "/language", language="xx").status_code == 400
    browser.cookies.set(cookies.LANGUAGE, '"><script>')
    assert '<html lang="en"' in browser.get("/sign-in").text


def test_a_language_chosen_by_somebody_who_is_signed_in_is_in_their_profile(server):
    mia = server.browser_of("mia")
    post(mia, "/language", language="fil")
    assert server.application.session_for("mia").profile().language == "fil"
    post(mia, "/language", language="en")


def test_who_is_signed_in_reads_their_own_language_whatever_was_chosen_in_this_browser_before(server):
    browser = server.browser()
    browser.get("/sign-in")
    post(browser, "/language", language="fil")
    post(browser, "/sign-in", username="mia", password=PASSWORD)
    session = server.application.session_for("mia")
    for chosen in ("en", "fil", "en"):  # as a dashboard or a notebook does
        session.update_profile(ProfileChange(language=chosen))
        assert f'<html lang="{chosen}"' in browser.get("/").text
    post(browser, "/sign-out")
    assert '<html lang="fil"' in browser.get("/sign-in").text


@pytest.mark.parametrize(
    "path", ["x", "lab", "lab/static", "lab/static/", "%2e%2e/static/x", "lab/static/%2e%2e/x", "lab/static/%00"]
)
def test_what_is_no_file_of_a_template_is_not_there(server, path):
    assert server.browser_of("ana").get(f"/voila/templates/{path}").status_code == 404


@pytest.mark.parametrize("path", ["/api/kernels", "/api/contents", "/api/terminals", "/voila/render/x.ipynb", "/lab"])
def test_what_is_not_in_the_table_is_not_there(server, path):
    answer = server.browser_of("root.admin").get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
