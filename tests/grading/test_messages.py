"""What a kernel and the background grader say to each other."""

from __future__ import annotations

import json
import socket
from dataclasses import fields

import pytest

from aralify_kernel.domain.content import Mistake, Rule
from aralify_kernel.domain.judging import CheckOutcome, Isolation, Judgement, JudgeTask, LearnerError, Verdict
from aralify_kernel.errors import JudgeBusy, JudgeUnavailable, SourceRefused
from aralify_kernel.grading.shared import frames, plain
from tests.grading.conftest import checks_of

TEXT = {"en": "no\ud800", "fil": "hindi ñ"}


@pytest.fixture
def line():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(10)
        yield ours, theirs


def sent(value):
    return json.loads(json.dumps(value))


def test_a_task_arrives_as_it_was_with_every_field():
    task = JudgeTask(
        language="python",
        context=("x = 1", "y"),
        own_names=("area",),
        source="a\0b\ud800",
        checks=checks_of("a", "hidden:b"),
        packages=("numpy",),
        files={"f": "eA=="},
        mode="same_process",
        has_classes=True,
        rules=(Rule("loop", True, TEXT),),
        mistakes=(Mistake("x = 2", "no"),),
        learner="ana",
        reference="a = 2",
    )
    untold = [field.name for field in fields(JudgeTask) if getattr(task, field.name) == field.default]
    assert untold == [], "this test knows every field"
    assert plain.task(sent(plain.as_data(task))) == task


@pytest.mark.parametrize("error", [None, LearnerError("NameError", "x", None, TEXT, {})])
def test_a_judgement_arrives_as_it_was_with_every_field(error):
    outcomes = (CheckOutcome(TEXT, True, False, 2), CheckOutcome({}, False, True, 1, TEXT, "f()", "1", None))
    judgement = Judgement(Verdict.ERROR, 2, 3, outcomes, Isolation.LANDLOCK, error, "out\n", "9f", 1.5)
    assert plain.judgement(sent(plain.as_data(judgement))) == judgement


@pytest.mark.parametrize("data", [{}, {"verdict": "WON"}, {"verdict": None}])
def test_what_is_no_judgement_is_none(data):
    with pytest.raises(ValueError, match=r"Judgement|Verdict"):
        plain.judgement(data)


@pytest.mark.parametrize(
    ("error", "arrives"),
    [
        (SourceRefused(reason="line {line} holds NUL", line=3), "This answer cannot be judged: line 3 holds NUL"),
        (JudgeBusy(), str(JudgeBusy())),
        (ZeroDivisionError("secret"), str(JudgeUnavailable())),
    ],
)
def test_an_error_arrives_as_the_sentence_it_was_and_a_bug_as_unavailable(error, arrives):
    assert str(plain.error(sent(plain.error_as_data(error)))) == arrives


def test_messages_arrive_one_by_one(line):
    ours, theirs = line
    messages = [{"a": "ñ\ud800"}, {}, {"b": [1, None]}]
    for message in messages:
        frames.send(ours, message)
    assert [frames.receive(theirs) for _ in messages] == messages


@pytest.mark.parametrize(
    "sent",
    [
        b"\xff\xff\xff\xff",
        b"\0\0\0\2[]",
        b"\0\0\0\3\xff{}",
        b"\0\1\0\0" + b"[" * 65536,
    ],
    ids=["too large", "no object", "no JSON", "nested too deeply"],
)
def test_what_is_no_message_is_refused(line, sent):
    ours, theirs = line
    ours.sendall(sent)
    with pytest.raises(frames.BadFrame):
        frames.receive(theirs)


def test_a_message_that_breaks_off_is_an_end(line):
    ours, theirs = line
    ours.sendall(b"\0\0\0\5{")
    ours.close()
    with pytest.raises(ConnectionResetError):
        frames.receive(theirs)


def test_a_message_that_nobody_would_read_is_not_sent(line, monkeypatch):
    monkeypatch.setattr(frames, "MAX_BYTES", 10)
    with pytest.raises(frames.BadFrame):
        frames.send(line[0], {"judge": "too much"})
