"""The background grader's conversations, over a real socket, with a grader that a test holds back."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Thread

import pytest

from aralify_kernel.domain.judging import Isolation, JudgeTask, Verdict
from aralify_kernel.errors import JudgeBusy, JudgeUnavailable, SourceRefused
from aralify_kernel.grading.pool import PooledGrader
from aralify_kernel.grading.shared import frames, plain, server
from aralify_kernel.grading.shared.client import SharedGrader
from aralify_kernel.grading.shared.places import Place, place_of
from aralify_kernel.grading.shared.server import Server
from tests.fakes import FakeGrader, GateGrader
from tests.grading.background import Background, wait_until
from tests.grading.conftest import checks_of

LONG = 1000.0


def an_answer(learner="ana", source="PASS"):
    return JudgeTask("python", (), (), source, checks_of("pass"), learner=learner)


@dataclass
class Running:
    """A server in a thread, and where it is reached."""

    thread: Thread
    pool: PooledGrader
    place: Place
    background: Background
    first: socket.socket
    """A connection that was there before the server began to look."""

    def client(self) -> SharedGrader:
        return SharedGrader(self.background.settings())

    def connection(self) -> socket.socket:
        return connection_to(self.place)


def connection_to(place: Place) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(30)
    connection.connect(str(place.socket))
    return connection


@pytest.fixture
def background(tmp_path):
    background = Background(tmp_path / "home")
    yield background
    background.clear()


@pytest.fixture
def serve(background):
    pools, threads, connections = [], [], []

    def start(grader, *, at_once=1, room=100, idle_seconds=LONG):
        place = place_of(background.settings())
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(place.socket))
        listener.listen()
        pools.append(PooledGrader(grader, at_once=at_once, room=room))
        one = Server(place, listener, pools[-1], idle_seconds)

        def run():
            with listener:
                one.serve()

        threads.append(Thread(target=run))
        connections.append(connection_to(place))
        threads[-1].start()
        return Running(threads[-1], pools[-1], place, background, connections[-1])

    yield start
    for connection in connections:
        connection.close()
    for pool in pools:
        pool.close()
    if place_of(background.settings()).socket.exists():
        with connection_to(place_of(background.settings())) as connection:
            frames.receive(connection)
            frames.send(connection, {"retire": True})
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def test_every_client_gets_its_own_judgement(serve):
    client = serve(FakeGrader(), at_once=4).client()
    sources = ["PASS", "RAISE", "LOOP", "no", "BROKEN"] * 20
    with ThreadPoolExecutor(20) as kernels:
        verdicts = list(kernels.map(lambda source: client.judge(an_answer(source=source)).verdict.name, sources))
    assert verdicts == ["PASSED", "ERROR", "TIMEOUT", "FAILED", "UNGRADED"] * 20
    assert client.isolation is Isolation.LIMITS


def test_the_learners_of_all_kernels_take_turns(serve):
    gate = GateGrader()
    running = serve(gate)
    client = running.client()
    with ThreadPoolExecutor(20) as kernels:
        anas = [kernels.submit(client.judge, an_answer("ana"))]
        gate.wait_for()
        anas += [kernels.submit(client.judge, an_answer("ana")) for _ in range(10)]
        ben = kernels.submit(client.judge, an_answer("ben"))
        wait_until(lambda: running.pool.waiting == 11)
        gate.open(20)
        assert {one.result(30).verdict for one in (*anas, ben)} == {Verdict.PASSED}
    assert gate.began.index("ben") <= 2


def test_a_client_that_goes_away_gives_up_its_place(serve):
    gate = GateGrader()
    running = serve(gate)
    first, gone = running.connection(), running.connection()
    for connection, learner in ((first, "ana"), (gone, "ben")):
        frames.receive(connection)
        frames.send(connection, {"judge": plain.as_data(an_answer(learner))})
        if connection is first:
            gate.wait_for()
    wait_until(lambda: running.pool.waiting == 1)
    gone.close()
    wait_until(lambda: running.pool.waiting == 0)
    gate.open(2)
    assert "judgement" in frames.receive(first)
    first.close()
    gate.open()
    assert running.client().judge(an_answer("cora")).verdict is Verdict.PASSED
    assert gate.began == ["ana", "cora"]


def test_who_waits_long_gets_signs_of_life(serve, monkeypatch):
    monkeypatch.setattr(server, "SIGN_OF_LIFE_SECONDS", 0.05)
    gate = GateGrader()
    with serve(gate).connection() as connection:
        frames.receive(connection)
        frames.send(connection, {"judge": plain.as_data(an_answer())})
        assert frames.receive(connection) == {"alive": True}
        assert frames.receive(connection) == {"alive": True}
        gate.open()
        while "alive" in (reply := frames.receive(connection)):
            pass
        assert reply["judgement"]["verdict"] == "PASSED"


def test_too_many_answers_are_told_that_the_grader_is_busy(serve):
    gate = GateGrader()
    client = serve(gate, room=1).client()
    with ThreadPoolExecutor(3) as kernels:
        running = kernels.submit(client.judge, an_answer())
        gate.wait_for()
        others = [kernels.submit(client.judge, an_answer()), kernels.submit(client.judge, an_answer())]
        wait_until(lambda: any(one.done() for one in others))
        gate.open(2)
        told = [one.exception(30) for one in others]
        assert sorted(type(one) for one in told if one) == [JudgeBusy]
        assert running.result(30).verdict is Verdict.PASSED


class Broken(FakeGrader):
    def judge(self, task):
        if task.source == "REFUSED":
            raise SourceRefused(reason="line {line} is no text.", line=2)
        raise ZeroDivisionError


def test_a_refusal_arrives_with_its_sentence_and_a_bug_as_unavailable(serve):
    client = serve(Broken()).client()
    with pytest.raises(SourceRefused, match=r"line 2 is no text\."):
        client.judge(an_answer(source="REFUSED"))
    with pytest.raises(JudgeUnavailable):
        client.judge(an_answer())


@pytest.mark.parametrize("sent", [b"\xff" * 100, b"\0\0\0\2{}", b'\0\0\0\x0c{"judge":{}}', b"GET / HTTP/1.1\r\n\r\n"])
def test_nonsense_ends_its_own_conversation_and_no_other(serve, sent):
    running = serve(FakeGrader())
    with running.connection() as connection:
        frames.receive(connection)
        connection.sendall(sent)
        with pytest.raises(OSError, match=r"ended|reset"):
            frames.receive(connection)
    assert running.client().judge(an_answer()).verdict is Verdict.PASSED


def test_without_work_it_ends_and_takes_its_socket_away(serve):
    running = serve(FakeGrader(), idle_seconds=0.05)
    running.first.close()
    running.thread.join(30)
    assert not running.thread.is_alive()
    assert not running.place.socket.exists()


def test_while_it_judges_it_is_not_idle(serve):
    gate = GateGrader()
    running = serve(gate, idle_seconds=0.01)
    frames.receive(running.first)
    frames.send(running.first, {"judge": plain.as_data(an_answer())})
    gate.wait_for()
    running.thread.join(0.2)
    assert running.thread.is_alive()
    gate.open()
    assert frames.receive(running.first)["judgement"]["verdict"] == "PASSED"
    running.thread.join(30)
    assert not running.thread.is_alive()


def test_whoever_connected_before_it_ended_is_still_answered(serve):
    running = serve(FakeGrader())
    running.first.close()
    with running.place.locked(), running.connection() as earlier:  # it cannot take its socket away yet
        frames.receive(earlier)
        frames.send(earlier, {"retire": True})
        with pytest.raises(OSError, match="ended"):
            frames.receive(earlier)
        late = running.connection()
    with late:
        frames.receive(late)
        frames.send(late, {"judge": plain.as_data(an_answer())})
        assert frames.receive(late)["judgement"]["verdict"] == "PASSED"
    running.thread.join(30)
    assert not running.thread.is_alive()
