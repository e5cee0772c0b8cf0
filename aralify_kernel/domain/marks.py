"""Marks as school systems read them. What each column holds, and where it comes from, stands in docs/teacher.md."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.difficulty import Difficulty

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from aralify_kernel.domain.references import LessonRef

Cell = str | int | float | None

FULL_MARK: Final = 100

_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
"""With the wide signs, which Excel reads as the narrow ones where people write Chinese or Japanese."""


class MarksFormat(Enum):
    """For which program marks are written."""

    CSV = "csv"
    NBGRADER = "nbgrader"
    CANVAS = "canvas"
    MOODLE = "moodle"


@dataclass(frozen=True, slots=True)
class Marked:
    """A learner whose marks these are."""

    username: str
    display_name: str
    email: str | None


@dataclass(frozen=True, slots=True)
class Mark:
    """One learner in one lesson. `mark` is what counts in the class (0-100), `score` the best ever."""

    learner: Marked
    lesson: LessonRef
    title: str
    status: str
    mark: int
    score: int
    due_at: datetime | None
    completed_at: datetime | None
    last_at: datetime | None
    is_late: bool
    time_spent_secs: int


@dataclass(frozen=True, slots=True)
class MarkSheet:
    """The marks of a class: of every learner in every lesson, also in those they have not opened."""

    classroom: str
    lessons: tuple[tuple[LessonRef, str], ...]
    """With the titles."""
    learners: tuple[Marked, ...]
    marks: dict[tuple[str, LessonRef], Mark]
    """By user name and lesson; without those that are not begun."""


def written(sheet: MarkSheet, form: MarksFormat) -> bytes:
    """Return a mark sheet as a file of this format: UTF-8, numbers as numbers, no cell a formula.

    All begin with the mark by which Excel knows UTF-8, but nbgrader's, which is read by programs.
    """
    rows = {
        MarksFormat.CSV: _plain,
        MarksFormat.NBGRADER: _nbgrader,
        MarksFormat.CANVAS: _canvas,
        MarksFormat.MOODLE: _moodle,
    }[form](sheet)
    return csv_file(rows, for_excel=form is not MarksFormat.NBGRADER)


def csv_file(rows: Iterable[Sequence[Cell]], *, for_excel: bool = True) -> bytes:
    r"""Return a table as CSV in UTF-8, as Excel opens it; a text that a spreadsheet would run begins with an apostrophe.

    >>> csv_file([["Peña", "=1+1", -2, 0.5, None]], for_excel=False).decode()
    "Peña,'=1+1,-2,0.5,\r\n"
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([defused(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig" if for_excel else "utf-8", "replace")


def defused(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> defused("=cmd|' /C calc'!A0"), defused(" @SUM(1)"), defused("Ana-Marie")
    ("'=cmd|' /C calc'!A0", "' @SUM(1)", 'Ana-Marie')
    """
    begins = text.startswith(_BEGINS_A_FORMULA) or text.lstrip().startswith(_BEGINS_A_FORMULA)
    return f"'{text}" if begins else text


def _plain(sheet: MarkSheet) -> Iterable[Sequence[Cell]]:
    yield [
        "class",
        "username",
        "name",
        "email",
        "course",
        "topic",
        "difficulty",
        "lesson",
        "status",
        "mark",
        "score",
        "max",
        "due_at",
        "completed_at",
        "last_at",
        "late",
        "minutes",
    ]
    for learner in sheet.learners:
        for ref, title in sheet.lessons:
            mark = sheet.marks.get((learner.username, ref))
            head = (sheet.classroom, learner.username, learner.display_name, learner.email, ref.course, ref.level)
            tier = Difficulty.from_slug(ref.tier).name
            if mark is None:
                yield (*head, tier, title, "NOT_STARTED", 0, 0, FULL_MARK, None, None, None, 0, 0)
                continue
            dates = (_moment(mark.due_at), _moment(mark.completed_at), _moment(mark.last_at))
            minutes = round(mark.time_spent_secs / 60, 1)
            figures = (mark.status, mark.mark, mark.score, FULL_MARK, *dates, int(mark.is_late), minutes)
            yield (*head, tier, title, *figures)


def _nbgrader(sheet: MarkSheet) -> Iterable[Sequence[Cell]]:
    """The columns of `nbgrader export`: an assignment is a lesson."""
    yield [
        "assignment",
        "duedate",
        "timestamp",
        "student_id",
        "last_name",
        "first_name",
        "email",
        "raw_score",
        "late_submission_penalty",
        "score",
        "max_score",
    ]
    for ref, _ in sheet.lessons:
        for learner in sheet.learners:
            mark = sheet.marks.get((learner.username, ref))
            first, last = _names(learner)
            dates = (_moment(mark.due_at), _moment(mark.last_at)) if mark else (None, None)
            who = (learner.username, last, first, learner.email)
            score, counted = (mark.score, mark.mark) if mark else (0, 0)
            yield (str(ref).replace("/", "-"), *dates, *who, score, score - counted, counted, FULL_MARK)


def _canvas(sheet: MarkSheet) -> Iterable[Sequence[Cell]]:
    """A gradebook to import; Canvas finds the student by the login."""
    yield ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", *(_column(sheet, at) for at in sheet.lessons))
    yield ("Points Possible", None, None, None, None, *(FULL_MARK for _ in sheet.lessons))
    for learner in sheet.learners:
        first, last = _names(learner)
        name = f"{last}, {first}" if last and first else learner.display_name
        yield (name, None, None, learner.username, sheet.classroom, *_row(sheet, learner))


def _moodle(sheet: MarkSheet) -> Iterable[Sequence[Cell]]:
    """A grade import: Moodle is told there that `username` or `email` says who it is."""
    yield ("username", "firstname", "lastname", "email", *(_column(sheet, at) for at in sheet.lessons))
    for learner in sheet.learners:
        yield (learner.username, *_names(learner), learner.email, *_row(sheet, learner))


def _row(sheet: MarkSheet, learner: Marked) -> Iterable[Cell]:
    """Yield a learner's marks; nothing where they have not begun, which is no zero."""
    found = (sheet.marks.get((learner.username, ref)) for ref, _ in sheet.lessons)
    return [mark.mark if mark else None for mark in found]


def _column(sheet: MarkSheet, at: tuple[LessonRef, str]) -> str:
    ref, title = at
    several = len({one.course for one, _ in sheet.lessons}) > 1
    return f"{f'{ref.course}: ' if several else ''}{title} ({ref.tier})"


def _names(learner: Marked) -> tuple[str, str]:
    """Return first and last name, as far as a name that is shown tells: the last word is the last name."""
    first, _, last = learner.display_name.rpartition(" ")
    return (first, last) if first else (last, "")


def _moment(at: datetime | None) -> str | None:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else None
