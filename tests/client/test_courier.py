"""What becomes of kept answers: which go out, which stay, which are refused, and in which order."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from http import HTTPStatus
from types import SimpleNamespace

import pytest

from aralify_kernel.client import courier as courier_module
from aralify_kernel.client.courier import Courier, why_kept
from aralify_kernel.domain.kept_answers import WhyKept
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import Submission
from aralify_kernel.domain.sign_ins import SharedSignIn
from aralify_kernel.errors import (
    ClientOutdated,
    DatabaseBusy,
    HubUnreachable,
    JudgeBusy,
    KeyConflict,
    LevelLocked,
    NotFound,
    NotSignedIn,
    ScopeMissing,
    ServerBusy,
    ServerFailed,
    ServerUnreachable,
    SourceRefused,
    TooManyRequests,
    UnchangedStarter,
)
from aralify_kernel.server.rest.statuses import OF_ERRORS
from aralify_kernel.services.sign_in_file import HeldSignIn

LESSON = LessonRef.parse("python-basics/variables/easy")
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
ANA, BEN = SharedSignIn("a", "en", "ana"), SharedSignIn("b", "en", "ben")
AWAY = ServerUnreachable(server="https://school.example")


class Server:
    """Takes answers, but those for whose key there is an error."""

    server = "https://school.example"

    def __init__(self) -> None:
        self.refusals = {}
        self.arrived = []
        self.is_away = False
        self.has_all = threading.Event()

    def read(self, _kind, request, shared):
        answer = request.body
        if self.is_away:
            raise AWAY
        if answer.attempt_key in self.refusals:
            raise self.refusals[answer.attempt_key]
        self.arrived.append((shared.username, answer.attempt_key, answer.client_time))
        self.has_all.set()
        return SimpleNamespace(attempt_key=answer.attempt_key)

    def try_again(self):
        pass

    @property
    def keys(self):
        return [key for _, key, _ in self.arrived]


@pytest.fixture
def server():
    return Server()


@pytest.fixture
def courier(server, tmp_path, monkeypatch):
    """Ana's, without help from the background."""
    monkeypatch.setattr(Courier, "wake", lambda _self: None)
    return Courier(server, HeldSignIn(), tmp_path, lambda: NOON)


def answer(key, content=None, activity="area"):
    return Submission(LESSON, activity, content or f"code of {key}", key)


def keep(courier, *keys, shared=ANA):
    return [courier.keep(answer(key), shared, WhyKept.UNREACHABLE) for key in keys]


def waiting(courier, shared=ANA):
    return [entry.answer.attempt_key for entry in courier.queue(shared).waiting()]


def test_answers_go_out_in_their_order_with_the_time_they_were_given(courier, server):
    keep(courier, "1", "2", "3")
    assert courier.deliver(ANA) is None
    assert server.arrived == [("ana", key, NOON) for key in "123"]
    assert waiting(courier) == []
    news = courier.news(ANA, None)
    assert [result.attempt_key for result in news.judged] == ["1", "2", "3"]
    assert courier.news(ANA, None).judged == (), "told once"


def test_whatever_a_server_calls_unavailable_lets_an_answer_wait():
    later = [error for error, status in OF_ERRORS.items() if status is HTTPStatus.SERVICE_UNAVAILABLE]
    assert HubUnreachable in later
    assert all(why_kept(error(server="far")) for error in later)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (AWAY, WhyKept.UNREACHABLE),
        (ServerBusy(), WhyKept.BUSY),
        (JudgeBusy(), WhyKept.BUSY),
        (TooManyRequests(seconds=9), WhyKept.BUSY),
        (DatabaseBusy(), WhyKept.BUSY),
        (NotSignedIn(), WhyKept.SIGNED_OUT),
        (ScopeMissing(scope="submit"), WhyKept.SIGNED_OUT),
        (ClientOutdated(client="1", oldest=2, newest=3), WhyKept.OUTDATED),
    ],
)
def test_what_says_nothing_about_an_answer_lets_it_and_all_behind_it_wait(courier, server, error, why):
    keep(courier, "1", "2", "3")
    server.refusals["2"] = error
    assert courier.deliver(ANA) is why
    assert server.keys == ["1"]
    news = courier.news(ANA, why)
    assert (news.waiting, news.why, news.refused) == (("2", "3"), why, ())
    del server.refusals["2"]
    assert courier.deliver(ANA) is None
    assert server.keys == ["1", "2", "3"]


@pytest.mark.parametrize(
    "error",
    [
        KeyConflict(attempt_key="2"),
        LevelLocked(title={"en": "Loops"}, opens_after={"en": "Flow"}),
        NotFound(kind="lesson", name="x"),
        SourceRefused(reason="no."),
        UnchangedStarter(),
    ],
)
def test_what_the_server_does_not_take_is_taken_out_told_once_and_holds_nobody_up(courier, server, error):
    keep(courier, "1", "2", "3")
    server.refusals["2"] = error
    assert courier.deliver(ANA) is None
    assert server.keys == ["1", "3"]
    (refused,) = courier.news(ANA, None).refused
    assert (refused.attempt_key, type(refused.error), str(refused.error)) == ("2", type(error), str(error))
    assert courier.news(ANA, None).refused == ()


def test_an_answer_that_breaks_the_server_stays_and_holds_nobody_up(courier, server):
    keep(courier, "1", "2")
    server.refusals["1"] = ServerFailed()
    assert courier.deliver(ANA) is None
    assert (server.keys, waiting(courier)) == (["2"], ["1"])


def test_only_the_answers_of_whoever_is_signed_in_go_out(courier, server):
    keep(courier, "1")
    keep(courier, "2", shared=BEN)
    courier.deliver(BEN)
    assert server.arrived == [("ben", "2", NOON)]
    assert waiting(courier) == ["1"], "for Ana, when she is back"


def test_an_answer_that_waits_already_is_not_kept_twice_but_another_one_is(courier):
    (first,) = keep(courier, "1")
    again = courier.keep(answer("2", "code of 1"), ANA, WhyKept.BUSY)
    assert (again.attempt_key, again.waiting, again.why) == (first.attempt_key, 1, WhyKept.BUSY)
    courier.keep(answer("3", "something else"), ANA, WhyKept.BUSY)
    back = courier.keep(answer("4", "code of 1"), ANA, WhyKept.BUSY)
    assert (back.attempt_key, back.waiting) == ("4", 3)


def test_while_another_kernel_sends_nothing_is_sent_twice(courier, server, tmp_path):
    keep(courier, "1")
    with courier.queue(ANA).sending():
        assert courier.deliver(ANA, patience_sec=0) is WhyKept.BEHIND
    assert server.keys == []


def test_nobody_waits_for_a_long_row_of_earlier_answers(courier, server):
    keep(courier, "1", "2")
    assert courier.deliver(ANA, patience_sec=-1) is WhyKept.BEHIND
    assert waiting(courier) == ["1", "2"]


def test_what_is_kept_while_others_are_sent_goes_out_in_the_same_round(courier, server):
    keep(courier, "1")
    plain = server.read

    def read(kind, request, shared):
        if request.body.attempt_key == "1":
            keep(courier, "2")
        return plain(kind, request, shared)

    server.read = read
    courier.deliver(ANA)
    assert server.keys == ["1", "2"]


def test_it_goes_out_by_itself_when_the_server_is_back_and_the_thread_ends(server, tmp_path, monkeypatch):
    monkeypatch.setattr(courier_module, "PAUSES_SEC", (0.01, 0.02))
    holder = HeldSignIn()
    holder.write(ANA)
    courier = Courier(server, holder, tmp_path, lambda: NOON)
    server.is_away = True
    keep(courier, "1")
    server.is_away = False
    assert server.has_all.wait(30)
    thread = courier._thread
    if thread is not None:
        thread.join(30)
    assert waiting(courier) == []
    assert courier._thread is None
    keep(courier, "2")
    courier.close()
    assert courier._thread is None or not courier._thread.is_alive()
