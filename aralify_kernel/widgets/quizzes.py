"""Quizzes of all four kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from markupsafe import Markup

from aralify_kernel.domain.content import Quiz, QuizKind
from aralify_kernel.domain.judging import Verdict
from aralify_kernel.domain.kept_answers import KeptAnswer
from aralify_kernel.domain.session import QuizFeedback, Submission
from aralify_kernel.errors import N_, NotFound
from aralify_kernel.i18n import in_language
from aralify_kernel.widgets.code import listing
from aralify_kernel.widgets.components import NOTHING, button, form, joined, labelled, notice, state, submit
from aralify_kernel.widgets.kept_answers import KeptScreen
from aralify_kernel.widgets.markdown import inline, prose
from aralify_kernel.widgets.panel import Panel
from aralify_kernel.widgets.screen import RUN_AGAIN, Screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from aralify_kernel.domain.content import Option, Text
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.session import LearnerSession, SubmitResult

Phase = Literal["asked", "kept", "wrong", "right", "shown"]


def quiz(
    session: LearnerSession,
    ref: LessonRef,
    quiz_id: str,
    *,
    language: str,
    new_key: Callable[[], str],
    on_result: Callable[[SubmitResult], None] | None = None,
) -> Panel:
    """Return one question of a lesson.

    Args:
        session: Who answers.
        ref: The lesson.
        quiz_id: The quiz's id in it.
        language: What to begin with.
        new_key: Makes an attempt key (a new UUID as _).
        on_result: Called after each judged answer (the kernel refreshes the header).

    Raises:
        NotFound: The lesson has no such quiz.
    """
    question = session.lesson(ref).content.activity(quiz_id)
    if not isinstance(question, Quiz):
        raise NotFound(kind=N_("quiz"), name=quiz_id)
    return QuizPanel(QuizScreen(session, ref, question, language=language, new_key=new_key, on_result=on_result))


class QuizPanel(Panel):
    """One question in an output."""

    sections = ("state", "buttons", "result", "quiz")


class QuizScreen(Screen):
    """One question: `asked`, then `wrong` or `right`, or `shown` when somebody gave up.

    While the class server is away, an answer is `kept`.
    """

    actions: ClassVar = frozenset({"answer", "try_now", "try_again", "show_answer"})
    fields: ClassVar = frozenset({"answer"})

    def __init__(
        self,
        session: LearnerSession,
        ref: LessonRef,
        question: Quiz,
        *,
        language: str,
        new_key: Callable[[], str],
        on_result: Callable[[SubmitResult], None] | None = None,
    ) -> None:
        super().__init__(language)
        self.question = question
        self.phase: Phase = "asked"
        self.given = ""
        self.result: SubmitResult | None = None
        self.kept: KeptScreen | None = None
        self.feedback = QuizFeedback()
        self._session = session
        self._ref = ref
        self._new_key = new_key
        self._on_result = on_result

    # ---- what can be done

    def answer(self, answer: str | list[str] = "") -> None:
        """Send an answer: an option's id, several of them, or a text."""
        self.given = answer if isinstance(answer, str) else ",".join(answer)
        result = self._session.submit(Submission(self._ref, self.question.id, self.given, self._new_key()))
        if isinstance(result, KeptAnswer):
            self.kept = KeptScreen(self._session, result, self.language)
            self.phase, self.moved = "kept", True
            self.said = self.kept.as_text()
        else:
            self._take(result)

    def try_now(self) -> None:
        """Send what waits."""
        if self.kept is not None:
            self.kept.try_now()
            self.said = self.kept.said
            if self.kept.result is not None:
                self._take(self.kept.result)

    def _take(self, result: SubmitResult) -> None:
        self.result, self.feedback = result, result.quiz or QuizFeedback()
        self.phase = "right" if result.judgement.verdict is Verdict.PASSED else "wrong"
        self.moved = True
        self.said = self._verdict_words()
        if self._on_result:
            self._on_result(result)

    def try_again(self) -> None:
        """Ask once more; what was chosen stays chosen."""
        self.phase, self.moved = "asked", True

    def show_answer(self) -> None:
        """Give up: the answer and its reasons, and no more points from this question."""
        self.feedback = self._session.show_answer(self._ref, self.question.id)
        self.phase, self.moved = "shown", True
        self.said = self._verdict_words()

    # ---- how it looks

    def render(self) -> Markup:
        """Return the question with its controls, or with the reasons once the answer is in."""
        if self.phase == "kept":
            return self._card(self.general_error(), self._render_kept())
        body = self._render_form() if self.phase == "asked" else self._render_answered()
        return self._card(self.general_error(), body)

    def at_rest(self) -> Markup:
        """Return the question to read."""
        options = joined(Markup("<li>{}</li>").format(inline(self._said(one.text))) for one in self.question.options)
        listed = Markup('<div class="ar-prose"><ul>{}</ul></div>').format(options) if options else NOTHING
        return self._card(listed, Markup('<p class="ar-help">{}</p>').format(self._(RUN_AGAIN)))

    def as_text(self) -> str:
        """Return the question to read."""
        options = [f"- {self._said(option.text)}" for option in self.question.options]
        lines = [self._("Quiz"), self._said(self.question.question), self.question.code, *options]
        return "\n".join([*filter(None, lines), self._(RUN_AGAIN)])

    def _said(self, text: Text) -> str:
        return in_language(text, self.language)

    def _verdict_words(self) -> str:
        match self.phase:
            case "right":
                return self._.plural("Right · {n} point", "Right · {n} points", self.question.points)
            case "wrong":
                return self._("Not yet right")
            case "shown":
                return self._("The answer")
            case "asked" | "kept":
                return self._.plural("{n} point", "{n} points", self.question.points)

    def _card(self, *parts: Markup) -> Markup:
        kinds = {"right": "passed", "wrong": "failed", "shown": "open"}
        verdict = (
            Markup('<span class="ar-small ar-muted">{}</span>').format(self._verdict_words())
            if self.phase in {"asked", "kept"}
            else Markup("<span{}>{}</span>").format(
                self.focus, state(kinds[self.phase], self._verdict_words(), chip=True)
            )
        )
        return Markup(
            '<div class="ar-card ar-stack ar-quiz"><div class="ar-row ar-row--apart"><h3>{}</h3>{}</div>{}{}{}</div>'
        ).format(
            self._("Quiz"),
            verdict,
            Markup('<div id="{}-question">{}</div>').format(self.uid, prose(self._said(self.question.question))),
            listing(self.question.code.strip("\n").splitlines(), label=self._("Code"))
            if self.question.code
            else NOTHING,
            joined(parts),
        )

    def _render_form(self) -> Markup:
        control = self._render_choices() if self.question.options else self._render_blank()
        return form("answer", control, Markup('<div class="ar-row">{}</div>').format(submit(self._("Answer"))))

    def _render_choices(self) -> Markup:
        legend = self._("Choose all that are right") if self.question.many else self._("Choose one")
        problem = self.error_at("answer")
        return Markup(
            '<fieldset aria-describedby="{uid}-question"><legend class="ar-label">{}</legend>{}'
            '<div class="ar-options">{}</div></fieldset>'
        ).format(
            legend,
            Markup('<p class="ar-help ar-help--bad">{}</p>').format(problem) if problem else NOTHING,
            joined(self._render_choice(number, option) for number, option in enumerate(self.question.options)),
            uid=self.uid,
        )

    def _render_choice(self, number: int, option: Option) -> Markup:
        return Markup(
            '<label class="ar-option"><input type="{}" name="answer" value="{}" id="{}-{}"{}{}><span>{}</span></label>'
        ).format(
            "checkbox" if self.question.many else "radio",
            option.id,
            self.uid,
            option.id,
            Markup(" checked") if self._is_given(option) else NOTHING,
            Markup(" data-ar-focus") if self.moved and self._is_first(number, option) else NOTHING,
            inline(self._said(option.text)),
        )

    def _is_first(self, number: int, option: Option) -> bool:
        """Whether the focus goes to this choice: the first one given, else the first."""
        return option.id == self.given.split(",")[0] if self.given else number == 0

    def _is_given(self, option: Option) -> bool:
        return option.id in self.given.split(",")

    def _render_blank(self) -> Markup:
        several_lines = self.question.kind is QuizKind.PREDICT_OUTPUT
        problem = self.error_at("answer")
        attributes = Markup(
            'class="ar-input ar-mono" id="{uid}-answer" name="answer" autocomplete="off" autocapitalize="off"'
            ' spellcheck="false" aria-describedby="{uid}-question{problem}"{invalid}{focus}'
        ).format(
            uid=self.uid,
            problem=f" {self.uid}-answer-error" if problem else "",
            invalid=Markup(' aria-invalid="true"') if problem else NOTHING,
            focus=Markup(" data-ar-focus") if self.moved or problem else NOTHING,
        )
        control = (
            Markup('<textarea rows="3" {}>{}</textarea>').format(attributes, self.given)
            if several_lines
            else Markup('<input type="text" {} value="{}">').format(attributes, self.given)
        )
        label = self._("What it shows") if several_lines else self._("Your answer")
        return labelled(self.uid, "answer", label, control, error=problem)

    def _render_kept(self) -> Markup:
        if self.kept is None:
            return NOTHING
        again = button(self._("Try again"), "try_again") if self.kept.is_sent else NOTHING
        return Markup("{}{}").format(self.kept.render(), again)

    def set_language(self, language: str) -> None:
        """Show everything in `language` from now on."""
        super().set_language(language)
        if self.kept is not None:
            self.kept.set_language(language)

    def _render_answered(self) -> Markup:
        explanation = self._said(self.feedback.explanation)
        return joined(
            (
                self._render_reasons() if self.question.options else self._render_given(),
                notice("note", inline(explanation), color="accent") if explanation else NOTHING,
                self._render_next(),
            )
        )

    def _render_reasons(self) -> Markup:
        return Markup('<ul class="ar-options" aria-label="{}">{}</ul>').format(
            self._("Your answer"), joined(self._render_reason(option) for option in self.question.options)
        )

    def _render_reason(self, option: Option) -> Markup:
        why = self._said(self.feedback.why.get(option.id, {}))
        is_right = option.id in self.feedback.correct_options
        yours = self._is_given(option) and self.phase != "shown"
        # Of a wrong answer only what was chosen is told; which of several was wrong is not.
        kind = "right" if is_right else "wrong" if yours and self.phase == "wrong" else "plain"
        marks = []
        if yours:
            marks.append(state({"right": "passed", "wrong": "failed"}.get(kind, "open"), self._("Yours")))
        elif is_right:
            marks.append(state("passed", self._("Right")))
        reason = Markup("<p>{} {}</p>").format(joined(marks), inline(why)) if marks or why else NOTHING
        return Markup('<li class="ar-option ar-option--{}"><span>{}</span>{}</li>').format(
            kind, inline(self._said(option.text)), reason
        )

    def _render_given(self) -> Markup:
        rows = [(self._("Yours"), self.given)] if self.phase != "shown" else []
        if self.feedback.accepted and self.phase == "shown":
            rows.append((self._("The answer"), self.feedback.accepted[0]))
        return Markup('<dl class="ar-compare">{}</dl>').format(
            joined(Markup("<dt>{}</dt><dd>{}</dd>").format(name, words) for name, words in rows)
        )

    def _render_next(self) -> Markup:
        if self.phase != "wrong":
            return NOTHING
        return Markup('<div class="ar-row">{}{}</div><p class="ar-help">{}</p>').format(
            button(self._("Try again"), "try_again", kind="primary"),
            button(self._("Show the answer"), "show_answer", kind="quiet"),
            self._("Once the answer is shown, this question earns no more points."),
        )
