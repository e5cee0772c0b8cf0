import pytest

from aralify_kernel.domain.bound_names import bound_names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("total = 0", "total"),
        ("a, (b, *c) = d = x", "a b c d"),
        ("count: int = 3\ncount += 1", "count"),
        ("doubled = [n * 2 for n in prices]", "doubled"),
        ("print({n for n in a}, {k: v for k, v in b}, list(n for n in c))", ""),
        ("big = [last := n for n in prices]", "big last"),
        ("for i, x in enumerate(xs): pass", "i x"),
        ("with open('f') as file, lock: line = file.read()", "file line"),
        ("try: f()\nexcept ValueError as error: pass", "error"),
        ("import os.path, math as m\nfrom random import choice as pick, seed", "m os pick seed"),
        ("from math import *", ""),
        ("def area(r):\n    side = 1\n    return side", "area"),
        ("async def go(): x = 1\nclass Dog:\n    legs = 4\n    def bark(self): self.n = 1", "Dog go"),
        ("square = lambda side: side ** 2", "square"),
        ("def start():\n    global total, other\n    total = 0", "start total"),
        ("def outer():\n    def inner():\n        global hit\n        hit = 1", "hit outer"),
        ("if (n := len(xs)) > 3: pass", "n"),
        ("match p:\n    case [x, *rest]: pass\n    case {'k': v, **more}: pass\n    case Dog() as dog: pass", "dog more rest v x"),
        ("xs[0] = 1; p.x = 2; del xs", ""),
        ("def broken(:", ""),
        ("a = 1\0", ""),
        ("x = " + "(" * 5000 + ")" * 5000, ""),
    ],
)  # fmt: skip
def test_what_a_program_binds_in_its_module(source, names):
    assert bound_names(source) == tuple(names.split())
