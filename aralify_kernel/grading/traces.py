"""What an attempt reported, and how its process ended."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

_KILLED_BY_CLOCK: Final = (-27, -24)  # SIGPROF and SIGXCPU on Linux; the first on macOS too
_FRAME: Final = re.compile(r'File "<your code>", line (\d+)')


@dataclass(slots=True)
class Event:
    """One line that the attempt reported."""

    name: str
    fields: dict[str, str]

    def number(self, key: str) -> int | None:
        """Return the whole number in field `key`, or None."""
        value = self.fields.get(key, "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


@dataclass(slots=True)
class Trace:
    """All that is known of an attempt that ended."""

    events: list[Event] = field(default_factory=list)
    noise: str = ""
    """What came on the line that was no event."""
    status: int | None = None
    """How the process of the learner's code ended, where that is known."""
    is_late: bool = False
    """The host had to end it."""

    @property
    def tail(self) -> str:
        """The last words of the learner's process: the stack at the end of the time."""
        return self.noise + "".join(event.fields.get("tail", "") for event in self.events)

    @property
    def ran_out_of_time(self) -> bool:
        """Whether a clock ended it."""
        is_stopped = self.is_late or self.has("late") or self.status in _KILLED_BY_CLOCK or "Timeout (" in self.tail
        return is_stopped and not self.has("done")

    @property
    def was_killed(self) -> bool:
        """Whether somebody else ended it: the system, or the close of the grader. Any other signal is its own doing."""
        return not self.has("done") and not self.ran_out_of_time and self.status == -9  # SIGKILL

    @property
    def lines(self) -> tuple[int, ...]:
        """The lines of the learner's source it was on when its time ended, the innermost first."""
        return tuple(int(line) for line in _FRAME.findall(self.tail))

    def has(self, *names: str) -> bool:
        """Return whether an event of one of these names came."""
        return any(event.name in names for event in self.events)


def parsed(received: bytes) -> Trace:
    """Return the trace of what came on the line."""
    trace = Trace()
    for line in received.split(b"\n"):
        event = _event(line)
        if event:
            trace.events.append(event)
        elif line:
            trace.noise += line.decode("ascii", "replace") + "\n"
    return trace


_EVENTS: Final = frozenset(
    "learner out error check passed failed raised broke limit done died late garbled".split()  # noqa: SIM905
)
_ESCAPED: Final = re.compile(rb"(?:[^\\]|\\(?:[nrt\\]|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}))*+")


def _event(line: bytes) -> Event | None:
    name, *fields = line.split(b"\t")
    if name.decode("ascii", "replace") not in _EVENTS or not _ESCAPED.fullmatch(line):
        return None
    try:
        pairs = [field.partition(b"=")[::2] for field in fields]
        return Event(name.decode(), {_text(key): _text(value) for key, value in pairs})
    except UnicodeDecodeError:
        return None


def _text(escaped: bytes) -> str:
    """Return the text that was escaped, without what cannot be stored: half characters and NUL."""
    text = escaped.decode("unicode_escape")
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
