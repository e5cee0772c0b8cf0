"""How content is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aralify_kernel.domain.difficulty import Difficulty
from aralify_kernel.domain.references import LessonRef, is_activity_id, is_slug
from aralify_kernel.errors import InvalidValue

slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True).filter(is_slug)
tiers = st.sampled_from([tier.slug for tier in Difficulty])


@given(st.builds(LessonRef, slugs, slugs, tiers))
def test_a_reference_is_read_back_as_it_is_written(ref):
    assert LessonRef.parse(str(ref)) == ref
    assert ref.difficulty.slug == ref.tier
    assert str(ref) == f"{ref.level_ref}/{ref.tier}"


@given(st.text())
def test_any_other_text_is_refused_in_one_sentence(text):
    if text.count("/") == 2 and all(is_slug(part) for part in text.split("/")):
        return
    with pytest.raises(InvalidValue, match="course/level/tier"):
        LessonRef.parse(text)


def test_space_around_and_capitals_in_the_tier_do_not_matter():
    assert LessonRef.parse(" python-basics/loops/HARD\n") == LessonRef("python-basics", "loops", "hard")


@pytest.mark.parametrize("text", ["", "a/b", "a/b/c", "a/b/easy/x", "A/b/easy", "a/../easy", "con/b/easy", "a//easy"])
def test_what_is_no_reference_is_refused(text):
    with pytest.raises(InvalidValue, match="is no lesson"):
        LessonRef.parse(text)


@pytest.mark.parametrize("text", ["", "-a", "a-", "a--b", "a_b", "Ana", "ñ", "a b", "aux", "com1", "a" * 65, "a\n"])
def test_what_cannot_name_a_folder_everywhere_is_no_slug(text):
    assert not is_slug(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("load-left", True), ("A_1", True), ("", False), ("a b", False), ("é", False)]
)
def test_an_activity_is_named_by_letters_digits_hyphens_and_underscores(text, expected):
    assert is_activity_id(text) is expected


def test_references_sort_by_course_and_topic():
    assert LessonRef("a", "b", "easy") < LessonRef("a", "c", "easy") < LessonRef("b", "a", "easy")
