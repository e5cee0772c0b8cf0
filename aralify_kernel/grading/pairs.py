"""Runs attempts in pairs of warm fork servers: one for learners' code, one for the judge. Linux and macOS."""

from __future__ import annotations

import contextlib
import math
import os
import select
import socket
import threading
import time
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.judging import Isolation
from aralify_kernel.grading import warm
from aralify_kernel.grading.traces import Event, Trace, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aralify_kernel.grading.programs import Program

_REPORT_BYTES: Final = 8 * 1024 * 1024
_GRACE_SECONDS: Final = 2.0
_ENDING_SECONDS: Final = 2.0
_MAX_PAIRS: Final = 3
_JUDGE_CPU_SECONDS: Final = 60
_JUDGE_MEMORY_MB: Final = 1024
_TERMINAL: Final = ("done", "died", "late", "garbled", "limit")


class Pair:
    """Two fork servers with the same packages loaded.

    Raises:
        OSError: They did not start.
    """

    def __init__(self, isolation: Isolation, cpu_seconds: float, memory_mb: int, preload: tuple[str, ...]) -> None:
        self._scratch_root = "" if isolation is Isolation.NAMESPACES else warm.make_scratch_root()
        self._servers: list[warm.WarmServer] = []
        self.users = 0
        """How many attempts run in it."""
        try:
            for programs, has_own_files, seconds, memory in (
                (("learner", "attempt"), True, math.ceil(3 * cpu_seconds) + 1, memory_mb),
                (("judge",), False, _JUDGE_CPU_SECONDS, _JUDGE_MEMORY_MB),
            ):
                plan = warm.Plan(
                    isolation, programs, has_own_files, seconds, memory, preload, scratch_root=self._scratch_root
                )
                self._servers.append(warm.WarmServer(plan))
            for server in self._servers:
                server.wait_until_ready()
        except OSError:
            self.close()
            raise

    @property
    def learner(self) -> warm.WarmServer:
        """What forks processes for learners' code."""
        return self._servers[0]

    @property
    def judge(self) -> warm.WarmServer:
        """What forks judges."""
        return self._servers[1]

    @property
    def is_alive(self) -> bool:
        """Whether both still run."""
        return all(server.is_alive for server in self._servers)

    def close(self) -> None:
        """End both and all they forked."""
        for server in self._servers:
            server.close()
        if self._scratch_root:
            warm.remove_scratch_root(self._scratch_root)


class PairRunner:
    """Runs attempts in pairs, which it starts when they are needed, one for each set of packages.

    Args:
        isolation: What is to be around them; this machine must offer it.
        cpu_seconds: Computing time of an attempt.
        memory_mb: Memory of an attempt beyond what is loaded for it.
    """

    def __init__(self, isolation: Isolation, cpu_seconds: float, memory_mb: int) -> None:
        self._isolation = isolation
        self._cpu_seconds = cpu_seconds
        self._memory_mb = memory_mb
        self._pairs: dict[tuple[str, ...], Pair] = {}
        self._retired: list[Pair] = []
        """Those in which attempts still run."""
        self._lock = threading.Lock()
        self._is_closed = False

    def run(self, program: Program, deadline_seconds: float) -> Trace:
        """Run `program` and return what came of it.

        Raises:
            OSError: It could not be run, or this runner is closed.
        """
        try:
            return self._run(program, deadline_seconds)
        except OSError:  # the attempt did not begin, or the judge is gone; that pair is used no more
            return self._run(program, deadline_seconds)

    def _run(self, program: Program, deadline_seconds: float) -> Trace:
        run = _run_together if program.is_same_process else _run_apart
        with self._leased(tuple(sorted(program.packages))) as pair:
            return run(pair, program.packed(), deadline_seconds + _GRACE_SECONDS)

    @contextlib.contextmanager
    def _leased(self, packages: tuple[str, ...]) -> Iterator[Pair]:
        """Keep a running pair that has `packages` loaded; one that fails is not used again.

        Raises:
            OSError: It did not start, or this runner is closed.
        """
        with self._lock:
            pair = self._running(packages)
            pair.users += 1
        try:
            yield pair
        except OSError:
            with self._lock:
                self._retire(packages, pair)
            raise
        finally:
            with self._lock:
                pair.users -= 1
                is_over = pair in self._retired and not pair.users
                if is_over:
                    self._retired.remove(pair)
            if is_over:
                pair.close()

    def _running(self, packages: tuple[str, ...]) -> Pair:
        if self._is_closed:
            raise OSError("the grader is closed")
        pair = self._pairs.get(packages)
        if pair and not pair.is_alive:
            self._retire(packages, pair)
        pair = self._pairs.pop(packages, None) or Pair(self._isolation, self._cpu_seconds, self._memory_mb, packages)
        self._pairs[packages] = pair  # the last used is the last in order
        for oldest in list(self._pairs)[:-_MAX_PAIRS]:
            self._retire(oldest, self._pairs[oldest])
        return pair

    def _retire(self, packages: tuple[str, ...], pair: Pair) -> None:
        """Give `pair` to nobody any more, and end it once nothing runs in it."""
        if self._pairs.get(packages) is pair:
            del self._pairs[packages]
        if not pair.users:
            pair.close()
        elif pair not in self._retired:
            self._retired.append(pair)

    def close(self) -> None:
        """End every attempt that still runs, and run no more."""
        with self._lock:
            self._is_closed = True
            pairs, self._pairs = [*self._pairs.values(), *self._retired], {}
        for pair in pairs:
            pair.close()


def _run_apart(pair: Pair, packed: bytes, seconds: float) -> Trace:
    """Run the learner's code and the checks in a process each.

    Raises:
        OSError: A fork server is gone, or something killed the judge.
    """
    with contextlib.ExitStack() as stack:
        mine, judges = (stack.enter_context(end) for end in socket.socketpair())
        asked, asking = (stack.enter_context(end) for end in socket.socketpair())
        out, to_out, errors, to_errors = stack.enter_context(_pipes(2))
        learner = pair.learner.fork("learner", [asked.fileno(), to_out, to_errors])
        stack.callback(learner.close)
        judge = pair.judge.fork("judge", [judges.fileno(), asking.fileno(), out, errors])
        stack.callback(judge.close)
        for theirs in (judges, asked, asking):
            theirs.close()
        trace = _collect(mine, packed, seconds)
        if not trace.has(*_TERMINAL) and not trace.is_late and _was_killed(judge):
            raise OSError("the judge was killed before it had said how the attempt ended")
        if trace.has("died"):
            _add_ending(trace, learner.ending(_ENDING_SECONDS))
        return trace


def _was_killed(judge: warm.Lease) -> bool:
    """Whether no check ended it: a check that calls `os._exit` is its author's mistake, to be told as one."""
    ending = judge.ending(_ENDING_SECONDS)
    return ending is None or ending.status < 0


def _run_together(pair: Pair, packed: bytes, seconds: float) -> Trace:
    """Run the learner's code and the checks in one process, behind the same walls."""
    with contextlib.ExitStack() as stack:
        mine, theirs = (stack.enter_context(end) for end in socket.socketpair())
        attempt = pair.learner.fork("attempt", [theirs.fileno()])
        stack.callback(attempt.close)
        theirs.close()
        trace = _collect(mine, packed, seconds)
        if not trace.has(*_TERMINAL) and not trace.is_late:
            trace.events.append(Event("died", {}))
            _add_ending(trace, attempt.ending(_ENDING_SECONDS))
        return trace


@contextlib.contextmanager
def _pipes(count: int) -> Iterator[list[int]]:
    ends = [end for _ in range(count) for end in os.pipe()]
    try:
        yield ends
    finally:
        for end in ends:
            os.close(end)


def _collect(line: socket.socket, packed: bytes, seconds: float) -> Trace:
    """Send the program, read until the attempt is done, has ended, or says more than any honest one can."""
    received, end = bytearray(), time.monotonic() + seconds
    with contextlib.suppress(OSError):  # it died at once: the empty report says so
        line.settimeout(seconds)
        line.sendall(packed)
        while len(received) < _REPORT_BYTES and not received.endswith(b"\ndone\n"):
            if not select.select([line], [], [], max(0.0, end - time.monotonic()))[0]:
                break
            piece = line.recv(65536)
            if not piece:
                break
            received += piece
    trace = parsed(bytes(received))
    trace.is_late = time.monotonic() >= end and not trace.has(*_TERMINAL)
    return trace


def _add_ending(trace: Trace, ending: warm.Ending | None) -> None:
    """Add how the learner's process ended; where nobody knows, it is as if it had been killed."""
    if ending is None:
        trace.status = -9
    elif ending.is_over_disk:
        trace.events.append(Event("limit", {"kind": "file"}))
    else:
        trace.status = ending.status
