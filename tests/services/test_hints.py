from __future__ import annotations

import pytest

from aralify_kernel.domain.references import LessonRef
from aralify_kernel.errors import LevelLocked, NotFound

EASY = LessonRef.parse("demo/one/easy")


def test_each_asking_gives_the_next_rung_and_the_last_again_at_the_top(world):
    ana = world.learner()
    hints = [ana.next_hint(EASY, "area") for _ in range(3)]
    assert [(hint.rung, hint.is_last, hint.text["en"]) for hint in hints] == [
        (1, False, "Hint 1"),
        (2, True, "Hint 2"),
        (2, True, "Hint 2"),
    ]
    assert world.rows("SELECT details FROM learner_events WHERE type = 'HINT_TAKEN'") == [
        ('{"activity": "area", "rung": 1, "is_last": false}',),
        ('{"activity": "area", "rung": 2, "is_last": true}',),
    ]


def test_everybody_climbs_their_own_ladder(world):
    world.learner("ana").next_hint(EASY, "area")
    assert world.learner("ben").next_hint(EASY, "area").rung == 1


@pytest.mark.parametrize(("activity", "kind"), [("nothing", "exercise"), ("choice", "hint")])
def test_where_there_is_no_hint_it_says_so(world, activity, kind):
    with pytest.raises(NotFound, match=f"no {kind} named"):
        world.learner().next_hint(EASY, activity)
    assert world.counts() == {"users": 1}


def test_a_locked_lesson_gives_no_hints(world):
    with pytest.raises(LevelLocked):
        world.learner().next_hint(LessonRef.parse("demo/two/easy"), "area")
