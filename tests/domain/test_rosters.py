"""Reading the list of a class out of whatever a spreadsheet saved."""

from __future__ import annotations

import time

import pytest

from aralify_kernel.domain.rosters import Entry, read, username_for
from aralify_kernel.errors import InvalidValue

PENA = "Ana Peña"


def plain(data):
    return [(line.number, line.username, line.display_name, line.email) for line in read(data)]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("username,name\nana,Ana Peña\n", "utf-8"),
        ("username,name\r\nana,Ana Peña\r\n", "utf-8-sig"),
        ("Username;Full name\nana;Ana Peña\n", "cp1252"),
        ("User name\tName\nana\tAna Peña\n", "utf-16"),
        ("username,first name,last name\nana,Ana,Peña\n", "utf-8"),
        ("Apelyido;Unang pangalan;username\nPeña;Ana;ana\n", "cp1252"),
        ('Name,Username\n"Ana Peña",ANA\n', "utf-8"),
        ("Username,Section,Name\nana,9-Rizal,Ana Peña\n", "utf-8"),
    ],
)
def test_every_spreadsheet_says_the_same(text, encoding):
    assert plain(text.encode(encoding)) == [(2, "ana", PENA, None)]


def test_without_headings_the_columns_are_user_name_and_name():
    assert plain("ana,Ana Peña,ana@example.ph\n\nben,Ben\n".encode()) == [
        (1, "ana", PENA, "ana@example.ph"),
        (3, "ben", "Ben", None),
    ]


def test_two_learners_may_share_a_name_but_no_user_name():
    lines = read(b"username,name\nana,Maria Santos\nmaria,Maria Santos\nANA,Ana Cruz\n")
    assert [line.entry for line in lines] == [Entry.NEW, Entry.NEW, Entry.PROBLEM]
    assert (lines[2].number, lines[2].problem.details["line"]) == (4, 2)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("a!,Ana", "username"),
        ("guest-1,Ana", "username"),
        ("ana,", None),
        ("ana,x\ty", "display_name"),
        ("ana,Ana,nomail", "email"),
    ],
)
def test_what_is_wrong_with_a_line_is_told_at_the_line(row, field):
    lines = read(f"username,name,email\n{row}\nben,Ben,\n".encode())
    assert lines[1].entry is Entry.NEW
    problem = lines[0].problem
    assert (problem.details["field"] if problem else None) == field


@pytest.mark.parametrize("data", [b"", b"\n\n", b"username,name\n", b"PK\x03\x04\x00\x00", b"x" * 5_000_001])
def test_what_is_no_roster_is_refused_as_a_whole(data):
    with pytest.raises(InvalidValue):
        read(data)


def test_formulas_and_html_are_names_like_others():
    (line,) = read(b"username,name\nana,=1+1<script>\n")
    assert line.display_name == "=1+1<script>"


def test_ten_thousand_lines_are_read_at_once_and_more_than_twenty_thousand_not_at_all():
    before = time.process_time()
    assert len(read(b"".join(b"u%05d,Name %d\n" % (n, n) for n in range(10_000)))) == 10_000
    assert time.process_time() - before < 20
    with pytest.raises(InvalidValue, match="20000"):
        read(b"".join(b"u%05d,Name %d\n" % (n, n) for n in range(20_001)))


def test_a_user_name_is_made_of_the_name_and_is_free():
    taken = {"maria.santos", "maria.santos2"}
    assert username_for("María Santos", taken.__contains__) == "maria.santos3"
    assert username_for("Con", set().__contains__) == "learner"
    assert len(username_for("A very long name indeed that goes on", set().__contains__)) <= 32
