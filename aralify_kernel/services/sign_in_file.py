"""Where the token of a sign-in is kept: in a file that all kernels of one Jupyter user share, or for one request."""

from __future__ import annotations

import errno
import json
import os
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.sign_ins import SharedSignIn
from aralify_kernel.errors import DatabaseReadOnly, DiskFull

if TYPE_CHECKING:
    from pathlib import Path

_KEYS: Final = ("token", "language", "username", "untold")


class HeldSignIn:
    """Holds a token for as long as a request lasts."""

    def __init__(self, token: str | None = None) -> None:
        self._held = SharedSignIn(token)

    def read(self) -> SharedSignIn:
        """Return what is held."""
        return self._held

    def write(self, shared: SharedSignIn) -> None:
        """Hold this from now on."""
        self._held = shared


class HubSignIn:
    """The sign-in of whoever a JupyterHub's single-user server belongs to: its token is the Hub's, and never written."""

    def __init__(self, kept: SignInFile, name: str, token: str) -> None:
        self._kept, self._name, self._token = kept, name, token

    def read(self) -> SharedSignIn:
        """Return the Hub's token, with the language chosen here."""
        kept = self._kept.read()
        return replace(kept, token=self._token, username=kept.username or self._name)

    def write(self, shared: SharedSignIn) -> None:
        """Keep all but a token. Raises as `SignInFile.write` does."""
        self._kept.write(replace(shared, token=None))


class SignInFile:
    """A file that only its owner may read. It is read again on each use, as another kernel may have written it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> SharedSignIn:
        """Return what it holds; nothing when it is missing or damaged."""
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
            texts = {key: data.get(key) for key in _KEYS}
        except (OSError, ValueError, AttributeError):
            return SharedSignIn()
        return SharedSignIn(**{key: text if isinstance(text, str) and text else None for key, text in texts.items()})

    def write(self, shared: SharedSignIn) -> None:
        """Replace what it holds, at once and wholly.

        Raises:
            DiskFull: There is no room.
            DatabaseReadOnly: The folder cannot be written to.
        """
        data = json.dumps({key: getattr(shared, key) for key in _KEYS})
        beside = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            if error.errno == errno.ENOSPC:
                raise DiskFull from error
            raise DatabaseReadOnly(location=str(self.path)) from error
