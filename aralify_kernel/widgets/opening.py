"""How a notebook written for a learner is reached from the notebook they are in.

In JupyterLab as `aralify lab` starts it, the panel's JavaScript opens it. Everywhere, a link stands below the panel; it
is an output of its own, because the host resolves relative links only in HTML that it renders itself.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup


def relative_path(notebook: Path, start: Path) -> str:
    """Return the path of `notebook` from the folder `start`, with forward slashes.

    Where there is none (another drive on Windows), the absolute path comes back.
    """
    try:
        return Path(os.path.relpath(notebook, start)).as_posix()
    except ValueError:
        return notebook.as_posix()


def link_bundle(path: str, words: str) -> dict[str, str]:
    """Return the link to the notebook at `path` as a MIME bundle."""
    link = Markup('<p><a href="{}" target="_blank">{}</a></p>').format(quote(path), words)
    return {"text/html": str(link), "text/plain": f"{words}: {path}"}
