"""Who is learning: sign in, make an account, or look around as a guest. Before that, in which language."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from markupsafe import Markup

from aralify_kernel.domain.sign_ins import BY_INVITATION, CLOSED, Admission
from aralify_kernel.errors import AralifyError, NoticeUnread, SignUpClosed
from aralify_kernel.i18n import in_language
from aralify_kernel.widgets.components import NOTHING, brand, button, field, form, joined, submit
from aralify_kernel.widgets.markdown import prose
from aralify_kernel.widgets.screen import RUN_AGAIN, Screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from aralify_kernel.domain.session import LearnerSession
    from aralify_kernel.domain.sign_ins import Entrance

Step = Literal["language", "sign_in", "notice", "sign_up"]


class SignIn(Screen):
    """Steps `language`, `sign_in` and `sign_up`; calls `on_signed_in` when somebody is there.

    At a class server the step `notice` comes before `sign_up`, and the server decides who gets in, and how.
    """

    actions: ClassVar = frozenset(
        {"choose_language", "show_sign_in", "show_sign_up", "agree", "sign_in", "sign_up", "continue_as_guest"}
    )
    fields: ClassVar = frozenset({"username", "password", "email", "display_name", "invitation"})
    error_fields: ClassVar = {
        "name_taken": "username",
        "email_taken": "email",
        "wrong_password": "password",
        "invitation_invalid": "invitation",
    }

    def __init__(
        self,
        session: LearnerSession,
        *,
        language: str | None,
        choose_language: Callable[[str], None],
        on_signed_in: Callable[[], None],
    ) -> None:
        super().__init__(language or "en")
        self.step: Step = "sign_in" if language else "language"
        self.typed: dict[str, str] = {}
        self._session = session
        self._choose_language = choose_language
        self._on_signed_in = on_signed_in
        self._way_in: Entrance | None = None
        self._is_known = False
        """Whether it is known how one gets in: a class server may be away."""
        self._agreed_to = ""

    # ---- what can be done

    def choose_language(self, value: str) -> None:
        """Show everything in the language `value` from now on, and remember it."""
        self._choose_language(value)
        self.set_language(value)
        if self.step == "language":
            self._go("sign_in")

    def show_sign_in(self) -> None:
        """Go to the form for people who have an account."""
        self._go("sign_in")

    def show_sign_up(self) -> None:
        """Go to the form for new people, and for guests who want to keep what they earned."""
        way_in = self._ask_the_way()
        if way_in is not None and way_in.sign_up == CLOSED:
            raise SignUpClosed
        self._go("sign_up" if way_in is None or way_in.notice_version == self._agreed_to else "notice")

    def agree(self) -> None:
        """Agree to what the server does with what it knows of people."""
        way_in = self._ask_the_way()
        self._agreed_to = way_in.notice_version if way_in else ""
        self._go("sign_up")

    def sign_in(self, username: str, password: str) -> None:
        """Sign in; an empty password stands for none."""
        self.typed = {"username": username}
        self._session.sign_in(username.strip(), password or None)
        self._welcome()

    def sign_up(self, username: str, password: str, email: str, display_name: str, invitation: str = "") -> None:
        """Make an account; on one's own computer only the user name is needed."""
        self.typed = {"username": username, "email": email, "display_name": display_name, "invitation": invitation}
        way_in = self._ask_the_way()
        try:
            self._session.sign_up(
                username.strip(),
                password=password or None,
                email=email.strip() or None,
                display_name=display_name.strip() or None,
                language=self.language,
                admission=Admission(self._agreed_to, invitation.strip() or None) if way_in else None,
            )
        except NoticeUnread:  # there is a newer one
            self._is_known, self.step = False, "notice"
            raise
        self._welcome()

    def continue_as_guest(self) -> None:
        """Begin without an account."""
        self._session.continue_as_guest(self.language)
        self._welcome()

    def refresh(self) -> None:
        """Ask again how one gets in."""
        self._is_known = False

    def _ask_the_way(self) -> Entrance | None:
        """Return how one gets in at the class server; None where there is none. Asked once, as it stays the same."""
        if not self._is_known:
            self._way_in = self._session.entrance()
            self._is_known = True
        return self._way_in

    def _go(self, step: Step) -> None:
        self.step, self.typed, self.moved = step, {}, True

    def _welcome(self) -> None:
        self.typed = {}
        self._on_signed_in()

    # ---- how it looks

    def render(self) -> Markup:
        """Return the present step."""
        if self.step == "language":
            return self._render_language()
        try:
            way_in = self._ask_the_way()
        except AralifyError as error:
            self.error = self.error or error
            return self._render_away()
        match self.step:
            case "sign_in":
                return self._render_sign_in(way_in)
            case "notice":
                return self._render_notice(way_in)
            case "sign_up":
                return self._render_sign_up(way_in)

    def at_rest(self) -> Markup:
        """Return the mark and how to begin."""
        return Markup('<div class="ar-card ar-stack">{}<p>{}</p></div>').format(brand(), self._(RUN_AGAIN))

    def as_text(self) -> str:
        """Return how to begin."""
        return f"Aralify. {self._(RUN_AGAIN)}"

    def _render_language(self) -> Markup:
        # Nobody has chosen yet, so both languages stand here, whatever `language` says.
        return Markup(
            '<div class="ar-card ar-stack ar-first">{}<h1 class="ar-h">Which language do you read best?<br>'
            '<span lang="fil" class="ar-second">Anong wika ang mas gamay mo?</span></h1>'
            '<div class="ar-grid">{}{}</div><p class="ar-help">You can switch at any time. Your code stays as it is.<br>'
            '<span lang="fil">Puwede kang magpalit kahit kailan. Hindi magagalaw ang code mo.</span></p></div>'
        ).format(
            brand(),
            button(Markup('<span lang="en">English</span>'), "choose_language", value="en", kind="big"),
            button(Markup('<span lang="fil">Filipino</span>'), "choose_language", value="fil", kind="big"),
        )

    def _render_away(self) -> Markup:
        again = Markup('<div class="ar-row">{}</div>').format(button(self._("Try again"), "show_sign_in"))
        return self._card(self._("Who is learning today?"), again)

    def _render_sign_in(self, way_in: Entrance | None) -> Markup:
        _ = self._
        new = button(_("I am new here"), "show_sign_up")
        fields = form(
            "sign_in",
            self._username(),
            field(
                self.uid,
                "password",
                _("Password"),
                kind="password",
                autocomplete="current-password",
                aside="" if way_in else _("leave empty if you never set one"),
                error=self.error_at("password"),
            ),
            Markup('<div class="ar-row">{}{}</div>').format(
                submit(_("Sign in")), NOTHING if way_in and way_in.sign_up == CLOSED else new
            ),
        )
        guest = Markup('<div class="ar-row ar-row--apart ar-ruled"><p class="ar-help">{}</p>{}</div>').format(
            _("Just looking? Start as a guest; sign up later and your XP comes along."),
            button(_("Continue as guest"), "continue_as_guest"),
        )
        may_look = way_in is None or way_in.guests
        return self._card(_("Who is learning today?"), self._place(way_in), fields, guest if may_look else NOTHING)

    def _render_notice(self, way_in: Entrance | None) -> Markup:
        _ = self._
        text = prose(in_language(way_in.notice, self.language)) if way_in else NOTHING
        buttons = Markup('<div class="ar-row">{}{}</div>').format(
            button(_("I have read this and agree"), "agree", kind="primary"),
            button(_("Back"), "show_sign_in", kind="quiet"),
        )
        return self._card(_("Before you make an account"), self._place(way_in), text, buttons)

    def _place(self, way_in: Entrance | None) -> Markup:
        """Return the address of the server, so that nobody gives their password to another."""
        if way_in is None:
            return NOTHING
        words = self._("Class server: {address}", address=way_in.server)
        return Markup('<p class="ar-small ar-muted">{}</p>').format(words)

    def _render_sign_up(self, way_in: Entrance | None) -> Markup:
        _ = self._
        fields = form(
            "sign_up",
            self._invitation() if way_in and way_in.sign_up == BY_INVITATION else NOTHING,
            field(
                self.uid,
                "display_name",
                _("What should we call you?"),
                value=self.typed.get("display_name", ""),
                autocomplete="name",
                aside=_("as you like it"),
                error=self.error_at("display_name"),
            ),
            self._username(),
            field(
                self.uid,
                "password",
                _("Password"),
                kind="password",
                autocomplete="new-password",
                aside="" if way_in else _("not needed on your own computer"),
                help_text=_("8 to 128 characters. A whole sentence is fine."),
                error=self.error_at("password"),
            ),
            field(
                self.uid,
                "email",
                _("E-mail"),
                value=self.typed.get("email", ""),
                kind="email",
                autocomplete="email",
                aside=_("not needed"),
                error=self.error_at("email"),
            ),
            Markup('<div class="ar-row">{}{}</div>').format(
                submit(_("Sign up")), button(_("Back"), "show_sign_in", kind="quiet")
            ),
        )
        return self._card(_("Make an account"), self._place(way_in), fields)

    def _invitation(self) -> Markup:
        return field(
            self.uid,
            "invitation",
            self._("Invitation code"),
            value=self.typed.get("invitation", ""),
            help_text=self._("Your teacher has it."),
            error=self.error_at("invitation"),
        )

    def _username(self) -> Markup:
        return field(
            self.uid,
            "username",
            self._("User name"),
            value=self.typed.get("username", ""),
            autocomplete="username",
            error=self.error_at("username"),
        )

    def _card(self, title: str, *parts: Markup) -> Markup:
        return Markup('<div class="ar-card ar-stack ar-first"><h1{}>{}</h1>{}{}</div>').format(
            self.focus or Markup(' class="ar-h"'), title, self.general_error(), joined(parts)
        )
