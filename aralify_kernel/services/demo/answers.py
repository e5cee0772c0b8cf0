"""The answers that made-up learners give: each judged once, by the real grader."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from aralify_kernel.domain import quizzes
from aralify_kernel.domain.bound_names import bound_names
from aralify_kernel.domain.content import Exercise, Quiz, QuizKind
from aralify_kernel.domain.judging import Judgement, Verdict, judge_task
from aralify_kernel.services import results

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from random import Random

    from aralify_kernel.domain.content import Activity, LessonContent
    from aralify_kernel.grading import Grader

COMMENTS = ("", "# try again", "# subukan ulit", "# bakit ayaw?", "# fixed?", "# ok na ba?")
"""What people add to an answer that they send again. It changes the source and nothing else."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with its judgement, and the parts of that which are stored with every attempt."""

    content: str
    judgement: Judgement
    parts: dict[str, Any]


class Answers:
    """The right and the wrong answers to one activity, the wrong ones as common as they are with beginners."""

    def __init__(self, right: Answer, wrong: list[Answer]) -> None:
        self.right = right
        self.wrong = wrong
        self._weights = list(accumulate(1 / (place + 1) ** 1.5 for place in range(len(wrong))))

    def some_wrong(self, random: Random) -> Answer:
        """Return a wrong answer; the first ones are the mistakes that many make."""
        return random.choices(self.wrong, cum_weights=self._weights)[0] if self.wrong else self.right


def judged_answers(
    contents: Mapping[str, LessonContent], grader: Callable[[], Grader], on_progress: Callable[[int, int], None]
) -> dict[tuple[str, str], Answers]:
    """Judge what people answer to every activity of a course: references, listed mistakes, slips of beginners.

    Args:
        contents: The lessons by reference.
        grader: Returns what judges code.
        on_progress: Called with the number of activities done, of all.

    Returns:
        The answers by lesson reference and activity. An activity that nobody can answer is left out.
    """
    todo = [(ref, content, activity) for ref, content in contents.items() for activity in content.activities]
    found: dict[tuple[str, str], Answers] = {}
    for done, (ref, content, activity) in enumerate(todo):
        on_progress(done, len(todo))
        judged = [_judge(content, activity, text, grader) for text in dict.fromkeys(_texts(activity))]
        right = [one for one in judged if one.judgement.verdict is Verdict.PASSED]
        wrong = [one for one in judged if one.judgement.verdict not in {Verdict.PASSED, Verdict.UNGRADED}]
        if right:
            found[ref, activity.id] = Answers(right[0], wrong)
    on_progress(len(todo), len(todo))
    return found


def _judge(content: LessonContent, activity: Activity, text: str, grader: Callable[[], Grader]) -> Answer:
    if isinstance(activity, Quiz):
        judgement = quizzes.judge(activity, text).judgement
    else:
        judgement = grader().judge(judge_task(content, activity, text))
    return Answer(text, judgement, results.plain(judgement))


def _texts(activity: Activity) -> Iterator[str]:
    """Yield a right answer, then wrong ones, those that many give first."""
    if isinstance(activity, Exercise):
        yield activity.reference
        yield from (mistake.source for mistake in activity.mistakes)
        yield from _slips(activity.reference)
    elif activity.options and activity.kind in {QuizKind.MULTIPLE_CHOICE, QuizKind.TRUE_FALSE}:
        yield ",".join(option.id for option in activity.options if option.correct)
        yield from (option.id for option in activity.options if not option.correct)
    else:
        yield from activity.answers[:1]
        yield from ("0", "None", "error")


def _slips(reference: str) -> Iterator[str]:
    """Yield what becomes of right code by slips of the hand: a colon forgotten, a name misspelt, print for return."""
    if ":\n" in reference:
        yield reference.replace(":\n", "\n", 1)
    for name in (name for name in bound_names(reference) if len(name) > 2):
        uses = list(re.finditer(rf"\b{re.escape(name)}\b", reference))
        if len(uses) > 1:
            last = uses[-1]
            yield f"{reference[: last.start()]}{name[:-1]}{reference[last.end() :]}"
            break
    if "return " in reference:
        yield re.sub(r"return (.+)", r"print(\1)", reference, count=1)
