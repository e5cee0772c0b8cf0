"""What an operation of the interface is: its address, what it takes, what it gives, and what it calls.

Nothing here knows a web server: whoever has a `LearnerSession` can answer the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.domain.references import LessonRef
from aralify_kernel.errors import N_, InvalidValue, NotFound, ScopeMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aralify_kernel.app import Application
    from aralify_kernel.domain.session import LearnerSession
    from aralify_kernel.errors import AralifyError
    from aralify_kernel.services.throttle import Place


LANGUAGE: Final = "language"
"""What the kernel of a page is allowed besides reading, and no token: to change the language of its viewer."""

CLASSES: Final = "classes"
"""What the kernel of a teacher's page is allowed, and no token: its viewer's own classes, as far as they are theirs."""


MOST_BYTES: Final = 1_000_000
"""What a body may have: a source of the greatest length that is judged, written as JSON."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: what they can do, under which name they are counted, and as of `Asked` their token and its scopes."""

    session: LearnerSession
    username: str | None = None
    token: str | None = None
    scopes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to an operation, as far as it has been understood.

    Attributes:
        session: What the person can do who asks; of nobody, where nobody is signed in.
        application: What the rest is asked of.
        token: The token of their sign-in.
        place: From where they ask.
        path: What stands in the address for each name in braces.
        query: What stands behind the question mark, checked, with defaults.
        body: The value that came as JSON; None where the operation takes none.
        scopes: What their sign-in is good for; None in a browser, where it is everything.
    """

    session: LearnerSession
    application: Application
    token: str | None
    place: Place
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any
    scopes: frozenset[str] | None = None

    def require_scope(self, scope: str) -> None:
        """Return when the sign-in is good for what `scope` covers.

        Raises:
            ScopeMissing: It is not.
        """
        if self.scopes is not None and scope not in self.scopes:
            raise ScopeMissing(scope=scope)

    @property
    def lesson(self) -> LessonRef:
        """The lesson in the address.

        Raises:
            NotFound: It cannot be the name of one.
        """
        name = "/".join(self.path[part] for part in ("course", "level", "tier"))
        try:
            return LessonRef.parse(name)
        except InvalidValue:
            raise NotFound(kind=N_("lesson"), name=name[:100]) from None


@dataclass(frozen=True, slots=True)
class Answered:
    """What an operation with several kinds of success returns."""

    status: HTTPStatus
    value: Any


@dataclass(frozen=True, slots=True)
class Download:
    """A file, as an operation that `downloads` returns it; a browser keeps it under its name, if it has one."""

    data: bytes
    name: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What may stand behind the question mark. A number has a least and a most; anything else is text."""

    name: str
    description: str
    default: int | None = None
    least: int = 0
    most: int = 0

    def read(self, given: str | None) -> int | str | None:
        """Return its value.

        Raises:
            InvalidValue: It is no number, or one out of bounds.
        """
        if given is None or not self.most:
            return self.default if given is None else given
        is_number = given.isascii() and given.isdigit() and len(given) <= 9
        if not is_number or not self.least <= int(given) <= self.most:
            reason = N_("Give a whole number from {least} to {most}.")
            raise InvalidValue(field=self.name, value=given[:60], least=self.least, most=self.most, reason=reason)
        return int(given)


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked for.

    Attributes:
        method: Of HTTP.
        path: Below `interface.PREFIX`, with names in braces.
        summary: One line for the document.
        call: Answers it.
        scope: What a sign-in must be good for; None lets everybody ask.
        or_scope: What is enough, too: the operation itself sees to it how far that reaches.
        body: The dataclass that comes as JSON, if one does.
        most_bytes: How long that JSON may be.
        returns: The dataclass that goes as JSON, if one does.
        downloads: The media type of the file that goes, if one does.
        statuses: Its kinds of success.
        query: What may stand behind the question mark.
        refusals: The errors that it may end in, beside those that every operation may.
        judges: Whether it may have to wait for the judging of somebody's code.
        looks_at_passwords: Whether it makes or compares the hash of one, which takes a processor a while.
        is_the_hubs: Whether a JupyterHub does it instead, where the server is a service of one.
    """

    method: str
    path: str
    summary: str
    call: Callable[[Asked], Any]
    scope: str | None = None
    or_scope: str | None = None
    body: type[Any] | None = None
    most_bytes: int = MOST_BYTES
    returns: type[Any] | None = None
    downloads: str | None = None
    statuses: tuple[HTTPStatus, ...] = (HTTPStatus.OK,)
    query: tuple[Parameter, ...] = ()
    refusals: tuple[type[AralifyError], ...] = ()
    judges: bool = False
    looks_at_passwords: bool = False
    is_the_hubs: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names in braces of its path, in their order."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))

    def match(self, segments: tuple[str, ...]) -> dict[str, str] | None:
        """Return what stands for its names in an address with these segments; None when it is another's address."""
        own = self.path.strip("/").split("/")
        if len(own) != len(segments):
            return None
        pairs = list(zip(own, segments, strict=True))
        if not all(segment if part.startswith("{") else segment == part for part, segment in pairs):
            return None
        return {part[1:-1]: segment for part, segment in pairs if part.startswith("{")}


CREATED: Final = (HTTPStatus.CREATED,)
NOTHING: Final = (HTTPStatus.NO_CONTENT,)
