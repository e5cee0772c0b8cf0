"""One attempt in SQL: a database with the learner's statements, one with the reference's, and what each answers."""

from __future__ import annotations

import json
import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from aralify_kernel.domain.tables import Table, table_of
from aralify_kernel.grading.conversations import Conversation, Silence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aralify_kernel.domain.statements import Statement


@dataclass(frozen=True, slots=True)
class SqlError:
    """What SQLite refused: its message, the number of the statement, from 0, and where in it, if that is known."""

    type: str
    message: str
    statement: int
    position: int | None


_OUT_OF_TIME: Final = frozenset(
    (-signal.SIGXCPU, -signal.SIGKILL, 128 + signal.SIGXCPU, 128 + signal.SIGKILL) if sys.platform != "win32" else ()
)
"""How a process ends that computes where no clock of its own looks; bubblewrap tells of a signal by adding 128."""

Answer: TypeAlias = Table | SqlError | None


class Stopped(Exception):
    """A database cannot be asked any more: `memory`, `output`, `time`, `crash`, or `broken` by what the author wrote."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why: Final = why


class Side:
    """One database, asked one thing after the other."""

    def __init__(self, conversation: Conversation, deadline: float) -> None:
        self._conversation = conversation
        self._deadline = deadline

    def run(self, begin: Iterable[Statement], source: Iterable[Statement]) -> Answer:
        """Return the last result of `source` in a new database prepared by `begin`.

        Raises:
            Stopped: The database cannot be asked any more.
        """
        return self._ask({"begin": [s.text for s in begin], "run": [s.text for s in source]})

    def run_aside(self, begin: Iterable[Statement], source: Iterable[Statement]) -> Answer:
        """Return what `run` does, and leave the database as it is for what is asked later.

        Raises:
            Stopped: The database cannot be asked any more.
        """
        return self._ask({"begin": [s.text for s in begin], "aside": [s.text for s in source]})

    def look(self, query: Iterable[Statement]) -> Answer:
        """Return the last result of `query`, which changes nothing.

        Raises:
            Stopped: The database cannot be asked any more.
        """
        return self._ask({"look": [s.text for s in query]})

    def schema(self, table: str) -> Answer:
        """Return the description of a table.

        Raises:
            Stopped: The database cannot be asked any more.
        """
        return self._ask({"schema": table})

    def _ask(self, request: dict[str, Any]) -> Answer:
        self._conversation.say(request)
        try:
            line = self._conversation.hear(self._deadline)
        except Silence:
            raise Stopped("time") from None
        if line is None:
            status, _ = self._conversation.ending()
            raise Stopped("time" if status in _OUT_OF_TIME else "crash")
        try:
            return _read(json.loads(line))
        except (ValueError, KeyError, TypeError):
            raise Stopped("crash") from None


def _read(answer: dict[str, Any]) -> Answer:
    if "limit" in answer:
        raise Stopped(str(answer["limit"]))
    if "broke" in answer:
        raise Stopped("broken")
    if "error" in answer:
        error = answer["error"]
        where = error["position"]
        return SqlError(
            str(error["type"]), str(error["message"]), int(error["statement"]), where if type(where) is int else None
        )
    return table_of(answer["result"])
