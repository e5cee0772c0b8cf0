"""What JavaScript refuses, in words for beginners. The messages are V8's, and the parser's of Deno."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.explanations.cases import closest, code
from aralify_kernel.domain.explanations.javascript_syntax import ELSEWHERE, GLOBALS, KEYWORDS, on_line, unreadable
from aralify_kernel.domain.javascript import tokens
from aralify_kernel.errors import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from aralify_kernel.domain.explanations.cases import Case, Said

_BROWSER: Final = frozenset(("document", "window", "require", "module", "process", "localStorage", "$"))
_METHODS: Final = {
    "append": "push", "add": "push", "len": "length", "size": "length", "upper": "toUpperCase", "lower": "toLowerCase",
    "strip": "trim", "contains": "includes", "has": "includes", "remove": "splice", "find_index": "findIndex",
    "startswith": "startsWith", "endswith": "endsWith", "extend": "concat", "index": "indexOf", "str": "toString",
    "foreach": "forEach", "print": "log", "round": "Math.round",
}  # fmt: skip
_KNOWN_METHODS: Final = frozenset(
    (
        *("push", "pop", "shift", "unshift", "slice", "splice", "concat", "join", "includes", "indexOf", "forEach"),
        *(
            "map",
            "filter",
            "reduce",
            "find",
            "findIndex",
            "some",
            "every",
            "sort",
            "reverse",
            "flat",
            "flatMap",
            "fill",
        ),
        *("toUpperCase", "toLowerCase", "trim", "split", "replace", "replaceAll", "startsWith", "endsWith", "repeat"),
        *("padStart", "padEnd", "charAt", "charCodeAt", "toString", "toFixed", "keys", "values", "entries", "get"),
        *(
            "set",
            "has",
            "delete",
            "log",
            "floor",
            "ceil",
            "round",
            "max",
            "min",
            "abs",
            "sqrt",
            "pow",
            "random",
            "trunc",
        ),
        *(
            "toSorted",
            "toReversed",
            "localeCompare",
            "hasOwn",
            "fromEntries",
            "from",
            "isInteger",
            "parse",
            "stringify",
        ),
    )
)


def explained(case: Case) -> Said:
    """Return what went wrong in JavaScript and what to try."""
    explainers = _BY_TYPE.get(case.type, ()) if case.line is not None else ()
    said = (explainer(case) for explainer in (*_ANYWHERE, *explainers))
    return next((one for one in said if one is not None), None) or _general(case)


def names_in(source: str) -> frozenset[str]:
    """Return the names that stand in `source`, words of the language left out."""
    return frozenset(token.text for token in tokens(source) if token.kind == "name") - KEYWORDS


def _stopped(case: Case) -> Said | None:
    if case.type == "TimeoutError":
        return _out_of_time(case)
    if case.type == "OutputLimit":
        return case.say(
            N_("This printed far too much."),
            N_("Does a loop that prints ever end? One line for each result is enough."),
        )
    if case.type == "MemoryError":
        return case.say(
            N_("This needed more memory than a program may use here."),
            N_("Look for an array or text that keeps growing: does the loop that does it ever end?"),
        )
    return None


def _out_of_time(case: Case) -> Said:
    found = case.found(r"(\d+(?:\.\d+)?) seconds")
    seconds = found[1] if found else "…"
    if case.line is None:
        return case.say(
            N_("This kept running for more than {seconds} seconds."),
            N_("Is there an input for which a loop never ends? Try small, large and unusual ones."),
            seconds=seconds,
        )
    return case.say(
        N_("This kept running for more than {seconds} seconds. Does the loop on line {loop_line} ever end?"),
        N_("Print the values that the loop on line {loop_line} uses, and see how they change in the first rounds."),
        seconds=seconds,
        loop_line=case.line,
    )


def _left(case: Case) -> Said | None:
    if case.type == "PromiseNeverSettled":
        return case.say(
            N_("Your code waits for a promise that never ends, so the checks cannot go on."),
            N_("Does every path through the promise call `resolve` or `reject`?"),
        )
    if case.type == "Crash":
        return case.say(
            N_("Your program made JavaScript itself stop."),
            N_("Look for very large values, or for functions that call each other without end."),
        )
    if case.type == "Exit":
        return case.say(
            N_("Your program ended itself before the checks could look at it."),
            N_("Remove what ends the program; inside a function, use `return`."),
        )
    if case.type == "ImportError":
        return case.say(
            N_("Line {line} imports something, which exercises may not do."),
            N_("Remove the `import` line, and solve it with JavaScript alone."),
        )
    if case.type == "throw":
        return case.say(
            N_("Your code threw `{value}`, which is no error object."),
            N_('Write `throw new Error("…")`, so that everybody sees where it came from.'),
            value=code(case.message),
        )
    return None


def _undefined_name(case: Case) -> Said | None:
    found = case.found(r"^([\w$]+) is not defined")
    if not found:
        return None
    name = found[1]
    right = _other_word(name)
    if right:
        return case.say(
            N_("Line {line} uses `{name}`, which JavaScript does not know. Here it is written `{right}`."),
            N_("Write `{right}` on line {line}, then run the cell again."),
            name=name,
            right=right,
        )
    if name in _BROWSER:
        return case.say(
            N_("Line {line} uses `{name}`, which is not there in an exercise."),
            N_("Solve it with JavaScript alone: no web page, no packages."),
            name=name,
        )
    close = closest(name, names_in(case.program.source) - {name})
    if close:
        return case.say(
            N_("Line {line} uses `{name}`, but nothing has that name yet. Did you mean `{close}`?"),
            N_("Write `{close}` on line {line}, then run the cell again."),
            name=name,
            close=close,
        )
    return _nothing_has(case, name)


def _nothing_has(case: Case, name: str) -> Said:
    if case.found("is not defined") and _is_set_on(case, name):
        return case.say(
            N_("Line {line} gives `{name}` a value, but the name was never made."),
            N_("Write `let {name}` or `const {name}` the first time."),
            name=name,
        )
    return case.say(
        N_("Line {line} uses `{name}`, but nothing has that name yet."),
        N_("Make it above line {line}, as in `const {name} = …;`. If it is meant as text, put quotes around it."),
        name=name,
    )


def _other_word(name: str) -> str | None:
    """Return how JavaScript writes a word of another language, or one of its own in other capitals."""
    same = [word for word in sorted(GLOBALS | KEYWORDS) if word.lower() == name.lower() and word != name]
    return ELSEWHERE.get(name) or (same[0] if same else None) or closest(name, GLOBALS)


def _is_set_on(case: Case, name: str) -> bool:
    return any(a.text == name and b.text == "=" for a, b in pairwise(on_line(case)))


def _too_early(case: Case) -> Said | None:
    found = case.found(r"Cannot access '(.+?)' before initialization")
    if not found:
        return None
    return case.say(
        N_("Line {line} uses `{name}` before the line that makes it."),
        N_("Move the line that makes `{name}` above line {line}."),
        name=code(found[1]),
    )


def _constant(case: Case) -> Said | None:
    if not case.found("Assignment to constant variable"):
        return None
    return case.say(
        N_("Line {line} changes a name that was made with `const`, which keeps its value for good."),
        N_("If the value has to change, make the name with `let`."),
    )


def _no_function(case: Case) -> Said | None:
    found = case.found(r"^(.*?)([\w$]+)?(?:\(\.\.\.\))? is not a function")
    if not found:
        return None
    owner, name = found[1], found[2] or ""
    called = code(f"{owner}{name}".removeprefix("(intermediate value)"))
    if not owner.endswith("."):
        return case.say(
            N_("Line {line} calls `{name}` as a function, but it is none."),
            N_("Remove the parentheses `()` after it, or check which value `{name}` has."),
            name=called,
        )
    close = _METHODS.get(name) or closest(name, _KNOWN_METHODS | names_in(case.program.source) - {name})
    if close and close != name:
        return case.say(
            N_("Line {line} calls `{name}`, which is not there. Did you mean `{close}`?"),
            N_("Write `{close}` on line {line}, then run the cell again."),
            name=called,
            close=close,
        )
    return case.say(
        N_("Line {line} calls `{name}`, which is not there."),
        N_("Print the value in front of the dot with `console.log`: is it of the kind you expect?"),
        name=called,
    )


def _of_nothing(case: Case) -> Said | None:
    found = case.found(r"Cannot (?:read|set) properties of (undefined|null)(?: \((?:reading|setting) '(.*?)'\))?")
    destructured = case.found(r"Cannot destructure (?:property '(.+?)' of )?'(.+?)' as it is (undefined|null)")
    if found:
        value, name = found[1], code(found[2] or "…")
    elif destructured:
        value, name = destructured[3], code(destructured[1] or destructured[2])
    else:
        return None
    return case.say(
        N_("Line {line} asks for `{name}` of something that is `{value}`."),
        N_(
            "Print what stands before it with `console.log`. Is an index too large, a name misspelled, or a `return` missing?"
        ),
        name=name,
        value=value,
    )


def _not_iterable(case: Case) -> Said | None:
    found = case.found(r"^(.+?) is not iterable")
    if not found:
        return None
    return case.say(
        N_("Line {line} goes through `{value}` piece by piece, but it has no pieces."),
        N_("An array, a text, a `Map` or a `Set` can be gone through. For an object, use `Object.entries(…)`."),
        value=code(found[1]),
    )


def _without_new(case: Case) -> Said | None:
    found = case.found(r"Class constructor (\S+) cannot be invoked without 'new'")
    if not found:
        return None
    return case.say(
        N_("Line {line} makes a `{name}` without the word `new`."),
        N_("Write `new {name}(…)`."),
        name=code(found[1]),
    )


def _no_class(case: Case) -> Said | None:
    found = case.found(r"^(.+?) is not a constructor")
    if not found:
        return None
    return case.say(
        N_("Line {line} writes `new` in front of `{name}`, which is no class."),
        N_("Remove the `new`, or check which value `{name}` has."),
        name=code(found[1]),
    )


def _big_numbers(case: Case) -> Said | None:
    if not case.found("Cannot mix BigInt"):
        return None
    return case.say(
        N_("Line {line} computes with a `BigInt` and a plain number together."),
        N_("Make both the same kind, with `BigInt(…)` or `Number(…)`."),
    )


def _frozen(case: Case) -> Said | None:
    if not case.found(r"read only property|object is not extensible|Cannot delete property|which has only a getter"):
        return None
    return case.say(
        N_("Line {line} changes something that must not be changed."),
        N_("Make a copy and change that, as in `[...array]` or `{{ ...object }}`."),
    )


def _empty_reduce(case: Case) -> Said | None:
    if not case.found("Reduce of empty array"):
        return None
    return case.say(
        N_("Line {line} uses `reduce` on an empty array, without a value to start from."),
        N_("Give `reduce` its first value as the second argument, such as `0`."),
    )


def _too_deep(case: Case) -> Said | None:
    if not case.found("Maximum call stack size exceeded"):
        return None
    return case.say(
        N_("A function calls itself again and again, on line {line}, and never stops."),
        N_("Add a case where it returns without calling itself, and make every call come closer to it."),
    )


def _out_of_range(case: Case) -> Said | None:
    if not case.found(r"^Invalid |must be between|out of range|too large"):
        return None
    return case.say(
        N_("Line {line} uses a number that is too large, too small or negative: `{error}`."),
        N_("Print the number just above line {line} with `console.log`."),
        error=code(case.message),
    )


def _own_error(case: Case) -> Said | None:
    if "throw" not in {token.text for token in on_line(case)}:
        return None
    return case.say(
        N_("Line {line} throws an error: `{error}`."),
        N_("If it should not be thrown here, look at the condition around the `throw`."),
        error=code(f"{case.type}: {case.message}" if case.message else case.type),
    )


def _general(case: Case) -> Said:
    said = f"{case.type}: {case.message}" if case.message else case.type
    if case.line is None:
        return case.say(
            N_("Your code stopped with `{error}`."),
            N_("Run it in small pieces, and look at the values after each of them."),
            error=code(said),
        )
    return case.say(
        N_("Your code stopped on line {line} with `{error}`."),
        N_("Print the values that line {line} uses, just above it, and compare them with what you expect."),
        error=code(said),
    )


_ANYWHERE: Final[tuple[Callable[[Case], Said | None], ...]] = (_stopped, _left, _own_error)
_BY_TYPE: Final[dict[str, tuple[Callable[[Case], Said | None], ...]]] = {
    "ReferenceError": (_undefined_name, _too_early),
    "TypeError": (
        _constant, _of_nothing, _no_function, _not_iterable, _without_new, _no_class, _big_numbers, _frozen,
        _empty_reduce,
    ),
    "RangeError": (_too_deep, _out_of_range),
    "SyntaxError": (unreadable,),
}  # fmt: skip
