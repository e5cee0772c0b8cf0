"""A Deno that runs the cells of one notebook, spoken to by the protocol of its own Jupyter kernel.

Deno's kernel cannot be a notebook's by itself: it may say that a cell is done before it has sent the cell's result, and
says nothing at all of a cell that it cannot read.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.errors import N_
from aralify_kernel.i18n import LANGUAGES, translator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import zmq

    Output = tuple[str, Mapping[str, Any]]

_START_SECONDS: Final = 60
_POLL_MS: Final = 200
_FORWARDED: Final = frozenset(("stream", "execute_result", "display_data", "update_display_data", "clear_output"))
_MESSAGE: Final = "aralify_message"
_ALL_SENT: Final = "aralify_all_sent"
_SEND_ALL: Final = f"await Deno.jupyter.broadcast({_ALL_SENT!r}, {{}})"
_CANNOT_READ: Final = "Execution failed"


class JavaScriptError(Exception):
    """What a cell threw. The class of each is called as it is in JavaScript.

    Attributes:
        told: What an author's check says by language; empty for anything else.
    """

    def __init__(self, message: str, traceback: list[str], told: Mapping[str, str]) -> None:
        super().__init__(dict(told) or message)
        self.message = message
        self.told = told
        self._lines = traceback

    def __str__(self) -> str:
        return self.message

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows instead of a traceback of Python."""
        is_check = isinstance(self, AssertionError)  # which is ours, as are the lines where it came about
        return self._lines if self._lines and not is_check else [f"{type(self).__name__}: {self.message}"]


class Deno:
    """A Deno that keeps what the cells of a notebook have made. It starts with the first cell."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._sockets: dict[str, zmq.Socket[bytes]] = {}
        self._session: Any = None

    def run(self, source: str, on_output: Callable[[str, Mapping[str, Any]], None]) -> None:
        """Run one cell, and tell every output as a message of the Jupyter protocol: its type and content.

        Raises:
            JavaScriptError: The cell threw an error, or cannot be read.
            KeyboardInterrupt: It was interrupted; what it has made so far stays.
        """
        self._ensure_started()
        message: dict[str, str] = {}

        def take(kind: str, content: Mapping[str, Any]) -> None:
            if kind == _MESSAGE:
                message.update({key: str(text) for key, text in content.items()})
            elif kind in _FORWARDED:
                on_output(kind, content)

        try:
            reply = self._execute_to_the_end(source, take)
        except KeyboardInterrupt as error:
            self._interrupt()
            told = [f"{type(error).__name__}: {error}".removesuffix(": ")]
            vars(error)["_render_traceback_"] = lambda: told  # where Python waited is nothing to a learner
            raise
        if reply["status"] == "error":
            raise self._error(source, reply, message)

    def complete(self, source: str, position: int) -> Mapping[str, Any]:
        """Return what could be written at `position`, as a `complete_reply` says it; nothing before the first cell."""
        nothing = {"status": "ok", "matches": [], "cursor_start": position, "cursor_end": position, "metadata": {}}
        if self._process is None or self._process.poll() is not None:
            return nothing
        asked = self._send("shell", "complete_request", {"code": source, "cursor_pos": position})
        return self._hear("shell", asked) or nothing

    def end(self) -> None:
        """End Deno; the next cell starts another, which has none of the names."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        for socket in self._sockets.values():
            socket.close(linger=0)
        if self._folder is not None:
            self._folder.cleanup()
        self._process, self._folder, self._sockets = None, None, {}

    def _ensure_started(self) -> None:
        if self._process is not None and self._process.poll() is None:
            return
        self.end()
        for last in (False, False, True):  # somebody else may take a port just before Deno does
            try:
                self._start()
            except BaseException as error:
                self.end()
                if last or not isinstance(error, JavaScriptError):
                    raise
            else:
                return

    def _start(self) -> None:
        from jupyter_client.connect import write_connection_file
        from jupyter_client.session import Session

        self._folder = tempfile.TemporaryDirectory(prefix="aralify-deno-", ignore_cleanup_errors=True)
        place, connection = write_connection_file(str(Path(self._folder.name) / "connection.json"))
        self._session = Session(key=connection["key"].encode())
        own = {"DENO_DIR": self._folder.name, "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1", "DENO_NO_PROMPT": "1"}
        with _interrupts_ignored():  # the stop button's signal is for this process, which then asks Deno to stop
            self._process = subprocess.Popen(  # noqa: S603 - our own dependency, no shell
                [_deno(), "jupyter", "--kernel", "--conn", place],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **own},  # noqa: TID251 - a notebook's program has the environment of its kernel
            )
        self._connect(connection)
        self._execute(_prelude(), lambda _kind, _content: None, seconds=_START_SECONDS)
        self._wait_until_heard()

    def _connect(self, connection: Mapping[str, Any]) -> None:
        import zmq

        for name, kind in (("shell", zmq.DEALER), ("control", zmq.DEALER), ("iopub", zmq.SUB)):
            socket: zmq.Socket[bytes] = zmq.Context.instance().socket(kind)
            if name == "iopub":
                socket.setsockopt(zmq.SUBSCRIBE, b"")
            socket.connect(f"tcp://{connection['ip']}:{connection[f'{name}_port']}")
            self._sockets[name] = socket

    def _wait_until_heard(self) -> None:
        """Wait until what Deno tells everybody arrives here: at first it may not, and is lost."""
        heard: list[str] = []
        while _ALL_SENT not in heard:
            self._execute(_SEND_ALL, lambda kind, _content: heard.append(kind), seconds=_START_SECONDS)
            for channel in self._ready():
                message = self._receive(channel)
                heard.append(message[0] if message else "")

    def _send(self, channel: str, kind: str, content: Mapping[str, Any]) -> str:
        message = self._session.msg(kind, dict(content))
        self._session.send(self._sockets[channel], message)
        return str(message["header"]["msg_id"])

    def _execute_to_the_end(
        self, source: str, on_output: Callable[[str, Mapping[str, Any]], None]
    ) -> Mapping[str, Any]:
        """Run `source`; return the reply once everything that it told has come, which may be after the reply."""
        reply = self._execute(source, on_output)
        self._execute(_SEND_ALL, on_output, until=_ALL_SENT)
        return reply

    def _execute(
        self, source: str, on_output: Callable[[str, Mapping[str, Any]], None], until: str = "", seconds: float = 0
    ) -> Mapping[str, Any]:
        """Run `source`; return the reply once it is there and, where `until` is given, an output of that type too."""
        is_ours = bool(until or seconds)
        asked = self._send(
            "shell",
            "execute_request",
            {"code": source, "silent": is_ours, "store_history": not is_ours, "allow_stdin": False},
        )
        reply: Mapping[str, Any] | None = None
        waited = 0.0
        while reply is None or until:
            for channel in self._ready():
                message = self._receive(channel)
                if message is None:
                    continue
                kind, parent, content = message
                if channel == "shell" and parent == asked:
                    reply = content
                elif channel == "iopub" and kind == until:
                    until = ""
                elif channel == "iopub":
                    on_output(kind, content)
            waited += _POLL_MS / 1000
            if seconds and waited > seconds and reply is None:
                raise _error("Ended", _both(N_("JavaScript did not start. Restart the kernel and try again.")), [], {})
        return reply

    def _ready(self) -> list[str]:
        """Wait a little for messages; return where some are.

        Raises:
            JavaScriptError: Deno has ended.
        """
        import zmq

        poller = zmq.Poller()
        for name in ("shell", "iopub"):
            poller.register(self._sockets[name], zmq.POLLIN)
        ready = {socket for socket, _ in poller.poll(_POLL_MS)}
        if not ready and self._process is not None and self._process.poll() is not None:
            self.end()
            ended = N_("JavaScript ended, and all names are gone. Run the cells from the top again.")
            raise _error("Ended", _both(ended), [], {})
        return [name for name, socket in self._sockets.items() if socket in ready]

    def _receive(self, channel: str) -> tuple[str, str, Mapping[str, Any]] | None:
        import zmq

        _, message = self._session.recv(self._sockets[channel], zmq.NOBLOCK)
        if message is None:
            return None
        return message["msg_type"], message["parent_header"].get("msg_id", ""), message["content"]

    def _hear(self, channel: str, asked: str) -> Mapping[str, Any] | None:
        """Return the answer to the request `asked`; None when it takes too long for somebody who types."""
        for _ in range(5):
            for name in self._ready():
                message = self._receive(name)
                if message and name == channel and message[1] == asked:
                    return message[2]
        return None

    def _interrupt(self) -> None:
        """Stop the cell that runs; where Deno does not stop for it, end it."""
        if self._process is None:
            return
        self._send("control", "interrupt_request", {})
        asked = self._send("shell", "kernel_info_request", {})
        for _ in range(25):
            for name in self._ready():
                message = self._receive(name)
                if message and message[1] == asked:
                    return
        self.end()

    def _error(self, source: str, reply: Mapping[str, Any], told: Mapping[str, str]) -> JavaScriptError:
        name, message, traceback = reply.get("ename", "Error"), reply.get("evalue", ""), reply.get("traceback", [])
        if message == _CANNOT_READ and not traceback:
            reasons: list[str] = []
            code = (
                f"await Deno.jupyter.broadcast({_MESSAGE!r}, {{ en: await $aralify.unreadable({json.dumps(source)}) }})"
            )
            self._execute_to_the_end(
                code, lambda kind, content: reasons.extend(content.values() if kind == _MESSAGE else ())
            )
            return _error("SyntaxError", reasons[0] if reasons and reasons[0] else "this cell cannot be read", [], told)
        return _error(name, message, [line for line in traceback if line], told)


def _error(name: str, message: str, traceback: list[str], told: Mapping[str, str]) -> JavaScriptError:
    """Return an error whose class has the name that JavaScript gives it."""
    also = {"AssertionError": (AssertionError,), "ReferenceError": (NameError,)}.get(name, ())
    error: JavaScriptError = type(name, (JavaScriptError, *also), {})(message, traceback, told)
    if isinstance(error, NameError):
        error.name = message.partition(" is not defined")[0]
    return error


def _both(sentence: str) -> str:
    return "\n".join(translator(language)(sentence) for language in LANGUAGES)


def _prelude() -> str:
    package = files("aralify_kernel")
    notebook, wire = (
        Path(str(package / place)).as_uri()
        for place in ("kernel/javascript/notebook.js", "grading/inside/javascript/wire.js")
    )
    return (
        f"globalThis.$aralify = await import({json.dumps(notebook)});"
        f"$aralify.offerChecks(await import({json.dumps(wire)})); $aralify.endWithKernel(); undefined"
    )


def _deno() -> str:
    """Return where the Deno is that was installed with Aralify."""
    from deno import find_deno_bin

    return str(find_deno_bin())


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Let what is started meanwhile ignore the signal of the stop button."""
    if sys.platform == "win32":
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
