"""What waits for the class server: on the disk, in order, whatever happens to the process that put it there."""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from aralify_kernel.client.queue import Queue
from aralify_kernel.domain.facts import ActivityKind
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import Submission
from aralify_kernel.errors import DiskFull, KeyConflict, WorkspaceUnusable
from aralify_kernel.i18n import sentence

LESSON = LessonRef.parse("python-basics/variables/easy")
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
SERVER = "https://school.example"


@pytest.fixture
def queue(tmp_path):
    return Queue(tmp_path, SERVER, "ana")


def answer(key, content="load = 50", kind=None):
    return Submission(LESSON, "first-load", content, key, kind)


def keys(queue):
    return [entry.answer.attempt_key for entry in queue.waiting()]


def files(tmp_path):
    return sorted(path.name for path in tmp_path.rglob("queue/*/*") if path.suffix != ".lock")


def test_an_answer_comes_back_from_the_disk_as_it_was_given_with_its_time(queue, tmp_path):
    given = answer("k", "print('ñ')\r\n", ActivityKind.EXERCISE)
    queue.keep(given, now=NOON)
    (entry,) = Queue(tmp_path, SERVER, "ana").waiting()
    assert entry.answer.submission == Submission(*[getattr(given, name) for name in Submission.__slots__[:5]], NOON)


def test_answers_wait_in_the_order_they_were_given_whatever_the_clock_says(queue):
    for number in range(12):
        queue.keep(answer(f"k{number}"), now=NOON - timedelta(hours=number))
    queue.remove(queue.waiting()[0])
    queue.keep(answer("last"), now=NOON)
    assert keys(queue) == [*(f"k{number}" for number in range(1, 12)), "last"]


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a home folder is its owner's by default")
def test_only_its_owner_can_read_what_waits(queue, tmp_path):
    queue.keep(answer("k"), now=NOON)
    (folder,) = (tmp_path / "queue").iterdir()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("server", "username"), [(SERVER, "ben"), ("https://other.example", "ana"), (SERVER, "../ana")]
)
def test_what_waits_is_one_person_s_for_one_server(queue, tmp_path, server, username):
    queue.keep(answer("k"), now=NOON)
    other = Queue(tmp_path, server, username)
    assert keys(other) == []
    other.keep(answer("theirs"), now=NOON)
    assert keys(queue) == ["k"]
    assert len(list((tmp_path / "queue").iterdir())) == 2


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"lesson": "a/b/easy"}', "\xff\xfe", '{"lesson": "no lesson"}'])
def test_a_damaged_file_is_set_aside_told_once_and_stands_in_nobody_s_way(queue, tmp_path, damage):
    for key in ("one", "two"):
        queue.keep(answer(key), now=NOON)
    first = queue.waiting()[0].path
    first.write_text(damage, encoding="latin-1")
    assert keys(queue) == ["two"]
    queue.keep(answer("three"), now=NOON)
    (refused,) = queue.told()
    assert "cannot be read any more" in str(refused.error)
    assert queue.told() == ()
    assert keys(queue) == ["two", "three"]
    assert f"{first.stem}.damaged.told" in files(tmp_path)


def test_a_refused_answer_is_kept_aside_with_its_reason_and_told_once_by_any_kernel(queue, tmp_path):
    for key in ("one", "two"):
        queue.keep(answer(key), now=NOON)
    queue.refuse(queue.waiting()[0], KeyConflict(attempt_key="one"))
    assert keys(queue) == ["two"]
    (refused,) = Queue(tmp_path, SERVER, "ana").told()
    assert (refused.lesson, refused.activity, refused.attempt_key, refused.kept_at) == (
        LESSON,
        "first-load",
        "one",
        NOON,
    )
    assert isinstance(refused.error, KeyConflict)
    assert sentence(refused.error, "fil") != sentence(refused.error, "en")
    assert queue.told() == ()
    (told,) = tmp_path.rglob("*.told")
    assert json.loads(told.read_bytes())["answer"]["content"] == "load = 50", "what the learner wrote is not lost"


def test_only_one_kernel_sends_at_a_time_and_the_others_may_keep(queue, tmp_path):
    other = Queue(tmp_path, SERVER, "ana")
    with queue.sending() as mine, other.sending() as theirs:
        assert (mine, theirs) == (True, False)
        other.keep(answer("k"), now=NOON)
    with other.sending() as theirs:
        assert theirs
        assert keys(other) == ["k"]


def test_two_kernels_that_keep_at_once_lose_nothing(tmp_path):
    def keep(kernel):
        queue = Queue(tmp_path, SERVER, "ana")
        for number in range(10):
            queue.keep(answer(f"{kernel}-{number}"), now=NOON)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(keep, range(4)))
    kept = keys(Queue(tmp_path, SERVER, "ana"))
    assert len(kept) == len(set(kept)) == 40
    for kernel in range(4):
        assert [key for key in kept if key.startswith(f"{kernel}-")] == [f"{kernel}-{number}" for number in range(10)]


@pytest.mark.parametrize(("number", "error"), [(errno.ENOSPC, DiskFull), (errno.EACCES, WorkspaceUnusable)])
def test_a_disk_that_takes_nothing_is_said_and_what_waits_is_left_alone(queue, tmp_path, monkeypatch, number, error):
    queue.keep(answer("one"), now=NOON)
    before = files(tmp_path)

    def full(_descriptor):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(error):
            queue.keep(answer("two"), now=NOON)
    assert keys(queue) == ["one"]
    queue.keep(answer("three"), now=NOON)
    assert keys(queue) == ["one", "three"]
    assert len(files(tmp_path)) == len(before) + 1, "nothing half written is left"


KEEPER = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from aralify_kernel.client.queue import Queue
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import Submission

def keep():
    queue = Queue(Path(sys.argv[1]), sys.argv[2], "ana")
    for number in range(100_000):
        queue.keep(Submission(LessonRef.parse("a/b/easy"), "x", "y" * 5000, str(number)), now=datetime.now(UTC))
        os.write(1, b"%d\\n" % number)
        for entry in queue.waiting()[:-3]:
            queue.remove(entry)

for _ in sys.stdin:  # a process for each line, forked because starting Python takes longer than the test
    if not (child := os.fork()):
        keep()
    os.write(1, b"child %d\\n" % child)
    os.waitpid(child, 0)
    os.write(1, b"dead\\n")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs an operating system that forks")
def test_a_kill_at_any_moment_loses_nothing_that_was_said_to_be_kept(tmp_path):
    command = [sys.executable, "-c", KEEPER, str(tmp_path), SERVER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as keeper:
        for killed_after in range(20):
            keeper.stdin.write("\n")
            child, said = 0, []
            while not child or len(said) <= killed_after % 4:
                child, said = heard(keeper.stdout.readline(), child, said)
            os.kill(child, signal.SIGKILL)
            while (line := keeper.stdout.readline()) != "dead\n":  # what it said, though it was not read before
                child, said = heard(line, child, said)
            queue = Queue(tmp_path, SERVER, "ana")
            last = int(said[-1])
            assert int(keys(queue)[-1]) in {last, last + 1}, "the last one, or one more that nobody heard of"
            assert all(entry.answer.content == "y" * 5000 for entry in queue.waiting()), "whole or not at all"
            assert queue.told() == ()
            queue.keep(answer("after"), now=NOON)
            assert not list(tmp_path.rglob("*.new")), "what was half written is gone"
            for entry in queue.waiting():
                queue.remove(entry)
        keeper.stdin.close()


def heard(line, child, said):
    """What is known of the child and of what it has kept, after another line."""
    return (int(line.split()[1]), said) if line.startswith("child") else (child, [*said, line])
