"""The one handler that answers the whole table. It never waits: what takes time runs in a lane."""

from __future__ import annotations

import dataclasses
import logging
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from tornado import web
from tornado.httputil import format_timestamp

from aralify_kernel.client import wire
from aralify_kernel.client.interface import API, API_HEADER, PREFIX
from aralify_kernel.client.refusals import refusal
from aralify_kernel.errors import (
    N_,
    AralifyError,
    CrossSiteRequest,
    HubSignsIn,
    InvalidRequest,
    InvalidValue,
    NotFound,
    NotSignedIn,
    RequestTooLarge,
    ScopeMissing,
    ServerFailed,
    WrongContentType,
    WrongMethod,
)
from aralify_kernel.server.access import Route, Who
from aralify_kernel.server.rest import languages, statuses, table
from aralify_kernel.server.rest.limits import Limits
from aralify_kernel.server.rest.operations import MOST_BYTES, Answered, Asked, Asker, Download
from aralify_kernel.server.rest.revisions import require_understood
from aralify_kernel.services.sign_in_file import HeldSignIn
from aralify_kernel.services.throttle import Place

if TYPE_CHECKING:
    from asyncio import Future

    from aralify_kernel.app import Application
    from aralify_kernel.server.identity import IdentityProvider, Person
    from aralify_kernel.server.lanes import Lanes
    from aralify_kernel.server.rest.operations import Operation

LOG: Final = logging.getLogger(__name__)

READ_AND_THROWN_AWAY_BYTES: Final = 16 * MOST_BYTES
"""Up to which size a body is read to its end all the same, as its sender hears our answer only then."""

_SAFE: Final = {"GET", "HEAD"}


@web.stream_request_body
class Rest(web.RequestHandler):
    """Answers whatever is asked for below the prefix."""

    def initialize(self, limits: Limits) -> None:
        """Take what all requests share."""
        self._limits = limits
        self._begin()

    def _begin(self) -> None:
        self.operation_path: str | None = None
        self._body = bytearray()
        self._received, self._most_bytes = 0, MOST_BYTES
        self._language = languages.accepted(self.request.headers.get("Accept-Language"))

    def set_default_headers(self) -> None:
        """Say which revision this is, and let nobody keep what is somebody's own."""
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header(API_HEADER, str(API))

    def check_xsrf_cookie(self) -> None:
        """Do nothing yet: a token in a header cannot be forged by another site, see `_admit`."""

    def prepare(self) -> None:
        """Refuse at once what is too large to be read to its end."""
        length = self.request.headers.get("Content-Length", "0")
        self._most_bytes = self._room()
        if length.isdigit() and int(length) > READ_AND_THROWN_AWAY_BYTES:
            self.set_header("Connection", "close")
            self._refuse(RequestTooLarge(limit=self._most_bytes))
        else:
            connection: Any = self.request.connection
            connection.set_max_body_size(READ_AND_THROWN_AWAY_BYTES)

    def data_received(self, chunk: bytes) -> None:
        """Keep a piece of the body, as long as it may have so many."""
        self._received += len(chunk)
        if self._received <= self._most_bytes:
            self._body += chunk

    def _room(self) -> int:
        """Return how long a body may be at this address, before it is known who asks and whether anything is there."""
        try:
            return self._operation()[0].most_bytes
        except AralifyError:
            return MOST_BYTES

    def _operation(self) -> tuple[Operation, dict[str, str]]:
        path = self.request.path.partition(PREFIX)[2]
        return table.find(str(self.request.method), path, self._operations)

    async def _answer(self) -> None:
        try:
            await self._try()
        except AralifyError as error:
            self._refuse(error)
        except Exception:
            LOG.exception("%s %s", self.request.method, self.operation_path)
            self._refuse(ServerFailed())

    get = head = post = put = patch = delete = options = _answer

    async def _try(self) -> None:
        require_understood(self.request.headers.get(API_HEADER))
        operation, names = self._operation()
        self.operation_path = PREFIX + operation.path
        asker = await self._find_asker(operation)
        asked = Asked(
            session=asker.session,
            application=self._application,
            token=asker.token,
            place=Place(str(self.request.remote_ip)),
            path=names,
            query=self._read_query(operation),
            body=self._read_body(operation),
            scopes=asker.scopes,
        )
        lanes = self._lanes
        lane = lanes.judging if operation.judges else lanes.passwords if operation.looks_at_passwords else lanes.quick
        self._send(operation, await lane.run(partial(operation.call, asked), asker.username))

    @property
    def _operations(self) -> tuple[Operation, ...]:
        return table.OPERATIONS

    @property
    def _application(self) -> Application:
        application: Application = self.settings["application"]
        return application

    @property
    def _lanes(self) -> Lanes:
        lanes: Lanes = self.settings["lanes"]
        return lanes

    async def _find_asker(self, operation: Operation) -> Asker:
        person = await self._admit(operation)
        if person is None:
            return Asker(self._application.session_of(HeldSignIn()))
        session = self._application.session_of(HeldSignIn(person.token))
        return Asker(session, person.username, person.token, person.scopes)

    async def _admit(self, operation: Operation) -> Person | None:
        """Return who asks; raises when it is too much, forged, or not theirs to ask."""
        provider: IdentityProvider = self.settings["identity_provider"]
        person = await provider.person(self)
        network = Place(str(self.request.remote_ip)).network
        name = person.username if person else None
        self._limits.count(name, network, self._application.now(), judges=operation.judges)
        if operation.is_the_hubs and provider.is_the_hubs:
            raise HubSignsIn
        if person is None:
            if operation.scope is not None:
                raise NotSignedIn
            return None
        self._language = person.language
        if person.scopes is None:
            self._refuse_forged()
        elif operation.scope is not None and person.scopes.isdisjoint({operation.scope, operation.or_scope}):
            raise ScopeMissing(scope=operation.scope)
        return person

    def _refuse_forged(self) -> None:
        """Raise when a browser's cookie came along with a request that may be another site's."""
        if self.request.method not in _SAFE:
            try:
                super().check_xsrf_cookie()
            except web.HTTPError:
                raise CrossSiteRequest from None

    def _read_query(self, operation: Operation) -> dict[str, Any]:
        known = {parameter.name for parameter in operation.query}
        unknown = sorted(self.request.query_arguments.keys() - known)
        if unknown:
            reason = N_("There is no such parameter here.")
            raise InvalidValue(field=unknown[0][:60], value="", reason=reason)
        return {parameter.name: parameter.read(self._one(parameter.name)) for parameter in operation.query}

    def _one(self, name: str) -> str | None:
        given = self.request.query_arguments.get(name, [])
        if len(given) > 1:
            raise InvalidValue(field=name, value="", reason=N_("Give it once."))
        return given[0].decode("utf-8", "replace") if given else None

    def _read_body(self, operation: Operation) -> Any:
        if self._received > self._most_bytes:
            raise RequestTooLarge(limit=self._most_bytes)
        if operation.body is None:
            return None
        if self.request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
            raise WrongContentType
        try:
            body = wire.decode(operation.body, bytes(self._body), closed=True)
        except wire.NotOnTheWire as error:
            raise InvalidRequest(problem=str(error)[:200]) from error
        for field in dataclasses.fields(body):
            value = getattr(body, field.name)
            # In a source it is told with its line; elsewhere no text has it, and a database may choke on it.
            texts = value if isinstance(value, tuple) else (value,)
            if field.name not in {"content", "source"} and any(
                isinstance(text, str) and "\0" in text for text in texts
            ):
                raise InvalidValue(field=field.name, value="", reason=N_("It holds an invisible NUL character."))
        return body

    def finish(self, chunk: str | bytes | dict[str, Any] | None = None) -> Future[None]:
        """Say in the answer what time it is when it goes, after all judging: clients go by this clock."""
        self.set_header("Date", format_timestamp(self._application.now()))
        return super().finish(chunk)

    def _send(self, operation: Operation, value: Any) -> None:
        status = operation.statuses[0]
        if isinstance(value, Answered):
            status, value = value.status, value.value
        self.set_status(status)
        if isinstance(value, Download):
            self.set_header("Content-Type", operation.downloads or "")
            if value.name:
                self.set_header("Content-Disposition", f'attachment; filename="{value.name}"')
            self.finish(value.data)
        elif status is HTTPStatus.NO_CONTENT:
            self.clear_header("Content-Type")
            self.finish()
        else:
            self.finish(wire.encode(value))

    def _refuse(self, error: AralifyError) -> None:
        error = statuses.told(error)
        self.set_status(statuses.status_of(type(error)))
        for name, value in statuses.headers_of(error).items():
            self.set_header(name, value)
        self.finish(wire.encode(refusal(error, self._language)))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer in JSON what Tornado itself refuses, as a method that HTTP does not have."""
        self.set_header("Connection", "close")  # Tornado does, as the body may not have been read; a client must know
        error = (kwargs.get("exc_info") or (None, None))[1]
        if isinstance(error, AralifyError):  # it was not known yet who asks
            self._refuse(error)
        elif status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            methods = ", ".join(sorted({operation.method for operation in table.OPERATIONS}))
            self._refuse(WrongMethod(method=str(self.request.method)[:10], allowed=methods))
        elif status_code == HTTPStatus.NOT_FOUND:
            self._refuse(NotFound(kind=N_("address"), name=self.request.path[:100]))
        elif status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            self._refuse(InvalidRequest(problem=HTTPStatus(status_code).phrase))
        else:
            self._refuse(ServerFailed())


def routes() -> tuple[Route, ...]:
    """Return the routes of the interface, for one server: its requests share their limits and their threads."""
    return (Route(PREFIX + r"/.*", Rest, Who.TOKEN, {"limits": Limits()}),)
