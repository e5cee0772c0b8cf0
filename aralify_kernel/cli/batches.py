"""`aralify grade --batch`: many answers from a file, their verdicts in the same order, resumable."""

from __future__ import annotations

import contextlib
import json
import sys
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from aralify_kernel.app import application
from aralify_kernel.cli.output import json_line, language, progress_bar, read_text, texts
from aralify_kernel.domain.judging import Verdict
from aralify_kernel.errors import N_, JudgeUnavailable, UsageError
from aralify_kernel.i18n import sentence, translator
from aralify_kernel.services.trials import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aralify_kernel.services.trials import Tried


class BatchOutputUnusable(UsageError):
    """The file for the verdicts cannot be read or written."""

    code = "batch_output_unusable"
    message = N_("“{path}” cannot be written to: {detail}.")


class BatchOutputTaken(UsageError):
    """What the output holds are not the first verdicts of this batch."""

    code = "batch_output_taken"
    message = N_(
        "Line {line} of “{path}” is no verdict of this batch, so nothing was judged. Choose another file, "
        "or take this one away."
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a batch. `answer` is None when it is malformed; `named` holds its `id`, when it has one."""

    number: int
    answer: Answer | None
    named: dict[str, Any]

    def is_judged_by(self, verdict: dict[str, Any]) -> bool:
        """Return whether `verdict` is a line that this one got."""
        if {key: value for key, value in verdict.items() if key == "id"} != self.named or "verdict" not in verdict:
            return False
        if self.answer is None:
            return verdict.get("line") == self.number
        lesson, wanted = str(verdict.get("lesson")), self.answer.lesson
        same_lesson = lesson == wanted or lesson.endswith(f"/{wanted}")
        return same_lesson and verdict.get("exercise") == self.answer.activity


def grade_batch(folder: Path, batch: str, output: Path | None) -> int:
    """Judge every line of `batch` against the course in `folder`, one line of JSON each.

    Args:
        folder: The course.
        batch: The file of the answers; `-` is standard input.
        output: Where the verdicts go, standard output when None. Lines that it holds already are not judged again.

    Returns:
        The exit status: 0 when all were judged, 1 when one could not be.

    Raises:
        FileUnreadable: The batch cannot be read.
        BatchOutputUnusable: The output cannot be read or written.
        BatchOutputTaken: The output holds something else; nothing was judged.
        CourseInvalid: The folder cannot be read as a course.
    """
    lines = _read(batch)
    with _opened(output) as file:
        earlier = _earlier(file, output, lines) if output and output.is_file() else []  # a device or a pipe holds none
        is_complete = Verdict.UNGRADED.value not in earlier
        left = lines[len(earlier) :]
        with progress_bar(texts()("Judging")) as on_progress:
            on_progress(len(earlier), len(lines))
            for done, verdict in enumerate(_verdicts(folder, left), start=len(earlier) + 1):
                is_complete = is_complete and verdict["verdict"] != Verdict.UNGRADED.value
                _write(file, output, verdict)
                on_progress(done, len(lines))
    return int(not is_complete)


def _verdicts(folder: Path, lines: list[_Line]) -> Iterator[dict[str, Any]]:
    """Yield what `lines` get, in their order."""
    speaks = language()
    _ = translator(speaks)
    tried = application().judge_answers(folder, (line.answer for line in lines if line.answer))
    for line in lines:
        if line.answer is None:
            problem = _(
                "Line {line} must be one JSON object with the texts lesson, exercise and source.", line=line.number
            )
            yield {**line.named, "line": line.number, "verdict": Verdict.UNGRADED.value, "problem": problem}
        else:
            yield {**line.named, **_verdict(line.answer, next(tried), speaks)}


def _verdict(answer: Answer, tried: Tried, speaks: str) -> dict[str, Any]:
    place = {"lesson": str(tried.reference or answer.lesson), "exercise": answer.activity}
    if tried.judgement is None or tried.judgement.verdict is Verdict.UNGRADED:
        problem = sentence(tried.error or JudgeUnavailable(), speaks)
        return {**place, "verdict": Verdict.UNGRADED.value, "problem": problem}
    return {**place, **tried.judgement.as_json(speaks)}


def _read(batch: str) -> list[_Line]:
    text = read_text(batch).removeprefix("\ufeff")
    return [_line(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]


def _line(number: int, line: str) -> _Line:
    row = _object(line) or {}
    named = {"id": row["id"]} if "id" in row else {}
    match row:
        case {"lesson": str(lesson), "exercise": str(exercise), "source": str(source)}:
            return _Line(number, Answer(lesson, exercise, source), named)
        case _:
            return _Line(number, None, named)


@contextlib.contextmanager
def _opened(output: Path | None) -> Iterator[IO[bytes]]:
    if output is None:
        yield sys.stdout.buffer
        return
    try:
        file = output.open("a+b" if output.is_file() or not output.exists() else "ab")
    except OSError as error:
        raise _unusable(output, error) from error
    try:
        yield file
    finally:
        with contextlib.suppress(OSError):  # what could not be written was told already
            file.close()


def _write(file: IO[bytes], output: Path | None, verdict: dict[str, Any]) -> None:
    try:
        file.write(f"{json_line(verdict)}\n".encode())
        file.flush()  # whatever comes, what was judged is kept
    except OSError as error:
        raise _unusable(output, error) from error


def _earlier(file: IO[bytes], output: Path, lines: list[_Line]) -> list[str]:
    """Return the verdicts that an interrupted run left in `file`, and cut off a line that it did not finish."""
    file.seek(0)
    data = file.read()
    whole = data[: data.rfind(b"\n") + 1]
    verdicts = []
    for number, written in enumerate(whole.splitlines(), start=1):
        verdict = _object(written.decode(errors="replace"))
        if verdict is None or number > len(lines) or not lines[number - 1].is_judged_by(verdict):
            raise BatchOutputTaken(path=str(output), line=number)
        verdicts.append(verdict["verdict"])
    file.truncate(len(whole))
    return verdicts


def _object(line: str) -> dict[str, Any] | None:
    """Return the JSON object that a line is, or None when it is none."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _unusable(output: Path | None, error: OSError) -> BatchOutputUnusable:
    return BatchOutputUnusable(path=str(output or "-"), detail=error.strerror or str(error))
