"""What a running server writes to standard error: a line of JSON for each thing, and no secret in any.

A request is told by its route, never by its address: what stands in a query may be anything. Of an exception its kind
and where it arose are told and not what it says, as a database's says which values it was given. What libraries write
is told as they wrote it in their source, without the values that they fill in, unless these are ids of kernels.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tornado.web import RequestHandler

LOG: Final = logging.getLogger(__name__)

_OURS: Final = ("aralify", "aralify_kernel")

_QUERY: Final = re.compile(r"\?[^\s'\"<>]*")
_KERNEL: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_RANDOM: Final = re.compile(r"(?<![\w-])(?![0-9a-f]{8}-[0-9a-f-]{27}(?![\w-]))[\w+=-]{24,}")
"""What may be a token: long, in one piece, and not the id of a kernel."""

_LONGEST: Final = 300
_FRAMES: Final = 30


class JsonLines(logging.Formatter):
    """One line for each record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as JSON."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = list(_told(record.exc_info[1]))
        return json.dumps(line)


def set_up() -> None:
    """Let everything that this process logs, by whatever library, leave it as lines of JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.captureWarnings(True)


def log_request(handler: RequestHandler) -> None:
    """Tell of a request that was answered: how, when, by which route, for whom, and how long it took."""
    status = handler.get_status()
    route = getattr(handler, "route", None)
    person = handler.current_user if "_current_user" in handler.__dict__ else None
    fields = {
        "method": _method(handler),
        "route": getattr(handler, "operation_path", None) or getattr(route, "pattern", None),
        "status": status,
        "duration_ms": round(1000 * handler.request.request_time(), 1),
        "user_id": getattr(person, "user_id", None),
    }
    LOG.log(_level(handler, status), "request", extra={"fields": fields})


def _level(handler: RequestHandler, status: int) -> int:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return logging.ERROR
    route = getattr(handler, "route", None)
    is_dull = route is not None and not route.is_personal and status < HTTPStatus.BAD_REQUEST
    return logging.DEBUG if is_dull else logging.INFO


def _method(handler: RequestHandler) -> str:
    method = str(handler.request.method)
    return method if method in handler.SUPPORTED_METHODS else "other"


def _message(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] in _OURS:
        return record.getMessage()
    said = record.getMessage() if _tells_only_kernels(record.args) else str(record.msg)
    first = said.strip().partition("\n")[0]
    return _RANDOM.sub("…", _QUERY.sub("?…", first))[:_LONGEST]


def _tells_only_kernels(values: object) -> bool:
    """Whether what a library fills in is nothing but ids of kernels, without which its line says nothing."""
    return isinstance(values, tuple) and values != () and all(_KERNEL.fullmatch(str(value)) for value in values)


def _told(error: BaseException) -> Iterator[str]:
    """Return an exception's kind and where it arose, then the same of what it arose from."""
    yield f"{type(error).__module__}.{type(error).__qualname__}"
    for frame in traceback.extract_tb(error.__traceback__)[-_FRAMES:]:
        yield f"  {frame.filename}:{frame.lineno} {frame.name}"
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _told(cause)
