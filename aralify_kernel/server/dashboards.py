"""The dashboards: Voilà pages, each run by a kernel of its own for whoever asked for it, and seen by nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import nbformat
from jupyter_server.base.handlers import JupyterHandler
from markupsafe import Markup
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.iostream import StreamClosedError
from tornado.netutil import bind_sockets
from tornado.web import HTTPError
from voila.utils import get_page_config

from aralify_kernel.errors import N_
from aralify_kernel.i18n import sentence
from aralify_kernel.server.access import Route, Who
from aralify_kernel.server.kernels import handlers
from aralify_kernel.server.kernels.bindings import Viewer
from aralify_kernel.server.kernels.channels import WidgetChannels
from aralify_kernel.server.kernels.manager import RESTING_SEC, NoRoom, PageKernels, TooManyPages
from aralify_kernel.server.kernels.pages import PageRenderer, Pages
from aralify_kernel.server.kernels.room import default_kernels
from aralify_kernel.server.rest.operations import CLASSES, LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aralify_kernel.server.application import AralifyServer
    from aralify_kernel.server.identity import Person

OF_KERNELS: Final = frozenset({"read", LANGUAGE})
"""What the kernel of a dashboard may do for its viewer: show what they reached, and change their language."""

OF_TEACHERS: Final = OF_KERNELS | {CLASSES}
"""The same of a page for teachers: besides, whatever they may with classes of their own."""


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard: its title, what it is about, whom it is for, and what its kernel may do for them."""

    title: str = ""
    about: str = ""
    who: Who = Who.SIGNED_IN
    scopes: frozenset[str] = OF_KERNELS


DASHBOARDS: Final = {
    "my-progress": Board(N_("My progress"), N_("What you have learned, your XP and streak, and what comes next.")),
    "classes": Board(
        N_("My classes"), N_("Make classes, let people in, set dates, take marks away."), Who.TEACHER, OF_TEACHERS
    ),
    "class": Board(
        N_("Class"),
        N_("Whom to sit beside and why, how they fail, and how each of them moves."),
        Who.TEACHER,
        OF_TEACHERS,
    ),
}
"""The dashboards that there are, by the name of the notebook and of the address."""

_SWEEP_SEC: Final = 15
_MAX_BODY_BYTES: Final = 100_000  # a language chosen is the longest that a page sends
_EXTENSIONS: Final = ("@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager", "anywidget")
"""What our pages need of the lab extensions that are installed: each other one would be loaded for nothing."""


class Dashboard(JupyterHandler):
    """One dashboard. Its address has no part that a reader chooses, and nothing of the request reaches its kernel."""

    csp = (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' blob: data:; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )
    """Voilà and widgets write scripts into the page and make code of strings; nothing comes from elsewhere."""

    def initialize(self, notebook: str) -> None:
        """Take the path of the dashboard's notebook."""
        self._notebook = notebook

    @property
    def content_security_policy(self) -> str:
        """The policy of these pages."""
        return self.csp

    async def get(self) -> None:
        """Run the notebook for whoever asks, and send the page as it comes."""
        person: Person = self.current_user
        viewer = Viewer(person.username, person.token, person.language)
        pages: Pages = self.settings["pages"]
        self.set_header("Content-Type", "text/html; charset=utf-8")
        try:
            page = await pages.open(self._notebook, viewer, self.settings["application"].now())
        except TooManyPages as error:
            self._refuse(error)
            return
        except NoRoom:
            raise HTTPError(HTTPStatus.SERVICE_UNAVAILABLE) from None
        try:
            async for part in page.parts():
                self.write(part)
                await self.flush()
        except StreamClosedError:
            await pages.abandon(page)
        finally:
            pages.preheat(self._notebook)

    def _refuse(self, error: TooManyPages) -> None:
        self.set_status(HTTPStatus.TOO_MANY_REQUESTS)
        self.set_header("Retry-After", str(RESTING_SEC))
        language = self.current_user.language
        self.finish(
            Markup('<!doctype html><html lang="{}"><meta charset="utf-8"><title>Aralify</title><p role="alert">{}</p>')
            .format(language, sentence(error, language))
        )  # fmt: skip


class DashboardRenderer(PageRenderer):
    """Reads its notebook from the installation, not through an interface that could be asked for other files."""

    async def load_notebook(self, path: str) -> Any:
        """Return the notebook."""
        return await self.fix_notebook(nbformat.read(path, as_version=4))


class Hosting:
    """What a server needs to host dashboards.

    Kernels reach the server at an address of their own, on this computer only: so they do wherever else it listens,
    and whichever certificate it shows there.
    """

    def __init__(self, server: AralifyServer) -> None:
        self._server = server
        self._sockets = bind_sockets(0, "127.0.0.1")
        self._now = server.application.now
        settings = server.application.settings
        self._kernels: PageKernels = server.kernel_manager
        self._kernels.address = f"http://127.0.0.1:{self._sockets[0].getsockname()[1]}{server.base_url.rstrip('/')}"
        scopes = {path: DASHBOARDS[name].scopes for name, path in notebooks(server).items()}
        self._pages = Pages(self._kernels, self._renderer, scopes, settings.preheated_kernels)
        self._sweeping = PeriodicCallback(self._sweep, 1000 * _SWEEP_SEC)

    @staticmethod
    def configure(server: AralifyServer) -> None:
        """Let a server that begins have kernels of pages and no others."""
        settings, voila = server.application.settings, server.voila_configuration
        server.kernel_websocket_connection_class = WidgetChannels
        server.config.PageKernels.most = settings.kernels or default_kernels()
        server.config.PageKernels.per_user = settings.kernels_per_user
        server.config.PageKernels.idle_minutes = settings.kernel_idle_minutes
        voila.multi_kernel_manager_class = PageKernels
        voila.extension_allowlist = list(_EXTENSIONS)

    def settings(self) -> dict[str, Any]:
        """Return what the handlers need to know."""
        return {"pages": self._pages, "is_viewer": self._is_viewer}

    def start(self) -> None:
        """Listen to the kernels, begin the pages that are kept ready, and end kernels in time from now on.

        Those that are not for everybody are kept ready from when somebody has opened one.
        """
        HTTPServer(self._server.app, max_body_size=_MAX_BODY_BYTES).add_sockets(self._sockets)
        for name, notebook in notebooks(self._server).items():
            if DASHBOARDS[name].who is Who.SIGNED_IN:
                IOLoop.current().add_callback(self._pages.preheat, notebook)
        self._sweeping.start()

    async def stop(self) -> None:
        """Stop making pages."""
        self._sweeping.stop()
        await self._pages.close()

    async def _sweep(self) -> None:
        await self._kernels.sweep(self._now())
        for viewer in self._kernels.bindings.viewers():
            if not await self._server.identity_provider.is_signed_in(viewer.token):
                await self._kernels.end_all_of(viewer.username, viewer.token)

    def _is_viewer(self, person: Person, where: Mapping[str, str]) -> bool:
        return self._kernels.bindings.is_viewer(where["kernel_id"], person.username)

    def _renderer(self, notebook: str) -> DashboardRenderer:
        server = self._server
        page_config = get_page_config(
            base_url=server.base_url,
            settings=server.app.settings,
            log=server.log,
            voila_configuration=server.voila_configuration,
        )
        return DashboardRenderer(
            voila_configuration=server.voila_configuration,
            traitlet_config=server.config,
            notebook_path=notebook,
            template_paths=server.template_paths,
            config_manager=server.config_manager,
            contents_manager=server.contents_manager,
            base_url=server.base_url,
            kernel_spec_manager=server.kernel_spec_manager,
            page_config=page_config,
        )


def notebooks(server: AralifyServer) -> dict[str, str]:
    """Return the path of each dashboard's notebook, by its name."""
    folder = server.application.builtin_folder("dashboards")
    return {name: str(folder / f"{name}.ipynb") for name in DASHBOARDS}


def routes(server: AralifyServer) -> tuple[Route, ...]:
    """Return the routes to the dashboards and to their kernels."""
    pages = (
        Route(f"/dashboards/{name}", Dashboard, board.who, {"notebook": path}, title=board.title, about=board.about)
        for (name, path), board in zip(notebooks(server).items(), DASHBOARDS.values(), strict=True)
    )
    return (*pages, *handlers.ROUTES)
