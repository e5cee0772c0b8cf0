"""Code with its line numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from aralify_kernel.widgets.components import joined

if TYPE_CHECKING:
    from collections.abc import Sequence


def listing(lines: Sequence[str], *, label: str, first: int = 1, marked: int | None = None) -> Markup:
    """Return `lines`, numbered from `first`, the line with the number `marked` standing out.

    The numbers are text, so that they survive where styles do not.
    """
    shown = enumerate(lines, first)
    return Markup('<pre class="ar-code" tabindex="0" role="group" aria-label="{}">{}</pre>').format(
        label,
        joined(
            Markup("<span{}><i>{}</i>{}\n</span>").format(
                Markup(' class="is-here"') if number == marked else "",
                f"{number:>3}{'>' if number == marked else ' '} ",
                line,
            )
            for number, line in shown
        ),
    )


def excerpt(source: str, line: int, *, label: str, first_line: int = 1, around: int = 2) -> Markup:
    """Return the lines around `line` (from 1), which stands out; the source's first line has the number `first_line`."""
    begin, before = max(0, line - 1 - around), first_line - 1
    lines = source.splitlines()[begin : line + around]
    return listing(lines, label=label, first=begin + 1 + before, marked=line + before)
