"""What all requests to one Jupyter server share: the application, made when somebody first asks, and threads."""

from __future__ import annotations

from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from aralify_kernel.errors import N_, WorkspaceUnusable
from aralify_kernel.server.lanes import Lanes

if TYPE_CHECKING:
    from pathlib import Path

    from aralify_kernel.app import Application
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.session import LearnerSession


class WorkspaceElsewhere(WorkspaceUnusable):
    """The lessons are where this Jupyter server shows no files."""

    code = "workspace_elsewhere"
    message = N_(
        "Your lessons are in {path}, which is outside the folder that this JupyterLab shows. Start it with “aralify lab”."
    )


class Workplace:
    """One person's Aralify beside one Jupyter server. Its methods wait for disks and servers: call them in a lane."""

    def __init__(self, root: Path) -> None:
        self._root = root.expanduser().resolve()
        self._making = Lock()
        self.lanes = Lanes()

    @cached_property
    def application(self) -> Application:
        """The application, by the settings of this process."""
        from aralify_kernel.app import Application
        from aralify_kernel.settings import load

        return Application(load())

    def session(self) -> LearnerSession:
        """Return what the person at this computer can do. Raises as `Application.session` does."""
        with self._making:  # or two first requests would both make the database
            return self.application.session()

    def prepare_to_judge(self) -> None:
        """Start what judges here, unless a class server does."""
        with self._making:
            if not self.application.settings.server:
                _ = self.application.grader

    def open_working_copy(self, ref: LessonRef) -> str:
        """Open a lesson, write or renew its working copy, and return its path as Jupyter's contents know it.

        Raises:
            WorkspaceElsewhere: It lies outside the folder that this Jupyter server shows.
            AralifyError: As `Application.open_working_copy`.
        """
        workspace = self.application.settings.workspace.resolve()
        if not workspace.is_relative_to(self._root):
            raise WorkspaceElsewhere(path=str(workspace))
        return self.application.open_working_copy(ref).resolve().relative_to(self._root).as_posix()

    def close(self) -> None:
        """Close what was opened."""
        if "application" in self.__dict__:
            self.application.close()
