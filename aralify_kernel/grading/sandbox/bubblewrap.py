"""Builds the command that starts a program in a room of its own: no network, no files but those named, none writable.

As root the program keeps the right to change its user and must leave root itself (`walls.leave_root`): bubblewrap has to
be root there to show files that only root can reach, and a root in the room would pass by file rights and limits.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aralify_kernel.grading.sandbox.walls import SCRATCH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_SYSTEM: Final = ("/bin", "/lib", "/lib64", "/sbin")
_CONFIGURATION: Final = ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives")


def executable() -> str | None:
    """Return where bubblewrap is on this machine, or None."""
    return shutil.which("bwrap")


def command(
    program: Sequence[str],
    *,
    read: Sequence[str],
    hidden: Sequence[str] = (),
    shown_as: Mapping[str, str] | None = None,
) -> list[str]:
    """Return the command that runs `program` in a room.

    Args:
        program: The program and its arguments, as they are found in the room.
        read: Files and folders that the room has too, read-only, beside the system's programs and libraries.
        hidden: Folders within those that are empty in the room.
        shown_as: More of them: the place in the room, and where they are outside.
    """
    arguments = [executable() or "bwrap", *_separation()]
    arguments += ["--new-session", "--ro-bind", "/usr", "/usr"]
    for place in _SYSTEM:
        arguments += _system_folder(Path(place))
    for place in _CONFIGURATION:
        arguments += ["--ro-bind-try", place, place]
    arguments += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]  # noqa: S108 - the room's own
    arguments += _binds({place: place for place in read} | dict(shown_as or {}))
    for place in hidden:
        arguments += ["--tmpfs", place, "--remount-ro", place]
    arguments += ["--dir", SCRATCH, "--remount-ro", "/", "--remount-ro", "/tmp", "--remount-ro", "/dev"]  # noqa: S108
    return [*arguments, "--chdir", "/", "--", *program]


def _separation() -> list[str]:
    kinds = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if os.getuid():
        return [*kinds, "--unshare-user"]
    return [*kinds, "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]


def _system_folder(place: Path) -> list[str]:
    if place.is_symlink():
        return ["--symlink", str(place.readlink()), str(place)]
    return ["--ro-bind", str(place), str(place)] if place.exists() else []


def _binds(places: Mapping[str, str]) -> Iterator[str]:
    """Yield the arguments that show each place, the outer ones first.

    bubblewrap would make missing parent folders for their owner only, and the program may be somebody else by then.
    """
    made = {Path(place) for place in ("/", "/usr", "/tmp", "/etc")}  # noqa: S108
    shown = {Path("/usr")}
    for room, own in sorted(places.items()):
        target = Path(room)
        if not Path(own).exists() or (room == own and any(target.is_relative_to(outer) for outer in shown)):
            continue
        for parent in reversed(target.parents):
            if parent not in made:
                made.add(parent)
                yield from ("--perms", "0755", "--dir", str(parent))
        shown.add(target)
        yield from ("--ro-bind", own, room)
