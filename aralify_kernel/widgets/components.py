"""The pieces all screens are made of. Everything put into them is escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from aralify_kernel.domain.difficulty import Difficulty
from aralify_kernel.errors import N_
from aralify_kernel.i18n import LANGUAGE_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aralify_kernel.domain.session import Profile
    from aralify_kernel.i18n import Translator

NOTHING = Markup("")
DIFFICULTY_NAMES = {Difficulty.EASY: N_("EASY"), Difficulty.MEDIUM: N_("MEDIUM"), Difficulty.HARD: N_("HARD")}


def joined(parts: Iterable[Markup]) -> Markup:
    """Return `parts` one after the other."""
    return NOTHING.join(parts)


def icon(name: str) -> Markup:
    """Return an icon; it says nothing to a screen reader."""
    return Markup('<span class="ar-i ar-i--{}" aria-hidden="true"></span>').format(name)


def state(kind: str, words: str | Markup, *, chip: bool = False) -> Markup:
    """Return a state: its icon and its words."""
    return Markup('<span class="ar-state ar-state--{}{}">{}</span>').format(
        kind, " ar-state--chip" if chip else "", words
    )


def difficulty_name(difficulty: Difficulty, _: Translator) -> str:
    """Return the word for a tier."""
    return _(DIFFICULTY_NAMES[difficulty])


def tier_mark(difficulty: Difficulty) -> Markup:
    """Return the letter of a tier in its shape, for beside its name."""
    letter = difficulty.name[0]
    return Markup('<b aria-hidden="true">{}</b>').format(letter)


def tier(difficulty: Difficulty, _: Translator) -> Markup:
    """Return a tier: mark and name."""
    return Markup('<span class="ar-tier ar-tier--{}">{} {}</span>').format(
        difficulty.slug[0], tier_mark(difficulty), difficulty_name(difficulty, _)
    )


def button(
    words: str | Markup,
    action: str,
    *,
    value: str | None = None,
    kind: str = "",
    label: str | None = None,
    described_by: str = "",
) -> Markup:
    """Return a button that calls `action` (with `value`, if there is one). `kind` is `primary`, `quiet`, `s`, …."""
    classes = "".join(f" ar-btn--{one}" for one in kind.split())
    attributes = joined(
        Markup(' {}="{}"').format(name, content)
        for name, content in (("data-value", value), ("aria-label", label), ("aria-describedby", described_by or None))
        if content is not None
    )
    return Markup('<button type="button" class="ar-btn{}" data-action="{}"{}>{}</button>').format(
        classes, action, attributes, words
    )


def submit(words: str | Markup, *, kind: str = "primary") -> Markup:
    """Return the button that sends the form it stands in; Enter does the same."""
    return Markup('<button type="submit" class="ar-btn ar-btn--{}">{}</button>').format(kind, words)


def form(action: str, *parts: Markup) -> Markup:
    """Return a form whose fields become the values of `action`."""
    return Markup('<form class="ar-stack ar-form" data-action="{}" novalidate>{}</form>').format(action, joined(parts))


def meter(label: str, value: float, low: float, high: float, words: str, *, stitched: bool = False) -> Markup:
    """Return a meter from `low` to `high`. `words` say the same and are read out; print them beside it as well."""
    share = 100 * (value - low) / (high - low) if high > low else 100.0
    return Markup(
        '<div class="ar-meter{}" role="progressbar" aria-label="{}" aria-valuemin="{:g}" aria-valuemax="{:g}"'
        ' aria-valuenow="{:g}" aria-valuetext="{}"><i style="--v:{:.1f}%"></i></div>'
    ).format(" ar-meter--stitched" if stitched else "", label, low, high, value, words, share)


def game(content: str | Markup) -> Markup:
    """Return something about XP, levels or streaks; the page around it leaves it out for who switched them off."""
    return Markup('<span class="ar-game">{}</span>').format(content)


def level_meter(profile: Profile, _: Translator) -> Markup:
    """Return a person's level, their XP and the way to the next level."""
    to_go = _("{xp} XP to Level {level}", xp=profile.next_level_xp - profile.xp_total, level=profile.level + 1)
    words = _("{xp} of {goal} XP", xp=profile.xp_total, goal=profile.next_level_xp)
    label = _("Way to Level {level}", level=profile.level + 1)
    bar = meter(label, profile.xp_total, profile.level_xp, profile.next_level_xp, words, stitched=True)
    return Markup(
        '<div class="ar-stack ar-stack--s ar-game"><div class="ar-row ar-row--apart"><strong class="ar-level">{}</strong>'
        '<span class="ar-num ar-small">{}</span></div>{}<p class="ar-small ar-muted ar-num">{}</p></div>'
    ).format(_("Level {level}", level=profile.level), words, bar, to_go)


def notice(icon_name: str, body: str | Markup, *, role: str = "", color: str = "ink-2") -> Markup:
    """Return a box that tells something; `role` is `alert` or `status` where it appears by itself."""
    return Markup(
        '<div class="ar-notice"{}><span class="ar-i ar-i--{} ar-c-{}" aria-hidden="true"></span><div>{}</div></div>'
    ).format(Markup(' role="{}"').format(role) if role else "", icon_name, color, body)


def field(
    uid: str,
    name: str,
    label: str,
    *,
    value: str = "",
    kind: str = "text",
    autocomplete: str = "off",
    aside: str = "",
    help_text: str = "",
    error: str = "",
) -> Markup:
    """Return a labelled one-line field, with its help and what is wrong with it."""
    control = Markup(
        '<input class="ar-input" id="{uid}-{name}" name="{name}" type="{kind}" value="{value}" autocomplete="{auto}"'
        ' autocapitalize="off" spellcheck="false"{state}>'
    ).format(
        uid=uid, name=name, kind=kind, value=value, auto=autocomplete, state=_field_state(uid, name, help_text, error)
    )
    return labelled(uid, name, label, control, aside=aside, help_text=help_text, error=error)


def _field_state(uid: str, name: str, help_text: str, error: str) -> Markup:
    hints = [f"{uid}-{name}-{part}" for part, words in (("error", error), ("help", help_text)) if words]
    described = Markup(' aria-describedby="{}"').format(" ".join(hints)) if hints else NOTHING
    return described + (Markup(' aria-invalid="true" data-ar-focus') if error else NOTHING)


def labelled(
    uid: str, name: str, label: str, control: Markup, *, aside: str = "", help_text: str = "", error: str = ""
) -> Markup:
    """Return any control with the id `uid-name` under its label."""
    return Markup('<div class="ar-field"><label for="{}-{}">{}{}</label>{}{}{}</div>').format(
        uid,
        name,
        label,
        Markup(" <span>· {}</span>").format(aside) if aside else "",
        control,
        Markup('<p class="ar-help ar-help--bad" id="{}-{}-error">{} {}</p>').format(uid, name, icon("failed"), error)
        if error
        else "",
        Markup('<p class="ar-help" id="{}-{}-help">{}</p>').format(uid, name, help_text) if help_text else "",
    )


def language_switch(language: str) -> Markup:
    """Return the switch between the two languages; both words are always there."""
    return Markup('<div class="ar-lang" role="group" aria-label="Language · Wika">{}</div>').format(
        joined(
            Markup(
                '<button type="button" lang="{code}" data-action="choose_language" data-value="{code}"'
                ' aria-pressed="{pressed}">{name}</button>'
            ).format(code=code, pressed="true" if code == language else "false", name=name)
            for code, name in LANGUAGE_NAMES.items()
        )
    )


def brand() -> Markup:
    """Return the mark and the name."""
    return Markup('<span class="ar-brand"><span class="ar-mark" aria-hidden="true"></span>Aralify</span>')


def percent(value: float) -> str:
    """Return a percentage as it is written on screens: at most two decimals.

    >>> percent(60.0), percent(46.666)
    ('60 %', '46.67 %')
    """
    return f"{round(value, 2):g} %"
