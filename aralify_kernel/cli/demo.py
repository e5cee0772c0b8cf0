"""`aralify demo`: a believable class, for trying dashboards and for load."""

from __future__ import annotations

import dataclasses

import click

from aralify_kernel.app import application
from aralify_kernel.cli.output import as_json, print_json, progress_bar, texts

_AS_ITS_TEACHER = (
    "aralify user add {teacher}",
    "aralify user passwd {teacher}",
    "aralify class add {classroom} {teacher} --teacher",
    "aralify serve",
)
_TEACHER = "teacher"


@click.command()
@click.option("--learners", metavar="N", type=int, default=30, show_default=True, help="How many learn in it.")
@click.option("--days", metavar="D", type=int, default=30, show_default=True, help="For how many days, until now.")
@click.option("--seed", metavar="S", type=int, default=1, show_default=True, help="Another number, other people.")
@click.option("--classroom", metavar="NAME", default="Demo", show_default=True, help="What the class is called.")
@as_json
def demo(learners: int, days: int, seed: int, classroom: str, *, json_wanted: bool) -> None:
    """Make up a class of people who are not real: they learn the first published course, each in their own way."""
    from aralify_kernel.services.demo.classes import Wish, make_up

    _, app = texts(), application()
    phases = {"judging": _("Judging"), "learning": _("Learning")}
    with progress_bar(_("Judging")) as show:
        wish = Wish(learners, days, seed, classroom)
        made = make_up(
            app.database,
            wish,
            grader=lambda: app.grader,
            on_progress=lambda done, of, phase: show(done, of, phases[phase]),
            now=app.now(),
        )
    if json_wanted:
        return print_json(dataclasses.asdict(made))
    learned = _.plural("{n} learner", "{n} learners", made.learners)
    tried = _.plural("{n} attempt", "{n} attempts", made.attempts)
    click.echo(f"{made.name} ({made.classroom}): {learned}, {tried}")
    click.echo(_("Who needs help most: {username}", username=made.struggling))
    address = f"{'https' if app.settings.tls_certificate else 'http'}://{app.settings.host}:{app.settings.port}"
    next_step = _(
        "To see it as its teacher, run these; then open {address}, sign in as “{username}” and choose “Class”:",
        address=address,
        username=_TEACHER,
    )
    click.echo(f"\n{next_step}")
    for command in _AS_ITS_TEACHER:
        click.echo(f"  {command.format(teacher=_TEACHER, classroom=made.classroom)}")
    return None
