"""An author notebook becomes the blocks of a lesson."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final, Literal, get_args

from aralify_kernel.courses.cells import read_cells
from aralify_kernel.courses.quizzes import read_quiz
from aralify_kernel.courses.rules import read_rules
from aralify_kernel.courses.solutions import python_error, read_solution
from aralify_kernel.domain.content import Check, Example, Exercise, Mistake, Prose, Quiz
from aralify_kernel.domain.examples import plain_python
from aralify_kernel.domain.statements import NotACheck, read_check
from aralify_kernel.errors import N_
from aralify_kernel.i18n import LANGUAGES, translator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from aralify_kernel.courses.cells import Cell
    from aralify_kernel.courses.tables import Place
    from aralify_kernel.domain.content import Block, Text

Mode = Literal["two_process", "same_process"]


def read_blocks(path: Path, language: str, place: Place) -> tuple[Block, ...]:
    """Return the blocks of the lesson in the author notebook at `path`, its mistakes noted at `place`."""
    before = len(place.found)
    lesson = _Lesson(language, place)
    for cell in read_cells(path, language, place):
        lesson.add(cell)
    blocks = lesson.finish()
    points = sum(block.points for block in blocks if isinstance(block, Exercise | Quiz))
    if points == 0 and len(place.found) == before:
        place.report(N_("A lesson has at least one point. Give a check or a quiz of this one a point."))
    return blocks


@dataclasses.dataclass(slots=True)
class _Parts:
    """What other cells say about one exercise."""

    checks: list[Check] = dataclasses.field(default_factory=list)
    hints: list[Text] = dataclasses.field(default_factory=list)
    mistakes: list[Mistake] = dataclasses.field(default_factory=list)


class _Lesson:
    """Grows by one cell at a time. Checks, hints and mistakes wait until every exercise is known."""

    def __init__(self, language: str, place: Place) -> None:
        self.language = language
        self.place = place
        self.blocks: list[Block] = []
        self.places: dict[str, Place] = {}
        self.parts: dict[str, _Parts] = {}
        self.nearest: str | None = None
        self.asked_for: list[tuple[str, Place]] = []
        self.translations: dict[tuple[str, str | None, str], dict[str, str]] = {}

    def add(self, cell: Cell) -> None:
        _ADD[cell.role](self, cell)

    def finish(self) -> tuple[Block, ...]:
        exercises = [block.id for block in self.blocks if isinstance(block, Exercise)]
        for name, place in self.asked_for:
            if name not in exercises:
                place.report(
                    N_("There is no exercise “{value}” in this notebook. Known: {known}."),
                    value=name,
                    known=", ".join(exercises) or "–",
                )
        return tuple(self._complete(block) if isinstance(block, Exercise) else block for block in self.blocks)

    def _complete(self, exercise: Exercise) -> Exercise:
        parts = self.parts.get(exercise.id, _Parts())
        if not parts.checks:
            self.places[exercise.id].report(N_("An exercise without a check cannot be judged. Add a check cell."))
        return dataclasses.replace(
            exercise, checks=tuple(parts.checks), hints=tuple(parts.hints), mistakes=tuple(parts.mistakes)
        )

    def prose(self, cell: Cell) -> None:
        text = self._translated(cell, None)
        if text is not None and cell.source.strip():
            self.blocks.append(Prose(cell.id, text))

    def example(self, cell: Cell) -> None:
        self._report_syntax(cell, plain_python(cell.source))
        if cell.source.strip():
            self.blocks.append(Example(cell.id, cell.source))

    def exercise(self, cell: Cell) -> None:
        earlier = [block for block in self.blocks if isinstance(block, Exercise)]
        solution = read_solution(cell.source, self.language, cell.place)
        number = len(earlier) + 1
        needs = cell.meta.strings("needs")
        for name in needs:
            if name not in [exercise.id for exercise in earlier]:
                cell.place.at("needs").report(N_("There is no exercise “{value}” above this one."), value=name)
        mode = cell.meta.choice("mode", get_args(Mode), get_args(Mode)[0])
        self._take_id(cell.id, cell.place)
        self.nearest = cell.id
        self.blocks.append(
            Exercise(
                id=cell.id,
                title=cell.meta.text("title", _numbered(N_("Exercise {n}"), number)),
                starter=solution.starter,
                reference=solution.reference,
                checks=(),
                needs=needs,
                mode="same_process" if mode == "same_process" else "two_process",
                rules=read_rules(cell.meta, self.language),
            )
        )

    def quiz(self, cell: Cell) -> None:
        quiz = read_quiz(cell.source, cell.place)
        if quiz is not None:
            self._take_id(quiz.id, cell.place.at("id"))
            self.blocks.append(quiz)

    def check(self, cell: Cell) -> None:
        self._report_syntax(cell, cell.source)
        self._report_empty(cell)
        parts = self._parts(cell)
        name = cell.meta.text("name", _numbered(N_("Check {n}"), len(parts.checks) + 1))
        points = cell.meta.integer("points", 1, minimum=0)
        parts.checks.append(Check(cell.id, name, cell.source, points, cell.meta.boolean("hidden", False)))

    def hint(self, cell: Cell) -> None:
        self._report_empty(cell)
        parts = self._parts(cell)
        text = self._translated(cell, cell.meta.string("exercise", self.nearest or ""))
        if text is not None:
            parts.hints.append(text)

    def mistake(self, cell: Cell) -> None:
        self._report_empty(cell)
        self._parts(cell).mistakes.append(Mistake(cell.source, cell.meta.string("expect", "")))

    def _parts(self, cell: Cell) -> _Parts:
        if "exercise" not in cell.meta and self.nearest is None:
            cell.place.report(N_("No exercise stands above this cell. Say which one it belongs to: exercise."))
            return _Parts()
        name = cell.meta.string("exercise", self.nearest or "")
        self.asked_for.append((name, cell.place.at("exercise")))
        return self.parts.setdefault(name, _Parts())

    def _translated(self, cell: Cell, exercise: str | None) -> Text | None:
        """Return the cell's text by language, or None when it has joined the text of the cell it is a pair with."""
        pair = cell.meta.string("pair", "")
        if "lang" not in cell.meta:
            if pair:
                cell.place.at("lang").report(N_("A cell with a pair must say its language: en or fil."))
            return dict.fromkeys(LANGUAGES, cell.source)
        language = cell.meta.choice("lang", LANGUAGES)
        if not pair:
            return {language: cell.source}
        key = (cell.role, exercise, pair)
        if key not in self.translations:
            self.translations[key] = {language: cell.source}
            return self.translations[key]
        if language in self.translations[key]:
            cell.place.at("pair").report(
                N_("The pair “{value}” already has a text in the language {language}."), value=pair, language=language
            )
        self.translations[key][language] = cell.source
        return None

    def _take_id(self, name: str, place: Place) -> None:
        if name and name in self.places:
            place.report(N_("Two activities have the id “{value}”; each exercise and quiz needs its own."), value=name)
        self.places.setdefault(name, place)

    def _report_syntax(self, cell: Cell, source: str) -> None:
        if self.language == "sql" and cell.role == "check":
            try:
                read_check(source)
            except NotACheck as error:
                cell.place.report(error.template, **error.values)
        if self.language == "python" and (found := python_error(source)):
            detail, line = found
            cell.place.report(N_("This cell is not Python. Its line {line}: {detail}."), line=line, detail=detail)

    @staticmethod
    def _report_empty(cell: Cell) -> None:
        if not cell.source.strip():
            cell.place.report(N_("This cell is empty."))


_ADD: Final[Mapping[str, Callable[[_Lesson, Cell], None]]] = {
    "prose": _Lesson.prose,
    "example": _Lesson.example,
    "exercise": _Lesson.exercise,
    "quiz": _Lesson.quiz,
    "check": _Lesson.check,
    "hint": _Lesson.hint,
    "mistake": _Lesson.mistake,
}


def _numbered(label: str, n: int) -> Text:
    return {language: translator(language)(label, n=n) for language in LANGUAGES}
