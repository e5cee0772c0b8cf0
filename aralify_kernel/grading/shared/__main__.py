"""The background grader's program: `python -m aralify_kernel.grading.shared SOCKET DESCRIPTOR`.

Whoever starts it gave it the listening socket already, so that nobody has to wait until it is ready to be spoken to.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    if os.fork():
        os._exit(0)  # the kernel that started it has no child to wait for, and may end without it

    from aralify_kernel.grading.shared.server import run

    run(Path(sys.argv[1]), int(sys.argv[2]))
