"""Patience after failed sign-ins: it slows guessing down, and neither locks anybody out nor punishes a class.

A failure counts under the name *and* the place it came from, so that whoever guesses somebody's password from elsewhere
delays only themselves. A browser that its owner signed in with before is a place of its own: even a neighbour behind
the same address cannot delay them there. Elsewhere a neighbour can, so the delay of a network is short.

An address as a whole may fail as often as a class does. Once it has, nobody is refused for it who has not failed there
themselves, and who has waits the longest delay of a network at once. What remains to whoever guesses from one address
is one guess in `_LONGEST_SEC` under each name: 2880 a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.accounts import sign_in_delay
from aralify_kernel.errors import TooManyTries
from aralify_kernel.store import login_attempts
from aralify_kernel.store.login_attempts import FailedSignIns

if TYPE_CHECKING:
    from datetime import datetime

    from aralify_kernel.store.database import Transaction

AT_ONCE: Final = 240
"""How often sign-ins from one address may fail in a row, whatever the names: a few classes with a few typos each."""

_ONE_BACK_SEC: Final = 2
"""After how many seconds an address has one of these failures back."""

_KEPT: Final = timedelta(days=1)

_LONGEST_SEC: Final = 30
"""The longest delay of a network: whoever fails there on purpose holds up everybody of that name who is behind it."""

_ANY_NAME: Final = "ANY NAME"
"""Under what a network's budget is counted: no user name is folded to capitals."""


@dataclass(frozen=True, slots=True)
class Place:
    """From where somebody tries to sign in to a class server.

    `device` tells a browser in which the person signed in before; `address` is whose budget pays otherwise.
    """

    address: str
    device: str | None = None

    @property
    def client(self) -> str:
        """By what failures under one name are counted."""
        return f"device {self.device}" if self.device else self.network

    @property
    def network(self) -> str:
        """The address; of IPv6 the half that a household has to itself, as a neighbour can change the other at will."""
        try:
            address = ip_address(self.address.partition("%")[0])
        except ValueError:
            return self.address[:48]
        if isinstance(address, IPv6Address):
            mapped = address.ipv4_mapped
            return str(mapped) if mapped else f"{IPv6Address(int(address) >> 64 << 64)}/64"
        return str(address)


def begin(tx: Transaction, name: str, place: Place | None, *, now: datetime) -> None:
    """Count a try as failed before it is known, so that many at once do not get past the delay.

    The transaction must be alone: what is read here is still true when it is written.

    Raises:
        TooManyTries: The delay has not passed; nothing is counted.
    """
    login_attempts.forget_before(tx, now - _KEPT)
    client = place.client if place else ""
    failed = login_attempts.find(tx, name, client) or FailedSignIns(0, now)
    delay, is_spent = sign_in_delay(failed.failures), False
    if place and not place.device:
        is_spent = _spent(tx, place.network, now).failures >= AT_ONCE
        delay = _LONGEST_SEC if is_spent and failed.failures else min(delay, _LONGEST_SEC)
    waits = (failed.last_failed_at - now).total_seconds() + delay
    if waits > 0:
        raise TooManyTries(seconds=max(1, round(waits)))
    if place and not place.device and not is_spent:
        spend(tx, place, now=now)
    login_attempts.put(tx, name, client, FailedSignIns(failed.failures + 1, now))


def succeeded(tx: Transaction, name: str, place: Place | None, *, now: datetime) -> None:
    """Take a try back that was right after all, and all that failed there under this name before it."""
    login_attempts.forget(tx, name, place.client if place else "")
    if place and not place.device:
        spent = _spent(tx, place.network, now)
        if spent.failures >= AT_ONCE:
            return  # it may not have been charged; only time gives back what is wholly spent
        if spent.failures > 1:
            left = FailedSignIns(spent.failures - 1, spent.last_failed_at)
            login_attempts.put(tx, _ANY_NAME, place.network, left)
        else:
            login_attempts.forget(tx, _ANY_NAME, place.network)


def spend(tx: Transaction, place: Place, *, now: datetime) -> None:
    """Take one from what an address may try, whatever it is that it tries. The transaction must be alone.

    Raises:
        TooManyTries: Nothing is left for the moment.
    """
    spent = _spent(tx, place.network, now)
    if spent.failures >= AT_ONCE:
        raise TooManyTries(seconds=_ONE_BACK_SEC)
    login_attempts.put(tx, _ANY_NAME, place.network, FailedSignIns(spent.failures + 1, spent.last_failed_at))


def _spent(tx: Transaction, network: str, now: datetime) -> FailedSignIns:
    """Return what an address has spent of its budget now; the time is until when it had some back."""
    failed = login_attempts.find(tx, _ANY_NAME, network)
    if failed is None:
        return FailedSignIns(0, now)
    back = max(0, int((now - failed.last_failed_at).total_seconds())) // _ONE_BACK_SEC
    if back >= failed.failures:
        return FailedSignIns(0, now)
    return FailedSignIns(failed.failures - back, failed.last_failed_at + timedelta(seconds=back * _ONE_BACK_SEC))
