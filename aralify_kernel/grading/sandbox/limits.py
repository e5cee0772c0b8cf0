"""Resource limits that hold on every Unix."""

from __future__ import annotations

FILE_BYTES = 16 * 1024 * 1024
OPEN_FILES = 256
SPARE_BYTES = 64 * 1024 * 1024
"""Room above the memory limit in which a MemoryError can still be reported."""


def limit(name: str, soft: int, hard: int | None = None) -> None:
    """Set the limit called `RLIMIT_<name>`; do nothing where this system has none, or refuses."""
    try:
        import resource
    except ImportError:  # Windows
        return
    which = getattr(resource, f"RLIMIT_{name}", None)
    if which is None:
        return
    hard = soft if hard is None else hard
    try:
        ceiling = resource.getrlimit(which)[1]
        if ceiling != resource.RLIM_INFINITY:
            hard = ceiling if hard == resource.RLIM_INFINITY else min(hard, ceiling)
            soft = min(soft, hard)
        resource.setrlimit(which, (soft, hard))
    except (ValueError, OSError):  # macOS refuses some; what can be limited is
        pass


def limit_all(*, cpu_seconds: int | None, threads: int | None, memory_bytes: int | None = None) -> None:
    """Limit what one attempt may use. `memory_bytes` is address space: count what is mapped already."""
    limit("CORE", 0)
    limit("FSIZE", FILE_BYTES)
    limit("NOFILE", OPEN_FILES)
    limit("MEMLOCK", 0)
    limit("MSGQUEUE", 0)
    if cpu_seconds is not None:
        limit("CPU", cpu_seconds, cpu_seconds + 1)
    if threads is not None:
        limit("NPROC", threads)
    if memory_bytes is not None:
        limit("AS", memory_bytes, memory_bytes + SPARE_BYTES)


def raise_memory() -> None:
    """Lift the memory limit a little, so that what happened can be told."""
    try:
        import resource
    except ImportError:  # Windows
        return
    ceiling = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit("AS", ceiling, ceiling)


def mapped_bytes() -> int:
    """Return how much address space this process has mapped; 0 where it cannot be told."""
    try:
        with open("/proc/self/statm", encoding="ascii") as sizes:  # noqa: PTH123 - pathlib costs 8 ms to import
            return int(sizes.read().split()[0]) * 4096
    except OSError:
        return 0
