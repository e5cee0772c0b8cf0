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
from tests.server.rest import EVERYTHING, Caller, code, signed_in

pytestmark = pytest.mark.slow

VISITORS = {"learner": "ana", "other": "ben", "teacher": "tess", "moderator": "mia", "admin": "root.admin"}
FOR_MODERATORS = dict.fromkeys(("guest", "learner", "other", "teacher"), 403)
FOR_ADMINS = FOR_MODERATORS | {"moderator": 403}
LESSON = "/lessons/{course}/{level}/{tier}"
NAMES = {"course": "python-basics", "level": "variables", "tier": "easy", "activity": "nothing", "username": "ben"}
NOTHING = {"activity": "nothing", "content": "1", "attempt_key": "never"}


@dataclass(frozen=True)
class Row:
    """What is sent, and what somebody gets, with exceptions."""

    status: int
    body: Any = None
    but: dict[str, int] = field(default_factory=dict)


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
    "GET /progress": Row(200),
    "GET /attempts": Row(200),
    "PATCH /users/{username}": Row(200, {"is_verified": True}, FOR_ADMINS),
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
    row, address = ROWS[key(operation)], operation.path.format(**NAMES)
    for who in ("guest", *VISITORS):
        answer = caller(who).ask(operation.method, address, row.body)
        assert answer.status_code == row.but.get(who, row.status), (who, answer.text)
        if answer.status_code == 403 and operation.scope:
            assert code(answer) == (403, "not_allowed")
    nobody = Caller(server).ask(operation.method, address, row.body)
    if operation.scope:
        assert code(nobody) == (401, "not_signed_in")
        assert nobody.headers["WWW-Authenticate"].startswith("Bearer")
    else:
        assert nobody.status_code == row.status
