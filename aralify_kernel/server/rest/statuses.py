"""Which status an error has: the one place that knows."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from aralify_kernel import errors
from aralify_kernel.errors import AralifyError, StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

OF_ERRORS: Final[Mapping[type[AralifyError], HTTPStatus]] = {
    errors.InvalidRequest: HTTPStatus.BAD_REQUEST,
    errors.NotSignedIn: HTTPStatus.UNAUTHORIZED,
    errors.WrongPassword: HTTPStatus.UNAUTHORIZED,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    errors.ScopeMissing: HTTPStatus.FORBIDDEN,
    errors.CrossSiteRequest: HTTPStatus.FORBIDDEN,
    errors.LevelLocked: HTTPStatus.FORBIDDEN,
    errors.SignUpClosed: HTTPStatus.FORBIDDEN,
    errors.HubSignsIn: HTTPStatus.FORBIDDEN,
    errors.InvitationInvalid: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.WrongMethod: HTTPStatus.METHOD_NOT_ALLOWED,
    errors.NameTaken: HTTPStatus.CONFLICT,
    errors.EmailTaken: HTTPStatus.CONFLICT,
    errors.ClassExists: HTTPStatus.CONFLICT,
    errors.ClassArchived: HTTPStatus.CONFLICT,
    errors.TeachesThere: HTTPStatus.CONFLICT,
    errors.NobodyToAsk: HTTPStatus.CONFLICT,
    errors.NothingToAskAbout: HTTPStatus.CONFLICT,
    errors.NoPasswordCode: HTTPStatus.FORBIDDEN,
    errors.RosterInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.KeyConflict: HTTPStatus.CONFLICT,
    errors.AnswerShown: HTTPStatus.CONFLICT,
    errors.NoTimeLimit: HTTPStatus.CONFLICT,
    errors.RequestTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.WrongContentType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.UsageError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NoticeUnread: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.SourceRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnchangedStarter: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.EmptyAnswer: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ClientOutdated: HTTPStatus.UPGRADE_REQUIRED,
    errors.TooManyTries: HTTPStatus.TOO_MANY_REQUESTS,
    errors.TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    errors.ServerBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.HubUnreachable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.JudgeUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.ServerUnreachable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.WorkspaceUnusable: HTTPStatus.CONFLICT,
    errors.StoreError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.AralifyError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""By class; what is not here has the status of the next class above it."""

PAUSE_SEC: Final = 2
"""When to come back to a server that is busy."""


def status_of(error: type[AralifyError]) -> HTTPStatus:
    """Return the status of an error.

    >>> status_of(errors.KeyConflict).value, status_of(errors.JudgeBusy).value
    (409, 503)
    """
    return next(OF_ERRORS[cls] for cls in error.__mro__ if cls in OF_ERRORS)


def told(error: AralifyError) -> AralifyError:
    """Return what outsiders are told of an error: of the database nothing that says where it is."""
    return StoreError() if isinstance(error, StoreError) and "location" in error.details else error


def headers_of(error: AralifyError) -> dict[str, str]:
    """Return the headers that go with an error."""
    match status_of(type(error)):
        case HTTPStatus.UNAUTHORIZED:
            return {"WWW-Authenticate": 'Bearer realm="aralify"'}
        case HTTPStatus.TOO_MANY_REQUESTS:
            return {"Retry-After": str(error.details["seconds"])}
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return {"Retry-After": str(PAUSE_SEC)}
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return {"Allow": error.details["allowed"]}
        case HTTPStatus.UPGRADE_REQUIRED:
            return {"Upgrade": f"aralify-api/{error.details['newest']}"}
        case _:
            return {}
