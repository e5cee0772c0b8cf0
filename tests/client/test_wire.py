"""The wire: every value of the protocol arrives as it was sent, and nothing else is taken for one."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import inspect
import json
import types
from collections.abc import Mapping
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aralify_kernel.client import class_messages, messages, wire
from aralify_kernel.domain import content, session
from aralify_kernel.domain.classrooms import Roster
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import OpenLesson, Profile, ProfileChange, Run
from aralify_kernel.domain.teaching import AttemptSeen, LearnerPage
from tests import factories


def values_of(module) -> list[type]:
    return [cls for _, cls in inspect.getmembers(module, dataclasses.is_dataclass) if cls.__module__ == module.__name__]


VALUES = [*values_of(session), *values_of(messages), *values_of(class_messages), AttemptSeen, LearnerPage, Roster]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
LEAVES = {
    str: TEXT,
    bool: st.booleans(),
    int: st.integers(-(2**53), 2**53),
    float: st.floats(allow_nan=False, allow_infinity=False),
    Any: st.one_of(st.none(), st.integers(0, 9), TEXT),
    bytes: st.binary(max_size=8),
    dt.date: st.dates(),
    dt.datetime: st.datetimes(timezones=st.just(dt.UTC)),
    LessonRef: st.builds(LessonRef, st.just("py"), st.sampled_from(["a", "b-2"]), st.sampled_from(["easy", "hard"])),
}


@functools.cache
def strategy(hint: Any) -> st.SearchStrategy:
    """Return values for an annotation, made from the domain's own classes, each once: OpenLesson holds nearly all."""
    if hint in LEAVES:
        return LEAVES[hint]
    if inspect.isclass(hint) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    if dataclasses.is_dataclass(hint):
        return st.builds(hint, **{name: strategy(of) for name, of in wire._hints(hint).items()})
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (Union, types.UnionType):
        return st.one_of(*(st.none() if of is types.NoneType else strategy(of) for of in arguments))
    if origin is tuple:
        return st.lists(strategy(arguments[0]), max_size=2).map(tuple)
    if origin is frozenset:
        return st.frozensets(strategy(arguments[0]), max_size=3)
    if origin is Mapping:
        return st.dictionaries(strategy(arguments[0]), strategy(arguments[1]), max_size=2)
    raise TypeError(hint)


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_value_arrives_as_it_was_sent(kind, data):
    value = data.draw(strategy(kind))
    assert wire.decode(kind, wire.encode(value)) == value


def test_what_is_sent_has_the_names_of_the_fields_and_a_lesson_is_its_name():
    run = Run(7, dt.datetime(2026, 7, 1, 8, tzinfo=dt.UTC), None)
    assert json.loads(wire.encode(run)) == {"id": 7, "started_at": "2026-07-01T08:00:00Z", "ends_at": None}
    assert json.loads(wire.encode([LessonRef("py", "loops", "easy")])) == ["py/loops/easy"]


def test_the_content_of_a_lesson_travels_as_it_is_stored():
    lesson = factories.content().public()
    assert json.loads(wire.encode(lesson)) == json.loads(json.dumps(lesson.as_json()))
    assert wire.decode(content.LessonContent, wire.encode(lesson)) == lesson


def test_a_field_that_this_side_does_not_know_yet_is_passed_over_and_a_missing_one_takes_its_default():
    sent = {"display_name": "Ana", "favourite_colour": "blue"}
    assert wire.decode(ProfileChange, json.dumps(sent).encode()) == ProfileChange(display_name="Ana")


def test_a_closed_value_refuses_names_that_it_does_not_have():
    with pytest.raises(wire.NotOnTheWire, match="favourite_colour"):
        wire.decode(ProfileChange, b'{"favourite_colour": "blue"}', closed=True)


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        (Run, b""),
        (Run, b"{"),
        (Run, b"[]"),
        (Run, b'{"id": "7", "started_at": "2026-07-01T08:00:00Z", "ends_at": null}'),
        (Run, b'{"id": 7, "started_at": "yesterday", "ends_at": null}'),
        (Run, b'{"id": 7, "ends_at": null}'),
        (ProfileChange, b'{"bio": "\xff"}'),
        (ProfileChange, b'{"bio": "\\ud800"}'),
        (ProfileChange, b'{"bio": 1e999}'),
        (ProfileChange, b'{"bio": ' + b"[" * 100_000),
        (LessonRef, b'"py/loops/impossible"'),
        (LessonRef, b'"../loops/easy"'),
        (LessonRef, b'"aux/loops/easy"'),
        (OpenLesson, b'{"card": {}}'),
        (Profile, b"null"),
        (messages.Answer, b'{"activity": "a", "content": "b", "attempt_key": "c", "kind": "essay"}'),
    ],
)
def test_what_is_no_such_value_is_refused(kind, sent):
    with pytest.raises(wire.NotOnTheWire):
        wire.decode(kind, sent)
