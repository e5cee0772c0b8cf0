"""The page of a class: whom to sit beside, and why; how they fail; who is where; how good the lessons are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from aralify_kernel.app import application
from aralify_kernel.dashboards import class_charts as charts
from aralify_kernel.dashboards import (
    class_heading,
    class_known,
    class_learner,
    class_states,
    class_tables,
    markup,
)
from aralify_kernel.dashboards import class_sections as sections
from aralify_kernel.dashboards.aliases import Aliases
from aralify_kernel.dashboards.class_filter import EVERYTHING, Filter
from aralify_kernel.dashboards.class_heading import last_page, turning
from aralify_kernel.dashboards.class_known import NOTHING_KNOWN
from aralify_kernel.dashboards.dashboard import TeachersDashboard, number
from aralify_kernel.dashboards.page import Page
from aralify_kernel.dashboards.places import Place
from aralify_kernel.dashboards.viewer import is_hosted, viewer
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.errors import AralifyError
from aralify_kernel.i18n import in_language, sentence
from aralify_kernel.settings import system_language
from aralify_kernel.widgets.components import NOTHING, button, joined

if TYPE_CHECKING:
    from collections.abc import Callable

    from markupsafe import Markup

    from aralify_kernel.dashboards.figures import Figure
    from aralify_kernel.domain.session import LearnerSession
    from aralify_kernel.domain.teaching import AttemptLine, AttemptSeen, LearnerPage, TeacherSession


def class_page() -> Page:
    """Return the page of the classes that whoever looks at it teaches."""
    app = application()
    return Page(ClassPage(viewer, app.teaching, language=system_language(), keep_language=app.choose_language))


class ClassPage(TeachersDashboard):
    """The state of the page: which class in which course, and what is looked at."""

    actions: ClassVar[frozenset[str]] = frozenset(
        [
            "choose_language",
            "refresh",
            "choose_class",
            "choose_course",
            "turn",
            "narrow",
            "widen",
            "open_attempt",
            "open_answers",
            "open_learner",
            "close",
            "write_note",
            "withdraw_note",
            "reply",
            "take_marks",
            "show_figures",
            "demo",
            "remember",
        ]
    )
    fields: ClassVar[frozenset[str]] = frozenset(["since"])

    def __init__(
        self,
        connect: Callable[[], LearnerSession],
        teach: Callable[[], TeacherSession],
        *,
        language: str,
        keep_language: Callable[[str], None],
    ) -> None:
        super().__init__(connect, teach, language=language, keep_language=keep_language)
        self._course_slug = ""
        self._chosen = EVERYTHING
        self._aliases = Aliases()
        self._page = 0
        self._known = NOTHING_KNOWN
        self.has_left = False
        self.seen: AttemptSeen | None = None
        self.answers: class_learner.Answers | None = None
        self.learner: LearnerPage | None = None
        self.refresh()

    # ---- what can be done

    def refresh(self) -> None:
        """Read everything again; what prevents it is shown instead."""
        try:
            self._read()
            self.failure = None
        except AralifyError as error:
            self._forget()
            self.failure = error

    def choose_class(self, value: str) -> None:
        """Show another class; the first one without a `value`."""
        self.slug, self._course_slug, self._page, self._chosen = value, "", 0, EVERYTHING
        self._forget()
        self.refresh()

    def choose_course(self, value: str) -> None:
        """Show the class in another course."""
        self._course_slug, self._page, self._chosen = value, 0, EVERYTHING
        self._forget()
        self.refresh()

    def turn(self, value: str) -> None:
        """Show another page of learners."""
        self._page = number(value)
        self.refresh()

    def narrow(self, topic: str, tier: str, since: str) -> None:
        """Look at some lessons only, and at what came since a date."""
        self._chosen = Filter.read(topic, tier, since)
        self.refresh()
        self.said = self._("The page shows what you chose.")

    def widen(self) -> None:
        """Look at everything again."""
        self._chosen = EVERYTHING
        self.refresh()
        self.said = self._("The page shows everything.")

    def open_attempt(self, value: str) -> None:
        """Show an answer with its code."""
        self.seen = self._teach().attempt(self.slug, number(value))
        self.moved = True

    def open_answers(self, value: str) -> None:
        """Show what a learner answered in a lesson; `value` is the lesson and the user name."""
        lesson, _, username = value.partition(" ")
        ref, real = LessonRef.parse(lesson), self._aliases.real(username)
        lines = self._teach().answers(self.slug, ref, real)
        who = next((row.learner for row in self._known.rows if row.learner.username == real), None)
        if who is not None:
            self.answers, self.moved = class_learner.Answers(who, ref, lines), True

    def open_learner(self, value: str) -> None:
        """Show one learner."""
        real = self._aliases.real(value)
        self.learner, self.seen = self._teach().learner(self.slug, self._course_slug, real), None
        self.moved = True

    def close(self) -> None:
        """Go back from what was looked at more closely."""
        if self.seen is not None:
            self.seen = None
        elif self.answers is not None:
            self.answers = None
        else:
            self.learner = None
        self.moved = self.learner is not None or self.answers is not None
        self.refresh()

    def write_note(self, lesson: str, activity: str, signature: str, note: str) -> None:
        """Write to everybody whose answers fail in one way."""
        self._teach().write_note(self.slug, LessonRef.parse(lesson), activity, signature, note)
        self.refresh()
        self.said = self._("The note is sent.")

    def withdraw_note(self, value: str) -> None:
        """Let a note reach nobody any more."""
        self._teach().withdraw_note(self.slug, number(value))
        self.refresh()
        self.said = self._("The note is withdrawn.")

    def reply(self, question: str, note: str) -> None:
        """Answer a learner's question."""
        self._teach().reply(self.slug, number(question), note)
        self.refresh()
        self.said = self._("The reply is sent.")

    def show_figures(self) -> None:
        """Reckon the figures of a large class that look at everybody."""
        self._known = replace(self._known, everybody=class_known.everybody(self._teach(), self._at))

    def demo(self) -> None:
        """Show other names in the place of the learners' own, or their own again."""
        self._aliases.is_on = not self._aliases.is_on
        self.refresh()
        names = (self._("The names are hidden."), self._("The names are shown."))
        self.said = names[not self._aliases.is_on]

    def remember(self, value: str) -> None:
        """Take up what the browser kept of this page."""
        self._aliases.recall(value)

    # ---- how it looks

    def title(self) -> str:
        """Return the title of the browser's window."""
        return f"{self._name() or self._('My classes')} · Aralify"

    def kept(self) -> str:
        """Return what the browser keeps: whether names are hidden, and by which key."""
        return self._aliases.kept

    def figures(self) -> dict[str, Figure]:
        """Return the charts that the page has just now."""
        if self.failure is not None or self.has_left or self.is_close:
            return {}
        efforts = self._known.everybody.efforts if self._known.everybody else ()
        return charts.figures_of(self._known.weeks, self._aliases.renamed(efforts), self._)

    @property
    def is_close(self) -> bool:
        """Whether one learner or one answer is looked at."""
        return self.seen is not None or self.answers is not None or self.learner is not None

    def render(self) -> Markup:
        """Return the whole page."""
        who = self.profile.display_name if self.profile else ""
        main = self._main()
        place, here = Place(is_hosted()), self._name() or self._("Class page")
        home = markup.link(self._("My classes"), place.classes_page())
        return markup.page(who, self.general_error() + main, self._, place=place, here=here, above=home)

    def as_text(self) -> str:
        """Return which class it is, in one line."""
        return sentence(self.failure, self.language) if self.failure else self._name()

    def _main(self) -> Markup:
        if self.failure is not None:
            return class_states.failed(self.failure, Place(is_hosted()), self._)
        if self.has_left:
            return class_states.left(self._)
        if not self.classes:
            return class_states.no_class(self._)
        return self._closely() if self.is_close else self._class()

    def _class(self) -> Markup:
        """Return the class in the order in which teachers work."""
        card, titles, moment = self.card, self._titles, self.moment
        if card is None:
            return NOTHING
        others = [one for one in self.classes if one.slug != card.slug and not one.is_archived]
        course = (self._course_slug, self._course_title())
        demo, now = self._aliases.is_on, moment(self._teach().now())
        parts = [class_heading.heading(card, others, course, now, self, demo=demo)]
        if not self._course_slug:
            return joined(parts)
        if card.is_archived:
            parts.append(class_states.archived(self._))
        if self._known.course is None:
            parts.append(class_states.unpublished(self._))
        renamed, takes = self._aliases.renamed, titles.takes
        narrow = self._chosen.narrows_lessons
        in_need = [one for one in self._known.in_need if not narrow or (one.lesson and takes(one.lesson))]
        parts += [
            class_heading.filters(self._chosen, titles, self),
            sections.needs_help(renamed(in_need), self, titles, moment),
            sections.failures(self._known.groups, self, titles, moment),
            class_tables.matrix(renamed(self._known.rows), turning(self._page, card.learners, self), self, titles),
            *self._about_everybody(titles),
            charts.weeks(self._known.weeks, self),
            NOTHING if demo else class_heading.marks(self.marks, self),
        ]
        return joined(parts)

    def _closely(self) -> Markup:
        """Return the one answer, lesson or learner that is looked at."""
        titles, moment, of = self._titles, self.moment, self._aliases.of
        if self.seen is not None:
            return class_learner.attempt(replace(self.seen, learner=of(self.seen.learner)), self, titles, moment)
        if self.answers is not None:
            found = replace(self.answers, learner=of(self.answers.learner), lines=self._since(self.answers.lines))
            return class_learner.answers(found, self, titles, moment)
        if self.learner is not None:
            lines = self._since(self.learner.attempts)
            shown = replace(self.learner, learner=of(self.learner.learner), attempts=lines)
            where = f"{self._name()} · {self._course_title()}"
            return class_learner.learner(shown, where, self, titles, moment)
        return NOTHING

    def _since(self, lines: tuple[AttemptLine, ...]) -> tuple[AttemptLine, ...]:
        return tuple(line for line in lines if self._chosen.takes_day(self.local(line.at).date()))

    def _about_everybody(self, titles: sections.Titles) -> tuple[Markup, ...]:
        _ = self._
        everybody = self._known.everybody
        if everybody is None:
            ask = button(_("Reckon the figures"), "show_figures", kind="s")
            return (markup.card(_("Lesson quality, effort against result"), ask),)
        lessons = [one for one in everybody.lessons if titles.takes(one.lesson)]
        return (
            class_tables.quality(lessons, self, titles),
            charts.effort(self._aliases.renamed(everybody.efforts), self),
        )

    # ---- what is known

    def _forget(self) -> None:
        """Know nothing of any class."""
        self._known, self.marks = NOTHING_KNOWN, None
        self.classes, self.failure, self.has_left = (), None, False
        self.seen = self.answers = self.learner = None

    def _read(self) -> None:
        session, teach = self._connect(), self._teach()
        self._read_classes(session, teach)
        card = self.card
        self.has_left = bool(self.slug) and card is None
        if self.has_left:
            self._known, self.seen, self.answers, self.learner = NOTHING_KNOWN, None, None, None
        if self.has_left or not self.classes:
            return
        if card is None:
            card = self.classes[0]
            self.slug = card.slug
        if self._course_slug not in card.courses:
            self._course_slug = card.courses[0] if card.courses else ""
        if not self._course_slug:
            self._known = NOTHING_KNOWN
            return
        self._page = min(self._page, last_page(card.learners))
        since = self._chosen.since or self.local(teach.now() - class_known.WEEKS).date()
        self._known = class_known.read(session, teach, self._at, self._chosen, page=self._page, since=since)
        if card.learners <= class_known.AT_ONCE:
            self.show_figures()
        if self.learner is not None:
            self.learner = teach.learner(*self._at, self.learner.learner.username)

    @property
    def _at(self) -> tuple[str, str]:
        return self.slug, self._course_slug

    @property
    def _titles(self) -> sections.Titles:
        return sections.Titles(self._known.course, self._known.lessons, self._chosen, self._)

    def _name(self) -> str:
        return self.card.name if self.card else ""

    def _course_title(self) -> str:
        return in_language(self._known.course.title, self.language) if self._known.course else self._course_slug
