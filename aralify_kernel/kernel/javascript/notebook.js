// What a JavaScript notebook has beside the language: the functions that checks call, and the reason why a cell cannot
// be read, which Deno's kernel keeps to itself. In the judge the same functions ask across processes; here the learner's
// code is right beside them.

const CUT = 400;
const MISSING = "aralify:missing";

class AssertionError extends Error {
  name = "AssertionError";
}

/** Throw what a failed check says: to the kernel in every language, in a traceback in one. */
function fail(message, otherwise) {
  if (isTexts(message)) Deno.jupyter.broadcast("aralify_message", message);
  throw new AssertionError((isTexts(message) ? message.en ?? message.fil : message) || otherwise);
}

function isTexts(message) {
  return typeof message === "object" && message !== null && ("en" in message || "fil" in message);
}

/** Call `then` with what `thunk` gives, or with what it threw; wait for it where it is a promise. */
function settle(thunk, then) {
  let value;
  try {
    value = thunk();
  } catch (thrown) {
    return then(undefined, { thrown });
  }
  if (typeof value?.then !== "function") return then(value, null);
  return value.then((later) => [later, null], (thrown) => [undefined, { thrown }]).then((settled) => then(...settled));
}

function isWanted(thrown, wanted) {
  const message = String(thrown?.message ?? thrown);
  if (wanted === undefined) return true;
  if (typeof wanted === "string") return message.includes(wanted);
  if (wanted instanceof RegExp) return wanted.test(message);
  if (typeof wanted === "function") return thrown instanceof wanted;
  return (wanted.name === undefined || thrown?.name === wanted.name) &&
    (wanted.message === undefined || isWanted(thrown, wanted.message));
}

/** Put the functions that checks call within reach of every cell. `wire` compares and shows values as the judge does. */
export function offerChecks({ encode, same, show }) {
  const equal = (thunk, expected, message) =>
    settle(thunk, (value, raised) => {
      if (raised) throw raised.thrown;
      const [wanted, got] = [encode(expected), encode(value)];
      if (!same(wanted, got)) fail(message, `expected ${show(wanted)}, got ${show(got)}`);
    });
  const throws = (thunk, wanted, message) =>
    settle(thunk, (value, raised) => {
      const [matcher, told] = isTexts(wanted) ? [undefined, wanted] : [wanted, message];
      if (!raised) fail(told, `expected an error, got ${show(encode(value))}`);
      if (!isWanted(raised.thrown, matcher)) fail(told, `another error was expected than ${raised.thrown}`.slice(0, CUT));
    });
  const prints = (thunk, expected, message) => {
    const [before, trimmed] = [globalThis.console, (text) => text.replaceAll("\r\n", "\n").replace(/\n$/, "")];
    let printed = "";
    globalThis.console = new Deno[Deno.internal].Console((text) => printed += text);
    return settle(thunk, (_, raised) => {
      globalThis.console = before;
      if (raised) throw raised.thrown;
      if (trimmed(printed) !== trimmed(expected)) {
        fail(message, `expected ${JSON.stringify(expected)}, got ${JSON.stringify(printed)}`.slice(0, CUT));
      }
    });
  };
  Object.assign(globalThis, { equal, deepEqual: equal, throws, prints });
}

/** Return why `source` cannot be read as JavaScript; nothing of it is run. */
export async function unreadable(source) {
  try {
    // Modules are parsed before their imports are looked for, and this one is never found.
    await import(URL.createObjectURL(new Blob([`${source}\n;import "${MISSING}";`], { type: "text/javascript" })));
  } catch (error) {
    const [, message] = /SyntaxError: (.*)/.exec(error.message) ?? [];
    const [, line] = /blob:\S+?:(\d+):\d+/.exec(error.message) ?? [];
    return message ? `${message}${line ? ` (line ${line})` : ""}` : "";
  }
}

/** End with the kernel that has started this, however that ends. */
export function endWithKernel() {
  const kernel = Deno.ppid;
  Deno.unrefTimer(setInterval(() => Deno.ppid !== kernel && Deno.exit(), 1000));
}
