"""What every dashboard is, and what those of teachers share: who looks at it, in which language, at which class."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.dashboards import words
from aralify_kernel.domain.marks import MarksFormat
from aralify_kernel.domain.time_zones import zone
from aralify_kernel.errors import NotFound
from aralify_kernel.i18n import supported
from aralify_kernel.widgets.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime, tzinfo

    from markupsafe import Markup

    from aralify_kernel.dashboards.figures import Figure
    from aralify_kernel.domain.session import LearnerSession, Profile
    from aralify_kernel.domain.teaching import ClassCard, TeacherSession
    from aralify_kernel.errors import AralifyError

_CLASS: Final = "class"
"""The kind of what is not found when somebody does not teach a class (any more)."""


class Dashboard(Screen):
    """A screen with charts that fills a page of its own.

    Args:
        connect: Returns the session of who looks; may raise what `LearnerSession` methods may.
        language: What to write in when nobody is signed in; else it is the person's own choice.
        keep_language: Keeps a choice of language.
    """

    failure: AralifyError | None = None
    """What prevents the page, and is shown instead of it."""

    def __init__(
        self, connect: Callable[[], LearnerSession], *, language: str, keep_language: Callable[[str], None]
    ) -> None:
        super().__init__(language)
        self._connect = connect
        self._keep_language = keep_language
        self._persons_language: str | None = None

    def choose_language(self, value: str) -> None:
        """Show everything in the language `value`, and keep that choice."""
        self.set_language(supported(value))
        self.said = self._("This page is in English now.")
        self._keep_language(self.language)

    def follow(self, chosen: str | None) -> None:
        """Speak the person's language, where they chose another one elsewhere or are somebody else than before."""
        if chosen and chosen != self._persons_language:
            self.set_language(supported(chosen))
        self._persons_language = chosen

    def at_rest(self) -> Markup:
        """Return the page as it is; a dashboard is not kept in a notebook."""
        return self.render()

    @abstractmethod
    def title(self) -> str:
        """Return the title of the browser's window."""

    def figures(self) -> Mapping[str, Figure]:
        """Return the charts by the names that stand in the HTML as `data-figure`."""
        return {}

    def kept(self) -> str | None:
        """Return what the browser keeps, and tells by the action `remember` when it opens the page again; or None."""
        return None

    def shown(self) -> str | None:
        """Return which class is shown, for the address of the page, or ""; None where the address names no class.

        An address that names another one (`?class=`) asks for it by the action `choose_class`.
        """
        return None


def number(text: str) -> int:
    """Return the number that a page sent as text; 0, which is none of anything, where it is no number or endless."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0


class TeachersDashboard(Dashboard):
    """A dashboard about the classes of whoever looks at it.

    Args:
        connect: Returns the session of who looks; may raise what `LearnerSession` methods may.
        teach: Returns what they can do with their classes.
        language: What to write in when nobody is signed in; else it is the person's own choice.
        keep_language: Keeps a choice of language.
    """

    def __init__(
        self,
        connect: Callable[[], LearnerSession],
        teach: Callable[[], TeacherSession],
        *,
        language: str,
        keep_language: Callable[[str], None],
    ) -> None:
        super().__init__(connect, language=language, keep_language=keep_language)
        self._teach = teach
        self.slug = ""
        self.profile: Profile | None = None
        self.classes: tuple[ClassCard, ...] = ()
        self.marks: tuple[str, bytes] | None = None

    @property
    def card(self) -> ClassCard | None:
        """The class that is looked at; None when it is none, or not theirs any more."""
        return next((one for one in self.classes if one.slug == self.slug), None)

    def act(self, action: str, values: Mapping[str, Any]) -> None:
        """Do what was asked for; where the class turns out not to be theirs any more, show nothing of it."""
        super().act(action, values)
        if isinstance(self.error, NotFound) and self.error.details["kind"] == _CLASS:
            self.refresh()

    def shown(self) -> str:
        """Return the class that is looked at, so that a page made anew shows it again."""
        return self.slug

    def take_marks(self, value: str) -> None:
        """Write the marks in the format `value`, and offer the file."""
        if value in {form.value for form in MarksFormat}:
            form = MarksFormat(value)
            self.marks = (f"{self.slug}-{form.value}.csv", self._teach().marks(self.slug, form, self.language))
            self.said = self._("The marks can be saved now.")

    def local(self, at: datetime) -> datetime:
        """Return a moment in the time zone of who looks."""
        return at.astimezone(self._zone)

    def moment(self, at: datetime) -> str:
        """Return a moment as they read it, with its day."""
        return words.moment(self.local(at), self.local(self._teach().now()).date(), self._)

    @property
    def _zone(self) -> tzinfo:
        return zone(self.profile.timezone if self.profile else "UTC")

    def _read_classes(self, session: LearnerSession, teach: TeacherSession) -> None:
        """Read who looks, and which classes they have."""
        self.profile = session.profile()
        self.follow(self.profile.language)
        self.classes = teach.classes()
