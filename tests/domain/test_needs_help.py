"""The rules that put a learner on the list of those to sit beside."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aralify_kernel.domain.needs_help import Reason, Rule, Signs, reasons

NOW = datetime(2024, 6, 20, 8, 0, tzinfo=UTC)
FINE = Signs(
    questions=0,
    same_failure=[2, 1],
    failing_answers=[2],
    hinted_lessons=1,
    completed=3,
    median_completed=4,
    seen_at=NOW - timedelta(days=6, hours=23),
)


def test_just_below_every_limit_nobody_is_on_the_list():
    assert reasons(FINE, now=NOW) == ()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"questions": 1}, Reason(Rule.ASKED, 1)),
        ({"same_failure": [1, 3]}, Reason(Rule.SAME_ERROR, 3)),
        ({"failing_answers": [3]}, Reason(Rule.WRONG_ANSWERS, 3)),
        ({"hinted_lessons": 2}, Reason(Rule.LAST_HINTS, 2)),
        ({"median_completed": 5}, Reason(Rule.BEHIND, 2)),
        ({"seen_at": NOW - timedelta(days=7)}, Reason(Rule.IDLE, 7)),
    ],
)
def test_at_its_limit_each_rule_holds_alone_and_says_its_figure(change, reason):
    assert reasons(replace(FINE, **change), now=NOW) == (reason,)


def test_all_rules_together_are_told_most_urgent_first():
    signs = Signs(2, [4], [5], 3, 0, 6, NOW - timedelta(days=30))
    assert [reason.rule for reason in reasons(signs, now=NOW)] == list(Rule)


def test_a_class_says_itself_after_how_many_days_somebody_is_idle():
    assert reasons(replace(FINE, seen_at=NOW - timedelta(days=3)), now=NOW, idle_days=3) == (Reason(Rule.IDLE, 3),)


def test_who_is_ahead_of_the_class_is_not_behind():
    assert reasons(replace(FINE, completed=9), now=NOW) == ()
