"""The `aralify` command.

Every command is loaded when it is called, so that `aralify --help` stays quick. Whatever a person can mend ends as one
sentence on standard error and the exit status of the error: 1 the thing failed, 2 wrong usage.
"""

from __future__ import annotations

import importlib
import logging
import sys
from typing import Final, NoReturn

import click

from aralify_kernel import __version__
from aralify_kernel.cli.output import language, texts
from aralify_kernel.errors import N_, AralifyError, UsageError
from aralify_kernel.i18n import sentence

COMMANDS: Final = {
    "lab": "aralify_kernel.cli.lab",
    "serve": "aralify_kernel.cli.serve",
    "course": "aralify_kernel.cli.course",
    "grade": "aralify_kernel.cli.judging",
    "submit": "aralify_kernel.cli.judging",
    "user": "aralify_kernel.cli.user",
    "class": "aralify_kernel.cli.classroom",
    "progress": "aralify_kernel.cli.progress",
    "db": "aralify_kernel.cli.database",
    "demo": "aralify_kernel.cli.demo",
    "doctor": "aralify_kernel.cli.doctor",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        name = "classroom" if cmd_name == "class" else cmd_name
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name]), name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="aralify")
def aralify() -> None:
    """Learn programming inside Jupyter: courses, exercises judged at once, progress that lasts."""


def main() -> NoReturn:
    """Run the `aralify` command and end the process with its exit status."""
    _keep_out_the_grammar_of_addresses()
    try:
        sys.exit(run(sys.argv[1:]))
    finally:
        from aralify_kernel.app import application

        if application.cache_info().currsize:
            logging.disable()  # what ends from here on is ended by us
            application().close()


def _keep_out_the_grammar_of_addresses() -> None:
    """Spare this process the seconds in which jsonschema, which Jupyter loads, makes a parser that nothing here uses.

    It checks values of the format `iri`, which no schema of Jupyter's has. As where the package is missing, jsonschema
    goes without it.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None is how Python says so


def run(arguments: list[str]) -> int:
    """Run one command line.

    Returns:
        The exit status: 0 success, 1 the thing failed, 2 wrong usage.
    """
    try:
        _refuse_bytes_without_text(arguments)
        status = aralify.main(arguments, prog_name="aralify", standalone_mode=False)
    except AralifyError as error:
        for problem in error.details.get("problems", ()):
            click.echo(problem.line(language()), err=True)
        click.echo(f"aralify: {sentence(error, language())}", err=True)
        return error.exit_code
    except click.ClickException as error:
        click.echo(f"aralify: {error.format_message()}", err=True)
        return 2 if isinstance(error, click.UsageError) else 1
    except click.Abort:
        stopped = texts()("Stopped.")
        click.echo(f"aralify: {stopped}", err=True)
        return 1
    return status if isinstance(status, int) else 0


def _refuse_bytes_without_text(arguments: list[str]) -> None:
    for argument in arguments:
        if not argument.isprintable() and any("\udc80" <= character <= "\udcff" for character in argument):
            shown = argument.encode("utf-8", "backslashreplace").decode()
            raise UsageError(argument=shown, reason=N_("“{argument}” is not UTF-8 text."))
