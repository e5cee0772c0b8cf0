"""The way from a Jupyter server's address to what answers there, which is imported by the first request."""

from __future__ import annotations

import atexit
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_server.utils import url_path_join
from tornado.routing import PathMatches, Router, Rule

from aralify_kernel.client.interface import PREFIX

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp
    from tornado.httputil import HTTPMessageDelegate, HTTPServerRequest


def rule(serverapp: ServerApp) -> Rule:
    """Return the rule by which one Jupyter server answers below the prefix."""
    return Rule(PathMatches(url_path_join(serverapp.base_url, PREFIX + r"/.*")), _WhenAsked(serverapp))


class _WhenAsked(Router):
    """Leads every request to the one handler, with the workplace that all of them share."""

    def __init__(self, serverapp: ServerApp) -> None:
        self._serverapp = serverapp

    def find_handler(self, request: HTTPServerRequest, **_kwargs: Any) -> HTTPMessageDelegate:
        """Return what answers a request."""
        from aralify_kernel.server.lab.handler import LabRest

        web_app: Any = self._serverapp.web_app
        delegate: HTTPMessageDelegate = web_app.get_handler_delegate(request, LabRest, target_kwargs=self._shared)
        return delegate

    @cached_property
    def _shared(self) -> dict[str, Any]:
        from aralify_kernel.server.lab import operations
        from aralify_kernel.server.lab.workplace import Workplace

        workplace = Workplace(Path(self._serverapp.root_dir))
        atexit.register(workplace.close)
        return {"workplace": workplace, "table": operations.of(workplace)}
