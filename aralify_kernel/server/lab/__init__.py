"""A learner's own Jupyter server: the REST interface for whoever is signed in on this computer, behind Jupyter's sign-in.

What answers is imported, and the database or the connection to the class server opened, when somebody first asks:
not while Jupyter's server starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def _load_jupyter_server_extension(serverapp: ServerApp) -> None:
    """Let a Jupyter server answer below `/aralify/api/v1/`."""
    from aralify_kernel.server.lab.routing import rule

    web_app: Any = serverapp.web_app
    web_app.default_router.rules.insert(-1, rule(serverapp))  # `add_handlers` would want the handler itself now
