"""Pages in the making: a notebook that a kernel runs for one viewer, sent while it is rendered.

A preheated page has been begun for nobody: its kernel has imported everything and waits in `viewer()`. Whoever comes
next gets it, and a new one is begun. So there is one way for both, and nothing of a request is known to any kernel.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary

from markupsafe import Markup
from nbformat.v4 import new_output
from voila.notebook_renderer import NotebookRenderer

from aralify_kernel.errors import N_
from aralify_kernel.i18n import translator
from aralify_kernel.server.kernels.manager import NoRoom

if TYPE_CHECKING:
    import datetime
    from collections.abc import AsyncIterator, Callable, Mapping

    from aralify_kernel.server.kernels.bindings import Viewer
    from aralify_kernel.server.kernels.manager import PageKernels

_log = logging.getLogger(__name__)


def _is_news(_: logging.LogRecord) -> bool:
    """Whether to tell what a page says: not of one that is stopped in the making, which takes that for its kernel's death."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return True
    return task is None or not task.cancelling()


_log.addFilter(_is_news)

_FAILED: Final = N_("This page could not be made. Load it again in a moment; if that does not help, tell your teacher.")
_STILL_ALIVE: Final = "<script>window.voila_heartbeat()</script>\n"
_STILL_ALIVE_SEC: Final = 10


class PageRenderer(NotebookRenderer):
    """Renders a page. What goes wrong in it is a sentence to its viewer and a traceback in the log."""

    language = "en"
    has_failed = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.log = _log

    async def _jinja_cell_generator(self, nb: Any, kernel_id: str) -> AsyncIterator[Any]:
        async for cell in super()._jinja_cell_generator(nb, kernel_id):
            if cell.cell_type == "code":
                cell.outputs = self._without_details(cell.outputs)
            yield cell

    def _without_details(self, outputs: list[Any]) -> list[Any]:
        warned = [output for output in outputs if output["output_type"] == "stream"]
        for output in warned:
            _log.warning("A page wrote: %s", output["text"])
        if any(
            output["output_type"] == "error" or "An exception occurred" in output.get("text", "") for output in outputs
        ):
            self.has_failed = True
            return [new_output("display_data", {"text/html": str(failure(self.language))})]
        return [output for output in outputs if output not in warned]


def failure(language: str) -> Markup:
    """Return the one sentence of a page that could not be made."""
    return Markup('<p role="alert">{}</p>').format(translator(language)(_FAILED))


class Page:
    """A page in the making, and the kernel that makes it."""

    def __init__(self, kernel_id: str, renderer: PageRenderer) -> None:
        self.kernel_id = kernel_id
        self._renderer = renderer
        self._is_broken = False
        self._parts: asyncio.Queue[str | None] = asyncio.Queue()

    @property
    def has_failed(self) -> bool:
        """Whether something went wrong in it already."""
        return self._is_broken or self._renderer.has_failed

    async def make(self, kernel: Any) -> None:
        """Run the notebook and keep each part of the HTML until it is sent."""
        try:
            async for part, _ in self._renderer.generate_content_generator(self.kernel_id, kernel):
                self._parts.put_nowait(part)
        except Exception:  # noqa: BLE001 - whatever a notebook may raise; its viewer is told in one sentence
            _log.exception("A page could not be made")
            self._is_broken = True
        finally:
            self._parts.put_nowait(None)

    def speak(self, language: str) -> None:
        """Say in `language` what goes wrong from now on."""
        self._renderer.language = language

    async def parts(self) -> AsyncIterator[str]:
        """Yield the HTML as it comes, and a sign of life while nothing does, lest a proxy gives up."""
        while True:
            try:
                part = await asyncio.wait_for(self._parts.get(), _STILL_ALIVE_SEC)
            except TimeoutError:
                yield _STILL_ALIVE
                continue
            if part is None:
                break
            yield part
        if self._is_broken:
            yield str(failure(self._renderer.language))


class Pages:
    """Makes pages, and keeps some of each notebook ready.

    Args:
        kernels: Where their kernels run.
        renderer: Returns what renders a notebook, by its path.
        scopes: What the kernels of a notebook may ask of the server, by its path.
        preheated: How many pages of each notebook to keep ready.
    """

    def __init__(
        self,
        kernels: PageKernels,
        renderer: Callable[[str], PageRenderer],
        scopes: Mapping[str, frozenset[str]],
        preheated: int,
    ) -> None:
        self._kernels = kernels
        self._renderer = renderer
        self._scopes = scopes
        self._preheated = preheated
        self._ready: defaultdict[str, deque[asyncio.Task[Page]]] = defaultdict(deque)
        self._making: set[asyncio.Task[None]] = set()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def preheat(self, notebook: str) -> None:
        """Begin pages of a notebook, until as many are ready as are wanted."""
        while len(self._ready[notebook]) < self._preheated and self._kernels.has_room:
            self._ready[notebook].append(asyncio.create_task(self._begin(notebook)))

    async def open(self, notebook: str, viewer: Viewer, now: datetime.datetime) -> Page:
        """Return a page of a notebook that from now on is this viewer's and nobody else's.

        Raises:
            TooManyPages: They have as many as they may, all in use.
            NoRoom: Everybody together has.
        """
        turn = self._turns.setdefault(viewer.username, asyncio.Lock())
        async with turn:  # else many requests at once would each find room
            await self._kernels.make_room(viewer.username, now)
            page = await self._take(notebook)
            self._kernels.bindings.bind(page.kernel_id, viewer)
        page.speak(viewer.language)
        return page

    async def abandon(self, page: Page) -> None:
        """End a page that its viewer did not wait for."""
        await self._kernels.end(page.kernel_id)

    async def close(self) -> None:
        """Stop making pages."""
        tasks = [*self._making, *(task for ready in self._ready.values() for task in ready)]
        self._ready.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._kernels.settle()

    async def _take(self, notebook: str) -> Page:
        while self._ready[notebook]:
            begun = self._ready[notebook].popleft()
            page = await _begun(begun)
            if page is None:  # it is begun once more, in front of its viewer
                continue
            if not page.has_failed and page.kernel_id in self._kernels and await self._kernels.is_alive(page.kernel_id):
                return page
            await self._kernels.end(page.kernel_id)
        while not self._kernels.has_room and (spare := self._spare()):
            page = await _begun(spare)
            if page is not None:
                await self._kernels.end(page.kernel_id)
        return await self._begin(notebook)

    def _spare(self) -> asyncio.Task[Page] | None:
        """Return a page, of whichever notebook, that is kept ready for nobody, and is not any more."""
        return next((ready.popleft() for ready in self._ready.values() if ready), None)

    async def _begin(self, notebook: str) -> Page:
        renderer = self._renderer(notebook)
        await renderer.initialize()
        kernel_id = await self._kernels.start_page_kernel(self._scopes[notebook])
        page = Page(kernel_id, renderer)
        making = asyncio.create_task(page.make(self._kernels.get_kernel(kernel_id)))
        self._making.add(making)
        making.add_done_callback(self._making.discard)
        return page


async def _begun(task: asyncio.Task[Page]) -> Page | None:
    """Return the page that a task begins; None when it could not."""
    try:
        return await task
    except NoRoom:
        return None
    except Exception:  # noqa: BLE001 - whatever keeps a kernel from starting
        _log.exception("A page could not be begun")
        return None
