"""The files that Voilà's pages are made of. They come with the installation and hold nothing of anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.base.handlers import FileFindHandler
from jupyterlab_server.themes_handler import ThemesHandler
from voila.static_file_handler import MultiStaticFileHandler, TemplateStaticFileHandler

from aralify_kernel.server.access import Route, Who

if TYPE_CHECKING:
    from aralify_kernel.server.application import AralifyServer


def routes(server: AralifyServer) -> tuple[Route, ...]:
    """Return the routes to Voilà's own files, its templates' and the lab extensions'."""
    return (
        Route(r"/voila/templates/(.*)", TemplateStaticFileHandler, Who.SIGNED_IN, is_personal=False),
        Route(
            r"/voila/static/(.*)",
            MultiStaticFileHandler,
            Who.SIGNED_IN,
            {"paths": server.static_paths, "default_filename": "index.html"},
            is_personal=False,
        ),
        Route(
            r"/voila/api/themes/(.*)",
            ThemesHandler,
            Who.SIGNED_IN,
            {
                "themes_url": "/voila/api/themes",
                "path": server.themes_dir,
                "labextensions_path": server.labextensions_path,
                "no_cache_paths": ["/"],
            },
            is_personal=False,
        ),
        Route(
            r"/voila/labextensions/(.*)",
            FileFindHandler,
            Who.SIGNED_IN,
            {"path": server.labextensions_path, "no_cache_paths": ["/"]},
            is_personal=False,
        ),
    )
