"""Answers that wait for the class server, on the disk: one file each, in the order they were given.

::

    queue/<server and person>/00000007.json      waits
                              00000005.refused   was not taken by the server, and nobody has been told yet
                              00000004.damaged   cannot be read any more, and nobody has been told yet
                              …                  with .told after it: kept for whoever wants to look

A file is written beside its place, flushed to the disk and then put there, so that a crash leaves it whole or not at
all. It goes when the server has answered. Whatever a crash lets be sent twice has the same attempt key, by which the
server knows it.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from aralify_kernel.client import refusals, wire
from aralify_kernel.client.messages import Refused  # noqa: TC001 - `wire` reads annotations
from aralify_kernel.domain.kept_answers import RefusedAnswer
from aralify_kernel.domain.session import Submission
from aralify_kernel.errors import N_, AralifyError, DiskFull, WorkspaceUnusable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from aralify_kernel.domain.facts import ActivityKind
    from aralify_kernel.domain.references import LessonRef

_FILE: Final = re.compile(r"(\d{8})\.(json|refused|damaged)(\.told)?")
_NO_ROOM: Final = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_PATIENCE_SEC: Final = 10.0
"""How long to wait for another kernel that is writing."""


class KeptAnswerDamaged(AralifyError):
    """The file of a kept answer cannot be read any more."""

    code = "kept_answer_damaged"
    message = N_("An answer that was kept on this computer cannot be read any more. Run its cell again. ({path})")


@dataclass(frozen=True, slots=True)
class Waiting:
    """An answer as its file holds it; whose it is, and for which server, is for people who look into the file."""

    lesson: LessonRef
    activity: str
    content: str
    attempt_key: str
    kept_at: datetime
    username: str
    server: str
    kind: ActivityKind | None = None

    @property
    def submission(self) -> Submission:
        """What is to be sent, with the time it was given."""
        return Submission(self.lesson, self.activity, self.content, self.attempt_key, self.kind, self.kept_at)


@dataclass(frozen=True, slots=True)
class _Aside:
    """A refused answer as its file holds it."""

    answer: Waiting
    why: Refused


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer that waits, and its file."""

    path: Path
    answer: Waiting


class Queue:
    """The answers of one person for one server. Every method may raise `DiskFull` or `WorkspaceUnusable`."""

    def __init__(self, home: Path, server: str, username: str) -> None:
        whose = hashlib.sha256(f"{server}\n{username}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
        self._folder = home / "queue" / whose
        self._server = server
        self._username = username

    def keep(self, submission: Submission, *, now: datetime) -> Waiting:
        """Keep an answer behind those that wait already. It is on the disk when this returns."""
        answer = Waiting(
            submission.lesson,
            submission.activity,
            submission.content,
            submission.attempt_key,
            now,
            self._username,
            self._server,
            submission.kind,
        )
        with self._writing():
            last = max((int(path.name[:8]) for path in self._files()), default=0)
            self._write(f"{last + 1:08d}.json", wire.encode(answer))
        return answer

    def waiting(self) -> list[Entry]:
        """Return what waits, the oldest first. What cannot be read is set aside, and stands in nobody's way."""
        found = ((path, self._read(path)) for path in self._files("json"))
        return [Entry(path, answer) for path, answer in found if answer is not None]

    def remove(self, entry: Entry) -> None:
        """Let go of an answer that the server has. Only for who is `sending`."""
        with suppress(OSError):  # sent again, it would be known by its key
            entry.path.unlink()

    def refuse(self, entry: Entry, error: AralifyError) -> None:
        """Set an answer aside that the server does not take, with the reason. Only for who is `sending`."""
        with self._writing():
            aside = _Aside(entry.answer, refusals.refusal(error, "en"))
            self._write(f"{entry.path.stem}.refused", wire.encode(aside))
            entry.path.unlink(missing_ok=True)

    def hand_over(self, other: Queue) -> None:
        """Put everything that waits behind what waits in another queue. After a crash both may have it, not neither."""
        for entry in self.waiting():
            other.keep(entry.answer.submission, now=entry.answer.kept_at)
            self.remove(entry)

    def told(self) -> tuple[RefusedAnswer, ...]:
        """Return what was set aside and has not been told yet; it counts as told from now on."""
        found = []
        for path in self._files("refused", "damaged"):
            refused = self._read_aside(path)
            with _explained(self._folder), suppress(FileNotFoundError):  # another kernel tells it
                path.replace(path.with_name(f"{path.name}.told"))
                found.append(refused)
        return tuple(found)

    @contextmanager
    def sending(self, *, wait_sec: float = 0.0) -> Iterator[bool]:
        """Be the only one that sends these answers; gives False when somebody else still does after `wait_sec`."""
        with _explained(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = FileLock(self._folder / "sending.lock", mode=0o600)
            with suppress(Timeout):
                lock.acquire(timeout=wait_sec)
        try:
            yield lock.is_locked
        finally:
            lock.release()

    def _files(self, *kinds: str) -> list[Path]:
        """Return the files of these kinds, the oldest first; all that have a number when no kind is given."""
        with _explained(self._folder), suppress(FileNotFoundError):
            found = [(_FILE.fullmatch(path.name), path) for path in self._folder.iterdir()]
            return sorted(path for name, path in found if name and (not kinds or (name[2] in kinds and not name[3])))
        return []

    def _read(self, path: Path) -> Waiting | None:
        with _explained(path), suppress(FileNotFoundError):  # sent by another kernel meanwhile
            try:
                return wire.decode(Waiting, path.read_bytes())
            except wire.NotOnTheWire:
                path.replace(path.with_suffix(".damaged"))
        return None

    def _read_aside(self, path: Path) -> RefusedAnswer:
        try:
            aside = wire.decode(_Aside, path.read_bytes())
            error = refusals.error_of(wire.encode(aside.why))
        except (OSError, wire.NotOnTheWire):
            return RefusedAnswer(KeptAnswerDamaged(path=str(path)))
        answer = aside.answer
        return RefusedAnswer(error, answer.lesson, answer.activity, answer.attempt_key, answer.kept_at)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with _explained(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with FileLock(self._folder / "writing.lock", timeout=_PATIENCE_SEC, mode=0o600):
                for half_written in self._folder.glob("*.new"):
                    half_written.unlink()
                yield

    def _write(self, name: str, data: bytes) -> None:
        beside = self._folder / f"{name}.new"
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._folder / name)
        if os.name == "posix":  # elsewhere a folder cannot be opened, and needs no flushing
            with suppress(OSError):  # some network drives cannot; the answer is in its place
                folder = os.open(self._folder, os.O_RDONLY)
                try:
                    os.fsync(folder)
                finally:
                    os.close(folder)


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Say what the system says about a folder as a person is told it."""
    try:
        yield
    except Timeout as error:
        raise WorkspaceUnusable(path=str(folder), detail="locked") from error
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise DiskFull from error
        raise WorkspaceUnusable(path=str(folder), detail=error.strerror or str(error)) from error
