"""Requests to a class server, and what they end in: the body of an answer, or an `AralifyError`."""

from __future__ import annotations

import random
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from ipaddress import ip_address
from threading import Event
from typing import TYPE_CHECKING, Any, Final, TypeVar

import certifi
import httpx

from aralify_kernel.client import refusals, wire
from aralify_kernel.client.interface import API, API_HEADER, PREFIX
from aralify_kernel.errors import JudgeBusy, NotSignedIn, ServerBusy, ServerFailed, ServerUnreachable, TooManyRequests

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from aralify_kernel.domain.sign_ins import SharedSignIn
    from aralify_kernel.errors import AralifyError

T = TypeVar("T")

CONNECT_SEC: Final = 3.0
READ_SEC: Final = 10.0
JUDGING_SEC: Final = 60.0
"""How long an answer may take: the server judges it before it says anything."""

AWAY_SEC: Final = (10.0, 60.0)
"""For how long a server that could not be reached is not tried again, at first and at most.

A cell asks several things of it, and a learner waits for each.
"""

_TRIES: Final = 3
_LONGEST_PAUSE_SEC: Final = 4.0
_AWAY: Final = (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT)
_WORTH_WAITING: Final = (JudgeBusy, ServerBusy, TooManyRequests)


@dataclass(frozen=True, slots=True)
class Request:
    """One request. A `repeatable` one does no harm when it arrives twice."""

    method: str
    path: str
    body: Any = None
    params: dict[str, Any] | None = None
    repeatable: bool = False
    read_sec: float = READ_SEC


class Connection:
    """A class server at an address. Safe to use from several threads."""

    def __init__(self, server: str) -> None:
        self.server = server.rstrip("/")
        self.when_ended: Callable[[SharedSignIn], None] = lambda _shared: None
        """Called with a sign-in that the server does not know any more."""
        self.when_heard: Callable[[datetime], None] = lambda _moment: None
        """Called with the server's time, to the second, as soon as an answer has come."""
        self._closing = Event()
        self._away_until, self._away_sec = 0.0, AWAY_SEC[0]
        self._random = random.Random()  # noqa: S311 - spreads the retries of a class, and is no secret
        self._client = httpx.Client(
            base_url=f"{self.server}{PREFIX}",
            headers={API_HEADER: str(API)},
            verify=_certificates() if self.server.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            # A proxy stands between this computer and others, never before itself.
            trust_env=not _is_this_computer(httpx.URL(self.server).host),
        )

    def get(self, kind: type[T], path: str, shared: SharedSignIn, **params: Any) -> T:
        """Read something."""
        return self.read(kind, Request("GET", path, params=params or None, repeatable=True), shared)

    def read(self, kind: type[T], request: Request, shared: SharedSignIn) -> T:
        """Send a request and return the value that comes back; other arguments and errors as of `send`."""
        response = self.send(request, shared)
        try:
            return wire.decode(kind, response.content)
        except wire.NotOnTheWire as error:
            raise self._unreachable() from error

    def send(self, request: Request, shared: SharedSignIn) -> httpx.Response:
        """Send a request, again if that is of use and does no harm, and return the answer of its success.

        Args:
            request: What to send.
            shared: Who is asking, and the language to be answered in.

        Raises:
            ServerUnreachable: Nobody answered in time, or somebody else than an Aralify server did.
            AralifyError: What the server says.
        """
        if self.is_away:
            raise self._unreachable()
        for left in reversed(range(_TRIES)):
            pause = None
            try:
                response = self._tried(request, shared)
                self._away_sec = AWAY_SEC[0]
                return response
            except _WORTH_WAITING as error:
                pause = float(error.details.get("seconds", 1)) if request.repeatable else None
                problem: AralifyError = error
            except _Unanswered as error:
                pause = error.pause if request.repeatable or error.never_sent else None
                problem = self._unreachable()
                if not left or pause is None:
                    self._away_until = time.monotonic() + self._away_sec
                    self._away_sec = min(2 * self._away_sec, AWAY_SEC[1])
            if not left or pause is None or pause > _LONGEST_PAUSE_SEC or self._closing.is_set():
                raise problem
            self._closing.wait(pause * self._random.uniform(0.5, 1.5))
        raise AssertionError  # the last try has returned or raised

    @property
    def is_away(self) -> bool:
        """Whether the server could not be reached a moment ago, so that it is not asked just now."""
        return time.monotonic() < self._away_until

    def try_again(self) -> None:
        """Forget that the server could not be reached."""
        self._away_until = 0.0

    def close(self) -> None:
        """Close it, and let nobody wait for another try."""
        self._closing.set()
        self._client.close()

    def _tried(self, request: Request, shared: SharedSignIn) -> httpx.Response:
        headers = {"Accept-Language": shared.language or "en"}
        if shared.token is not None:
            headers["Authorization"] = f"Bearer {shared.token}"
        content = None
        if request.body is not None:
            content = wire.encode(request.body)
            headers["Content-Type"] = "application/json"
        try:
            response = self._client.request(
                request.method,
                request.path,
                params=request.params,
                content=content,
                headers=headers,
                timeout=httpx.Timeout(request.read_sec, connect=CONNECT_SEC),
            )
        except httpx.TimeoutException as error:  # somebody has waited long enough for that
            raise _Unanswered(pause=None) from error
        except httpx.ConnectError as error:
            raise _Unanswered(never_sent=True, pause=0.2) from error
        except (httpx.HTTPError, RuntimeError) as error:  # RuntimeError: closed while a background thread sends
            raise _Unanswered(pause=0.2) from error
        self._hear(response)
        if response.is_success:
            return response
        refusal = self._refused(response)
        if isinstance(refusal, NotSignedIn) and shared.token is not None:
            self.when_ended(shared)
        raise refusal

    def _hear(self, response: httpx.Response) -> None:
        if API_HEADER in response.headers:  # else somebody answers in the server's place
            with suppress(ValueError):
                self.when_heard(parsedate_to_datetime(response.headers.get("Date", "")).replace(tzinfo=UTC))

    def _refused(self, response: httpx.Response) -> Exception:
        try:
            error = refusals.error_of(response.content)
        except wire.NotOnTheWire:
            # A proxy before a server that is away, a sign-in page of the network, something else on that port.
            return _Unanswered(pause=0.2 if response.status_code in _AWAY else None)
        if response.is_server_error and isinstance(error, refusals.SaidByServer):
            return ServerFailed()  # whatever else it says: that is not about what was sent
        return error

    def _unreachable(self) -> ServerUnreachable:
        return ServerUnreachable(server=self.server)


class _Unanswered(Exception):
    """No answer came that an Aralify server gives. `pause` is how long to wait before another try, if one is of use."""

    def __init__(self, *, pause: float | None, never_sent: bool = False) -> None:
        super().__init__()
        self.pause = pause
        self.never_sent = never_sent


def _certificates() -> ssl.SSLContext:
    """Return what certificates are believed: those of this computer, as a school may have its own, and the public ones."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _is_this_computer(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
