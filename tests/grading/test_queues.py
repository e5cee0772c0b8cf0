"""Whose turn it is, told by names: `ana1` is Ana's first answer."""

from __future__ import annotations

import pytest

from aralify_kernel.errors import JudgeBusy
from aralify_kernel.grading.queues import FairQueue


def learner(answer):
    return answer.rstrip("0123456789")


def filled(answers, room=100):
    queue = FairQueue(room)
    for answer in answers.split():
        queue.add(learner(answer), answer)
    return queue


def taken(queue):
    return " ".join(iter(queue.take, None))


@pytest.mark.parametrize(
    ("came", "order"),
    [
        ("ana1 ana2 ana3", "ana1 ana2 ana3"),
        ("ana1 ana2 ana3 ben1", "ana1 ben1 ana2 ana3"),
        ("ana1 ana2 ben1 ben2 cora1", "ana1 ben1 cora1 ana2 ben2"),
    ],
)
def test_learners_take_turns_and_each_is_served_in_the_order_of_coming(came, order):
    assert taken(filled(came)) == order


def test_fifty_answers_of_one_learner_delay_the_single_one_of_another_by_one_turn():
    queue = filled(" ".join(f"ana{number}" for number in range(50)))
    queue.take()
    queue.add("ben", "ben1")
    assert [queue.take(), queue.take()] == ["ana1", "ben1"]


def test_a_full_queue_is_busy_for_who_fills_it():
    queue = filled("ana1 ana2 ana3", room=3)
    with pytest.raises(JudgeBusy):
        queue.add("ana", "ana4")
    assert taken(queue) == "ana1 ana2 ana3"


def test_who_fills_the_queue_alone_makes_room_for_another():
    queue = filled("ana1 ana2 ana3", room=3)
    assert queue.add("ben", "ben1") == "ana3"
    assert taken(queue) == "ana1 ben1 ana2"


def test_nobody_with_a_single_answer_has_to_leave():
    queue = filled("ana1 ben1 cora1", room=3)
    with pytest.raises(JudgeBusy):
        queue.add("dan", "dan1")
    with pytest.raises(JudgeBusy):
        queue.add("ana", "ana2")
    assert taken(queue) == "ana1 ben1 cora1"


def test_an_answer_that_is_withdrawn_leaves_its_place():
    queue = filled("ana1 ana2 ben1", room=3)
    queue.withdraw("ana", "ana1")
    queue.withdraw("ben", "ben1")
    queue.withdraw("ben", "ben1")
    assert len(queue) == 1
    queue.add("cora", "cora1")
    assert taken(queue) == "ana2 cora1"
