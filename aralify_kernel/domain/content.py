"""What a lesson is made of: the parsed form of one author notebook.

The same values travel everywhere: `courses` makes them from a notebook, the store keeps them as JSON
(`lessons.content`, `lesson_versions`), the grader takes an exercise from them, the widgets show `public()`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, Literal

Text = Mapping[str, str]
"""One text by language, `{"en": …, "fil": …}`; `i18n.in_language` chooses, with fallback."""


class QuizKind(Enum):
    """The four kinds of question."""

    MULTIPLE_CHOICE = "multiple_choice"
    TRUE_FALSE = "true_false"
    FILL_BLANK = "fill_blank"
    PREDICT_OUTPUT = "predict_output"


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown to read, in every language it has."""

    id: str
    text: Text


@dataclass(frozen=True, slots=True)
class Example:
    """Code to run and play with; part of the context of the exercises below it."""

    id: str
    source: str


@dataclass(frozen=True, slots=True)
class Check:
    """One test of an exercise, in the course's language. A hidden one never leaves the server."""

    id: str
    name: Text
    source: str
    points: int = 1
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Mistake:
    """A known wrong answer and a piece of the message it must get."""

    source: str
    expect: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What the source of an answer must use, or must not use; `source_rules` knows the words for `what`."""

    what: str
    must_use: bool
    message: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exercise:
    """A task answered with code. `starter` by language is what the learner's cell begins with."""

    id: str
    title: Text
    starter: Text
    reference: str
    checks: tuple[Check, ...]
    hints: tuple[Text, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    needs: tuple[str, ...] = ()
    mode: Literal["two_process", "same_process"] = "two_process"
    rules: tuple[Rule, ...] = ()

    @property
    def points(self) -> int:
        """What a passing attempt earns: the sum over its checks."""
        return sum(check.points for check in self.checks)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a quiz; `why` is shown once the answer is in."""

    id: str
    text: Text
    correct: bool = False
    why: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quiz:
    """A question. `answers` are the accepted texts of the kinds that are typed.

    `many` is for the learner's side, which does not know the answers: more than one option is right.
    """

    id: str
    kind: QuizKind
    question: Text
    points: int = 1
    code: str = ""
    options: tuple[Option, ...] = ()
    answers: tuple[str, ...] = ()
    case: bool = False
    explanation: Text = field(default_factory=dict)
    many: bool = False


Activity = Exercise | Quiz
Block = Prose | Example | Exercise | Quiz
_KINDS: dict[str, type[Any]] = {"prose": Prose, "example": Example, "exercise": Exercise, "quiz": Quiz}


@dataclass(frozen=True)
class LessonContent:
    """One lesson as published: its blocks in order, and what judging it needs.

    `files` are the course's read-only files by their path, base64-encoded.
    """

    blocks: tuple[Block, ...]
    language: str = "python"
    pass_score: int = 80
    packages: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def activities(self) -> tuple[Activity, ...]:
        """Exercises and quizzes in order."""
        return tuple(block for block in self.blocks if isinstance(block, Exercise | Quiz))

    @property
    def points(self) -> int:
        """The points of all activities together."""
        return sum(activity.points for activity in self.activities)

    def activity(self, activity_id: str) -> Activity | None:
        """Return the activity called `activity_id`, or None."""
        return next((activity for activity in self.activities if activity.id == activity_id), None)

    def context_of(self, exercise: Exercise) -> tuple[str, ...]:
        """Return the sources that run before `exercise`: examples above it and the references it needs."""
        sources: list[str] = []
        for block in self.blocks:
            if isinstance(block, Exercise) and block.id == exercise.id:
                break
            if isinstance(block, Example):
                sources.append(block.source)
            elif isinstance(block, Exercise) and block.id in exercise.needs:
                sources.append(block.reference)
        return tuple(sources)

    @cached_property
    def hashes(self) -> Mapping[str, str]:
        """The hash of each activity by its id."""
        return {activity.id: self.activity_hash(activity) for activity in self.activities}

    def activity_hash(self, activity: Activity) -> str:
        """Return the hash of what decides about points: checks, rules, context, answers; never prose or hints."""
        if isinstance(activity, Exercise):
            decides: Any = [
                self.context_of(activity),
                [(check.source, check.points, check.hidden) for check in activity.checks],
                [(rule.what, rule.must_use) for rule in activity.rules] or {},  # {} is what no rules were hashed as
                activity.mode,
            ]
        else:
            correct = [(option.id, option.correct) for option in activity.options]
            decides = [activity.kind.value, activity.points, activity.code, correct, activity.answers, activity.case]
        return hashlib.sha256(json.dumps(decides, sort_keys=True, default=list).encode()).hexdigest()[:16]

    def public(self) -> LessonContent:
        """Return what a learner's machine may hold: no hidden check, reference, hint, mistake or answer."""
        return dataclasses.replace(self, blocks=tuple(_public(block) for block in self.blocks))

    def as_json(self) -> dict[str, Any]:
        """Return this content as plain JSON data, which `from_json` reads back."""
        data = {f.name: getattr(self, f.name) for f in dataclasses.fields(self) if f.name != "blocks"}
        data["packages"], data["files"] = list(self.packages), dict(self.files)
        data["blocks"] = [{"role": type(block).__name__.lower(), **_plain(block)} for block in self.blocks]
        return {"format": 1, **data}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> LessonContent:
        """Return the content that `as_json` wrote."""
        return cls(
            blocks=tuple(_block(raw) for raw in data["blocks"]),
            language=data["language"],
            pass_score=data["pass_score"],
            packages=tuple(data["packages"]),
            files=data["files"],
        )


def _public(block: Block) -> Block:
    if isinstance(block, Exercise):
        visible = tuple(check for check in block.checks if not check.hidden)
        return dataclasses.replace(block, reference="", checks=visible, hints=(), mistakes=())
    if isinstance(block, Quiz):
        options = tuple(Option(option.id, option.text) for option in block.options)
        many = block.many or sum(option.correct for option in block.options) > 1
        return dataclasses.replace(block, options=options, answers=(), explanation={}, many=many)
    return block


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value


def _block(raw: Mapping[str, Any]) -> Block:
    data = {key: value for key, value in raw.items() if key != "role"}
    match raw["role"]:
        case "exercise":
            data["checks"] = tuple(Check(**check) for check in data["checks"])
            data["mistakes"] = tuple(Mistake(**mistake) for mistake in data["mistakes"])
            data["rules"] = tuple(Rule(**rule) for rule in data["rules"])
            data |= {key: tuple(data[key]) for key in ("hints", "needs")}
        case "quiz":
            data["kind"] = QuizKind(data["kind"])
            data["options"] = tuple(Option(**option) for option in data["options"])
            data["answers"] = tuple(data["answers"])
        case _:
            pass
    block: Block = _KINDS[raw["role"]](**data)
    return block
