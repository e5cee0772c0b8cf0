"""What this machine and this installation offer."""

from __future__ import annotations

import platform
from importlib import metadata
from typing import TYPE_CHECKING, Final

from packaging.requirements import Requirement

from aralify_kernel.domain.judging import Isolation
from aralify_kernel.errors import N_, IsolationTooWeak
from aralify_kernel.grading.isolation import require
from aralify_kernel.services.doctor.findings import Finding, State
from aralify_kernel.store.database import sqlite_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aralify_kernel.services.doctor.findings import Surroundings

_TOLD: Final = ("aralify", "jupyterlab", "jupyter-server", "voila", "ipykernel", "sqlalchemy", "deno")


def isolation(around: Surroundings) -> Iterator[Finding]:
    """Tell how well learners' code is kept apart."""
    offered = around.probe().isolation
    details = {"isolation": offered.value}
    try:
        require(around.settings, offered)
    except IsolationTooWeak as error:
        yield Finding(State.FAILS, error, details=details)
        return
    if offered is Isolation.LIMITS:
        message = N_("Learners' code is kept from taking too much, and from nothing else.")
        advice = N_("That is right for your own code only; “aralify grade --probe” says what is missing.")
        yield Finding(State.WARNING, message, advice, details)
        return
    yield Finding(State.OK, N_("Learners' code is kept apart: {isolation}."), details=details)


def versions(_around: Surroundings) -> Iterator[Finding]:
    """Tell which versions are installed, and which of them are not those that Aralify needs."""
    found = {name: version for name in _TOLD if (version := _version(name))}
    listed = ", ".join(f"{name} {version}" for name, version in {"python": platform.python_version(), **found}.items())
    wrong = ", ".join(_not_as_required())
    details = {"listed": listed, "wrong": wrong}
    if wrong:
        advice = N_("Install Aralify again, for example with “pip install --upgrade aralify”.")
        yield Finding(State.FAILS, N_("What Aralify needs is missing or of another version: {wrong}."), advice, details)
        return
    yield Finding(State.OK, N_("Installed: {listed}."), details=details)


def secrets(around: Surroundings) -> Iterator[Finding]:
    """Tell which of the files with secrets others may read."""
    home = around.settings.home
    kept = [home / "cookie_secret", around.settings.sign_in_file, sqlite_file(around.database.url)]
    there = [file for file in kept if file is not None and file.is_file()]
    open_to_others = [file for file in there if platform.system() != "Windows" and file.stat().st_mode & 0o077]
    for file in open_to_others:
        advice = N_("Run: chmod 600 “{file}”")
        yield Finding(State.FAILS, N_("Others may read “{file}”, which holds secrets."), advice, {"file": str(file)})
    if not open_to_others:
        yield Finding(State.OK, N_("Only their owner may read the files that hold secrets."))


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _not_as_required() -> Iterator[str]:
    for line in metadata.requires("aralify") or ():
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        version = _version(requirement.name)
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            yield f"{requirement.name}{requirement.specifier} ({version or '–'})"
