"""`aralify class`, `aralify demo`, and what is held about somebody, as operators use them."""

from __future__ import annotations

import io
import json
import re
import zipfile

from aralify_kernel.services.demo import classes


def test_somebody_gets_everything_that_is_held_about_them_and_is_erased(aralify, tmp_path, nobody_answers):
    aralify("user", "add", "ana", "--display-name", "Ana Reyes")
    file = tmp_path / "ana.zip"
    assert aralify("user", "export", "ana", "--output", file, "--json").json["rows"]["users"] == 1
    (user,) = json.loads(zipfile.ZipFile(file).read("data.json"))["users"]
    assert user["display_name"] == "Ana Reyes"
    assert aralify("user", "export", "ana", "--output", file).status == 2  # it is there already
    assert aralify("user", "export", "nobody", "--output", tmp_path / "no.zip").status == 1
    assert not (tmp_path / "no.zip").exists()
    nobody_answers()
    assert aralify("user", "erase", "ana").status == 1
    assert (
        aralify("user", "erase", "ana", "--yes").out == "Everything that was held about ana in the database is gone.\n"
    )
    assert aralify("user", "list", "--json").json == []


def test_a_class_is_made_filled_and_listed(aralify):
    for name in ("maria", "ana"):
        aralify("user", "add", name)
    made = aralify("class", "new", "Rizal", "--course", "python-basics", "--teacher", "maria")
    assert made.status == 0, made.err
    assert aralify("class", "add", "rizal", "ana").status == 0
    roster = aralify("class", "roster", "rizal", "--json").json
    assert [(member["username"], member["role"]) for member in roster["members"]] == [
        ("maria", "TEACHER"),
        ("ana", "LEARNER"),
    ]


def test_marks_are_written_to_a_new_file_or_to_standard_output(aralify, tmp_path):
    aralify("user", "add", "ana", "--display-name", "Ana Peña")
    aralify("class", "new", "Luna", "--course", "python-basics")
    aralify("class", "add", "luna", "ana")
    file = tmp_path / "marks.csv"
    assert aralify("class", "export", "luna", "--format", "canvas", "--output", file).status == 0
    assert "Peña, Ana" in file.read_text("utf-8-sig").splitlines()[2]
    assert aralify("class", "export", "luna", "--format", "canvas", "--output", file).status == 2
    assert aralify("class", "export", "luna", "--format", "nbgrader").out.startswith("assignment,duedate,")
    assert aralify("class", "export", "nowhere").status == 1


def test_a_class_is_filled_by_its_list_after_a_look_at_it(aralify, tmp_path):
    aralify("class", "new", "Burgos", "--course", "python-basics")
    file = tmp_path / "list.csv"
    file.write_bytes("Pangalan;Username\nNiño Peña;\nAna;ana\n".encode("cp1252"))
    seen = aralify("class", "add", "burgos", "--list", file, "--preview", "--json").json
    assert [(row["username"], row["entry"], row["code"]) for row in seen] == [
        ("nino.pena", "new", None),
        ("ana", "new", None),
    ]
    assert aralify("class", "roster", "burgos", "--json").json["members"] == []
    done = aralify("class", "add", "burgos", "--list", file)
    assert "Niño Peña" in done.out
    assert len(aralify("class", "roster", "burgos", "--json").json["members"]) == 2
    file.write_text("username,name\n!,Ana\n")
    assert aralify("class", "add", "burgos", "--list", file).status == 1


def test_a_demo_class_is_made_and_sound(aralify):
    made = aralify("demo", "--learners", "3", "--days", "5", "--classroom", "Mabini", "--json").json
    assert (made["classroom"], made["learners"]) == ("mabini", 3)
    assert made["attempts"] > 20
    assert len(aralify("class", "roster", "mabini", "--json").json["members"]) == 3
    assert aralify("db", "check").status == 0
    assert aralify("demo", "--learners", "0").status == 2


def test_after_a_demo_class_it_is_said_how_to_see_it_as_its_teacher(aralify, monkeypatch):
    assert aralify("class", "new", "Luna").status == 0
    made = classes.MadeUp("luna", "Luna", "python-basics", learners=1, attempts=2, struggling="ana", misconception="")
    monkeypatch.setattr(classes, "make_up", lambda *_, **__: made)  # another test makes one
    said = aralify("demo").out
    assert "open http://127.0.0.1:8000, sign in as “teacher”" in said
    *commands, serve = [line.split()[1:] for line in said.splitlines() if line.startswith("  aralify ")]
    for command in commands:
        monkeypatch.setattr("sys.stdin", io.StringIO("mangga at bayabas\n"))
        asks = ["--password-stdin"] if "passwd" in command else []
        assert aralify(*command, *asks).status == 0
    members = aralify("class", "roster", "luna", "--json").json["members"]
    assert [one["username"] for one in members if one["role"] == "TEACHER"] == ["teacher"]
    assert serve == ["serve"]


def test_an_operator_invites_people_and_takes_an_invitation_back(aralify):
    made = aralify("user", "invite", "--uses", "40", "--days", "7", "--json").json
    assert re.fullmatch(r"[A-Z2-9]{4}(-[A-Z2-9]{4}){2}", made["code"])
    assert made["uses"] == 40
    plain = aralify("user", "invite")
    assert plain.out.strip() != made["code"]
    assert plain.err.startswith("For 1 person, until ")
    assert aralify("user", "uninvite", made["code"].lower()).status == 0
    again = aralify("user", "uninvite", made["code"])
    assert (again.status, again.err) == (1, f"aralify: There is no invitation named “{made['code']}”.\n")
    assert aralify("user", "invite", "--uses", "0").status == 2
    assert aralify("user", "invite", "--class", "nowhere").status == 1
