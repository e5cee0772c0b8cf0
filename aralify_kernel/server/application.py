"""`aralify serve`: Voilà's application, with our people, our table of routes and nothing that is not in it."""

from __future__ import annotations

import errno
import logging
from typing import TYPE_CHECKING, Any, Final

import traitlets
from voila.app import Voila

from aralify_kernel.errors import N_, AralifyError
from aralify_kernel.server import health, logs, proxies, routes
from aralify_kernel.server.cookies import cookie_secret
from aralify_kernel.server.dashboards import Hosting
from aralify_kernel.server.hub.asking import Hub
from aralify_kernel.server.hub.identity import HubIdentityProvider
from aralify_kernel.server.identity import IdentityProvider
from aralify_kernel.server.lanes import Lanes
from aralify_kernel.services import certificates

if TYPE_CHECKING:
    from tornado.web import Application as TornadoApplication

    from aralify_kernel.app import Application
    from aralify_kernel.settings import HubService

LOG: Final = logging.getLogger(__name__)

MAX_BODY_BYTES: Final = 1_000_000


class AddressUnusable(AralifyError):
    """Nothing can listen where the server is to."""

    code = "address_unusable"
    message = N_("The server cannot listen on {host}, port {port}: {reason}")


class AralifyServer(Voila):
    """The class server.

    Attributes:
        application: What it serves; set before `initialize`.
        hub: The JupyterHub whose service it is; None for a server of its own.
    """

    name = "aralify-serve"
    application: Application
    hub: Hub | None = None

    def initialize(self, argv: list[str] | None = None) -> None:
        """Take every setting from the application, and none from Voilà's configuration files."""
        self.config_file_paths: list[str] = []
        self.config.VoilaConfiguration.template = "aralify"
        super().initialize(argv or [])
        self.root_dir = str(self.application.builtin_folder("dashboards"))
        self.open_browser = False
        self.port_retries = 0
        self.identity_provider_class = HubIdentityProvider if self.hub else IdentityProvider
        self.cookie_secret = cookie_secret(self.application.settings.home / "cookie_secret")
        Hosting.configure(self)

    @traitlets.default("log")
    def _log_as_everything_does(self) -> logging.Logger:
        return logging.getLogger(type(self).__name__)

    def _configure_logging(self) -> None:
        """Leave the log as `logs.set_up` made it: traitlets would add a handler with lines of its own."""

    def init_settings(self) -> dict[str, Any]:
        """Return what the handlers share."""
        settings: dict[str, Any] = super().init_settings()
        settings |= {
            "application": self.application,
            "log_function": logs.log_request,
            "xsrf_cookies": True,
            "xsrf_cookie_kwargs": {"samesite": "Lax", "path": self.base_url},
            "lanes": Lanes(),
            "login_url": self.base_url.rstrip("/") + "/sign-in",
            "allow_unauthenticated_access": False,
            "trusted_proxies": proxies.networks(self.application.settings.trusted_proxies),
        }
        if self.hub:
            settings["identity_provider"].hub = self.hub
            settings["identity_provider"].secret = self.cookie_secret
        self.hosting = Hosting(self)
        settings |= self.hosting.settings()
        return settings

    def init_handlers(self) -> list[Any]:
        """Return the table of routes: Voilà's own handlers are there only where it names them."""
        table = routes.table(self)
        self.app.settings["routes"] = table
        return routes.handlers(self, table)

    def listen(self) -> None:
        """Listen, and run until stopped."""
        import tornado.ioloop

        app: TornadoApplication = self.app
        application = self.application
        ssl_options = certificates.context(application.settings, application.now())
        try:
            app.listen(self.port, self.ip, max_body_size=MAX_BODY_BYTES, ssl_options=ssl_options)
        except OSError as error:
            in_use = N_("Something listens there already. Stop it, or choose another port.")
            reason = in_use if error.errno == errno.EADDRINUSE else error.strerror or type(error).__name__
            raise AddressUnusable(host=self.ip, port=self.port, reason=reason) from error
        scheme = "https" if ssl_options else "http"
        LOG.info("Aralify is running at %s://%s:%d%s", scheme, self.ip, self.port, self.base_url)
        self.ioloop = tornado.ioloop.IOLoop.current()
        health.DiskWatch(application).start()
        self.hosting.start()
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            LOG.info("Stopping")
        finally:
            self.ioloop.run_sync(self.hosting.stop)
            if self.hub:
                self.ioloop.run_sync(self.hub.close)
            self.stop()


def serve(application: Application, service: HubService | None = None) -> None:
    """Serve `application` at the address in its settings until it is stopped, as a service of a JupyterHub or by itself."""
    logs.set_up()
    base_url = service.prefix if service else "/"
    server = AralifyServer(ip=application.settings.host, port=application.settings.port, base_url=base_url)
    server.application = application
    server.hub = Hub(service) if service else None
    server.initialize()
    server.start()
