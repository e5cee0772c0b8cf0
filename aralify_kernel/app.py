"""The one place that builds things, and the only one that reads the clock."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from aralify_kernel.settings import Settings, load

if TYPE_CHECKING:
    from pathlib import Path

    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.session import LearnerSession


@dataclass(frozen=True)
class Application:
    """Everything a face needs: the settings and, built on first use, the session behind the shared sign-in."""

    settings: Settings

    def session(self) -> LearnerSession:
        """Return what the person at this computer can do. Creates and fills the local database on first use."""
        raise NotImplementedError

    def language(self) -> str | None:
        """Return the language chosen on this computer (the signed-in person's, else the last choice), or None."""
        raise NotImplementedError

    def choose_language(self, language: str) -> None:
        """Keep a language, in the signed-in person's profile too."""
        raise NotImplementedError

    def open_working_copy(self, ref: LessonRef) -> Path:
        """Open a lesson and write or refresh its working copy; return the notebook's path in the workspace."""
        raise NotImplementedError

    def restore_cells(self, ref: LessonRef) -> int:
        """Put missing cells of an (unopened) working copy back; return how many."""
        raise NotImplementedError

    def builtin_folder(self, name: str) -> Path:
        """Return the folder of what ships with Aralify: `courses` or `dashboards`."""
        from aralify_kernel.courses.builtin import builtin_folder

        return builtin_folder(name)

    def now(self) -> datetime.datetime:
        """Return the time (aware UTC)."""
        return datetime.datetime.now(datetime.UTC)


@cache
def application() -> Application:
    """Return this process's application."""
    return Application(load())
