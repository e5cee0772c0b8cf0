"""One side's knowledge of the other: which containers both hold, which objects were named, how a message is written.

Lists, dicts and their like are copied, and the copies are kept equal: whatever changed on one side travels with its next
message. So `sort_in_place(xs)` has sorted the caller's list, and a list that an object keeps is the list it was given.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from aralify_kernel.grading.inside import tables, values
from aralify_kernel.grading.inside.values import FIXED, MUTABLE, SCALARS, Garbled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_SHARED_CELLS: Final = 20_000
_SHARED: Final = 64
_INLINE_BITS: Final = 4000
_TAGS: Final = ("#", "@", "<", ">")


class Codec:
    """The tables of one side. `makes` builds what stands for an object of the other side; `describes` tells of ours."""

    def __init__(
        self,
        first_id: int,
        *,
        makes: Callable[[int, dict[str, Any], Callable[[Any], Any]], Any],
        describes: Callable[[Any, Callable[[Any], Any]], dict[str, Any]],
        is_standin: Callable[[Any], bool],
        bound_parts: Callable[[Any], tuple[Any, str] | None],
        bind: Callable[[Any, str], Any],
    ) -> None:
        self.makes = makes
        self.describes = describes
        self.is_standin = is_standin
        self.bound_parts = bound_parts
        self.bind = bind
        self.objects: dict[int, Any] = {}
        """Ours, by the number the other side knows them by."""
        self.foreign: dict[int, Any] = {}
        """What stands here for theirs, by their number."""
        self.shared: dict[int, tuple[Any, Any]] = {}
        """By number, containers that both sides hold, and what was in them when last told."""
        self._numbers: dict[int, int] = {}
        self._shared_ids: dict[int, int] = {}
        self._next_id = first_id
        self.foreign_numbers: dict[int, int] = {}

    def number(self, thing: Any) -> tuple[int, bool]:
        """Return the number of one of our objects, and whether it is new."""
        known = self._numbers.get(id(thing))
        if known is not None:
            return known, False
        number = len(self.objects) + 1
        self.objects[number] = thing
        self._numbers[id(thing)] = number
        return number, True

    def register(self, number: int, thing: Any) -> None:
        """Remember that `thing` stands for their object `number`."""
        self.foreign[number] = thing
        if self.is_standin(thing):
            self.foreign_numbers[id(thing)] = number

    def share(self, container: Any, number: int | None = None) -> int:
        """Hold `container` in common; return its number."""
        if number is None:
            number, self._next_id = self._next_id, self._next_id + 2
        self.shared[number] = (container, None)
        self._shared_ids[id(container)] = number
        return number

    def shared_number(self, container: Any) -> int | None:
        """Return the number of a container that both sides hold, None for any other."""
        return self._shared_ids.get(id(container))

    def told(self, number: int) -> None:
        """Note that the other side knows what is in this container now."""
        container = self.shared[number][0]
        self.shared[number] = (container, tables.snapshot(container))

    def forget(self, numbers: list[int]) -> None:
        """Hold these containers in common no more."""
        for number in numbers:
            known = self.shared.pop(number, None)
            if known:
                self._shared_ids.pop(id(known[0]), None)

    def surplus(self) -> list[int]:
        """Return the numbers of the containers that are too many to be compared at every message, the oldest first."""
        sizes = {number: tables.size(container) for number, (container, _) in self.shared.items()}
        total, found = sum(sizes.values()), []
        for number, size in sizes.items():
            if len(sizes) - len(found) <= _SHARED and total <= _SHARED_CELLS:
                break
            found.append(number)
            total -= size
        return found

    def write(self, message: dict[str, Any], given: Sequence[Any] = (), named: Mapping[str, Any] | None = None) -> Any:
        """Return `message` with these values, and with all that the other side needs to read them."""
        writing = _Writing(self)
        message["given"] = [writing.value(value) for value in given]
        if named:
            message["named"] = {name: writing.value(value) for name, value in named.items()}
        known = list(self.shared.items())
        changed = [number for number, (container, before) in known if not tables.is_same(container, before)]
        changes = [[number, writing.contents(self.shared[number][0])] for number in changed]
        writing.finish()
        for number in {*changed, *writing.new_shared}:
            self.told(number)
        for key, part in (("nodes", writing.nodes), ("objects", writing.described), ("changes", changes)):
            if part:
                message[key] = part
        return message

    def read(self, message: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """Return the values that `write` was given, and take over what changed.

        Raises:
            Garbled: It is no message that `write` returns.
        """
        try:
            reading = _Reading(self, message)
            given = [reading.value(value) for value in message["given"]]
            named = {str(name): reading.value(value) for name, value in message.get("named", {}).items()}
            self.forget(message.get("forget", []))
        except (Garbled, MemoryError):
            raise
        except Exception as error:
            raise Garbled(f"{type(error).__name__}: {error}") from error
        return given, named


class _Writing:
    """One message being written. Containers are queued rather than entered, so that no depth is too deep."""

    def __init__(self, codec: Codec) -> None:
        self.nodes: list[Any] = []
        self.described: list[Any] = []
        self.new_shared: list[int] = []
        self._codec = codec
        self._places: dict[int, int] = {}
        self._queue: list[Callable[[], None]] = []
        self._kept: list[Any] = []

    def value(self, thing: Any) -> Any:
        kind = type(thing)
        if kind in SCALARS and (kind is not int or thing.bit_length() < _INLINE_BITS):
            return thing
        foreign = self._codec.foreign_numbers.get(id(thing))
        if foreign is not None:
            return ["<", foreign]
        shared = self._codec.shared_number(thing)
        if shared is not None:
            return ["@", shared]
        if kind is int:
            return self._placed(thing, values.large(thing))
        if id(thing) in self._places:
            return ["#", self._places[id(thing)]]
        if kind in FIXED:
            name, contents = FIXED[kind]
            return self._later(thing, [name], lambda: contents(thing, self.value))
        if kind in MUTABLE or tables.is_table(thing):
            number = None
            if len(self.new_shared) < _SHARED:
                number = self._codec.share(thing)
                self.new_shared.append(number)
            return self._later(thing, ["container", number], lambda: self.contents(thing))
        return self._special(thing)

    def contents(self, thing: Any) -> list[Any]:
        """Return the kind of a container and what is in it."""
        if type(thing) in MUTABLE:
            name, contents = MUTABLE[type(thing)]
            extra = [self.value(thing.maxlen)] if name == "deque" else []
            extra = [self.value(thing.default_factory)] if name == "default" else extra
            return [name, extra, contents(thing, self.value)]
        return tables.contents(thing, self.value)

    def finish(self) -> None:
        while self._queue:
            self._queue.pop()()

    def _special(self, thing: Any) -> Any:
        if isinstance(thing, type) and (named := values.type_name(thing)):
            return self._placed(thing, ["type", *named])
        if type(thing) is type(sys) and thing.__name__ in _SAFE_MODULES and sys.modules.get(thing.__name__) is thing:
            return self._placed(thing, ["module", thing.__name__])
        if (bound := self._codec.bound_parts(thing)) is not None:
            owner, name = bound
            return self._placed(thing, ["bound", self.value(owner), name])
        if (node := tables.scalar(thing, self.value)) is not None:
            return self._placed(thing, node)
        number, is_new = self._codec.number(thing)
        if is_new:
            self._queue.append(lambda: self.described.append([number, self._codec.describes(thing, self.value)]))
        return [">", number]

    def _placed(self, thing: Any, node: list[Any]) -> list[Any]:
        self._kept.append(thing)
        self._places[id(thing)] = place = len(self.nodes)
        self.nodes.append(node)
        return ["#", place]

    def _later(self, thing: Any, node: list[Any], contents: Callable[[], list[Any]]) -> list[Any]:
        pointer = self._placed(thing, node)
        self._queue.append(lambda: node.extend(contents()))
        return pointer


_SAFE_MODULES: Final = frozenset(
    "math cmath random statistics string re collections itertools functools operator datetime decimal fractions json "
    "typing copy heapq bisect calendar time textwrap numbers enum dataclasses abc io contextlib numpy pandas".split()
)
"""Modules that are the same on both sides when the learner's code has imported them."""


class _Reading:
    """One message being read."""

    def __init__(self, codec: Codec, message: dict[str, Any]) -> None:
        self._codec = codec
        self._nodes: list[Any] = message.get("nodes", [])
        self._built: dict[int, Any] = {}
        self._depths: dict[int, int] = {}
        self._described = {number: about for number, about in message.get("objects", ())}
        found = []
        for place, node in enumerate(self._nodes):
            if node[0] == "container":
                found.append(place)
                self._built[place] = self._empty(node)
        for place in range(len(self._nodes)):
            if place not in self._built:
                self._build(place)
        for place in found:
            self._fill(self._built[place], self._nodes[place][2:], self._nodes[place][1])
        for number, contents in message.get("changes", ()):
            self._fill(codec.shared[number][0], contents, number)
        for number in list(self._described):
            self.value([">", number])

    def value(self, told: Any) -> Any:
        """Return what a value of the message stands for."""
        if type(told) is not list:
            return told
        tag, number = told
        if tag == "#":
            self._build(number)
            return self._built[number]
        if tag == "@":
            return self._codec.shared[number][0]
        if tag == "<":
            return self._codec.objects[number]
        if tag != ">":
            raise Garbled(f"unknown tag {tag!r}")
        if number not in self._codec.foreign:
            thing = self._codec.makes(number, self._described.pop(number), self.value)
            if number not in self._codec.foreign:  # a class is known before what is in it
                self._codec.register(number, thing)
        return self._codec.foreign[number]

    def _empty(self, node: list[Any]) -> Any:
        _, number, kind, extra, _contents = node
        made = values.new(kind) if values.is_mutable(kind) else tables.new(kind, extra)
        if kind == "deque" and extra[0] is not None:
            made = type(made)(maxlen=int(extra[0]))
        if number is not None:
            self._codec.share(made, int(number))
        return made

    def _fill(self, container: Any, contents: list[Any], number: int | None) -> None:
        kind, extra, items = contents
        if kind == "default":
            container.default_factory = self.value(extra[0])
        if values.is_mutable(kind):
            values.fill(container, items, self.value)
        else:
            tables.fill(container, items, self.value)
        if number is not None:
            self._codec.told(number)

    def _build(self, wanted: int) -> None:
        """Build a node after those it is made of."""
        waiting = [wanted]
        while waiting:
            place = waiting[-1]
            if place in self._built:
                waiting.pop()
                continue
            kind, *contents = self._nodes[place]
            pointed = _pointers(contents)
            inner = [one for one in pointed if one not in self._built]
            if inner:
                if len(waiting) > len(self._nodes):
                    raise Garbled("a value that holds itself")
                waiting += inner
                continue
            waiting.pop()
            self._depths[place] = 1 + max((self._depths.get(one, 0) for one in pointed), default=0)
            if self._depths[place] > values.MAX_DEPTH:
                raise MemoryError("tuples within tuples, too deep")
            self._built[place] = self._made(kind, self._values(contents))

    def _made(self, kind: str, contents: list[Any]) -> Any:
        if kind == "bound":
            return self._codec.bind(*contents)
        return values.build(kind, contents) if values.is_fixed(kind) else tables.build(kind, contents)

    def _values(self, contents: list[Any]) -> list[Any]:
        """Return the contents of a node with every value in its place; deeper lists are a signature's."""
        return [self._values(part) if _is_group(part) else self.value(part) for part in contents]


def _is_group(part: Any) -> bool:
    return type(part) is list and not (len(part) == 2 and part[0] in _TAGS)


def _pointers(contents: list[Any]) -> list[int]:
    """Return the nodes that a node is made of."""
    found: list[int] = []
    for part in contents:
        if _is_group(part):
            found += _pointers(part)
        elif type(part) is list and part[0] == "#":
            found.append(part[1])
    return found
