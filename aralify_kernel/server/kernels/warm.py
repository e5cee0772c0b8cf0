"""The program of the warm process: it imports once what every page needs, and each kernel is a fork of it.

A fork shares the memory of what was imported and starts in a third of the time. What must not be shared is kept apart:

* no thread runs and no socket but `control` is open when it forks; ipykernel's threads and sockets begin in the kernel;
* it is started with the environment that every such kernel has, without a key: the key arrives with the request and
  exists in the forked kernel only;
* the generators of random numbers are seeded anew in each kernel.

`control` is a pair of sockets without a name, so that only the server that started this can ask. When it is closed,
this process ends, and so does every kernel, which holds one end of a `lifeline`.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import random
import selectors
import signal
import socket
import sys
import threading
import time
import traceback
from typing import Any, NoReturn

READY = b"ready"
LONGEST_REQUEST = 1 << 16
PAGES = "aralify_kernel.dashboards.ahead"
"""Another face, which knows what its pages need."""


def main() -> None:
    """Import, say that this is ready, and fork a kernel for each request until `control` is closed."""
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    _import_what_pages_need()
    _require_one_thread()
    gc.collect()
    gc.freeze()  # a collection in a kernel would otherwise copy the pages it only looks at
    control.send(READY)
    _serve(control)


def _import_what_pages_need() -> None:
    importlib.import_module("ipykernel.kernelapp")
    importlib.import_module(PAGES).prepare()


def _require_one_thread() -> None:
    """A lock that another thread holds at the fork is held for ever in the kernel: better no warm process at all."""
    threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208 - only their number
    if threads > 1:
        raise RuntimeError(f"{threads} threads run; only a process with one can be forked safely")


def _serve(control: socket.socket) -> None:
    kernels: set[int] = set()
    with selectors.PollSelector() as events:  # the one that needs no descriptor, which kernels would inherit
        events.register(control, selectors.EVENT_READ)
        while True:
            for event, _ in events.select():
                if event.fileobj is not control:
                    _reap(event.fd)
                    events.unregister(event.fd)
                    kernels.remove(event.fd)
                elif (kernel := _answer(control, kernels)) is None:
                    return
                else:
                    events.register(kernel, selectors.EVENT_READ)
                    kernels.add(kernel)


def _reap(pidfd: int) -> None:
    os.waitid(os.P_PIDFD, pidfd, os.WEXITED)
    os.close(pidfd)


def _answer(control: socket.socket, kernels: set[int]) -> int | None:
    """Fork a kernel as asked, tell the server who it is, and return its pidfd; None when there is no server any more."""
    message, descriptors, _, _ = socket.recv_fds(control, LONGEST_REQUEST, 1)
    if not message:
        return None
    request = json.loads(message)
    lifeline = socket.socket(fileno=descriptors[0])
    has_own_group, tells = os.pipe()
    pid = os.fork()
    if pid == 0:
        control.close()
        for descriptor in (*kernels, has_own_group):
            os.close(descriptor)
        os.setsid()
        os.close(tells)
        _become_kernel(request, lifeline)
    lifeline.close()
    os.close(tells)
    os.read(has_own_group, 1)  # the server signals the kernel's group: there must be one before it knows of the kernel
    os.close(has_own_group)
    pidfd = os.pidfd_open(pid)  # it is this process's child and not reaped yet: the number still means it
    socket.send_fds(control, [str(pid).encode()], [pidfd])
    return pidfd


def _become_kernel(request: dict[str, Any], lifeline: socket.socket) -> NoReturn:
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _replace_environment(request["environment"])
        os.chdir(request["cwd"])
        _seed_anew()
        threading.Thread(target=_end_with_server, args=(lifeline,), daemon=True).start()
        from ipykernel.kernelapp import IPKernelApp

        IPKernelApp.launch_instance(argv=request["arguments"])
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
    except SystemExit as end:
        os._exit(end.code if isinstance(end.code, int) else 1)
    except BaseException:  # noqa: BLE001 - nothing of this may return into the loop of the warm process
        traceback.print_exc()
        os._exit(1)


def _replace_environment(environment: dict[str, str]) -> None:
    os.environ.clear()  # noqa: TID251 - the environment of the kernel that this process becomes
    os.environ.update(environment)  # noqa: TID251
    time.tzset()


def _seed_anew() -> None:
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()


def _end_with_server(lifeline: socket.socket) -> None:
    while lifeline.recv(1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
