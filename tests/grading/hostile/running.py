"""Tries every hostile answer in one mode, with neighbours, and prints what went wrong as JSON.

A program of its own, so that it can be run as another user: `python -m tests.grading.hostile.running MODE [few]`, with a home
and a folder for temporary files of its own, which must be empty, and a secret in its environment.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil

from aralify_kernel.domain.judging import Isolation, JudgeTask, Verdict, makes_classes
from aralify_kernel.grading import open_grader
from aralify_kernel.grading.sandbox import probe
from aralify_kernel.settings import load
from tests.grading.conftest import checks_of
from tests.grading.hostile.harming import HARMING
from tests.grading.hostile.lying import LYING
from tests.grading.hostile.reaching import REACHING
from tests.grading.hostile.rows import CHECKS, RIGHT

AT_ONCE = 4
SECRETS = ("environment-secret", "home-secret", "hidden-secret", "expected-secret", "1013", "71923")
"""What nobody may be told."""
_WRITABLE = ("/", "/tmp", "/var/tmp", "/dev/shm", "/dev", "/usr/lib")  # noqa: S108 - looked at, not written
_BE_SUBREAPER = 36


def rows(few_lies):
    """Every answer that this processor can be asked for, by its name; of those that lie each, or one in five."""
    reaching = REACHING if platform.machine() == "x86_64" else {}
    return {**HARMING, **dict(list(LYING.items())[:: 5 if few_lies else 1]), **reaching}


def task(source, checks):
    return JudgeTask("python", (), ("area", "found"), source, checks_of(*checks), has_classes=makes_classes(source))


HONEST = task(RIGHT, CHECKS)


class World:
    """What an answer may want to get at: a home, a server, a socket, a process, in an environment with a secret."""

    def __init__(self, stack: ExitStack) -> None:
        self.home = Path(os.environ["ARALIFY_HOME"])
        for name in ("aralify.db", "aralify.toml"):
            (self.home / name).write_text("home-secret")
        self.server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        self.here = stack.enter_context(socket.socket(socket.AF_UNIX))
        self.here.bind(str(self.home / "socket"))
        self.abstract = stack.enter_context(socket.socket(socket.AF_UNIX))
        self.abstract.bind(f"\0aralify-hostile-{os.getpid()}")
        self.servers = (self.server, self.here, self.abstract)
        for server in self.servers:
            server.listen()
            server.setblocking(False)
        self.victim = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
        stack.callback(self.victim.wait)
        stack.callback(self.victim.kill)
        self.left = f"aralify-left-{os.getpid()}"

    def put_into(self, source: str) -> str:
        package = Path(sys.modules["aralify_kernel"].__file__).parent
        names = {
            "@home": self.home, "@owner": os.getpid(), "@victim": self.victim.pid, "@left": self.left,
            "@port": self.server.getsockname()[1], "@package": package,
            "@abstract": f"aralify-hostile-{os.getpid()}",
        }  # fmt: skip
        for name, what in names.items():
            source = source.replace(name, str(what))
        return source

    def harm(self):
        """What has happened to it."""
        if self.victim.poll() is not None:
            yield "another process was ended"
        for server in self.servers:
            with suppress(BlockingIOError):
                server.accept()[0].close()
                yield "somebody connected"
        if any((self.home / name).read_text() != "home-secret" for name in ("aralify.db", "aralify.toml")):
            yield "the home was changed"
        for folder in (*_WRITABLE, self.home):
            if (Path(folder) / self.left).exists():
                yield f"a file is left in {folder}"
        if self.left in Path("/proc/net/unix").read_text():
            yield "a socket is left"
        if any(str(0x41524C59) in Path(f"/proc/sysvipc/{kind}").read_text() for kind in ("shm", "sem", "msg")):
            yield "something of System V is left"


class Trial:
    """All answers in one mode."""

    def __init__(self, isolation: Isolation, world: World) -> None:
        self.isolation = isolation
        self.world = world
        settings = load({"ARALIFY_HOME": str(world.home), "ARALIFY_JUDGE_TIME_LIMIT_SEC": "0.5"})
        self.grader = open_grader(settings, isolation)
        self.problems: list[str] = []
        self.running: set[str] = set()
        self.is_over = threading.Event()

    def run(self, *, few_lies: bool) -> int:
        """Try all, fill `problems`; return how many there were."""
        self.grader.judge(HONEST)
        tried = {name: row for name, row in rows(few_lies).items() if self.isolation in row.held}
        neighbour = threading.Thread(target=self.live_beside)
        neighbour.start()
        with ThreadPoolExecutor(AT_ONCE) as threads:
            list(threads.map(self.try_, tried, tried.values()))
        self.is_over.set()
        neighbour.join()
        below = psutil.Process().children(recursive=True)
        self.grader.close()
        self.look_for_leftovers(below)
        return len(tried)

    def live_beside(self) -> None:
        """Be judged all the time, and rightly."""
        while not self.is_over.wait(0.3):
            beside = sorted(self.running)
            if (verdict := self.grader.judge(HONEST).verdict) is not Verdict.PASSED:
                self.problems.append(f"a neighbour of {beside} and {sorted(self.running)}: {verdict}")

    def try_(self, name, row) -> None:
        self.running.add(name)
        try:
            judgement = self.grader.judge(task(self.world.put_into(row.source), row.checks))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a problem
            self.problems.append(f"{name}: {error!r}")
            return
        finally:
            self.running.discard(name)
        if judgement.verdict not in row.verdicts or judgement.points > row.points:
            got = [check.message or check.got for check in judgement.checks if not check.passed]
            self.problems.append(f"{name}: {judgement.verdict} with {judgement.points}, {judgement.error}, {got}"[:600])
        told = json.dumps([judgement.as_json("en"), judgement.as_json("fil")])
        self.problems += [f"{name}: it is told {secret}" for secret in SECRETS if secret in told]
        if (verdict := self.grader.judge(HONEST).verdict) is not Verdict.PASSED:
            self.problems.append(f"the next after {name}: {verdict}")

    def look_for_leftovers(self, below) -> None:
        victim = self.world.victim.pid
        end = time.monotonic() + 10
        while left := [one for one in {*below, *psutil.Process().children(recursive=True)} if _runs(one, victim)]:
            if time.monotonic() > end:
                self.problems.append(f"processes are left: {left}")
                break
            time.sleep(0.05)
        if files := list(Path(os.environ["TMPDIR"]).iterdir()):
            self.problems.append(f"files are left: {files}")
        self.problems += self.world.harm()


def _runs(process, victim) -> bool:
    try:
        return process.pid != victim and process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def main() -> None:
    """Try them and print `{"tried": …, "problems": […]}`, or `{"not_offered": …}`."""
    isolation = Isolation(sys.argv[1])
    mode = next(mode for mode in probe.probe().modes if mode.isolation is isolation)
    if not mode.offered:
        print(json.dumps({"not_offered": mode.reason}))
        return
    ctypes.CDLL(None).prctl(_BE_SUBREAPER, 1, 0, 0, 0)  # whose parent has ended is ours
    with ExitStack() as stack:
        trial = Trial(isolation, World(stack))
        tried = trial.run(few_lies="few" in sys.argv[2:])
        print(json.dumps({"tried": tried, "problems": trial.problems}))


if __name__ == "__main__":
    main()
