"""Judging a quiz. Nothing of the learner's runs, so it needs no grader."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.content import Quiz, QuizKind
from aralify_kernel.domain.judging import CheckOutcome, Isolation, Judgement, Verdict
from aralify_kernel.domain.session import QuizFeedback
from aralify_kernel.errors import N_, InvalidValue

if TYPE_CHECKING:
    from aralify_kernel.domain.content import Option, Text


_TRUTH: Final = {"1": "true", "0": "false", "tama": "true", "mali": "false"}


@dataclass(frozen=True, slots=True)
class QuizResult:
    """The judgement of an answer, and what its author may be told about it."""

    judgement: Judgement
    feedback: QuizFeedback


def judge(quiz: Quiz, answer: str) -> QuizResult:
    """Return whether `answer` is right: all points or none.

    Choices are answered by option ids (`1,3`); order, spaces and repetitions do not matter, and exactly the correct
    ones must be chosen. Texts are compared after NFC, trimming, CRLF → LF and, unless the quiz says `case`, case folding.

    A wrong answer is told the `why` of what was chosen and nothing else, a right one everything (COURSE_FORMAT).
    `isolation` is the strongest there is, `namespaces`: where no code runs, none can get out.

    Raises:
        InvalidValue: The answer is empty, or names an option that the quiz does not have.
    """
    if quiz.options and quiz.kind in {QuizKind.MULTIPLE_CHOICE, QuizKind.TRUE_FALSE}:
        chosen = _chosen(quiz, answer)
        right = {option.id for option in chosen} == {option.id for option in quiz.options if option.correct}
        given = ",".join(option.id for option in chosen)
        return _result(quiz, given, chosen, is_right=right)
    given = normalised(answer, case=quiz.case)
    accepted = {normalised(text, case=quiz.case) for text in quiz.answers}
    if not given and given not in accepted:
        raise InvalidValue(field="answer", value="", reason=N_("There is no answer yet. Write one, then send it."))
    return _result(quiz, given, (), is_right=given in accepted)


def full_feedback(quiz: Quiz) -> QuizFeedback:
    """Return everything about a quiz: after a right answer, or after "Show the answer"."""
    return QuizFeedback(
        why=_reasons(quiz.options),
        correct_options=tuple(option.id for option in quiz.options if option.correct),
        accepted=quiz.answers,
        explanation=quiz.explanation,
    )


def normalised(text: str, *, case: bool) -> str:
    r"""Return `text` in the form in which answers are compared.

    >>> normalised(" Nin\u0303o\r\nAna ", case=False) == "niño\nana"
    True
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    return composed if case else unicodedata.normalize("NFC", composed.casefold())


def _chosen(quiz: Quiz, answer: str) -> tuple[Option, ...]:
    """Return the chosen options in the order of the quiz."""
    ids = {_option_meant(quiz, part.strip()) for part in answer.split(",")} - {""}
    if not ids:
        raise InvalidValue(field="answer", value="", reason=N_("Nothing is chosen yet. Choose at least one option."))
    known = [option.id for option in quiz.options]
    for unknown in sorted(ids.difference(known)):
        raise InvalidValue(
            field="answer",
            value=unknown[:60],
            options=", ".join(known),
            reason=N_("“{value}” is not one of the options ({options})."),
        )
    return tuple(option for option in quiz.options if option.id in ids)


def _option_meant(quiz: Quiz, given: str) -> str:
    """Return the id of the option that `given` stands for; `given` itself where it stands for none.

    True and false may be written as in Python, as a number, or in Filipino.
    """
    known = [option.id for option in quiz.options]
    if quiz.kind is not QuizKind.TRUE_FALSE or given in known:
        return given
    word = _TRUTH.get(given.casefold(), given.casefold())
    return next((option for option in known if option.casefold() == word), given)


def _result(quiz: Quiz, given: str, chosen: tuple[Option, ...], *, is_right: bool) -> QuizResult:
    outcome = CheckOutcome(
        name=quiz.question,
        passed=is_right,
        hidden=False,
        points=quiz.points,
        message={} if is_right else _joined(chosen),
        got=given,
    )
    judgement = Judgement(
        verdict=Verdict.PASSED if is_right else Verdict.FAILED,
        points=quiz.points if is_right else 0,
        max_points=quiz.points,
        checks=(outcome,),
        isolation=Isolation.NAMESPACES,
        signature="" if is_right else _signature(given),
    )
    return QuizResult(judgement, full_feedback(quiz) if is_right else QuizFeedback(why=_reasons(chosen)))


def _reasons(options: tuple[Option, ...]) -> dict[str, Text]:
    return {option.id: option.why for option in options if any(option.why.values())}


def _joined(options: tuple[Option, ...]) -> Text:
    """Return the reasons of `options` as one text by language."""
    languages = {language: None for option in options for language in option.why}
    return {
        language: " ".join(text for option in options if (text := option.why.get(language))) for language in languages
    }


def _signature(given: str) -> str:
    return hashlib.sha256(given.encode(errors="surrogatepass")).hexdigest()[:16]
