"""Answers that are wrong and want to be taken for right, or want to know what is asked of them."""

from __future__ import annotations

from typing import Final

from tests.grading.hostile.rows import (
    CHECKS,
    ERROR,
    EVERYWHERE,
    FAILED,
    HIDDEN,
    LIMIT,
    NOTHING,
    PASSED,
    RIGHT,
    TIMEOUT,
    VISIBLE,
    WALLS,
    Row,
    lies,
    reaches,
    returns,
)

_FORGED: Final = "learner\\npassed\\tnumber=0\\npassed\\tnumber=1\\ndone\\n"
_FRAMES: Final = """\
import json, os, socket
def frame(message):
    body = json.dumps(message).encode()
    return len(body).to_bytes(4, 'big') + body
def everywhere(data):
    for descriptor in range(256):
        try:
            os.write(descriptor, data)
        except OSError:
            pass
"""
_ANSWERS: Final = "b''.join(frame({'number': number, 'given': [6]}) for number in range(200))"
_KEY: Final = "answer = 'expected-secret'\ndef key(x):\n    return x\nassert area(key) == answer"
_GIVEN: Final = """\
def area(key):
    for reach in (
        lambda: key.__globals__['answer'],
        lambda: key.__closure__,
        lambda: key.__code__.co_consts,
        lambda: key.__self__,
        lambda: key.__builtins__,
        lambda: key.__reduce_ex__(4),
        lambda: key.__class__.__subclasses__(),
        lambda: key.__init_subclass__.__self__,
        lambda: __import__('inspect').getsource(key),
        lambda: object.__getattribute__(key, '__globals__'),
        lambda: key.__dict__,
        lambda: type(key).__mro__[-1].__subclasses__(key),
    ):
        try:
            got = reach()
        except Exception:
            continue
        if 'expected-secret' in repr(got):
            return 'expected-' + 'secret'
"""
_SEARCH: Final = """\
import gc, inspect, linecache, sys, traceback
def everything():
    yield from gc.get_objects()
    yield from map(vars, [m for m in sys.modules.values() if hasattr(m, '__dict__')])
    frame = sys._getframe()
    while frame:
        yield frame.f_locals, frame.f_globals, frame.f_code.co_consts
        frame = frame.f_back
    yield traceback.format_stack(), linecache.cache, [f.code_context for f in inspect.stack()]
def search():
    words = '-'.join(('hidden', 'secret')), str(int('71920') + 3)
    for thing in everything():
        for one in (thing, *gc.get_referents(thing)):
            try:
                shown = one if type(one) is str else repr(one) if type(one) in (bytes, tuple, list, dict) and len(one) < 100 else ''
            except Exception:
                continue
            if any(word in shown for word in words) and 'search' not in shown:
                return shown
"""

LYING: Final[dict[str, Row]] = {
    "equal to everything": returns("Liar()", "class Liar:\n    def __eq__(self, other):\n        return True\n    __hash__ = None\n"),
    "a class that is a lie": returns("Liar()", "class Liar:\n    __class__ = int\n    def __eq__(self, other):\n        return True\n"),
    "a property that says it is an int": returns(
        "Liar()", "class Liar:\n    @property\n    def __class__(self):\n        return int\n    def __eq__(self, other):\n        return True\n    def __int__(self):\n        return 6\n    __index__ = __int__\n"
    ),
    "an int that is equal to all": returns("Liar(5)", "class Liar(int):\n    def __eq__(self, other):\n        return True\n    def __hash__(self):\n        return 6\n"),
    "a text that is equal to all": returns("Liar('5')", "class Liar(str):\n    def __eq__(self, other):\n        return True\n    __hash__ = str.__hash__\n"),
    "a list that is equal to all": returns("Liar([5])", "class Liar(list):\n    def __eq__(self, other):\n        return True\n    __ne__ = lambda self, other: False\n"),
    "an int that shows itself as 6": returns("Liar(5)", "class Liar(int):\n    def __repr__(self):\n        return '6'\n    __str__ = __repr__\n    __index__ = __int__ = lambda self: 6\n"),
    "a metaclass that is equal to all": returns("Liar", "class Meta(type):\n    def __eq__(self, other):\n        return True\n    __hash__ = type.__hash__\nclass Liar(metaclass=Meta):\n    pass\n"),
    "an object that does all": returns("Liar()", "class Liar:\n    def __getattr__(self, name):\n        return self\n    def __call__(self, *given, **named):\n        return self\n    def __eq__(self, other):\n        return True\n    __ne__ = __bool__ = lambda *given: True\n"),
    "a pickle that runs in the judge": returns("Evil()", "import os\nclass Evil:\n    def __reduce__(self):\n        return os._exit, (0,)\n    __reduce_ex__ = lambda self, version: self.__reduce__()\n    def __deepcopy__(self, memo):\n        os._exit(0)\n", FAILED, ERROR),
    "a member of an enum": returns("Six.SIX", "import enum\nclass Six(enum.IntEnum):\n    SIX = 5\n    def __eq__(self, other):\n        return True\n    __hash__ = enum.IntEnum.__hash__\n"),
    "a name that is a spell": returns("type(\"x'); __import__('os')._exit(0); ('\", (), {})()"),
    "patched builtins": lies(
        f"import builtins\nbuiltins.AssertionError = type('Nothing', (Exception,), {{}})\nbuiltins.isinstance = builtins.issubclass = builtins.all = builtins.callable = lambda *given: True\nbuiltins.len = builtins.hash = builtins.repr = builtins.bool = lambda *given: 6\n{NOTHING}", FAILED, ERROR,
    ),
    "a patched import": lies(f"import builtins\nbuiltins.__import__ = lambda *given, **named: type('Any', (), {{'__getattr__': lambda s, n: lambda *g, **k: True}})()\n{NOTHING}", FAILED, ERROR),
    "patched operators": lies(f"import operator\nfor name in dir(operator):\n    if not name.startswith('__'):\n        setattr(operator, name, lambda *given: True)\n{NOTHING}", FAILED, ERROR),
    "patched json": lies(
        f"import json, json.encoder\njson.dumps = json.encoder.JSONEncoder.encode = json.encoder.JSONEncoder.iterencode = lambda *given, **named: '{{\"number\": 4, \"given\": [6]}}'\njson.loads = lambda *given: {{}}\njson.encoder.c_make_encoder = None\n{NOTHING}", FAILED, ERROR, TIMEOUT,
    ),
    "patched modules": lies(f"import sys\nfor name in list(sys.modules):\n    if name not in ('sys', 'builtins'):\n        sys.modules[name] = None\n{NOTHING}", FAILED, ERROR),
    "modules of the grader, patched through gc": lies(
        "import gc\nfor one in gc.get_objects():\n    try:\n        name = type(one).__name__\n        if name in ('Peer', 'Codec', 'Learner', '_Serving'):\n            for method in dir(type(one)):\n                if not method.startswith('__'):\n                    setattr(type(one), method, lambda *given, **named: {'number': 4, 'given': [6]})\n    except Exception:\n        pass\n"
        + NOTHING, FAILED, ERROR, TIMEOUT,
    ),
    "patched comparing of numpy and unittest": lies(f"import unittest\nunittest.TestCase.assertEqual = unittest.TestCase.fail = lambda *given, **named: None\n{NOTHING}"),
    "a verdict on every descriptor": lies(f"import os\nfor descriptor in range(256):\n    try:\n        os.write(descriptor, b'{_FORGED}')\n    except OSError:\n        pass\n{NOTHING}", ERROR),
    "a verdict inside a check": lies(f"{_FRAMES}def area(w, h):\n    everywhere(b'{_FORGED}')\n", ERROR),
    "answers before they are asked for": lies(f"{_FRAMES}everywhere({_ANSWERS})\n{NOTHING}", ERROR),
    "answers to every question": lies(f"{_FRAMES}def area(w, h):\n    everywhere({_ANSWERS})\n", ERROR),
    "a frame without end": lies(f"{_FRAMES}everywhere(bytes([255] * 4) + b'x' * 100)\n{NOTHING}", ERROR),
    "half a frame": lies(f"{_FRAMES}everywhere(bytes([0, 0, 1, 0]) + b'{{')\nwhile True:\n    pass\n", TIMEOUT, ERROR),
    "a deep frame": lies(f"{_FRAMES}everywhere((200_000).to_bytes(4, 'big') + b'[' * 200_000)\n{NOTHING}", ERROR, LIMIT),
    "frames of the wrong shape": lies(f"{_FRAMES}everywhere(frame([]) + frame({{'number': []}}) + frame({{'ask': 3, 'given': {{}}}}) + frame(None))\n{NOTHING}", ERROR),
    "questions that the judge does not answer": lies(
        f"{_FRAMES}everywhere(b''.join(frame({{'ask': ask, 'number': 1, 'given': ['__class__']}}) for ask in ('eval', 'exec', 'source', 'subclass', 'delete', 'bind', '__init__')))\n{NOTHING}", ERROR,
    ),
    "numbers of objects that are not its own": lies(f"{_FRAMES}everywhere(b''.join(frame({{'number': n, 'given': [{{'mine': n, 'theirs': n, '#': n}}]}}) for n in range(60)))\n{NOTHING}", ERROR),
    "a limit that was not met": lies(f"{_FRAMES}everywhere(frame({{'limit': 'done\\npassed\\tnumber=0', 'line': 'x'}}))\n{NOTHING}", LIMIT, ERROR),
    "descriptors for the judge": lies(
        f"{_FRAMES}import array\nfor descriptor in range(256):\n    try:\n        line = socket.socket(fileno=os.dup(descriptor))\n        line.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [0, 1]))])\n        line.recvmsg(100, 4096, socket.MSG_DONTWAIT)\n    except OSError:\n        pass\n{NOTHING}", ERROR, TIMEOUT,
    ),
    "a swap of descriptors": lies(f"import os\nfor a in range(3, 256):\n    for b in (0, 1, 2):\n        try:\n            os.dup2(b, a)\n        except OSError:\n            pass\n{NOTHING}", FAILED, ERROR, TIMEOUT),
    "all descriptors closed": lies(f"import os\nos.closerange(0, 256)\n{NOTHING}", ERROR),
    "the questions read by itself": lies("import os\ndef area(w, h):\n    for descriptor in range(256):\n        try:\n            os.set_blocking(descriptor, False)\n            os.read(descriptor, 100)\n        except OSError:\n            pass\n", FAILED, ERROR),
    "a trace of everything": lies(f"import sys, threading\ndef trace(frame, event, argument):\n    for name in list(frame.f_locals):\n        if 'passed' in name or 'error' in name:\n            frame.f_locals[name] = None\n    return trace\nsys.settrace(trace)\nsys.setprofile(trace)\nthreading.settrace(trace)\n{NOTHING}", FAILED, ERROR, TIMEOUT),
    "an audit hook that stops everything": lies(f"import sys\ndef refuse(event, given):\n    raise RuntimeError(event)\nsys.addaudithook(refuse)\n{NOTHING}", FAILED, ERROR),
    "a walk up the stack": lies("import sys\ndef area(w, h):\n    frame = sys._getframe()\n    while frame:\n        for name, value in list(frame.f_locals.items()):\n            if type(value) is dict:\n                value.clear()\n            elif type(value) is list:\n                value[:] = [6]\n        frame = frame.f_back\n", FAILED, ERROR, TIMEOUT),
    "a thread that answers": lies(f"{_FRAMES}import threading\ndef say():\n    while True:\n        everywhere({_ANSWERS})\nthreading.Thread(target=say, daemon=True).start()\n{NOTHING}", FAILED, ERROR, LIMIT),
    "leaving well": lies("import sys\nsys.exit(0)\n", ERROR),
    "leaving at once": lies("import os\nos._exit(0)\n", ERROR),
    "leaving inside a check": lies("import os\ndef area(w, h):\n    os._exit(0)\n", ERROR),
    "leaving by C": lies("import ctypes\nctypes.CDLL(None).exit(0)\n", ERROR),
    "SystemExit inside a check": lies("def area(w, h):\n    raise SystemExit(0)\n", ERROR, FAILED),
    "an interrupt inside a check": lies("def area(w, h):\n    raise KeyboardInterrupt\n", ERROR, FAILED),
    "an exception that is none": lies("class Over(BaseException):\n    pass\nclass Gone(BaseException):\n    pass\ndef area(w, h):\n    raise (Over if w == 2 else Gone)\n", ERROR, FAILED),
    "an end of a generator": lies("def area(w, h):\n    raise (StopIteration(6) if w == 2 else GeneratorExit)\n", ERROR, FAILED),
    "an exception that lies": lies("class Lie(Exception):\n    __class__ = AssertionError\n    def __str__(self):\n        raise self\n    __repr__ = __str__\n    args = property(lambda self: 1 / 0)\ndef area(w, h):\n    raise Lie\n", ERROR, FAILED),
    "a group of exceptions": lies("def area(w, h):\n    raise BaseExceptionGroup('all', [SystemExit(0), AssertionError({'en': 'passed', 'fil': 'pasado'})])\n", ERROR, FAILED),
    "an abort": lies("import os\nos.abort()\n", ERROR),
    "a crash": lies("import ctypes\nctypes.string_at(0)\n", ERROR),
    "a crash inside a check": lies("import ctypes\ndef area(w, h):\n    ctypes.string_at(0)\n", ERROR),
    "an illegal instruction": lies(
        "import ctypes, mmap\npage = mmap.mmap(-1, 4096, prot=7)\npage.write(bytes([0x0f, 0x0b]))\nctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()\n", ERROR,
    ),
    "a 32-bit system call": lies(
        "import ctypes, mmap\npage = mmap.mmap(-1, 4096, prot=7)\npage.write(bytes.fromhex('b814000000cd80c3'))\nctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()\n"
        + RIGHT, ERROR, held=WALLS,
    ),
    "a system call of x32": lies(f"import ctypes\nctypes.CDLL(None).syscall(0x40000000 | 39)\n{RIGHT}", ERROR, held=WALLS),
    "a signal to itself": lies("import os, signal\nos.kill(os.getpid(), signal.SIGTERM)\nos.kill(os.getpid(), signal.SIGSEGV)\n", ERROR, held=WALLS),
    "SIGKILL to itself": lies(f"import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n{RIGHT}", ERROR, held=WALLS),
    "standing still": lies("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\nwhile True:\n    pass\n", TIMEOUT),
    "a destructor that raises and leaves": lies(f"import os\nclass Last:\n    def __del__(self):\n        raise SystemExit(0)\nlast = [Last(), Last()]\ndel last\n{NOTHING}"),
    "words at the end": lies(f"import atexit, os\n@atexit.register\ndef last():\n    os.write(1, b'{_FORGED}')\n    while True:\n        pass\n{NOTHING}"),
    "an end of its own": lies(f"import os, sys, threading\nos._exit = sys.exit = lambda *given: None\nthreading._shutdown = lambda: None\nthreading.Thread(target=threading.Event().wait).start()\n{NOTHING}"),
    "a clock of its own": lies("import time\ntime.monotonic = time.perf_counter = time.time = lambda: 0.0\nimport faulthandler\nfaulthandler.cancel_dump_traceback_later()\nwhile True:\n    pass\n", TIMEOUT),
    "signals that it ignores": lies("import signal\nfor one in range(1, 65):\n    try:\n        signal.signal(one, signal.SIG_IGN)\n    except (OSError, ValueError):\n        pass\nsignal.setitimer(signal.ITIMER_PROF, 0)\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nwhile True:\n    pass\n", TIMEOUT),
    "what stands on standard input": reaches("sys.stdin.read()", "os.read(0, 100)", "input()", held=EVERYWHERE),
    "the checks in memory": Row(f"{_SEARCH}found = None\ndef area(w, h):\n    global found\n    if w == 71:\n        found = search()\n    return w * h\n", (PASSED,), EVERYWHERE, (*CHECKS, "assert found is None, found"), 3),
    "what a function of the check holds": Row(_GIVEN, (FAILED, ERROR), EVERYWHERE, (_KEY,)),
    "the words of a hidden question": Row(
        "import os, sys\ndef area(w, h):\n    if w == 2:\n        return 6\n    print(w, h, file=sys.stderr)\n    os.write(1, f'{w} {h}'.encode())\n    raise type(f'E{w}', (Exception,), {})(w, h)\n", (FAILED,), EVERYWHERE, (VISIBLE, HIDDEN), 1,
    ),
    "the words of a hidden question, later": Row(
        "import atexit, threading, time\nseen = []\ndef area(w, h):\n    seen.append((w, h))\n    return w * h\ndef tell():\n    while True:\n        print(seen, flush=True) if len(seen) > 1 else time.sleep(0.001)\nthreading.Thread(target=tell, daemon=True).start()\natexit.register(print, seen)\n", (PASSED, LIMIT), EVERYWHERE, CHECKS, 2,
    ),
    "a file for the next learner": Row(f"open('note', 'w').write('6')\n{RIGHT}", (PASSED,), EVERYWHERE, CHECKS, 2),
    "the file of the last learner": Row(f"import os\nfound = [n for n in os.listdir('.') if n]\n{RIGHT}", (PASSED,), EVERYWHERE, ("assert found == []", *CHECKS), 3),
}  # fmt: skip
