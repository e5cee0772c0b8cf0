"""The one widget of a dashboard page: HTML, charts, and what is clicked."""

from __future__ import annotations

import gzip
import inspect
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from aralify_kernel.dashboards import figures
from aralify_kernel.widgets import styles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aralify_kernel.dashboards.dashboard import Dashboard


class Page(anywidget.AnyWidget):
    """A dashboard page: `display(page)`.

    Everything that is shown arrives in one message, already complete, so that no chart can be drawn before its data
    is there. plotly.js is sent on request and compressed, never as a part of the widget's state: `go.FigureWidget`
    takes 2 s to import and sends 5 MB for every chart.
    """

    _esm = files(__package__).joinpath("page.js").read_text("utf-8")

    styles = traitlets.Unicode().tag(sync=True)
    templates = traitlets.Dict().tag(sync=True)
    plotly_version = traitlets.Unicode().tag(sync=True)
    content = traitlets.Dict().tag(sync=True)

    def __init__(self, screen: Dashboard) -> None:
        self.screen = screen
        super().__init__(
            styles=_styles(), templates=figures.templates(), plotly_version=_plotly_version(), content=self._content()
        )
        self.on_msg(self._receive)

    def act(self, action: str, values: Mapping[str, Any]) -> None:
        """Do what the reader asks for and show what came of it."""
        self.screen.act(action, values)
        self.content = self._content()
        self.send({"say": self.screen.said, "open": self.screen.opening})

    def _receive(self, _page: Page, message: Any, _buffers: Any) -> None:
        match message:
            case {"action": "plotly"}:
                self.send({"plotly": True}, [_plotly_js()])
            case {"action": str(action), "values": dict(values)} if self._can(action, values):
                self.act(action, values)
            case _:
                pass  # no page of ours says this

    def _can(self, action: str, values: Mapping[str, Any]) -> bool:
        """Whether the screen has this action with these values, each of which is a text."""
        if action not in self.screen.actions or not all(isinstance(value, str) for value in values.values()):
            return False
        try:
            inspect.signature(getattr(self.screen, action)).bind(**values)
        except TypeError:
            return False
        return True

    def _content(self) -> dict[str, Any]:
        screen = self.screen
        return {
            "html": str(screen.render()),
            "figures": dict(screen.figures()),
            "language": screen.language,
            "title": screen.title(),
            "kept": screen.kept(),
            "shown": screen.shown(),
        }


def _styles() -> str:
    own = files(__package__).joinpath("page.css").read_text("utf-8")
    return f"{styles.sheet()}<style>{own}</style>"


def _plotly_version() -> str:
    from plotly.offline import get_plotlyjs_version

    return str(get_plotlyjs_version())


def _plotly_js() -> bytes:
    """Return plotly.js as it comes with the Python package, gzipped: 1.6 MB in 0.1 s."""
    return gzip.compress(files("plotly").joinpath("package_data/plotly.min.js").read_bytes(), compresslevel=3)
