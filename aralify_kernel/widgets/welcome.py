"""The root of the welcome notebook: who, in which language, then the courses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from markupsafe import Markup

from aralify_kernel.i18n import in_language
from aralify_kernel.widgets.components import NOTHING, brand, button, joined, language_switch
from aralify_kernel.widgets.courses import Courses
from aralify_kernel.widgets.opening import link_bundle, relative_path
from aralify_kernel.widgets.panel import Panel
from aralify_kernel.widgets.profiles import ProfileCard, avatar
from aralify_kernel.widgets.screen import Screen
from aralify_kernel.widgets.sign_in import SignIn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.session import LearnerSession


def welcome(
    session: LearnerSession,
    *,
    language: str | None,
    choose_language: Callable[[str], None],
    open_lesson: Callable[[LessonRef], Path],
    screen: str = "courses",
    progress_url: str = "",
) -> Panel:
    """Return the navigator, with language choice and sign-in in front where they are still to be done.

    Args:
        session: Whose courses to show.
        language: The language chosen on this computer, or None to ask.
        choose_language: Keeps a choice of language.
        open_lesson: Writes the working copy of a lesson and returns its path.
        screen: Where to begin when somebody is signed in: `courses`, `profile`, or `sign_in` for somebody else.
        progress_url: Where the page "My progress" is; no link to it when empty.
    """
    folder = Path.cwd()  # now: a learner's code may change it later

    def open_notebook(ref: LessonRef) -> str:
        return relative_path(open_lesson(ref), folder)

    return WelcomePanel(
        Welcome(
            session,
            language=language,
            choose_language=choose_language,
            open_notebook=open_notebook,
            begins_with=screen,
            progress_url=progress_url,
        )
    )


class Welcome(Screen):
    """One of three screens at a time: `sign_in`, `courses`, `profile`, under one bar."""

    actions: ClassVar = frozenset({"choose_language", "go_courses", "go_profile"})

    def __init__(
        self,
        session: LearnerSession,
        *,
        language: str | None,
        choose_language: Callable[[str], None],
        open_notebook: Callable[[LessonRef], str],
        begins_with: str = "courses",
        progress_url: str = "",
    ) -> None:
        super().__init__(language or "en")
        self._progress_url = progress_url
        self._session = session
        self._keep_language = choose_language
        self.sign_in = SignIn(session, language=language, choose_language=choose_language, on_signed_in=self._signed_in)
        self.courses = Courses(session, language=self.language, open_notebook=open_notebook)
        self.profile = ProfileCard(
            session,
            language=self.language,
            choose_language=choose_language,
            on_signed_out=self._signed_out,
            on_sign_up=self._sign_up,
        )
        self.current: Screen = self.sign_in
        if session.user is not None and begins_with != "sign_in":
            self._enter(self.profile if begins_with == "profile" else self.courses)

    # ---- what can be done

    def act(self, action: str, values: Mapping[str, Any]) -> None:
        """Pass on what the present screen can do; do the rest here."""
        self.moved = False
        before = self.current
        if action in self.actions and not (before is self.sign_in and action == "choose_language"):
            super().act(action, values)
        else:
            before.act(action, values)
            self.said, self.opening = before.said, before.opening
        self.set_language(before.language if before is self.sign_in else self.language)

    def choose_language(self, value: str) -> None:
        """Show everything in the language `value` from now on, and remember it."""
        self._keep_language(value)
        self.language = value

    def go_courses(self) -> None:
        """Go to the courses."""
        self._enter(self.courses)
        self.courses.show_courses()

    def go_profile(self) -> None:
        """Go to the profile card."""
        self._enter(self.profile)
        self.profile.show_card()

    def set_language(self, language: str) -> None:
        """Show everything in `language` from now on."""
        self.language = language
        for screen in (self.sign_in, self.courses, self.profile):
            screen.set_language(language)

    def refresh(self) -> None:
        """Read the state again; another kernel may have signed in or out."""
        self.profile.refresh()
        if self._session.user is None:
            self.current = self.sign_in
        elif self.current is self.sign_in:
            self._enter(self.courses)
        self.current.refresh()

    def _enter(self, screen: Screen) -> None:
        self.current = screen
        self.profile.refresh()
        screen.refresh()
        screen.moved = True

    def _signed_in(self) -> None:
        self._enter(self.courses)
        self.courses.course = self.courses.level = self.courses.opened = None

    def _signed_out(self) -> None:
        self.sign_in.show_sign_in()
        self.current = self.sign_in

    def _sign_up(self) -> None:
        self.sign_in.show_sign_up()
        self.current = self.sign_in

    # ---- how it looks

    def render(self) -> Markup:
        """Return the bar and the present screen."""
        for screen in (self.sign_in, self.courses, self.profile):
            screen.uid = self.uid
        if self.current is self.sign_in and self.sign_in.step == "language":
            return self.current.render()
        return Markup('<div class="ar-stack ar-board">{}{}{}</div>').format(
            self._render_bar(), self.general_error(), self.current.render()
        )

    def at_rest(self) -> Markup:
        """Return what the present screen keeps."""
        return self.current.at_rest()

    def as_text(self) -> str:
        """Return what the present screen says."""
        return self.current.as_text()

    def _render_bar(self) -> Markup:
        return Markup('<div class="ar-row ar-row--apart">{}<div class="ar-row">{}{}</div></div>').format(
            brand(), self._render_ways(), language_switch(self.language)
        )

    def _render_ways(self) -> Markup:
        profile = self.profile.profile
        if profile is None:
            return NOTHING
        ways = [("go_courses", self._("Courses"), self.courses)]
        name = Markup("{} {}").format(avatar(profile, small=True), profile.display_name)
        level = self._("Level {level}", level=profile.level)
        me = Markup('{} <span class="ar-muted ar-small">{}</span>').format(name, level)
        return joined(
            [
                *(button(words, action, kind="quiet") for action, words, screen in ways if self.current is not screen),
                self._render_progress_link(),
                button(me, "go_profile", kind="quiet me"),
            ]
        )

    def _render_progress_link(self) -> Markup:
        if not self._progress_url:
            return NOTHING
        link = Markup('<a class="ar-btn ar-btn--quiet" href="{}" target="_blank" rel="noopener">{}</a>')
        return link.format(self._progress_url, self._("My progress"))


class WelcomePanel(Panel):
    """The welcome screen with the link to the notebook opened last below it."""

    screen: Welcome
    _slot: Any = None

    def act(self, action: str, **values: Any) -> None:
        """Do what the page asks for; after opening a lesson, show the link to it."""
        super().act(action, **values)
        opened = self.screen.courses.opened
        if self.screen.opening and opened and self._slot is not None:
            title = in_language(opened.title, self.screen.language)
            words = self.screen._("Open “{title}”", title=title)
            self._slot.update(link_bundle(self.screen.opening, words), raw=True)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self._repr_mimebundle_()[0], raw=True)
        self._slot = display({"text/html": "", "text/plain": ""}, raw=True, display_id=True)
