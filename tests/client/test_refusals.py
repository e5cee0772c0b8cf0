"""Errors on the wire: told in the reader's language by either side, and the same class again on the other."""

from __future__ import annotations

import json

import pytest

from aralify_kernel.client import wire
from aralify_kernel.client.refusals import SaidByServer, error_of, refusal
from aralify_kernel.errors import AralifyError, KeyConflict, LevelLocked, NotFound, TooManyTries
from aralify_kernel.i18n import sentence

LOCKED = LevelLocked(title={"en": "Loops", "fil": "Mga Loop"}, opens_after={"en": "Names", "fil": "Mga Pangalan"})


def test_an_error_is_sent_with_its_code_a_sentence_and_its_values():
    sent = json.loads(wire.encode(refusal(KeyConflict(attempt_key="k1"), "en")))["error"]
    assert sent == {
        "code": "key_conflict",
        "message": str(KeyConflict(attempt_key="k1")),
        "details": {"attempt_key": "k1"},
    }


@pytest.mark.parametrize(
    "error", [LOCKED, KeyConflict(attempt_key="k"), TooManyTries(seconds=4), NotFound(kind="user", name="x")]
)
@pytest.mark.parametrize("language", ["en", "fil"])
def test_the_other_side_has_the_same_error_and_can_tell_it_in_any_language(error, language):
    arrived = error_of(wire.encode(refusal(error, "en")))
    assert type(arrived) is type(error)
    assert sentence(arrived, language) == sentence(error, language)


@pytest.mark.parametrize("code", ["too_new_for_us", "key_conflict"])
def test_an_error_that_this_side_cannot_tell_is_told_in_the_words_of_the_server(code):
    arrived = error_of(json.dumps({"error": {"code": code, "message": "Beware {of} it.", "details": {}}}).encode())
    assert isinstance(arrived, SaidByServer)
    assert sentence(arrived, "fil") == "Beware {of} it."


@pytest.mark.parametrize("body", [b"", b"<html>502</html>", b"{}", b'{"error": "no"}'])
def test_what_no_aralify_server_sends_is_no_error_of_ours(body):
    with pytest.raises(wire.NotOnTheWire):
        error_of(body)


def test_values_that_json_does_not_know_are_sent_as_their_text(tmp_path):
    assert refusal(AralifyError(path=tmp_path), "en").error.details == {"path": str(tmp_path)}
