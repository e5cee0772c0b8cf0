"""The home of a teacher: their classes, who comes into them and how, what is due, and marks to take away."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar, Final

from markupsafe import Markup

from aralify_kernel.app import application
from aralify_kernel.dashboards import class_states, classes_people, classes_sections, markup
from aralify_kernel.dashboards.dashboard import TeachersDashboard, number
from aralify_kernel.dashboards.page import Page
from aralify_kernel.dashboards.places import Place
from aralify_kernel.dashboards.viewer import is_hosted, viewer
from aralify_kernel.domain.classrooms import ClassRole, Counts
from aralify_kernel.domain.permissions import Permission, may
from aralify_kernel.errors import N_, AralifyError, InvalidValue
from aralify_kernel.i18n import sentence
from aralify_kernel.settings import system_language
from aralify_kernel.widgets.components import joined, notice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aralify_kernel.domain.classrooms import Roster
    from aralify_kernel.domain.rosters import RosterLine
    from aralify_kernel.domain.session import CourseCard, LearnerSession
    from aralify_kernel.domain.teaching import ClassTopic, PasswordCode, TeacherSession

LOOKED_AT: Final = 20
"""In so many classes at most it is looked up who needs help: an ADMIN may have hundreds."""


def classes_page() -> Page:
    """Return the page of all classes that whoever looks at it teaches."""
    app = application()
    return Page(ClassesPage(viewer, app.teaching, language=system_language(), keep_language=app.choose_language))


class ClassesPage(TeachersDashboard):
    """The state of the page: the list, or one class and what is being done with it."""

    actions: ClassVar[frozenset[str]] = frozenset(
        [
            "choose_language",
            "refresh",
            "choose_class",
            "new_class",
            "archive",
            "bring_back",
            "open_code",
            "close_code",
            "project",
            "close",
            "turn",
            "invite",
            "let_in_one",
            "ask_to_remove",
            "remove",
            "read_roster",
            "let_in",
            "add_course",
            "set_rules",
            "set_due",
            "open_topic",
            "give_code",
            "take_marks",
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
        super().__init__(connect, teach, language=language, keep_language=keep_language)
        self._round = 0
        self._file = b""
        self.page = 0
        self.in_need: dict[str, int] = {}
        self.courses: tuple[CourseCard, ...] = ()
        self.roster: Roster | None = None
        self.topics: tuple[ClassTopic, ...] = ()
        self.preview: tuple[RosterLine, ...] = ()
        self.codes: tuple[PasswordCode, ...] = ()
        self.is_projected = False
        self.done = ""
        """What the last action came to, for who sees the page; who hears it is told `said`."""
        self.leaving = ""
        """Whom it is asked about whether they are to be taken out."""
        self.has_left = False
        """Whether they looked at a class until now that is not theirs (any more)."""
        self.refresh()

    # ---- what can be done

    def act(self, action: str, values: Mapping[str, Any]) -> None:
        """Do what was asked for; what the action before came to, or asked, is past."""
        self.done = self.leaving = ""
        super().act(action, values)

    def refresh(self) -> None:
        """Read everything again; what prevents it is shown instead."""
        try:
            self._read()
            self.failure = None
        except AralifyError as error:
            self.classes, self.roster = (), None
            self.failure = error

    def choose_class(self, value: str) -> None:
        """Show one class; the list without a `value`."""
        self._put_away()
        self.slug, self.page, self.moved = value, 0, True
        self.refresh()

    def new_class(self, name: str, course: str) -> None:
        """Make a class, and show it."""
        made = self._teach().new_class(name, [course] if course else [])
        self.choose_class(made.slug)
        self._done(self._("The class “{name}” is made.", name=made.name))

    def archive(self) -> None:
        """Put the class away; it can be brought back."""
        self._teach().set_archived(self.slug, archived=True)
        self._done(self._("The class is archived. You can bring it back at any time."))

    def bring_back(self) -> None:
        """Bring the class back."""
        self._teach().set_archived(self.slug, archived=False)
        self._done(self._("The class is back."))

    def open_code(self) -> None:
        """Make a new code by which learners come in."""
        self._teach().set_join_code(self.slug, is_open=True)
        self._done(self._("The class has a new code."))

    def close_code(self) -> None:
        """Let nobody in by a code."""
        self._teach().set_join_code(self.slug, is_open=False)
        self._done(self._("Nobody can join by a code now."))

    def project(self) -> None:
        """Show nothing but the code, as large as it gets."""
        self.is_projected = self.moved = True
        self.refresh()

    def close(self) -> None:
        """Put away what was looked at: the projected code, a roster that is looked through, printed codes."""
        self._put_away()
        self.refresh()

    def turn(self, value: str) -> None:
        """Show another page of learners."""
        self.page = number(value)
        self.refresh()

    def invite(self, username: str) -> None:
        """Let somebody in who teaches the class, too."""
        self._teach().add(self.slug, [username], ClassRole.TEACHER)
        self._done(self._("{username} teaches this class now, too.", username=username))

    def let_in_one(self, username: str) -> None:
        """Let in one learner who has an account."""
        self._teach().add(self.slug, [username], ClassRole.LEARNER)
        self._done(self._("{username} is in the class now.", username=username))

    def ask_to_remove(self, value: str) -> None:
        """Ask whether somebody is really to be let out."""
        self.leaving = value
        self.refresh()

    def remove(self, value: str) -> None:
        """Let somebody out."""
        self._teach().remove_member(self.slug, value)
        self._done(self._("{username} is not in the class any more. What they did stays.", username=value))

    def read_roster(self, file: str) -> None:
        """Look a CSV file through that comes as base64; nothing is changed."""
        try:
            self._file = base64.b64decode(file, validate=True)
        except binascii.Error:
            self._file = b""
        self.preview = self._teach().preview_roster(self.slug, self._file)
        self.said = self._("The list is looked through. Nothing is changed yet.")

    def let_in(self) -> None:
        """Let everybody in who stands on the list that was looked through."""
        done = self._teach().let_in(self.slug, self._file)
        self.preview, self._file, self.codes = (), b"", done.codes
        self._done(self._("The list is in the class now."))
        self.moved = bool(self.codes)

    def add_course(self, course: str) -> None:
        """Let the class take one more course."""
        self._teach().add(self.slug, [], ClassRole.LEARNER, [course])
        self._done(self._("The class takes the course now."))

    def set_rules(self, counts: str, idle_days: str, holds_solutions: str) -> None:
        """Set which answers decide about marks, when somebody is idle, and whether solutions wait (`yes` or `no`)."""
        days = number(idle_days)
        rule = Counts[counts] if counts in Counts.__members__ else None
        held = {"yes": True, "no": False}.get(holds_solutions)
        self._teach().configure(self.slug, counts=rule, idle_days=days, holds_solutions=held)
        self._done(self._("The rules are kept."))

    def set_due(self, topic: str, username: str, due: str) -> None:
        """Say when a topic is due, for the class or (later) for one learner; no date takes the class's away."""
        due_at = self._moment_of(due) if due else None
        if username.strip():
            if due_at is None:
                raise InvalidValue(field="due", value="", reason=N_("Choose a date and a time."))
            self._teach().extend_due(self.slug, topic, username.strip(), due_at)
        else:
            self._teach().set_due(self.slug, topic, due_at)
        self._done(self._("The date is kept."))

    def open_topic(self, topic: str, username: str) -> None:
        """Open a topic for everybody in the class, or for one learner."""
        count = self._teach().give_level(self.slug, topic, username.strip() or None)
        learners = self._.plural("{n} learner", "{n} learners", count)
        self._done(self._("Opened. It was locked for {learners}.", learners=learners))

    def give_code(self, value: str) -> None:
        """Make a code with which a learner sets a new password."""
        self.codes = (self._teach().password_code(self.slug, value),)
        self._done(self._("The code is shown at the top. It is kept nowhere else."))
        self.moved = True

    # ---- how it looks

    @property
    def may_make(self) -> bool:
        """Whether they may make a class."""
        return self.profile is not None and may(self.profile.role, Permission.MAKE_CLASS)

    def title(self) -> str:
        """Return the title of the browser's window."""
        return f"{self.card.name if self.card else self._('My classes')} · Aralify"

    def render(self) -> Markup:
        """Return the whole page."""
        if self.is_projected and self.card and self.card.join_code:
            return classes_sections.projected(self.card, self)
        who = self.profile.display_name if self.profile else ""
        told = self.general_error()
        if self.done:
            told = Markup('<div class="ar-done">{}</div>').format(notice("passed", self.done, color="pass"))
        main = told + self._main()
        return markup.page(who, main, self._, place=Place(is_hosted()), here=self._("My classes"))

    def as_text(self) -> str:
        """Return what the page is, in one line."""
        return sentence(self.failure, self.language) if self.failure else self.title()

    def _main(self) -> Markup:
        if self.failure is not None:
            return class_states.failed(self.failure, Place(is_hosted()), self._)
        card = self.card
        if card is None or self.roster is None:
            return classes_sections.listed(self)
        if card.is_archived:
            return joined([classes_sections.heading(card, self), classes_sections.archived(self)])
        return joined(
            [
                classes_sections.heading(card, self),
                classes_people.codes(self),
                classes_sections.joining(card, self),
                classes_people.listed(self.roster, self),
                classes_people.list_of_names(self),
                classes_sections.dates(self),
                classes_sections.rules(card, self),
            ]
        )

    # ---- what is known

    def _read(self) -> None:
        session, teach = self._connect(), self._teach()
        self._read_classes(session, teach)
        self.courses = session.courses()
        if self.card is None:
            self.has_left, self.slug = bool(self.slug), ""
            self.in_need = self._attention(teach)
            return
        self.roster, self.topics = teach.roster(self.slug), teach.topics(self.slug)

    def _attention(self, teach: TeacherSession) -> dict[str, int]:
        """Return how many learners need help in each of the first classes."""
        present = [card for card in self.classes if not card.is_archived][:LOOKED_AT]
        return {
            card.slug: len(
                {one.learner.username for course in card.courses for one in teach.needs_help(card.slug, course)}
            )
            for card in present
        }

    def _done(self, said: str) -> None:
        """Show what came of an action, with forms that are empty again."""
        self._round += 1
        self.uid = f"ar{self._round}"
        self.refresh()
        self.said = self.done = said

    def _put_away(self) -> None:
        self.is_projected, self.preview, self._file, self.codes, self.marks = False, (), b"", (), None

    def _moment_of(self, typed: str) -> dt.datetime:
        try:
            return dt.datetime.fromisoformat(typed).replace(tzinfo=self._zone).astimezone(dt.UTC)
        except (ValueError, OverflowError):
            raise InvalidValue(field="due", value=typed[:40], reason=N_("Choose a date and a time.")) from None
