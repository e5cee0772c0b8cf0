"""The table of all operations, and how one is found by its address."""

from __future__ import annotations

from functools import cache
from typing import Final
from urllib.parse import unquote

import msgspec

from aralify_kernel.errors import N_, NotFound, WrongMethod
from aralify_kernel.server.rest import accounts, classes, learning
from aralify_kernel.server.rest.openapi import document
from aralify_kernel.server.rest.operations import Asked, Download, Operation


@cache
def _document() -> bytes:
    return msgspec.json.encode(document(OPERATIONS))


def _describe(_asked: Asked) -> Download:
    return Download(_document())


OPERATIONS: Final = (
    *accounts.OPERATIONS,
    *learning.OPERATIONS,
    *classes.OPERATIONS,
    Operation("GET", "/openapi.json", "This document", _describe, downloads="application/json"),
)


def find(method: str, path: str, operations: tuple[Operation, ...] = OPERATIONS) -> tuple[Operation, dict[str, str]]:
    """Return the operation at an address below the prefix, as it stands in the request, and what its names stand for.

    Raises:
        NotFound: Nothing is there.
        WrongMethod: Something is, but for other methods.
    """
    found = _at(path, operations)
    wanted = "GET" if method == "HEAD" else method
    for operation, names in found:
        if operation.method == wanted:
            return operation, names
    if not found:
        raise NotFound(kind=N_("address"), name=path[:100])
    allowed = {operation.method for operation, _ in found}
    raise WrongMethod(
        method=method[:10], allowed=", ".join(sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))
    )


def _at(path: str, operations: tuple[Operation, ...]) -> list[tuple[Operation, dict[str, str]]]:
    try:
        segments = tuple(unquote(segment, errors="strict") for segment in path.removeprefix("/").split("/"))
    except UnicodeDecodeError:
        return []
    if any("\0" in segment for segment in segments):  # no name of anything has it, and a database may choke on it
        return []
    matches = [(operation, operation.match(segments)) for operation in operations]
    return [(operation, names) for operation, names in matches if names is not None]
