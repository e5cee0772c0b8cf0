"""Who is learning: sign in, make an account, or look around as a guest. Before that, in which language."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from markupsafe import Markup

from aralify_kernel.widgets.components import brand, button, field, form, joined, submit
from aralify_kernel.widgets.screen import RUN_AGAIN, Screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from aralify_kernel.domain.session import LearnerSession

Step = Literal["language", "sign_in", "sign_up"]


class SignIn(Screen):
    """Steps `language`, `sign_in` and `sign_up`; calls `on_signed_in` when somebody is there."""

    actions: ClassVar = frozenset(
        {"choose_language", "show_sign_in", "show_sign_up", "sign_in", "sign_up", "continue_as_guest"}
    )
    fields: ClassVar = frozenset({"username", "password", "email", "display_name"})
    error_fields: ClassVar = {"name_taken": "username", "email_taken": "email", "wrong_password": "password"}

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
        self._go("sign_up")

    def sign_in(self, username: str, password: str) -> None:
        """Sign in; an empty password stands for none."""
        self.typed = {"username": username}
        self._session.sign_in(username.strip(), password or None)
        self._welcome()

    def sign_up(self, username: str, password: str, email: str, display_name: str) -> None:
        """Make an account; only the user name is needed."""
        self.typed = {"username": username, "email": email, "display_name": display_name}
        self._session.sign_up(
            username.strip(),
            password=password or None,
            email=email.strip() or None,
            display_name=display_name.strip() or None,
            language=self.language,
        )
        self._welcome()

    def continue_as_guest(self) -> None:
        """Begin without an account."""
        self._session.continue_as_guest(self.language)
        self._welcome()

    def _go(self, step: Step) -> None:
        self.step, self.typed, self.moved = step, {}, True

    def _welcome(self) -> None:
        self.typed = {}
        self._on_signed_in()

    # ---- how it looks

    def render(self) -> Markup:
        """Return the present step."""
        match self.step:
            case "language":
                return self._render_language()
            case "sign_in":
                return self._render_sign_in()
            case "sign_up":
                return self._render_sign_up()

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

    def _render_sign_in(self) -> Markup:
        _ = self._
        fields = form(
            "sign_in",
            self._username(),
            field(
                self.uid,
                "password",
                _("Password"),
                kind="password",
                autocomplete="current-password",
                aside=_("leave empty if you never set one"),
                error=self.error_at("password"),
            ),
            Markup('<div class="ar-row">{}{}</div>').format(
                submit(_("Sign in")), button(_("I am new here"), "show_sign_up")
            ),
        )
        guest = Markup('<div class="ar-row ar-row--apart ar-ruled"><p class="ar-help">{}</p>{}</div>').format(
            _("Just looking? Start as a guest; sign up later and your XP comes along."),
            button(_("Continue as guest"), "continue_as_guest"),
        )
        return self._card(_("Who is learning today?"), fields, guest)

    def _render_sign_up(self) -> Markup:
        _ = self._
        fields = form(
            "sign_up",
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
                aside=_("not needed on your own computer"),
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
        return self._card(_("Make an account"), fields)

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
