"""A small disk that a test can fill: memory, mounted for one process alone, so that nobody needs the right to mount."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A disk, and how its owner is named to `subprocess`."""

    folder: Path
    owner: dict[str, Any] = field(default_factory=dict)

    def fill(self) -> None:
        """Leave no room on it."""
        assert self._ends_with(f"cat /dev/zero >{self.folder}/filler") == 1

    def free(self) -> None:
        """Take away what filled it."""
        assert self._ends_with(f"rm {self.folder}/filler") == 0

    def _ends_with(self, command: str) -> int:
        return subprocess.run(["sh", "-c", command], stderr=subprocess.DEVNULL, check=False, **self.owner).returncode


@contextmanager
def small_disk(size_bytes: int, owner: dict[str, Any]) -> Iterator[SmallDisk]:
    """Mount a disk that is its owner's, reached through the process that holds it."""
    holder = shutil.which("bwrap")
    if holder is None:
        pytest.skip("needs bubblewrap (Debian: apt-get install bubblewrap)")
    with tempfile.TemporaryDirectory(prefix="aralify-disk-") as place:
        Path(place).chmod(0o755)
        disk = ["--perms", "0700", "--size", str(size_bytes), "--tmpfs", place, "--die-with-parent"]
        command = [holder, "--dev-bind", "/", "/", *disk, "sh", "-c", "echo $$; exec sleep infinity"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd="/", **owner) as process:
            assert process.stdout is not None
            try:
                within = process.stdout.readline().strip()
                if not within:
                    pytest.skip("needs namespaces that bubblewrap can make")
                yield SmallDisk(Path(f"/proc/{within}/root{place}"), owner)
            finally:
                process.kill()
