"""A class server that goes away and comes back: a lesson goes on, and every answer arrives once."""

from __future__ import annotations

import itertools
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from aralify_kernel.client import connection as connection_module
from aralify_kernel.client.connection import Connection
from aralify_kernel.client.courier import Courier
from aralify_kernel.client.http_session import Here, HttpSession
from aralify_kernel.client.queue import Queue
from aralify_kernel.domain.content import Quiz
from aralify_kernel.domain.kept_answers import KeptAnswer, WhyKept
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import Submission
from aralify_kernel.errors import EmptyAnswer, KeyConflict, NotSignedIn, ServerUnreachable, UnchangedStarter
from aralify_kernel.services.sign_in_file import SignInFile
from tests.client.lines import line_to
from tests.client.sides import PASSWORD

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("class-server-client")]

EASY = LessonRef.parse("python-basics/variables/easy")
NUMBERS = itertools.count()
MEDIUM = LessonRef.parse("python-basics/variables/medium")


@dataclass
class Computer:
    """A learner's computer: what its kernels share, and the line to the server."""

    folder: Path
    url: str
    clock: object

    def kernel(self) -> HttpSession:
        """A kernel that has just been started."""
        here = Here(self.folder, self.clock, "Asia/Manila", lambda *_: None)
        return HttpSession(Connection(self.url), SignInFile(self.folder / "session.json"), here)


@pytest.fixture
def server(class_server):
    return class_server


@pytest.fixture
def line(server):
    with line_to(server.port) as one:
        yield one


@pytest.fixture
def computer(tmp_path, line, server):
    return Computer(tmp_path, line.url, server.application.now)


@pytest.fixture
def people(server):
    """Makes accounts with names that nobody had before."""

    def make():
        name = f"person-{next(NUMBERS)}"
        server.application.add_user(name, password=PASSWORD, timezone="Asia/Manila")
        return name

    return make


@pytest.fixture
def ana(computer, people, monkeypatch):
    """Ana in a kernel with a lesson open; the background does nothing by itself."""
    monkeypatch.setattr(Courier, "wake", lambda _self: None)
    session = computer.kernel()
    session.sign_in(people(), PASSWORD)
    session.open_lesson(EASY)
    yield session
    session.close()


def quiz_of(session):
    return next(one for one in session.lesson(EASY).content.activities if isinstance(one, Quiz))


def options(session):
    return [option.id for option in quiz_of(session).options]


def give(session, key, which=0):
    """Answer the quiz of the lesson with one of its choices: judged by the server as an exercise is, and sooner."""
    return session.submit(Submission(EASY, quiz_of(session).id, options(session)[which], key))


def attempts(server, user):
    """Return the keys of somebody's attempts in the order of their rows, read past Aralify."""
    with closing(sqlite3.connect(server.folder / "home" / "aralify.sqlite3")) as database:
        rows = database.execute(
            "SELECT attempt_key FROM attempts JOIN users ON users.id = user_id WHERE username = ? ORDER BY attempts.id",
            (user,),
        )
        return [key for (key,) in rows]


def test_an_open_lesson_goes_on_in_a_kernel_that_starts_while_the_server_is_away(ana, line, computer):
    courses, lesson, profile = ana.courses(), ana.lesson(EASY), ana.profile()
    line.cut()
    restarted = computer.kernel()
    assert restarted.user == profile.username
    assert (restarted.courses(), restarted.profile()) == (courses, profile)
    assert restarted.open_lesson(EASY) == restarted.lesson(EASY) == lesson
    kept = give(restarted, "k")
    assert isinstance(kept, KeptAnswer)
    assert (kept.waiting, kept.why, kept.attempt_key) == (1, WhyKept.UNREACHABLE, "k")
    for call in (lambda: restarted.lesson(MEDIUM), lambda: restarted.next_hint(EASY, "first-load"), restarted.progress):
        with pytest.raises(ServerUnreachable):
            call()
    restarted.close()


def test_what_was_kept_arrives_once_in_order_before_what_comes_after_it(ana, line, server):
    line.cut()
    assert [give(ana, key, which).waiting for key, which in (("1", 0), ("2", 1), ("3", 0))] == [1, 2, 3]
    assert attempts(server, ana.user) == []
    line.mend()
    delivery = ana.send_kept()
    assert [result.attempt_key for result in delivery.judged] == ["1", "2", "3"]
    assert (delivery.waiting, delivery.why) == ((), None)
    line.cut()
    give(ana, "4")
    line.mend()
    assert give(ana, "5", 1).waiting == 2, "behind what waits, as long as nobody knows that the server is back"
    assert len(ana.send_kept().judged) == 2
    assert give(ana, "6").attempt_key == "6"
    assert attempts(server, ana.user) == ["1", "2", "3", "4", "5", "6"]


def test_what_is_no_try_is_none_while_the_server_is_away_either(ana, line):
    starter = next(iter(ana.lesson(EASY).starters["first-load"]))
    line.cut()
    for source, told in ((starter, UnchangedStarter), ("", EmptyAnswer)):
        with pytest.raises(told):
            ana.submit(Submission(EASY, "first-load", source, "k"))
    assert ana.send_kept().waiting == ()


def test_an_answer_whose_result_got_lost_on_the_way_back_is_recorded_once(ana, line, server):
    line.loses = lambda request: "/submit" in request
    assert isinstance(give(ana, "k"), KeptAnswer)
    assert attempts(server, ana.user) == ["k"], "the server has it, and nobody here knows"
    line.mend()
    (result,) = ana.send_kept().judged
    assert result.repeated
    assert attempts(server, ana.user) == ["k"]


def test_a_key_that_was_used_otherwise_is_told_and_the_rest_arrives(ana, line, server):
    give(ana, "used")
    line.cut()
    give(ana, "used", 1)
    give(ana, "fresh")
    line.mend()
    delivery = ana.send_kept()
    assert [type(refused.error) for refused in delivery.refused] == [KeyConflict]
    assert attempts(server, ana.user) == ["used", "fresh"]


def test_an_answer_stays_for_its_owner_when_somebody_else_signs_in(ana, line, server, people):
    owner, other = ana.user, people()
    line.cut()
    give(ana, "owner's")
    line.mend()
    ana.sign_out()
    with pytest.raises(NotSignedIn):
        ana.send_kept()
    ana.sign_in(other, PASSWORD)
    ana.open_lesson(EASY)
    give(ana, "other's")
    assert (attempts(server, owner), attempts(server, other)) == ([], ["other's"])
    ana.sign_in(owner, PASSWORD)
    ana.send_kept()
    assert attempts(server, owner) == ["owner's"]


def test_a_sign_in_that_has_ended_keeps_what_waits_until_its_owner_is_back(ana, line, server):
    owner = ana.user
    line.cut()
    give(ana, "1")
    line.mend()
    server.application.set_password(owner, "isa pang password")
    assert ana.send_kept().why is WhyKept.SIGNED_OUT
    assert ana.user is None, "so that the welcome screen asks who is there"
    with pytest.raises(NotSignedIn):
        give(ana, "2")
    ana.sign_in(owner, "isa pang password")
    assert [result.attempt_key for result in ana.send_kept().judged] == ["1"]


def test_a_client_that_is_too_old_keeps_its_answers_and_is_told_to_update(ana, computer, server, monkeypatch):
    monkeypatch.setattr(connection_module, "API", 99)
    older = computer.kernel()
    kept = older.submit(Submission(EASY, quiz_of(ana).id, options(ana)[0], "k"))
    assert kept.why is WhyKept.OUTDATED
    monkeypatch.undo()
    monkeypatch.setattr(Courier, "wake", lambda _self: None)
    updated = computer.kernel()
    assert [result.attempt_key for result in updated.send_kept().judged] == ["k"]
    older.close()
    updated.close()


def test_what_a_guest_left_waiting_goes_with_the_account_that_the_guest_gets(computer, line, server, monkeypatch):
    monkeypatch.setattr(Courier, "wake", lambda _self: None)
    session = computer.kernel()
    guest = session.continue_as_guest("en").username
    session.open_lesson(EASY)
    line.cut()
    give(session, "guest's")
    before = Queue(computer.folder, line.url, guest)
    after = Queue(computer.folder, line.url, "new")
    before.hand_over(after)
    assert before.waiting() == []
    assert [entry.answer.attempt_key for entry in after.waiting()] == ["guest's"]
    session.close()


def test_two_kernels_that_send_at_once_send_everything_once(ana, line, server, computer):
    line.cut()
    for number in range(10):
        give(ana, f"{number:02}", number % 2)
    line.mend()
    kernels = [computer.kernel() for _ in range(3)]
    threads = [threading.Thread(target=kernel.send_kept) for kernel in kernels]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert attempts(server, ana.user) == [f"{number:02}" for number in range(10)]
    for kernel in kernels:
        kernel.close()


SENDER = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from aralify_kernel.client.connection import Connection
from aralify_kernel.client.http_session import Here, HttpSession
from aralify_kernel.services.sign_in_file import SignInFile

folder, url = Path(sys.argv[1]), sys.argv[2]
for _ in sys.stdin:
    if not (child := os.fork()):
        here = Here(folder, lambda: datetime.now(UTC), "Asia/Manila", lambda *_: None)
        HttpSession(Connection(url), SignInFile(folder / "session.json"), here).send_kept()
        os._exit(0)
    os.write(1, b"%d\\n" % child)
    os.waitpid(child, 0)
    os.write(1, b"dead\\n")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs an operating system that forks")
def test_a_kernel_killed_while_it_sends_loses_nothing_and_sends_nothing_twice(ana, line, server, computer):
    queue = Queue(computer.folder, line.url, ana.user)
    answered, kill_at = threading.Event(), 0
    passed = []

    def watch(request):
        if "/submit" in request:
            passed.append(request)
            if len(passed) > kill_at:
                answered.set()
        return False

    line.loses = watch
    quiz, content, expected = quiz_of(ana).id, options(ana)[0], []
    command = [sys.executable, "-c", SENDER, str(computer.folder), line.url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as sender:
        for number in range(20):
            for place in range(2):
                expected.append(f"{number:02}-{place}")
                queue.keep(Submission(EASY, quiz, content, expected[-1]), now=server.application.now())
            passed.clear()
            answered.clear()
            kill_at = number % 2
            sender.stdin.write("\n")
            child = int(sender.stdout.readline())
            assert answered.wait(60)
            os.kill(child, signal.SIGKILL)
            assert sender.stdout.readline() == "dead\n"
        sender.stdin.close()
    end = time.monotonic() + 120
    while (delivery := ana.send_kept()).waiting and time.monotonic() < end:
        assert delivery.why in {WhyKept.BUSY, WhyKept.BEHIND}, "so many at once are too much for a server"
    assert attempts(server, ana.user) == expected
    assert queue.told() == ()
