"""An answer that waits for the class server, under its cell; and what has come of such answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from markupsafe import Markup

from aralify_kernel.domain.kept_answers import WhyKept
from aralify_kernel.errors import N_
from aralify_kernel.i18n import sentence, translator
from aralify_kernel.widgets.components import NOTHING, button, joined, notice, state
from aralify_kernel.widgets.panel import Panel
from aralify_kernel.widgets.results import SECTIONS
from aralify_kernel.widgets.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from aralify_kernel.domain.kept_answers import Delivery, KeptAnswer, RefusedAnswer
    from aralify_kernel.domain.session import LearnerSession, SubmitResult
    from aralify_kernel.widgets.results import ResultScreen

WHY = {
    WhyKept.UNREACHABLE: N_("The class server cannot be reached."),
    WhyKept.BEHIND: N_("Your earlier answers are on their way and come first."),
    WhyKept.BUSY: N_("The class server takes no answers just now."),
    WhyKept.SIGNED_OUT: N_("Your sign-in has ended: run “%aralify login” in a new cell."),
    WhyKept.OUTDATED: N_(
        "This Aralify is too old for the class server: run “pip install --upgrade aralify”, then restart the kernel."
    ),
}
KEPT = N_(
    "Your answer is kept on this computer and goes out by itself. It counts for the day on which you gave it; a time "
    "limit goes by when it arrives."
)


class KeptPanel(Panel):
    """A kept answer to an exercise, then its result."""

    screen: KeptExercise
    sections = SECTIONS

    def receive(self, delivery: Delivery) -> None:
        """Show what has come of this answer, if anything has."""
        self.screen.receive(delivery)
        self._show()


class KeptScreen(Screen):
    """One answer that waits, until it is sent. What came of it is then in `result`, unless it was refused."""

    actions: ClassVar = frozenset({"try_now"})

    def __init__(self, session: LearnerSession, kept: KeptAnswer, language: str) -> None:
        super().__init__(language)
        self.kept = kept
        self.is_sent = False
        self.result: SubmitResult | None = None
        self._session = session
        self._refused: list[RefusedAnswer] = []

    # ---- what can be done

    def try_now(self) -> None:
        """Send what waits."""
        if self._session.user == self.kept.username:
            self.receive(self._session.send_kept())
        else:
            self._wait_for_owner()
        self.said = self.as_text().partition("\n")[0]

    def receive(self, delivery: Delivery) -> None:
        """Take what has come of kept answers."""
        if self.is_sent:
            return
        if self._session.user != self.kept.username and self.kept.attempt_key not in delivery.waiting:
            self._wait_for_owner()
            return
        key = self.kept.attempt_key
        self._refused += delivery.refused
        self.is_sent = key not in delivery.waiting
        if not self.is_sent:
            self.kept = replace(self.kept, waiting=len(delivery.waiting), why=delivery.why or self.kept.why)
            return
        self.result = next((one for one in delivery.judged if one.attempt_key == key), None)
        if self.result is None and not self._is_refused:  # told to another kernel
            last = self._session.last_result(self.kept.lesson, self.kept.activity)
            self.result = last if last is not None and last.attempt_key == key else None

    def _wait_for_owner(self) -> None:
        self.kept = replace(self.kept, why=WhyKept.SIGNED_OUT)

    # ---- how it looks

    def render(self) -> Markup:
        """Return the answer that waits with a button to send it."""
        if self.is_sent:
            return self.at_rest()
        n = self.kept.waiting
        waiting = self._.plural(
            "{n} answer waiting. You can go on working.", "{n} answers waiting. You can go on working.", n
        )
        row = Markup('<div class="ar-row">{}<span class="ar-small ar-muted">{}</span></div>')
        return self.general_error() + self._render(row.format(button(self._("Try now"), "try_now", kind="s"), waiting))

    def at_rest(self) -> Markup:
        """Return the same without the button."""
        return self._render(NOTHING)

    def as_text(self) -> str:
        """Return it in words."""
        return "\n".join([f"{self._verdict()} · {self._saved()}", *self._refusals(), *self._words()])

    def _render(self, controls: Markup) -> Markup:
        return Markup(
            '<div class="ar-result ar-result--queued" role="group" aria-label="{}"><div class="ar-verdict"><h3>{}</h3>'
            "<span>{}</span></div>{}{}{}</div>"
        ).format(
            self._("Result: {verdict}", verdict=self._verdict()),
            state("queued", self._verdict()),
            self._saved(),
            joined(notice("failed", words, color="fail") for words in self._refusals()),
            joined(Markup("<p>{}</p>").format(words) for words in self._words()),
            controls,
        )

    @property
    def _is_refused(self) -> bool:
        return any(one.attempt_key == self.kept.attempt_key for one in self._refused)

    def _verdict(self) -> str:
        return self._("Sent") if self.is_sent else self._("Not judged yet")

    def _saved(self) -> str:
        return self._("saved here {time}", time=_clock_time(self.kept.kept_at))

    def _refusals(self) -> list[str]:
        return [refusal_words(one, self.language) for one in self._refused]

    def _words(self) -> tuple[str, ...]:
        if not self.is_sent:
            return (f"{self._(WHY[self.kept.why])} {self._(KEPT)}",)
        return () if self._is_refused else (self._("The class server has this answer now. Run the cell again."),)


class KeptExercise(Screen):
    """An answer to an exercise that waits; once the server has judged it, its result."""

    actions: ClassVar = frozenset({"try_now", "take_hint"})

    def __init__(self, kept: KeptScreen, result_screen: Callable[[SubmitResult], ResultScreen]) -> None:
        super().__init__(kept.language)
        self.shown: KeptScreen | ResultScreen = kept
        self._result_screen = result_screen

    def act(self, action: str, values: Mapping[str, Any]) -> None:
        """Do it where it is shown."""
        self.shown.act(action, values)
        self.said = self.shown.said
        self._go_on()

    def receive(self, delivery: Delivery) -> None:
        """Take what has come of kept answers."""
        if isinstance(self.shown, KeptScreen):
            self.shown.receive(delivery)
            self._go_on()

    def set_language(self, language: str) -> None:
        """Show everything in `language` from now on."""
        super().set_language(language)
        self.shown.set_language(language)

    def render(self) -> Markup:
        """Return the answer that waits, or its result."""
        return self.shown.render()

    def at_rest(self) -> Markup:
        """Return what a notebook keeps of it."""
        return self.shown.at_rest()

    def as_text(self) -> str:
        """Return it in words."""
        return self.shown.as_text()

    def _go_on(self) -> None:
        if isinstance(self.shown, KeptScreen) and self.shown.result is not None:
            self.shown = self._result_screen(self.shown.result)
            self.shown.uid = self.uid
            self.shown.set_language(self.language)
            self.said = self.shown.as_text().partition("\n")[0]


def delivery_words(delivery: Delivery, language: str) -> list[str]:
    """Return what a person is told of a delivery, line by line; nothing when nothing has come of anything."""
    _ = translator(language)
    lines = [refusal_words(one, language) for one in delivery.refused]
    if delivery.judged:
        n = len(delivery.judged)
        sent = _.plural(
            "{n} answer that was kept here has been sent and judged.",
            "{n} answers that were kept here have been sent and judged.",
            n,
        )
        lines.insert(0, sent)
    return lines


def refusal_words(refused: RefusedAnswer, language: str) -> str:
    """Return what a person is told of a kept answer that the server did not take."""
    reason = sentence(refused.error, language)
    if refused.kept_at is None:
        return reason
    return translator(language)(
        "The answer to “{activity}” of {time} was not taken: {problem}",
        activity=refused.activity,
        time=_clock_time(refused.kept_at),
        problem=reason,
    )


def _clock_time(moment: datetime) -> str:
    """Return the time as the clock of this computer showed it."""
    return f"{moment.astimezone():%H:%M}"
