"""The kernel of JavaScript notebooks: `python -m aralify_kernel.kernel.deno -f CONNECTION_FILE`.

It is the Python kernel of every other lesson, so that quizzes, hints and results work as they do there; but what a cell
says is run by Deno, unless it begins with a magic of ours.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from ipykernel.ipkernel import IPythonKernel

from aralify_kernel.domain.exercise_cells import strip_marker
from aralify_kernel.kernel.deno_engine import Deno

if TYPE_CHECKING:
    from collections.abc import Mapping

_OURS: Final = ("%aralify", "%%exercise")
_RUN: Final = "get_ipython().kernel.run_javascript"


class JavaScriptKernel(IPythonKernel):
    """Runs cells of JavaScript, and `%aralify` as every kernel of ours."""

    implementation = "aralify-javascript"
    language_info: dict[str, object] = {  # noqa: RUF012 - as the class above has it
        "name": "javascript",
        "mimetype": "text/javascript",
        "file_extension": ".js",
        "pygments_lexer": "javascript",
        "codemirror_mode": "javascript",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._deno = Deno()
        shell: Any = self.shell
        shell.input_transformers_cleanup.insert(0, as_python)

    def run_javascript(self, source: str) -> None:
        """Run `source`, and show under the cell what comes of it.

        Raises:
            JavaScriptError: It threw an error, or cannot be read.
        """
        self._deno.run(source, self._show)

    def _show(self, kind: str, content: Mapping[str, Any]) -> None:
        if kind == "execute_result":
            content = {**content, "execution_count": self.execution_count}
        self.send_response(self.iopub_socket, kind, dict(content))

    def do_complete(self, code: str, cursor_pos: int) -> Any:
        """Return what could be written at `cursor_pos`."""
        if _is_ours(code):
            return super().do_complete(code, cursor_pos)
        return dict(self._deno.complete(code, cursor_pos))

    def do_inspect(self, *_args: Any, **_kwargs: Any) -> Any:
        """Return that nothing is known of a name: what Python knows of it is of no use here."""
        return {"status": "ok", "found": False, "data": {}, "metadata": {}}

    def do_is_complete(self, _code: str) -> Any:
        """Return that nobody knows whether a cell is complete."""
        return {"status": "unknown"}

    def do_shutdown(self, restart: bool) -> Any:
        """End Deno with the kernel."""
        self._deno.end()
        return super().do_shutdown(restart)


def as_python(lines: list[str]) -> list[str]:
    r"""Return the Python that runs a cell of JavaScript; magics of ours stay as they are.

    >>> as_python(["1 + 1\n"])
    ["get_ipython().kernel.run_javascript('1 + 1\\n')\n"]
    >>> as_python(["%aralify lesson\n"])
    ['%aralify lesson\n']
    """
    source = "".join(lines)
    if _is_ours(source) or not source.strip():
        return lines
    answer = strip_marker(source)
    return [f"{_RUN}({answer if answer == source else chr(10) + answer!r})\n"]


def _is_ours(source: str) -> bool:
    return source.lstrip().startswith(_OURS)


def main() -> None:
    """Be a kernel until a front end ends it."""
    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance(kernel_class=JavaScriptKernel)
    app.initialize([*sys.argv[1:], "--ext=aralify_kernel"])
    app.start()


if __name__ == "__main__":
    main()
