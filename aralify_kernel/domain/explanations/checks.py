"""What is told about a check that did not get as far as its own message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from aralify_kernel.domain.explanations import javascript
from aralify_kernel.domain.explanations.cases import Word, closest, code
from aralify_kernel.domain.explanations.programs import program
from aralify_kernel.i18n import LANGUAGES, N_, Translator, translator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aralify_kernel.domain.content import Text


def text(template: str, **values: object) -> Text:
    """Return `template` filled in, in every language; values that are a `Word` are translated too."""
    return {language: _filled(template, values, translator(language)) for language in LANGUAGES}


def _filled(template: str, values: Mapping[str, object], translate: Translator) -> str:
    told = {key: translate(str(value)) if isinstance(value, Word) else value for key, value in values.items()}
    return translate(template, **told)


def texts_of(message: Any) -> Text:
    """Return an author's message by language; a plain string stands for both."""
    if isinstance(message, dict):
        return {str(key): str(value) for key, value in message.items()}
    return dict.fromkeys(LANGUAGES, message) if isinstance(message, str) and message else {}


def explain_check(
    how: Literal["raised", "missing", "broke", "hidden"],
    *,
    call: str | None = None,
    type: str = "",  # noqa: A002 - the field of LearnerError
    error: str = "",
    name: str = "",
    source: str = "",
    language: str = "python",
) -> Text:
    """Return why a check could not come to its end, in every language.

    Args:
        how: `raised`: the learner's code raised `type`; `missing`: `source` does not make `name`; `broke`:
            the check itself met `error` with what the learner's code gave; `hidden`: any of these, not to be told.
        call: What the check had called.
        type: The name of the exception.
        error: The exception with its message.
        name: What the check looked for.
        source: The learner's source.
        language: What it is written in.
    """
    if how == "hidden":
        return text(N_("Your code stops with an error in this hidden check."))
    if how == "missing":
        return _missing(name, javascript.names_in(source) if language == "javascript" else program(source).words())
    if how == "broke":
        return text(N_("The check could not go on with what your code gave: `{error}`"), error=code(error))
    if call:
        template = N_("Your code stopped with `{type}` when the check asked for `{call}`.")
        return text(template, type=code(type), call=code(call))
    return text(N_("Your code stopped with `{type}` during this check."), type=code(type))


def _missing(name: str, made: Iterable[str]) -> Text:
    close = closest(name, made)
    if close:
        template = N_("The check looks for `{name}`, but your code does not make it. Is it your `{close}`?")
        return text(template, name=name, close=close)
    return text(N_("The check looks for `{name}`, but your code does not make it."), name=name)


def name_missing(error_type: str, message: str) -> str | None:
    """Return the name that a check did not find, if that is what stopped it."""
    found = re.fullmatch(r"name '(\w+)' is not defined.*", message) if error_type == "NameError" else None
    return found[1] if found else None
