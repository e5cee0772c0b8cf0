"""`aralify doctor`: what an operator sees of it."""

from __future__ import annotations

from aralify_kernel.app import application


def test_the_doctor_says_how_it_stands_and_fails_when_something_does(aralify, monkeypatch):
    sound = aralify("doctor", "--json")
    assert (sound.status, sound.json["state"]) == (0, "warning")  # nobody made a backup
    assert [check["check"] for check in sound.json["checks"] if check["state"] != "ok"] == ["backup"]

    application.cache_clear()
    monkeypatch.setenv("ARALIFY_DISK_WARNING_MB", "1000000000000")
    failing = aralify("doctor")
    assert failing.status == 1
    assert "Make room now" in failing.out
