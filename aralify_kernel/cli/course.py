"""`aralify course`: what authors and moderators do with course folders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aralify_kernel.app import application
from aralify_kernel.cli.output import as_json, language, print_json, print_table, progress_bar, texts
from aralify_kernel.errors import CourseInvalid
from aralify_kernel.i18n import in_language, translator

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))


@click.group()
def course() -> None:
    """List, check, publish and unpublish courses."""


@course.command("list")
@as_json
def list_courses(*, json_wanted: bool) -> None:
    """List every course of the database, unpublished ones too."""
    courses = application().all_courses()
    rows = [
        {
            "slug": card.slug,
            "language": card.language,
            "title": dict(card.title),
            "is_published": card.is_published,
            "levels": len(card.levels),
            "lessons": sum(len(level.lessons) for level in card.levels),
        }
        for card in courses
    ]
    if json_wanted:
        return print_json(rows)
    _ = texts()
    if not rows:
        click.echo(_("No course yet. Publish one with: aralify course publish DIR"))
        return None
    print_table(
        [_("Course"), _("Title"), _("Topics"), _("Lessons"), _("Published")],
        [
            [
                row["slug"],
                in_language(card.title, language()),
                row["levels"],
                row["lessons"],
                _("yes") if card.is_published else _("no"),
            ]
            for row, card in zip(rows, courses, strict=True)
        ],
    )
    return None


@course.command()
@FOLDER
@as_json
def check(folder: Path, *, json_wanted: bool) -> int:
    """Prove a course: every mistake at once; references pass, starters and listed mistakes fail."""
    try:
        with progress_bar(texts()("Judging")) as on_progress:
            report = application().check_course(folder, on_progress)
    except CourseInvalid as error:
        if not json_wanted:
            raise
        return _show(error.details["problems"], (), json_wanted=True)
    return _show(report.problems, report.warnings, json_wanted=json_wanted)


@course.command()
@FOLDER
def publish(folder: Path) -> None:
    """Publish a course folder, or a newer version of it. With mistakes in it, nothing changes."""
    published = application().publish(folder)
    title = in_language(published.title, language())
    click.echo(texts()("Published “{title}” ({slug}).", title=title, slug=published.slug))


@course.command()
@click.argument("slug")
def unpublish(slug: str) -> None:
    """Hide a course from learners. Nothing they did is lost; publishing brings it back."""
    application().unpublish(slug)
    click.echo(texts()("“{slug}” is unpublished. Publish its folder to bring it back.", slug=slug))


def _show(problems: Sequence[Any], warnings: Sequence[Any], *, json_wanted: bool) -> int:
    """Print what was found; return the exit status."""
    language_ = language()
    if json_wanted:
        print_json({"ok": not problems, "problems": _plain(problems), "warnings": _plain(warnings)})
        return int(bool(problems))
    _ = translator(language_)
    for problem in problems:
        click.echo(problem.line(language_), err=True)
    for warning in warnings:
        click.echo(_("Warning: {line}", line=warning.line(language_)), err=True)
    if problems:
        click.echo(_.plural("{n} mistake to mend.", "{n} mistakes to mend.", len(problems)), err=True)
    else:
        click.echo(_("This course is sound: every reference passes, every starter and listed mistake fails."))
    return int(bool(problems))


def _plain(found: Sequence[Any]) -> list[dict[str, str]]:
    return [{"file": one.file, "key": one.key, "message": one.sentence("en")} for one in found]
