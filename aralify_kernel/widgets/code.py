"""Code with its line numbers."""

from __future__ import annotations

from markupsafe import Markup

from aralify_kernel.widgets.components import joined


def listing(source: str, *, label: str, first: int = 1, last: int | None = None, marked: int | None = None) -> Markup:
    """Return the lines `first` to `last` of `source` (from 1), the line `marked` standing out.

    The numbers are text, so that they survive where styles do not.
    """
    lines = source.strip("\n").splitlines()
    shown = enumerate(lines[first - 1 : last], first)
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


def excerpt(source: str, line: int, *, label: str, around: int = 2) -> Markup:
    """Return the lines around `line` (from 1), which stands out."""
    return listing(source, label=label, first=max(1, line - around), last=line + around, marked=line)
