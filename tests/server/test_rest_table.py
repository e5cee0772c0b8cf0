"""The REST interface without a server: its table, its document, its limits, and what becomes of errors."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from http import HTTPStatus

import pytest

from aralify_kernel import errors
from aralify_kernel.errors import ClientOutdated, DatabaseUnusable, ServerBusy, StoreError, TooManyRequests
from aralify_kernel.server.lanes import Lane
from aralify_kernel.server.rest import statuses
from aralify_kernel.server.rest.limits import Buckets, Limit
from aralify_kernel.server.rest.openapi import document
from aralify_kernel.server.rest.revisions import require_understood
from aralify_kernel.server.rest.table import OPERATIONS
from aralify_kernel.services.sign_ins import SCOPES
from tests.server.loops import run
from tests.test_errors import ALL

NOW = dt.datetime(2026, 6, 8, 7, tzinfo=dt.UTC)
ONLY_HERE = {
    errors.CourseInvalid, errors.NotebookInvalid, errors.AccountError, errors.LessonError, errors.RequestError,
    errors.ServerFailed, errors.AralifyError,
}  # fmt: skip
"""Errors that no request ends in, their parents, and the one that is a mistake of ours."""


def test_no_two_operations_answer_the_same():
    keys = [(operation.method, operation.path) for operation in OPERATIONS]
    assert len(set(keys)) == len(keys)


def test_every_scope_is_one_and_is_needed_somewhere():
    assert {operation.scope for operation in OPERATIONS} == {None, *SCOPES}


@pytest.mark.parametrize("error", [cls for cls in ALL if cls not in ONLY_HERE], ids=lambda cls: cls.__name__)
def test_every_error_that_a_person_can_mend_has_a_status_that_says_so(error):
    assert statuses.status_of(error) is not HTTPStatus.INTERNAL_SERVER_ERROR


def test_of_the_database_nobody_is_told_where_it_is():
    told = statuses.told(DatabaseUnusable(location="/srv/aralify.sqlite3", reason="no"))
    assert type(told) is StoreError
    assert told.details == {}


def test_the_document_lists_every_operation_with_every_status_that_it_may_have():
    paths = document(OPERATIONS)["paths"]
    for operation in OPERATIONS:
        described = paths[operation.path][operation.method.lower()]
        expected = {str(statuses.status_of(error).value) for error in operation.refusals}
        expected |= {str(status.value) for status in operation.statuses}
        assert expected <= described["responses"].keys()
        assert bool(operation.scope) == ("security" in described)


@pytest.mark.parametrize(("said", "newest"), [(None, 4), ("3", 4), ("4", 4), ("1", 1)])
def test_a_server_understands_its_own_revision_and_the_one_before(said, newest):
    require_understood(said, newest=newest)


@pytest.mark.parametrize(("said", "newest"), [("2", 4), ("5", 4), ("0", 1), ("", 4), ("4.0", 4), ("٤", 4)])
def test_a_server_understands_no_other_revision(said, newest):
    with pytest.raises(ClientOutdated) as refused:
        require_understood(said, newest=newest)
    assert refused.value.details["newest"] == newest


def test_a_bucket_lets_so_many_through_at_once_and_then_so_many_a_second():
    buckets = Buckets(Limit(at_once=3, per_second=0.5))
    for _ in range(3):
        buckets.take("ana", NOW)
    with pytest.raises(TooManyRequests) as refused:
        buckets.take("ana", NOW)
    assert refused.value.details == {"seconds": 2}
    buckets.take("ana", NOW + dt.timedelta(seconds=2))
    with pytest.raises(TooManyRequests):
        buckets.take("ana", NOW + dt.timedelta(seconds=2))


def test_what_one_takes_is_not_missing_to_another_and_a_clock_put_back_gives_nothing():
    buckets = Buckets(Limit(at_once=1, per_second=1))
    buckets.take("ana", NOW)
    buckets.take("ben", NOW)
    for moment in (NOW - dt.timedelta(hours=1), NOW - dt.timedelta(minutes=59, seconds=59.5)):
        with pytest.raises(TooManyRequests):
            buckets.take("ana", moment)


def test_a_lane_takes_as_much_as_it_has_room_for_and_no_more():
    async def fill() -> list[object]:
        lane, go_on = Lane("test", threads=1, room=1), threading.Event()
        first, second = (asyncio.ensure_future(lane.run(go_on.wait)) for _ in range(2))
        await asyncio.sleep(0)
        with pytest.raises(ServerBusy):
            await lane.run(go_on.wait)
        go_on.set()
        return [await first, await second, await lane.run(go_on.is_set)]

    assert run(fill()) == [True, True, True]


def test_nobody_has_more_than_their_share_of_a_lane_however_empty_it_is():
    async def fill() -> list[object]:
        lane, go_on = Lane("test", threads=1, room=9, each=2), threading.Event()
        running = [asyncio.ensure_future(lane.run(go_on.wait, whose)) for whose in ("ana", "ana", "ben", None)]
        await asyncio.sleep(0)
        with pytest.raises(ServerBusy):
            await lane.run(go_on.wait, "ana")
        go_on.set()
        return [*[await each for each in running], await lane.run(go_on.is_set, "ana")]

    assert run(fill()) == [True] * 5
