"""What a learner has open in one kernel: the application, the shell, the panels on show."""

from __future__ import annotations

import html
import logging
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aralify_kernel.errors import N_, AralifyError, NotSignedIn, UsageError
from aralify_kernel.i18n import LANGUAGES, Translator, translator
from aralify_kernel.kernel.cells import current_notebook

if TYPE_CHECKING:
    from collections.abc import Hashable

    from aralify_kernel.app import Application
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.session import LearnerSession
    from aralify_kernel.kernel.cells import LessonNotebook
    from aralify_kernel.services.sql_notebooks import NotebookDatabase
    from aralify_kernel.widgets.panel import Panel


class NoLessonHere(UsageError):
    """The notebook is no working copy, and the lesson was not named."""

    code = "no_lesson_here"
    message = N_("This notebook is no lesson. Choose one with “%aralify courses”.")


class Workbench:
    """The one thing that the hook and the magics share. Made when a kernel first needs it."""

    def __init__(self, ip: Any, app: Application) -> None:
        self.ip = ip
        self.app = app
        self.last_exercise: tuple[LessonRef, str] | None = None
        self.starters_told: set[tuple[LessonRef, str]] = set()
        self._panels: dict[Hashable, Panel] = {}

    @property
    def session(self) -> LearnerSession:
        """What the signed-in person can do."""
        return self.app.session()

    @property
    def language(self) -> str:
        """What to speak: the language chosen, else the one this notebook was written in, else English."""
        return self.app.language() or (self.notebook.language if self.notebook else None) or "en"

    @property
    def texts(self) -> Translator:
        """The texts in the learner's language."""
        return translator(self.language)

    @property
    def notebook(self) -> LessonNotebook | None:
        """The saved notebook that this kernel runs, if it is known."""
        return current_notebook(self.ip.user_ns)

    def lesson_here(self) -> LessonRef:
        """Return the lesson of this notebook, else of the exercise that ran last.

        Raises:
            NoLessonHere: Neither is known.
        """
        notebook = self.notebook
        if notebook is not None and notebook.lesson is not None:
            return notebook.lesson
        if self.last_exercise is not None:
            return self.last_exercise[0]
        raise NoLessonHere

    def owner_of_this_copy(self) -> str | None:
        """Return the user name whose working copy this notebook is; None when it is nobody's."""
        return self.notebook.username if self.notebook else None

    def names(self) -> frozenset[str]:
        """Return the names the learner has defined in this notebook."""
        hidden = getattr(self.ip, "user_ns_hidden", {})
        return frozenset(name for name in self.ip.user_ns if not name.startswith("_") and name not in hidden)

    @cached_property
    def database(self) -> NotebookDatabase:
        """The database that the SQL cells of this notebook share, made when the first one runs.

        Raises:
            AralifyError: The files it begins with cannot be read or run.
        """
        notebook = self.notebook
        if notebook is not None and notebook.lesson is not None:
            return self.app.sql_database(self.session.lesson(notebook.lesson).content.files)
        return self.app.author_sql_database(notebook.path.parent if notebook else Path.cwd())

    def prepare_sql(self) -> None:
        """Load what a cell of SQL needs; what is wrong with the files it begins with is told when the cell runs."""
        from aralify_kernel.kernel import sql  # noqa: F401 - importing it is the work
        from aralify_kernel.widgets import results_of_queries  # noqa: F401

        with suppress(AralifyError):
            _ = self.texts, self.database

    def show(self, panel: Panel, place: Hashable) -> None:
        """Put a panel under the running cell. It takes the place of an earlier one in what is kept up to date."""
        from IPython.display import display

        self._panels[place] = panel
        display(panel)

    def choose_language(self, language: str) -> None:
        """Keep the choice and let every panel on show speak it."""
        self.app.choose_language(language)
        for panel in self._panels.values():
            panel.set_language(language)

    def refresh_header(self, say: str = "") -> None:
        """Bring the lesson's header up to date; `say` is read out politely."""
        from aralify_kernel.widgets.lessons import LessonHeader

        for panel in self._panels.values():
            if isinstance(panel, LessonHeader):
                panel.refresh(say)

    def tell_of_kept_answers(self) -> None:
        """Say what has come of answers that waited for the class server, here and in the panels that show them."""
        self.app.tell_language()
        delivery = self.session.send_kept()
        if delivery.judged or delivery.refused:
            from aralify_kernel.widgets.kept_answers import KeptPanel, delivery_words

            self.say("\n".join(delivery_words(delivery, self.language)))
            for panel in self._panels.values():
                if isinstance(panel, KeptPanel):
                    panel.receive(delivery)

    def say(self, text: str) -> None:
        """Show one sentence or a few lines under the running cell, as HTML and as text."""
        lines = "<br>".join(html.escape(line) for line in text.splitlines())
        publish({"text/html": f'<p role="status">{lines}</p>', "text/plain": text})

    def explain(self, error: AralifyError) -> None:
        """Show what went wrong and what to do."""
        from aralify_kernel.widgets.failures import error_bundle

        publish(error_bundle(error, self.language))
        if isinstance(error, NotSignedIn):
            _ = self.texts
            self.say(_("Your code is kept. Run “%aralify login” in a new cell, then run this cell again."))


def publish(bundle: dict[str, Any]) -> None:
    """Show a MIME bundle under the running cell."""
    from IPython.display import publish_display_data

    publish_display_data(bundle)


def tell_of_bug(error: Exception, ip: Any) -> None:
    """Say in one sentence that something of ours broke; the details go to the log, not into the notebook.

    Needs nothing of Aralify but the catalogue, because anything else may be what is broken.
    """
    kernel = getattr(ip, "kernel", None)
    log = kernel.log if kernel is not None else logging.getLogger("aralify_kernel")
    log.error("Aralify: %s", error, exc_info=error)
    said = []
    for language in LANGUAGES:
        _ = translator(language)
        said.append(
            _(
                "Something inside Aralify broke ({problem}), so this was not done. "
                "Your code is kept and nothing is counted; run the cell again.",
                problem=type(error).__name__,
            )
        )
    publish({"text/plain": "\n".join(said)})
