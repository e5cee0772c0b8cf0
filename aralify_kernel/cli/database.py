"""`aralify db`: looking after the database."""

from __future__ import annotations

from pathlib import Path

import click

from aralify_kernel.app import application
from aralify_kernel.cli.output import as_json, print_json, progress_bar, texts


@click.group()
def db() -> None:
    """Bring the database up to date, prove that it is sound, keep copies of it and move it."""


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


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write the database as it stands into a new FILE, while learners go on working."""
    _ = texts()
    with progress_bar(_("Copying")) as on_progress:
        application().db_backup(file, on_progress)
    click.echo(_("The backup is in {file}.", file=str(file)))


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(file: Path, *, yes: bool) -> None:
    """Make the database what it was when the backup FILE was made; who was erased since stays erased."""
    from aralify_kernel.services import copies

    _, app = texts(), application()
    if not yes:
        click.confirm(_("Everything since this backup will be lost. Go back to it?"), abort=True, err=True)
    with progress_bar(_("Copying")) as on_progress:
        again = copies.restore(app.database, file, app.erasures, on_progress, now=app.now())
    click.echo(_("The database is what it was at the backup."))
    if again:
        click.echo(_.plural("{n} person was erased again.", "{n} people were erased again.", again))


@db.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@as_json
def copy(source: str, target: str, *, json_wanted: bool) -> None:
    """Move everything from one database URL to another; interrupted, the same command goes on from there.

    Both are sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME. What was written meanwhile comes along when
    it is repeated; before the last time, nobody should work any more.
    """
    _ = texts()
    with progress_bar(_("Copying")) as on_progress:
        replaying = _("Replaying")
        counts = application().db_copy(source, target, on_progress, lambda done, of: on_progress(done, of, replaying))
    if json_wanted:
        return print_json({"rows": counts})
    rows = _.plural("{n} row", "{n} rows", sum(counts.values()))
    click.echo(_("Copied: {rows}. Every figure that follows from them is the same.", rows=rows))
    return None
