"""A screen in a notebook's output.

The output is HTML without controls. The widget behind it has no view of its own: its JavaScript finds that HTML and
brings it to life. (JupyterLab answers a stored widget view whose kernel is gone with "Error displaying widget: model
not found", and does not look at the HTML beside it; so no widget view is stored.)
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

if TYPE_CHECKING:
    from aralify_kernel.widgets.screen import Screen


class Panel(anywidget.AnyWidget):
    """A screen in a notebook's output: `display(panel)`."""

    _esm = Path(__file__).with_name("panel.js").read_text("utf-8")
    sections: tuple[str, ...] = ()
    """The parts of the style sheet that the screen needs; empty for all."""

    panel_id = traitlets.Unicode().tag(sync=True)
    html = traitlets.Unicode().tag(sync=True)
    saved = traitlets.Unicode().tag(sync=True)
    language = traitlets.Unicode("en").tag(sync=True)
    waiting = traitlets.Unicode().tag(sync=True)

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        screen.uid = f"ar-{secrets.token_hex(6)}"
        super().__init__(panel_id=screen.uid, **self._state())
        self.on_msg(self._receive)

    def act(self, action: str, **values: Any) -> None:
        """Do what the page asks for and show what came of it."""
        self.screen.act(action, values)
        self._show()
        answer = {"say": self.screen.said, "focus": True}
        self.send(answer | ({"open": self.screen.opening} if self.screen.opening else {}))

    def set_language(self, language: str) -> None:
        """Show everything in `language` from now on."""
        self.screen.set_language(language)
        self._show()

    def refresh(self, say: str = "") -> None:
        """Read the state again and show it; `say` is read out politely by a screen reader."""
        self.screen.refresh()
        self._show()
        if say:
            self.send({"say": say})

    def _receive(self, _panel: Panel, content: dict[str, Any], _buffers: Any) -> None:
        self.act(content["action"], **content["values"])

    def _show(self) -> None:
        with self.hold_sync():
            for name, value in self._state().items():
                setattr(self, name, value)

    def _state(self) -> dict[str, str]:
        screen = self.screen
        return {
            "html": str(screen.render()),
            "saved": str(screen.as_output(*self.sections)),
            "language": screen.language,
            "waiting": screen._("A cell is still running; this comes right after it."),
        }

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, str]]:
        return {"text/html": self.saved, "text/plain": self.screen.as_text()}, {}
