"""Marks as files of four kinds: what opens them gets numbers as numbers and no formula."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest

from aralify_kernel.domain.marks import Mark, Marked, MarksFormat, MarkSheet, csv_file, written
from aralify_kernel.domain.references import LessonRef

EASY, HARD = LessonRef("demo", "one", "easy"), LessonRef("demo", "one", "hard")
ANA, BEN = Marked("ana", "Ana Peña", "ana@example.ph"), Marked("ben", "=HYPERLINK(1)", None)
DUE, DONE = datetime(2024, 6, 1, tzinfo=UTC), datetime(2024, 6, 2, 3, 4, 5, tzinfo=UTC)
SHEET = MarkSheet(
    "Grade 9 – Rizal",
    ((EASY, "One: Easy"), (HARD, "One: Hard")),
    (ANA, BEN),
    {("ana", EASY): Mark(ANA, EASY, "One: Easy", "COMPLETED", 75, 100, DUE, DONE, DONE, True, 630)},
)


def rows(form):
    data = written(SHEET, form)
    assert data.startswith(b"\xef\xbb\xbf") is (form is not MarksFormat.NBGRADER)
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_plain_marks_have_every_figure_of_every_learner_in_every_lesson():
    head, first, *others = rows(MarksFormat.CSV)
    assert dict(zip(head, first, strict=True)) == {
        "class": "Grade 9 – Rizal",
        "username": "ana",
        "name": "Ana Peña",
        "email": "ana@example.ph",
        "course": "demo",
        "topic": "one",
        "difficulty": "EASY",
        "lesson": "One: Easy",
        "status": "COMPLETED",
        "mark": "75",
        "score": "100",
        "max": "100",
        "due_at": "2024-06-01 00:00:00",
        "completed_at": "2024-06-02 03:04:05",
        "last_at": "2024-06-02 03:04:05",
        "late": "1",
        "minutes": "10.5",
    }
    assert len(others) == 3
    assert others[1][2] == "'=HYPERLINK(1)"


def test_nbgrader_reads_its_own_columns():
    head, first, second, *_ = rows(MarksFormat.NBGRADER)
    assert ",".join(head) == (
        "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,late_submission_penalty,score,max_score"
    )
    assert first[:3] == ["demo-one-easy", "2024-06-01 00:00:00", "2024-06-02 03:04:05"]
    assert first[3:] == ["ana", "Peña", "Ana", "ana@example.ph", "100", "25", "75", "100"]
    assert second[3:] == ["ben", "", "'=HYPERLINK(1)", "", "0", "0", "0", "100"]


def test_canvas_finds_students_by_login_and_reads_no_zero_where_nothing_was_begun():
    head, most, first, second = rows(MarksFormat.CANVAS)
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "One: Easy (easy)", "One: Hard (hard)"]
    assert most == ["Points Possible", "", "", "", "", "100", "100"]
    assert first == ["Peña, Ana", "", "", "ana", "Grade 9 – Rizal", "75", ""]
    assert second == ["'=HYPERLINK(1)", "", "", "ben", "Grade 9 – Rizal", "", ""]


def test_moodle_finds_users_by_name_or_e_mail():
    head, first, _ = rows(MarksFormat.MOODLE)
    assert head == ["username", "firstname", "lastname", "email", "One: Easy (easy)", "One: Hard (hard)"]
    assert first == ["ana", "Ana", "Peña", "ana@example.ph", "75", ""]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1", "|x", "%x", "＝1", "\u00a0@x"])
def test_no_text_is_a_formula_and_a_negative_number_stays_one(text):
    ((cell, number),) = csv.reader(io.StringIO(csv_file([[text, -1]], for_excel=False).decode(), newline=""))
    assert (cell, number) == (f"'{text}", "-1")
