"""`aralify grade` judges and records nothing; `aralify submit` judges and records."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import click

from aralify_kernel.app import application
from aralify_kernel.cli.batches import grade_batch
from aralify_kernel.cli.output import as_json, language, print_json, print_table, read_text, texts
from aralify_kernel.domain.facts import ActivityKind
from aralify_kernel.domain.judging import Verdict
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import Submission
from aralify_kernel.errors import IsolationTooWeak, JudgeUnavailable
from aralify_kernel.i18n import translator

_exercise = click.option("--exercise", metavar="ID", help="The exercise or quiz.")
_source = click.option("--source", metavar="FILE", help="The answer's code; - is standard input.")
_answer = click.option("--answer", metavar="TEXT", help="The answer to a quiz: option ids as in 1,3, or a text.")


@click.command()
@click.option("--course", "folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--lesson", metavar="LEVEL/TIER", help="The lesson within the course.")
@_exercise
@_source
@_answer
@click.option("--batch", metavar="FILE.jsonl", help="Judge many answers, one JSON object a line.")
@click.option("--output", metavar="FILE", help="Where the verdicts of a batch go; those it holds already are kept.")
@click.option("--probe", is_flag=True, help="Only tell how well this machine keeps learners' code apart.")
@as_json
def grade(
    folder: Path | None,
    lesson: str | None,
    exercise: str | None,
    source: str | None,
    answer: str | None,
    batch: str | None,
    output: str | None,
    *,
    probe: bool,
    json_wanted: bool,
) -> int:
    """Judge one answer, or a batch, from a course folder and record nothing."""
    if probe:
        return _show_isolation(json_wanted=json_wanted)
    if folder is None:
        raise click.UsageError("Give --course, or --probe.")
    if batch:
        if lesson or exercise or source or answer:
            raise click.UsageError("A batch says itself what it answers: give --batch alone, or with --output.")
        return grade_batch(folder, batch, Path(output) if output else None)
    if not lesson or not exercise or output:
        raise click.UsageError("Give --lesson and --exercise, or --batch; --output goes with --batch.")
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
        if not check["passed"] and check["shape"]:
            click.echo(f"      {check['shape']}")
    if error := result["error"]:
        click.echo(f"  {error['type']}: {error['message']}")
        click.echo(f"  {error['explanation'] or ''}")
    if result.get("xp_awarded"):
        click.echo(_("You earned {xp} XP.", xp=result["xp_awarded"]))
    return 0


def _show_isolation(*, json_wanted: bool) -> int:
    """Show every way of keeping learners' code apart, and whether this machine offers what the settings demand.

    Raises:
        IsolationTooWeak: It does not; all is shown before.
    """
    app, _ = application(), texts()
    probed, too_weak = app.probe(), None
    try:
        app.require_isolation()
    except IsolationTooWeak as error:
        too_weak = error
    if json_wanted:
        modes = [
            {"isolation": one.isolation.value, "offered": one.offered, "why_not": one.reason or None}
            for one in probed.modes
        ]
        demanded = app.settings.judge_min_isolation
        is_enough = too_weak is None
        print_json({"isolation": probed.isolation.value, "demanded": demanded, "is_enough": is_enough, "modes": modes})
    else:
        lines = [[mode.isolation.value, _("yes") if mode.offered else _("no"), mode.reason] for mode in probed.modes]
        print_table([_("Isolation"), _("Offered here"), _("Why not")], lines)
    if too_weak:
        raise too_weak
    return 0
