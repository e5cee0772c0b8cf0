"""The page "My progress": what one learner has reached, and what to do next."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from markupsafe import Markup

from aralify_kernel.app import application
from aralify_kernel.dashboards import figures, frames, markup, sections
from aralify_kernel.dashboards.dashboard import Dashboard
from aralify_kernel.dashboards.next_step import next_step
from aralify_kernel.dashboards.page import Page
from aralify_kernel.dashboards.places import Place
from aralify_kernel.dashboards.tiers import tiers_per_topic
from aralify_kernel.dashboards.viewer import is_hosted, viewer
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.session import ProfileChange
from aralify_kernel.errors import AralifyError, NotSignedIn
from aralify_kernel.i18n import in_language, sentence, supported
from aralify_kernel.settings import system_language
from aralify_kernel.widgets.components import button, joined, state

if TYPE_CHECKING:
    from collections.abc import Callable

    from aralify_kernel.app import Application
    from aralify_kernel.dashboards.figures import Figure
    from aralify_kernel.domain.session import LearnerSession, Progress


def my_progress(session: LearnerSession | None = None) -> Page:
    """Return the progress page of whoever is signed in.

    What a person can mend (nobody is signed in, the database is busy) is told on the page, with a way to try again.

    Args:
        session: Whose progress to show; the person at this computer when left out.
    """
    app = application()

    def keep(language: str) -> None:
        if session is None:
            app.choose_language(language)
        elif session.user is not None:
            session.update_profile(ProfileChange(language=language))

    def open_lesson(ref: LessonRef) -> str:
        return app.open_working_copy(ref).relative_to(app.settings.workspace).as_posix()

    return Page(
        MyProgress(
            (lambda: session) if session else viewer,
            language=system_language() if session else _language(app),
            keep_language=keep,
            open_lesson=None if is_hosted() else open_lesson,
        )
    )


def _language(app: Application) -> str:
    try:
        viewer()  # whose language it is
        return supported(app.language() or system_language())
    except AralifyError:
        return system_language()


class MyProgress(Dashboard):
    """The state of the page: whose progress, in which language, and what went wrong.

    Args:
        connect: Returns the session to read from; may raise what `LearnerSession` methods may.
        language: What to write in when nobody is signed in; else it is the person's own choice.
        keep_language: Keeps a choice of language.
        open_lesson: Writes the working copy of a lesson and returns its path below the workspace; None on a class
            server, as lessons are opened in the learner's own Jupyter.
    """

    actions: ClassVar[frozenset[str]] = frozenset({"choose_language", "open_lesson", "refresh"})

    def __init__(
        self,
        connect: Callable[[], LearnerSession],
        *,
        language: str,
        keep_language: Callable[[str], None],
        open_lesson: Callable[[LessonRef], str] | None,
    ) -> None:
        super().__init__(connect, language=language, keep_language=keep_language)
        self._open_lesson = open_lesson
        self._place = Place(is_hosted=open_lesson is None)
        self.progress: Progress | None
        self.refresh()

    def refresh(self) -> None:
        """Read the progress again; what prevents it is shown instead of it.

        The page follows a language that was chosen elsewhere since, as it follows who is signed in.
        """
        try:
            self.progress, self.failure = self._connect().progress(), None
        except AralifyError as error:
            self.progress, self.failure = None, error
        self.follow(self.progress.profile.language if self.progress else None)

    def open_lesson(self, value: str) -> None:
        """Write the working copy of the lesson `value`, which the browser then goes to."""
        if self._open_lesson:
            self.opening = self._open_lesson(LessonRef.parse(value))

    def title(self) -> str:
        """Return the title of the browser's window."""
        return f"{self._('My progress')} · Aralify"

    def figures(self) -> dict[str, Figure]:
        """Return the charts, by the names that stand in the HTML; none where there is nothing to draw."""
        if not self.progress or _is_new(self.progress):
            return {}
        today = date.fromisoformat(self.progress.today)
        xp = frames.xp_over_time(self.progress, self.language)
        courses = frames.courses(self.progress, self.language)
        charts = {"days": figures.active_days(frames.active_days(self.progress), today, self._)}
        if not xp.empty:
            charts["xp"] = figures.xp_over_time(xp, self.progress.profile, today, self._)
        if not courses.empty:
            charts["courses"] = figures.completion_and_mastery(courses, self._)
        return charts

    def render(self) -> Markup:
        """Return the whole page."""
        who = self.progress.profile.display_name or self.progress.profile.username if self.progress else ""
        return markup.page(who, self.general_error() + self._main(), self._, place=self._place)

    def as_text(self) -> str:
        """Return where the learner stands, in one line."""
        if not self.progress:
            return sentence(self.failure, self.language) if self.failure else ""
        profile = self.progress.profile
        return f"{profile.display_name}: Level {profile.level}, {profile.xp_total} XP"

    def _main(self) -> Markup:
        if self.progress is None:
            return self._nobody() if isinstance(self.failure, NotSignedIn) else self._failed()
        if _is_new(self.progress):
            return sections.heading(self.progress, self._) + self._new(self.progress)
        return self._full(self.progress)

    def _full(self, progress: Progress) -> Markup:
        _, today = self._, date.fromisoformat(progress.today)
        wide, equal = Markup('<div class="ar-cols ar-cols--wide">{}{}</div>'), Markup('<div class="ar-cols">{}{}</div>')
        return joined(
            [
                sections.heading(progress, _),
                sections.what_next(progress, self._place, _),
                sections.figures_now(progress, _),
                wide.format(
                    sections.xp_over_time(frames.xp_over_time(progress, self.language), _),
                    sections.completion_and_mastery(frames.courses(progress, self.language), _),
                ),
                equal.format(
                    sections.active_days(frames.active_days(progress), _),
                    tiers_per_topic(progress, _),
                ),
                sections.recent_attempts(frames.attempts(progress, self.language), today, _),
            ]
        )

    def _new(self, progress: Progress) -> Markup:
        _, step = self._, next_step(progress)
        if step:
            title = in_language(step.lesson.title, self.language)
            action = self._place.opening(step.lesson, _("Open {title}", title=title), _)
        else:
            action = self._place.lessons(_("Look at the lessons"), kind="ar-btn ar-btn--primary")
        return markup.blank(
            _("Your first XP is ten minutes away"),
            _("After your first lesson this page shows what you earned, day by day."),
            action,
        )

    def _nobody(self) -> Markup:
        _ = self._
        if self._place.is_hosted:
            told = _("Your sign-in has ended"), _("Sign in once more. Then this page is about you again.")
        else:
            told = (
                _("Nobody is signed in here yet"),
                _("Sign in, or continue as a guest, in the welcome notebook. Then this page is about you."),
            )
        return self._title() + markup.blank(*told, self._place.sign_in(_), button(_("Look again"), "refresh"))

    def _failed(self) -> Markup:
        _, error = self._, self.failure or AralifyError()
        return self._title() + Markup(
            '<section class="ar-card ar-stack" role="alert"><h2>{}</h2><p>{}</p><div class="ar-row">{}</div>'
            '<details data-key="error"><summary>{}</summary><pre>{}</pre></details></section>'
        ).format(
            state("failed", _("This page could not be made")),
            sentence(error, self.language),
            button(_("Try again"), "refresh", kind="primary"),
            _("For whoever looks after Aralify here"),
            error.code,
        )

    def _title(self) -> Markup:
        return Markup("<h1>{}</h1>").format(self._("My progress"))


def _is_new(progress: Progress) -> bool:
    return not progress.recent and not progress.xp and not progress.days
