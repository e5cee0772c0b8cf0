"""Beginning again what a database server refused for the moment: a deadlock, a lost connection, a restart."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import wraps
from random import Random
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

from aralify_kernel.errors import CommitUnclear, DatabaseBusy, DatabaseUnreachable, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aralify_kernel.store.database import Database

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """How often, and after which waits, something is begun again. With these numbers it ends after ten seconds."""

    again: int = 8
    first_wait_sec: float = 0.05
    longest_wait_sec: float = 3.0
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = Random().random  # noqa: S311 - spreads the waits, guards nothing

    def waits(self) -> Iterator[float]:
        """Yield the seconds to wait before each new try: doubling, and different for everybody who waits."""
        for number in range(self.again):
            yield min(self.longest_wait_sec, self.first_wait_sec * 2**number) * (0.5 + self.random() / 2)


NONE: Final = Patience(again=0)


def retried(
    use_case: Callable[Concatenate[Database, P], T],
) -> Callable[Concatenate[Database, P], T]:
    """Make a use case that is one transaction begin again while the server refuses it; nothing of it was saved then."""
    return _retried(use_case, DatabaseBusy, DatabaseUnreachable)


def retried_by_key(
    use_case: Callable[Concatenate[Database, P], T],
) -> Callable[Concatenate[Database, P], T]:
    """Make a use case begin again also when it may have been saved: for one that knows its own work by a key."""
    return _retried(use_case, DatabaseBusy, DatabaseUnreachable, CommitUnclear)


def _retried(
    use_case: Callable[Concatenate[Database, P], T], *reasons: type[StoreError]
) -> Callable[Concatenate[Database, P], T]:
    @wraps(use_case)
    def patient(db: Database, /, *arguments: P.args, **named: P.kwargs) -> T:
        for wait in db.patience.waits():
            try:
                return use_case(db, *arguments, **named)
            except reasons:
                db.patience.sleep(wait)
        return use_case(db, *arguments, **named)

    return patient
