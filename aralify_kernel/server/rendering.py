"""How the server's own pages become HTML: without script, in the reader's language, everything escaped."""

from __future__ import annotations

import hashlib
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from aralify_kernel.errors import N_
from aralify_kernel.i18n import LANGUAGE_NAMES, LANGUAGES, supported, translator
from aralify_kernel.server import cookies
from aralify_kernel.widgets import markdown, styles

if TYPE_CHECKING:
    from tornado.web import RequestHandler

    from aralify_kernel.server.identity import Person

_PROBLEMS: Final = {
    HTTPStatus.FORBIDDEN: (
        N_("This is not open to you"),
        N_("It needs somebody else's account, or you sent a form that had been open for too long."),
    ),
    HTTPStatus.NOT_FOUND: (N_("There is nothing here"), N_("The address may be mistyped, or what it led to is gone.")),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        N_("This address cannot be opened like this"),
        N_("It belongs to a button. Go back and press the button."),
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (N_("That was too much at once"), N_("Wait a little, then try again.")),
    HTTPStatus.SERVICE_UNAVAILABLE: (N_("The server is busy"), N_("Nothing was lost. Wait a little, then try again.")),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        N_("Something went wrong on the server"),
        N_(
            "It is not your fault, and it has been noted. Try again in a while; if that does not help, tell your teacher."
        ),
    ),
}
_OTHER_PROBLEM: Final = (N_("The server cannot do that"), N_("What your browser sent is not what this page expects."))


def language_of(handler: RequestHandler) -> str:
    """Return the language to show: the person's, else the one chosen in this browser, else the browser's own.

    A choice goes into the profile too, and the dashboards follow that: what was chosen in a browser comes second, as
    somebody else may have chosen it there, and its owner something else since, on a dashboard or in a notebook.
    """
    if person := person_of(handler):
        return person.language
    chosen = handler.get_cookie(cookies.LANGUAGE)
    if chosen in LANGUAGES:
        return chosen
    return supported(handler.request.headers.get("Accept-Language", "").partition(",")[0])


def person_of(handler: RequestHandler) -> Person | None:
    """Return who is asking, when the question has been asked: what is refused before it, is told to nobody."""
    person: Person | None = handler.request.__dict__.get("aralify_person")
    return person


def page(handler: RequestHandler, template: str, **values: Any) -> str:
    """Return a page of ours as HTML. `here` is where a change of language leads back to; the address when left out."""
    language = language_of(handler)
    base = handler.settings["base_url"].rstrip("/")
    shared = {
        "_": translator(language),
        "language": language,
        "languages": LANGUAGE_NAMES,
        "base": base,
        "person": person_of(handler),
        "here": local_address(handler, handler.request.uri or ""),
        "xsrf": Markup(handler.xsrf_form_html()),  # noqa: S704 - Tornado's own
        "css": f"{base}/aralify/page.css?v={stylesheet_version()}",
    }
    return _environment().get_template(template).render(shared | values)


def error_page(handler: RequestHandler, status: int) -> str:
    """Return the page that says what went wrong."""
    fallback = HTTPStatus.INTERNAL_SERVER_ERROR if status >= HTTPStatus.INTERNAL_SERVER_ERROR else None
    title, text = _PROBLEMS.get(HTTPStatus(status)) or (_PROBLEMS[fallback] if fallback else _OTHER_PROBLEM)
    _ = translator(language_of(handler))
    is_get = handler.request.method in {"GET", "HEAD"}
    here = {} if is_get else {"here": handler.settings["base_url"]}
    return page(handler, "error.html", title=_(title), text=_(text), status=status, **here)


def local_address(handler: RequestHandler, address: str) -> str:
    r"""Return an address when it is on this server, else that of its first page.

    Browsers take `//x`, `/\x` and what has tabs and line ends in it for the address of another server.
    """
    base: str = handler.settings["base_url"]
    is_plain = all(char.isprintable() and char not in "\\ " for char in address)
    try:
        parts = urlsplit(address)
    except ValueError:
        return base
    is_local = is_plain and not parts.scheme and not parts.netloc and not address.startswith("//")
    return address if is_local and address.startswith(base) else base


@cache
def stylesheet() -> str:
    """Return the style sheet of the server's own pages."""
    return styles.rules() + files("aralify_kernel.server.pages").joinpath("page.css").read_text("utf-8")


@cache
def stylesheet_version() -> str:
    """Return what changes when the style sheet does, so that browsers may keep it."""
    return hashlib.sha256(stylesheet().encode()).hexdigest()[:12]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("aralify_kernel.server.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["markdown"] = markdown.prose
    return environment
