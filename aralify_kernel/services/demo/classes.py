"""Filling a database with a made-up class."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.content import Exercise
from aralify_kernel.domain.permissions import Role
from aralify_kernel.errors import N_, InvalidValue, NotFound
from aralify_kernel.services import accounts, classrooms, rebuild
from aralify_kernel.services.demo.answers import judged_answers
from aralify_kernel.services.demo.learning import Learning
from aralify_kernel.services.demo.people import LOST, People
from aralify_kernel.services.demo.recording import Numbers, Recorder, Setting
from aralify_kernel.services.replaying import Published, Shares
from aralify_kernel.store import (
    attempts,
    courses,
    help_requests,
    learner_events,
    summaries,
    users,
    versions,
)
from aralify_kernel.store import classrooms as stored

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from aralify_kernel.domain.content import LessonContent
    from aralify_kernel.grading import Grader
    from aralify_kernel.services.demo.answers import Answers
    from aralify_kernel.services.demo.people import Person
    from aralify_kernel.services.rebuild import Ids
    from aralify_kernel.store.courses import StoredCourse, StoredLesson
    from aralify_kernel.store.database import Database, Transaction

BATCH: Final = 50
"""How many learners are written in one transaction."""

_QUESTIONS: Final = {
    "en": "Why is it still wrong? I did what the example does.",
    "fil": "Bakit po mali pa rin? Ginaya ko na po yung example.",
}
"""What who needs help most asks the teacher. A person's words, in their own language."""

MOST_LEARNERS: Final = 100_000
MOST_DAYS: Final = 730


@dataclass(frozen=True, slots=True)
class Wish:
    """What class to make up. The same wish on the same day and courses makes the same class."""

    learners: int
    days: int
    seed: int
    classroom: str


@dataclass(frozen=True, slots=True)
class MadeUp:
    """The class that was made up.

    `struggling` is the user name of who needs help most, and asks for it; `misconception` the exercise, written
    `course/level/tier#activity`, that nearly all begin with the same mistake; empty where no code can be wrong.
    """

    classroom: str
    name: str
    course: str
    learners: int
    attempts: int
    struggling: str
    misconception: str


def make_up(
    db: Database,
    wish: Wish,
    *,
    grader: Callable[[], Grader],
    on_progress: Callable[[int, int, str], None],
    now: datetime,
) -> MadeUp:
    """Make up a class that has learned the first published course for some days until `now`.

    Everything is written as facts with what follows from them, some learners at a time: `rebuild.check` finds nothing
    to say about it. Interrupted, it leaves whole learners behind.

    Args:
        db: The database.
        wish: What class.
        grader: Returns what judges code: each answer is judged once, however many learners give it.
        on_progress: Called with what is done, of all, and which of "judging" and "learning" it is.
        now: When it all ends.

    Raises:
        InvalidValue: The numbers cannot be.
        ClassExists: There is a class of this name.
        NotFound: No course is published.
    """
    _require_range("learners", wish.learners, MOST_LEARNERS)
    _require_range("days", wish.days, MOST_DAYS)
    course, contents = _course(db)
    answers = judged_answers(contents, grader, lambda done, of: on_progress(done, of, "judging"))
    since = now - timedelta(days=wish.days)
    roster = classrooms.new(db, accounts.OPERATOR, wish.classroom, [course.slug], now=since)
    random = Random(wish.seed)  # noqa: S311 - a story that can be told again, no secret
    with db.read() as tx:
        people = People(random, {user.username for user in users.all_users(tx)})
        setting = _setting(tx, course, contents, answers, roster.slug)
    made, struggling = 0, ""
    for begun in range(0, wish.learners, BATCH):
        on_progress(begun, wish.learners, "learning")
        batch = [people.next() for _ in range(min(BATCH, wish.learners - begun))]
        if begun == 0:
            batch[0] = replace(people.next(LOST), skill=0.0)
            struggling = batch[0].username
        with db.write(alone=True) as tx:
            made += _write(tx, setting, batch, random, since, now)
    on_progress(wish.learners, wish.learners, "learning")
    with db.write() as tx:
        _ask(tx, struggling)
    misconception = "#".join(setting.misconception or ())
    return MadeUp(roster.slug, roster.name, course.slug, wish.learners, made, struggling, misconception)


def _require_range(field: str, number: int, most: int) -> None:
    if not 1 <= number <= most:
        raise InvalidValue(field=field, value=number, most=most, reason=N_("Give a number from 1 to {most}."))


def _course(db: Database) -> tuple[StoredCourse, dict[str, LessonContent]]:
    with db.read() as tx:
        course = next((course for course in courses.all_courses(tx) if course.is_published), None)
        if course is None:
            raise NotFound(kind=N_("course"), name="")
        return course, {ref: versions.present_content(tx, ref) for ref in _lessons(course)}


def _lessons(course: StoredCourse) -> dict[str, StoredLesson]:
    return {
        f"{course.slug}/{level.slug}/{lesson.difficulty.slug}": lesson
        for level in course.levels
        for lesson in level.lessons
        if level.is_published and lesson.is_published
    }


def _setting(
    tx: Transaction,
    course: StoredCourse,
    contents: Mapping[str, LessonContent],
    answers: Mapping[tuple[str, str], Answers],
    classroom: str,
) -> Setting:
    published = Published(tx)
    outline = published.outlines(course.slug)[-1]
    numbers = {ref: outline.lessons[ref]["version"] for ref in contents}
    found = stored.find(tx, classroom)
    return Setting(
        course=course,
        course_version=outline.number,
        lessons=_lessons(course),
        contents={ref: published.lesson(ref, number) for ref, number in numbers.items()},
        content_versions=numbers,
        answers=answers,
        misconception=_exercise_to_misunderstand(contents, answers),
        classes=(found.id,) if found else (),
        published=published,
    )


def _exercise_to_misunderstand(
    contents: Mapping[str, LessonContent], answers: Mapping[tuple[str, str], Answers]
) -> tuple[str, str] | None:
    """Return the first exercise with a wrong answer: the one that most people come to."""
    return next(
        (
            (ref, activity.id)
            for ref, content in contents.items()
            for activity in content.activities
            if isinstance(activity, Exercise) and (ref, activity.id) in answers and answers[ref, activity.id].wrong
        ),
        None,
    )


def _write(
    tx: Transaction, setting: Setting, batch: list[Person], random: Random, since: datetime, now: datetime
) -> int:
    """Let some people learn, and write what they did; return how many answers they gave."""
    numbers = Numbers.after(attempts.highest_id(tx), learner_events.highest_id(tx))
    ids, shares = rebuild.ids_of(tx), Shares()
    recorders = []
    for person in batch:
        user = users.add(
            tx,
            now=since,
            username=person.username,
            email=None,
            password_hash=None,
            display_name=person.display_name,
            locale=person.language,
            timezone=person.timezone,
            role=Role.USER,
            avatar_url=None,
            last_login_at=None,
        )
        for classroom_id in setting.classes:
            stored.join(tx, classroom_id, user.id, ClassRole.LEARNER, now=since)
        recorder = Recorder(setting, user.id, person.timezone, numbers)
        Learning(person, recorder, random, now).live(since)
        recorders.append(recorder)
    learner_events.add_all(tx, [event for recorder in recorders for event in recorder.events])
    attempts.add_all(tx, [attempt for recorder in recorders for attempt in recorder.attempts])
    for recorder in recorders:
        _keep(tx, recorder, ids, shares, now)
    for table in summaries.CLASS_TABLES:
        summaries.add_to_classes(tx, table, getattr(shares, table))
    return sum(len(recorder.attempts) for recorder in recorders)


def _ask(tx: Transaction, username: str) -> None:
    """Let somebody ask their teacher about the last answer they gave."""
    user = accounts.find(tx, username)
    for newest in attempts.recent(tx, user.id, 1):
        if newest.lesson_id is not None:
            words = _QUESTIONS[user.locale]
            at = (user.id, newest.lesson_id, newest.activity, newest.id)
            help_requests.add(tx, help_requests.NewRequest(*at, words, newest.created_at))


def _keep(tx: Transaction, recorder: Recorder, ids: Ids, shares: Shares, now: datetime) -> None:
    if not recorder.events:
        return
    figures, adds = recorder.replay.finish()
    rebuild.keep(tx, recorder.user_id, figures, ids, now=now)
    shares.add(adds)
