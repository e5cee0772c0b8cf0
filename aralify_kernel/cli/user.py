"""`aralify user`: accounts, from the operator's shell."""

from __future__ import annotations

from pathlib import Path

import click

from aralify_kernel.app import application
from aralify_kernel.cli.output import as_json, new_file, print_json, print_table, read_password, texts
from aralify_kernel.domain.permissions import Role

_role = click.Choice([role.name for role in Role], case_sensitive=False)
_from_stdin = click.option("--password-stdin", is_flag=True, help="Read the password from standard input's first line.")


@click.group()
def user() -> None:
    """Add people, set passwords and roles, list who is there, hand out or erase what is held about somebody."""


@user.command()
@click.argument("username")
@click.option("--email", metavar="E")
@_from_stdin
@click.option("--display-name", metavar="N")
@click.option("--locale", type=click.Choice(["en", "fil"]), default="en", show_default=True)
@click.option("--timezone", metavar="Z", help="An IANA zone such as Asia/Manila; the system's when left out.")
@click.option("--role", type=_role, default=Role.USER.name, show_default=True)
def add(
    username: str,
    email: str | None,
    display_name: str | None,
    locale: str,
    timezone: str | None,
    role: str,
    *,
    password_stdin: bool,
) -> None:
    """Make an account; without a password it can sign in on this machine only by name."""
    password = read_password(from_stdin=True, confirm=False) if password_stdin else None
    profile = application().add_user(
        username,
        email=email,
        password=password,
        display_name=display_name,
        language=locale,
        timezone=timezone,
        role=Role[role.upper()],
    )
    click.echo(texts()("{username} can sign in now.", username=profile.username))


@user.command()
@click.option("--uses", type=int, metavar="N", default=1, show_default=True, help="How many people may use the code.")
@click.option("--days", type=int, metavar="D", default=14, show_default=True, help="For how many days.")
@click.option("--role", type=_role, default=Role.USER.name, show_default=True)
@click.option("--class", "classroom", metavar="CLASS", help="A class they are learners of from the beginning.")
@as_json
def invite(uses: int, days: int, role: str, classroom: str | None, *, json_wanted: bool) -> None:
    """Make a code by which people make accounts of their own on a class server."""
    from aralify_kernel.services import accounts, invitations

    app = application()
    wanted = invitations.NewInvitation(uses, days, Role[role.upper()], classroom)
    code, expires_at = invitations.make(app.database, accounts.OPERATOR, wanted, now=app.now())
    if json_wanted:
        return print_json({"code": code, "uses": uses, "expires_at": expires_at.isoformat()})
    click.echo(code)
    _ = texts()
    for_whom = _.plural("For {n} person", "For {n} people", uses)
    click.echo(_("{for_whom}, until {date}.", for_whom=for_whom, date=expires_at.date().isoformat()), err=True)
    return None


@user.command()
@click.argument("code")
def uninvite(code: str) -> None:
    """Let nobody use an invitation code any more; who used it keeps the account."""
    from aralify_kernel.services import accounts, invitations

    invitations.withdraw(application().database, accounts.OPERATOR, code)
    click.echo(texts()("The code {code} does not work any more.", code=code))


@user.command()
@click.argument("username")
@_from_stdin
def passwd(username: str, *, password_stdin: bool) -> None:
    """Set a new password; every sign-in of the account ends."""
    application().set_password(username, read_password(from_stdin=password_stdin, confirm=True))
    click.echo(texts()("{username} has a new password; earlier sign-ins have ended.", username=username))


@user.command()
@click.argument("username")
@click.argument("role", type=_role)
@click.option("--verified/--not-verified", default=None, help="Also mark the account as verified, or not.")
def role(username: str, role: str, *, verified: bool | None) -> None:
    """Give an account the role USER, MODERATOR or ADMIN."""
    profile = application().set_role(username, Role[role.upper()], is_verified=verified)
    click.echo(texts()("{username} is {role} now.", username=profile.username, role=profile.role.name))


@user.command("list")
@as_json
def list_users(*, json_wanted: bool) -> None:
    """List all accounts."""
    users = application().users()
    rows = [
        {
            "username": one.username,
            "display_name": one.display_name,
            "email": one.email,
            "role": one.role.name,
            "is_verified": one.is_verified,
            "is_guest": one.is_guest,
            "xp_total": one.xp_total,
            "level": one.level,
        }
        for one in users
    ]
    if json_wanted:
        return print_json(rows)
    _ = texts()
    if not rows:
        click.echo(_("Nobody has an account here yet. Add one with: aralify user add NAME"))
        return None
    headings = [_("User name"), _("Name"), _("Role"), "XP", _("Level")]
    print_table(
        headings, [[row[key] for key in ("username", "display_name", "role", "xp_total", "level")] for row in rows]
    )
    return None


@user.command()
@click.argument("username")
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help="The zip; USERNAME.zip when left out.")
@as_json
def export(username: str, output: Path | None, *, json_wanted: bool) -> None:
    """Write everything that is held about somebody into a zip, as JSON and CSV."""
    from aralify_kernel.services import personal_data

    file = output or Path(f"{Path(username).name}.zip")
    app = application()
    app.session_for(username)
    with new_file(file) as out:
        counted = personal_data.export(app.database, username, out)
    if json_wanted:
        return print_json({"file": str(file), "rows": counted})
    click.echo(texts()("Everything that is held about {username} is in {file}.", username=username, file=str(file)))
    return None


@user.command()
@click.argument("username")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(username: str, *, yes: bool) -> None:
    """Delete everything that is held about somebody, for good; their classes' figures are then those of the others."""
    from aralify_kernel.services import personal_data

    _, app = texts(), application()
    profile = app.session_for(username).profile()
    asked = _("Erase {username} ({display_name}) for good?", username=username, display_name=profile.display_name)
    if not yes:
        click.confirm(asked, abort=True, err=True)
    personal_data.erase(app.database, username, app.erasures, now=app.now())
    click.echo(_("Everything that was held about {username} in the database is gone.", username=username))
