"""How a made-up learner spends their days with a course."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from aralify_kernel.domain.content import Exercise
from aralify_kernel.domain.judging import Verdict
from aralify_kernel.domain.runs import is_late
from aralify_kernel.domain.session import LessonStatus
from aralify_kernel.domain.time_zones import zone
from aralify_kernel.domain.unlocking import open_levels
from aralify_kernel.services.demo.answers import COMMENTS

if TYPE_CHECKING:
    from random import Random

    from aralify_kernel.domain.content import Activity
    from aralify_kernel.services.demo.answers import Answer
    from aralify_kernel.services.demo.people import Person
    from aralify_kernel.services.demo.recording import Recorder
    from aralify_kernel.store.attempts import Attempt

_HARDER: Final = {"easy": 0.0, "medium": 0.08, "hard": 0.16}
_LONGEST_STEP: Final = timedelta(minutes=5)
_PATIENCE: Final = 6
"""After so many wrong answers in a row people try the next exercise."""
_MISUNDERSTAND: Final = 0.95
"""The chance of beginning with the mistake that nearly all make."""


@dataclass
class Learning:
    """A person at work. What is kept here is what they know themselves; the rest stands in the recorder."""

    person: Person
    recorder: Recorder
    random: Random
    until: datetime
    lesson: str | None = None
    failed: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    solved: dict[tuple[str, int | None], set[str]] = field(default_factory=lambda: defaultdict(set))
    last: dict[tuple[str, str], tuple[Answer, str]] = field(default_factory=dict)
    hints: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))

    def live(self, since: datetime) -> None:
        """Spend the days from `since` until now."""
        days = max(1, (self.until - since).days)
        habit = self.person.habit
        for day in range(days + 1):
            comes = habit.from_part <= day / days <= habit.to_part and self.random.random() < habit.days
            if comes:
                at = self._sits_down(since, day)
                if since <= at < self.until:
                    self._sit(at)

    def _sits_down(self, since: datetime, day: int) -> datetime:
        here = zone(self.person.timezone)
        date = since.astimezone(here).date() + timedelta(days=day)
        at = datetime.combine(date, time(self.person.hour), here)
        return at.astimezone(self.until.tzinfo) + timedelta(seconds=self.random.randrange(5400))

    def _sit(self, at: datetime) -> None:
        """Give a few answers in a row."""
        if not self.recorder.events:
            self.recorder.start_course(at)
        for _ in range(self.random.randint(*self.person.habit.tries)):
            at += timedelta(seconds=self.random.randint(*self.person.habit.pace_secs))
            lesson, activity = self._choose()
            if activity is None or at + _LONGEST_STEP >= self.until:
                return
            if lesson != self.lesson:
                self.lesson = lesson
                self.recorder.open_lesson(lesson, at)
                at += timedelta(seconds=self.random.randint(20, 120))
            at = self._restart(lesson, at)
            attempt = self._answer(lesson, activity, at)
            if attempt.verdict is not Verdict.PASSED and self.random.random() < self.person.asks:
                at += timedelta(seconds=self.random.randint(10, 60))
                self._ask(lesson, activity, at)

    def _restart(self, lesson: str, at: datetime) -> datetime:
        """Start the clock anew where it has run out."""
        run = self.recorder.run(lesson)
        if run is not None and is_late(at, run.ends_at) and self.random.random() < 0.8:
            self.recorder.start_run(lesson, at)
            return at + timedelta(seconds=self.random.randint(20, 90))
        return at

    def _answer(self, lesson: str, activity: Activity, at: datetime) -> Attempt:
        this = (lesson, activity.id)
        answer = self._thinks_of(this)
        content = self._typed(this, answer, is_code=isinstance(activity, Exercise))
        key = str(UUID(int=self.random.getrandbits(128), version=4))
        attempt = self.recorder.submit(lesson, activity.id, answer, content, key, at)
        self.last[this] = (answer, content)
        if attempt.verdict is Verdict.PASSED:
            self.failed[this] = 0
            if not attempt.late:
                self.solved[lesson, attempt.run_id].add(activity.id)
        else:
            self.failed[this] += 1
        return attempt

    def _thinks_of(self, this: tuple[str, str]) -> Answer:
        answers = self.recorder.setting.answers[this]
        is_new = this == self.recorder.setting.misconception and this not in self.last
        if is_new and self.random.random() < _MISUNDERSTAND:
            return answers.wrong[0]
        tried, skill = min(self.failed[this], 5), self.person.skill
        chance = skill - _HARDER[this[0].rsplit("/", 1)[1]] + 0.05 * tried * skill
        return answers.right if self.random.random() < chance else self._wrong(this)

    def _wrong(self, this: tuple[str, str]) -> Answer:
        """Return a wrong answer; now and then the last one again, with the mistake still in it."""
        before = self.last.get(this)
        if before is not None and before[0].judgement.verdict is not Verdict.PASSED and self.random.random() < 0.4:
            return before[0]
        return self.recorder.setting.answers[this].some_wrong(self.random)

    def _typed(self, this: tuple[str, str], answer: Answer, *, is_code: bool) -> str:
        """Return an answer as it is typed: the same source twice in a row is never sent."""
        before = self.last.get(this)
        if not is_code or before is None or before[0] is not answer:
            return answer.content
        place = COMMENTS.index(before[1].rpartition("\n")[2]) if before[1] != answer.content else 0
        comment = COMMENTS[(place + 1) % len(COMMENTS)]
        return f"{answer.content}\n{comment}" if comment else answer.content

    def _ask(self, lesson: str, activity: Activity, at: datetime) -> None:
        this = (lesson, activity.id)
        if isinstance(activity, Exercise) and self.hints[this] < len(activity.hints):
            self.hints[this] += 1
            self.recorder.take_hint(lesson, activity, self.hints[this], at)

    def _choose(self) -> tuple[str, Activity | None]:
        """Return what to work at next: the lesson at hand, else the next one, else something done before."""
        if self.lesson is not None and self.recorder.status(self.lesson) is not LessonStatus.COMPLETED:
            return self.lesson, self._unsolved(self.lesson)
        lesson = self._next_lesson()
        if lesson is not None:
            return lesson, self._unsolved(lesson)
        done = [ref for ref, lesson in self.recorder.setting.lessons.items() if lesson.time_limit_sec is None]
        again = self.random.choice(done or list(self.recorder.setting.lessons))
        return again, self.random.choice(self._activities(again))

    def _next_lesson(self) -> str | None:
        levels, slug = self.recorder.levels(), self.recorder.setting.course.slug
        may_open = open_levels(levels)
        first_choice = self.person.tier if self.lesson else "easy"  # a class begins together
        wanted = sorted((level for level in levels if level.slug in may_open), key=lambda level: level.is_complete)
        for level in wanted:
            tiers = sorted(difficulty.slug for difficulty in level.published - level.completed)
            tiers.sort(key=lambda tier: (tier != first_choice, _HARDER[tier]))
            for tier in tiers:
                if self._activities(f"{slug}/{level.slug}/{tier}"):
                    return f"{slug}/{level.slug}/{tier}"
        return None

    def _activities(self, lesson: str) -> list[Activity]:
        setting = self.recorder.setting
        everything = setting.contents[lesson].content.activities
        return [activity for activity in everything if (lesson, activity.id) in setting.answers]

    def _unsolved(self, lesson: str) -> Activity | None:
        """Return the first activity not solved yet, in this run of it; one that was given up for a while comes last."""
        run = self.recorder.run(lesson)
        solved = self.solved[lesson, run.id if run else None]
        todo = [activity for activity in self._activities(lesson) if activity.id not in solved]
        todo.sort(key=lambda activity: self.failed[lesson, activity.id] // _PATIENCE)
        return todo[0] if todo else self.random.choice(self._activities(lesson))
