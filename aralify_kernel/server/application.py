"""`aralify serve`: Voilà's application, with our people, our table of routes and nothing that is not in it."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING, Any

from voila.app import Voila

from aralify_kernel.server import routes
from aralify_kernel.server.identity import IdentityProvider

if TYPE_CHECKING:
    from pathlib import Path

    from tornado.web import Application as TornadoApplication

    from aralify_kernel.app import Application

MAX_BODY_BYTES = 1_000_000


class AralifyServer(Voila):
    """The class server.

    Attributes:
        application: What it serves; set before `initialize`.
    """

    name = "aralify-serve"
    application: Application

    def initialize(self, argv: list[str] | None = None) -> None:
        """Take every setting from the application, and none from Voilà's configuration files."""
        self.config_file_paths: list[str] = []
        self.config.VoilaConfiguration.template = "aralify"
        super().initialize(argv or [])
        self.root_dir = str(self.application.builtin_folder("dashboards"))
        self.open_browser = False
        self.port_retries = 0
        self.identity_provider_class = IdentityProvider
        self.cookie_secret = cookie_secret(self.application.settings.home / "cookie_secret")

    def init_settings(self) -> dict[str, Any]:
        """Return what the handlers share."""
        settings: dict[str, Any] = super().init_settings()
        settings |= {
            "application": self.application,
            "xsrf_cookies": True,
            "login_url": self.base_url.rstrip("/") + "/sign-in",
            "allow_unauthenticated_access": False,
            "is_viewer": lambda _person, _where: False,
        }
        return settings

    def init_handlers(self) -> list[Any]:
        """Return the table of routes: Voilà's own handlers are there only where it names them."""
        return routes.handlers(self)

    def listen(self) -> None:
        """Listen, and run until stopped."""
        import tornado.ioloop

        app: TornadoApplication = self.app
        app.listen(self.port, self.ip, max_body_size=MAX_BODY_BYTES)
        self.log.info("Aralify is running at %s", self.display_url)
        self.ioloop = tornado.ioloop.IOLoop.current()
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            self.log.info("Stopping")
        finally:
            self.stop()


def serve(application: Application) -> None:
    """Serve `application` at the address in its settings, until it is stopped."""
    server = AralifyServer(ip=application.settings.host, port=application.settings.port)
    server.application = application
    server.initialize()
    server.start()


def cookie_secret(path: Path) -> bytes:
    """Return the key that signs cookies: kept in a file that only its owner may read, made when it is missing."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
        try:
            os.link(beside, path)
        except FileExistsError:  # another server was as quick
            pass
        finally:
            beside.unlink()
        return path.read_bytes()
