"""Which topics are open, which unlocks are written, and what opens a locked topic."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from aralify_kernel.domain.difficulty import Difficulty
from aralify_kernel.domain.unlocking import LevelState, counting, new_unlocks, open_levels, opened_by

EASY, HARD = frozenset({Difficulty.EASY}), frozenset({Difficulty.HARD})
NO_TIERS: frozenset[Difficulty] = frozenset()


def level(slug, order_index, *, is_published=True, published=EASY, completed=NO_TIERS, unlocked=False):
    return LevelState(slug, order_index, is_published, published, completed, unlocked)


def write(levels):
    """Return `levels` with the unlock rows written that follow, as a submission or a publication does."""
    written = new_unlocks(levels, started=True)
    return [replace(state, unlocked=state.unlocked or state.slug in written) for state in levels]


tiers = st.frozensets(st.sampled_from(list(Difficulty)))
courses = st.lists(
    st.builds(
        LevelState, st.sampled_from("abcdefgh"), st.integers(0, 5), st.booleans(), tiers, tiers, unlocked=st.booleans()
    ),
    unique_by=lambda state: state.slug,
)


def test_starting_a_course_unlocks_its_first_topic_only():
    course = [level("a", 0), level("b", 1), level("c", 2)]
    assert new_unlocks(course, started=True) == ("a",)


def test_nothing_is_unlocked_before_the_course_is_started_though_the_first_topic_is_open_to_look_at():
    course = [level("a", 0), level("b", 1)]
    assert new_unlocks(course, started=False) == ()
    assert open_levels(course) == {"a"}


def test_passing_any_tier_opens_the_next_topic_and_no_further_one():
    both = EASY | HARD
    course = [level("a", 0, published=both, completed=HARD, unlocked=True), level("b", 1), level("c", 2)]
    assert new_unlocks(course, started=True) == ("b",)


def test_the_order_is_that_of_the_course_not_that_of_the_list():
    course = [level("c", 2), level("a", 1), level("z", 0, completed=EASY)]
    assert open_levels(course) == {"z", "a"}
    assert new_unlocks(course, started=True) == ("z", "a")


def test_a_topic_published_before_a_completed_one_is_open_and_locks_nothing():
    won = [level("b", 1, completed=EASY, unlocked=True), level("c", 2, unlocked=True)]
    course = write([level("a", 0), *won])
    assert open_levels(course) == {"a", "b", "c"}
    assert course[0].unlocked


def test_a_topic_published_between_completed_ones_is_open():
    course = [
        level("a", 0, completed=EASY, unlocked=True),
        level("b", 1),
        level("c", 2, completed=EASY, unlocked=True),
        level("d", 3, unlocked=True),
    ]
    assert new_unlocks(course, started=True) == ("b",)
    assert open_levels(course) == {"a", "b", "c", "d"}


def test_a_topic_published_after_the_last_completed_one_is_open_as_soon_as_it_is_published():
    assert new_unlocks([level("a", 0, completed=EASY, unlocked=True), level("b", 1)], started=True) == ("b",)


def test_a_topic_published_before_an_unfinished_one_leaves_what_was_won_open():
    before = write([level("b", 1)])
    assert open_levels([level("a", 0), *before]) == {"a", "b"}


def test_a_topic_without_published_lessons_does_not_stand_in_the_way():
    course = [level("a", 0, completed=EASY), level("empty", 1, published=NO_TIERS), level("c", 2)]
    assert open_levels(course) == {"a", "c"}


def test_a_topic_without_lessons_at_the_start_makes_the_next_one_the_first():
    course = [level("empty", 0, published=NO_TIERS), level("b", 1), level("c", 2)]
    assert new_unlocks(course, started=True) == ("b",)


def test_with_everything_unpublished_nothing_is_open_and_nothing_is_written():
    course = [level("a", 0, is_published=False, completed=EASY, unlocked=True), level("b", 1, published=NO_TIERS)]
    assert counting(course) == ()
    assert open_levels(course) == frozenset()
    assert new_unlocks(course, started=True) == ()
    assert opened_by("a", course) is None


def test_the_first_topic_opens_when_it_is_published_after_the_course_was_started():
    drafts = [level("a", 0, is_published=False), level("b", 1, is_published=False)]
    assert new_unlocks(drafts, started=True) == ()
    assert new_unlocks([drafts[0], replace(drafts[1], is_published=True)], started=True) == ("b",)


def test_a_completed_lesson_that_was_unpublished_later_still_opens_the_next_topic():
    course = [level("a", 0, published=HARD, completed=EASY), level("b", 1)]
    assert open_levels(course) == {"a", "b"}


def test_a_topic_given_by_a_teacher_is_open_and_does_not_open_the_next():
    course = [level("a", 0), level("b", 1), level("c", 2, unlocked=True), level("d", 3)]
    assert open_levels(course) == {"a", "c"}


def test_a_locked_topic_names_the_counting_topic_before_it():
    course = [level("a", 0), level("b", 1, is_published=False), level("c", 2), level("d", 3)]
    assert opened_by("c", course) == course[0]
    assert opened_by("d", course) == course[2]


def test_nothing_is_named_for_a_topic_that_is_open_or_hidden_or_unknown():
    course = [level("a", 0), level("b", 1, is_published=False)]
    assert [opened_by(slug, course) for slug in ("a", "b", "nowhere")] == [None, None, None]


@given(courses)
def test_every_counting_topic_is_either_open_or_told_what_opens_it(course):
    for state in counting(course):
        opener = opened_by(state.slug, course)
        assert (opener is None) == (state.slug in open_levels(course))
        if opener is not None:
            now_complete = [replace(s, completed=EASY) if s.slug == opener.slug else s for s in course]
            assert state.slug in open_levels(now_complete)


@given(courses)
def test_writing_what_follows_leaves_nothing_to_write_and_opens_nothing_else(course):
    assert new_unlocks(write(course), started=True) == ()
    assert open_levels(write(course)) == open_levels(course)


@given(courses, courses)
def test_what_is_open_and_written_stays_open_whatever_is_published_around_it(before, others):
    kept = write(before)
    slugs = {state.slug for state in kept}
    after = [*kept, *(state for state in others if state.slug not in slugs)]
    assert open_levels(before) <= open_levels(after)


@given(courses.filter(lambda course: bool(counting(course))))
def test_a_course_with_something_to_learn_always_has_an_open_topic(course):
    assert counting(course)[0].slug in open_levels(course)
