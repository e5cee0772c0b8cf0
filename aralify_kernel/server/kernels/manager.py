"""The kernels of pages: started apart from the server's secrets, kept to a few per person, ended when nobody looks."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import uuid
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager, ServerKernelManager
from traitlets import Bool, Float, Integer, Unicode, default

from aralify_kernel.errors import N_, AralifyError
from aralify_kernel.server.kernels import environment
from aralify_kernel.server.kernels.bindings import Bindings
from aralify_kernel.server.kernels.channels import Sockets
from aralify_kernel.server.kernels.provisioner import ForkingProvisioner, warm_process

if TYPE_CHECKING:
    import datetime

KERNEL_NAME: Final = "python3"
_ARGUMENTS: Final = ["--HistoryManager.enabled=False", "--IPKernelApp.log_level=ERROR"]
"""What pages run is no history, and needs no thread and no file to be kept in."""
UNSEEN_SEC: Final = 120
"""After this time without a page a kernel ends: its page was closed, or never got so far as to connect."""
RESTING_SEC: Final = 20
"""A kernel that did nothing for this long may end when its viewer opens another page and has too many."""


class TooManyPages(AralifyError):
    """Somebody opened pages faster than they can be made."""

    code = "too_many_pages"
    message = N_("You have too many pages open at once. Close one of them, wait a moment, and load this one again.")


class NoRoom(Exception):
    """As many kernels run as may on this server."""


class PageKernel(ServerKernelManager):
    """One kernel. It is forked where that is possible, and not started again when it has died: its page has, too."""

    autorestart = Bool(default_value=False)

    async def start_kernel(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        """Start the kernel."""
        if self.provisioner is None:
            kernel_id = kwargs["kernel_id"]
            self.provisioner = ForkingProvisioner(kernel_id=kernel_id, kernel_spec=self.kernel_spec, parent=self)
        await super().start_kernel(*args, **kwargs)


class PageKernels(AsyncMappingKernelManager):
    """All kernels of pages, and who looks at which.

    `sweep` is to be called every few seconds; kernels that nobody was bound to yet are left alone by it.
    """

    allow_tracebacks = Bool(default_value=False)
    most = Integer(100, config=True, help="How many kernels may run at once.")
    per_user = Integer(4, config=True, help="How many pages one person may have open at once.")
    idle_minutes = Float(10, config=True, help="Minutes without activity after which a kernel ends; 0: never.")
    address = Unicode("", config=True, help="Where kernels reach this server.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bindings = Bindings()
        self.sockets = Sockets()
        self._homes = tempfile.TemporaryDirectory(prefix="aralify-pages-", ignore_cleanup_errors=True)
        self._unseen_since: dict[str, datetime.datetime] = {}
        self._starting: set[asyncio.Task[str]] = set()

    @default("kernel_manager_class")
    def _page_kernel(self) -> str:
        return f"{PageKernel.__module__}.{PageKernel.__name__}"

    @property
    def has_room(self) -> bool:
        """Whether one more kernel may be started."""
        return len(self.list_kernel_ids()) + len(self._starting) < self.most

    async def start_page_kernel(self, scopes: frozenset[str]) -> str:
        """Start a kernel that nobody looks at yet, and return its id. Nothing of a request gets into it.

        Args:
            scopes: What it may ask of the server in the name of whoever will look at it.

        Raises:
            NoRoom: As many run as may.
        """
        if not self.has_room:
            raise NoRoom
        starting = asyncio.create_task(self._start(scopes))
        self._starting.add(starting)
        starting.add_done_callback(self._starting.discard)
        return await asyncio.shield(starting)  # half a kernel cannot be ended

    async def settle(self) -> None:
        """Wait until no kernel is being started any more, so that all can be ended."""
        await asyncio.gather(*self._starting, return_exceptions=True)

    async def _start(self, scopes: frozenset[str]) -> str:
        kernel_id = str(uuid.uuid4())
        key = self.bindings.issue(kernel_id, scopes)
        home = self._home_of(kernel_id)
        home.mkdir()
        try:
            env = environment.of_kernels(home, self.address, key)
            await self.start_kernel(
                kernel_id=kernel_id, kernel_name=KERNEL_NAME, env=env, cwd=str(home), extra_arguments=_ARGUMENTS
            )
        except BaseException:
            self.bindings.forget(kernel_id)
            raise
        return kernel_id

    async def shutdown_kernel(self, kernel_id: str, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        """End a kernel; its key opens nothing any more."""
        self.bindings.forget(kernel_id)
        self._unseen_since.pop(kernel_id, None)
        await super().shutdown_kernel(kernel_id, *args, **kwargs)
        shutil.rmtree(self._home_of(kernel_id), ignore_errors=True)

    async def shutdown_all(self, now: bool = True) -> None:  # type: ignore[override]
        """End all kernels, at once as they hold nothing to be saved, and the process that they were forked from."""
        await super().shutdown_all(now=now)
        warm_process().close()
        self._homes.cleanup()

    async def end(self, kernel_id: str) -> None:
        """End a kernel at once, without asking it; nothing happens when it has ended already."""
        with suppress(KeyError):
            await self.shutdown_kernel(kernel_id, now=True)

    async def end_all_of(self, username: str, token: str) -> None:
        """End every kernel of somebody that was bound by a sign-in which has ended."""
        for kernel_id in self.bindings.kernels_of(username):
            viewer = self.bindings.viewer_of(kernel_id)
            if viewer and viewer.token == token:
                await self.end(kernel_id)

    async def make_room(self, username: str, now: datetime.datetime) -> None:
        """Let `username` open one more page, at the cost of their oldest one if they have many.

        Raises:
            TooManyPages: All of theirs are in use this very moment.
        """
        theirs = self.bindings.kernels_of(username)
        while len(theirs) >= self.per_user:
            resting = [kernel_id for kernel_id in theirs if self._rests(kernel_id, now)]
            if not resting:
                raise TooManyPages
            closed = [kernel_id for kernel_id in resting if not self._is_seen(kernel_id)]
            theirs.remove(oldest := (closed or resting)[0])
            await self.end(oldest)

    async def sweep(self, now: datetime.datetime) -> None:
        """End the kernels that died, that no page is connected to any more (or ever was), and that are idle."""
        for kernel_id in self.list_kernel_ids():
            if kernel_id in self and await self._is_over(kernel_id, now):
                await self.end(kernel_id)

    async def _is_over(self, kernel_id: str, now: datetime.datetime) -> bool:
        if not await self.is_alive(kernel_id):
            return True
        if self.bindings.viewer_of(kernel_id) is None:
            return False
        if self._is_seen(kernel_id):
            self._unseen_since.pop(kernel_id, None)
            return 0 < self.idle_minutes * 60 < self._idle_sec(kernel_id, now)
        since = self._unseen_since.setdefault(kernel_id, now)
        return (now - since).total_seconds() > UNSEEN_SEC

    def _home_of(self, kernel_id: str) -> Path:
        return Path(self._homes.name) / kernel_id

    def _rests(self, kernel_id: str, now: datetime.datetime) -> bool:
        is_busy = getattr(self.get_kernel(kernel_id), "execution_state", None) == "busy"  # as while a page is made
        return not is_busy and self._idle_sec(kernel_id, now) > RESTING_SEC

    def _is_seen(self, kernel_id: str) -> bool:
        return bool(self._kernel_connections.get(kernel_id))

    def _idle_sec(self, kernel_id: str, now: datetime.datetime) -> float:
        last_activity = getattr(self.get_kernel(kernel_id), "last_activity", None)
        return (now - last_activity).total_seconds() if last_activity else 0.0
