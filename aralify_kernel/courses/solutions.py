"""One exercise cell of an author holds the reference and the starter; the solution markers tell them apart."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aralify_kernel.domain.exercise_cells import COMMENTS
from aralify_kernel.errors import N_
from aralify_kernel.i18n import LANGUAGES, translator

if TYPE_CHECKING:
    from aralify_kernel.courses.tables import Place
    from aralify_kernel.domain.content import Text


@dataclass(frozen=True, slots=True)
class Solution:
    """The two sides of an exercise cell."""

    starter: Text
    reference: str


def read_solution(source: str, language: str, place: Place) -> Solution:
    """Return starter and reference of an author's exercise cell, its mistakes noted at `place`.

    Args:
        source: The cell as the author wrote it.
        language: The programming language of the course.
        place: The cell.
    """
    marker = COMMENTS[language][0] * 3
    begin, end = f"{marker} BEGIN SOLUTION", f"{marker} END SOLUTION"
    lines = source.split("\n")
    if not _regions_are_closed([line.strip() for line in lines], begin, end, place):
        return Solution(dict.fromkeys(LANGUAGES, source), source)
    solution = Solution(
        {text: _starter(lines, begin, end, language, text) for text in LANGUAGES},
        _reference(lines, begin, end, language),
    )
    if language == "python":
        _report_syntax(solution, place)
    return solution


def python_error(source: str) -> tuple[str, int] | None:
    """Return what keeps Python code from being parsed, and on which line (from 1); None when it parses."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source)
    except SyntaxError as error:
        return error.msg, error.lineno or 1
    except (ValueError, RecursionError, MemoryError) as error:
        return str(error) or type(error).__name__, 1
    return None


def _report_syntax(solution: Solution, place: Place) -> None:
    if found := python_error(solution.reference):
        detail, line = found
        place.report(N_("The reference is not Python. Its line {line}: {detail}."), line=line, detail=detail)
    for starter in dict.fromkeys(solution.starter.values()):
        if found := python_error(starter):
            detail, line = found
            place.report(N_("The starter is not Python. Its line {line}: {detail}."), line=line, detail=detail)
            return


def _regions_are_closed(lines: list[str], begin: str, end: str, place: Place) -> bool:
    if begin not in lines and end not in lines:
        place.report(N_("An exercise needs its solution between “{begin}” and “{end}”."), begin=begin, end=end)
        return False
    open_since = 0
    for number, line in enumerate(lines, start=1):
        if line == begin and open_since:
            place.report(
                N_("Line {line}: a second “{begin}” before the “{end}” of line {first}."),
                line=number,
                begin=begin,
                end=end,
                first=open_since,
            )
            return False
        if line == end and not open_since:
            place.report(N_("Line {line}: “{end}” without a “{begin}” above it."), line=number, begin=begin, end=end)
            return False
        if line in {begin, end}:
            open_since = number if line == begin else 0
    if open_since:
        place.report(N_("Line {line}: “{begin}” without an “{end}” below it."), line=open_since, begin=begin, end=end)
    return not open_since


def _reference(lines: list[str], begin: str, end: str, language: str) -> str:
    starter_line = COMMENTS[language] + ":"
    kept: list[str] = []
    inside = False
    for line in lines:
        text = line.strip()
        if text in {begin, end}:
            inside = text == begin
        elif not (inside and text.startswith(starter_line)):
            kept.append(line)
    return "\n".join(kept)


def _starter(lines: list[str], begin: str, end: str, language: str, text_language: str) -> str:
    kept: list[str] = []
    region: list[str] | None = None
    for line in lines:
        text = line.strip()
        if text == begin:
            region = [line[: len(line) - len(line.lstrip())]]
        elif text == end and region is not None:
            kept += _unmarked(region[1:], language) or _placeholder(region[0], language, text_language)
            region = None
        elif region is None:
            kept.append(line)
        elif text.startswith(COMMENTS[language] + ":"):
            region.append(line)
    return "\n".join(kept)


def _unmarked(lines: list[str], language: str) -> list[str]:
    """Return starter lines without their marker; a space that follows every marker belongs to it."""
    parts = [line.partition(COMMENTS[language] + ":") for line in lines]
    code = [text for _, _, text in parts if text]
    spaced = all(text.startswith(" ") for text in code) and any(not text.startswith("  ") for text in code)
    return [indentation + (text[1:] if spaced else text) for indentation, _, text in parts]


def _placeholder(indentation: str, language: str, text_language: str) -> list[str]:
    _ = translator(text_language)
    comment = f"{indentation}{COMMENTS[language]} " + _("Your code here")
    return [comment, f"{indentation}..."] if language == "python" else [comment]
