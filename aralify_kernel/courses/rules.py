"""The rules of an exercise, as its author wrote them in the cell's metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aralify_kernel.courses.tables import Table
from aralify_kernel.domain.content import Rule
from aralify_kernel.domain.source_parts import is_known, words
from aralify_kernel.errors import N_

if TYPE_CHECKING:
    from aralify_kernel.courses.tables import Place

_KINDS: Final = ("must_use", "must_not_use")


def read_rules(meta: Table, language: str) -> tuple[Rule, ...]:
    """Return the rules under the key `rules` of an exercise cell's metadata, its mistakes noted there."""
    rules: dict[str, Rule] = {}
    for number, raw in enumerate(meta.tables("rules"), start=1):
        place = meta.place.at(f"rules[{number}]")
        rule = _read_rule(Table(raw, (*_KINDS, "message"), place), language)
        if rule is None:
            continue
        if rule.what in rules:
            place.report(N_("An earlier rule is about “{value}” already."), value=rule.what)
        rules.setdefault(rule.what, rule)
    return tuple(rules.values())


def _read_rule(table: Table, language: str) -> Rule | None:
    named = [kind for kind in _KINDS if kind in table]
    message = table.text("message", {})
    if len(named) != 1:
        table.place.report(N_("A rule says either must_use or must_not_use."))
        return None
    what, place = table.string(named[0]), table.place.at(named[0])
    if not isinstance(table.raw(named[0]), str):
        return None
    if not is_known(what, language):
        _report_unknown(what, language, place)
        return None
    return Rule(what, named[0] == "must_use", message)


def _report_unknown(what: str, language: str, place: Place) -> None:
    if language == "python":
        place.report(
            N_(
                "No rule can be about “{value}”. Give a name, an operator, “.method”, “import module” or one of: {known}."
            ),
            value=what,
            known=", ".join(words()),
        )
    else:
        place.report(
            N_("In {language}, a rule can only be about a word of the source, and “{value}” is none."),
            value=what,
            language=language,
        )
