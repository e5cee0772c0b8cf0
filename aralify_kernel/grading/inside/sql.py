"""Holds a database behind walls and answers requests about it, one line of JSON each.

`{"begin": …, "run": …}` prepares it and runs statements, with `aside` instead of `run` in one more; `{"look": …}` asks
it something; `{"schema": TABLE}` describes a table.
"""

from __future__ import annotations

import json
import sys

from aralify_kernel.grading.inside.sql_database import Database, Outcome, OverLimit, limit_process
from aralify_kernel.grading.sandbox import walls
from aralify_kernel.grading.sandbox.limits import mapped_bytes


def run(arguments: list[str]) -> None:
    """Put up the walls that the configuration (JSON) names, and answer every request."""
    config = json.loads(arguments[0])
    memory_bytes, cpu_seconds = config["memory_bytes"], config["cpu_seconds"]
    if config["leaves_root"]:
        walls.leave_root()
    # SQLite has a limit on its own heap; the limit on the process is for what is around it.
    space = mapped_bytes() + 2 * memory_bytes
    walls.put_up(
        walls.Walls(config["mode"], int(2 * cpu_seconds) + 1, space, tuple(config["read"]), has_own_files=False)
    )
    limit_process(memory_bytes)
    database = Database(memory_bytes, cpu_seconds)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        try:
            if "run" in request:
                answer = _run(database, request["begin"], request["run"])
            elif "aside" in request:
                answer = _run(Database(memory_bytes, cpu_seconds), request["begin"], request["aside"])
            elif "look" in request:
                answer = _told(database.look(request["look"]))
            else:
                answer = {"result": database.schema(request["schema"])}
        except OverLimit as limit:
            answer = {"limit": str(limit)}
        except MemoryError:
            answer = {"limit": "memory"}
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()


def _run(database: Database, begin: list[str], statements: list[str]) -> dict[str, object]:
    if database.run(begin).error is not None:
        return {"broke": True}
    database.protect_names()
    return _told(database.run(statements))


def _told(outcome: Outcome) -> dict[str, object]:
    error = outcome.error
    if error is None:
        return {"result": outcome.result}
    told = {"type": type(error).__name__, "message": str(error), "statement": outcome.ran, "position": outcome.position}
    return {"error": told}
