"""A whole class that hands in at the same moment, over REST."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx

from aralify_kernel.client.interface import PREFIX
from tests.databases import run_sql
from tests.server.loops import run
from tests.server.rest import EXERCISE, LESSON, token_of

if TYPE_CHECKING:
    from tests.servers import Server

COME_BACK = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


@dataclass
class Load:
    """What came of it: how often each status, and for each learner the seconds until the answer was judged."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    took: float = 0.0

    def within(self, share: float) -> float:
        """Return the seconds within which this share of the answers was judged."""
        return sorted(self.seconds)[round(share * (len(self.seconds) - 1))]


def tokens(server: Server, names: list[str]) -> dict[str, str]:
    """Make learners, and return the token of each."""
    for name in names:
        server.application.add_user(name)
    return {name: token_of(server, name, "read", "submit") for name in names}


def hand_in_at_once(server: Server, of: dict[str, str]) -> Load:
    """Let everybody hand an answer in, each again as long as the server says that it is busy; return what came of it."""
    load = Load()

    async def one(client: httpx.AsyncClient, name: str, token: str) -> None:
        answer = {"activity": EXERCISE, "content": f"load = 50  # {name}", "attempt_key": f"of {name}"}
        began = time.monotonic()
        while True:
            headers = {"Authorization": f"Bearer {token}"}
            came = await client.post(f"{PREFIX}{LESSON}/submit", json=answer, headers=headers)
            load.statuses[came.status_code] += 1
            if came.status_code not in COME_BACK:
                break
            await asyncio.sleep(float(came.headers["Retry-After"]))
        load.seconds.append(time.monotonic() - began)

    async def everybody() -> None:
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=server.url, timeout=600, limits=limits, trust_env=False) as client:
            await asyncio.gather(*(one(client, name, token) for name, token in of.items()))

    began = time.monotonic()
    run(everybody())
    load.took = time.monotonic() - began
    return load


def kept(server: Server, like: str) -> dict[str, int]:
    """Return by attempt key how often the server has kept an answer, of the keys that look like this."""
    url = server.application.settings.database_url
    query = "SELECT attempt_key, count(*) FROM attempts WHERE attempt_key LIKE ? GROUP BY attempt_key"
    return dict(run_sql(url, query, like))
