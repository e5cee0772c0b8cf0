"""`aralify grade` judges and records nothing; `aralify submit` judges and records."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aralify_kernel.app import application
from aralify_kernel.cli.output import as_json, language, print_json, progress_bar, read_text, texts
from aralify_kernel.domain.facts import ActivityKind
from aralify_kernel.domain.judging import Verdict
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import Submission
from aralify_kernel.errors import AralifyError, JudgeUnavailable
from aralify_kernel.i18n import sentence, translator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_exercise = click.option("--exercise", metavar="ID", help="The exercise or quiz.")
_source = click.option("--source", metavar="FILE", help="The answer's code; - is standard input.")
_answer = click.option("--answer", metavar="TEXT", help="The answer to a quiz: option ids as in 1,3, or a text.")


@click.command()
@click.option("--course", "folder", required=True, metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--lesson", metavar="LEVEL/TIER", help="The lesson within the course.")
@_exercise
@_source
@_answer
@click.option("--batch", metavar="FILE.jsonl", help="Judge many answers, one JSON object a line.")
@as_json
def grade(
    folder: Path,
    lesson: str | None,
    exercise: str | None,
    source: str | None,
    answer: str | None,
    batch: str | None,
    *,
    json_wanted: bool,
) -> int:
    """Judge one answer from a course folder and record nothing."""
    if batch:
        return _grade_all(application().trial_judge(folder), read_text(batch))
    if not lesson or not exercise:
        raise click.UsageError("Give --lesson and --exercise, or --batch.")
    reference, judgement = application().trial_judge(folder)(lesson, exercise, *_given(source, answer))
    if judgement.verdict is Verdict.UNGRADED:
        raise JudgeUnavailable
    result = {"lesson": str(reference), "exercise": exercise, **judgement.as_json(language())}
    return _show(result, json_wanted=json_wanted)


@click.command()
@click.option("--user", "username", required=True, metavar="U")
@click.option("--lesson", required=True, metavar="COURSE/LEVEL/TIER")
@click.option("--exercise", required=True, metavar="ID", help="The exercise or quiz.")
@_source
@_answer
@click.option("--attempt-key", metavar="UUID", help="The same key again returns the stored result.")
@as_json
def submit(
    username: str,
    lesson: str,
    exercise: str,
    source: str | None,
    answer: str | None,
    attempt_key: str | None,
    *,
    json_wanted: bool,
) -> int:
    """Judge an answer and record it, as if the learner had run it."""
    content, kind = _given(source, answer)
    submission = Submission(LessonRef.parse(lesson), exercise, content, attempt_key or str(uuid.uuid4()), kind)
    session = application().session_for(username)
    result = session.submit(submission)
    return _show(result.as_json(session.profile().language), json_wanted=json_wanted)


def _given(source: str | None, answer: str | None) -> tuple[str, ActivityKind]:
    """Return what the person gave as an answer, and to what."""
    if (source is None) == (answer is None):
        raise click.UsageError("Give either --source FILE (an exercise) or --answer TEXT (a quiz).")
    if answer is not None:
        return answer, ActivityKind.QUIZ
    return read_text(source or "-"), ActivityKind.EXERCISE


def _show(result: dict[str, Any], *, json_wanted: bool) -> int:
    if json_wanted:
        print_json(result)
        return 0
    _ = translator(language())
    click.echo(f"{result['verdict']}  {result['points']}/{result['max_points']}")
    for check in result["checks"]:
        click.echo(f"  {'+' if check['passed'] else '-'} {check['name']}")
        if not check["passed"] and check["message"]:
            click.echo(f"      {check['message']}")
        if not check["passed"] and check["call"]:
            expected, got = _("Expected"), _("Got")
            click.echo(f"      {check['call']}  ·  {expected}: {check['expected']}  ·  {got}: {check['got']}")
    if error := result["error"]:
        click.echo(f"  {error['type']}: {error['message']}")
        click.echo(f"  {error['explanation'] or ''}")
    if result.get("xp_awarded"):
        click.echo(_("You earned {xp} XP.", xp=result["xp_awarded"]))
    return 0


def _grade_all(judge: Callable[[str, str, str], Any], lines: str) -> int:
    """Judge every line; return 1 when one of them could not be judged."""
    wanted = [line for line in lines.splitlines() if line.strip()]
    status = 0
    with progress_bar(texts()("Judging")) as on_progress:
        for done, result in enumerate(_judged(judge, wanted), start=1):
            status |= "problem" in result
            print_json(result)
            on_progress(done, len(wanted))
    return int(status)


def _judged(judge: Callable[[str, str, str], Any], lines: list[str]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            lesson, exercise, source = (str(row[key]) for key in ("lesson", "exercise", "source"))
        except (ValueError, KeyError, TypeError):
            problem = texts()(
                "Line {number} needs the keys lesson, exercise and source, as one JSON object.", number=number
            )
            yield {"line": number, "verdict": Verdict.UNGRADED.value, "problem": problem}
            continue
        named = {"id": row["id"]} if "id" in row else {}
        try:
            reference, judgement = judge(lesson, exercise, source)
        except AralifyError as error:
            ungraded = {"verdict": Verdict.UNGRADED.value, "problem": sentence(error, language())}
            yield {**named, "lesson": lesson, "exercise": exercise, **ungraded}
        else:
            yield {**named, "lesson": str(reference), "exercise": exercise, **judgement.as_json(language())}
