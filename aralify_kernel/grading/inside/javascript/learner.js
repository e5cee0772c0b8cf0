// The learner's side: runs the learner's program, then answers one call after the other.
//
// It never has a check, only the piece of one whose turn it is. What it says is a claim: nothing here has to withstand
// the learner's code, but an honest program that replaces `Array.prototype.map` or `console.log` must not break it.

import { receive, send } from "./frames.js";
import { decode, encode } from "./wire.js";

const PARSED = "aralify:parsed";
const { Blob, Error, Object, Promise, RegExp, String, URL, setTimeout } = globalThis;
const { getPrototypeOf } = Object;
const { createObjectURL } = URL;
const { exec } = RegExp.prototype;
const { join, map } = Array.prototype;
const { apply } = Reflect;

let program = "";
let offset = 0;
let lines = 0;
let scope = null;
let rejected = null;

globalThis.console = new Deno[Deno.internal].Console((text) => send({ out: text }));
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  rejected ??= { reason: event.reason };
});

function blob(text) {
  return createObjectURL(new Blob([text], { type: "text/javascript" }));
}

/** Return what keeps `source` from being parsed: its message and line. Nothing of it is run. */
async function syntaxError(source) {
  let message = "";
  try {
    // Modules are parsed before their imports are looked for, and this one is never found.
    await import(blob(`${source}\n;import "${PARSED}";`));
  } catch (error) {
    message = String(error.message);
  }
  const found = apply(exec, /^SyntaxError: (.*)/, [message]);
  if (!found) return null;
  const place = apply(exec, /blob:\S+?:(\d+):\d+/, [message]);
  const line = place ? Number(place[1]) : null;
  const last = source.trimEnd().split("\n").length;
  // What is wrong only with the line we added is that something above it was not closed.
  return line > last ? { name: "SyntaxError", message: "Unexpected end of input", line: last } : { name: "SyntaxError", message: found[1], line };
}

/** Return how something that was thrown can be told: its name, message, line and the classes it is of. */
function told(thrown) {
  if (!(thrown instanceof Error)) return { name: "", message: safeText(thrown), line: null, classes: [] };
  const classes = [];
  for (let above = getPrototypeOf(thrown); above !== null && classes.length < 20; above = getPrototypeOf(above)) {
    classes[classes.length] = String(above.constructor?.name ?? "");
  }
  return { name: safeText(thrown.name), message: safeText(thrown.message).replace(/ at blob:\S+$/, ""), line: lineOf(safeText(thrown.stack)), classes };
}

function safeText(value) {
  try {
    return typeof value === "object" && value !== null ? JSON.stringify(value) ?? "[object]" : String(value);
  } catch {
    return "[object]";
  }
}

function lineOf(stack) {
  const places = new RegExp(`${program}:(\\d+):\\d+`, "g");
  for (let found = apply(exec, places, [stack]); found !== null; found = apply(exec, places, [stack])) {
    const line = Number(found[1]) - offset;
    if (line >= 1 && line <= lines) return line;
  }
  return null;
}

async function load({ source, module, scope: name, before }) {
  const unreadable = await syntaxError(source);
  if (unreadable) return { error: unreadable };
  program = blob(module);
  offset = before;
  lines = source.split("\n").length;
  try {
    await import(program);
    await settled();
  } catch (error) {
    return { error: told(error) };
  }
  scope = globalThis[name];
  delete globalThis[name];
  return { loaded: true };
}

/** Wait until a rejection that nobody handles would have been noticed, and throw its reason. */
async function settled() {
  await new Promise((resolve) => setTimeout(resolve, 0));
  if (rejected) throw rejected.reason;
}

/** Evaluate one piece of a check beside the learner's names, with the check's own variables as they are. */
async function answer({ thunk, values, functions }) {
  const names = Object.keys(values);
  const made = each(Object.keys(functions), (name) => `const ${name} = (${functions[name]});`);
  const listed = apply(join, names, [", "]);
  const read = `() => ({ ${listed} })`;
  let evaluated = null;
  let reply = null;
  try {
    const build = scope(`(function (${listed}) {\n${apply(join, made, ["\n"])}\nreturn [${read}, (${thunk}\n)];\n})`);
    evaluated = apply(build, null, each(names, (name) => decode(values[name])));
    let value = evaluated[1]();
    if (typeof value?.then === "function") {
      value = await value;
      await settled();
    }
    reply = { value: encodeAny(value) };
  } catch (error) {
    rejected = null;
    reply = { raised: told(error) };
  }
  return { ...reply, values: evaluated ? variables(evaluated[0]()) : {} };
}

function each(values, make) {
  return apply(map, values, [make]);
}

function encodeAny(value) {
  try {
    return encode(value);
  } catch (error) {
    return ["opaque", safeText(error?.message)];
  }
}

function variables(values) {
  const told = {};
  for (const name of Object.keys(values)) told[name] = encodeAny(values[name]);
  return told;
}

send({ ready: true });
send(await load(receive()));
for (let request = receive(); request !== null; request = receive()) {
  send({ id: request.id, ...(await answer(request)) });
}
