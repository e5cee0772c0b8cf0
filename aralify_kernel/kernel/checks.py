"""What a visible check says when a learner runs its cell: a sentence in their language, never a traceback."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup

from aralify_kernel.i18n import in_language
from aralify_kernel.kernel.workbench import publish
from aralify_kernel.widgets.markdown import inline

if TYPE_CHECKING:
    from aralify_kernel.kernel.workbench import Workbench


def tell_passed(bench: Workbench) -> None:
    """Say that the check which just ran passes."""
    _ = bench.texts
    _tell(_("This check passes."))


def tell_failed(error: BaseException, source: str, bench: Workbench) -> None:
    """Say what `error`, raised by the check `source`, means to a learner."""
    _tell(_sentence(error, source, bench))


def _sentence(error: BaseException, source: str, bench: Workbench) -> str:
    _ = bench.texts
    if isinstance(error, AssertionError):
        return _by_author(error, bench.language) or _("This check does not pass yet.")
    if isinstance(error, NameError) and error.name and re.search(rf"\b{re.escape(error.name)}\b", source):
        return _("There is no `{name}` yet. Run the exercise above first.", name=error.name)
    return _(
        "This check could not finish: {error}. Look at your exercise above and at what is said under it.",
        error=": ".join(filter(None, [type(error).__name__, str(error)])),
    )


def _by_author(error: AssertionError, language: str) -> str:
    """Return the author's message: a text, or one text by language."""
    message = error.args[0] if error.args else ""
    return in_language(message, language) if isinstance(message, dict) else str(message)


def _tell(sentence: str) -> None:
    html = Markup('<p role="status">{}</p>').format(inline(sentence))
    publish({"text/html": str(html), "text/plain": sentence})
