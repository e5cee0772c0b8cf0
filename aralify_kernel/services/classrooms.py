"""Classes: making them, who is in them, what they take, when it is due.

Whatever changes a class runs alone: it is rare, and two teachers may let the same learner in at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aralify_kernel.domain import classrooms
from aralify_kernel.domain.classrooms import ClassRole, Roster
from aralify_kernel.domain.permissions import Permission, may
from aralify_kernel.domain.teaching import Act
from aralify_kernel.errors import N_, ClassArchived, ClassExists, NotFound, TeachesThere
from aralify_kernel.services import accounts
from aralify_kernel.store import class_acts, courses
from aralify_kernel.store import classrooms as stored

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.classrooms import Classroom
    from aralify_kernel.store.courses import StoredCourse, StoredLevel
    from aralify_kernel.store.database import Database, Transaction
    from aralify_kernel.store.users import User


def new(
    db: Database,
    actor: Who | None,
    name: str,
    course_slugs: Iterable[str],
    teachers: Iterable[str] = (),
    *,
    now: datetime,
) -> Roster:
    """Make a class that takes these courses, taught by these people and by whoever makes it.

    Raises:
        InvalidValue: The name cannot be a class's.
        ClassExists: There is one by this name.
        NotAllowed: `actor` may make none.
        NotFound: There is no such course, or nobody has one of the user names.
    """
    shown = classrooms.name(name)
    slug = classrooms.slug(shown)
    with db.write(alone=True) as tx:
        accounts.require(tx, actor, Permission.MAKE_CLASS)
        if stored.find(tx, slug) is not None:
            raise ClassExists(slug=slug)
        made = stored.add(tx, slug, shown, now=now)
        names = {*teachers} if actor is accounts.OPERATOR else {*teachers, actor(tx).username}
        _add(tx, made, names, ClassRole.TEACHER, course_slugs, now=now)
        return _roster(tx, made)


def add(
    db: Database,
    actor: Who | None,
    slug: str,
    usernames: Iterable[str],
    role: ClassRole,
    course_slugs: Iterable[str] = (),
    *,
    now: datetime,
) -> Roster:
    """Let people into a class (a learner in it can become its teacher), and let it take more courses.

    Raises:
        TeachesThere: One of them teaches the class and cannot be its learner as well. Then nothing is changed.
        NotFound: There is no such class for this person, no such course, or nobody has one of the user names. Then
            nothing is changed.
    """
    with db.write(alone=True) as tx:
        found = find_to_change(tx, actor, slug)
        _add(tx, found, usernames, role, course_slugs, now=now)
        return _roster(tx, found)


def remove_member(db: Database, actor: Who | None, slug: str, username: str, *, now: datetime) -> Roster:
    """Let somebody out of a class. What they did in it stays in its figures.

    Raises:
        NotFound: There is no such class for this person, or nobody of this name in it.
    """
    with db.write(alone=True) as tx:
        found = find_to_change(tx, actor, slug)
        stored.leave(tx, found.id, member(tx, found, username).id, now=now)
        return _roster(tx, found)


def roster(db: Database, actor: Who | None, slug: str) -> Roster:
    """Return a class with everybody who is or was in it.

    Raises:
        NotFound: There is no such class for this person.
    """
    with db.read() as tx:
        return _roster(tx, find(tx, actor, slug, Permission.SEE_CLASS))


def set_due(db: Database, actor: Who | None, slug: str, level_ref: str, due_at: datetime | None) -> None:
    """Say when a class should have finished a level, written `course/level`; None takes the date away.

    Raises:
        NotFound: There is no such class for this person, or no such level in its courses.
    """
    with db.write(alone=True) as tx:
        found = find_to_change(tx, actor, slug)
        stored.set_due(tx, found.id, level_of(tx, found, level_ref)[1].id, due_at)


def extend_due(
    db: Database, actor: Who | None, slug: str, level_ref: str, username: str, due_at: datetime, *, now: datetime
) -> None:
    """Give one learner of a class more time for a level; they can look up who did.

    Raises:
        NotFound: There is no such class for this person, no such level in its courses, or nobody of this name in it.
    """
    with db.write(alone=True) as tx:
        found = find_to_change(tx, actor, slug)
        user = member(tx, found, username)
        stored.extend_due(tx, found.id, level_of(tx, found, level_ref)[1].id, user.id, due_at)
        class_acts.note(tx, found.id, user.id, id_of(tx, actor), Act.MORE_TIME, level_ref, now=now)


def due_dates(tx: Transaction, classroom_id: int, user_id: int) -> dict[int, datetime]:
    """Return when one learner of a class should have finished what, by level id."""
    own = stored.extensions_of(tx, classroom_id, user_id)
    dates = stored.due_dates(tx, classroom_id)
    return {level_id: classrooms.due_for(due_at, own.get(level_id)) for level_id, due_at in dates.items()}


def find(tx: Transaction, actor: Who | None, slug: str, permission: Permission) -> Classroom:
    """Return a class in which `actor` has `permission`; the operator has them all.

    Raises:
        NotFound: There is none by this name for them. It does not say whether there is one for others.
    """
    found = stored.find(tx, slug)
    if found is not None:
        if actor is accounts.OPERATOR:
            return found
        user = actor(tx)
        if may(user.role, permission, stored.role_in(tx, found.id, user.id)):
            return found
    raise NotFound(kind=N_("class"), name=slug[:64])


def find_to_change(tx: Transaction, actor: Who | None, slug: str) -> Classroom:
    """Return a class that `actor` may change.

    Raises:
        NotFound: There is none by this name for them.
        ClassArchived: It has been put away.
    """
    found = find(tx, actor, slug, Permission.RUN_CLASS)
    if found.archived_at is not None:
        raise ClassArchived(name=found.name)
    return found


def id_of(tx: Transaction, actor: Who | None) -> int | None:
    """Return who acts; None for the operator."""
    return None if actor is accounts.OPERATOR else actor(tx).id


def _add(
    tx: Transaction,
    classroom: Classroom,
    usernames: Iterable[str],
    role: ClassRole,
    course_slugs: Iterable[str],
    *,
    now: datetime,
) -> None:
    for course in course_slugs:
        stored.add_course(tx, classroom.id, _course(tx, course).id, now=now)
    for username in usernames:
        user = accounts.find(tx, username)
        present = stored.role_in(tx, classroom.id, user.id)
        if role is ClassRole.LEARNER:
            require_no_teacher(present, user, classroom)
        if present is not role:
            stored.leave(tx, classroom.id, user.id, now=now)
            stored.join(tx, classroom.id, user.id, role, now=now)


def require_no_teacher(role: ClassRole | None, user: User, classroom: Classroom) -> None:
    """Refuse to let a teacher of a class in as its learner: the class would lose its teacher.

    Raises:
        TeachesThere: They teach it.
    """
    if role is ClassRole.TEACHER:
        raise TeachesThere(username=user.username, name=classroom.name)


def _roster(tx: Transaction, classroom: Classroom) -> Roster:
    courses_taken = tuple(stored.courses_of(tx, classroom.id).values())
    return Roster(classroom.slug, classroom.name, courses_taken, tuple(stored.members(tx, classroom.id)))


def _course(tx: Transaction, slug: str) -> StoredCourse:
    found = courses.find(tx, slug)
    if found is None:
        raise NotFound(kind=N_("course"), name=slug[:64])
    return found


def level_of(tx: Transaction, classroom: Classroom, level_ref: str) -> tuple[StoredCourse, StoredLevel]:
    """Return a level, written `course/level`, of a course that a class takes.

    Raises:
        NotFound: There is none.
    """
    slug, _, level_slug = level_ref.partition("/")
    course = _course(tx, slug) if slug in stored.courses_of(tx, classroom.id).values() else None
    level = course.level(level_slug) if course else None
    if course is None or level is None:
        raise NotFound(kind=N_("topic"), name=level_ref[:129])
    return course, level


def member(tx: Transaction, classroom: Classroom, username: str) -> User:
    """Return somebody who is in a class at present.

    Raises:
        NotFound: Nobody of this name is.
    """
    user = accounts.find(tx, username)
    if stored.role_in(tx, classroom.id, user.id) is None:
        raise NotFound(kind=N_("member of the class"), name=username[:64])
    return user
