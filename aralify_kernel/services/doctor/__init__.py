"""Whether an installation is sound: one table of checks, each of which looks at one thing and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aralify_kernel.errors import N_
from aralify_kernel.services.doctor import disks, installation, network, stored
from aralify_kernel.services.doctor.findings import Check, Finding, State, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["CHECKS", "DISK", "Check", "Finding", "State", "Surroundings", "examine", "worst"]

DISK: Final = Check("disk", N_("Disk"), disks.room)
"""Looked at by a running server too, again and again."""

CHECKS: Final = (
    Check("isolation", N_("Isolation"), installation.isolation),
    Check("database", N_("Database"), stored.database),
    DISK,
    Check("backup", N_("Backup"), stored.backup),
    Check("certificate", N_("Certificate"), network.certificate),
    Check("versions", N_("Versions"), installation.versions),
    Check("secrets", N_("Secrets"), installation.secrets),
    Check("clock", N_("Clock"), stored.clock),
)


def examine(around: Surroundings, checks: Iterable[Check] = CHECKS) -> tuple[tuple[Check, Finding], ...]:
    """Return what each check finds, in their order."""
    return tuple((check, finding) for check in checks for finding in check.look(around))


def worst(found: Iterable[tuple[Check, Finding]]) -> State:
    """Return the worst state among what was found."""
    return max((finding.state for _, finding in found), key=list(State).index, default=State.OK)
