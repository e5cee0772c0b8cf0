"""What the class server said last, so that an open lesson goes on working while it is away."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from aralify_kernel.client import wire

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")


class Cache:
    """What one person was told by one server. A value that is missing, damaged or of another version is None."""

    def __init__(self, home: Path, server: str, username: str) -> None:
        self._folder = home / "cache" / _digest(f"{server}\n{username}")

    def read(self, kind: type[T], name: str) -> T | None:
        """Return the value kept under a name."""
        with suppress(OSError, wire.NotOnTheWire):
            return wire.decode(kind, self._path(name).read_bytes())
        return None

    def write(self, name: str, value: Any) -> None:
        """Keep a value, wholly; where the disk takes none, nothing is kept."""
        path = self._path(name)
        beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(wire.encode(value))
                beside.replace(path)
            finally:
                beside.unlink(missing_ok=True)

    def forget(self) -> None:
        """Forget all of it."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _path(self, name: str) -> Path:
        return self._folder / f"{_digest(name)}.json"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
