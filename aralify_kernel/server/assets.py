"""The files that Voilà's pages are made of. They come with the installation and hold nothing of anybody."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from jupyter_server.base.handlers import FileFindHandler
from jupyterlab_server.themes_handler import ThemesHandler
from tornado.web import HTTPError
from voila.static_file_handler import MultiStaticFileHandler, TemplateStaticFileHandler

from aralify_kernel.server.access import Route, Who

if TYPE_CHECKING:
    from aralify_kernel.server.application import AralifyServer


_OF_A_TEMPLATE: Final = re.compile(r"[\w-]+/static(?:/(?!\.{1,2}(?:/|$))[^/\0]+)+")


class TemplateFiles(TemplateStaticFileHandler):
    """The files of Voilà's templates, and nothing where Voilà takes an address for a mistake of its own."""

    def parse_url_path(self, url_path: str) -> str:
        """Return the path of a file below a template's folder."""
        if not _OF_A_TEMPLATE.fullmatch(url_path):
            raise HTTPError(HTTPStatus.NOT_FOUND)
        return str(super().parse_url_path(url_path))


def routes(server: AralifyServer) -> tuple[Route, ...]:
    """Return the routes to Voilà's own files, its templates' and the lab extensions'."""
    return (
        Route(r"/voila/templates/(.*)", TemplateFiles, Who.SIGNED_IN, is_personal=False),
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
