"""A check means the same across the wall as in one process: each case passes in both."""

from __future__ import annotations

import pytest

from aralify_kernel.domain.judging import Verdict
from tests.grading.conftest import WAYS

pytestmark = pytest.mark.parametrize("way", WAYS)

BOX = "class Box:\n    made = 0\n    def __init__(self, w=1):\n        self.w = w\n        Box.made += 1\n"
BOX += "    def grow(self, by, *, twice=False):\n        self.w += by * (2 if twice else 1)\n        return self\n"
BOX += "    def __eq__(self, other):\n        return isinstance(other, Box) and self.w == other.w\n"
BOX += "    def __hash__(self):\n        return hash(self.w)\n"
BOX += "    def __lt__(self, other):\n        return self.w < other.w\n"
BOX += "    def __add__(self, other):\n        return Box(self.w + (other.w if isinstance(other, Box) else other))\n"
BOX += "    def __radd__(self, other):\n        return Box(self.w + other)\n"
BOX += "    def __repr__(self):\n        return f'Box({self.w})'\n    def __str__(self):\n        return f'{self.w} wide'\n"
BOX += "    def __len__(self):\n        return self.w\n    def __contains__(self, x):\n        return x < self.w\n"
BOX += (
    "    def __getitem__(self, i):\n        if i >= self.w:\n            raise IndexError(i)\n        return i * 10\n"
)
BOX += "    def __call__(self, x):\n        return self.w * x\n    def __bool__(self):\n        return self.w > 0\n"
BOX += "    @property\n    def double(self):\n        return self.w * 2\n"
BOX += "    @staticmethod\n    def unit():\n        return 'cm'\n    @classmethod\n    def of(cls, w):\n        return cls(w)\n"
ERRORS = (
    "class Empty(ValueError):\n    def __init__(self, what, left=0):\n        super().__init__(f'{what} is empty')\n"
)
ERRORS += "        self.left = left\n"
ERRORS += "def take(xs):\n    if not xs:\n        raise Empty('the bag', left=3)\n    return xs.pop()\n"

CASES = {
    "a list that is sorted in place": ("def f(xs):\n    xs.sort()", "xs = [3, 1, 2]\nassert f(xs) is None\nassert xs == [1, 2, 3]"),
    "a list that is emptied": ("def f(xs):\n    xs.clear()", "xs = [[1], 2]\nf(xs)\nassert xs == []"),
    "a list within a list": ("def f(g):\n    g[0][1] = 'x'", "g = [[1, 2], [3]]\nrow = g[0]\nf(g)\nassert g == [[1, 'x'], [3]] and row is g[0]"),
    "a dict and a set that change": ("def f(d, s):\n    d['n'] = 1\n    s.add(4)", "d, s = {}, {1}\nf(d, s)\nassert d == {'n': 1} and s == {1, 4}"),
    "an argument that comes back": ("def f(xs):\n    return xs", "xs = [1]\nassert f(xs) is xs"),
    "one list under two names": ("def f(a, b):\n    a.append(1)\n    return b", "xs = []\nassert f(xs, xs) == [1]"),
    "a list that holds itself": ("def f(xs):\n    return xs[0] is xs", "xs = []\nxs.append(xs)\nassert f(xs)"),
    "a list that an object keeps": ("class F:\n    def __init__(self, xs):\n        self.xs = xs\n    def add(self):\n        self.xs.append(1)", "xs = []\nF(xs).add()\nassert xs == [1]"),
    "a global list that the check empties": ("names = ['a']\ndef f():\n    return len(names)", "names.clear()\nassert f() == 0\nnames.append('b')\nassert f() == 1 and names == ['b']"),
    "a global list that the code fills": ("log = []\ndef f(x):\n    log.append(x)", "seen = log\nf(1)\nf(2)\nassert log == [1, 2] and seen == [1, 2]"),
    "a counter in a global": ("n = 0\ndef f():\n    global n\n    n += 1", "f()\nf()\nassert n == 2"),
    "named arguments and defaults": ("def f(a, *rest, b=2, **more):\n    return (a, rest, b, more)", "assert f(1, 5, b=3, z=0) == (1, (5,), 3, {'z': 0})\nassert f(1) == (1, (), 2, {})"),
    "many kinds of values": (
        "def f(x):\n    return x",
        "import datetime, decimal, fractions, collections, uuid, pathlib, math\n"
        "for x in [None, True, 0, -1, 10**400, 1.5, -0.0, float('inf'), '', 'ñ\\ud800\\0', b'\\0x', 1+2j, (), (1,), [],\n"
        "          {}, {(1, 2): {3}}, set(), frozenset([1]), range(3, 9, 2), slice(1, None), ..., decimal.Decimal('0.10'),\n"
        "          fractions.Fraction(1, 3), datetime.date(2024, 2, 29), datetime.datetime(2024, 1, 1, 2, 3, 4, 5),\n"
        "          datetime.timedelta(1, 2, 3), collections.Counter('aab'), collections.OrderedDict(a=1),\n"
        "          collections.deque([1, 2], 3), bytearray(b'x'), uuid.UUID(int=5), pathlib.Path('a/b'), int, ValueError, ['#', 1],\n"
        "          ('@', 2), ['>', 3], {'#': ['#', 4]}]:\n"
        "    assert f(x) == x and type(f(x)) is type(x), x\n"
        "assert math.isnan(f(float('nan')))\nassert f(collections.defaultdict(list, a=[1]))['b'] == []\n"
        "assert f({'b': 1, 'a': 2}.keys()) == {'a', 'b'} and list(f({'b': 1, 'a': 2}.values())) == [1, 2]",
    ),
    "an error by type and words": ("def f(x):\n    raise ValueError(f'bad {x}')", "try:\n    f(3)\nexcept ValueError as error:\n    assert str(error) == 'bad 3' and error.args == ('bad 3',)\nelse:\n    assert False"),
    "an error by unittest": (ERRORS, "import unittest\nt = unittest.TestCase()\nwith t.assertRaises(Empty) as caught:\n    take([])\nassert str(caught.exception) == 'the bag is empty' and caught.exception.left == 3\nwith t.assertRaisesRegex(ValueError, 'bag'):\n    take([])\nassert issubclass(Empty, ValueError) and take([7]) == 7"),
    "an error of the system": ("def f():\n    open('nowhere.txt')", "try:\n    f()\nexcept FileNotFoundError as e:\n    assert e.filename == 'nowhere.txt' and e.errno == 2\nelse:\n    assert False"),
    "an error with a cause": ("def f():\n    try:\n        {}['k']\n    except KeyError as e:\n        raise RuntimeError('no') from e", "try:\n    f()\nexcept RuntimeError as e:\n    assert isinstance(e.__cause__, KeyError) and e.__cause__.args == ('k',)"),
    "attributes and methods": (BOX, "b = Box(3)\nassert b.w == 3 and b.double == 6 and b.grow(1).w == 4 and b.grow(1, twice=True) is b\nb.w = 9\nassert b.w == 9 and Box.unit() == 'cm' and Box.of(2).w == 2\nassert hasattr(b, 'w') and not hasattr(b, 'x') and getattr(b, 'x', 5) == 5\ndel b.w\nassert not hasattr(b, 'w')"),
    "what an object is": (BOX, "b = Box()\nassert isinstance(b, Box) and type(b) is Box and type(b).__name__ == 'Box' and callable(b) and not isinstance(b, int)\nassert isinstance(Box, type) and Box.__name__ == 'Box' and b.__class__ is Box and vars(b) == {'w': 1}"),
    "operators of an object": (BOX, "a, b = Box(2), Box(5)\nassert a + b == Box(7) and a + 1 == Box(3) and 1 + a == Box(3) and sum([a, b]) == Box(7)\nassert a < b and b > a and a != b and sorted([b, a]) == [a, b] and max(a, b) is b\nassert len(b) == 5 and 3 in b and 9 not in b and b[2] == 20 and list(a) == [0, 10] and a(4) == 8\nassert bool(a) and not Box(0) and str(a) == '2 wide' and repr([a]) == '[Box(2)]' and f'{a}' == '2 wide'\nassert len({Box(1), Box(1), Box(2)}) == 2 and {Box(1): 'x'}[Box(1)] == 'x'"),
    "a class's own counter": (BOX, "before = Box.made\nBox()\nassert Box.made == before + 1\nBox.made = 50\nBox()\nassert Box.made == 51"),
    "objects within data": (BOX + "def pair():\n    return [Box(1), {'k': Box(2)}]", "one, two = pair()\nassert one.w == 1 and two['k'].w == 2 and pair() == [Box(1), {'k': Box(2)}]"),
    "an object given back": (BOX + "def w(box):\n    return box.w\ndef same(a, b):\n    return a is b", "b = Box(4)\nassert w(b) == 4 and same(b, b) and not same(b, Box(4))\nassert [w(x) for x in (Box(1), Box(2))] == [1, 2]"),
    "an object of a derived class": ("class A:\n    def hi(self):\n        return 'A'\nclass B(A):\n    def hi(self):\n        return super().hi() + 'B'", "assert issubclass(B, A) and isinstance(B(), A) and B().hi() == 'AB' and B.__mro__[1] is A"),
    "a class that the check derives": ("class A:\n    def __init__(self, x):\n        self.x = x\n    def hi(self):\n        return self.name() * self.x", "class C(A):\n    def __init__(self, x):\n        super().__init__(x + 1)\n    def name(self):\n        return 'c'\nassert C(1).hi() == 'cc' and isinstance(C(1), A)"),
    "an abstract class": ("from abc import ABC, abstractmethod\nclass S(ABC):\n    @abstractmethod\n    def area(self):\n        ...\nclass Q(S):\n    def area(self):\n        return 4", "try:\n    S()\nexcept TypeError:\n    pass\nelse:\n    assert False\nclass R(S):\n    pass\ntry:\n    R()\nexcept TypeError:\n    pass\nelse:\n    assert False\nassert Q().area() == 4"),
    "a dataclass": ("from dataclasses import dataclass, field\n@dataclass(order=True)\nclass P:\n    x: int\n    y: list = field(default_factory=list)", "assert P(1) == P(1) and P(1) < P(2) and P(1).y == [] and repr(P(2, [3])) == 'P(x=2, y=[3])'\np = P(1)\np.y.append(5)\nassert p.y == [5] and P.__annotations__['x'] is int"),
    "an enumeration": ("from enum import Enum, IntEnum\nclass C(Enum):\n    RED = 1\n    BLUE = 2\nclass N(IntEnum):\n    ONE = 1\ndef f():\n    return C.RED", "assert f() is C.RED and C.RED.value == 1 and C.RED.name == 'RED' and C(2) is C.BLUE and C['RED'] is C.RED\nassert [c.name for c in C] == ['RED', 'BLUE'] and len(C) == 2 and C.RED != C.BLUE and {C.RED: 1}[C.RED] == 1\nassert N.ONE == 1 and N.ONE + 1 == 2"),
    "a named tuple": ("from collections import namedtuple\nP = namedtuple('P', 'x y')\ndef f():\n    return P(1, 2)", "p = f()\nassert p == (1, 2) and p.x == 1 and p[1] == 2 and isinstance(p, tuple) and p == P(1, 2) and p._replace(x=5).x == 5\nx, y = p\nassert (x, y) == (1, 2) and len(p) == 2"),
    "subclasses of plain types": ("class L(list):\n    def total(self):\n        return sum(self)\nclass S(str):\n    pass\nclass D(dict):\n    def __missing__(self, k):\n        return k * 2", "xs = L([1, 2])\nxs.append(3)\nassert xs == [1, 2, 3] and xs.total() == 6 and isinstance(xs, list) and S('a') == 'a' and S('ab').upper() == 'AB'\nassert D()['a'] == 'aa' and D(b=1) == {'b': 1}"),
    "a generator": ("def f(n):\n    for i in range(n):\n        got = yield i\n        if got:\n            yield got", "import types, itertools\ng = f(3)\nassert isinstance(g, types.GeneratorType) and iter(g) is g\nassert next(g) == 0 and g.send('x') == 'x' and list(g) == [1, 2]\ntry:\n    next(g)\nexcept StopIteration:\n    pass\nelse:\n    assert False\nassert list(itertools.islice(f(10**9), 2)) == [0, 1] and sum(f(4)) == 6"),
    "lazy things": ("def f(xs):\n    return map(str, xs), zip(xs, 'ab'), reversed(xs), enumerate(xs), filter(None, xs)", "m, z, r, e, fl = f([1, 0])\nassert list(m) == ['1', '0'] and dict(z) == {1: 'a', 0: 'b'} and list(r) == [0, 1] and list(e) == [(0, 1), (1, 0)] and list(fl) == [1]\nassert isinstance(m, map)"),
    "an iterable class": ("class Count:\n    def __init__(self, n):\n        self.n = n\n    def __iter__(self):\n        return self\n    def __next__(self):\n        if not self.n:\n            raise StopIteration\n        self.n -= 1\n        return self.n", "from collections.abc import Iterator\nassert list(Count(3)) == [2, 1, 0] and isinstance(Count(1), Iterator) and [*Count(2)] == [1, 0]"),
    "a context manager": ("from contextlib import contextmanager\nlog = []\n@contextmanager\ndef opened(x):\n    log.append('in')\n    try:\n        yield x\n    except KeyError:\n        log.append('caught')\n    finally:\n        log.append('out')\nclass M:\n    def __enter__(self):\n        return 5\n    def __exit__(self, kind, error, trace):\n        return kind is ZeroDivisionError", "with opened(3) as x:\n    assert x == 3 and log == ['in']\nwith opened(1):\n    raise KeyError\nassert log == ['in', 'out', 'in', 'caught', 'out']\nwith M() as five:\n    1 / 0\nassert five == 5"),
    "functions that functions return": ("def adder(n):\n    return lambda x: x + n\ndef compose(*fs):\n    def g(x):\n        for f in fs:\n            x = f(x)\n        return x\n    return g", "assert adder(2)(3) == 5 and compose(adder(1), adder(2), lambda x: x * 10)(0) == 30 and list(map(adder(1), [1, 2])) == [2, 3]"),
    "functions that the check gives": ("def f(xs, key):\n    return sorted(xs, key=key)\ndef each(xs, do):\n    for x in xs:\n        do(x)\ndef twice(g):\n    return g(g)", "seen = []\nassert f(['bb', 'a'], len) == ['a', 'bb'] and f([1, 3, 2], lambda x: -x) == [3, 2, 1]\neach([1, 2], seen.append)\nassert seen == [1, 2]\neach([3], lambda x: seen.append(x * 2))\nassert seen == [1, 2, 6] and twice(lambda g: 7) == 7"),
    "an error in a function that the check gives": ("def f(g):\n    try:\n        g()\n    except KeyError as e:\n        return str(e)", "def boom():\n    raise KeyError('k')\nassert f(boom) == \"'k'\"\nclass Mine(Exception):\n    pass\ndef mine():\n    raise Mine('m')\ntry:\n    f(mine)\nexcept Mine as error:\n    assert str(error) == 'm'\nelse:\n    assert False"),
    "objects of the check's own classes": ("def f(node):\n    out = []\n    while node:\n        out.append(node.value)\n        node.value += 1\n        node = node.next\n    return out\ndef g(a, b):\n    return a + b, a < b, a[0], len(a), [*a]", "class Node:\n    def __init__(self, value, next=None):\n        self.value, self.next = value, next\nn = Node(1, Node(2))\nassert f(n) == [1, 2] and n.value == 2 and n.next.value == 3\nclass V:\n    def __add__(self, o):\n        return 'sum'\n    def __lt__(self, o):\n        return True\n    def __getitem__(self, i):\n        if i > 1:\n            raise IndexError\n        return i\n    def __len__(self):\n        return 2\nassert g(V(), V()) == ('sum', True, 0, 2, [0, 1])"),
    "decorators": ("import functools\ndef shout(f):\n    @functools.wraps(f)\n    def inner(*a, **k):\n        inner.calls += 1\n        return f(*a, **k).upper()\n    inner.calls = 0\n    return inner\n@functools.lru_cache\ndef fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)", "@shout\ndef hi(name, *, end='!'):\n    'says hi'\n    return 'hi ' + name + end\nassert hi('ana') == 'HI ANA!' and hi('b', end='?') == 'HI B?' and hi.calls == 2 and hi.__name__ == 'hi' and hi.__doc__ == 'says hi'\nassert fib(80) == 23416728348467685 and fib.cache_info()[1] == 81"),
    "what is printed": ("print('start')\ndef f(x):\n    print('x =', x)\n    import sys\n    print('oops', file=sys.stderr)", "import contextlib, io\nout, err = io.StringIO(), io.StringIO()\nwith contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):\n    f(3)\nassert out.getvalue() == 'x = 3\\n' and err.getvalue() == 'oops\\n'"),
    "what is read by input": ("def ask():\n    name = input('Name? ')\n    return f'{name}:{int(input())}'", "import io, sys\nfrom unittest import mock\nwith mock.patch('builtins.input', side_effect=['Ana', '7']) as asked:\n    assert ask() == 'Ana:7'\nassert asked.call_args_list[0].args == ('Name? ',)\nsys.stdin = io.StringIO('Ben\\n8\\n')\nassert ask() == 'Ben:8'\nimport builtins\nanswers = iter(['C', '9'])\nbuiltins.input = lambda prompt='': next(answers)\nassert ask() == 'C:9'"),
    "what is read from standard input": ("import sys\ndef f():\n    return [int(line) for line in sys.stdin], sys.stdin.read()", "import io, sys\nsys.stdin = io.StringIO('1\\n2\\n')\nassert f() == ([1, 2], '')"),
    "files in the folder": ("import os, json\ndef save(name, text):\n    with open(name, 'w') as f:\n        f.write(text)\ndef load(name):\n    return json.load(open(name))\ndef ls():\n    return sorted(os.listdir('.'))", "import json, os, pathlib\nsave('a.txt', 'hi\\n')\nassert open('a.txt').read() == 'hi\\n'\npathlib.Path('b.json').write_text('[1]')\nassert load('b.json') == [1] and {'a.txt', 'b.json'} <= set(ls())\nos.remove('a.txt')\nassert 'a.txt' not in ls()"),
    "random numbers with a seed": ("import random\ndef roll():\n    return [random.randint(1, 6) for _ in range(5)]", "import random\nrandom.seed(7)\nwant = [random.randint(1, 6) for _ in range(5)]\nrandom.seed(7)\nassert roll() == want"),
    "looking at a function": ("def f(a, b: int = 2, *c, d=None) -> str:\n    'does it'\n    return 'x'\nclass A:\n    def m(self, q):\n        return q", "import inspect\ns = inspect.signature(f)\nassert list(s.parameters) == ['a', 'b', 'c', 'd'] and s.parameters['b'].default == 2 and s.parameters['b'].annotation is int and s.return_annotation is str\nassert f.__doc__ == 'does it' and f.__name__ == 'f' and inspect.isfunction(f) and callable(f) and f.__annotations__ == {'b': int, 'return': str}\nassert inspect.getsource(A.m).strip().startswith('def m') and list(inspect.signature(A().m).parameters) == ['q']"),
    "imported modules and names": ("import math, random\nfrom math import pi, sqrt\nfrom collections import Counter\nimport datetime as dt", "assert math.floor(2.5) == 2 and sqrt(9) == 3 and round(pi, 2) == 3.14 and Counter('aa')['a'] == 2 and dt.date(2024, 1, 1).year == 2024"),
    "own versions of Python's names": ("def max(xs):\n    return 'mine'\ndef sum(xs):\n    return -1", "assert max([1, 2]) == 'mine'\ndef inner():\n    return sum([1])\nassert inner() == -1\nclass T:\n    got = max([3])\nassert T.got == 'mine'"),
    "deep recursion": ("def f(n):\n    return 0 if n == 0 else 1 + f(n - 1)", "assert f(900) == 900\ntry:\n    f(10**6)\nexcept RecursionError:\n    pass\nelse:\n    assert False"),
    "a copy of an object": (BOX, "import copy\na = Box(2)\nb = copy.copy(a)\nb.w = 5\nassert a.w == 2 and copy.deepcopy([a])[0] == a"),
    "asynchronous functions": ("import asyncio\nasync def f(x):\n    await asyncio.sleep(0)\n    return x * 2", "import asyncio, inspect\nassert asyncio.run(f(4)) == 8 and inspect.iscoroutinefunction(f)"),
    "a test case of unittest": ("def f(x):\n    return x * 2", "import unittest, io\nclass T(unittest.TestCase):\n    def setUp(self):\n        self.f = f\n    def test_a(self):\n        self.assertEqual(self.f(2), 4)\n        self.assertAlmostEqual(f(0.1), 0.2)\n    def test_b(self):\n        for i in range(3):\n            with self.subTest(i=i):\n                self.assertIn(f(i), [0, 2, 4])\n        with self.assertRaises(TypeError):\n            f()\nresult = unittest.TextTestRunner(stream=io.StringIO()).run(unittest.defaultTestLoader.loadTestsFromTestCase(T))\nassert result.wasSuccessful() and result.testsRun == 2\nassert unittest.main(argv=['x'], exit=False, testRunner=unittest.TextTestRunner(stream=io.StringIO())).result.testsRun == 2"),
    "a doctest": ("def f(x):\n    '''\n    >>> f(2)\n    4\n    '''\n    return x * 2", "import doctest\nparser = doctest.DocTestParser()\ntest = parser.get_doctest(f.__doc__, {'f': f}, 'f', None, 0)\nresults = doctest.DocTestRunner().run(test)\nassert results.failed == 0 and results.attempted == 1"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_check_means_the_same_on_both_sides_of_the_wall(judge, case):
    source, check = CASES[case]
    own = ("max", "sum") if "own versions" in case else ("f",)
    judgement = judge(source + "\n", check, own=own)
    assert judgement.verdict is Verdict.PASSED, (judgement.checks[0], judgement.error)


TABLES = {
    "arrays": ("import numpy as np\ndef f(a):\n    a *= 2\n    return a.sum()\ndef g(n):\n    return np.arange(n).reshape(2, -1), np.float64(1.5), np.zeros(3, dtype=object)", "import numpy as np\na = np.array([1, 2])\nassert f(a) == 6 and (a == [2, 4]).all() and isinstance(f(a), np.int64)\nm, x, o = g(6)\nnp.testing.assert_array_equal(m, [[0, 1, 2], [3, 4, 5]])\nassert m.dtype == np.arange(1).dtype and x == 1.5 and o.dtype == object and m.shape == (2, 3)"),
    "frames": ("import pandas as pd\ndef f(df):\n    df['b'] = df['a'] * 2\n    return df.groupby('k')['a'].sum()\ndef g():\n    return pd.DataFrame({'d': pd.date_range('2024-01-01', periods=2), 's': ['x', None], 'c': pd.Categorical(['u', 'v'])}, index=['i', 'j'])", "import pandas as pd\ndf = pd.DataFrame({'k': ['x', 'y', 'x'], 'a': [1, 2, 3]})\nout = f(df)\npd.testing.assert_series_equal(out, pd.Series([4, 2], index=pd.Index(['x', 'y'], name='k'), name='a'))\nassert list(df['b']) == [2, 4, 6] and list(df.columns) == ['k', 'a', 'b']\nwant = pd.DataFrame({'d': pd.date_range('2024-01-01', periods=2), 's': ['x', None], 'c': pd.Categorical(['u', 'v'])}, index=['i', 'j'])\npd.testing.assert_frame_equal(g(), want)"),
    "labels of tables": ("import pandas as pd\ndef f():\n    return pd.DataFrame({('a', 'x'): [1], ('a', 'y'): [2.5]})\ndef g():\n    return pd.Series([1, 2], index=pd.MultiIndex.from_tuples([('a', 1), ('b', 2)], names=['l', 'n'])), pd.Timestamp('2024-01-02'), pd.NaT, pd.Index([1, 2], name='q')", "import pandas as pd\nassert list(f().columns) == [('a', 'x'), ('a', 'y')] and f()[('a', 'y')][0] == 2.5\ns, t, n, i = g()\nassert s.index.names == ['l', 'n'] and s[('b', 2)] == 2 and t == pd.Timestamp(2024, 1, 2) and n is pd.NaT and i.name == 'q' and list(i) == [1, 2]"),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLES)
def test_arrays_and_tables_cross_as_they_are(judge, case):
    pytest.importorskip("pandas", reason="pandas (pip install pandas)")
    source, check = TABLES[case]
    judgement = judge(source + "\n", check, own=("f",), packages=("numpy", "pandas"))
    assert judgement.verdict is Verdict.PASSED, (judgement.checks[0], judgement.error)
