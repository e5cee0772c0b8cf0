"""Who was erased, kept beside the database too: so a backup can be put back though the database itself is lost."""

from __future__ import annotations

import errno
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from aralify_kernel.errors import N_, DatabaseReadOnly, DatabaseUnusable, DiskFull
from aralify_kernel.store.database import sqlite_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aralify_kernel.store.database import Database

_NAME: Final = "erasures.jsonl"


@dataclass(frozen=True, slots=True)
class ErasureJournal:
    """A file of one line for each erasure: a hash that says nothing about the person (`person_hash`), and when."""

    file: Path
    owned_as: Path
    """Made by root, the file gets the owner of this one: the server, which is somebody else, has to write it, too."""

    def keep(self, erased: Mapping[str, datetime]) -> None:
        """Note erasures, so that they survive a power cut.

        Raises:
            DiskFull: There is no room for them.
            DatabaseReadOnly: The file cannot be written.
        """
        lines = "".join(json.dumps({"person": who, "at": when.isoformat()}) + "\n" for who, when in erased.items())
        try:
            descriptor = self._opened()
            try:
                # After a line that a power cut left unfinished, a new one begins all the same.
                os.write(descriptor, ("\n" + lines if self._is_torn(descriptor) else lines).encode())
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise DiskFull from error
            raise DatabaseReadOnly(location=str(self.file)) from error

    def erased(self) -> dict[str, datetime]:
        """Return when people were erased, by their `person_hash`.

        Raises:
            DatabaseUnusable: There is a file, and it cannot be read.
        """
        try:
            lines = self.file.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return {}
        except OSError as error:
            reason = N_("The file is not there, or you may not open it.")
            raise DatabaseUnusable(location=str(self.file), reason=reason) from error
        found = {}
        for line in lines:
            with suppress(ValueError, KeyError, TypeError):  # one that a power cut left unfinished
                noted = json.loads(line)
                found[str(noted["person"])] = datetime.fromisoformat(noted["at"])
        return found

    def _opened(self) -> int:
        with suppress(FileNotFoundError):
            return os.open(self.file, os.O_RDWR | os.O_APPEND)
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            owner = self.owned_as.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        if hasattr(os, "O_DIRECTORY"):  # elsewhere, a folder cannot be told to keep the name of a new file
            folder = os.open(self.file.parent, os.O_RDONLY | os.O_DIRECTORY)
            os.fsync(folder)
            os.close(folder)
        return descriptor

    def _is_torn(self, descriptor: int) -> bool:
        size = os.lseek(descriptor, 0, os.SEEK_END)
        os.lseek(descriptor, max(0, size - 1), os.SEEK_SET)
        return os.read(descriptor, 1) not in {b"", b"\n"}


def journal_of(db: Database, home: Path) -> ErasureJournal:
    """Return the journal of a database: beside its file, or in `home` when it is a server's."""
    file = sqlite_file(db.url)
    return ErasureJournal(home / _NAME, home) if file is None else ErasureJournal(file.with_name(_NAME), file)
