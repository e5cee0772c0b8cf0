"""A learner's own Jupyter server: the REST interface for whoever is signed in on this computer, behind Jupyter's sign-in.

The database, or the connection to the class server, is opened when somebody first asks; a Jupyter server without Aralify
in it starts as fast as ever.
"""

from __future__ import annotations

import atexit
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def _load_jupyter_server_extension(serverapp: ServerApp) -> None:
    """Let a Jupyter server answer below `/aralify/api/v1/`."""
    from aralify_kernel.server.lab.handler import LabRest
    from aralify_kernel.server.lab.workplace import Workplace

    workplace = Workplace(Path(serverapp.root_dir))
    atexit.register(workplace.close)
    web_app: Any = serverapp.web_app
    web_app.add_handlers(".*$", LabRest.routes(serverapp.base_url, workplace))
