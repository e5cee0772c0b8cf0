"""What is told of an exception that the learner's code raised."""

from __future__ import annotations

from aralify_kernel.grading.inside.recorder import brief
from aralify_kernel.grading.inside.report import LEARNER_FILE

TYPE_CHECKING = False  # `typing` costs 14 ms to import
if TYPE_CHECKING:
    from types import TracebackType

TEXT_LENGTH = 2000


def place(error: BaseException) -> tuple[int | None, str | None]:
    """Return the line of the innermost frame in the learner's source, and the exact span of what it evaluated."""
    trace: TracebackType | None = error.__traceback__
    innermost: TracebackType | None = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == LEARNER_FILE:
            innermost = trace
        trace = trace.tb_next
    if innermost is None:
        return None, None
    positions = list(innermost.tb_frame.f_code.co_positions())[innermost.tb_lasti // 2]
    return innermost.tb_lineno, ",".join(map(str, positions)) if None not in positions else None


def message(error: BaseException) -> str:
    """Return Python's own words, cut at 2000 characters."""
    try:
        return str(error)[:TEXT_LENGTH]
    except Exception:  # noqa: BLE001 - a learner's own exception may refuse to be shown
        return ""


def author_texts(error: BaseException) -> dict[str, str]:
    """Return the message of an assert: by language (`text:en`), or as one text."""
    given = error.args[0] if error.args else ""
    if type(given) is dict:
        return {f"text:{key}": str(text)[:TEXT_LENGTH] for key, text in given.items() if type(key) is str}
    return {"text": given[:TEXT_LENGTH] if type(given) is str else brief(given)}
