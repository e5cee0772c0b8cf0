"""Kernels of pages: forked from a warm process, apart from the server and from each other, and ended in time."""

from __future__ import annotations

import asyncio
import datetime
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from aralify_kernel.server.dashboards import OF_KERNELS
from aralify_kernel.server.kernels import warm_process as warm_process_module
from aralify_kernel.server.kernels.bindings import Viewer
from aralify_kernel.server.kernels.forked import ForkedKernel
from aralify_kernel.server.kernels.manager import UNSEEN_SEC, NoRoom, PageKernels, TooManyPages
from aralify_kernel.server.kernels.pages import Pages
from aralify_kernel.server.kernels.provisioner import warm_process
from tests.server.loops import running_loop

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("page kernels"),
    pytest.mark.skipif(sys.platform != "linux", reason="class servers run on Linux"),
]

ANA, BEN = Viewer("ana", "a-token"), Viewer("ben", "another-token")
PATIENCE_SEC = 120
SECRET = "a-secret-of-the-server"


class Running:
    """Kernels that run, and what is asked of them, one thing after the other."""

    def __init__(self, do: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
        self.do = do
        self.kernels = PageKernels(address="http://127.0.0.1:1", per_user=2)

    def start(self) -> str:
        return self.do(self.kernels.start_page_kernel(OF_KERNELS))

    def bound(self, viewer: Viewer) -> str:
        kernel_id = self.start()
        self.kernels.bindings.bind(kernel_id, viewer)
        return kernel_id

    def process(self, kernel_id: str) -> ForkedKernel | subprocess.Popen:
        return self.kernels.get_kernel(kernel_id).provisioner.process

    def run(self, kernel_id: str, code: str, during=None) -> str:
        """Run code in a kernel and return what it prints; an error is printed by its name."""
        return self.do(self._run(kernel_id, code, during))

    async def _run(self, kernel_id: str, code: str, during) -> str:
        client, printed = self.kernels.get_kernel(kernel_id).client(), []
        client.start_channels()
        try:
            await client.wait_for_ready(timeout=PATIENCE_SEC)
            busy = asyncio.Event()

            def keep(message: dict) -> None:
                content = message["content"]
                printed.append(content.get("text") or content.get("ename") or "")
                busy.set() if message["msg_type"] == "stream" else None

            running = asyncio.create_task(client.execute_interactive(code, output_hook=keep, timeout=PATIENCE_SEC))
            if during:
                await busy.wait()
                await during()
            await running
            return "".join(printed)
        finally:
            client.stop_channels()

    def wait_until(self, condition) -> None:
        deadline = time.monotonic() + PATIENCE_SEC
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.02)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """One warm process for the tests of this module, started by a server that has a secret in its environment."""
    with pytest.MonkeyPatch.context() as patch, running_loop() as do:
        patch.setenv("ARALIFY_DATABASE_URL", f"postgresql://{SECRET}@db/aralify")
        patch.setenv("SCHOOL_PASSWORD", SECRET)
        running = Running(do)
        running.kernels.connection_dir = str(tmp_path_factory.mktemp("connections"))
        yield running
        running.do(running.kernels.shutdown_all(now=True))


@pytest.fixture
def kernel(running):
    kernel_id = running.start()
    yield kernel_id
    running.do(running.kernels.end(kernel_id))


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def later(**time_passed: float) -> datetime.datetime:
    return now() + datetime.timedelta(**time_passed)


# Apart from the server and from each other


def test_a_kernel_is_forked_and_knows_nothing_of_the_server_s_environment(running, kernel):
    assert isinstance(running.process(kernel), ForkedKernel)
    told = running.run(kernel, "import json, os; print(json.dumps(dict(os.environ)))")
    known = json.loads(told.splitlines()[-1])
    assert SECRET not in told
    assert known["ARALIFY_SERVER"] == "http://127.0.0.1:1"
    assert set(known) <= {
        "PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE",
        "LC_MESSAGES", "TZ", "TMPDIR", "HOME", "IPYTHONDIR", "ARALIFY_HOME", "ARALIFY_SERVER", "ARALIFY_KERNEL_KEY",
        "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS",
        # what ipykernel sets itself
        "TERM", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "PAGER", "GIT_PAGER", "MPLBACKEND", "PYDEVD_USE_FRAME_EVAL",
    }  # fmt: skip


def test_a_page_imports_nothing_heavy_any_more(running, kernel):
    code = """
import sys
before = set(sys.modules)
from tests.dashboards.made_progress import MadeSession, make_progress
from aralify_kernel.client.http_session import HttpSession
from aralify_kernel.dashboards.my_progress import my_progress
my_progress(MadeSession(make_progress()))
print(sorted({name.partition(".")[0] for name in set(sys.modules) - before} & {"pandas", "plotly", "httpx", "narwhals"}))
"""
    assert running.run(kernel, code).splitlines()[-1] == "[]"


def test_the_warm_process_has_no_secret_no_key_and_one_thread(running, kernel):
    warm = psutil.Process(warm_process().pid)
    assert SECRET not in str(warm.environ())
    assert "ARALIFY_KERNEL_KEY" not in warm.environ()
    assert warm.num_threads() == 1
    assert warm.net_connections("inet") == []


def test_two_kernels_have_other_keys_and_other_random_numbers(running, kernel):
    other = running.start()
    code = "import os, random, numpy, uuid; print(os.environ['ARALIFY_KERNEL_KEY'], random.random(), numpy.random.rand(), uuid.uuid4())"
    first, second = running.run(kernel, code).split(), running.run(other, code).split()
    assert len(first) == 4
    assert [a == b for a, b in zip(first, second, strict=True)] == [False] * 4
    running.do(running.kernels.end(other))


def test_a_kernel_holds_no_descriptor_of_another_one(running, kernel):
    """A lifeline that a sibling held too would keep a kernel alive, or tell that one of its end."""
    others = [running.start() for _ in range(2)]
    code = "import os; print(*[os.readlink(f'/proc/self/fd/{fd}') for fd in os.listdir('/proc/self/fd') if os.path.exists(f'/proc/self/fd/{fd}')])"
    sockets = [
        {name for name in running.run(each, code).split() if name.startswith(("socket", "pipe", "anon_inode:[pidfd"))}
        for each in (kernel, *others)
    ]
    log = {str(Path(f"/proc/{warm_process().pid}/fd/{number}").readlink()) for number in (1, 2)}
    assert sockets[0] & sockets[1] <= log
    assert sockets[1] & sockets[2] <= log
    assert all("pidfd" not in name for held in sockets for name in held)
    for each in others:
        running.do(running.kernels.end(each))


# As any other kernel


def test_a_forked_kernel_is_interrupted(running, kernel):
    said = running.run(
        kernel, "print('busy', flush=True)\nwhile True: pass", during=lambda: running.kernels.interrupt_kernel(kernel)
    )
    assert "KeyboardInterrupt" in said
    assert running.run(kernel, "print(6 * 7)").strip() == "42"


def test_a_forked_kernel_is_restarted_without_what_it_knew(running, kernel):
    before = running.process(kernel).pid
    running.run(kernel, "known = 1")
    running.do(running.kernels.restart_kernel(kernel))
    assert running.run(kernel, "print('known' in dir())").strip() == "False"
    assert running.process(kernel).pid != before


def test_a_kernel_that_ended_leaves_no_process_behind(running):
    kernel_id = running.start()
    running.run(kernel_id, "pass")
    pid = running.process(kernel_id).pid
    running.do(running.kernels.shutdown_kernel(kernel_id))
    running.wait_until(lambda: not psutil.pid_exists(pid))


def test_a_kernel_that_died_is_noticed_and_forgotten(running):
    kernel_id = running.bound(ANA)
    running.process(kernel_id).kill()
    running.wait_until(lambda: not running.do(running.kernels.is_alive(kernel_id)))
    running.do(running.kernels.sweep(now()))
    assert kernel_id not in running.kernels
    assert running.kernels.bindings.viewer_of(kernel_id) is None


# Not too many, and not for ever


def test_one_page_too_many_ends_the_oldest_that_rests(running):
    oldest, newer, hers = running.bound(ANA), running.bound(ANA), running.bound(BEN)
    running.do(running.kernels.make_room("ana", later(minutes=1)))
    assert [kernel in running.kernels for kernel in (oldest, newer, hers)] == [False, True, True]
    for kernel_id in (newer, hers):
        running.do(running.kernels.end(kernel_id))


def test_a_page_that_was_closed_ends_before_an_older_one_that_is_open(running):
    opened, closed = running.bound(ANA), running.bound(ANA)
    running.kernels.notify_connect(opened)
    running.do(running.kernels.make_room("ana", later(minutes=1)))
    assert [kernel in running.kernels for kernel in (opened, closed)] == [True, False]
    running.do(running.kernels.end(opened))


def test_one_page_too_many_is_refused_while_all_are_being_used(running):
    pages = [running.bound(ANA), running.bound(ANA)]
    with pytest.raises(TooManyPages):
        running.do(running.kernels.make_room("ana", now()))
    running.do(running.kernels.make_room("ben", now()))
    for kernel_id in pages:
        assert kernel_id in running.kernels
        running.do(running.kernels.end(kernel_id))


def test_everybody_together_has_no_more_kernels_than_there_is_room_for(running, monkeypatch):
    monkeypatch.setattr(running.kernels, "most", len(running.kernels.list_kernel_ids()) + 2)
    first = running.start()

    async def two_at_once():
        both = (running.kernels.start_page_kernel(OF_KERNELS) for _ in range(2))
        return await asyncio.gather(*both, return_exceptions=True)

    second, refused = running.do(two_at_once())
    assert isinstance(refused, NoRoom)
    assert not running.kernels.has_room
    running.do(running.kernels.end(second))
    assert running.kernels.has_room
    running.do(running.kernels.end(first))


class EmptyPage:
    """Renders a page with nothing in it."""

    has_failed = False

    async def initialize(self):
        pass

    async def generate_content_generator(self, kernel_id, _):
        yield "", kernel_id


def pages_of(running):
    return Pages(running.kernels, lambda _: EmptyPage(), preheated=1, scopes=dict.fromkeys("abc", OF_KERNELS))


def test_pages_that_are_ready_for_nobody_make_way_and_then_there_is_no_room(running, monkeypatch):
    monkeypatch.setattr(running.kernels, "most", len(running.kernels.list_kernel_ids()) + 1)
    pages = pages_of(running)

    async def visit():
        pages.preheat("a")
        pages.preheat("b")
        opened = await pages.open("c", ANA, later())
        with pytest.raises(NoRoom):
            await pages.open("a", BEN, later())
        pages.preheat("a")
        assert not pages._ready["a"], "nothing is begun that has no room"
        await pages.abandon(opened)
        await pages.abandon(await pages.open("a", BEN, later()))

    running.do(visit())


def test_a_page_that_is_being_begun_when_the_server_stops_leaves_a_kernel_that_can_be_ended(running):
    before, pages = set(running.kernels.list_kernel_ids()), pages_of(running)

    async def begin_and_stop():
        pages.preheat("a")
        while not running.kernels._starting:
            await asyncio.sleep(0)
        await pages.close()
        assert not running.kernels._starting
        for kernel_id in set(running.kernels.list_kernel_ids()) - before:
            await running.kernels.shutdown_kernel(kernel_id, now=True)
        assert not running.kernels._pending_kernels

    running.do(begin_and_stop())
    assert set(running.kernels.list_kernel_ids()) == before


def test_a_kernel_ends_when_no_page_is_connected_to_it_any_more_or_ever_was(running):
    never, closed, opened, preheated = running.bound(ANA), running.bound(ANA), running.bound(BEN), running.start()
    for kernel_id in (closed, opened):
        running.kernels.notify_connect(kernel_id)
    running.do(running.kernels.sweep(now()))
    running.kernels.notify_disconnect(closed)
    running.do(running.kernels.sweep(later(seconds=1)))
    running.do(running.kernels.sweep(later(seconds=UNSEEN_SEC - 1)))
    assert all(kernel_id in running.kernels for kernel_id in (never, closed, opened, preheated))
    running.do(running.kernels.sweep(later(seconds=UNSEEN_SEC + 2)))
    assert [kernel in running.kernels for kernel in (never, closed, opened, preheated)] == [False, False, True, True]
    for kernel_id in (opened, preheated):
        running.do(running.kernels.end(kernel_id))


def test_a_kernel_ends_when_its_page_did_nothing_for_long(running):
    kernel_id, preheated = running.bound(ANA), running.start()
    running.kernels.notify_connect(kernel_id)
    running.do(running.kernels.sweep(later(minutes=9)))
    assert kernel_id in running.kernels
    running.do(running.kernels.sweep(later(minutes=11)))
    assert [kernel in running.kernels for kernel in (kernel_id, preheated)] == [False, True]
    running.do(running.kernels.end(preheated))


def test_the_kernels_of_a_sign_in_end_with_it(running):
    hers, elsewhere = running.bound(ANA), running.bound(Viewer("ana", "her-other-computer"))
    running.do(running.kernels.end_all_of("ana", ANA.token))
    assert [kernel in running.kernels for kernel in (hers, elsewhere)] == [False, True]
    running.do(running.kernels.end(elsewhere))


# When the warm process is gone


def test_kernels_outlive_the_warm_process_and_the_next_one_has_a_new_one(running, kernel):
    running.run(kernel, "kept = 'kept'")
    old = warm_process().pid
    os.kill(old, signal.SIGKILL)
    assert running.run(kernel, "print(kept)").strip() == "kept"
    following = running.start()
    assert isinstance(running.process(following), ForkedKernel)
    assert warm_process().pid != old
    running.do(running.kernels.end(following))


def test_a_kernel_starts_in_the_ordinary_way_when_none_can_be_forked(running, monkeypatch):
    warm_process().close()
    monkeypatch.setattr(warm_process_module, "PROGRAM", "aralify_kernel.no_such_program")
    kernel_id = running.start()
    assert isinstance(running.process(kernel_id), subprocess.Popen)
    assert running.run(kernel_id, "import os; print('SCHOOL_PASSWORD' in os.environ)").strip() == "False"
    running.do(running.kernels.end(kernel_id))


def test_kernels_and_the_warm_process_end_with_a_server_that_is_killed(tmp_path):
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True, cwd=tmp_path,
                              env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)})  # fmt: skip
    pids = [int(word) for word in server.stdout.readline().split()]
    assert all(map(psutil.pid_exists, pids))
    server.kill()
    server.wait()
    server.stdout.close()
    assert psutil.wait_procs([psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)], PATIENCE_SEC)[1] == []


SERVER = """
import asyncio, time
from aralify_kernel.server.kernels.manager import PageKernels
from aralify_kernel.server.kernels.provisioner import warm_process
from tests.server.loops import running_loop

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
async def serve():
    kernels = PageKernels(address="http://127.0.0.1:1")
    pids = [kernels.get_kernel(await kernels.start_page_kernel(OF_KERNELS)).provisioner.process.pid for _ in range(2)]
    print(warm_process().pid, *pids, flush=True)
    time.sleep(1000)
asyncio.run(serve())
"""
