"""Whose turn it is: answers wait in one line per learner, and the learners take turns."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import Generic, TypeVar

from aralify_kernel.errors import JudgeBusy

Item = TypeVar("Item")


class FairQueue(Generic[Item]):
    """First come, first served within a learner, and one of each learner's in turn. Not safe for threads by itself.

    Args:
        room: How many items may wait.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._lines: OrderedDict[str, deque[Item]] = OrderedDict()
        """Never an empty line; the learner whose turn it is stands first."""

    def __len__(self) -> int:
        return sum(map(len, self._lines.values()))

    def add(self, learner: str, item: Item) -> Item | None:
        """Let `item` of `learner` wait.

        Returns:
            What had to leave for it, or None. In a full queue that is the newest item of the longest line, so that
            whoever fills the queue alone keeps nobody else out.

        Raises:
            JudgeBusy: The queue is full, and no line is longer than the learner's own would become.
        """
        leaving = None
        if len(self) >= self._room:
            longest = max(self._lines, key=lambda name: len(self._lines[name]))
            if len(self._lines[longest]) <= len(self._lines.get(learner, ())) + 1:
                raise JudgeBusy
            leaving = self._lines[longest].pop()
        self._lines.setdefault(learner, deque()).append(item)
        return leaving

    def take(self) -> Item | None:
        """Return the item whose turn it is, or None when nothing waits."""
        if not self._lines:
            return None
        learner, line = next(iter(self._lines.items()))
        item = line.popleft()
        if line:
            self._lines.move_to_end(learner)
        else:
            del self._lines[learner]
        return item

    def withdraw(self, learner: str, item: Item) -> None:
        """Let `item` no longer wait; nothing happens when it does not."""
        line = self._lines.get(learner, deque())
        if item in line:
            line.remove(item)
            if not line:
                del self._lines[learner]
