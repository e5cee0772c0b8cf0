"""A quiz cell: TOML with one question."""

from __future__ import annotations

from typing import Any, Final

from aralify_kernel.courses.tables import Place, Table, read_text
from aralify_kernel.courses.toml import read_toml
from aralify_kernel.domain.content import Option, Quiz, QuizKind
from aralify_kernel.domain.references import is_activity_id
from aralify_kernel.errors import N_
from aralify_kernel.i18n import LANGUAGES, translator

_KEYS: Final = ("id", "kind", "points", "question", "code", "options", "answer", "case", "explanation")
_OPTION_KEYS: Final = ("id", *LANGUAGES, "correct", "why")
_CHOICES: Final = (QuizKind.MULTIPLE_CHOICE, QuizKind.TRUE_FALSE)
MALFORMED_ID: Final = N_("“{value}” is no id. Use 1 to 64 letters, digits, hyphens and underscores.")


def read_quiz(source: str, place: Place) -> Quiz | None:
    """Return the question written in `source`, its mistakes noted at `place`; None when it is not TOML at all."""
    data = read_toml(source, place)
    if data is None:
        return None
    table = Table(data, _KEYS, place)
    mistakes = len(place.found)
    kind = QuizKind(table.choice("kind", [kind.value for kind in QuizKind]))
    options: tuple[Option, ...] = ()
    answers: tuple[str, ...] = ()
    if len(place.found) > mistakes:
        pass  # Without a kind, what the other keys should be is anybody's guess.
    elif kind in _CHOICES:
        options = _read_choices(table, kind)
    else:
        answers = _read_typed(table)
    quiz = Quiz(
        id=table.string("id"),
        kind=kind,
        question=table.text("question"),
        points=table.integer("points", 1, minimum=0),
        code=table.string("code", "").strip("\n"),
        options=options,
        answers=answers,
        case=table.boolean("case", False),
        explanation=table.text("explanation", {}),
    )
    if quiz.id and not is_activity_id(quiz.id):
        place.at("id").report(MALFORMED_ID, value=quiz.id)
    if kind is QuizKind.PREDICT_OUTPUT and not quiz.code.strip():
        place.at("code").report(N_("A question about what code prints needs the code."))
    return quiz


def _read_choices(table: Table, kind: QuizKind) -> tuple[Option, ...]:
    if kind is QuizKind.TRUE_FALSE and "answer" in table and "options" not in table:
        return _true_and_false(table)
    if "answer" in table:
        table.place.at("answer").report(
            N_("This kind of question is answered by choosing: mark an option as correct instead.")
        )
    place = table.place.at("options")
    options = tuple(
        _read_option(raw, number, table.place.at(f"options[{number}]"))
        for number, raw in enumerate(table.tables("options"), start=1)
    )
    ids = [option.id for option in options]
    for repeated in sorted({name for name in ids if ids.count(name) > 1}):
        place.report(N_("Two options have the id “{value}”."), value=repeated)
    correct = sum(option.correct for option in options)
    if kind is QuizKind.TRUE_FALSE and (len(options) != 2 or correct != 1):
        place.report(N_("A true-or-false question has exactly 2 options, one of them correct."))
    elif len(options) < 2:
        place.report(N_("A question to choose from needs at least 2 options."))
    elif not correct:
        place.report(N_("No option is marked as correct."))
    return options


def _true_and_false(table: Table) -> tuple[Option, ...]:
    answer = str(table.raw("answer")).lower()
    if answer not in {"true", "false"}:
        table.place.at("answer").report(N_("This must be true or false."))
    names = {"true": N_("True"), "false": N_("False")}
    return tuple(
        Option(name, {language: translator(language)(label) for language in LANGUAGES}, correct=answer == name)
        for name, label in names.items()
    )


def _read_option(raw: Any, number: int, place: Place) -> Option:
    table = Table(raw, _OPTION_KEYS, place)
    given = raw if isinstance(raw, dict) else {}
    name = str(given["id"]) if type(given.get("id")) in {int, str} else table.string("id", str(number))
    if not is_activity_id(name):
        place.at("id").report(MALFORMED_ID, value=name)
    return Option(
        id=name,
        text=read_text({language: given[language] for language in LANGUAGES if language in given}, place),
        correct=table.boolean("correct", False),
        why=table.text("why", {}),
    )


def _read_typed(table: Table) -> tuple[str, ...]:
    if "options" in table:
        table.place.at("options").report(N_("This kind of question is answered by typing: it has no options."))
    answer = table.raw("answer")
    accepted = answer if isinstance(answer, list) else [answer]
    if "answer" in table and not (accepted and all(isinstance(text, str) and text.strip() for text in accepted)):
        table.place.at("answer").report(N_("This must be one text or a list of texts, none of them empty."))
    return tuple(text for text in accepted if isinstance(text, str))
