"""Programs that do not end by themselves: endless loops, too much of something, a program that leaves early."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from aralify_kernel.domain.explanations.cases import code
from aralify_kernel.domain.explanations.programs import program, shown
from aralify_kernel.errors import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aralify_kernel.domain.explanations.cases import Case, Said
    from aralify_kernel.domain.explanations.programs import Loop

LIMITS: Final = {
    "memory": ("MemoryError", "the program used more memory than it may"),
    "output": ("OutputLimit", "the program printed more than it may"),
    "processes": ("ProcessLimit", "the program started another process"),
    "file": ("FileLimit", "the program wrote a larger file than it may"),
}
"""By kind of limit: the name and the message of the error it is told as."""
_COUNTS_UP: Final = (ast.Lt, ast.LtE)
_COUNTS_DOWN: Final = (ast.Gt, ast.GtE)


def busy_line(source: str, lines: Sequence[int]) -> int | None:
    """Return the line to show for a program that was stopped: of the loop it was in, else where it was.

    Args:
        source: The learner's source.
        lines: Where each of its calls was, the innermost first.
    """
    loops = [loop for line in lines if (loop := program(source).loop_around(line))]
    endless = next((loop for loop in loops if isinstance(loop, ast.While)), None)
    chosen = endless or (loops[0] if loops else None)
    return chosen.lineno if chosen else (lines[0] if lines else None)


def out_of_time(case: Case) -> Said:
    """Explain a program that was stopped by the clock."""
    loop = next(iter(case.program.on_line(case.line, ast.While, ast.For)), None) or case.program.loop_around(case.line)
    if isinstance(loop, ast.While):
        return _endless_while(case, loop)
    if isinstance(loop, ast.For):
        return _growing_for(case, loop) or _long(case, loop.lineno)
    if case.line is None:
        return case.say(
            N_("This kept running for more than {seconds} seconds."),
            N_("Is there an input for which a loop never ends? Try small, large and unusual ones."),
            seconds=_seconds(case),
        )
    return case.say(
        N_("This kept running for more than {seconds} seconds; at the end it was on line {line}."),
        N_("Look for a loop or a calculation on line {line} that is far too long, or a function that waits."),
        seconds=_seconds(case),
    )


def _seconds(case: Case) -> str:
    found = case.found(r"(\d+(?:\.\d+)?) seconds")
    return found[1] if found else "…"


def _long(case: Case, line: int) -> Said:
    return case.say(
        N_("This kept running for more than {seconds} seconds. Does the loop on line {loop_line} ever end?"),
        N_("Print the values that the loop on line {loop_line} uses, and see how they change in the first rounds."),
        seconds=_seconds(case),
        loop_line=line,
    )


def _growing_for(case: Case, loop: ast.For) -> Said | None:
    """Explain a loop over a list that the loop itself makes longer."""
    name = shown(loop.iter) if isinstance(loop.iter, ast.Name) else None
    grows = {"append", "insert", "extend"}
    for node in ast.walk(loop):
        if isinstance(node, ast.Attribute) and node.attr in grows and name and shown(node.value) == name:
            return case.say(
                N_("The loop on line {loop_line} never ends: each round makes `{name}` longer."),
                N_("Collect the new elements in another list, and go through `{name}` unchanged."),
                loop_line=loop.lineno,
                name=name,
            )
    return None


def _endless_while(case: Case, loop: ast.While) -> Said:
    names = _names(loop.test)
    if not names:
        return _while_true(case, loop)
    if any(isinstance(part, ast.Call | ast.Attribute | ast.Subscript) for part in ast.walk(loop.test)):
        return _long(case, loop.lineno)
    if _touched(loop) & names:
        return _wrong_direction(case, loop) or _long(case, loop.lineno)
    name, condition = min(names, key=lambda name: (not _is_counter(case, name, loop), name)), shown(loop.test)
    value = _value_before(case, name, loop)
    advice = N_("Change `{name}` at the end of each round, so that `{condition}` stops being true.")
    if value is None:
        what = N_("The loop on line {loop_line} never ends: nothing inside the loop changes `{name}`.")
        return case.say(what, advice, loop_line=loop.lineno, name=name, condition=condition)
    what = N_(
        "The loop on line {loop_line} never ends: `{name}` stays {value}, because nothing inside the loop changes it."
    )
    return case.say(what, advice, loop_line=loop.lineno, name=name, condition=condition, value=value)


def _while_true(case: Case, loop: ast.While) -> Said:
    if any(isinstance(part, ast.Break | ast.Return) for part in ast.walk(loop)):
        return case.say(
            N_("The loop on line {loop_line} never ends: its `break` is never reached."),
            N_("Look at the condition above the `break`. When does it become true?"),
            loop_line=loop.lineno,
        )
    return case.say(
        N_("The loop on line {loop_line} never ends: `while {condition}` needs a `break`, and there is none."),
        N_("Write a condition that becomes false one day, or a `break` inside an `if`."),
        loop_line=loop.lineno,
        condition=shown(loop.test),
    )


def _wrong_direction(case: Case, loop: ast.While) -> Said | None:
    """Explain `while n < 10:` with `n -= 1` inside."""
    match loop.test:
        case ast.Compare(left=ast.Name(id=name), ops=[op], comparators=[right]) if not _names(right) & _touched(loop):
            steps = {step for node in ast.walk(loop) if (step := _step(node, name)) is not None}
        case _:
            return None
    is_away = (isinstance(op, _COUNTS_UP) and steps == {-1}) or (isinstance(op, _COUNTS_DOWN) and steps == {1})
    if not is_away or _stores(loop, name) != 1:
        return None
    what = N_("The loop on line {loop_line} never ends: each round moves `{name}` away from `{bound}`.")
    advice = N_("Look at the sign of the step: should `{name}` grow, or shrink?")
    return case.say(what, advice, loop_line=loop.lineno, name=name, bound=shown(right))


def _step(node: ast.AST, name: str) -> int | None:
    """Return 1 where `node` adds a number to `name`, -1 where it takes one away, else None."""
    match node:
        case ast.AugAssign(target=ast.Name(id=target), op=op, value=ast.Constant(value=int() | float() as amount)):
            pass
        case ast.Assign(
            targets=[ast.Name(id=target)],
            value=ast.BinOp(left=ast.Name(id=source), op=op, right=ast.Constant(value=int() | float() as amount)),
        ) if source == target:
            pass
        case _:
            return None
    if target != name or amount == 0 or not isinstance(op, ast.Add | ast.Sub):
        return None
    return 1 if (amount > 0) == isinstance(op, ast.Add) else -1


def _stores(loop: Loop, name: str) -> int:
    return sum(isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store) for n in ast.walk(loop))


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _touched(loop: Loop) -> set[str]:
    """Return the names that the loop may change: stored, used by a method call, or handed to a function."""
    touched: set[str] = set()
    for part in ast.walk(loop):
        match part:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                touched.add(name)
            case ast.Call(func=ast.Attribute(value=owner)):
                touched |= _names(owner)
            case ast.Subscript(value=owner, ctx=ast.Store() | ast.Del()):
                touched |= _names(owner)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                touched |= set(names)
            case _:
                pass
    return touched


def _is_counter(case: Case, name: str, loop: ast.While) -> bool:
    return _value_before(case, name, loop) is not None


def _value_before(case: Case, name: str, loop: ast.While) -> str | None:
    """Return the value of a variable before the loop, where the source says it."""
    function = case.program.function_around(loop.lineno)
    made = [one for one in case.program.made(name) if one.function == (function.name if function else None)]
    if len(made) != 1 or made[0].block is not None or made[0].line > loop.lineno:
        return None
    value = made[0].value
    return shown(value) if isinstance(value, ast.Constant) else None


def over_limit(case: Case) -> Said | None:
    """Explain a limit that was met."""
    loop = case.program.loop_around(case.line)
    if case.type == "OutputLimit":
        advice = N_("Print less: one line for each result is enough.")
        if loop:
            advice = N_("Does the loop on line {loop_line} ever end? Print less inside it.")
        what = N_("This printed far too much, the last of it on line {line}.")
        if case.line is None:
            what = N_("This printed far too much.")
        return case.say(what, advice, loop_line=loop.lineno if loop else None)
    if case.type == "MemoryError":
        advice = N_("Look for a list or text that keeps growing, or a number that becomes gigantic.")
        if loop:
            advice = N_("Does the loop on line {loop_line} make something longer in every round?")
        what = N_("This needed more memory than a program may use here; it was on line {line}.")
        if case.line is None:
            what = N_("This needed more memory than a program may use here.")
        return case.say(what, advice, loop_line=loop.lineno if loop else None)
    if case.type == "ProcessLimit":
        return case.say(
            N_("This tried to start another program, which exercises may not do."),
            N_("Solve it with Python alone."),
        )
    if case.type == "FileLimit":
        return case.say(
            N_("This wrote a file that is far too large."), N_("Does a loop write to the file without ever ending?")
        )
    return None


def too_deep(case: Case) -> Said:
    """Explain a function that calls itself without end."""
    function = case.program.function_around(case.line)
    if function is None:
        return case.say(
            N_("Line {line} starts calls that lead to each other and never stop."),
            N_("Look for a function that calls itself, and add a case where it does not."),
        )
    return case.say(
        N_("The function `{function}` calls itself again and again, on line {line}, and never stops."),
        N_("Add a case where `{function}` returns without calling itself, and make every call come closer to it."),
        function=function.name,
    )


def no_input(case: Case) -> Said:
    """Explain `input()` where nobody can type."""
    return case.say(
        N_("Line {line} waits for `input()`, but nobody can type while the checks run."),
        N_("Put the value into a variable, or take it as a parameter of your function."),
    )


def left_early(case: Case) -> Said:
    """Explain a program that ended itself."""
    if case.line is None:
        return case.say(
            N_("Your program ended itself before the checks could look at it."),
            N_("Remove what ends the program, such as `sys.exit()` or `exit()`."),
        )
    return case.say(
        N_("Line {line} ends the program before the checks can look at it."),
        N_("Remove `sys.exit()`, `exit()` or `quit()`; inside a function, use `return`."),
    )


def crashed(case: Case) -> Said:
    """Explain the end of Python itself."""
    return case.say(
        N_("Your program made Python itself stop: {message}."),
        N_("Look for a function that calls itself without end, or for very large values."),
        message=code(case.message),
    )


def own_assert(case: Case) -> Said:
    """Explain an assert in the learner's own source."""
    return case.say(
        N_("What the `assert` on line {line} says is not true."),
        N_("Print both sides of what it compares, or remove it if it was only a test."),
    )


def no_file(case: Case) -> Said | None:
    """Explain a file that is not there."""
    found = case.found(r"No such file or directory: (.+)")
    if not found:
        return None
    return case.say(
        N_("Line {line} opens the file `{name}`, which is not there."),
        N_("Check how the name is spelled, with its folder and its ending."),
        name=code(found[1]).strip("'\""),
    )
