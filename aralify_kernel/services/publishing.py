"""Publishing: from a course as its author wrote it to what learners see. Nothing is ever deleted."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from aralify_kernel.domain.permissions import Permission
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.errors import N_, NotFound
from aralify_kernel.services import accounts, standings
from aralify_kernel.store import courses, progress, versions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from aralify_kernel.domain.content import Text
    from aralify_kernel.domain.course import Course, Level
    from aralify_kernel.services.sign_ins import Who
    from aralify_kernel.store.courses import StoredCourse
    from aralify_kernel.store.database import Database, Transaction


def publish(db: Database, actor: Who | None, course: Course, *, now: datetime) -> None:
    """Make a course what its author wrote; what is no longer in it becomes unpublished.

    Content that changed gets a new version. Learners in progress get the unlocks and the percentages that follow.

    Raises:
        NotAllowed: `actor` is no MODERATOR.
    """
    with db.write(alone=True) as tx:
        accounts.require(tx, actor, Permission.PUBLISH)
        _save(tx, course, is_published=course.is_published, builtin_hash=_builtin_hash(tx, course.slug), now=now)


def unpublish(db: Database, actor: Who | None, slug: str, *, now: datetime) -> None:
    """Hide a course from learners; publishing it, or `show_again`, brings it back.

    Raises:
        NotAllowed: `actor` is no MODERATOR.
        NotFound: There is no such course.
    """
    _set_published(db, actor, slug, is_published=False, now=now)


def show_again(db: Database, actor: Who | None, slug: str, *, now: datetime) -> None:
    """Let learners see a course that was hidden, as it was last published.

    Raises:
        NotAllowed: `actor` is no MODERATOR.
        NotFound: There is no such course.
    """
    _set_published(db, actor, slug, is_published=True, now=now)


def _set_published(db: Database, actor: Who | None, slug: str, *, is_published: bool, now: datetime) -> None:
    with db.write(alone=True) as tx:
        accounts.require(tx, actor, Permission.PUBLISH)
        if courses.find(tx, slug) is None:
            raise NotFound(kind=N_("course"), name=slug[:64])
        courses.save_course(tx, slug, now=now, is_published=is_published)
        _follow(tx, slug, _builtin_hash(tx, slug), now=now)


def folder_hash(folder: Path) -> str:
    """Return a hash of every file of a course folder, by which a newer built-in course is known without parsing it."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        relative = file.relative_to(folder)
        if not any(part.startswith((".", "__pycache__")) for part in relative.parts):
            digest.update(f"{relative.as_posix()}\0{file.stat().st_size}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def needs_builtin(db: Database, slug: str, builtin_hash: str) -> bool:
    """Whether this state of a built-in course has not been published yet."""
    with db.read() as tx:
        return _builtin_hash(tx, slug) != builtin_hash


def publish_builtin(db: Database, course: Course, builtin_hash: str, *, now: datetime) -> None:
    """Publish a built-in course unless this state of it has been; one that the operator hid stays hidden."""
    with db.write(alone=True) as tx:
        if _builtin_hash(tx, course.slug) == builtin_hash:
            return
        before = courses.find(tx, course.slug)
        shown = course.is_published and (before is None or before.is_published)
        _save(tx, course, is_published=shown, builtin_hash=builtin_hash, now=now)


def _save(tx: Transaction, course: Course, *, is_published: bool, builtin_hash: str | None, now: datetime) -> None:
    course_id = courses.save_course(
        tx,
        course.slug,
        now=now,
        language=course.language,
        **_columns("title", course.title),
        **_columns("description", course.description),
        icon_url=course.icon_url,
        color=course.color,
        order_index=course.order_index,
        estimated_hours=course.estimated_hours,
        is_published=is_published,
    )
    level_ids, lesson_ids = [], []
    for level in course.levels:
        level_id = courses.save_level(
            tx,
            course_id,
            level.slug,
            now=now,
            **_columns("title", level.title),
            order_index=level.order_index,
            is_published=level.is_published,
        )
        level_ids.append(level_id)
        lesson_ids += _save_lessons(tx, course.slug, level, level_id, now=now)
    courses.unpublish_others(tx, course_id, level_ids, lesson_ids, now=now)
    _follow(tx, course.slug, builtin_hash, now=now)


def _save_lessons(tx: Transaction, course_slug: str, level: Level, level_id: int, *, now: datetime) -> list[int]:
    lesson_ids = []
    for lesson in level.lessons:
        content: dict[str, Any] = lesson.content.as_json()
        lesson_id = courses.save_lesson(
            tx,
            level_id,
            lesson.difficulty,
            now=now,
            **_columns("title", lesson.title),
            content=content,
            xp_reward=lesson.xp_reward,
            time_limit_sec=lesson.time_limit_sec,
            est_time_mins=lesson.est_time_mins,
            order_index=lesson.difficulty.value - 1,
            is_published=lesson.is_published,
        )
        ref = str(LessonRef(course_slug, level.slug, lesson.difficulty.slug))
        content_hash = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        newest = versions.latest_of_lesson(tx, ref)
        if newest is None or newest.content_hash != content_hash:
            versions.add_lesson_version(tx, lesson_id, ref, content, content_hash, now=now)
        lesson_ids.append(lesson_id)
    return lesson_ids


def _follow(tx: Transaction, slug: str, builtin_hash: str | None, *, now: datetime) -> None:
    """Keep the course's new outline as a fact, and write what follows for every learner in it."""
    tx.expire_all()
    course = courses.find(tx, slug)
    if course is None:
        raise NotFound(kind=N_("course"), name=slug)
    outline = _outline(tx, course)
    before = versions.latest_of_course(tx, slug)
    if before is not None and (before.outline, before.builtin_hash) == (outline, builtin_hash):
        return
    versions.add_course_version(tx, course.id, slug, outline, builtin_hash, now=now)
    for user_id in progress.learners_of(tx, course.id):
        standings.settle(tx, user_id, standings.standing(tx, user_id, course), now=now)


def _outline(tx: Transaction, course: StoredCourse) -> dict[str, Any]:
    """Return what completion, unlocks and rewards depend on, as JSON data."""
    return {
        "is_published": course.is_published,
        "levels": [
            {
                "slug": level.slug,
                "order_index": level.order_index,
                "is_published": level.is_published,
                "lessons": [
                    {
                        "tier": lesson.difficulty.slug,
                        "is_published": lesson.is_published,
                        "xp_reward": lesson.xp_reward,
                        "time_limit_sec": lesson.time_limit_sec,
                        "version": _version(tx, LessonRef(course.slug, level.slug, lesson.difficulty.slug)),
                    }
                    for lesson in level.lessons
                ],
            }
            for level in course.levels
        ],
    }


def _version(tx: Transaction, ref: LessonRef) -> int:
    newest = versions.latest_of_lesson(tx, str(ref))
    return newest.version if newest else 0


def _builtin_hash(tx: Transaction, slug: str) -> str | None:
    newest = versions.latest_of_course(tx, slug)
    return newest.builtin_hash if newest else None


def _columns(name: str, text: Text) -> Mapping[str, str]:
    return {f"{name}_{language}": text.get(language, "") for language in ("en", "fil")}
