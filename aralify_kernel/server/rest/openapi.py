"""The OpenAPI document, made of the table of operations and of the carriers of the values."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from aralify_kernel import errors
from aralify_kernel.client.interface import API, API_HEADER, PREFIX
from aralify_kernel.client.messages import Refused
from aralify_kernel.client.wire import carrier
from aralify_kernel.server.rest.statuses import status_of
from aralify_kernel.services.sign_ins import SCOPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aralify_kernel.errors import AralifyError
    from aralify_kernel.server.rest.operations import Operation, Parameter

_SLUG: Final = {"type": "string", "maxLength": 64, "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}
_NUMBER: Final = {"type": "integer", "minimum": 1}
_IN_PATHS: Final[dict[str, dict[str, Any]]] = {
    "class": {"schema": _SLUG, "example": "grade-9-rizal"},
    "course": {"schema": _SLUG, "example": "python-basics"},
    "level": {"schema": _SLUG, "example": "variables"},
    "tier": {"schema": {"enum": ["easy", "medium", "hard"]}, "example": "easy"},
    "activity": {"schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}, "example": "first-load"},
    "username": {"schema": {"type": "string", "minLength": 1, "maxLength": 64}, "example": "ana"},
    "attempt": {"schema": _NUMBER, "example": 1},
    "note": {"schema": _NUMBER, "example": 1},
    "question": {"schema": _NUMBER, "example": 1},
}
_ALWAYS: Final = (
    errors.InvalidRequest,
    errors.ClientOutdated,
    errors.RequestTooLarge,
    errors.TooManyRequests,
    errors.ServerBusy,
    errors.StoreError,
    errors.ServerFailed,
)
_ABOUT: Final = f"""\
Every answer that is no success has the body `Refused`: a code that never changes, one sentence in the reader's language
(the person's, else that of `Accept-Language`), and its values. Send `{API_HEADER}: {API}`; a server also understands the
revision before its own. Without the header you are taken for a client of the newest one.

A `bearer` token comes from `POST /session` and is good for its scopes: {", ".join(SCOPES)}. A browser's cookie is good
for everything its owner may do, but each request that changes something then needs the header `X-XSRFToken`.
"""


@dataclass(frozen=True, slots=True)
class Entrance:
    """How somebody comes to a server's operations.

    Attributes:
        url: Where their addresses begin.
        about: What one has to know before.
        schemes: The ways to say who one is, as OpenAPI has them.
        has_scopes: Whether a sign-in is good for some operations and not for others; else all need one.
        refusals: The errors in which a request may end that comes from nobody who may ask.
    """

    url: str
    about: str
    schemes: Mapping[str, Any]
    has_scopes: bool
    refusals: tuple[type[AralifyError], ...]

    def needed(self, operation: Operation) -> list[dict[str, list[str]]]:
        """Return which ways lead to an operation; none, where anybody may ask."""
        if not self.has_scopes:
            return [{name: []} for name in self.schemes]
        return [{"bearer": [operation.scope]}, {"browser": []}] if operation.scope else []


CLASS_SERVER: Final = Entrance(
    PREFIX,
    _ABOUT,
    {
        "bearer": {"type": "http", "scheme": "bearer"},
        "browser": {"type": "apiKey", "in": "cookie", "name": "aralify-session"},
    },
    has_scopes=True,
    refusals=(errors.ScopeMissing, errors.CrossSiteRequest),
)


def document(operations: Iterable[Operation], entrance: Entrance = CLASS_SERVER) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of these operations."""
    table = list(operations)
    kinds = [carrier(Refused)]
    kinds += [carrier(operation.returns) for operation in table if operation.returns]
    kinds += [carrier(operation.body, closed=True) for operation in table if operation.body]
    _, components = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for operation in table:
        paths[operation.path][operation.method.lower()] = _described(operation, entrance)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Aralify", "version": str(API), "description": entrance.about},
        "servers": [{"url": entrance.url}],
        "paths": dict(paths),
        "components": {
            "schemas": components,
            "securitySchemes": dict(entrance.schemes),
        },
    }


def _described(operation: Operation, entrance: Entrance) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": _id(operation),
        "summary": operation.summary,
        "parameters": [
            *({"name": name, "in": "path", "required": True, **_IN_PATHS[name]} for name in operation.names),
            *map(_parameter, operation.query),
        ],
        "responses": _successes(operation) | _refusals(operation, entrance),
    }
    if needed := entrance.needed(operation):
        described["security"] = needed
    if operation.body:
        schema = {"$ref": f"#/components/schemas/{operation.body.__name__}"}
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return described


def _id(operation: Operation) -> str:
    words = operation.path.replace("{", "").replace("}", "").replace(".", "_").strip("/").split("/")
    return "_".join((operation.method.lower(), *words))


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if parameter.most:
        bounds = {"minimum": parameter.least, "maximum": parameter.most}
        schema = {"type": "integer", "default": parameter.default, **bounds}
    return {"name": parameter.name, "in": "query", "description": parameter.description, "schema": schema}


def _successes(operation: Operation) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    if operation.returns:
        schema = {"$ref": f"#/components/schemas/{operation.returns.__name__}"}
        answer["content"] = {"application/json": {"schema": schema}}
    elif operation.downloads == "application/json":
        answer["content"] = {operation.downloads: {"schema": {"type": "object"}}}
    elif operation.downloads:
        answer["content"] = {operation.downloads: {}}
    return {str(status.value): {"description": status.phrase, **answer} for status in operation.statuses}


def _refusals(operation: Operation, entrance: Entrance) -> dict[str, Any]:
    """Return the answers that are no success, each with the codes that it may have."""
    codes: dict[str, set[str]] = defaultdict(set)
    for error in _errors(operation, entrance):
        codes[str(status_of(error).value)].add(error.code)
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Refused"}}}
    return {
        status: {"description": ", ".join(f"`{code}`" for code in sorted(codes[status])), "content": content}
        for status in sorted(codes)
    }


def _errors(operation: Operation, entrance: Entrance) -> set[type[AralifyError]]:
    possible: set[type[AralifyError]] = {*_ALWAYS, *operation.refusals}
    if entrance.needed(operation):
        possible |= {*entrance.refusals}
    if operation.scope:
        possible.add(errors.NotSignedIn)
    if operation.body:
        possible |= {errors.WrongContentType, errors.InvalidValue}
    if operation.query:
        possible.add(errors.InvalidValue)
    return possible
