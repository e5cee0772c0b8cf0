"""Everything a person reads exists in both languages: the gate against missing, stale and broken translations."""

from __future__ import annotations

import ast
import re
import runpy
from pathlib import Path
from string import Formatter
from types import SimpleNamespace

import pytest
from babel.messages.mofile import read_mo

from aralify_kernel.i18n import in_language, supported, translator

texts = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("translations.py"))))

SAME_IN_BOTH = frozenset(
    "aralify jupyterlab notebook python sql admin attempt check code course deadline e-mail email error folder guest id level min "  # noqa: SIM905
    "moderator offline password profile quiz recursion role row score streak text time url user username xp zone".split()
)
"""Words that programmers and learners in the Philippines use as they are (the glossary's, and proper names)."""


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def words(text: str) -> set[str]:
    prose = re.sub(r"`[^`]*`|\{[^}]*\}|<[^>]*>", " ", text)
    return set(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", prose.lower()))


@pytest.fixture(scope="module")
def catalogue():
    return texts.catalogue()


@pytest.fixture(scope="module")
def entries(catalogue):
    return [message for message in catalogue if message.id]


def test_every_text_of_the_code_is_in_the_catalogue_in_the_form_it_is_used(entries):
    missing = set(texts.extracted()) - {message.id for message in entries}
    assert not missing, "run `make translations`, then write the Filipino"


def test_no_text_is_left_over_that_the_code_does_not_use(catalogue, entries):
    assert not {message.id for message in entries} - set(texts.extracted())
    assert not catalogue.obsolete


def test_every_text_has_its_filipino(entries):
    assert not [message.id for message in entries if not all(forms(message.string))]


def test_no_translation_is_a_guess(catalogue, entries):
    assert not [message.id for message in entries if message.fuzzy]
    assert not catalogue.fuzzy


def test_both_languages_have_the_same_placeholders(entries):
    wrong = [
        (message.id, string)
        for message in entries
        for string in forms(message.string)
        if string and placeholders(string) != placeholders(forms(message.id)[-1])
    ]
    assert not wrong


def test_nothing_is_copied_from_the_english_but_words_that_are_the_same(entries):
    copied = [
        message.id
        for message in entries
        for english, filipino in zip(forms(message.id), forms(message.string), strict=True)
        if english == filipino and words(english) - SAME_IN_BOTH
    ]
    assert not copied


def test_line_ends_and_code_are_kept(entries):
    def kept(text):
        return sorted(re.findall(r"`[^`]*`|\n", text))

    assert not [
        message.id
        for message in entries
        for string in forms(message.string)
        if string and kept(string) != kept(forms(message.id)[-1])
    ]


def test_the_compiled_catalogue_is_the_written_one(entries):
    with texts.CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = {forms(message.id): forms(message.string) for message in read_mo(file) if message.id}
    written = {forms(message.id): forms(message.string) for message in entries if all(forms(message.string))}
    assert compiled == written


def test_only_literal_texts_are_marked_for_translation():
    """An f-string or a sum in `_("…")` is never found by the extraction, hence never translated."""
    hidden = []
    for path in sorted(texts.PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _is_marker(node.func):
                hidden += [
                    f"{path.name}:{node.lineno}" for arg in node.args[:1] if isinstance(arg, ast.JoinedStr | ast.BinOp)
                ]
    assert not hidden


def _is_marker(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr == "plural"
    return isinstance(function, ast.Name) and function.id in {"_", "N_"}


def test_a_text_is_told_in_the_readers_language_with_its_values():
    message = "Too many tries in a row. Wait {seconds} seconds, then try again."
    assert translator("en")(message, seconds=4) == "Too many tries in a row. Wait 4 seconds, then try again."
    assert "4 segundo" in translator("fil")(message, seconds=4)


def test_a_text_without_filipino_reads_english():
    assert translator("fil")("Never translated {n}", n=1) == "Never translated 1"
    assert translator("fil").plural("{n} unheard of", "{n} unheards of", 2) == "2 unheards of"


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("fil", "fil"),
        ("fil-PH", "fil"),
        ("tl_PH.UTF-8", "fil"),
        ("en_US", "en"),
        ("de", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_a_locale_is_read_in_one_of_the_two_languages(locale, language):
    assert supported(locale) == language
    assert translator(locale or "").language == language


def test_content_falls_back_to_the_language_it_has():
    assert in_language({"en": "Loops", "fil": "Mga loop"}, "fil") == "Mga loop"
    assert in_language({"en": "Loops"}, "fil") == in_language({"en": "Loops", "fil": ""}, "fil") == "Loops"
    assert in_language({}, "fil") == ""
