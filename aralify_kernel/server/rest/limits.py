"""How much one person, or one place, may ask for in a while: a bucket of requests each, which fills again steadily."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aralify_kernel.errors import TooManyRequests

if TYPE_CHECKING:
    from datetime import datetime

_MOST_BUCKETS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Limit:
    """So many at once, and so many a second after that."""

    at_once: int
    per_second: float


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Buckets:
    """The buckets of everybody under one limit. Used by one thread."""

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._buckets: dict[str, _Bucket] = {}

    def take(self, whose: str, now: datetime) -> None:
        """Take one out of somebody's bucket.

        Raises:
            TooManyRequests: It is empty; says when there is one again.
        """
        moment = now.timestamp()
        bucket = self._buckets.get(whose)
        if bucket is None:
            if len(self._buckets) >= _MOST_BUCKETS:
                self._forget_full_ones(moment)
            bucket = self._buckets[whose] = _Bucket(self._limit.at_once, moment)
        bucket.left, bucket.at = self._filled(bucket, moment), moment
        if bucket.left < 1:
            raise TooManyRequests(seconds=math.ceil((1 - bucket.left) / self._limit.per_second))
        bucket.left -= 1

    def put_back(self, whose: str) -> None:
        """Put back into somebody's bucket what was taken and need not have been."""
        if bucket := self._buckets.get(whose):
            bucket.left = min(self._limit.at_once, bucket.left + 1)

    def _filled(self, bucket: _Bucket, moment: float) -> float:
        # A clock that was put back fills nothing.
        return min(self._limit.at_once, bucket.left + max(0.0, moment - bucket.at) * self._limit.per_second)

    def _forget_full_ones(self, moment: float) -> None:
        full = self._limit.at_once
        self._buckets = {
            whose: bucket for whose, bucket in self._buckets.items() if self._filled(bucket, moment) < full
        }


class Limits:
    """All the limits of the interface."""

    def __init__(self) -> None:
        self._of_people = Buckets(Limit(at_once=150, per_second=5))
        self._of_submitting = Buckets(Limit(at_once=40, per_second=1))
        self._of_places = Buckets(Limit(at_once=600, per_second=10))

    def count(self, person: str | None, network: str, now: datetime, *, judges: bool) -> None:
        """Count a request under the person who is signed in, else under the place that it came from.

        Raises:
            TooManyRequests: It is one too many.
        """
        if person is None:
            self._of_places.take(network, now)
            return
        self._of_people.take(person, now)
        if judges:
            self._of_submitting.take(person, now)
