"""Holds one database and answers requests about it, one line of JSON each.

`{"begin": …, "run": …}` prepares it and runs statements, with `aside` instead of `run` in one more; `{"look": …}` asks
it something; `{"schema": TABLE}` describes a table. Started as `python main.py FOLDER MEMORY_BYTES CPU_SECONDS`.
"""

from __future__ import annotations

import json
import sys

sys.path.insert(0, sys.argv[1])

from database import Database, Outcome, OverLimit  # type: ignore[import-not-found]  # noqa: E402


def main(memory_bytes: int, cpu_seconds: float) -> None:
    """Answer every request."""
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


def _run(database: Database, begin: list, statements: list) -> dict:  # type: ignore[type-arg]
    if database.run(begin).error is not None:
        return {"broke": True}
    database.protect_names()
    return _told(database.run(statements))


def _told(outcome: Outcome) -> dict:  # type: ignore[type-arg]
    error = outcome.error
    if error is None:
        return {"result": outcome.result}
    told = {"type": type(error).__name__, "message": str(error), "statement": outcome.ran, "position": outcome.position}
    return {"error": told}


main(int(sys.argv[2]), float(sys.argv[3]))
