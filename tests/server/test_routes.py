"""Every route, asked by everybody who may come: a new route without a row here fails.

A row says with which request a route is tried, and what each visitor gets: a number is the status, `SIGN_IN` is being
sent to the sign-in page. The rows of REST's operations stand in their own table (`test_rest.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from unittest.mock import MagicMock

import pytest

from aralify_kernel.server import routes
from tests.servers import post

pytestmark = pytest.mark.slow

VISITORS = ("nobody", "guest", "learner", "other", "teacher", "elsewhere", "left", "admin")
NAMES = {
    "learner": "ana",
    "other": "ben",
    "teacher": "tess",
    "elsewhere": "elsa",
    "left": "leo",
    "admin": "root.admin",
}
"""`elsewhere` teaches another class, `left` taught and does not any more."""
FOR_TEACHERS = {"teacher": 200, "elsewhere": 200, "admin": 200}
SIGN_IN = "sent to the sign-in page"
KERNEL = "00000000-0000-4000-8000-000000000000"
ID = r"(?P<kernel_id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"


@dataclass(frozen=True)
class Row:
    """How a route is tried: `nobody` is what somebody gets who is not signed in, `others` everybody else."""

    path: str
    nobody: Any
    others: Any
    method: str = "GET"
    fields: dict[str, str] = field(default_factory=dict)
    but: dict[str, Any] = field(default_factory=dict)
    ends_sign_in: bool = False

    def expected(self, visitor):
        return self.but.get(visitor, self.nobody if visitor == "nobody" else self.others)


ROWS = {
    r"/aralify/health": Row("/aralify/health", 200, 200),
    r"/": Row("/", SIGN_IN, 200),
    r"/sign-in": Row("/sign-in", 200, 302),
    r"/sign-up": Row("/sign-up", 200, 200),
    r"/new-password": Row("/new-password", 200, 200),
    r"/join": Row("/join", SIGN_IN, 200),
    r"/guest": Row("/guest", 303, 403, "POST"),
    r"/sign-out": Row("/sign-out", 403, 303, "POST", ends_sign_in=True),
    r"/notice": Row("/notice", 200, 200),
    r"/language": Row("/language", 303, 303, "POST", {"language": "en"}),
    r"/account": Row("/account", SIGN_IN, 200),
    r"/account/export": Row("/account/export", 403, 401, "POST", {"password": "wrong password"}, {"guest": 200}),
    r"/account/erase": Row("/account/erase", 403, 401, "POST", {"username": "nobody"}),
    r"/account/end": Row("/account/end", 403, 303, "POST", {"id": "0"}),
    r"/aralify/page\.css": Row("/aralify/page.css", 200, 200),
    r"/aralify/api/v1/.*": Row("/aralify/api/v1/profile", 401, 200),
    r"/dashboards/my-progress": Row("/dashboards/my-progress", SIGN_IN, 200),
    r"/dashboards/classes": Row("/dashboards/classes", SIGN_IN, 403, but=FOR_TEACHERS),
    r"/dashboards/class": Row("/dashboards/class", SIGN_IN, 403, but=FOR_TEACHERS),
    rf"/api/kernels/{ID}": Row(f"/api/kernels/{KERNEL}", SIGN_IN, 404),
    rf"/api/kernels/{ID}/channels": Row(f"/api/kernels/{KERNEL}/channels", SIGN_IN, 404),
    rf"/voila/api/shutdown/{ID}": Row(f"/voila/api/shutdown/{KERNEL}", 403, 404, "POST"),
    r"/aralify/kernel/viewer": Row("/aralify/kernel/viewer", 404, 404),
    r"/voila/templates/(.*)": Row("/voila/templates/lab/static/nothing.css", SIGN_IN, 404),
    r"/voila/static/(.*)": Row("/voila/static/voila.js", SIGN_IN, 200),
    r"/voila/api/themes/(.*)": Row("/voila/api/themes/nothing.css", SIGN_IN, 404),
    r"/voila/labextensions/(.*)": Row("/voila/labextensions/nothing.js", SIGN_IN, 404),
    r"/.*": Row("/no/such/page", 404, 404),
}
PATTERNS = [route.pattern for route in routes.table(MagicMock(hub=None))]


@pytest.fixture(scope="module")
def visitor(server):
    """Return a function that gives the browser of a visitor."""
    browsers = {}

    def of(name):
        if name == "nobody" or name not in browsers:
            browsers[name] = _browser(server, name)
        return browsers[name]

    return of


def _browser(server, name):
    if name in NAMES:
        return server.browser_of(NAMES[name])
    browser = server.browser()
    browser.get("/notice")
    if name == "guest":
        post(browser, "/guest")
    return browser


def test_every_route_has_a_row_and_every_row_a_route():
    assert set(PATTERNS) == set(ROWS)


def test_under_a_hub_there_is_the_way_back_from_it_and_nothing_else_that_is_new():
    under_hub = {route.pattern for route in routes.table(MagicMock())}
    assert under_hub - set(ROWS) == {"/oauth_callback"}, "tried in test_hub.py"


@pytest.mark.parametrize("who", VISITORS)
@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_route_is_open_to_whom_it_is_for(server, visitor, pattern, who):
    row = ROWS[pattern]
    browser = _browser(server, who) if row.ends_sign_in else visitor(who)
    answer = browser.get(row.path) if row.method == "GET" else post(browser, row.path, **row.fields)
    sent = answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in?next=")
    assert (SIGN_IN if sent else answer.status_code) == row.expected(who)
