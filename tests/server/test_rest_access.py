"""Every operation, asked by everybody who may come: a new operation without a row here fails.

A row says with what an operation is asked, and the status that somebody gets whose token is good for everything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from aralify_kernel.server.rest.table import OPERATIONS
from aralify_kernel.services import accounts
from tests.server.conftest import PASSWORD
from tests.server.rest import EVERYTHING, NAMES, Caller, code, signed_in

pytestmark = pytest.mark.slow

VISITORS = {
    "learner": "ana",
    "other": "ben",
    "teacher": "tess",
    "elsewhere": "elsa",
    "left": "leo",
    "moderator": "mia",
    "admin": "root.admin",
}
"""`elsewhere` teaches another class; `left` taught this one, and does not any more."""
FOR_MODERATORS = dict.fromkeys(("guest", "learner", "other", "teacher", "elsewhere", "left"), 403)
FOR_ADMINS = FOR_MODERATORS | {"moderator": 403}
NO_CLASS_OF_THEIRS = dict.fromkeys(("guest", "learner", "other", "elsewhere", "left", "moderator"), 404)
LESSON = "/lessons/{course}/{level}/{tier}"
CLASS, COURSE = "/classes/{class}", "/classes/{class}/courses/{course}"
TOPIC, MEMBER = "/classes/{class}/topics/{course}/{level}", "/classes/{class}/members/{username}"
NOTHING = {"activity": "nothing", "content": "1", "attempt_key": "never"}
NOTE = {"lesson": "python-basics/nothing/easy", "activity": "nothing", "signature": "x", "text": "Look at line 2."}
ROSTER = b"username\nana\n"


@dataclass(frozen=True)
class Row:
    """What is sent, and what somebody gets, with exceptions."""

    status: int
    body: Any = None
    but: dict[str, int] = field(default_factory=dict)
    username: str = "ben"
    query: str = ""


def of_class(status: int, body: Any = None, **more: Any) -> Row:
    """What its teacher and an ADMIN get; to everybody else the class is not there."""
    return Row(status, body, NO_CLASS_OF_THEIRS | more.pop("but", {}), **more)


ROWS = {
    "GET /notice": Row(200),
    "GET /openapi.json": Row(200),
    "POST /accounts": Row(
        403,
        {"username": "x1", "password": "x", "language": "en", "timezone": "UTC", "notice_version": "older"},
    ),
    "POST /session": Row(422, {"username": "ana", "password": "wrong horse", "scopes": ["everything"]}),
    "GET /session": Row(200),
    "DELETE /session": Row(204),
    "GET /profile": Row(200),
    "PATCH /profile": Row(200, {}),
    "PUT /profile/password": Row(422, {"old": "wrong horse", "new": "short"}),
    "POST /profile/export": Row(200, {"password": PASSWORD}),
    "POST /profile/erasure": Row(422, {"username": "nobody-here", "password": "wrong horse"}),
    "GET /courses": Row(200),
    "GET /courses/{course}": Row(200),
    "POST /courses/{course}/start": Row(200),
    "PUT /courses/{course}/publication": Row(200, {"is_published": True}, FOR_MODERATORS),
    f"GET {LESSON}": Row(200),
    f"POST {LESSON}/open": Row(200),
    f"POST {LESSON}/submit": Row(404, NOTHING),
    f"GET {LESSON}/results/{{activity}}": Row(404),
    f"POST {LESSON}/runs": Row(409),
    f"POST {LESSON}/hints": Row(404, {"exercise": "nothing"}),
    f"POST {LESSON}/answers": Row(404, {"quiz": "nothing"}),
    f"POST {LESSON}/questions": Row(409, {"activity": "nothing", "question": "Why?"}),
    "GET /memberships": Row(200),
    "POST /memberships": Row(404, {"code": "AAAA-AAAA"}),
    "GET /progress": Row(200),
    "GET /attempts": Row(200),
    "PATCH /users/{username}": Row(200, {"is_verified": True}, FOR_ADMINS),
    "GET /classes": Row(200),
    "POST /classes": Row(404, {"name": "Luna", "courses": ["no-such-course"]}, FOR_MODERATORS),
    f"PATCH {CLASS}": of_class(200, {"idle_days": 7}),
    f"POST {CLASS}/join_code": of_class(200),
    f"DELETE {CLASS}/join_code": of_class(200),
    f"GET {CLASS}/members": of_class(200),
    f"POST {CLASS}/members": of_class(200, {"role": "LEARNER", "usernames": ["ana"]}),
    f"DELETE {MEMBER}": of_class(200, username="lea", but={"admin": 404}),
    f"POST {MEMBER}/password_code": of_class(403, username="ana", but={"admin": 201}),
    f"POST {CLASS}/roster/preview": of_class(200, {"file": ROSTER}),
    f"POST {CLASS}/roster": of_class(200, {"file": ROSTER}),
    f"GET {CLASS}/topics": of_class(200),
    f"PUT {TOPIC}/due_date": of_class(204, {"due_at": None}),
    f"PUT {TOPIC}/extensions/{{username}}": of_class(204, {"due_at": "2026-01-01T00:00:00Z"}, username="ana"),
    f"POST {CLASS}/openings": of_class(200, {"topic": "python-basics/variables", "username": "ana"}),
    f"GET {CLASS}/marks": of_class(200),
    f"GET {COURSE}/needs_help": of_class(200),
    f"GET {COURSE}/failures": of_class(200),
    f"GET {COURSE}/matrix": of_class(200),
    f"GET {COURSE}/quality": of_class(200),
    f"GET {COURSE}/efforts": of_class(200),
    f"GET {COURSE}/weeks": of_class(200, query="?since=2026-06-01"),
    f"GET {COURSE}/learners/{{username}}": of_class(200, username="ana"),
    f"GET {CLASS}/learners/{{username}}{LESSON}": of_class(200, username="ana"),
    f"GET {CLASS}/attempts/{{attempt}}": of_class(404),
    f"POST {CLASS}/notes": of_class(404, NOTE),
    f"DELETE {CLASS}/notes/{{note}}": of_class(404),
    f"POST {CLASS}/questions/{{question}}/reply": of_class(404, {"text": "Look at line 2."}),
}


def key(operation) -> str:
    return f"{operation.method} {operation.path}"


@pytest.fixture(scope="module")
def caller(server):
    """Return a function that gives somebody with a new token."""
    application = server.application
    guest = accounts.add_guest(application.database, language="en", timezone="UTC", now=application.now())
    names = VISITORS | {"guest": guest.username}
    return lambda who: signed_in(server, names[who], *EVERYTHING)


def test_every_operation_has_a_row_and_every_row_an_operation():
    assert {key(operation) for operation in OPERATIONS} == set(ROWS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=key)
def test_an_operation_is_open_to_whom_it_is_for(server, caller, operation):
    row = ROWS[key(operation)]
    address = operation.path.format(**NAMES | {"username": row.username}) + row.query
    for who in ("guest", *VISITORS):
        answer = caller(who).ask(operation.method, address, row.body)
        assert answer.status_code == row.but.get(who, row.status), (who, answer.text)
        if row.but.get(who) == 403:
            assert code(answer) == (403, "not_allowed")
        if CLASS in operation.path:
            is_there = answer.status_code != 404 or answer.json()["error"]["details"]["kind"] != "class"
            assert is_there is (who not in NO_CLASS_OF_THEIRS), who
    nobody = Caller(server).ask(operation.method, address, row.body)
    if operation.scope:
        assert code(nobody) == (401, "not_signed_in")
        assert nobody.headers["WWW-Authenticate"].startswith("Bearer")
    else:
        assert nobody.status_code == row.status
