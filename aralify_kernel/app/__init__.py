"""The one place that builds things."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any

from aralify_kernel.app.operating import Operating
from aralify_kernel.errors import N_, AralifyError, InvalidValue, ServerUnreachable, UsageError
from aralify_kernel.services.local_time_zone import local_timezone
from aralify_kernel.settings import hub_user, load

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from aralify_kernel.client.http_session import HttpSession
    from aralify_kernel.domain.bringing import WorkDoneHere
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.session import LearnerSession, Profile
    from aralify_kernel.domain.sign_ins import SharedSignIn, SignInHolder
    from aralify_kernel.domain.teaching import TeacherSession
    from aralify_kernel.services.local_session import LocalSession, Surroundings
    from aralify_kernel.services.sql_notebooks import NotebookDatabase


class Application(Operating):
    """Everything a face needs: the settings and, built on first use, the session behind the shared sign-in.

    Every method may raise an `AralifyError`, and nothing else for a reason that a person can mend.
    """

    def session(self) -> LearnerSession:
        """Return what the person at this computer can do, at the class server where there is one.

        Without a server, the local database is made and filled on first use.
        """
        session = self._own_session()
        if self.settings.guest and session.user is None:
            session.continue_as_guest(self.language() or "en")
        return session

    def session_for(self, username: str) -> LocalSession:
        """Return what `username` can do, for the operator's shell, which needs no sign-in.

        Raises:
            NotFound: Nobody has this user name.
            UsageError: This computer is a learner's of a class server, where everything is recorded instead.
        """
        if self.settings.server:
            reason = N_("This computer belongs to {server}: everything is recorded there and nothing here. Ask there.")
            raise UsageError(server=self.settings.server, reason=reason)
        session = self._session(username)
        session.profile()
        return session

    def session_of(self, sign_in: SignInHolder) -> LocalSession:
        """Return what the person can do whose token `sign_in` holds, for a server that many people ask."""
        from aralify_kernel.services.local_session import LocalSession

        return LocalSession(self._surroundings, sign_in)

    def act_as(self, sign_in: SharedSignIn) -> LearnerSession:
        """Return what the person can do whose sign-in at the class server was given to this process, now its own."""
        self._shared.write(sign_in)
        return self.session()

    def teaching(self) -> TeacherSession:
        """Return what the person at this computer can do with classes, at the class server where there is one."""
        return self._remote.teaching() if self.settings.server else self._session().teaching()

    def work_done_here(self) -> WorkDoneHere:
        """Return what passed on this computer before it had a class server, of whoever is signed in without one.

        Others who have an account here are not looked at: nobody but its owner could say that their work is theirs.
        """
        from aralify_kernel.domain.bringing import WorkDoneHere
        from aralify_kernel.services.sign_in_file import SignInFile

        before = SignInFile(replace(self.settings, server="").sign_in_file)
        if not self.settings.server or before.read().token is None:
            return WorkDoneHere()
        session = self.session_of(before)
        return WorkDoneHere(session.user, session.passed_answers()) if session.user is not None else WorkDoneHere()

    def deciding_time(self) -> datetime:
        """Return the time (aware UTC) by the clock that decides what is late: the class server's, where there is one."""
        return self._remote.now() if self.settings.server else self.now()

    def language(self) -> str | None:
        """Return the language chosen on this computer (the signed-in person's, else the last choice), or None."""
        shared = self._shared.read()
        if shared.token is not None and not self.settings.server and (session := self._session()).user is not None:
            return session.profile().language
        return shared.language or self.settings.language or None

    def choose_language(self, language: str) -> None:
        """Keep a language, in the signed-in person's profile too: a class server that is away hears of it later."""
        from aralify_kernel.domain.accounts import language as checked
        from aralify_kernel.domain.session import ProfileChange

        shared = replace(self._shared.read(), language=checked(language))
        self._shared.write(shared)
        if shared.token is not None and (session := self._own_session()).user is not None:
            untold = None
            try:
                session.update_profile(ProfileChange(language=language))
            except ServerUnreachable:  # it is spoken here, whatever the server knows of it
                untold = session.user
            self._shared.write(replace(self._shared.read(), untold=untold))

    def tell_language(self) -> None:
        """Tell the class server the language that was chosen while it was away, if one was, and it is back."""
        shared = self._shared.read()
        if shared.untold is not None and shared.untold == shared.username and shared.token and shared.language:
            with suppress(AralifyError):
                self.choose_language(shared.language)

    def open_working_copy(self, ref: LessonRef) -> Path:
        """Open a lesson and write or refresh its working copy; return the notebook's path in the workspace."""
        from aralify_kernel.courses.workspace import open_working_copy

        session = self.session()
        profile = session.profile()
        opened = session.open_lesson(ref)
        return open_working_copy(self.settings.workspace, opened, self._language_of(profile), profile.username)

    def _language_of(self, profile: Profile) -> str:
        return self.language() or profile.language

    def restore_cells(self, ref: LessonRef) -> int:
        """Put missing cells of an (unopened) working copy back; return how many exercises had none."""
        from aralify_kernel.courses import workspace
        from aralify_kernel.courses.working_copies import missing_exercises

        session = self.session()
        profile = session.profile()
        opened = session.lesson(ref)
        path = workspace.locate(self.settings.workspace, profile.username, ref, opened.level_index)
        missing = len(missing_exercises(workspace.read(path), opened)) if path.exists() else len(opened.starters)
        workspace.open_working_copy(self.settings.workspace, opened, self._language_of(profile), profile.username)
        return missing

    def renewed_cells(
        self, ref: LessonRef, cells: Sequence[Mapping[str, Any]], metadata: Mapping[str, Any]
    ) -> Iterator[tuple[int | None, Mapping[str, Any]]]:
        """Yield what the cells of an open working copy should be, each with its place there; None for one put in.

        Args:
            ref: The lesson.
            cells: The notebook's cells, as they stand in front of the learner; outputs may be left out.
            metadata: The notebook's.

        Raises:
            InvalidValue: Something among `cells` is none.
        """
        from aralify_kernel.courses.working_copies import refreshed_cells
        from aralify_kernel.courses.workspace import is_cell

        if not all(map(is_cell, cells)):
            raise InvalidValue(field="cells", value="", reason=N_("This is not a notebook cell."))
        session = self.session()
        profile = session.profile()
        notebook = {"cells": list(cells), "metadata": metadata}
        return refreshed_cells(notebook, session.lesson(ref), self._language_of(profile), profile.username)

    def sql_database(self, files: Mapping[str, str]) -> NotebookDatabase:
        """Return a database for the SQL cells of a lesson with these `files`.

        Raises:
            UnreadableFixtures: The SQL among them does not run.
        """
        from aralify_kernel.services.sql_notebooks import NotebookDatabase, files_of_lesson

        return NotebookDatabase(files_of_lesson(files), self.settings.judge_memory_mb)

    def author_sql_database(self, folder: Path) -> NotebookDatabase:
        """Return a database for the SQL cells of an author's notebook in `folder`.

        Raises:
            UnreadableFixtures: The SQL files of its course cannot be read or do not run.
        """
        from aralify_kernel.services.sql_notebooks import NotebookDatabase, files_of_author

        return NotebookDatabase(files_of_author(folder), self.settings.judge_memory_mb)

    def close(self) -> None:
        """Close the connection to the server, the database and the graders, where they were used."""
        if "_remote" in self.__dict__:
            self._remote.close()
        super().close()

    @cached_property
    def _shared(self) -> SignInHolder:
        from aralify_kernel.services.sign_in_file import HubSignIn, SignInFile

        kept = SignInFile(self.settings.sign_in_file)
        owner = hub_user() if self.settings.hub_sign_in and self.settings.server else None
        return HubSignIn(kept, *owner) if owner else kept

    @cached_property
    def _surroundings(self) -> Surroundings:
        from aralify_kernel.services.local_session import Surroundings

        return Surroundings(self.database, self.now, lambda: self.grader, self.settings.workspace, local_timezone())

    @cached_property
    def _remote(self) -> HttpSession:
        from aralify_kernel.client.connection import Connection
        from aralify_kernel.client.http_session import Here, HttpSession
        from aralify_kernel.services.working_copies import hand_over

        settings = self.settings
        here = Here(settings.home, self.now, local_timezone(), partial(hand_over, settings.workspace))
        session = HttpSession(Connection(settings.server), self._shared, here)
        session.resume()
        return session

    def _own_session(self) -> LearnerSession:
        return self._remote if self.settings.server else self._session()

    def _session(self, acting_as: str | None = None) -> LocalSession:
        from aralify_kernel.services.local_session import LocalSession

        return LocalSession(self._surroundings, self._shared, acting_as)


@cache
def application() -> Application:
    """Return this process's application."""
    return Application(load())
