"""How the kernel of a page is started: forked from the warm process, or in the ordinary way where that fails."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from aralify_kernel.server.kernels.environment import KEY
from aralify_kernel.server.kernels.warm_process import CannotFork, WarmProcess

if TYPE_CHECKING:
    from jupyter_client.connect import KernelConnectionInfo

_FORKS: Final = ThreadPoolExecutor(1, "aralify-forks")
"""The warm process forks one kernel after the other; who waits for it takes no thread from anything else."""


@cache
def warm_process() -> WarmProcess:
    """Return this process's one warm process."""
    return WarmProcess()


class ForkingProvisioner(LocalProvisioner):
    """Forks kernels that are stock ipykernels; starts all others, and those that cannot be forked, as ever."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel and return how to reach it."""
        arguments = _ipykernel_arguments(cmd)
        if arguments is None or not hasattr(os, "pidfd_open"):
            return await super().launch_kernel(cmd, **kwargs)
        environment, cwd = kwargs["env"], kwargs.get("cwd") or "/"
        try:
            fork = partial(warm_process().fork, arguments, environment, str(cwd), KEY)
            forked = await asyncio.get_running_loop().run_in_executor(_FORKS, fork)
        except CannotFork:
            return await super().launch_kernel(cmd, **kwargs)
        # Signals go through the process, which knows whether its group is still the one that was meant.
        self.process, self.pid, self.pgid, self.cwd = forked, forked.pid, None, cwd  # type: ignore[assignment]
        return self.connection_info


def _ipykernel_arguments(cmd: list[str]) -> list[str] | None:
    """Return what `cmd` tells ipykernel, or None when it starts something else."""
    for place in range(len(cmd) - 1):
        if cmd[place : place + 2] == ["-m", "ipykernel_launcher"]:
            return cmd[place + 2 :]
    return None
