"""The one table of addresses: what is not in it does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aralify_kernel.server import assets, dashboards, health, pages
from aralify_kernel.server.access import Route, Who, guarded
from aralify_kernel.server.hub.pages import instead
from aralify_kernel.server.rest import handler as rest

if TYPE_CHECKING:
    from tornado import web

    from aralify_kernel.server.application import AralifyServer


def table(server: AralifyServer) -> list[Route]:
    """Return every route of this server, in the order in which they are tried."""
    return [
        *health.routes(),
        *rest.routes(),
        *(instead(pages.ROUTES) if server.hub else pages.ROUTES),
        *dashboards.routes(server),
        *assets.routes(server),
        Route(r"/.*", pages.NotThere, Who.EVERYBODY),
    ]


def handlers(server: AralifyServer, table: list[Route]) -> list[tuple[str, type[web.RequestHandler], dict[str, Any]]]:
    """Return what Tornado is given: every route of the table, behind its guard."""
    base = server.base_url.rstrip("/")
    return [(base + route.pattern, guarded(route), dict(route.options)) for route in table]
