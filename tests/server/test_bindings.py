"""Who looks at which kernel: decided once, asked for by a random key."""

from __future__ import annotations

import asyncio
import re
from unittest.mock import AsyncMock, MagicMock

import pytest
from tornado.web import HTTPError

from aralify_kernel.server.dashboards import Dashboard
from aralify_kernel.server.kernels.bindings import Bindings, UnknownKey, Viewer
from aralify_kernel.server.kernels.manager import NoRoom
from tests.server.loops import running_loop

ANA, BEN = Viewer("ana", "a-token"), Viewer("ben", "another-token")
NOW, SOON = 0, 30
READ = frozenset({"read"})


@pytest.fixture(scope="module")
def run():
    with running_loop() as run:
        yield run


@pytest.fixture
def bindings() -> Bindings:
    return Bindings()


def test_a_kernel_has_the_viewer_it_was_bound_to_and_no_other(run, bindings):
    key = bindings.issue("kernel", READ)
    bindings.bind("kernel", ANA)
    with pytest.raises(RuntimeError):
        bindings.bind("kernel", BEN)
    assert bindings.viewer_of("kernel") == ANA
    assert run(bindings.viewer_with(key, NOW)) == ANA
    assert bindings.is_viewer("kernel", "ana")
    assert not bindings.is_viewer("kernel", "ben")


def test_nobody_looks_at_a_kernel_that_was_not_bound_or_does_not_exist(run, bindings):
    key = bindings.issue("preheated", READ)
    assert bindings.viewer_of("preheated") is None
    assert bindings.viewer_of("no-such-kernel") is None
    assert not bindings.is_viewer("preheated", "ana")
    assert run(bindings.viewer_with(key, NOW)) is None
    with pytest.raises(KeyError):
        bindings.bind("no-such-kernel", ANA)


def test_a_kernel_that_waits_is_told_when_it_is_bound(run, bindings):
    key = bindings.issue("kernel", READ)

    async def wait_and_bind() -> Viewer | None:
        waiting = asyncio.create_task(bindings.viewer_with(key, SOON))
        await asyncio.sleep(0)
        bindings.bind("kernel", ANA)
        return await waiting

    assert run(wait_and_bind()) == ANA


def test_the_key_of_a_kernel_that_ended_opens_nothing(run, bindings):
    key = bindings.issue("kernel", READ)
    bindings.bind("kernel", ANA)
    bindings.forget("kernel")
    with pytest.raises(UnknownKey):
        run(bindings.viewer_with(key, NOW))
    assert bindings.kernels_of("ana") == []


def test_a_kernel_that_ends_while_it_waits_is_told_nothing(run, bindings):
    key = bindings.issue("kernel", READ)

    async def wait_and_end() -> None:
        waiting = asyncio.create_task(bindings.viewer_with(key, SOON))
        await asyncio.sleep(0)
        bindings.forget("kernel")
        await waiting

    with pytest.raises(UnknownKey):
        run(wait_and_end())


@pytest.mark.parametrize("key", ["", "k", "é", "0" * 43])
def test_a_key_that_was_not_issued_is_none(run, bindings, key):
    bindings.issue("kernel", READ)
    with pytest.raises(UnknownKey):
        run(bindings.viewer_with(key, NOW))


def test_keys_are_long_and_never_the_same(bindings):
    keys = {bindings.issue(str(number), READ) for number in range(100)}
    assert len(keys) == 100
    assert all(re.fullmatch(r"[\w-]{43}", key) for key in keys)


def test_a_token_is_not_told_where_a_viewer_is_printed():
    assert "a-token" not in repr(ANA)


def test_who_finds_no_room_for_their_page_is_told_that_the_server_is_busy(run):
    asked = MagicMock()
    asked.settings.__getitem__.return_value.open = AsyncMock(side_effect=NoRoom)
    with pytest.raises(HTTPError) as refused:
        run(Dashboard.get(asked))
    assert refused.value.status_code == 503
