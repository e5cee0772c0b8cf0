"""What a teacher tells a learner, under a result and in the header of a lesson, and the form to ask one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from aralify_kernel.domain.class_talk import solutions_held_until
from aralify_kernel.widgets.components import button, field, form, icon, joined, notice, state, submit
from aralify_kernel.widgets.days import day_of
from aralify_kernel.widgets.markdown import letter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from aralify_kernel.domain.class_talk import LessonTalk, Question, TeacherNote
    from aralify_kernel.domain.session import SubmitResult
    from aralify_kernel.i18n import Translator

Told = tuple[tuple[str, str], ...]
"""Pairs of who says something, and what."""


def told_with(result: SubmitResult, _: Translator) -> Told:
    """Return what teachers tell about a result: notes to all who make this mistake, then the answer to a question."""
    notes = tuple((_from(note, _), note.text) for note in result.notes)
    return notes + (_exchange(result.question, _) if result.question else ())


def told_html(told: Told) -> Markup:
    """Return what teachers tell, each in a box of its own."""
    return joined(
        notice("note", Markup("<strong>{}</strong>{}").format(who, letter(what)), color="accent") for who, what in told
    )


def ask_button(_: Translator) -> Markup:
    """Return the button that opens the question to the teacher."""
    return button(Markup("{} {}").format(icon("hand"), _("Ask my teacher")), "ask", kind="s")


def ask_form(uid: str, _: Translator, *, error: str) -> Markup:
    """Return the form for a question to the teacher; `error` says what is wrong with it, empty for nothing."""
    label = _("Your question, in one sentence")
    help_text = _(
        "Your teacher sees it with this answer of yours. The reply appears here and at the top of the lesson."
    )
    row = Markup('<div class="ar-row">{}{}</div>').format(
        submit(_("Send to my teacher"), kind="primary ar-btn--s"), button(_("Close"), "close_question", kind="s")
    )
    return form("ask_teacher", field(uid, "question", label, help_text=help_text, error=error), row)


def facts(talk: LessonTalk, timezone: str, now: datetime, _: Translator) -> list[Markup]:
    """Return when a lesson is due for a learner, when their newest answer came in, and who opened their code."""
    found = [_due(words, is_over=is_over) for words, is_over in due_words(talk, timezone, now, _)]
    if talk.received_at and talk.due:
        received = _("received {moment}", moment=_moment(talk.received_at, timezone, now, _))
        found.append(Markup("{} {}").format(icon("passed"), received))
    for reader in talk.readers:
        who, moment = reader.name or _("whoever looks after Aralify here"), _moment(reader.read_at, timezone, now, _)
        told = _("{teacher} opened your code: {moment}", teacher=who, moment=moment)
        found.append(Markup("{} {}").format(icon("eye"), told))
    return found


def exchanges(talk: LessonTalk, _: Translator) -> Markup:
    """Return the newest question about each activity of a lesson, with its reply."""
    newest: dict[str, Question] = {question.activity: question for question in talk.questions}
    return told_html(_joined(_exchange(question, _) for question in newest.values()))


def _joined(parts: Iterable[Told]) -> Told:
    return tuple(pair for part in parts for pair in part)


def _exchange(question: Question, _: Translator) -> Told:
    if question.reply is None:
        return ((_("Your question is with your teacher"), question.text),)
    return ((_("You asked"), question.text), (_from(question.reply, _), question.reply.text))


def _from(note: TeacherNote, _: Translator) -> str:
    return _("From {teacher}", teacher=note.author) if note.author else _("From your teacher")


def due_words(talk: LessonTalk, timezone: str, now: datetime, _: Translator) -> list[tuple[str, bool]]:
    """Return when a lesson is due for a learner in each of their classes, and whether that moment is over."""
    found = []
    for due in talk.due:
        words = _("due {moment}", moment=_moment(due.due_at, timezone, now, _))
        if due.is_extended:
            words = f"{words} · {_('you have more time')}"
        found.append((f"{due.classroom}: {words}" if len(talk.due) > 1 else words, now > due.due_at))
    if held_until := solutions_held_until(talk.due, now):
        moment = _moment(held_until, timezone, now, _)
        found.append((_("model solutions from {moment}", moment=moment), False))
    return found


def _due(words: str, *, is_over: bool) -> Markup:
    return state("late", words, chip=True) if is_over else Markup("{} {}").format(icon("clock"), words)


def _moment(at: datetime, timezone: str, now: datetime, _: Translator) -> str:
    """Return `14:03` for today, else its day too, in the learner's time zone."""
    from babel.dates import format_time

    from aralify_kernel.domain.time_zones import zone

    here, today = at.astimezone(zone(timezone)), now.astimezone(zone(timezone)).date()
    clock = format_time(here.time(), "HH:mm", locale=_.language)
    return clock if here.date() == today else f"{day_of(here.date(), today, _.language)}, {clock}"
