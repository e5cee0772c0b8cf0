"""What a page asks about its kernel. Who may ask is decided by the table of routes: the kernel's viewer."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from jupyter_client.jsonutil import json_default
from jupyter_server.base.handlers import APIHandler
from tornado import web
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from aralify_kernel.server.access import Route, Who
from aralify_kernel.server.kernels.bindings import UnknownKey

if TYPE_CHECKING:
    from aralify_kernel.server.kernels.manager import PageKernels

_ID: Final = r"(?P<kernel_id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
PATIENCE_SEC: Final = 25
"""How long a kernel waits for its viewer before it asks again: less than proxies and clients give an answer."""


class Kernel(APIHandler):
    """A kernel's state. There is no way to interrupt, restart or start one."""

    def get(self, kernel_id: str) -> None:
        """Tell whether it is idle or busy."""
        self.finish(json.dumps(self.kernel_manager.kernel_model(kernel_id), default=json_default))


class Channels(VoilaKernelWebsocketHandler):
    """A page's connection to its kernel."""

    async def open(self, kernel_id: str) -> None:
        """Connect to the kernel, in place of the oldest connection where there are enough."""
        kernels: PageKernels = self.settings["kernel_manager"]
        kernels.sockets.add(kernel_id, self)
        await super().open(kernel_id)

    def on_close(self) -> None:
        """Let go of the kernel."""
        kernels: PageKernels = self.settings["kernel_manager"]
        kernels.sockets.remove(self.path_kwargs["kernel_id"], self)
        super().on_close()


class Ending(APIHandler):
    """The end of a kernel: its page says this when it is left."""

    async def post(self, kernel_id: str) -> None:
        """End the kernel."""
        kernels: PageKernels = self.settings["kernel_manager"]
        await kernels.end(kernel_id)
        self.set_status(HTTPStatus.NO_CONTENT)


class ViewerOfKernel(web.RequestHandler):
    """Who looks at the kernel that asks; it proves which one it is by its key."""

    async def get(self) -> None:
        """Answer as soon as somebody does; with nothing when nobody has for a while."""
        kernels: PageKernels = self.settings["kernel_manager"]
        kind, _, token = self.request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            raise web.HTTPError(HTTPStatus.NOT_FOUND)
        try:
            viewer = await kernels.bindings.viewer_with(token.strip(), PATIENCE_SEC)
        except UnknownKey:
            raise web.HTTPError(HTTPStatus.NOT_FOUND) from None
        if viewer is None:
            self.set_status(HTTPStatus.NO_CONTENT)
        else:
            self.finish({"username": viewer.username, "language": viewer.language})


ROUTES: Final = (
    Route(rf"/api/kernels/{_ID}", Kernel, Who.VIEWER),
    Route(rf"/api/kernels/{_ID}/channels", Channels, Who.VIEWER),
    Route(rf"/voila/api/shutdown/{_ID}", Ending, Who.VIEWER),
    Route(r"/aralify/kernel/viewer", ViewerOfKernel, Who.EVERYBODY),
)
