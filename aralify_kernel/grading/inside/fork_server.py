"""A warm Python that forks one process per attempt.

It never reads a source or a check: it is handed descriptors and gives them to the child. A few children stand ready
behind their walls (spares), so that an attempt costs the passing of descriptors.

On its control socket come the name of a program, padded to 16 bytes, and descriptors. The first is the lease: closing
the other end of it has the child killed, and when the child ends its exit status and computing time are written to it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from typing import Any, Final

from aralify_kernel.grading.inside.program import add_notebook_builtins, hide_aralify
from aralify_kernel.grading.sandbox import folders, walls
from aralify_kernel.grading.sandbox.limits import FILE_BYTES, mapped_bytes

PROGRAMS: Final = {
    "attempt": "here",
    "judge": "judge",
    "learner": "learner",
}
"""By name, the module of this package whose `run(descriptors)` is the program."""
NAME_BYTES: Final = 16
MAX_DESCRIPTORS: Final = 8
READY: Final = b"ready"
_FAILED: Final = 97
_LOOK_SECONDS: Final = 0.1
_DISK_BYTES: Final = FILE_BYTES * 3 // 2


@dataclasses.dataclass
class Child:
    """One forked process; `line` hands a spare its descriptors, `lease` is there once it is in use."""

    pid: int
    line: socket.socket | None
    scratch: str | None
    lease: socket.socket | None = None
    is_over_disk: bool = False


class ForkServer:
    """The loop of the server. Ends when the control socket closes."""

    def __init__(self, control: socket.socket, config: dict[str, Any]) -> None:
        self._control = control
        self._config = config
        memory_mb = config["memory_mb"]
        self._walls = walls.Walls(
            mode=config["mode"],
            cpu_seconds=config["cpu_seconds"],
            memory_bytes=mapped_bytes() + memory_mb * 1024 * 1024 if memory_mb else None,
            read=tuple(config["read"]),
            has_own_files=config["has_own_files"],
        )
        self._programs = {
            name: importlib.import_module(f"aralify_kernel.grading.inside.{PROGRAMS[name]}")
            for name in config["programs"]
        }
        self._children: dict[int, Child] = {}
        self._spares: list[Child] = []
        self._made = 0
        self._wake, self._woken = socket.socketpair()
        self._wake.setblocking(False)
        self._woken.setblocking(False)
        signal.set_wakeup_fd(self._woken.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def run(self) -> None:
        """Serve until the owner is gone."""
        for _ in range(self._config["spares"]):
            self._spares.append(self._fork())
        self._control.send(READY)
        while True:
            for descriptor in self._events():
                if descriptor == self._control.fileno():
                    self._start()
                elif descriptor == self._wake.fileno():
                    with contextlib.suppress(BlockingIOError):
                        self._wake.recv(4096)
                    self._reap()
                else:
                    self._give_up(descriptor)
            self._look_at_disks()
            if self._lacks_spares() and not select.select([self._control], [], [], 0)[0]:
                self._spares.append(self._fork())

    def _lacks_spares(self) -> bool:
        """Return whether to fork one more now: beside an attempt that computes, only when none is left."""
        wanted = self._config["spares"] if len(self._spares) == len(self._children) else 1
        return len(self._spares) < wanted

    def _events(self) -> list[int]:
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(self._wake, select.POLLIN)
        for child in self._children.values():
            if child.lease:
                poll.register(child.lease, select.POLLIN)
        is_looking = any(child.lease and child.scratch for child in self._children.values())
        return [descriptor for descriptor, _ in poll.poll(_LOOK_SECONDS * 1000 if is_looking else None)]

    def _start(self) -> None:
        name, descriptors, _, _ = socket.recv_fds(self._control, NAME_BYTES, MAX_DESCRIPTORS)
        if not name:
            self._end()
        self._reap()  # no spare that has died meanwhile
        lease = socket.socket(fileno=descriptors[0])
        child = self._spares.pop(0) if self._spares else self._fork()
        assert child.line  # noqa: S101
        with contextlib.suppress(OSError):  # it is dead: the lease will say so
            socket.send_fds(child.line, [name], descriptors[1:])
        child.line.close()
        child.line = None
        child.lease = lease
        for descriptor in descriptors[1:]:
            os.close(descriptor)
        if child.pid not in self._children:  # a spare that had died
            lease.close()

    def _give_up(self, descriptor: int) -> None:
        for child in self._children.values():
            if child.lease and child.lease.fileno() == descriptor:
                _kill(child.pid)
                child.lease.close()
                child.lease = None
                return

    def _reap(self) -> None:
        while True:
            try:
                pid, status, used = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            child = self._children.pop(pid, None)
            if child:
                _kill(pid, group_only=True)
                self._tell_end(child, os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime)

    def _tell_end(self, child: Child, status: int, cpu_seconds: float) -> None:
        if child in self._spares:
            self._spares.remove(child)
        if child.line:
            child.line.close()
        if child.lease:
            if status != _FAILED:
                with contextlib.suppress(OSError):
                    child.lease.send(b"%d %.3f %d" % (status, cpu_seconds, child.is_over_disk))
            child.lease.close()
        if child.scratch:
            _remove_aside(child.scratch)

    def _look_at_disks(self) -> None:
        for child in self._children.values():
            if child.lease and child.scratch and folders.is_larger(child.scratch, _DISK_BYTES):
                child.is_over_disk = True
                _kill(child.pid)

    def _end(self) -> None:
        for child in list(self._children.values()):
            _kill(child.pid)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child.pid, 0)
            if child.scratch:
                folders.remove(child.scratch)
        os._exit(0)

    def _fork(self) -> Child:
        scratch = None
        if self._config["scratch_root"] and self._config["has_own_files"]:
            self._made += 1
            scratch = f"{self._config['scratch_root']}/{os.getpid()}-{self._made}"
            os.mkdir(scratch, 0o700)  # noqa: PTH102
        here, there = socket.socketpair()
        pid = os.fork()
        if pid:
            there.close()
            self._children[pid] = child = Child(pid, here, scratch)
            return child
        try:
            self._be_child(there, scratch)
        except BaseException as error:  # noqa: BLE001 - a child never returns into the loop
            with contextlib.suppress(OSError):
                os.write(2, f"{type(error).__name__}: {error}\n".encode())
        os._exit(_FAILED)

    def _be_child(self, line: socket.socket, scratch: str | None) -> None:
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        walls.die_with_parent()
        kept = os.dup2(line.fileno(), _CLEAR_OF_OTHERS)
        line.detach()
        os.closerange(3, kept)
        os.closerange(kept + 1, 4096)
        about = self._walls
        if scratch:
            os.chdir(scratch)
            os.environ["HOME"] = os.environ["TMPDIR"] = scratch  # noqa: TID251 - the child's own
        if self._config["scratch_root"]:
            about = dataclasses.replace(about, write=(scratch or self._config["scratch_root"],))
        walls.put_up(about)
        with socket.socket(fileno=kept) as waiting:
            name, descriptors, _, _ = socket.recv_fds(waiting, NAME_BYTES, MAX_DESCRIPTORS)
        if name:
            self._programs[name.rstrip().decode()].run(descriptors)
        os._exit(0)


_CLEAR_OF_OTHERS: Final = 200


def _remove_aside(folder: str) -> None:
    """Remove `folder` while this process goes on: no neighbour waits for what somebody has heaped up."""
    try:
        os.rmdir(folder)  # noqa: PTH106 - most answers write no file
    except OSError:
        if not os.fork():
            try:
                folders.remove(folder)
            finally:
                os._exit(0)


def _kill(pid: int, *, group_only: bool = False) -> None:
    for kill in (os.killpg,) if group_only else (os.killpg, os.kill):
        with contextlib.suppress(OSError):
            kill(pid, signal.SIGKILL)


def run(arguments: list[str]) -> None:
    """Be the server: `arguments` are the number of the control socket and the configuration in JSON."""
    config = json.loads(arguments[1])
    control = socket.socket(fileno=int(arguments[0]))
    sys.path += config["path"]
    sys.dont_write_bytecode = True
    if config["leaves_root"]:
        walls.leave_root()
    for package in config["preload"]:
        with contextlib.suppress(ImportError):  # the learner's code then says what is missing
            importlib.import_module(package)
    server = ForkServer(control, config)
    add_notebook_builtins()
    hide_aralify()
    gc.collect()
    gc.freeze()
    server.run()
