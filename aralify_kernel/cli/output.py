"""How commands speak: in the reader's language, as tables for people and JSON for programs, with a bar on long work."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from aralify_kernel.i18n import Translator, translator
from aralify_kernel.settings import system_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

as_json = click.option("--json", "json_wanted", is_flag=True, help="Print data as JSON.")


def language() -> str:
    """Return the language commands speak: the setting's, else the one chosen here, else the system's."""
    from aralify_kernel.app import application
    from aralify_kernel.errors import AralifyError

    try:
        return application().language() or system_language()
    except (AralifyError, OSError):
        return system_language()


def texts() -> Translator:
    """Return the texts in the reader's language."""
    return translator(language())


def print_json(data: Any) -> None:
    """Print `data` as one line of JSON."""
    click.echo(json_line(data))


def json_line(data: Any) -> str:
    """Return `data` as one line of JSON that can be written as UTF-8, whatever half characters are in it."""
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def print_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table that fits the terminal; piped, it is not cut."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 200).print(table)


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[..., None]]:
    """Show a bar on standard error while the block runs; call what it yields with (done, of) and what is being done.

    Nothing is shown where standard error is no terminal.
    """
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done, of, what=label: progress.update(task, completed=done, total=of, description=what)


def read_text(path: str) -> str:
    """Return the text of a file, or of standard input for `-`. Anything that is no UTF-8 stays visible as surrogates."""
    with click.open_file(path, "rb") as file:
        data: bytes = file.read()
    return data.decode("utf-8", errors="surrogateescape")


def read_password(*, from_stdin: bool, confirm: bool) -> str:
    """Return a password from standard input's first line, or asked for without showing it."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    answer: str = click.prompt(texts()("Password"), hide_input=True, confirmation_prompt=confirm, err=True)
    return answer
