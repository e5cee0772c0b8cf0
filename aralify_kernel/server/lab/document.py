"""What a learner's own Jupyter server tells of its operations, in OpenAPI, as the class server does of its own."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import msgspec

from aralify_kernel.errors import ServerUnreachable
from aralify_kernel.server.lab.handler import JupyterRefuses
from aralify_kernel.server.rest.openapi import Entrance, document
from aralify_kernel.server.rest.operations import Download, Operation

if TYPE_CHECKING:
    from collections.abc import Iterable

LAB: Final = Entrance(
    ".",  # beside the document: below whatever base URL this Jupyter has
    "What a learner's own Jupyter answers for whoever is signed in on this computer, with everything they may do. "
    "It asks for Jupyter's own sign-in: its token in a header, or the cookie of its page, with `X-XSRFToken` for each "
    "request that changes something. With a class server behind it, it passes on what that answers.",
    {
        "token": {
            "type": "apiKey", "in": "header", "name": "Authorization", "description": "`token` and Jupyter's token",
        },
        "browser": {
            "type": "apiKey", "in": "cookie", "name": "username-…", "description": "Jupyter's, by host and port",
        },
    },
    has_scopes=False,
    refusals=(JupyterRefuses, ServerUnreachable),
)  # fmt: skip
"""How one comes to those operations."""


def described(operations: Iterable[Operation]) -> tuple[Operation, ...]:
    """Return operations with the one that describes them all."""

    @cache
    def written() -> bytes:
        return msgspec.json.encode(document(table, LAB))

    this = Operation(
        "GET", "/openapi.json", "This document", lambda _: Download(written()), downloads="application/json"
    )
    table = (*operations, this)
    return table
