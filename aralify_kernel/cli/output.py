"""How commands speak: in the reader's language, as tables for people and JSON for programs, with a bar on long work."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from aralify_kernel.errors import N_, UsageError
from aralify_kernel.i18n import Translator, translator
from aralify_kernel.settings import system_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO


class FileUnreadable(UsageError):
    """A file that was named cannot be read."""

    code = "file_unreadable"
    message = N_("“{path}” cannot be read: {detail}.")


class FileUnwritable(UsageError):
    """A file that was named cannot be written, or is there already."""

    code = "file_unwritable"
    message = N_("“{path}” cannot be written: {detail}.")


class NothingOnInput(UsageError):
    """Standard input was to hold something, and is closed or empty."""

    code = "nothing_on_input"
    message = N_("There is nothing on standard input. Type it, or send it through a pipe.")


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
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done, of, what=label: progress.update(task, completed=done, total=of, description=what)


def read_text(path: str) -> str:
    """Return the text of a file, or of standard input for `-`. Anything that is no UTF-8 stays visible as surrogates.

    Raises:
        FileUnreadable: There is no such file, or it cannot be read.
        NothingOnInput: Standard input is closed.
    """
    if path == "-" and sys.stdin is None:
        raise NothingOnInput
    try:
        with click.open_file(path, "rb") as file:
            data: bytes = file.read()
    except OSError as error:
        raise FileUnreadable(path=path, detail=error.strerror or type(error).__name__) from error
    return data.decode("utf-8", errors="surrogateescape")


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file that does not exist yet, readable by its owner only; it goes again when the block fails.

    Raises:
        FileUnwritable: It exists, or it cannot be written.
    """
    try:
        file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), "wb")
    except OSError as error:
        raise FileUnwritable(path=str(path), detail=error.strerror or type(error).__name__) from error
    try:
        with file:
            yield file
    except BaseException as error:
        path.unlink()
        if isinstance(error, OSError):
            raise FileUnwritable(path=str(path), detail=error.strerror or type(error).__name__) from error
        raise


def read_password(*, from_stdin: bool, confirm: bool) -> str:
    """Return a password from standard input's first line, or asked for without showing it.

    Raises:
        NothingOnInput: It was to come from standard input, and no line is there.
    """
    if from_stdin:
        if sys.stdin is None or not (line := sys.stdin.readline().rstrip("\r\n")):
            raise NothingOnInput
        return line
    answer: str = click.prompt(texts()("Password"), hide_input=True, confirmation_prompt=confirm, err=True)
    return answer
