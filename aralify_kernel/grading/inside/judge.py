"""The judge's side: holds the checks, asks the learner's side, compares here and decides."""

from __future__ import annotations

import asyncio
import builtins
import inspect
import io
import os
import random
import socket
import sys
import types
from typing import Any, Final

from aralify_kernel.grading.inside import sources, stages
from aralify_kernel.grading.inside.frames import TooLarge
from aralify_kernel.grading.inside.peer import Peer
from aralify_kernel.grading.inside.report import Console, Report
from aralify_kernel.grading.inside.standins import is_standin
from aralify_kernel.grading.inside.there import There, Watch
from aralify_kernel.grading.inside.values import Garbled


class _Builtins(dict[str, Any]):
    """What a check finds where it has no name of its own; the body of a class looks nowhere else."""

    def __init__(self, names: Names, theirs: frozenset[str]) -> None:
        super().__init__(vars(builtins))
        self._names = names
        self._theirs = theirs

    def __getitem__(self, name: str) -> Any:
        if name not in self._theirs and hasattr(builtins, name):
            return getattr(builtins, name)  # as it is now: a check may have put its own `input` there
        return self._names[name]


class Names(dict[str, Any]):
    """What a check finds under which name: its own names, then the learner's, then Python's."""

    def __init__(self, peer: Peer, theirs: frozenset[str]) -> None:
        super().__init__(__name__="__main__", __builtins__=_Builtins(self, theirs))
        self._peer = peer
        self._theirs = theirs
        """Names that are the learner's even where Python has them too."""

    def __missing__(self, name: str) -> Any:
        found, value = self._look_up(name)
        if not found:
            raise KeyError(name)
        return value

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or (isinstance(name, str) and self._look_up(name)[0])

    def get(self, name: str, default: Any = None) -> Any:
        """Return what stands under `name`, as `globals().get` does."""
        try:
            return self[name]
        except KeyError:
            return default

    def _look_up(self, name: str) -> tuple[bool, Any]:
        if name.startswith("__") or (hasattr(builtins, name) and name not in self._theirs):
            return False, None
        found, value = self._peer.ask("name", name)
        return bool(found), value


class _Main(types.ModuleType):
    """`__main__` as `unittest` and others look at it."""

    def __init__(self, names: Names) -> None:
        super().__init__("__main__")
        self._names = names

    def __getattr__(self, name: str) -> Any:
        try:
            return self._names[name]
        except KeyError:
            raise AttributeError(name) from None

    def __dir__(self) -> list[str]:
        return list(self._names)


class _JudgePeer(Peer):
    """The judge's end of the line: nothing that the learner's side says can end anything but the attempt."""

    def __init__(self, watch: Watch, *, is_strict: bool) -> None:
        super().__init__(watch, is_judge=True, is_strict=is_strict)
        self._watch = watch
        self._input = builtins.input
        self.questions = {name: self.questions[name] for name in ("call", "method", "special", "get", "set", "plain")}
        self.questions |= {"input": self.answer_input, "line": lambda: sys.stdin.readline()}

    def ask(self, question: str, *given: Any, **named: Any) -> Any:
        """Return the other side's answer. See `Peer.ask`."""
        try:
            return super().ask(question, *given, **named)
        except Garbled:
            self._watch.garbled()
        except MemoryError as error:
            if not hasattr(error, "aralify_told"):  # ours, over what they sent
                self._watch.limit("memory")
            raise
        except TooLarge:
            raise ValueError("this value is too large to be given to the learner's code") from None

    def answer_input(self, prompt: str) -> str:
        """Return the line that this check gives to `input(prompt)`."""
        if builtins.input is not self._input:
            return str(builtins.input(prompt))
        sys.stdout.write(prompt)
        line = sys.stdin.readline()
        if not line:
            raise EOFError("EOF when reading a line")
        return line.removesuffix("\n")


_SEEDED: Final = "random"


def _share_seeds(peer: Peer) -> None:
    """Have a check's `random.seed(…)` and `numpy.random.seed(…)` begin the learner's random numbers anew too."""
    own_seed = random.seed

    def seed(a: Any = None, version: int = 2) -> None:
        own_seed(a, version)
        if a is not None:
            peer.ask("seed", _SEEDED, a)

    random.seed = seed
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy_seed = numpy.random.seed

        def seed_numpy(value: Any = None) -> None:
            numpy_seed(value)
            if value is not None:
                peer.ask("seed", "numpy", value)

        numpy.random.seed = seed_numpy


def _await_there(peer: Peer) -> None:
    """Have `asyncio.run` of a learner's coroutine run it where it lives."""
    own_run = asyncio.run

    def run_(main: Any, **options: Any) -> Any:
        return peer.ask("await", main) if is_standin(main) else own_run(main, **options)

    asyncio.run = run_


def _show_sources(source: str) -> None:
    """Have `inspect.getsource` of a learner's function find it in the source that the judge holds."""
    own = inspect.getsource

    def getsource(thing: Any) -> str:
        return sources.of(source, thing.__qualname__) if is_standin(thing) else own(thing)

    inspect.getsource = getsource  # type: ignore[assignment]


def run(descriptors: list[int]) -> None:
    """Judge one attempt: descriptors are the lines to the host and the learner's side, and what is printed there."""
    host, conversation, out, errors = descriptors
    report = Report(host)
    watch = Watch(socket.socket(fileno=conversation), out, errors, report)
    os.fchdir(watch.receive_descriptor())
    task = stages.read_task(host)
    console = Console(report)
    sys.stdin = io.StringIO()
    sys.argv = [""]
    peer = _JudgePeer(watch, is_strict=not task["has_classes"])
    names = Names(peer, frozenset(task["theirs"]))
    sys.modules["__main__"] = _Main(names)
    _share_seeds(peer)
    _await_there(peer)
    _show_sources(task["source"])
    try:
        there = There(task, peer, watch, names)
        if task["files"]:
            peer.ask("files", task["files"])
        stages.Attempt(task, report, console, there).run()
    finally:
        watch.end_if_over()
        os._exit(0)
