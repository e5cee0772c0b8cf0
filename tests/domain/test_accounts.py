"""What an account's fields can be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aralify_kernel.domain import accounts
from aralify_kernel.errors import InvalidValue
from aralify_kernel.i18n import sentence


def refused(check, value):
    """Return the error of a refused value, after seeing that it is one short sentence in each language."""
    with pytest.raises(InvalidValue) as caught:
        check(value)
    for language in ("en", "fil"):
        assert 10 < len(sentence(caught.value, language)) < 200
    return caught.value


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ana", "ana"),
        (" Ana.Cruz ", "ana.cruz"),
        ("ＡＮＡ", "ana"),
        ("a" * 32, "a" * 32),
        ("4-ever_", "4-ever_"),
        ("guesthouse", "guesthouse"),
    ],
)
def test_a_user_name_is_kept_case_folded(typed, kept):
    assert accounts.username(typed) == kept


@pytest.mark.parametrize(
    "name",
    [
        "",
        "an",
        "a" * 33,
        "ana cruz",
        "niña",
        "ana/../b",
        ".ana",
        "-ana",
        "_ana",
        "ana.",
        "ana\0",
        "ana\n.b",
        "\ud800na",
        "ana\u202eb",
    ],
)
def test_what_cannot_name_a_person_and_a_folder_is_no_user_name(name):
    assert refused(accounts.username, name).details["field"] == "username"


@pytest.mark.parametrize("name", ["guest-ana", "GUEST-1234", "con", "aux.txt", "LPT1"])
def test_reserved_user_names_are_refused(name):
    assert "reserved" in str(refused(accounts.username, name))


@given(st.text())
def test_a_user_name_that_was_kept_is_kept_as_it_is(text):
    try:
        name = accounts.username(text)
    except InvalidValue:
        return
    assert accounts.username(name) == name


@given(st.from_regex(r"[a-z0-9][a-z0-9._-]{1,30}[a-z0-9]", fullmatch=True), st.integers(0, 30))
def test_a_suggested_name_is_free_and_can_be_chosen(name, how_many):
    taken = {name}
    for _ in range(how_many):
        suggestion = accounts.suggest_username(name, taken)
        assert suggestion not in taken
        assert len(suggestion) <= 32
        taken.add(suggestion)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ana@Example.PH", "ana@example.ph"),
        (" a+b@c.d.e ", "a+b@c.d.e"),
        ("niña@paaralan.ph", "niña@paaralan.ph"),
        ("", None),
        ("  ", None),
    ],
)
def test_an_email_is_kept_case_folded_and_an_empty_one_is_none(typed, kept):
    assert accounts.email(typed) == kept


@pytest.mark.parametrize(
    "address",
    [
        "ana",
        "ana@",
        "@b.c",
        "ana@b",
        "a@b@c.d",
        "a b@c.d",
        "a@b..c",
        "a@.b.c",
        "a@b.c\0",
        "a@b.\ud800",
        "a" * 65 + "@b.c",
        "a@" + "b" * 260 + ".c",
    ],
)
def test_what_has_not_the_shape_of_an_email_is_refused(address):
    refused(accounts.email, address)


@pytest.mark.parametrize("length", [8, 128])
def test_a_password_has_8_to_128_characters(length):
    assert accounts.password("ñ" * length) == "ñ" * length


@pytest.mark.parametrize("text", ["", "1234567", "x" * 129, "12345678\ud800"])
def test_another_password_is_refused_without_repeating_it(text):
    error = refused(accounts.password, text)
    assert error.details["value"] == ""
    assert not text or text not in str(error)


@pytest.mark.parametrize(
    ("typed", "kept"), [(" Ana Cruz ", "Ana Cruz"), ("A", "A"), ("Ana 👩‍💻", "Ana 👩‍💻"), ("x" * 80, "x" * 80)]
)
def test_a_display_name_is_nearly_free(typed, kept):
    assert accounts.display_name(typed) == kept


@pytest.mark.parametrize(
    "text", ["", " ", "x" * 81, "Ana\nCruz", "Ana\0", "Ana\x1b[31m", "\ud800", "evil\u202eana", "a\u2028b"]
)
def test_a_display_name_stays_on_one_line_and_shows_what_it_is(text):
    refused(accounts.display_name, text)


def test_a_bio_has_up_to_500_characters_on_any_number_of_lines():
    assert accounts.bio(" I like\r\nrice.\t\n") == "I like\nrice."
    assert accounts.bio("x" * 500) == "x" * 500
    assert accounts.bio("") == ""


@pytest.mark.parametrize("text", ["x" * 501, "a\0b", "a\ud800b", "a\x07b"])
def test_another_bio_is_refused(text):
    refused(accounts.bio, text)


def test_a_bio_that_is_too_long_is_told_its_length():
    assert "this has 501" in str(refused(accounts.bio, "x" * 501))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("https://a.ph/b.png", "https://a.ph/b.png"), ("HTTP://a/b?c=d", "HTTP://a/b?c=d"), ("", None), (" ", None)],
)
def test_a_picture_is_found_on_the_web_or_there_is_none(typed, kept):
    assert accounts.avatar_url(typed) == kept


@pytest.mark.parametrize(
    "url",
    [
        "ana.png",
        "//a/b",
        "javascript:alert(1)",
        "data:image/png;base64,AA",
        "file:///etc/passwd",
        "https://",
        "http://[",
        "https://a/" + "b" * 500,
        "https://a b",
        "https://a/\nb",
        "https://a/\0",
    ],
)
def test_any_other_address_is_refused(url):
    refused(accounts.avatar_url, url)


def test_the_languages_are_english_and_filipino():
    assert [accounts.language(code) for code in ("en", "fil")] == ["en", "fil"]
    refused(accounts.language, "de")


@pytest.mark.parametrize(("given_value", "kept"), [(1, 1.0), (1.5, 1.5), (2.0, 2.0), (0, None), (None, None)])
def test_the_personal_time_factor_is_one_of_four(given_value, kept):
    assert accounts.time_factor(given_value) == kept


@pytest.mark.parametrize("value", [0.5, 3, -1, float("nan"), float("inf")])
def test_another_time_factor_is_refused(value):
    refused(accounts.time_factor, value)


def test_the_wait_after_failed_sign_ins_doubles_and_is_never_for_ever():
    waits = [accounts.sign_in_delay(failures) for failures in range(40)]
    assert waits[:8] == [0, 0, 0, 0, 1, 2, 4, 8]
    assert waits == sorted(waits)
    assert accounts.sign_in_delay(10**9) == max(waits) == 300
