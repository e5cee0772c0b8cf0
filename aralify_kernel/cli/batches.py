"""`aralify grade --batch`: many answers from a file, their verdicts in the same order, resumable."""

from __future__ import annotations

import contextlib
import json
import sys
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import click

from aralify_kernel.app import application
from aralify_kernel.cli.output import json_line, language, progress_bar, texts
from aralify_kernel.domain.judging import Verdict
from aralify_kernel.errors import N_, JudgeUnavailable, UsageError
from aralify_kernel.i18n import sentence
from aralify_kernel.services.trials import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aralify_kernel.services.trials import Tried


class BatchUnusable(UsageError):
    """A file of the batch cannot be read or written."""

    code = "batch_unusable"
    message = N_("“{path}” cannot be used: {detail}.")


class BatchLineInvalid(UsageError):
    """A line of the batch is no answer; nothing was judged."""

    code = "batch_line_invalid"
    message = N_(
        "Line {line} of “{path}” must be one JSON object in UTF-8 with the texts lesson, exercise and source. "
        "Nothing was judged."
    )


class BatchOutputTaken(UsageError):
    """What the output holds are not the first verdicts of this batch."""

    code = "batch_output_taken"
    message = N_(
        "Line {line} of “{path}” is no verdict of this batch, so nothing was judged. Choose another file, "
        "or take this one away."
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a batch. `named` holds its `id`, when it has one."""

    answer: Answer
    named: dict[str, Any]

    def is_judged_by(self, verdict: dict[str, Any]) -> bool:
        """Return whether `verdict` is a line that this one got."""
        lesson, wanted = str(verdict.get("lesson")), self.answer.lesson
        same_lesson = lesson == wanted or lesson.endswith(f"/{wanted}")
        named = {key: value for key, value in verdict.items() if key == "id"}
        same_exercise = verdict.get("exercise") == self.answer.activity
        return same_lesson and same_exercise and named == self.named and "verdict" in verdict


def grade_batch(folder: Path, batch: str, output: Path | None) -> int:
    """Judge every line of `batch` against the course in `folder`, one line of JSON each.

    Args:
        folder: The course.
        batch: The file of the answers; `-` is standard input.
        output: Where the verdicts go, standard output when None. Lines that it holds already are not judged again.

    Returns:
        The exit status: 0 when all were judged, 1 when one could not be.

    Raises:
        BatchUnusable: A file cannot be read or written.
        BatchLineInvalid: A line is no answer; nothing was judged.
        BatchOutputTaken: The output holds something else; nothing was judged.
        CourseInvalid: The folder cannot be read as a course.
    """
    lines = _read(batch)
    with _opened(output) as file:
        earlier = _earlier(file, output, lines) if output else []
        is_complete = Verdict.UNGRADED.value not in earlier
        left = lines[len(earlier) :]
        tried = application().judge_answers(folder, (line.answer for line in left))
        speaks = language()
        with progress_bar(texts()("Judging")) as on_progress:
            on_progress(len(earlier), len(lines))
            for done, (line, one) in enumerate(zip(left, tried, strict=True), start=len(earlier) + 1):
                verdict = _verdict(line, one, speaks)
                is_complete = is_complete and verdict["verdict"] != Verdict.UNGRADED.value
                file.write(f"{json_line(verdict)}\n".encode())
                file.flush()  # whatever comes, what was judged is kept
                on_progress(done, len(lines))
    return int(not is_complete)


def _verdict(line: _Line, tried: Tried, speaks: str) -> dict[str, Any]:
    verdict = {**line.named, "lesson": str(tried.reference or line.answer.lesson), "exercise": line.answer.activity}
    if tried.judgement is None or tried.judgement.verdict is Verdict.UNGRADED:
        problem = sentence(tried.error or JudgeUnavailable(), speaks)
        return {**verdict, "verdict": Verdict.UNGRADED.value, "problem": problem}
    return {**verdict, **tried.judgement.as_json(speaks)}


def _read(batch: str) -> list[_Line]:
    try:
        with click.open_file(batch, "rb") as file:
            data: bytes = file.read()
    except OSError as error:
        raise _unusable(batch, error) from None
    numbered = enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1)
    return [_line(batch, number, line) for number, line in numbered if line.strip()]


def _line(batch: str, number: int, line: bytes) -> _Line:
    row = _object(line) or {}
    lesson, exercise, source = (row.get(key) for key in ("lesson", "exercise", "source"))
    if not isinstance(lesson, str) or not isinstance(exercise, str) or not isinstance(source, str):
        raise BatchLineInvalid(path=batch, line=number)
    return _Line(Answer(lesson, exercise, source), {"id": row["id"]} if "id" in row else {})


@contextlib.contextmanager
def _opened(output: Path | None) -> Iterator[IO[bytes]]:
    if output is None:
        yield sys.stdout.buffer
        return
    try:
        file = output.open("a+b")
    except OSError as error:
        raise _unusable(str(output), error) from None
    with file:
        yield file


def _earlier(file: IO[bytes], output: Path, lines: list[_Line]) -> list[str]:
    """Return the verdicts that an interrupted run left in `file`, and cut off a line that it did not finish."""
    file.seek(0)
    data = file.read()
    whole = data[: data.rfind(b"\n") + 1]
    verdicts = []
    for number, written in enumerate(whole.splitlines(), start=1):
        verdict = _object(written)
        if verdict is None or number > len(lines) or not lines[number - 1].is_judged_by(verdict):
            raise BatchOutputTaken(path=str(output), line=number)
        verdicts.append(verdict["verdict"])
    file.truncate(len(whole))
    return verdicts


def _object(line: bytes) -> dict[str, Any] | None:
    """Return the JSON object that a line is, or None when it is none."""
    try:
        found = json.loads(line.decode())
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _unusable(path: str, error: OSError) -> BatchUnusable:
    return BatchUnusable(path=path, detail=error.strerror or str(error))
