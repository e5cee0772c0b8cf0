"""One attempt in JavaScript: two processes of Deno, and between them this, which passes on and keeps the time."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.grading.conversations import Conversation, Silence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aralify_kernel.grading.javascript.programs import Program

OUTPUT_CHARACTERS: Final = 64 * 1024
_FATAL: Final = ("out of memory", "heap limit", "Array buffer allocation failed", "memory access out of bounds")
_KILLED_BY_CLOCK: Final = (-24, 128 + 24)
"""SIGXCPU, as the system and as bubblewrap tell it."""
_START_SECONDS: Final = 30
_GRACE_SECONDS: Final = 5
_NEVER_SETTLED: Final = "never resolved"


@dataclass(slots=True)
class Told:
    """All that is known of an attempt that ended. An `end` says that the learner's program ended before the checks did."""

    outcomes: dict[int, dict[str, Any]] = field(default_factory=dict)
    """By the number of the check: what came of it."""
    error: dict[str, Any] | None = None
    """What the program itself raised, before any check."""
    stdout: str = ""
    """What was printed before the first hidden check."""
    end: str = ""
    """`time`, `memory`, `output`, `settled` (a promise never was), `garbled` (its words were no data), or `left`."""
    status: int | None = None
    is_hidden: bool = False
    """Whether a hidden check had begun."""


class JudgeFailed(Exception):
    """The judge's side said nothing that can be used."""


class Attempt:
    """Drives one attempt between the two processes; `seconds` are what the learner's code may take, by the wall-clock."""

    def __init__(self, learner: Conversation, judge: Conversation, seconds: float) -> None:
        self._learner = learner
        self._judge = judge
        self._seconds = seconds
        self._deadline = time.monotonic() + _START_SECONDS
        self._printed = 0
        self._told = Told()

    def run(self, program: Program, scope: str, checks: Sequence[tuple[int, str, bool]]) -> Told:
        """Run a program, then its checks (number, source, whether hidden); return what came of them.

        Raises:
            JudgeFailed: A side did not start, or the judge's side failed or took too long by itself.
        """
        ready, _ = self._from_learner("ready")
        if ready is None:
            raise JudgeFailed
        self._deadline = time.monotonic() + self._seconds
        request = {"source": program.source, "module": program.module, "before": program.before, "scope": scope}
        self._learner.say(request)
        self._judge.say({"checks": [{"number": number, "source": source} for number, source, _ in checks]})
        loaded, self._told.stdout = self._from_learner("loaded", "error")
        if loaded is None:
            return self._told
        if "error" in loaded:
            self._told.error = _error(loaded["error"])
            return self._told
        hidden = {number for number, _, is_hidden in checks if is_hidden}
        while (message := self._from_judge()) is not None:
            if message.get("done"):
                return self._told
            if "outcome" in message:
                self._told.outcomes[message["check"]] = message
            elif "call" in message:
                if not self._pass_on(message["call"]):
                    return self._told
            elif message["check"] in hidden:
                self._told.is_hidden = True
        raise JudgeFailed

    def _pass_on(self, call: dict[str, Any]) -> bool:
        """Put a call to the learner's side and its answer to the judge's; return False when there is none."""
        self._learner.say(call)
        reply, printed = self._from_learner("id")
        if not self._told.is_hidden:
            self._told.stdout += printed
        if reply is None:
            return False
        answer = {"id": reply["id"], "printed": printed, "values": _variables(reply.get("values"))}
        if isinstance(reply.get("raised"), dict):
            answer["raised"] = _error(reply["raised"])
        else:
            answer["value"] = reply.get("value")
        try:
            self._judge.say(answer)
        except (ValueError, RecursionError):  # numbers and depths that no honest side of ours would send
            self._ended("garbled")
            return False
        return True

    def _from_learner(self, *keys: str) -> tuple[dict[str, Any] | None, str]:
        """Return the next message that has one of `keys`, and all that was printed before it."""
        printed: list[str] = []
        while True:
            try:
                line = self._learner.hear(self._deadline)
            except Silence:
                self._ended("time")
                return None, "".join(printed)
            if line is None:
                self._ended()
                return None, "".join(printed)
            message = _message(line)
            if any(key in message for key in keys):
                return message, "".join(printed)
            if line:  # an empty one begins every message
                text = (
                    message.get("out")
                    if isinstance(message.get("out"), str)
                    else f"{line.decode('utf-8', 'replace')}\n"
                )
                printed.append(str(text))
                self._printed += len(printed[-1])
            self._printed += 1
            if self._printed > OUTPUT_CHARACTERS:
                self._ended("output")
                return None, "".join(printed)

    def _ended(self, how: str = "") -> None:
        """Note how the learner's side ended: `how`, or by itself."""
        if self._learner.said_too_much:
            how = "output"
        status, words = self._learner.ending() if not how else (None, "")
        if status in _KILLED_BY_CLOCK:
            how = "time"
        elif any(sign in words for sign in _FATAL):
            how = "memory"
        elif _NEVER_SETTLED in words:
            how = "settled"
        self._told.end, self._told.status = how or "left", status

    def _from_judge(self) -> dict[str, Any] | None:
        while True:
            try:
                # What the learner's side has used up is no fault of the judge's.
                line = self._judge.hear(max(self._deadline, time.monotonic() + _GRACE_SECONDS))
            except Silence:
                raise JudgeFailed from None
            if line is None:
                return None
            if line and (message := _message(line)):
                return message


def _message(line: bytes) -> dict[str, Any]:
    """Return the message in a line, empty where it holds none."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def _error(told: Any) -> dict[str, Any]:
    """Return what the learner's side says about an error, in the form it should have."""
    told = told if isinstance(told, dict) else {}
    line = told.get("line")
    classes = told.get("classes")
    return {
        "name": str(told.get("name", ""))[:200],
        "message": str(told.get("message", ""))[:2000],
        "line": line if type(line) is int and 0 < line < 1_000_000 else None,
        "classes": [str(name)[:200] for name in classes[:20]] if isinstance(classes, list) else [],
    }


def _variables(told: Any) -> dict[str, Any]:
    return told if isinstance(told, dict) else {}
