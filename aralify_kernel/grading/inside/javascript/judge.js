// The judge's side: runs the checks, asks the learner's side for each piece that touches the learner's code, compares.

import { receive, send } from "./frames.js";
import { decode, encode, isData, same, show } from "./wire.js";

const SCOPE = "$aralify$";
const NO_VARIABLES = new Set(["this", "arguments", "eval", "null", "true", "false", "undefined", SCOPE]);
const STAY_HERE = new Set(["error", "opaque"]);

class Failure extends Error {
  constructor(told) {
    super("a check failed");
    this.told = told;
  }
}

let calls = 0;
let before = Object.create(null); // the variables of the running check, as each was when first used
globalThis.console = new Deno[Deno.internal].Console(() => {});

/** Ask the learner's side for the value of `thunk`; the check's variables it uses travel along and come back. */
function ask(scope, thunk) {
  const [values, functions, names] = [Object.create(null), Object.create(null), {}];
  collect(scope, String(thunk), values, functions);
  for (const [name, data] of Object.entries(values)) {
    names[name] = show(data);
    before[name] ??= names[name];
  }
  const id = ++calls;
  send({ call: { id, thunk: String(thunk), values, functions } });
  const reply = receive();
  if (reply === null || reply.id !== id) throw new Error("the answer to a call did not come");
  const changed = {};
  for (const [name, data] of Object.entries(reply.values)) {
    if (!(name in values) || !isData(data) || same(values[name], data)) continue;
    bringBack(scope, name, data);
    changed[name] = [names[name], show(data)];
  }
  const value = isData(reply.value) ? reply.value : ["opaque", "no plain data"];
  return { ...reply, value, told: { call: String(thunk), names, before: { ...before }, changed } };
}

/** Find the variables of the check that `source` names, and those that its functions name. */
function collect(scope, source, values, functions) {
  for (const [name] of source.matchAll(/(?<![\w$])(?<!(?<!\.\.)\.)[\p{L}_$][\p{L}\p{N}_$]*/gu)) {
    if (name in values || name in functions || NO_VARIABLES.has(name)) continue;
    const [isThere, value] = lookUp(scope, name);
    if (!isThere) continue;
    if (typeof value === "function") {
      functions[name] = String(value);
      collect(scope, functions[name], values, functions);
    } else {
      const data = encode(value);
      const staysHere = Array.isArray(data) && (STAY_HERE.has(data[0]) || (data[0] === "symbol" && !data[2]));
      if (!staysHere) values[name] = data;
    }
  }
}

function lookUp(scope, name) {
  try {
    const value = scope(name);
    return [value !== globalThis[name] && !Object.values(ASKING).includes(value), value];
  } catch {
    return [false, undefined]; // a keyword, a name of the learner's, or not yet given a value
  }
}

function bringBack(scope, name, data) {
  let now;
  try {
    now = decode(data);
  } catch {
    return; // a function or a promise, say: it stays where it is
  }
  giveBack(scope, name, now);
}

/** Bring a variable of the check to the state it has on the learner's side. */
function giveBack(scope, name, now) {
  const before = scope(name);
  if (Array.isArray(before) && Array.isArray(now)) {
    before.splice(0, before.length, ...now);
  } else if ((before instanceof Map && now instanceof Map) || (before instanceof Set && now instanceof Set)) {
    before.clear();
    for (const item of now) before instanceof Map ? before.set(...item) : before.add(item);
  } else if (isPlain(before) && isPlain(now)) {
    for (const key of Object.keys(before)) delete before[key];
    Object.defineProperties(before, Object.getOwnPropertyDescriptors(now));
  } else {
    scope(`(value) => { ${name} = value; }`)(now);
  }
}

function isPlain(value) {
  return typeof value === "object" && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));
}

function equal(scope, thunk, expected, message) {
  const wanted = encode(expected);
  const reply = ask(scope, thunk);
  const told = { ...reply.told, expected: show(wanted), message };
  if (reply.raised) throw new Failure({ ...told, raised: reply.raised });
  if (!same(wanted, reply.value)) throw new Failure({ ...told, got: show(reply.value), printed: reply.printed });
}

function throws(scope, thunk, wanted, message) {
  const isMessage = isPlain(wanted) && ("en" in wanted || "fil" in wanted);
  const matcher = isMessage ? undefined : wanted;
  const told = isMessage ? wanted : message;
  const reply = ask(scope, thunk);
  const got = reply.raised ? `throws ${textOf(reply.raised)}` : `returns ${show(reply.value)}`;
  if (!reply.raised || !isWanted(reply.raised, matcher)) {
    throw new Failure({ ...reply.told, expected: describe(matcher), got, message: told });
  }
}

function isWanted(raised, wanted) {
  if (wanted === undefined) return true;
  if (typeof wanted === "string") return raised.message.includes(wanted);
  if (wanted instanceof RegExp) return wanted.test(raised.message);
  if (typeof wanted === "function") return raised.classes.includes(wanted.name);
  const isNamed = wanted.name === undefined || raised.name === wanted.name || raised.classes.includes(wanted.name);
  return isNamed && (wanted.message === undefined || isWanted(raised, wanted.message));
}

function describe(wanted) {
  if (wanted === undefined) return "throws an error";
  if (typeof wanted === "function") return `throws ${wanted.name}`;
  if (typeof wanted === "string") return `throws …${wanted}…`;
  if (wanted instanceof RegExp) return `throws ${wanted}`;
  return `throws ${[wanted.name, wanted.message].filter(Boolean).join(": ")}`;
}

function textOf({ name, message }) {
  return name && message ? `${name}: ${message}` : name || message;
}

function prints(scope, thunk, expected, message) {
  const reply = ask(scope, thunk);
  const told = { ...reply.told, expected: JSON.stringify(expected), message };
  if (reply.raised) throw new Failure({ ...told, raised: reply.raised });
  const trimmed = (text) => text.replaceAll("\r\n", "\n").replace(/\n$/, "");
  if (trimmed(reply.printed) !== trimmed(expected)) throw new Failure({ ...told, got: JSON.stringify(reply.printed) });
}

/** Return `how` as checks call it. `from` gives it the variables within reach at the place of the call. */
function asking(how) {
  const from = (scope) => (...rest) => how(scope, ...rest);
  return Object.assign(from(() => undefined), { from });
}

const ASKING = { equal: asking(equal), throws: asking(throws), prints: asking(prints) };
ASKING.deepEqual = ASKING.equal;

/** Run the checks in order, each inside the scope of those before it. */
async function run(checks) {
  let within = new Function(...Object.keys(ASKING), `return (${SCOPE}) => eval(${SCOPE});`)(...Object.values(ASKING));
  for (const { number, source } of checks) {
    send({ check: number });
    before = Object.create(null);
    try {
      within = await within(`(async () => {\n${source}\n;return (${SCOPE}) => eval(${SCOPE});\n})()`);
      send({ check: number, outcome: "passed" });
    } catch (error) {
      if (error instanceof Failure) send({ check: number, outcome: "failed", ...error.told });
      else send({ check: number, outcome: "broke", error: `${error}` });
    }
  }
}

await run(receive().checks);
send({ done: true });
