"""What teachers set for a class, their list of classes, and coming into one by its join code."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from aralify_kernel.domain import class_codes
from aralify_kernel.domain.classrooms import ClassRole
from aralify_kernel.domain.permissions import Permission, may
from aralify_kernel.domain.teaching import ClassCard, ClassTopic, Extension, Person
from aralify_kernel.errors import N_, InvalidValue, NotFound
from aralify_kernel.services import accounts, classrooms
from aralify_kernel.store import class_acts, class_marks, courses
from aralify_kernel.store import classrooms as stored

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.domain.classrooms import Counts
    from aralify_kernel.domain.teaching import ActDone
    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.classrooms import Classroom
    from aralify_kernel.store.database import Database, Transaction


def classes(db: Database, actor: Who | None) -> tuple[ClassCard, ...]:
    """Return the classes that a person teaches, by name, those that are put away last; an ADMIN has them all."""
    with db.read() as tx:
        if actor is accounts.OPERATOR or may(actor(tx).role, Permission.SEE_CLASS):
            found = stored.all_classes(tx)
        else:
            found = stored.of_member(tx, actor(tx).id, ClassRole.TEACHER)
        cards = [_card(tx, one) for one in found]
    return tuple(sorted(cards, key=lambda card: card.is_archived))


def learns_in(db: Database, who: Who) -> tuple[ClassCard, ...]:
    """Return the classes in which a person learns: who teaches there can see what they do in these courses."""
    with db.read() as tx:
        found = stored.of_member(tx, who(tx).id, ClassRole.LEARNER)
        return tuple(replace(_card(tx, one), join_code=None) for one in found)


def acts(db: Database, who: Who) -> tuple[ActDone, ...]:
    """Return what teachers did that concerns a person, newest first: whose code they read, what they gave."""
    with db.read() as tx:
        return class_acts.of_learner(tx, who(tx).id)


def configure(
    db: Database,
    actor: Who | None,
    slug: str,
    *,
    counts: Counts | None = None,
    idle_days: int | None = None,
    holds_solutions: bool | None = None,
) -> ClassCard:
    """Set which answers decide about marks, after how many days somebody is idle, and whether solutions wait.

    None leaves as it is.

    Raises:
        NotFound: There is no such class for this person.
        ClassArchived: It has been put away.
        InvalidValue: `idle_days` is not from 1 to 365.
    """
    if idle_days is not None and not 1 <= idle_days <= 365:
        reason = N_("Give a number from 1 to {most}.")
        raise InvalidValue(field="idle_days", value=str(idle_days), most=365, reason=reason)
    with db.write(alone=True) as tx:
        found = classrooms.find_to_change(tx, actor, slug)
        changed = replace(
            found,
            counts=counts or found.counts,
            idle_days=idle_days or found.idle_days,
            holds_solutions=found.holds_solutions if holds_solutions is None else holds_solutions,
        )
        stored.save_settings(tx, changed)
        return _card(tx, changed)


def set_archived(db: Database, actor: Who | None, slug: str, *, archived: bool, now: datetime) -> ClassCard:
    """Put a class away, or bring it back. Put away it stays readable, nobody comes in, and nothing is changed in it.

    Raises:
        NotFound: There is no such class for this person.
    """
    with db.write(alone=True) as tx:
        found = classrooms.find(tx, actor, slug, Permission.RUN_CLASS)
        if archived == (found.archived_at is not None):
            return _card(tx, found)
        changed = replace(found, archived_at=now if archived else None, join_code=None)
        stored.save_settings(tx, changed)
        return _card(tx, changed)


def set_join_code(db: Database, actor: Who | None, slug: str, *, is_open: bool) -> ClassCard:
    """Make a new code by which learners come into a class, or (not `is_open`) let nobody in that way.

    Raises:
        NotFound: There is no such class for this person.
        ClassArchived: It has been put away.
    """
    with db.write(alone=True) as tx:
        found = classrooms.find_to_change(tx, actor, slug)
        code = class_codes.make(class_codes.JOIN_LENGTH, secrets.choice) if is_open else None
        changed = replace(found, join_code=code)
        stored.save_settings(tx, changed)
        return _card(tx, changed)


def join(db: Database, who: Who, code: str, *, now: datetime) -> ClassCard:
    """Let a person into the class with this code, as a learner; who learns in it already stays as they are.

    Raises:
        NotFound: No class has this code.
        TeachesThere: They teach it, and cannot be its learner as well.
    """
    with db.write(alone=True) as tx:
        user = who(tx)
        found = stored.by_join_code(tx, class_codes.typed(code))
        if found is None:
            raise NotFound(kind=N_("join code"), name=code[:32])
        role = stored.role_in(tx, found.id, user.id)
        classrooms.require_no_teacher(role, user, found)
        if role is None:
            stored.join(tx, found.id, user.id, ClassRole.LEARNER, is_entrusted=True, now=now)
        return replace(_card(tx, found), join_code=None)


def topics(db: Database, actor: Who | None, slug: str) -> tuple[ClassTopic, ...]:
    """Return the published topics of a class, in their order, with when they are due.

    Raises:
        NotFound: There is no such class for this person.
    """
    with db.read() as tx:
        found = classrooms.find(tx, actor, slug, Permission.SEE_CLASS)
        dates, own = stored.due_dates(tx, found.id), _extensions(tx, found)
        taken = [courses.find(tx, course) for course in stored.courses_of(tx, found.id).values()]
        return tuple(
            ClassTopic(course.slug, level.slug, level.title, dates.get(level.id), tuple(own.get(level.id, ())))
            for course in taken
            if course is not None
            for level in course.levels
            if level.is_published
        )


def may_teach(db: Database, who: Who) -> bool:
    """Whether the pages of teachers are for a person: they teach a class, or may make one."""
    with db.read() as tx:
        user = who(tx)
        return may(user.role, Permission.MAKE_CLASS) or stored.taught_by(tx, user.id)


def _extensions(tx: Transaction, classroom: Classroom) -> dict[int, list[Extension]]:
    """Return who has more time for what, by level id."""
    names = class_marks.learners(tx, classroom.id)
    found: dict[int, list[Extension]] = {}
    for (user_id, level_id), due_at in stored.all_extensions(tx, classroom.id).items():
        if user_id in names:
            who = names[user_id]
            found.setdefault(level_id, []).append(Extension(Person(who.username, who.display_name), due_at))
    return found


def card(db: Database, actor: Who | None, slug: str) -> ClassCard:
    """Return one class as it stands in the list.

    Raises:
        NotFound: There is no such class for this person.
    """
    with db.read() as tx:
        return _card(tx, classrooms.find(tx, actor, slug, Permission.SEE_CLASS))


def _card(tx: Transaction, classroom: Classroom) -> ClassCard:
    return ClassCard(
        slug=classroom.slug,
        name=classroom.name,
        courses=tuple(stored.courses_of(tx, classroom.id).values()),
        teachers=stored.teachers(tx, classroom.id),
        learners=stored.count_learners(tx, classroom.id),
        join_code=classroom.join_code,
        counts=classroom.counts,
        idle_days=classroom.idle_days,
        holds_solutions=classroom.holds_solutions,
        is_archived=classroom.archived_at is not None,
    )
