"""`aralify db`: looking after the database."""

from __future__ import annotations

import click

from aralify_kernel.app import application
from aralify_kernel.cli.output import as_json, print_json, progress_bar, texts


@click.group()
def db() -> None:
    """Bring the database up to date and prove that it is sound."""


@db.command()
def upgrade() -> None:
    """Bring the schema to this version, keeping all data."""
    application().db_upgrade()
    click.echo(texts()("The database is up to date."))


@db.command()
@as_json
def check(*, json_wanted: bool) -> int:
    """Prove that the schema is at head, foreign keys are sound and every stored figure follows from the facts.

    Each difference is one line on standard error, and the exit status is 1.
    """
    _ = texts()
    with progress_bar(_("Replaying")) as on_progress:
        differences = application().db_check(on_progress)
    if json_wanted:
        print_json({"ok": not differences, "differences": list(differences)})
    elif differences:
        for difference in differences:
            click.echo(difference, err=True)
    else:
        click.echo(_("The database is sound: every stored figure follows from the recorded attempts."))
    return int(bool(differences))


@db.command()
@as_json
def rebuild(*, json_wanted: bool) -> None:
    """Make progress, XP, streaks and summaries what follows from the recorded attempts; tell what was different."""
    _ = texts()
    with progress_bar(_("Replaying")) as on_progress:
        differences = application().db_rebuild(on_progress)
    if json_wanted:
        return print_json({"differences": list(differences)})
    for difference in differences:
        click.echo(difference)
    mended = _.plural("{n} figure was different.", "{n} figures were different.", len(differences))
    click.echo(mended if differences else _("Nothing was different."))
    return None
