"""What a source must be to be judged at all."""

from __future__ import annotations

from typing import Final

from aralify_kernel.errors import N_, SourceRefused

MAX_BYTES: Final = 256 * 1024


def admitted(source: str) -> str:
    """Return `source` without byte-order mark and with line feeds only.

    Raises:
        SourceRefused: It is larger than 256 KB, or holds characters that no text has.
    """
    if len(source) > MAX_BYTES:
        raise _too_large(len(source))
    try:
        size = len(source.encode())
    except UnicodeEncodeError as error:
        line = source.count("\n", 0, error.start) + 1
        raise SourceRefused(
            line=line, reason=N_("line {line} holds half a character. Type that place again.")
        ) from None
    if size > MAX_BYTES:
        raise _too_large(size)
    if "\0" in source:
        line = source.count("\n", 0, source.index("\0")) + 1
        reason = N_("line {line} holds an invisible NUL character. Type that line again.")
        raise SourceRefused(line=line, reason=reason)
    return source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _too_large(size: int) -> SourceRefused:
    reason = N_("it is too long ({size_kb} KB, and {max_kb} KB is the most). Keep only what the exercise asks for.")
    return SourceRefused(size_kb=-(-size // 1024), max_kb=MAX_BYTES // 1024, reason=reason)
