"""The profile card: level, streak and week; editing it, the password, signing out."""

from __future__ import annotations

import zoneinfo
from typing import TYPE_CHECKING, ClassVar, Literal

from markupsafe import Markup

from aralify_kernel.domain.session import ProfileChange
from aralify_kernel.errors import N_, NotSignedIn
from aralify_kernel.i18n import LANGUAGE_NAMES, sentence
from aralify_kernel.widgets.components import (
    NOTHING,
    button,
    field,
    form,
    icon,
    joined,
    labelled,
    language_switch,
    level_meter,
    notice,
    state,
    submit,
)
from aralify_kernel.widgets.panel import Panel
from aralify_kernel.widgets.screen import RUN_AGAIN, Screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from aralify_kernel.domain.session import LearnerSession, Profile

Part = Literal["card", "edit", "password"]
WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
TIME_FACTORS = {"1": N_("as it is"), "1.5": N_("one and a half times"), "2": N_("twice"), "0": N_("no time limit")}


def profile_card(session: LearnerSession, *, language: str, choose_language: Callable[[str], None]) -> Panel:
    """Return the card of who is signed in, which can be edited."""
    return Panel(ProfileCard(session, language=language, choose_language=choose_language, has_switch=True))


class ProfileCard(Screen):
    """The profile of who is signed in: the card, or one of its two forms."""

    actions: ClassVar = frozenset(
        {
            "choose_language",
            "show_card",
            "show_edit",
            "show_password",
            "save_profile",
            "change_password",
            "sign_out",
            "show_sign_up",
        }
    )
    fields: ClassVar = frozenset(
        {"display_name", "bio", "avatar_url", "language", "timezone", "time_factor", "email", "old", "new", "password"}
    )
    error_fields: ClassVar = {"wrong_password": "old", "email_taken": "email"}

    def __init__(
        self,
        session: LearnerSession,
        *,
        language: str,
        choose_language: Callable[[str], None],
        on_signed_out: Callable[[], None] | None = None,
        on_sign_up: Callable[[], None] | None = None,
        has_switch: bool = False,
    ) -> None:
        super().__init__(language)
        self.part: Part = "card"
        self.profile: Profile | None = None
        self.saved = ""
        self.typed: dict[str, str] = {}
        self._session = session
        self._choose_language = choose_language
        self._on_signed_out = on_signed_out
        self._on_sign_up = on_sign_up
        self._has_switch = has_switch
        self.refresh()

    # ---- what can be done

    def refresh(self) -> None:
        """Read the profile again; nobody may be signed in any more."""
        try:
            self.profile = self._session.profile()
        except NotSignedIn:
            self.profile = None

    def choose_language(self, value: str) -> None:
        """Show everything in the language `value` from now on, and remember it."""
        self._choose_language(value)
        self.set_language(value)
        self.refresh()

    def show_card(self) -> None:
        """Go back to the card."""
        self._go("card")

    def show_edit(self) -> None:
        """Go to the form that changes the profile."""
        self._go("edit")

    def show_password(self) -> None:
        """Go to the form that changes the password."""
        self._go("password")

    def save_profile(self, time_factor: str, language: str, **texts: str) -> None:
        """Keep what the form holds."""
        self.typed = {**texts, "time_factor": time_factor, "language": language}
        change = ProfileChange(time_factor=float(time_factor), language=language, **texts)
        self.profile = self._session.update_profile(change)
        if language != self.language:
            self.choose_language(language)
        self._done(self._("Your profile is saved."))

    def change_password(self, new: str, old: str = "") -> None:
        """Set a new password."""
        self._session.change_password(old or None, new)
        self.refresh()
        self._done(self._("Your password is changed. Other places where you were signed in are signed out."))

    def sign_out(self) -> None:
        """End this sign-in."""
        self._session.sign_out()
        self.profile = None
        if self._on_signed_out:
            self._on_signed_out()

    def show_sign_up(self) -> None:
        """Let a guest make an account."""
        if self._on_sign_up:
            self._on_sign_up()

    def _go(self, part: Part) -> None:
        self.part, self.saved, self.typed, self.moved = part, "", {}, True

    def _done(self, words: str) -> None:
        self._go("card")
        self.saved = self.said = words

    # ---- how it looks

    def render(self) -> Markup:
        """Return the card or the form."""
        if self.profile is None:
            body = Markup("<p>{}</p>").format(sentence(NotSignedIn(), self.language))
        elif self.part == "card":
            body = self._render_card(self.profile)
        elif self.part == "edit":
            body = self._render_edit(self.profile)
        else:
            body = self._render_password(self.profile)
        switch = (
            Markup('<div class="ar-row ar-row--end">{}</div>').format(language_switch(self.language))
            if self._has_switch
            else NOTHING
        )
        return Markup('<div class="ar-card ar-stack ar-profile">{}{}{}</div>').format(
            switch, self.general_error(), body
        )

    def at_rest(self) -> Markup:
        """Return who it is, without figures that would be out of date."""
        name = self.profile.display_name if self.profile else ""
        return Markup('<div class="ar-card ar-stack"><h3>{}</h3><p>{}</p></div>').format(name, self._(RUN_AGAIN))

    def as_text(self) -> str:
        """Return level and streak in words."""
        if self.profile is None:
            return sentence(NotSignedIn(), self.language)
        level = self._("Level {level}", level=self.profile.level)
        xp = self._("{xp} of {goal} XP", xp=self.profile.xp_total, goal=self.profile.next_level_xp)
        return f"{self.profile.display_name}: {level}, {xp}. {self._streak(self.profile)} · {self._today(self.profile)}"

    def _streak(self, profile: Profile) -> str:
        return self._.plural("Streak: {n} day", "Streak: {n} days", profile.streak_current)

    def _today(self, profile: Profile) -> str:
        return self._("Today counts") if profile.today_counts else self._("Not yet today")

    def _render_card(self, profile: Profile) -> Markup:
        return joined(
            (
                notice("passed", self.saved, role="status", color="pass") if self.saved else NOTHING,
                self._render_name(profile),
                self._render_guest() if profile.is_guest else NOTHING,
                level_meter(profile, self._),
                self._render_streak(profile),
                self._render_buttons(profile),
            )
        )

    def _render_name(self, profile: Profile) -> Markup:
        bio = Markup('<p class="ar-small">{}</p>').format(profile.bio) if profile.bio else NOTHING
        return Markup(
            '<div class="ar-row ar-row--tight">{}<div><h3{}>{}</h3><p class="ar-small ar-muted">{}</p></div></div>{}'
        ).format(avatar(profile), self.focus, profile.display_name, profile.username, bio)

    def _render_guest(self) -> Markup:
        words = self._("You are here as a guest. What you earn stays with this visit only.")
        link = button(self._("Sign up and keep my XP"), "show_sign_up", kind="s") if self._on_sign_up else NOTHING
        return notice("queued", Markup("{} {}").format(words, link))

    def _render_streak(self, profile: Profile) -> Markup:
        kind = "passed" if profile.today_counts else "open"
        nudge = NOTHING
        if not profile.today_counts:
            words = self._("One try, right or wrong, and today counts.")
            nudge = Markup('<p class="ar-small">{}</p>').format(words)
        return Markup(
            '<div class="ar-stack ar-stack--s ar-game"><div class="ar-row ar-row--apart"><strong>{}</strong>{}</div>{}'
            '<p class="ar-small ar-muted">{}</p>{}</div>'
        ).format(
            self._streak(profile),
            state(kind, self._today(profile), chip=True),
            self._render_week(profile),
            self._("Longest {n}", n=profile.streak_longest),
            nudge,
        )

    def _render_week(self, profile: Profile) -> Markup:
        return Markup('<ul class="ar-week" aria-label="{}">{}</ul>').format(
            self._("This week"),
            joined(self._render_day(day, profile, is_on=is_on) for day, is_on in enumerate(profile.week)),
        )

    def _render_day(self, day: int, profile: Profile, *, is_on: bool) -> Markup:
        name = self._(WEEKDAYS[day])
        if is_on:
            said = self._("{day}: active", day=name)
        elif day > profile.weekday:
            said = self._("{day}: still ahead", day=name)
        elif day == profile.weekday:
            said = self._("{day}: not yet", day=name)
        else:
            said = self._("{day}: no activity", day=name)
        classes = [("is-on", is_on), ("is-today", day == profile.weekday), ("is-ahead", day > profile.weekday)]
        return Markup(
            '<li class="{}"><i aria-hidden="true">{}</i><span aria-hidden="true">{}</span><span class="ar-sr">{}</span></li>'
        ).format(" ".join(name for name, holds in classes if holds), icon("passed") if is_on else "", name[:1], said)

    def _render_buttons(self, profile: Profile) -> Markup:
        password = self._("Change password") if profile.has_password else self._("Set a password")
        return Markup('<div class="ar-row">{}{}{}</div>').format(
            button(self._("Edit profile"), "show_edit", kind="s"),
            NOTHING if profile.is_guest else button(password, "show_password", kind="s"),
            button(self._("Sign out"), "sign_out", kind="s"),
        )

    def _render_edit(self, profile: Profile) -> Markup:
        _ = self._
        return self._titled(
            _("Edit profile"),
            form(
                "save_profile",
                self._field(_("Display name"), "display_name", profile.display_name, autocomplete="name"),
                self._render_bio(profile),
                self._field(
                    _("Picture"), "avatar_url", profile.avatar_url or "", help_text=_("The address of a picture.")
                ),
                self._field(_("E-mail"), "email", profile.email or "", kind="email", autocomplete="email"),
                self._select(_("Language"), "language", LANGUAGE_NAMES, profile.language),
                self._render_zone(profile),
                self._select(
                    _("Time in timed lessons"),
                    "time_factor",
                    {value: _(words) for value, words in TIME_FACTORS.items()},
                    f"{profile.time_factor or 0:g}",
                    help_text=_("More time earns the same XP, and nobody but your teacher sees it."),
                ),
                self._form_buttons(_("Save")),
            ),
        )

    def _render_password(self, profile: Profile) -> Markup:
        _ = self._
        old = self._field(_("Password now"), "old", "", kind="password", autocomplete="current-password")
        new_error = self.error_at("new") or self.error_at("password")
        new = field(
            self.uid,
            "new",
            _("New password"),
            kind="password",
            autocomplete="new-password",
            help_text=_("8 to 128 characters. A whole sentence is fine."),
            error=new_error,
        )
        return self._titled(
            _("Change password") if profile.has_password else _("Set a password"),
            form("change_password", old if profile.has_password else NOTHING, new, self._form_buttons(_("Save"))),
        )

    def _titled(self, title: str, body: Markup) -> Markup:
        return Markup("<h3{}>{}</h3>{}").format(self.focus, title, body)

    def _form_buttons(self, words: str) -> Markup:
        return Markup('<div class="ar-row">{}{}</div>').format(
            submit(words), button(self._("Cancel"), "show_card", kind="quiet")
        )

    def _field(
        self, label: str, name: str, value: str, *, kind: str = "text", autocomplete: str = "off", help_text: str = ""
    ) -> Markup:
        return field(
            self.uid,
            name,
            label,
            value=self.typed.get(name, value),
            kind=kind,
            autocomplete=autocomplete,
            help_text=help_text,
            error=self.error_at(name),
        )

    def _render_bio(self, profile: Profile) -> Markup:
        control = Markup('<textarea class="ar-input" id="{}-bio" name="bio" rows="3">{}</textarea>').format(
            self.uid, self.typed.get("bio", profile.bio)
        )
        help_text = self._("At most 500 characters.")
        return labelled(self.uid, "bio", self._("About you"), control, help_text=help_text, error=self.error_at("bio"))

    def _render_zone(self, profile: Profile) -> Markup:
        zones = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith("Etc/"))
        control = Markup(
            '<input class="ar-input" id="{uid}-timezone" name="timezone" list="{uid}-zones" value="{value}"'
            ' autocomplete="off" spellcheck="false"><datalist id="{uid}-zones">{zones}</datalist>'
        ).format(
            uid=self.uid,
            value=self.typed.get("timezone", profile.timezone),
            zones=joined(Markup("<option>{}</option>").format(zone) for zone in ("UTC", *zones)),
        )
        help_text = self._("As in Asia/Manila; it decides when your day ends.")
        error = self.error_at("timezone")
        return labelled(self.uid, "timezone", self._("Time zone"), control, help_text=help_text, error=error)

    def _select(self, label: str, name: str, options: dict[str, str], value: str, *, help_text: str = "") -> Markup:
        chosen = self.typed.get(name, value)
        control = Markup('<select class="ar-input" id="{}-{}" name="{}">{}</select>').format(
            self.uid,
            name,
            name,
            joined(
                Markup('<option value="{}"{}>{}</option>').format(
                    key, Markup(" selected") if key == chosen else NOTHING, words
                )
                for key, words in options.items()
            ),
        )
        return labelled(self.uid, name, label, control, help_text=help_text, error=self.error_at(name))


def avatar(profile: Profile, *, small: bool = False) -> Markup:
    """Return a person's picture over the first letter of their name."""
    url = profile.avatar_url or ""
    image = (
        Markup('<img src="{}" alt="">').format(url)
        if url.startswith(("https://", "http://", "data:image/"))
        else NOTHING
    )
    return Markup('<span class="ar-avatar{}" aria-hidden="true">{}{}</span>').format(
        " ar-avatar--s" if small else "", profile.display_name[:1].upper(), image
    )
