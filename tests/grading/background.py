"""A background grader of a test's own: where it lives, which processes are it, and its certain end."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

import psutil

from aralify_kernel.settings import load


class Background:
    """A runtime folder with a short name (a socket's path may have a hundred characters), and what runs in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = Path(tempfile.mkdtemp(prefix="aralify-test-")) / "run"

    def variables(self, **more: str) -> dict[str, str]:
        return {
            "ARALIFY_HOME": str(self.home),
            "ARALIFY_RUNTIME": str(self.folder),
            "ARALIFY_JUDGE_TIME_LIMIT_SEC": "2",
            "ARALIFY_JUDGE_IDLE_MINUTES": "5",
            **more,
        }

    def settings(self, **more: str):
        return load(self.variables(**more))

    def processes(self) -> list[psutil.Process]:
        """Return the background graders that run here; not what they started."""
        found = []
        for process in psutil.process_iter():
            try:
                arguments = process.cmdline()
            except psutil.Error:
                continue
            if "aralify_kernel.grading.shared" in arguments and any(str(self.folder) in one for one in arguments):
                found.append(process)
        return found

    def the_process(self) -> psutil.Process:
        (process,) = self.processes()
        return process

    def wait_until_busy(self) -> psutil.Process:
        """Wait until an attempt computes in the one background grader, which is returned."""
        before: dict[int, float] = {}

        def is_busy() -> bool:
            started = {one.pid: seconds_of(one) for process in self.processes() for one in below(process)}
            return any(seconds > before.setdefault(pid, seconds) + 0.3 for pid, seconds in started.items())

        wait_until(is_busy)
        return self.the_process()

    def clear(self) -> None:
        for process in self.processes():
            started = below(process)
            for one in (process, *started):
                try:
                    one.resume()
                    one.kill()
                except psutil.NoSuchProcess:
                    pass
            psutil.wait_procs([process, *started], timeout=10)
        shutil.rmtree(self.folder.parent)


def below(process: psutil.Process) -> list[psutil.Process]:
    """Return what a process started, and what that started."""
    while True:
        try:
            return process.children(recursive=True)
        except psutil.NoSuchProcess:  # one of them ended in the moment of looking
            if not process.is_running():
                return []


def seconds_of(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return times.user + times.system


def is_gone(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_until(holds, seconds=60.0):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)
