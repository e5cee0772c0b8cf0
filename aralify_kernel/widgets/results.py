"""The result under an exercise cell: the same reading order as HTML and as text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from markupsafe import Markup

from aralify_kernel.domain.judging import Verdict
from aralify_kernel.i18n import in_language
from aralify_kernel.widgets.class_talk import ask_button, ask_form, told_html
from aralify_kernel.widgets.code import excerpt
from aralify_kernel.widgets.components import NOTHING, button, game, icon, joined, meter, notice, state
from aralify_kernel.widgets.markdown import inline, prose
from aralify_kernel.widgets.panel import Panel
from aralify_kernel.widgets.readings import Reading, reading_of
from aralify_kernel.widgets.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from aralify_kernel.domain.hints import Hint
    from aralify_kernel.domain.session import CourseCard, LearnerSession, OpenLesson, SubmitResult
    from aralify_kernel.i18n import Translator

SECTIONS = ("state", "buttons", "meter", "result")


def result_screen(
    session: LearnerSession,
    result: SubmitResult,
    lesson: OpenLesson,
    language: str,
    *,
    source: str,
    first_line: int = 1,
    notebook_names: AbstractSet[str] = frozenset(),
) -> ResultScreen:
    """Return a result with a "Get a hint" button while the kernel lives, and all of it without: for a `ResultPanel`.

    Args:
        session: What the learner can do.
        result: The judged attempt.
        lesson: The lesson as it stands after it.
        language: What to write in.
        source: The learner's code that was judged (without the marker line).
        first_line: The number that its first line has in the learner's cell.
        notebook_names: Names that exist in the notebook, so that "it comes from another cell" can be said.
    """
    course = session.course(result.lesson.course) if result.unlocked or result.xp_awarded else None
    return ResultScreen(
        session,
        result,
        lesson,
        language,
        source=source,
        first_line=first_line,
        notebook_names=notebook_names,
        course=course,
    )


class ResultPanel(Panel):
    """A result with its hints."""

    sections = SECTIONS


class ResultScreen(Screen):
    """One result, and the hints taken under it."""

    actions: ClassVar = frozenset({"take_hint", "ask", "ask_teacher", "close_question"})
    fields: ClassVar = frozenset({"question"})

    def __init__(
        self,
        session: LearnerSession,
        result: SubmitResult,
        lesson: OpenLesson,
        language: str,
        *,
        source: str,
        first_line: int = 1,
        notebook_names: AbstractSet[str] = frozenset(),
        course: CourseCard | None = None,
    ) -> None:
        super().__init__(language)
        self.hints: list[Hint] = []
        self.is_asking = False
        self._session = session
        self._result = result
        self._lesson = lesson
        self._source = source
        self._first_line = first_line
        self._notebook_names = notebook_names
        self._course = course

    def take_hint(self) -> None:
        """Show the next rung of the ladder."""
        hint = self._session.next_hint(self._result.lesson, self._result.activity)
        if hint not in self.hints:
            self.hints.append(hint)
        self.said = f"{self._('Hint {rung}', rung=hint.rung)}: {in_language(hint.text, self.language)}"

    def ask(self) -> None:
        """Show the form for a question to the teacher."""
        self.is_asking = True

    def close_question(self) -> None:
        """Put that form away."""
        self.is_asking = False

    def ask_teacher(self, question: str) -> None:
        """Send a question about this answer to the teacher."""
        asked = self._session.ask_teacher(self._result.lesson, self._result.activity, question)
        self._result, self.is_asking = replace(self._result, question=asked), False
        self.said = self._("Your question is with your teacher")

    def render(self) -> Markup:
        """Return the result with its hints, the button for the next one, and the one to ask the teacher."""
        return result_html(self._reading(), self._render_hints() + self._render_buttons() + self._render_question())

    def at_rest(self) -> Markup:
        """Return the result alone, with the hints that were taken."""
        return result_html(self._reading(), joined(hint_box(hint, self._) for hint in self.hints))

    def as_text(self) -> str:
        """Return the result in words."""
        return self._reading().as_text()

    def _reading(self) -> Reading:
        return reading_of(
            self._result,
            self._lesson,
            self.language,
            source=self._source,
            first_line=self._first_line,
            notebook_names=self._notebook_names,
            course=self._course,
        )

    def _render_hints(self) -> Markup:
        return joined(hint_box(hint, self._) for hint in self.hints) + self.general_error()

    def _render_buttons(self) -> Markup:
        found = self._render_more_hints() + (ask_button(self._) if self._may_ask and not self.is_asking else NOTHING)
        return Markup('<div class="ar-row">{}</div>').format(found) if found else NOTHING

    def _render_more_hints(self) -> Markup:
        activity = next((one for one in self._lesson.activities if one.id == self._result.activity), None)
        if self._is_over or activity is None or not activity.hints_total or any(hint.is_last for hint in self.hints):
            return NOTHING
        words = self._("Next hint") if self.hints else self._("Get a hint")
        return button(Markup("{} {}").format(icon("hint"), words), "take_hint", kind="s")

    def _render_question(self) -> Markup:
        if not self._may_ask or not self.is_asking:
            return NOTHING
        return ask_form(self.uid, self._, error=self.error_at("question"))

    @property
    def _is_over(self) -> bool:
        return self._result.judgement.verdict in {Verdict.PASSED, Verdict.UNGRADED}

    @property
    def _may_ask(self) -> bool:
        return self._lesson.talk.has_teacher and not self._is_over


def hint_box(hint: Hint, _: Translator) -> Markup:
    """Return one rung of the ladder."""
    heading = _("Hint {rung}", rung=hint.rung)
    last = f" · {_('the last one')}" if hint.is_last else ""
    return notice(
        "hint",
        Markup("<strong>{}{}</strong>{}").format(heading, last, prose(in_language(hint.text, _.language))),
        color="accent",
    )


def result_html(reading: Reading, controls: Markup = NOTHING) -> Markup:
    """Return a result in its reading order; `controls` stand after the next step."""
    parts = (
        _verdict(reading),
        joined(notice(name, inline(words)) for name, words in reading.notes),
        _failing(reading),
        _error(reading),
        NOTHING if reading.is_passed else _step(reading),
        told_html(reading.told),
        controls,
        _earned(reading),
        _opened(reading),
        _step(reading) if reading.is_passed else NOTHING,
        joined(_fold(title, body) for title, body in reading.folds),
    )
    return Markup('<div class="ar-result ar-result--{}" role="group" aria-label="{}">{}</div>').format(
        reading.kind, reading._("Result: {verdict}", verdict=reading.verdict), joined(parts)
    )


def _verdict(reading: Reading) -> Markup:
    return Markup('<div class="ar-verdict"><h3>{}</h3><span>{}</span></div>').format(
        state(reading.kind, reading.verdict), reading.aside
    )


def _failing(reading: Reading) -> Markup:
    failing = reading.failing
    if failing is None:
        return NOTHING
    message = Markup("<p>{}</p>").format(inline(failing.message)) if failing.message else NOTHING
    rows = joined(
        Markup("<dt>{}</dt><dd>{}</dd>").format(label, _marked(value, *differs))
        for label, value, differs in failing.rows
    )
    compare = Markup('<dl class="ar-compare">{}</dl>').format(rows) if rows else NOTHING
    shape = Markup("<p>{}</p>").format(inline(failing.shape)) if failing.shape else NOTHING
    title = Markup("<p><strong>{}</strong> {}</p>").format(failing.title, inline(failing.name))
    return joined((title, message, compare, shape))


def _marked(value: str, begin: int, end: int) -> Markup:
    mark = Markup("<mark>{}</mark>").format(value[begin:end]) if end > begin else NOTHING
    return Markup("{}{}{}").format(value[:begin], mark, value[max(begin, end) :])


def _error(reading: Reading) -> Markup:
    error = reading.error
    if error is None:
        return NOTHING
    label, first_line = reading._("Code"), reading.first_line
    code = excerpt(reading.source, error.line, label=label, first_line=first_line) if error.line else NOTHING
    return Markup("{}<p>{}</p>").format(code, inline(error.explanation))


def _step(reading: Reading) -> Markup:
    if not reading.step:
        return NOTHING
    return Markup('<div class="ar-try">{}<p><strong>{}</strong> {}</p></div>').format(
        icon("next"), reading.step_label, inline(reading.step)
    )


def _earned(reading: Reading) -> Markup:
    earned = reading.earned
    if earned is None:
        return NOTHING
    bar = meter(earned.level_label, earned.xp_total, earned.level_xp, earned.next_level_xp, earned.words, stitched=True)
    return Markup(
        '<div class="ar-stack ar-game"><div class="ar-earned"><b>{}</b><span>{}</span></div><div class="ar-stack ar-stack--s">'
        '<div class="ar-row ar-row--apart ar-small"><span>{}</span><span class="ar-num">{}</span></div>{}</div></div>'
    ).format(earned.xp, earned.for_what, earned.words, earned.to_go, bar)


def _opened(reading: Reading) -> Markup:
    counted = Markup(" ").join(reading.counted)
    if reading.opened:
        words = (*reading.opened, game(counted)) if counted else reading.opened
        return notice("open", Markup(" ").join(words), color="accent")
    if counted:
        return Markup('<div class="ar-game">{}</div>').format(notice("open", counted, color="accent"))
    return NOTHING


def _fold(title: str, body: str) -> Markup:
    return Markup(
        '<details><summary>{}</summary><pre class="ar-code ar-code--plain" tabindex="0">{}</pre></details>'
    ).format(title, body)
