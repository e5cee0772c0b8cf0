"""Puts up the walls around this very process, from inside, before it runs somebody's code."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

from aralify_kernel.grading.sandbox.limits import limit_all

if sys.platform == "linux":  # with this module: a fork server has it before it forks, and no attempt loads it anew
    from aralify_kernel.grading.sandbox import landlock, linux, seccomp

NAMESPACES, LANDLOCK, LIMITS = "namespaces", "landlock", "limits"
SCRATCH = "/scratch"
"""Where a process in a room of bubblewrap has its own folder."""
LEARNER_UID = 61184
"""The user that takes root's place: no name, no files, no rights."""
_SCRATCH_OPTIONS = "size=16m,nr_inodes=2000,mode=0777"
_SHARED_MEMORY_OPTIONS = "size=8m,nr_inodes=64,mode=0777"


@dataclass(frozen=True)
class Walls:
    """What is around one process."""

    mode: str
    cpu_seconds: int
    memory_bytes: int | None
    """Address space, with what is mapped at the start; None leaves it open."""
    read: tuple[str, ...] = ()
    """What Landlock lets it read."""
    write: tuple[str, ...] = ()
    """What Landlock lets it write."""
    threads: int = 32
    has_own_files: bool = True
    """Whether namespaces give it an empty folder of its own."""


def leave_root() -> None:
    """Become nobody in particular, when this process is root; limits and file rights count for it from here on."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(LEARNER_UID, LEARNER_UID, LEARNER_UID)
        os.setresuid(LEARNER_UID, LEARNER_UID, LEARNER_UID)
        if sys.platform == "linux":
            linux.be_dumpable()


def die_with_parent() -> None:
    """Be killed when the process that started this one ends, where the system can do that."""
    if sys.platform == "linux":
        linux.die_with_parent()


def put_up(walls: Walls) -> None:
    """Put this process behind `walls`; there is no way back.

    Raises:
        OSError: The kernel offers less than `walls.mode` needs.
    """
    os.umask(0)  # the judge reads what the learner's code writes
    if walls.mode == LIMITS:
        limit_all(cpu_seconds=walls.cpu_seconds, threads=None, memory_bytes=walls.memory_bytes)
        return
    if walls.mode == NAMESPACES and walls.has_own_files:
        _take_own_files()
    linux.drop_capabilities()
    if walls.mode == LANDLOCK:
        landlock.restrict(read=walls.read, write=walls.write)
    threads = walls.threads if walls.mode == NAMESPACES and walls.has_own_files else None
    limit_all(cpu_seconds=walls.cpu_seconds, threads=threads, memory_bytes=walls.memory_bytes)
    linux.no_new_privileges()
    seccomp.install(seccomp.program(os.getpid(), may_change_modes=walls.mode == NAMESPACES))


def _take_own_files() -> None:
    """Give this process a scratch folder that nobody else sees and that ends with it, and hide other processes."""
    user, group = os.getuid(), os.getgid()
    linux.unshare(linux.NEW_USERS | linux.NEW_MOUNTS)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY)
        os.write(descriptor, text.encode())
        os.close(descriptor)
    linux.mount("none", "/", None, linux.RECURSIVE | linux.PRIVATE)
    closed = linux.NO_SUID | linux.NO_DEVICES | linux.NO_EXEC
    linux.mount("tmpfs", SCRATCH, "tmpfs", closed, f"{_SCRATCH_OPTIONS},uid={user},gid={group}")
    linux.mount("tmpfs", "/dev/shm", "tmpfs", closed, f"{_SHARED_MEMORY_OPTIONS},uid={user},gid={group}")  # noqa: S108
    linux.mount("tmpfs", "/proc", "tmpfs", closed | linux.READ_ONLY, "size=4k,nr_inodes=2")
    os.chdir(SCRATCH)
