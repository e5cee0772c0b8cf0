"""What could not be done, as a panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from aralify_kernel.errors import JudgeUnavailable, LevelLocked, NotSignedIn, ServerUnreachable
from aralify_kernel.i18n import sentence
from aralify_kernel.widgets import styles
from aralify_kernel.widgets.components import notice

if TYPE_CHECKING:
    from aralify_kernel.errors import AralifyError

ICONS: dict[type[AralifyError], str] = {
    JudgeUnavailable: "queued",
    LevelLocked: "locked",
    NotSignedIn: "user",
    ServerUnreachable: "queued",
}


def error_bundle(error: AralifyError, language: str) -> dict[str, str]:
    """Return what a person is told about `error` as a MIME bundle (HTML and text)."""
    words = sentence(error, language)
    box = notice(ICONS.get(type(error), "failed"), words, role="alert")
    html = Markup('{}<div class="ar" lang="{}">{}</div>').format(styles.sheet("result"), language, box)
    return {"text/html": str(html), "text/plain": words}
