"""Writes aralify_kernel/grading/sandbox/syscalls.py: the numbers of system calls, by architecture.

Needs libseccomp (Debian: apt-get install libseccomp2) and is run by hand, when a call is added:
`python tests/syscalls.py`.
"""

from __future__ import annotations

import ctypes
from pathlib import Path

TARGET = Path(__file__).parent.parent / "aralify_kernel" / "grading" / "sandbox" / "syscalls.py"
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ALLOWED = """
read write readv writev pread64 pwrite64 preadv pwritev open openat close close_range stat fstat lstat newfstatat statx
poll ppoll lseek mmap mprotect munmap mremap madvise brk rt_sigaction rt_sigprocmask rt_sigreturn rt_sigsuspend
rt_sigpending rt_sigtimedwait sigaltstack access faccessat faccessat2 pipe pipe2 select pselect6 sched_yield mincore
msync dup dup2 dup3 pause nanosleep clock_nanosleep getitimer setitimer alarm getpid gettid getppid uname flock fsync
fdatasync truncate ftruncate getdents getdents64 getcwd chdir fchdir rename renameat renameat2 mkdir mkdirat rmdir creat
link linkat unlink unlinkat symlink symlinkat readlink readlinkat umask gettimeofday time clock_gettime clock_getres
getrlimit getrusage sysinfo times getuid getgid geteuid getegid getgroups getresuid getresgid getpgrp capget futex
set_robust_list get_robust_list set_tid_address rseq sched_getaffinity getcpu exit exit_group wait4 waitid arch_prctl
getrandom epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait eventfd eventfd2 timerfd_create timerfd_settime
timerfd_gettime socketpair sendto recvfrom sendmsg recvmsg shutdown getsockname getpeername getsockopt statfs fstatfs
restart_syscall membarrier sendfile copy_file_range fadvise64 fallocate setrlimit
"""
LOOKED_AT = """
clone clone3 fork vfork prctl kill tgkill prlimit64 fcntl ioctl chmod fchmod fchmodat utimensat
"""


def numbers(resolve, architecture: int, names: list[str]) -> dict[str, int]:
    found = {name: resolve(architecture, name.encode()) for name in names}
    return {name: number for name, number in sorted(found.items()) if number >= 0}


def written() -> str:
    resolve = ctypes.CDLL("libseccomp.so.2").seccomp_syscall_resolve_name_arch
    resolve.argtypes, resolve.restype = [ctypes.c_uint32, ctypes.c_char_p], ctypes.c_int
    lines = ['"""Numbers of system calls. Written by tests/syscalls.py; change that."""', ""]
    lines += ["AUDIT_ARCHITECTURE: dict[str, int] = {"]
    lines += [f'    "{name}": {number:#x},' for name, number in ARCHITECTURES.items()] + ["}"]
    for title, names in (("ALLOWED", ALLOWED.split()), ("LOOKED_AT", LOOKED_AT.split())):
        lines += ["", f"{title}: dict[str, dict[str, int]] = {{"]
        for machine, architecture in ARCHITECTURES.items():
            pairs = [f'"{name}": {number}' for name, number in numbers(resolve, architecture, names).items()]
            lines += [f'    "{machine}": {{', *_wrapped(pairs), "    },"]
        lines += ["}"]
    return "\n".join(lines) + "\n"


def _wrapped(pairs: list[str]) -> list[str]:
    lines = [""]
    for pair in pairs:
        if len(lines[-1]) + len(pair) > 100:
            lines.append("")
        lines[-1] += f" {pair},"
    return ["       " + line for line in lines]


if __name__ == "__main__":
    TARGET.write_text(written(), encoding="utf-8")
