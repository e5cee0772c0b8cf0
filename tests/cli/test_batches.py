"""`aralify grade --batch`: a file of answers in, their verdicts out, in order, and on from where it stopped."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.fakes import FakeGrader

ROOT = Path(__file__).parents[2]
RIGHT, WRONG = "load = 50", "load = 5"


def a_line(number, source=RIGHT, exercise="first-load", lesson="variables/easy"):
    return {"id": number, "lesson": lesson, "exercise": exercise, "source": source}


@pytest.fixture
def batch(tmp_path):
    """Write a batch and return its path."""

    def write(lines, name="batch.jsonl"):
        path = tmp_path / name
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        return path

    return write


@pytest.fixture
def grade(aralify, python_basics, monkeypatch):
    monkeypatch.setenv("ARALIFY_JUDGE_TIME_LIMIT_SEC", "1")
    return lambda path, *more: aralify("grade", "--course", python_basics, "--batch", path, *more, "--json")


def verdicts(text):
    return [(line.get("id"), line["verdict"]) for line in map(json.loads, text.splitlines())]


def test_answers_are_judged_in_their_order_whatever_each_takes(grade, batch):
    sources = ["while True: pass", RIGHT, WRONG, "1 +", RIGHT]
    ran = grade(batch([a_line(number, source) for number, source in enumerate(sources)]))
    assert verdicts(ran.out) == [(0, "TIMEOUT"), (1, "PASSED"), (2, "FAILED"), (3, "ERROR"), (4, "PASSED")]
    assert json.loads(ran.out.splitlines()[1])["lesson"] == "python-basics/variables/easy"
    assert (ran.status, ran.err) == (0, "")


def test_any_value_can_be_an_id_and_none_is_needed(grade, batch):
    lines = [a_line(value) for value in ("ñ\ud800", None, [1, {"a": 2}])]
    del lines[1]["id"]
    judged = [json.loads(line) for line in grade(batch(lines)).out.splitlines()]
    assert [line.get("id", "none") for line in judged] == ["ñ\ud800", "none", [1, {"a": 2}]]


def test_an_answer_that_cannot_be_judged_says_why_and_the_others_are_judged(grade, batch):
    lines = [
        a_line(1),
        a_line(2, exercise="no-such"),
        a_line(3, lesson="no-such/easy"),
        a_line(4, lesson="nonsense"),
        a_line(5, source="load = '\0'"),
        a_line(6),
    ]
    ran = grade(batch(lines))
    judged = [json.loads(line) for line in ran.out.splitlines()]
    assert [line["verdict"] for line in judged] == ["PASSED", *["UNGRADED"] * 4, "PASSED"]
    for line, told in zip(judged[1:5], ("no-such", "no-such/easy", "nonsense", "NUL"), strict=True):
        assert told in line["problem"]
    assert (ran.status, ran.err) == (1, "")


@pytest.mark.parametrize(
    "bad",
    [b"not json", b"[]", b'{"lesson": "variables/easy", "exercise": "first-load"}', b'{"lesson": 1, "exercise": "x", '
     b'"source": ""}', b"\xff\xfe", b"[" * 100_000, b"\0", b"1" * 5000],
    ids=["no JSON", "no object", "no source", "a number", "no UTF-8", "nested too deeply", "NUL", "a long number"],
)  # fmt: skip
def test_a_malformed_line_is_told_with_its_number_and_the_others_are_judged(grade, tmp_path, bad):
    path = tmp_path / "batch.jsonl"
    path.write_bytes(json.dumps(a_line(1)).encode() + b"\n\n" + bad + b"\n" + json.dumps(a_line(2)).encode())
    ran = grade(path)
    first, told, last = map(json.loads, ran.out.splitlines())
    assert (first["verdict"], last["verdict"], ran.status, ran.err) == ("PASSED", "PASSED", 1, "")
    problem = "Line 3 must be one JSON object with the texts lesson, exercise and source."
    assert told == {"line": 3, "verdict": "UNGRADED", "problem": problem}


def test_a_malformed_line_keeps_its_id_and_a_number_is_no_source(grade, batch, tmp_path):
    lines = [a_line("a", source=5), {"id": "b"}, a_line("c")]
    output = tmp_path / "verdicts.jsonl"
    assert grade(batch(lines[:2]), "--output", output).status == 1
    assert grade(batch(lines), "--output", output).status == 1, "and goes on after them"
    assert verdicts(output.read_text()) == [("a", "UNGRADED"), ("b", "UNGRADED"), ("c", "PASSED")]


def test_a_source_with_bytes_that_are_no_text_is_refused_by_the_grader(grade, tmp_path):
    path = tmp_path / "batch.jsonl"
    path.write_bytes(json.dumps(a_line(1, source="load = '?'")).encode().replace(b"?", b"\xff"))
    ran = grade(path)
    assert (verdicts(ran.out), ran.status) == ([(1, "UNGRADED")], 1)


def test_an_answer_that_the_grader_could_not_judge_makes_the_batch_incomplete(grade, batch, monkeypatch):
    monkeypatch.setattr("aralify_kernel.grading.open_grader", lambda _: FakeGrader())
    ran = grade(batch([a_line(1, source="PASS"), a_line(2, source="BROKEN"), a_line(3, source="PASS")]))
    assert verdicts(ran.out) == [(1, "PASSED"), (2, "UNGRADED"), (3, "PASSED")]
    assert (ran.status, ran.err) == (1, "")


@pytest.mark.parametrize("more", [(), ("--output", "made.jsonl")])
def test_files_that_cannot_be_used_are_told_in_one_sentence(grade, batch, tmp_path, monkeypatch, more):
    monkeypatch.chdir(tmp_path)
    ran = grade(tmp_path / "nowhere.jsonl", *more)
    told = f"aralify: “{tmp_path}/nowhere.jsonl” cannot be read: No such file or directory.\n"
    assert (ran.status, ran.err) == (2, told)
    assert not Path("made.jsonl").exists()
    ran = grade(batch([a_line(1)]), "--output", tmp_path)
    assert (ran.status, ran.err) == (2, f"aralify: “{tmp_path}” cannot be written to: Is a directory.\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk is imitated with /dev/full (use Linux)")
def test_an_output_that_runs_full_is_told_in_one_sentence(grade, batch):
    ran = grade(batch([a_line(1)]), "--output", "/dev/full")
    assert (ran.status, ran.err) == (2, "aralify: “/dev/full” cannot be written to: No space left on device.\n")


@pytest.mark.skipif(sys.platform == "win32", reason="a named pipe is none of Windows (use Linux or macOS)")
def test_verdicts_can_go_into_a_pipe(grade, batch, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as threads:
        came = threads.submit(pipe.read_text)
        assert grade(batch([a_line(1)]), "--output", pipe).status == 0
        assert verdicts(came.result(30)) == [(1, "PASSED")]


def test_an_empty_batch_has_no_verdicts(grade, batch):
    ran = grade(batch([]))
    assert (ran.status, ran.out) == (0, "")


def test_a_byte_order_mark_and_crlf_are_no_part_of_the_answers(grade, tmp_path):
    path = tmp_path / "batch.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(a_line(1)).encode() + b"\r\n")
    assert verdicts(grade(path).out) == [(1, "PASSED")]


def test_what_the_output_holds_is_kept_and_the_rest_is_judged(grade, batch, tmp_path):
    lines = [a_line(number, RIGHT if number % 2 else WRONG) for number in range(6)]
    output = tmp_path / "verdicts.jsonl"
    assert grade(batch(lines[:3]), "--output", output).status == 0
    kept = output.read_bytes()
    with output.open("ab") as file:
        file.write(b'{"id": 3, "lesson": "python-bas')  # the power went off here
    ran = grade(batch(lines), "--output", output)
    assert (ran.status, ran.out) == (0, "")
    assert output.read_bytes().startswith(kept)
    assert verdicts(output.read_text()) == [(n, "PASSED" if n % 2 else "FAILED") for n in range(6)]
    whole = output.read_bytes()
    assert grade(batch(lines), "--output", output).status == 0
    assert output.read_bytes() == whole, "a batch that is finished is left as it is"


def test_what_could_not_be_judged_earlier_still_counts(grade, batch, tmp_path):
    output = tmp_path / "verdicts.jsonl"
    lines = [a_line(1, exercise="no-such"), a_line(2)]
    assert grade(batch(lines[:1]), "--output", output).status == 1
    assert grade(batch(lines), "--output", output).status == 1


@pytest.mark.parametrize(
    ("held", "line"),
    [
        (b'{"id": 9, "lesson": "python-basics/variables/easy", "exercise": "first-load", "verdict": "PASSED"}\n', 1),
        (b'{"id": 1, "lesson": "python-basics/loops/easy", "exercise": "first-load", "verdict": "PASSED"}\n', 1),
        (b'{"id": 1, "lesson": "python-basics/variables/easy", "exercise": "other", "verdict": "PASSED"}\n', 1),
        (b'{"id": 1, "lesson": "python-basics/variables/easy", "exercise": "first-load"}\n', 1),
        (b"my thesis\n", 1),
        (b'{"id": 1, "lesson": "python-basics/variables/easy", "exercise": "first-load", "verdict": "PASSED"}\n' * 2, 2),
    ],
    ids=["another id", "another lesson", "another exercise", "no verdict", "no JSON", "more than the batch"],
)  # fmt: skip
def test_an_output_that_holds_something_else_is_left_alone(grade, batch, tmp_path, held, line):
    output = tmp_path / "verdicts.jsonl"
    output.write_bytes(held + b"unfinished")
    ran = grade(batch([a_line(1)]), "--output", output)
    assert ran.status == 2
    assert ran.err.startswith(f"aralify: Line {line} of “{output}” is no verdict of this batch")
    assert output.read_bytes() == held + b"unfinished"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--batch", "x"),
        ("--course", ".", "--batch", "x", "--lesson", "a/easy"),
        ("--course", ".", "--output", "x"),
        ("--course", ".", "--output", "x", "--lesson", "a/easy"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(aralify, arguments):
    assert aralify("grade", *arguments).status == 2


def start(path, output, course, **options):
    command = [sys.executable, "-m", "aralify_kernel", "grade", "--course", course, "--batch", path, "--output", output]
    return subprocess.Popen(list(map(str, command)), cwd=ROOT, **options)


def count(output):
    return output.read_bytes().count(b"\n") if output.exists() else 0


def wait_for(output, lines):
    end = time.monotonic() + 120
    while count(output) < lines:
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.slow
def test_a_batch_of_two_hundred_is_interrupted_and_killed_and_ends_as_if_it_was_not(batch, tmp_path, python_basics):
    lines = [a_line(n, RIGHT if n % 3 else WRONG) for n in range(200)]
    path, output = batch(lines), tmp_path / "verdicts.jsonl"
    interrupted = start(path, output, python_basics, stderr=subprocess.PIPE)
    wait_for(output, 10)
    interrupted.send_signal(signal.SIGINT)
    _, told = interrupted.communicate(timeout=60)
    assert (interrupted.returncode, told.decode().strip()) == (1, "aralify: Stopped.")
    assert 10 <= count(output) < 200
    killed = start(path, output, python_basics)
    wait_for(output, count(output) + 10)
    killed.kill()
    killed.wait()
    assert 20 <= count(output) < 200
    assert start(path, output, python_basics).wait(timeout=200) == 0
    assert verdicts(output.read_text()) == [(n, "PASSED" if n % 3 else "FAILED") for n in range(200)]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a terminal is imitated with a pty (use Linux or macOS)")
def test_progress_is_shown_on_a_terminal(batch, tmp_path, python_basics):
    ours, theirs = pty.openpty()
    ran = start(batch([a_line(1), a_line(2)]), tmp_path / "verdicts.jsonl", python_basics, stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:  # how Linux says that the other side is closed
        pass
    os.close(ours)
    assert ran.wait(timeout=60) == 0
    assert b"Judging" in shown
    assert b"/2" in shown
