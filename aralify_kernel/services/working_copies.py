"""What becomes of a guest's notebooks when the guest gets an account."""

from __future__ import annotations

import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from aralify_kernel.courses.workspace import folder_name

if TYPE_CHECKING:
    from pathlib import Path


def hand_over(workspace: Path, guest: str, username: str) -> None:
    """Copy a guest's working copies to the account they became, unless it has some already.

    Copied, not moved: one of them may be open in a front end, which would lose the file it saves to. Where copying
    fails, the guest's folder still has everything.
    """
    theirs, own = workspace / folder_name(guest), workspace / folder_name(username)
    if theirs.is_dir() and not own.exists():
        with suppress(OSError):
            shutil.copytree(theirs, own)
