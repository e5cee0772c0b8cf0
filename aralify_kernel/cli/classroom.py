"""`aralify class`: classes, from the operator's shell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aralify_kernel.app import application
from aralify_kernel.cli.output import as_json, language, new_file, print_json, print_table, read_text, texts
from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.marks import MarksFormat
from aralify_kernel.domain.rosters import Entry
from aralify_kernel.i18n import sentence

if TYPE_CHECKING:
    from aralify_kernel.domain.classrooms import Roster

_courses = click.option("--course", "courses", metavar="SLUG", multiple=True, help="A course it takes; repeatable.")


@click.group("class")
def classroom() -> None:
    """Make classes, let people in, list who is there, take marks away."""


@classroom.command()
@click.argument("name")
@_courses
@click.option("--teacher", "teachers", metavar="USERNAME", multiple=True, help="Who teaches it; repeatable.")
@as_json
def new(name: str, courses: tuple[str, ...], teachers: tuple[str, ...], *, json_wanted: bool) -> None:
    """Make a class, as in: aralify class new "Grade 9 Rizal" --course python-basics --teacher ana."""
    made = application().new_class(name, courses, teachers)
    if json_wanted:
        return print_json(_as_json(made))
    _ = texts()
    click.echo(_("The class “{name}” is made. Let learners in with: aralify class add {slug} USERNAME", **_named(made)))
    return None


@classroom.command()
@click.argument("classroom", metavar="CLASS")
@click.argument("usernames", metavar="[USERNAME]...", nargs=-1)
@_courses
@click.option("--teacher", is_flag=True, help="Let them in as teachers.")
@click.option(
    "--list", "listed", metavar="FILE", help="Let in everybody on this CSV file, or nobody; - for standard input."
)
@click.option("--preview", is_flag=True, help="Only say what each line of the list would do.")
@as_json
def add(
    classroom: str,
    usernames: tuple[str, ...],
    courses: tuple[str, ...],
    *,
    teacher: bool,
    listed: str | None,
    preview: bool,
    json_wanted: bool,
) -> None:
    """Let people into a class, by user name or by its list, or let it take more courses."""
    if listed is not None:
        return _let_in(classroom, listed, preview=preview, json_wanted=json_wanted)
    if not usernames and not courses:
        raise click.UsageError("Give user names, --course or --list.")
    role = ClassRole.TEACHER if teacher else ClassRole.LEARNER
    roster = application().add_to_class(classroom, usernames, role, courses)
    if json_wanted:
        return print_json(_as_json(roster))
    _ = texts()
    learners = sum(1 for one in roster.members if one.role is ClassRole.LEARNER and one.left_at is None)
    count = _.plural("{n} learner", "{n} learners", learners)
    click.echo(f"{roster.name}: {count} · {', '.join(roster.courses) or _('no course yet')}")
    return None


@classroom.command()
@click.argument("classroom", metavar="CLASS")
@as_json
def roster(classroom: str, *, json_wanted: bool) -> None:
    """List who is in a class; with --json also who has left it."""
    found = application().roster(classroom)
    if json_wanted:
        return print_json(_as_json(found))
    _ = texts()
    present = [one for one in found.members if one.left_at is None]
    click.echo(f"{found.name} · {', '.join(found.courses) or _('no course yet')}")
    if not present:
        click.echo(
            _("Nobody is in this class yet. Let people in with: aralify class add {slug} USERNAME", slug=found.slug)
        )
        return None
    roles = {ClassRole.TEACHER: _("Teacher"), ClassRole.LEARNER: _("Learner")}
    rows = [[one.username, one.display_name, roles[one.role], f"{one.joined_at:%Y-%m-%d}"] for one in present]
    print_table([_("User name"), _("Name"), _("Role"), _("Since")], rows)
    return None


@classroom.command()
@click.argument("classroom", metavar="CLASS")
@click.option(
    "--format",
    "form",
    type=click.Choice([one.value for one in MarksFormat]),
    default=MarksFormat.CSV.value,
    show_default=True,
    help="What is to read the marks.",
)
@click.option(
    "--output", metavar="FILE", type=click.Path(path_type=Path), help="A new file; standard output if left out."
)
def export(classroom: str, form: str, output: Path | None) -> None:
    """Write the marks of a class. docs/teacher.md says what each column holds."""
    from aralify_kernel.services import accounts, marks

    data = marks.export(application().database, accounts.OPERATOR, classroom, MarksFormat(form), language=language())
    if output is None:
        return click.echo(data, nl=False)
    with new_file(output) as file:
        file.write(data)
    click.echo(texts()("The marks are in {file}.", file=str(output)))
    return None


def _let_in(classroom: str, listed: str, *, preview: bool, json_wanted: bool) -> None:
    from aralify_kernel.services import accounts, rosters
    from aralify_kernel.services.local_time_zone import local_timezone

    app, data, codes = application(), read_text(listed).encode("utf-8", "surrogateescape"), {}
    if preview:
        lines = rosters.preview(app.database, accounts.OPERATOR, classroom, data)
    else:
        here = local_timezone()
        done = rosters.let_in(
            app.database, accounts.OPERATOR, classroom, data, language=language(), timezone=here, now=app.now()
        )
        lines, codes = done.lines, {code.username: code.code for code in done.codes}
    rows = [
        {
            "line": line.number,
            "username": line.username,
            "display_name": line.display_name,
            "entry": line.entry.value,
            "problem": sentence(line.problem, language()) if line.problem else None,
            "code": codes.get(line.username),
        }
        for line in lines
    ]
    if json_wanted:
        return print_json(rows)
    _ = texts()
    words = {
        Entry.NEW.value: _("new account"),
        Entry.LET_IN.value: _("let in"),
        Entry.IS_IN.value: _("in the class already"),
    }
    headings = [
        _("Line"),
        _("User name"),
        _("Name"),
        _("What happens"),
        _("Code for a first password, good for 24 hours"),
    ]
    shown = [
        [
            row["line"],
            row["username"],
            row["display_name"],
            row["problem"] or words[str(row["entry"])],
            row["code"] or "",
        ]
        for row in rows
    ]
    return print_table(headings, shown)


def _named(roster: Roster) -> dict[str, str]:
    return {"name": roster.name, "slug": roster.slug}


def _as_json(roster: Roster) -> dict[str, Any]:
    return {
        **_named(roster),
        "courses": list(roster.courses),
        "members": [
            {
                "username": one.username,
                "display_name": one.display_name,
                "role": one.role.name,
                "joined_at": one.joined_at.isoformat(),
                "left_at": one.left_at.isoformat() if one.left_at else None,
            }
            for one in roster.members
        ],
    }
