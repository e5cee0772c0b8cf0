"""Errors on the wire: the body of every answer that is no success, and the same error again on the other side."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import msgspec

from aralify_kernel.client import wire
from aralify_kernel.client.messages import Failure, Refused
from aralify_kernel.errors import AralifyError
from aralify_kernel.i18n import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator


UNKNOWN: Final = "unknown"


class SaidByServer(AralifyError):
    """An error of a server that knows more of them than this Aralify: its own sentence is shown."""

    code = UNKNOWN
    message = "{sentence}"


def refusal(error: AralifyError, language: str) -> Refused:
    """Return what is sent about an error, its sentence in `language`."""
    return Refused(Failure(error.code, sentence(error, language), msgspec.to_builtins(error.details, enc_hook=str)))


def error_of(body: bytes) -> AralifyError:
    """Return the error that a server sent, so that it can be told in any language.

    Raises:
        NotOnTheWire: It is no such body: somebody else than an Aralify server answered.
    """
    failure = wire.decode(Refused, body).error
    known = _by_code().get(failure.code)
    if known is None:
        return SaidByServer(sentence=failure.message)
    try:
        return known(**failure.details)
    except (KeyError, IndexError, AttributeError, TypeError, ValueError):  # this Aralify's sentence says other values
        return SaidByServer(sentence=failure.message)


@cache
def _by_code() -> dict[str, type[AralifyError]]:
    return {cls.code: cls for cls in _tree(AralifyError)}


def _tree(cls: type[AralifyError]) -> Iterator[type[Any]]:
    yield cls
    for below in cls.__subclasses__():
        yield from _tree(below)
