"""Who looks at which kernel. It is decided once, by the server, before a byte of the page is sent."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who is signed in: their name, the token of that sign-in, and the language they read."""

    username: str
    token: str = field(repr=False)
    language: str = "en"


@dataclass(eq=False, slots=True)
class _Binding:
    key_hash: bytes
    scopes: frozenset[str]
    viewer: Viewer | None = None
    decided: asyncio.Event = field(default_factory=asyncio.Event)


class UnknownKey(Exception):
    """No kernel has this key, or it has ended."""


class Bindings:
    """For each kernel of a page, the viewer it was bound to, and the random key by which it asks who that is."""

    def __init__(self) -> None:
        self._by_kernel: dict[str, _Binding] = {}
        self._by_key: dict[bytes, _Binding] = {}

    def issue(self, kernel_id: str, scopes: frozenset[str]) -> str:
        """Return a new key for a kernel, which nobody looks at yet; `scopes` are what it is good for."""
        key = secrets.token_urlsafe(32)
        binding = _Binding(_hash(key), scopes)
        self._by_kernel[kernel_id] = self._by_key[binding.key_hash] = binding
        return key

    def bind(self, kernel_id: str, viewer: Viewer) -> None:
        """Decide who looks at a kernel, for as long as it lives.

        Raises:
            KeyError: There is no such kernel.
            RuntimeError: It has a viewer already.
        """
        binding = self._by_kernel[kernel_id]
        if binding.viewer is not None:
            raise RuntimeError("A kernel is bound once.")
        binding.viewer = viewer
        binding.decided.set()

    def viewer_of(self, kernel_id: str) -> Viewer | None:
        """Return who looks at a kernel; None when nobody does, or there is none."""
        binding = self._by_kernel.get(kernel_id)
        return binding.viewer if binding else None

    def is_viewer(self, kernel_id: str, username: str) -> bool:
        """Tell whether it is `username` who looks at a kernel."""
        viewer = self.viewer_of(kernel_id)
        return viewer is not None and viewer.username == username

    def viewers(self) -> set[Viewer]:
        """Return everybody who looks at a kernel."""
        return {binding.viewer for binding in self._by_kernel.values() if binding.viewer}

    def kernels_of(self, username: str) -> list[str]:
        """Return the kernels that `username` looks at, the first bound first."""
        return [kernel_id for kernel_id in self._by_kernel if self.is_viewer(kernel_id, username)]

    def viewer_by_key(self, key: str) -> tuple[Viewer, frozenset[str]] | None:
        """Return who looks at the kernel with this key, and what it is good for; None when nobody does, or none has it."""
        binding = self._by_key.get(_hash(key))
        return (binding.viewer, binding.scopes) if binding and binding.viewer else None

    async def viewer_with(self, key: str, wait_sec: float) -> Viewer | None:
        """Return who looks at the kernel with this key, waiting until somebody does; None after `wait_sec` seconds.

        Raises:
            UnknownKey: No kernel has it, or that kernel ended meanwhile.
        """
        key_hash = _hash(key)
        binding = self._by_key.get(key_hash)
        if binding is None:
            raise UnknownKey
        if not binding.decided.is_set():
            try:
                await asyncio.wait_for(binding.decided.wait(), wait_sec)
            except TimeoutError:
                return None
        if key_hash not in self._by_key:
            raise UnknownKey
        return binding.viewer

    def forget(self, kernel_id: str) -> None:
        """Let a kernel's key open nothing any more, and whoever waits for its viewer go."""
        if binding := self._by_kernel.pop(kernel_id, None):
            del self._by_key[binding.key_hash]
            binding.decided.set()


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
