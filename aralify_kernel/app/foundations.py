"""What the application is built of: the settings, the clock, the database and what judges, each made on first use."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from aralify_kernel.grading import Grader
    from aralify_kernel.grading.pool import PooledGrader
    from aralify_kernel.services.erasure_journal import ErasureJournal
    from aralify_kernel.settings import Settings
    from aralify_kernel.store.database import Database, Transaction


@dataclass(frozen=True)
class Foundations:
    """The settings and what follows from them. The one place that reads the clock."""

    settings: Settings

    @cached_property
    def database(self) -> Database:
        """The database, with its schema and the built-in courses in place, and old answers without their code."""
        from aralify_kernel.services import personal_data
        from aralify_kernel.store import schema

        database = self._unprepared
        if database.is_local:
            self._upgrade(database)
        else:
            schema.require_head(database)
        self._publish_builtin(database)
        personal_data.let_go_of_sources(database, self.settings.source_days, now=self.now())
        return database

    @cached_property
    def erasures(self) -> ErasureJournal:
        """Where it is noted, beside the database, that somebody was erased."""
        from aralify_kernel.services.erasure_journal import journal_of

        return journal_of(self._unprepared, self.settings.home)

    @cached_property
    def grader(self) -> Grader:
        """What judges learners' code: shared with this user's other kernels, where that is possible."""
        from aralify_kernel.grading import open_shared

        return open_shared(self.settings)

    @cached_property
    def own_grader(self) -> PooledGrader:
        """What judges an author's many answers: in this process, and ended with it."""
        from aralify_kernel.grading import open_pool

        return open_pool(self.settings)

    def builtin_folder(self, name: str) -> Path:
        """Return the folder of what ships with Aralify: `courses` or `dashboards`."""
        from aralify_kernel.courses.builtin import builtin_folder

        return builtin_folder(name)

    def now(self) -> datetime.datetime:
        """Return the time (aware UTC)."""
        return datetime.datetime.now(datetime.UTC)

    def close(self) -> None:
        """Close the database and end the graders, where they were used."""
        for name in ("grader", "own_grader"):
            if name in self.__dict__:
                getattr(self, name).close()
        if "_unprepared" in self.__dict__:
            self._unprepared.dispose()

    @cached_property
    def _unprepared(self) -> Database:
        from aralify_kernel.store.database import Database

        return Database(self.settings.database_url)

    def _upgrade(self, database: Database) -> None:
        from aralify_kernel.store import schema

        def follow(tx: Transaction) -> None:
            from aralify_kernel.services import rebuild

            rebuild.follow(tx, lambda *_: None, now=self.now())

        schema.upgrade(database, follow)

    def _publish_builtin(self, database: Database) -> None:
        from aralify_kernel.courses.builtin import builtin_courses
        from aralify_kernel.services import publishing

        for folder in builtin_courses():
            found = publishing.folder_hash(folder)
            if publishing.needs_builtin(database, folder.name, found):
                from aralify_kernel.courses.folder import read_course

                publishing.publish_builtin(database, read_course(folder), found, now=self.now())
