"""The page of a class: whom to sit beside, and why; how they fail; who is where; how good the lessons are."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from markupsafe import Markup

from aralify_kernel.app import application
from aralify_kernel.dashboards import class_sections as sections
from aralify_kernel.dashboards import class_tables, markup, words
from aralify_kernel.dashboards.page import Page
from aralify_kernel.dashboards.places import Place
from aralify_kernel.dashboards.viewer import is_hosted, viewer
from aralify_kernel.domain.marks import MarksFormat
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.time_zones import zone
from aralify_kernel.errors import AralifyError, NotSignedIn
from aralify_kernel.i18n import in_language, sentence, supported
from aralify_kernel.settings import system_language
from aralify_kernel.widgets.components import NOTHING, button, joined, state
from aralify_kernel.widgets.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from aralify_kernel.dashboards.figures import Figure
    from aralify_kernel.domain.lesson_quality import LessonQuality
    from aralify_kernel.domain.session import CourseCard, LearnerSession, Profile
    from aralify_kernel.domain.teaching import (
        AttemptSeen,
        ClassCard,
        FailureGroup,
        LearnerPage,
        MatrixRow,
        NeedsHelp,
        TeacherSession,
    )

PAGE: Final = 50
"""How many learners a page of the matrix has."""

AT_ONCE: Final = 200
"""In a class of more learners the figures of lessons are reckoned when they are asked for: that looks at everybody."""


def class_page() -> Page:
    """Return the page of the classes that whoever looks at it teaches."""
    app = application()
    return Page(ClassPage(viewer, app.teaching, language=system_language(), keep_language=app.choose_language))


class ClassPage(Screen):
    """The state of the page: which class in which course, and what is looked at.

    Args:
        connect: Returns the session of who looks; may raise what `LearnerSession` methods may.
        teach: Returns what they can do with their classes.
        language: What to write in when nobody is signed in; else it is the person's own choice.
        keep_language: Keeps a choice of language.
    """

    actions: ClassVar[frozenset[str]] = frozenset(
        [
            "choose_language",
            "refresh",
            "choose_class",
            "choose_course",
            "turn",
            "open_attempt",
            "open_learner",
            "close",
            "write_note",
            "withdraw_note",
            "reply",
            "take_marks",
            "show_quality",
        ]
    )

    def __init__(
        self,
        connect: Callable[[], LearnerSession],
        teach: Callable[[], TeacherSession],
        *,
        language: str,
        keep_language: Callable[[str], None],
    ) -> None:
        super().__init__(language)
        self._connect = connect
        self._teach = teach
        self._keep_language = keep_language
        self._slug = self._course_slug = ""
        self._marks: tuple[str, bytes] | None = None
        self._page = 0
        self.failure: AralifyError | None = None
        self.profile: Profile | None = None
        self.classes: tuple[ClassCard, ...] = ()
        self.course: CourseCard | None = None
        self.in_need: tuple[NeedsHelp, ...] = ()
        self.groups: tuple[FailureGroup, ...] = ()
        self.rows: tuple[MatrixRow, ...] = ()
        self.lessons: tuple[LessonQuality, ...] | None = None
        self.seen: AttemptSeen | None = None
        self.learner: LearnerPage | None = None
        self._persons_language = ""
        self.refresh()

    # ---- what can be done

    def refresh(self) -> None:
        """Read everything again; what prevents it is shown instead."""
        try:
            self._read()
            self.failure = None
        except AralifyError as error:
            self.failure = error

    def choose_language(self, value: str) -> None:
        """Show everything in the language `value`, and keep that choice."""
        self.set_language(supported(value))
        self.said = self._("This page is in English now.")
        self._keep_language(self.language)

    def choose_class(self, value: str) -> None:
        """Show another class."""
        self._slug, self._course_slug, self._page, self._marks = value, "", 0, None
        self.close()
        self.refresh()

    def choose_course(self, value: str) -> None:
        """Show the class in another course."""
        self._course_slug, self._page = value, 0
        self.close()
        self.refresh()

    def turn(self, value: str) -> None:
        """Show another page of learners."""
        self._page = max(0, int(value)) if value.isdecimal() else 0
        self.refresh()

    def open_attempt(self, value: str) -> None:
        """Show an answer with its code."""
        self.seen = self._teach().attempt(self._slug, int(value) if value.isdecimal() else 0)
        self.said = self._("The answer is shown at the top.")

    def open_learner(self, value: str) -> None:
        """Show one learner."""
        self.learner, self.seen = self._teach().learner(self._slug, self._course_slug, value), None
        self.said = self._("The learner is shown at the top.")

    def close(self) -> None:
        """Put the answer or the learner away that was looked at."""
        if self.seen is not None:
            self.seen = None
        else:
            self.learner = None

    def write_note(self, lesson: str, activity: str, signature: str, note: str) -> None:
        """Write to everybody whose answers fail in one way."""
        self._teach().write_note(self._slug, LessonRef.parse(lesson), activity, signature, note)
        self.refresh()
        self.said = self._("The note is sent.")

    def withdraw_note(self, value: str) -> None:
        """Let a note reach nobody any more."""
        self._teach().withdraw_note(self._slug, int(value) if value.isdecimal() else 0)
        self.refresh()
        self.said = self._("The note is withdrawn.")

    def reply(self, question: str, note: str) -> None:
        """Answer a learner's question."""
        self._teach().reply(self._slug, int(question) if question.isdecimal() else 0, note)
        self.refresh()
        self.said = self._("The reply is sent.")

    def show_quality(self) -> None:
        """Reckon the figures of the lessons of a large class."""
        self.lessons = self._teach().quality(self._slug, self._course_slug)

    def take_marks(self, value: str) -> None:
        """Write the marks in the format `value`, and offer the file."""
        if value in {form.value for form in MarksFormat}:
            form = MarksFormat(value)
            self._marks = (f"{self._slug}-{form.value}.csv", self._teach().marks(self._slug, form, self.language))
            self.said = self._("The marks can be saved now.")

    # ---- how it looks

    def title(self) -> str:
        """Return the title of the browser's window."""
        return f"{self._name() or self._('My classes')} · Aralify"

    def figures(self) -> dict[str, Figure]:
        """Return no charts: everything here is a list or a table."""
        return {}

    def render(self) -> Markup:
        """Return the whole page."""
        who = self.profile.display_name if self.profile else ""
        main = self._main()
        here = self._name() or self._("My classes")
        return markup.page(who, self.general_error() + main, self._, place=Place(is_hosted()), here=here)

    def at_rest(self) -> Markup:
        """Return the page as it is; a dashboard is not kept in a notebook."""
        return self.render()

    def as_text(self) -> str:
        """Return which class it is, in one line."""
        return sentence(self.failure, self.language) if self.failure else self._name()

    def _main(self) -> Markup:
        _ = self._
        if self.failure is not None:
            return self._failed(self.failure)
        if not self.classes:
            return markup.blank(
                _("You teach no class yet"),
                _(
                    "Whoever looks after Aralify here makes one with “aralify class new”, and lets you in as its teacher."
                ),
                button(_("Look again"), "refresh"),
            )
        titles = sections.Titles(self.course, _)
        moment = self._moment
        parts = [self._heading()]
        if self.seen:
            parts.append(sections.attempt(self.seen, self, titles, moment))
        if self.learner:
            parts.append(class_tables.learner(self.learner, self, titles, moment))
        if self._course_slug:
            parts += [
                sections.needs_help(self.in_need, self, titles, moment),
                sections.failures(self.groups, self, titles, moment),
                class_tables.matrix(self.rows, self._page, len(self.rows) < PAGE, self, titles),
                self._render_quality(titles),
                self._render_marks(),
            ]
        return joined(parts)

    def _heading(self) -> Markup:
        _ = self._
        card = self._card()
        if card is None:
            return NOTHING
        learners = _.plural("{n} learner", "{n} learners", card.learners)
        others = joined(
            button(one.name, "choose_class", value=one.slug, kind="s") for one in self.classes if one.slug != card.slug
        )
        courses = joined(
            button(slug, "choose_course", value=slug, kind="s") for slug in card.courses if slug != self._course_slug
        )
        again = button(_("Refresh"), "refresh", kind="quiet s")
        return Markup(
            '<div class="ar-row ar-row--apart"><div><h1>{}</h1><p class="ar-muted">{} · {} · {} {}</p></div>'
            '<div class="ar-row">{}{}</div></div>'
        ).format(
            card.name,
            learners,
            self._course_title() or _("no course yet"),
            _("updated {moment}", moment=self._moment(self._teach().now())),
            again,
            others,
            courses,
        )

    def _render_quality(self, titles: sections.Titles) -> Markup:
        if self.lessons is not None:
            return class_tables.quality(self.lessons, self, titles)
        return markup.card(self._("Lesson quality"), button(self._("Reckon the figures"), "show_quality", kind="s"))

    def _render_marks(self) -> Markup:
        """Return a button for each format, and the file that was asked for: it takes a while, so nobody waits for it."""
        buttons = joined(button(form.value, "take_marks", value=form.value, kind="s") for form in MarksFormat)
        file = sections.saving(*self._marks, self._("Save {file}", file=self._marks[0])) if self._marks else NOTHING
        return markup.card(self._("Marks"), Markup('<div class="ar-row">{}{}</div>').format(buttons, file))

    def _failed(self, error: AralifyError) -> Markup:
        _ = self._
        if isinstance(error, NotSignedIn):
            return markup.blank(
                _("Nobody is signed in here yet"), sentence(error, self.language), Place(is_hosted()).sign_in(_)
            )
        return Markup(
            '<section class="ar-card ar-stack" role="alert"><h2>{}</h2><p>{}</p><div>{}</div></section>'
        ).format(
            state("failed", _("This page could not be made")),
            sentence(error, self.language),
            button(_("Try again"), "choose_class", value="", kind="primary"),
        )

    # ---- what is known

    def _read(self) -> None:
        session, teach = self._connect(), self._teach()
        self.profile = session.profile()
        if self.profile.language != self._persons_language:
            self.set_language(supported(self.profile.language))
        self._persons_language = self.profile.language
        self.classes = teach.classes()
        if not self.classes:
            return
        card = self._card()
        if card is None:
            self._slug = self._slug or self.classes[0].slug
            card = self._card()
        courses = card.courses if card else (self._course_slug,)
        if self._course_slug not in courses:
            self._course_slug = courses[0] if courses else ""
        if not self._course_slug:
            self.course = None
            return
        self.course = _course(session, self._course_slug)
        at = (self._slug, self._course_slug)
        self.in_need, self.groups = teach.needs_help(*at), teach.failures(*at)
        self.rows = teach.matrix(*at, self._page)
        self.lessons = teach.quality(*at) if card and card.learners <= AT_ONCE else None

    def _card(self) -> ClassCard | None:
        return next((one for one in self.classes if one.slug == self._slug), None)

    def _name(self) -> str:
        card = self._card()
        return card.name if card else ""

    def _course_title(self) -> str:
        return in_language(self.course.title, self.language) if self.course else self._course_slug

    def _moment(self, at: datetime) -> str:
        here = zone(self.profile.timezone if self.profile else "UTC")
        return words.moment(at.astimezone(here), self._teach().now().astimezone(here).date(), self._)


def _course(session: LearnerSession, slug: str) -> CourseCard | None:
    """Return a course; None when it has been unpublished and this person does not see it any more."""
    try:
        return session.course(slug)
    except AralifyError:
        return None
