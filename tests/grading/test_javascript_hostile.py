"""JavaScript that attacks its judge is contained, judged rightly, and harms neither its neighbours nor the next."""

from __future__ import annotations

import contextlib
import json
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import psutil
import pytest

from aralify_kernel.domain.judging import Isolation, JudgeTask, Verdict
from aralify_kernel.grading.sandbox import places
from tests.grading.background import wait_until
from tests.grading.conftest import checks_of

pytestmark = pytest.mark.xdist_group("hostile-javascript")

CHECKS = (
    "const numbers = [2, 3];\nequal(() => area(...numbers), 6);",
    "hidden:// hidden-secret\nequal(() => area(71, 1013), 71923, 'Look again.');",
)
HONEST = "const area = (w, h) => w * h;"
OWNER = """
import sys
from aralify_kernel.domain.judging import Isolation, JudgeTask
from aralify_kernel.grading import open_grader
from aralify_kernel.settings import load
from tests.grading.conftest import checks_of

grader = open_grader(load({"ARALIFY_HOME": "/nowhere", "ARALIFY_JUDGE_TIME_LIMIT_SEC": "300"}), Isolation(sys.argv[1]))
grader.judge(JudgeTask("javascript", (), (), sys.argv[2], checks_of("equal(() => 1, 1);")))
"""
NOTHING = "const area = () => {};"
PASSING = "\n".join(("", *(json.dumps({"check": n, "outcome": "passed"}) for n in (0, 1)), '{"done":true}', ""))
RUN_BY_THE_JUDGE = f"Deno.stdout.writeSync(new TextEncoder().encode({json.dumps(PASSING)}));"
FORGED = ["date", ["object", "", [["valueOf", ["typed", "Function", [RUN_BY_THE_JUDGE]]]]]]


def returns(value):
    return f"const area = () => {value};"


def says(line):
    """A program that writes a line of its own to where our side speaks, whenever it is asked."""
    line = json.dumps(f"{line}\n")
    return f"const area = () => {{ Deno.stdout.writeSync(new TextEncoder().encode({line})); return 0; }};"


REACHES = {
    # what an answer tries to get hold of, and how
    "a file": "Deno.readTextFileSync('@secret')",
    "a file by node:fs": "(await import('node:fs')).readFileSync('@secret', 'utf8')",
    "a file by import": "(await import('file://@secret', { with: { type: 'json' } })).default",
    "a file by fetch": "await (await fetch('file://@secret')).text()",
    "a folder": "[...Deno.readDirSync('/')]",
    "our judge": "Deno.readTextFileSync('@inside/judge.js')",
    "the memory of a process": "Deno.readFileSync('/proc/self/mem')",
    "the environment": "Deno.env.toObject()",
    "a program": "new Deno.Command('/bin/sh').outputSync()",
    "a program by node": "(await import('node:child_process')).execSync('id')",
    "a library": "Deno.dlopen('/lib/x86_64-linux-gnu/libc.so.6', {})",
    "the network": "await Deno.connect({ port: @port })",
    "fetch": "await fetch('http://127.0.0.1:@port/')",
    "a web socket": "await new Promise((_, no) => { new WebSocket('ws://127.0.0.1:@port/').onerror = no; })",
    "a server": "Deno.listen({ port: 0 })",
    "a module of the web": "await import('http://127.0.0.1:@port/a.js')",
    "a package": "await import('npm:is-odd')",
    "a package of jsr": "await import('jsr:@std/assert')",
    "the computer's name": "Deno.hostname()",
    "a write": "Deno.writeTextFileSync('@target', 'x')",
    "a temporary file": "Deno.makeTempFileSync()",
    "a link": "Deno.symlinkSync('@secret', '@target')",
    "another process": "Deno.kill(1, 'SIGKILL')",
    "a permission": "Deno.permissions.requestSync({ name: 'read' }).state === 'granted' || nothing",
    "operations of Deno": "Deno[Deno.internal].core.ops.op_fs_read_file_text_sync('@secret')",
}
HOSTILE = {
    "a worker with permissions": (
        "const w = new Worker('data:text/javascript,Deno.readTextFileSync(`@secret`)',"
        " { type: 'module', deno: { permissions: { read: true } } }); await new Promise((_, no) => { w.onerror = no; });",
        Verdict.ERROR,
    ),
    # claims about itself
    "a frame that says passed": (says('{"check":0,"outcome":"passed"}'), Verdict.FAILED),
    "a frame that says done": (says('{"done":true}'), Verdict.FAILED),
    "a frame that says it is loaded": (says('{"loaded":true}') + "area(); throw new Error('no');", Verdict.ERROR),
    "a frame that answers": (says('{"id":1,"value":6,"values":{}'), Verdict.FAILED),
    "a frame with code for the judge": (
        says(json.dumps({"id": 1, "value": 0, "values": {"numbers": FORGED}})), Verdict.FAILED,
    ),
    "a frame that is no number": (says('{"id":1,"value":NaN}'), Verdict.ERROR),
    "a frame without end": (says('{"id":1,"value":1e999}'), Verdict.ERROR),
    "a frame that is no data": (says('{"id":1,"value":["map",6],"values":[]}'), Verdict.FAILED),
    "a deep frame": (says('{"id":1,"value":' + "[" * 900 + "]" * 900 + "}"), Verdict.FAILED),
    "a very deep frame": (says("[" * 20_000), Verdict.FAILED),
    "frames of ours": (
        "const ours = await import('file://@inside/frames.js'); ours.send({ check: 0, outcome: 'passed' });"
        "ours.send({ check: 1, outcome: 'passed' }); ours.send({ done: true }); const area = () => 0;",
        Verdict.FAILED,
    ),
    "what comes next": (
        "const area = () => { const b = new Uint8Array(9e4); Deno.stdin.readSync(b); return `${b}`; };",
        Verdict.TIMEOUT,
    ),
    "our own scope": (
        "Object.defineProperty(globalThis, '$aralify_scope$', { set() {}, get: () => () => () => [() => ({}), () => 6] });",
        Verdict.ERROR,
    ),
    # patched foundations
    "objects that say 6": ("Object.prototype.toJSON = () => 6;" + returns("({})"), Verdict.TIMEOUT),
    "objects that say passed": (
        "Object.assign(Object.prototype, { outcome: 'passed', done: true, value: 6, hidden: false });" + NOTHING,
        Verdict.FAILED,
    ),
    "texts made by hand": ("JSON.stringify = () => '6';" + NOTHING, Verdict.FAILED),
    "arrays that give 6": (
        "Array.prototype[Symbol.iterator] = function* () { yield 6; }; Array.prototype.map = () => [6];" + returns("[1]"),
        Verdict.ERROR,
    ),
    "everything is equal": (
        "Object.is = Array.isArray = () => true; Object.keys = () => [];" + returns("({})"),
        Verdict.FAILED,
    ),
    "promises that do nothing": (
        "Promise.prototype.then = function () { return this; };" + NOTHING,
        Verdict.FAILED,
    ),
    "bytes that say 6": (
        "TextEncoder.prototype.encode = () => Uint8Array.of(54); Uint8Array.prototype.subarray = () => null;" + NOTHING,
        Verdict.FAILED,
    ),
    "functions that do nothing": (
        "Function.prototype.call = Function.prototype.apply = Reflect.apply = () => 6;" + NOTHING,
        Verdict.FAILED,
    ),
    "no globals": (
        "for (const key of Reflect.ownKeys(globalThis)) try { delete globalThis[key]; } catch {}" + NOTHING,
        Verdict.ERROR,
    ),
    # lying values
    "an object that is 6 when asked": (returns("({ valueOf: () => 6, toString: () => '6', toJSON: () => 6 })"), Verdict.FAILED),
    "a proxy of everything": (returns("new Proxy({}, { get: () => 6, ownKeys: () => [] })"), Verdict.FAILED),
    "a number of its own": (returns("new (class extends Number {})(6)"), Verdict.FAILED),
    "a class called Number": (returns("new (class Number { value = 6; })()"), Verdict.FAILED),
    "an array longer than itself": (
        returns("new Proxy([], { get: (t, k) => k === 'length' ? Infinity : 6 })"), Verdict.FAILED,
    ),
    "a getter without end": (returns("({ get a() { for (;;); } })"), Verdict.TIMEOUT),
    "a value without end": (returns("{ const a = []; a[0] = a; return a; }"), Verdict.FAILED),
    "a very deep value": ("const area = () => { let a = 6; for (let i = 0; i < 1e4; i++) a = [a]; return a; };", Verdict.FAILED),
    "a very wide value": (returns("new Array(5e6).fill(6)"), Verdict.FAILED),
    "an error that lies": (
        "const area = () => { const e = new Error(); Object.defineProperty(e, 'name', { get() { throw 6; } }); throw e; };",
        Verdict.ERROR,
    ),
    # spying
    "its own stack": (returns("new Error().stack"), Verdict.FAILED),
    "its caller": ("function area() { return `${area.caller}`; }", Verdict.ERROR),
    "the texts of functions": (
        "const seen = []; const text = Function.prototype.toString;"
        "Function.prototype.toString = function () { seen.push(text.call(this)); return text.call(this); };"
        "Error.prepareStackTrace = (_, calls) => calls.map((c) => `${c.getFunction()}`).join();"
        "const area = () => `${seen}${new Error().stack}`;",
        Verdict.FAILED,
    ),
    "what is hidden, printed": (
        "const area = (w, h) => { console.log('seen', w, h); throw new Error(`seen ${w}`); };", Verdict.ERROR,
    ),
    # leaving
    "leaves": ("const area = () => Deno.exit(0);", Verdict.ERROR),
    "leaves by node": ("const { exit } = await import('node:process'); const area = () => exit(0);", Verdict.ERROR),
    "leaves later": ("setTimeout(() => Deno.exit(0), 1);" + NOTHING, Verdict.ERROR),
    "rejects later": ("setTimeout(() => Promise.reject(new Error('late')), 1);" + NOTHING, Verdict.ERROR),
    "works on after the end": ("setInterval(() => { for (;;); }, 5000);" + NOTHING, Verdict.FAILED),
    "speaks when it ends": (
        "addEventListener('unload', () => console.log('{\"done\":true}'));" + NOTHING, Verdict.FAILED,
    ),
    "a worker that never ends": ("new Worker('data:text/javascript,for(;;);', { type: 'module' });" + NOTHING, Verdict.FAILED),
    # without end
    "a loop": ("for (;;);", Verdict.TIMEOUT),
    "a loop of promises": ("const area = async () => { for (;;) await null; };", Verdict.TIMEOUT),
    "a module of WebAssembly": (
        "new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3,"
        " 2, 1, 0, 8, 1, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11)));",
        Verdict.TIMEOUT,
    ),
    "sleep": ("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);", Verdict.TIMEOUT),
    "timers": ("setInterval(() => {}, 1); await new Promise(() => {});", Verdict.TIMEOUT),
    # too much
    "buffers": ("const all = []; for (;;) all.push(new Uint8Array(1e8));", Verdict.LIMIT),
    "shared buffers": ("const all = []; for (;;) all.push(new SharedArrayBuffer(1e8));", Verdict.LIMIT),
    "memories of WebAssembly": ("const all = []; for (;;) all.push(new WebAssembly.Memory({ initial: 5000 }));", Verdict.LIMIT),
    "buffers never given back": (
        "const r = new FinalizationRegistry(() => {}); const all = []; for (;;) { const b = new Uint8Array(1e8); r.register(b); all.push(b); }",
        Verdict.LIMIT,
    ),
    "a text that doubles": ("let s = 'x'; for (;;) s += s;", Verdict.LIMIT),
    "printing": ("for (;;) console.log('x'.repeat(999));", Verdict.LIMIT),
    "writing without a line": ("const b = new Uint8Array(1e6); for (;;) Deno.stdout.writeSync(b);", Verdict.LIMIT),
    "writing lines": ("const b = new Uint8Array(1e6).fill(10); for (;;) Deno.stdout.writeSync(b);", Verdict.LIMIT),
}  # fmt: skip
IN_EVERY_MODE = ("a loop", "buffers", "frames of ours", "works on after the end")


def _command_lines_of_children():
    """The command lines of all that this process has started and that still runs, and of what those have started."""
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            yield " ".join(process.cmdline())


class Surroundings:
    """What an attack would reach: a secret file, a place to write to, a listening port."""

    def __init__(self, folder):
        self.secret = folder / "secret.json"
        self.secret.write_text('"top-secret"')
        self.secret.chmod(0o644)
        self.target = folder / "written"
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setblocking(False)

    def program(self, source, mode):
        inside = places.inside("javascript", in_room=mode is Isolation.NAMESPACES)
        port = self.listener.getsockname()[1]
        places_of = {"@secret": self.secret, "@target": self.target, "@port": port, "@inside": inside}
        for name, place in places_of.items():
            source = source.replace(name, str(place))
        return source

    def was_reached(self):
        try:
            self.listener.accept()[0].close()
        except BlockingIOError:
            return self.target.is_symlink() or self.target.exists()
        return True


def task(source, checks=CHECKS):
    return JudgeTask("javascript", (), (), source, checks_of(*checks))


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory):
    surroundings = Surroundings(tmp_path_factory.mktemp("outside"))
    yield surroundings
    surroundings.listener.close()


@pytest.fixture(scope="module")
def attempts(graders, surroundings):
    """Every hostile answer's judgement, and those of a neighbour who works beside them."""
    grader, is_over = graders("strongest"), Event()

    def neighbour():
        told = []
        while not is_over.wait(0.5):
            told.append(grader.judge(task(HONEST)))
        return told

    with ThreadPoolExecutor(5) as workers:
        beside = workers.submit(neighbour)
        try:
            sources = [surroundings.program(source, grader.isolation) for source, _ in HOSTILE.values()]
            judgements = dict(zip(HOSTILE, workers.map(lambda s: grader.judge(task(s)), sources), strict=True))
        finally:
            is_over.set()
    return judgements, beside.result()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_is_contained_and_judged_rightly(attempts, name):
    judgement = attempts[0][name]
    told = json.dumps(judgement.as_json("en"))
    assert judgement.verdict is HOSTILE[name][1], judgement
    assert not judgement.checks[1].passed
    assert "top-secret" not in told
    assert not any(hidden in told for hidden in ("hidden-secret", "71923", "1013"))


def test_the_neighbour_and_whoever_comes_next_are_judged_as_ever(attempts, graders):
    assert {judgement.verdict for judgement in attempts[1]} == {Verdict.PASSED}
    assert graders("strongest").judge(task(HONEST)).verdict is Verdict.PASSED


def test_nothing_outside_was_reached_and_nothing_runs_on(attempts, surroundings):
    assert not surroundings.was_reached()
    assert not any("javascript/learner.js" in line for line in _command_lines_of_children())


def test_an_answer_leaves_nothing_for_the_next_one(graders):
    note = "const n = Number(localStorage.getItem('n')); localStorage.setItem('n', n + 1); const area = () => n;"
    judgements = [graders("strongest").judge(task(note)) for _ in range(2)]
    assert judgements[0].as_json("en")["checks"] == judgements[1].as_json("en")["checks"]


@pytest.mark.parametrize("mode", ["namespaces", "landlock", "limits"])
def test_nothing_but_the_language_is_within_reach(graders, surroundings, mode):
    tries = "".join(f"{json.dumps(what)}: async () => ({how}),\n" for what, how in REACHES.items())
    reaching = "const reached = {}; for (const [what, how] of Object.entries(tries)) {"
    reaching += " try { reached[what] = `${await how()}`; } catch {} } const area = () => reached;"
    source = surroundings.program(f"const tries = {{{tries}}};\n{reaching}", graders(mode).isolation)
    judgement = graders(mode).judge(task(source))
    assert (judgement.verdict, judgement.checks[0].got) == (Verdict.FAILED, "{}")
    assert not surroundings.was_reached()


@pytest.mark.parametrize("mode", ["landlock", "limits"])
@pytest.mark.parametrize("name", IN_EVERY_MODE)
def test_weaker_walls_hold_too(graders, surroundings, mode, name):
    source, verdict = HOSTILE[name]
    judgement = graders(mode).judge(task(surroundings.program(source, graders(mode).isolation)))
    assert judgement.verdict is verdict, judgement
    assert "top-secret" not in json.dumps(judgement.as_json("en"))
    assert not surroundings.was_reached()


def test_an_answer_ends_with_its_judge_however_that_ends():
    owner = psutil.Popen([sys.executable, "-c", OWNER, "limits", "for (;;);"], cwd=Path(__file__).parents[2])
    wait_until(lambda: any(sum(one.cpu_times()[:2]) > 1 for one in owner.children(recursive=True)))  # it is in its loop
    started = owner.children(recursive=True)
    owner.kill()
    owner.wait()
    assert psutil.wait_procs(started, timeout=60)[1] == []
