"""Courses made of values, for tests that need no author notebook."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from aralify_kernel.domain.content import Check, Exercise, LessonContent, Option, Prose, Quiz, QuizKind
from aralify_kernel.domain.course import Course, Lesson, Level
from aralify_kernel.domain.difficulty import Difficulty

if TYPE_CHECKING:
    from collections.abc import Iterable


def an_exercise(name: str = "area", *, points: int = 1, hints: int = 2) -> Exercise:
    """Two visible checks and a hidden one, each worth `points`."""
    return Exercise(
        id=name,
        title={"en": f"Exercise {name}", "fil": f"Pagsasanay {name}"},
        starter={"en": "# your code here\n...", "fil": "# ang code mo rito\n..."},
        reference="PASS",
        checks=(
            Check("c1", {"en": "first"}, "assert True", points),
            Check("c2", {"en": "second"}, "assert True", points),
            Check("h1", {"en": "hidden"}, "assert True", points, hidden=True),
        ),
        hints=tuple({"en": f"Hint {rung}", "fil": f"Pahiwatig {rung}"} for rung in range(1, hints + 1)),
    )


def a_quiz(name: str = "choice", points: int = 1) -> Quiz:
    """`a` is right, `b` is wrong and says why."""
    return Quiz(
        id=name,
        kind=QuizKind.MULTIPLE_CHOICE,
        question={"en": "Which?", "fil": "Alin?"},
        points=points,
        options=(
            Option("a", {"en": "This", "fil": "Ito"}, correct=True),
            Option("b", {"en": "That", "fil": "Iyan"}, why={"en": "Not that.", "fil": "Hindi iyan."}),
        ),
        explanation={"en": "Because.", "fil": "Dahil."},
    )


def content(*activities: Exercise | Quiz, pass_score: int = 80, prose: str = "Read this.") -> LessonContent:
    """By default an exercise of three points and a quiz of one."""
    blocks = activities or (an_exercise(), a_quiz())
    return LessonContent((Prose("p", {"en": prose, "fil": "Basahin ito."}), *blocks), pass_score=pass_score)


def a_lesson(
    difficulty: Difficulty, *activities: Exercise | Quiz, time_limit_sec: int | None = None, **changes: object
) -> Lesson:
    """Worth 50 XP before the multiplier."""
    lesson = Lesson(
        difficulty=difficulty,
        title={"en": difficulty.name.title(), "fil": difficulty.name.title()},
        xp_reward=50,
        est_time_mins=10,
        time_limit_sec=time_limit_sec,
        pass_score=80,
        is_published=True,
        notebook=f"{difficulty.slug}.ipynb",
        content=content(*activities),
    )
    return dataclasses.replace(lesson, **changes)


def a_level(
    slug: str, order_index: int, lessons: Iterable[Lesson] | None = None, *, is_published: bool = True
) -> Level:
    """Three tiers, the hard one with ten minutes."""
    tiers = (
        a_lesson(Difficulty.EASY),
        a_lesson(Difficulty.MEDIUM),
        a_lesson(Difficulty.HARD, time_limit_sec=600),
    )
    title = {"en": slug.title(), "fil": f"{slug.title()} (fil)"}
    return Level(slug, title, order_index, is_published, tuple(tiers if lessons is None else lessons))


def a_course(*levels: Level, slug: str = "demo", is_published: bool = True) -> Course:
    """Three topics: one, two, three."""
    return Course(
        slug=slug,
        language="python",
        title={"en": "Demo", "fil": "Demo (fil)"},
        description={"en": "A course.", "fil": "Isang kurso."},
        icon_url=None,
        color="#3776AB",
        order_index=0,
        estimated_hours=1.5,
        is_published=is_published,
        levels=levels or tuple(a_level(name, place) for place, name in enumerate(("one", "two", "three"))),
    )
