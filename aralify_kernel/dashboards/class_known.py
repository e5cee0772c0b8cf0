"""What the page of a class knows of it: read as a whole, so that nothing on it is older than the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from aralify_kernel.errors import AralifyError

if TYPE_CHECKING:
    from datetime import date

    from aralify_kernel.dashboards.class_filter import Filter
    from aralify_kernel.domain.lesson_quality import LessonQuality
    from aralify_kernel.domain.references import LessonRef
    from aralify_kernel.domain.session import CourseCard, LearnerSession
    from aralify_kernel.domain.teaching import Effort, FailureGroup, MatrixRow, NeedsHelp, TeacherSession, Week


AT_ONCE: Final = 200
"""In a class of more learners the figures that look at everybody are reckoned when they are asked for."""

WEEKS: Final = timedelta(weeks=11)
"""How far back the weeks go, when nobody says since when."""


@dataclass(frozen=True, slots=True)
class Everybody:
    """The figures for which everybody in a class is looked at."""

    lessons: tuple[LessonQuality, ...]
    efforts: tuple[Effort, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A class in one course, as far as it is looked at."""

    course: CourseCard | None = None
    """None when it is not published, and this person does not see it then."""
    in_need: tuple[NeedsHelp, ...] = ()
    groups: tuple[FailureGroup, ...] = ()
    rows: tuple[MatrixRow, ...] = ()
    weeks: tuple[Week, ...] = ()
    everybody: Everybody | None = None
    """None until somebody asks for it, in a large class."""

    @property
    def lessons(self) -> tuple[LessonRef, ...]:
        """The lessons of the course; of one that is not published, those that somebody has begun."""
        return _lessons(self.course, self.rows)


NOTHING_KNOWN: Final = Known()


def read(
    session: LearnerSession, teach: TeacherSession, at: tuple[str, str], chosen: Filter, *, page: int, since: date
) -> Known:
    """Return what is known of a class in a course (`at`: their slugs) just now, without the figures about everybody.

    Args:
        session: Of who looks.
        teach: What they can do with their classes.
        at: Which class, in which course.
        chosen: Of which lessons the failures are grouped.
        page: Which page of learners.
        since: From which week on.
    """
    course, rows = _course(session, at[1]), teach.matrix(*at, page)
    taken = [ref for ref in _lessons(course, rows) if chosen.takes(ref)]
    groups = teach.failures(*at, taken if chosen.narrows_lessons else ()) if taken or not chosen.narrows_lessons else ()
    return Known(course, teach.needs_help(*at), groups, rows, teach.weeks(*at, since))


def everybody(teach: TeacherSession, at: tuple[str, str]) -> Everybody:
    """Return the figures for which everybody in a class is looked at."""
    return Everybody(teach.quality(*at), teach.efforts(*at))


def _lessons(course: CourseCard | None, rows: tuple[MatrixRow, ...]) -> tuple[LessonRef, ...]:
    if course is not None:
        return tuple(lesson.ref for level in course.levels for lesson in level.lessons)
    return tuple(sorted({cell.lesson for row in rows for cell in row.cells}))


def _course(session: LearnerSession, slug: str) -> CourseCard | None:
    try:
        return session.course(slug)
    except AralifyError:
        return None
