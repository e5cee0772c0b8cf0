"""Answers that reach for what is not theirs: processes, memory, files, sockets, secrets, the kernel."""

from __future__ import annotations

from typing import Final

from tests.grading.hostile.rows import EVERYWHERE, NAMESPACES, Row, reaches

REACHING: Final[dict[str, Row]] = {
    "a fork by the standard library": reaches(
        "forked(os.fork)", "os.posix_spawn('/bin/true', ['true'], {}) > 0", "os.system('true') == 0",
        "__import__('subprocess').run(['true'])", "os.popen('echo x').read()",
        "__import__('multiprocessing').Process(target=print).start() or True", "__import__('pty').fork()[0] or os._exit(0)",
        held=EVERYWHERE,
    ),
    "a fork behind Python's back": reaches(
        "forked(libc.fork)", "__import__('_posixsubprocess').fork_exec()", "is_served(58)",
        "forked(lambda: call(57))", "forked(lambda: call(56, 17, 0, 0, 0, 0))", "is_served(435, 0, 0)",
        "forked(lambda: call(56, 0x80000000 | 17, 0, 0, 0, 0))",
    ),
    "a daemon: double fork and a session of its own": reaches(
        "os.setsid() and forked(libc.fork)", "libc.daemon(1, 1) == 0",
    ),
    "another program in its place": reaches(
        "os.execv('/bin/sh', ['sh', '-c', 'echo escaped'])", "libc.execl(b'/bin/true', b'true', None) == 0",
        "libc.fexecve(os.open('/bin/true', os.O_RDONLY), (ctypes.c_char_p * 2)(b'true', None), None) == 0",
    ),
    "a program out of memory": reaches(
        "os.memfd_create('x')", "is_served(319, b'x', 0)", "is_served(322, 3, b'', 0, 0, 0x1000)",
    ),
    "a program out of the scratch folder": reaches(
        "os.chmod('x', 0o777) or os.execv('./x', ['x'])",
        before="with open('x', 'w') as file:\n    file.write('#!/bin/sh\\necho escaped\\n')\n",
    ),
    "the end of everybody": reaches("os.kill(-1, 9) or True", "os.kill(-1, 15) or True", "os.killpg(0, 9) or True"),
    "the end of its parent": reaches(
        "os.kill(os.getppid(), 9) or True", "os.kill(os.getppid(), 0) or True", "os.kill(1, 9) or True",
        "os.killpg(os.getpgid(os.getppid()), 9) or True",
    ),
    "the end of the grader, the judge and a stranger": reaches(
        "os.kill(@owner, 9) or True", "os.kill(@victim, 9) or True", "os.kill(@victim, 0) or True",
        "any(not os.kill(pid, 9) for pid in range(2, 60) if pid != os.getpid())", "is_served(200, @victim, 9)",
        "call(234, @victim, @victim, 9) == 0", "is_served(129, @victim, 9, bytes(128))", "is_served(297, @victim, @victim, 9, bytes(128))",
    ),
    "signals by a descriptor": reaches(
        "os.pidfd_open(@victim)", "is_served(434, @victim, 0)", "is_served(424, 3, 9, 0, 0)", "is_served(438, 3, 0, 0)",
    ),
    "signals by a descriptor's owner": reaches(
        "fcntl.fcntl(0, fcntl.F_SETOWN, @victim) == 0", "fcntl.fcntl(0, 10, 9) == 0",
        "fcntl.fcntl(1, fcntl.F_SETOWN, -@victim) == 0", "fcntl.ioctl(1, 0x8901, struct.pack('i', @victim))",
        "fcntl.fcntl(0, 15, struct.pack('ii', 1, @victim))", "fcntl.fcntl(1, 1024, 1) == 0",
        before="import fcntl\n",
    ),
    "timers that signal others": reaches(
        "call(222, 1, struct.pack('QiiQQQQQQ', 0, 9, 4, @victim, 0, 0, 0, 0, 0), bytes(8)) == 0",
    ),
    "another process by ptrace": reaches(
        "is_served(101, 16, @victim, 0, 0)", "is_served(101, 16, os.getppid(), 0, 0)", "is_served(101, 0, 0, 0, 0)",
        "is_served(101, 0x4206, @victim, 0, 0)",
    ),
    "the memory of another process": reaches(
        "is_served(310, @victim, bytes(16), 1, bytes(16), 1, 0)", "is_served(311, @victim, bytes(16), 1, bytes(16), 1, 0)",
        "text('/proc/@victim/mem')", "text('/proc/@owner/mem')", "text(f'/proc/{os.getppid()}/maps')", "text('/proc/1/mem')",
        "is_served(312, @victim, os.getpid(), 0, 0, 0)", "is_served(440, 3, 0, 0, 0, 0)", "is_served(279, @victim, 0, 0, 0, 0, 0)",
    ),
    "its own memory by a file": reaches("text('/proc/self/maps')", "open('/proc/self/mem', 'r+b')", "os.listdir('/proc/self/fd')"),
    "the limits of others, and its own": reaches(
        "is_served(302, @victim, 0, 0, bytes(16))", "is_served(302, os.getppid(), 0, 0, bytes(16))",
        "resource.prlimit(@victim, resource.RLIMIT_CPU)",
        "resource.setrlimit(resource.RLIMIT_CPU, (600, 600)) or True", "resource.setrlimit(resource.RLIMIT_AS, (-1, -1)) or True",
        "resource.setrlimit(resource.RLIMIT_NOFILE, (9999, 9999)) or True", "resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1)) or True",
        before="import resource\n",
    ),
    "a better place in the queue": reaches(
        "os.nice(-10)", "os.sched_setscheduler(0, 1, os.sched_param(1)) or True", "os.setpriority(0, @victim, 19) or True",
        "is_served(251, 1, @victim, 0)", "os.sched_setaffinity(@victim, {0}) or True",
    ),
    "life after its parent": reaches("call(157, 1, 0, 0, 0, 0) == 0", "call(157, 36, 1, 0, 0, 0) == 0", "call(157, 4, 1, 0, 0, 0) == 0"),
    "secrets of the environment": reaches(
        "'environment-secret' in repr(os.environ)", "os.environ.get('ARALIFY_HOME')",
        "libc.getenv(b'ARALIFY_TEST_SECRET')", "text('/proc/self/environ')",
        "text('/proc/@owner/environ')", "text('/proc/1/environ')", "text('/proc/@owner/cmdline')",
        before="libc.getenv.restype = ctypes.c_void_p\n",
    ),
    "the environment alone": reaches("'environment-secret' in repr(os.environ)", "os.getenv('ARALIFY_HOME')", held=EVERYWHERE),
    "the home folder, the settings, the database": reaches(
        "text('@home/aralify.toml')", "text('@home/aralify.db')", "os.listdir('@home')", "os.listdir(os.path.expanduser('~root'))",
        "__import__('sqlite3').connect('file:@home/aralify.db?mode=ro', uri=True).execute('select 1 from sqlite_master').fetchall() or True",
        "os.remove('@home/aralify.db') or True", "os.rename('@home/aralify.db', 'mine') or True", "written('@home/aralify.toml')",
    ),
    "files of the system": reaches(
        "text('/etc/shadow')", "text('/etc/passwd')", "os.listdir('/etc/ssh')", "os.listdir('/home')", "text('/etc/hosts')", "text('/var/log/dpkg.log')",
        "os.listdir('/sys/kernel')", "text('/proc/version')", "text('/proc/cmdline')",
    ),
    "the answers of the built-in courses": reaches(
        "os.listdir('@package/courses')", "text('@package/app/__init__.py')", "open('@package/domain/judging.py')",
        "__import__('importlib').resources.files('aralify_kernel').joinpath('courses').iterdir().__next__()",
        "__import__('aralify_kernel.app')",
    ),
    "whether a file is there": reaches("os.path.exists('@home/aralify.db')", "os.stat('@home')", held=NAMESPACES),
    "files by links out of the scratch folder": reaches(
        "os.symlink('@home/aralify.db', 'link') or text('link')", "os.symlink('@home', 'folder') or os.listdir('folder')",
        "os.link('@home/aralify.db', 'hard') or text('hard')", "text('../../../../../../@home/aralify.db')",
        "os.open('@home/aralify.db', os.O_RDONLY, dir_fd=os.open('.', os.O_RDONLY))", "is_served(303, -100, b'.', 0, 0, 0)", "is_served(304, 3, 0, 0)",
        "is_served(437, -100, b'@home/aralify.db', bytes(24), 24)",
    ),
    "links for the judge to follow": reaches(
        "os.symlink('@home/aralify.db', 'report.txt') or text('report.txt')", "os.symlink('/proc/self/environ', 'env.txt') or text('env.txt')",
    ),
    "other scratch folders": reaches("len(os.listdir('..')) > 30", "[n for n in os.listdir('/tmp') if n.startswith('aralify')]", "os.listdir(os.path.dirname(os.getcwd()) + '/..') and os.path.exists('/tmp/../@home')"),
    "files outside the scratch folder": reaches(
        "written('/tmp/@left')", "written('/var/tmp/@left')", "written('/usr/lib/@left')", "written('/@left')", "written('/dev/@left')",
        "written(os.__file__)", "os.mkdir('/tmp/@left')", "os.mkfifo('/tmp/@left')", "os.mknod('/tmp/@left', 0o20666, os.makedev(1, 3))",
        "os.symlink('/', '/tmp/@left') or True", "os.truncate('@home/aralify.db', 0) or True",
    ),
    "rights and times of files": reaches(
        "os.chmod(os.__file__, 0o666) or True", "os.utime(os.__file__) or True", "os.chown('.', 0, 0) or True", "os.setxattr('.', 'user.x', b'') or True",
        "os.chmod('@home/aralify.db', 0o666) or True",
    ),
    "devices": reaches(
        "os.mknod('null', 0o20666, os.makedev(1, 3)) or True", "text('/dev/mem')", "text('/dev/kmsg')", "os.open('/dev/ptmx', os.O_RDWR) and os.open('/dev/tty', os.O_RDWR)",
        "os.listdir('/dev/mapper')", "text('/dev/sda')", "text('/dev/vda')", "__import__('fcntl').ioctl(1, 0x5412, b'x') == 0",
    ),
    "memory that is shared by name": reaches(
        "is_served(29, 0x41524C59, 4096, 0o1666)", "is_served(64, 0x41524C59, 1, 0o1666)", "is_served(68, 0x41524C59, 0o1666)", "is_served(240, b'@left', 0o102, 0o666, 0)",
    ),
    "a TCP server on this computer": reaches(
        "socket.create_connection(('127.0.0.1', @port), 2)", "socket.create_connection(('::1', @port), 2)", "libc.socket(2, 1, 0) >= 0", "libc.socket(10, 1, 0) >= 0",
    ),
    "a server of its own": reaches("socket.create_server(('127.0.0.1', 0))", "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', @port))"),
    "unix sockets": reaches(
        "socket.socket(socket.AF_UNIX).connect('\\0@abstract') or True", "socket.socket(socket.AF_UNIX).connect('@home/socket') or True",
        "socket.socket(socket.AF_UNIX).bind('\\0@left') or True", "socket.socket(socket.AF_UNIX).bind('socket') or True",
    ),
    "sockets of other kinds": reaches(
        "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)", "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)", "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
        "socket.socket(40, socket.SOCK_STREAM)", "socket.socket(38, socket.SOCK_SEQPACKET)", "is_served(41, 16, 3, 15)",
    ),
    "new namespaces": reaches(
        "is_served(272, 0x10000000)", "is_served(272, 0x20000)", "is_served(272, 0x20000000)", "is_served(272, 0x40000000)", "is_served(308, 3, 0)",
        "forked(lambda: call(56, 0x10000000 | 17, 0, 0, 0, 0))",
    ),
    "mounts and roots": reaches(
        "is_served(165, b'none', b'/', 0, 1 << 14, 0)", "is_served(166, b'/scratch', 2)", "is_served(155, b'.', b'.')", "os.chroot('.') or True", "is_served(428, -100, b'/', 1)",
        "is_served(429, 3, b'', -100, b'/', 0)", "is_served(430, b'tmpfs', 0)", "is_served(442, -100, b'/', 0, bytes(32), 32)", "is_served(433, -100, b'/', 0)",
    ),
    "another user": reaches("os.setuid(0) or True", "os.setgid(0) or True", "os.setgroups([0]) or True", "is_served(126, bytes(8), bytes(24))", "is_served(122, 0)"),
    "bpf and perf": reaches("is_served(321, 0, bytes(128), 128)", "is_served(298, bytes(128), 0, -1, -1, 0)"),
    "io_uring": reaches("is_served(425, 8, bytes(256))", "is_served(426, 3, 1, 0, 0, 0)", "is_served(427, 3, 0, 0, 0)"),
    "keys of the kernel": reaches("is_served(250, 0, -3, 1)", "is_served(248, b'user', b'x', b'y', 1, -3)", "is_served(249, b'user', b'x', 0, -3)"),
    "page faults and secret memory": reaches("is_served(323, 0)", "is_served(447, 0)", "is_served(256, 0, 0, 0, 0)", "is_served(237, 0, 0, 0, 0, 0, 0)"),
    "modules, kexec and the clock": reaches(
        "is_served(175)", "is_served(313)", "is_served(176)", "is_served(246)", "is_served(320)", "is_served(169)", "is_served(170)", "is_served(164)", "is_served(227)", "is_served(159)",
        "is_served(163)", "is_served(167)", "is_served(168)", "is_served(179)",
    ),
    "ports and logs of the machine": reaches("is_served(172, 0)", "is_served(173, 0, 1, 1)", "is_served(103, 10, 0, 0)", "is_served(154, 0, 0, 0)", "is_served(300, 0, 0)", "is_served(153)"),
    "its own filter": reaches("is_served(317, 1, 0, 0)", "call(157, 22, 2, 0, 0, 0) == 0", "call(157, 38, 0, 0, 0, 0) == 0", "is_served(444, 0, 0, 0)", "is_served(446, 3, 0)"),
}  # fmt: skip
"""The numbers of system calls are those of x86-64."""
