// Values as plain data that crosses between two processes, what they look like, and when they are equal.
//
// null, booleans, texts and common numbers stand for themselves; everything else is a list that begins with its kind:
//   ["undefined"]  ["number", "NaN"]  ["bigint", "5"]  ["symbol", text, key of a shared one]  ["function", name]  ["date", time]
//   ["regexp", source, flags]  ["array", values]  ["object", class, [[key, value]]]  ["map", [[key, value]]]
//   ["set", values]  ["typed", class, values]  ["error", name, message]  ["hole"]  ["opaque", text]

// What learners' code may replace is taken before it runs.
const { getPrototypeOf, is, keys, defineProperty } = Object;
const { isArray, from: listFrom } = Array;
const { isView } = ArrayBuffer;
const { isSafeInteger } = Number;
const { Date, Error, Map, RegExp, Set, Promise, WeakMap, WeakSet, BigInt, String, RangeError, Symbol, JSON } = globalThis;
const { stringify } = JSON;
const timeOf = Date.prototype.getTime;
const { keyFor } = Symbol;
const symbolText = Symbol.prototype.toString;
const { apply } = Reflect;
const PLAIN = Object.prototype;
const TYPED = new Set(
  ["Int8", "Uint8", "Uint8Clamped", "Int16", "Uint16", "Int32", "Uint32", "Float32", "Float64", "BigInt64", "BigUint64"]
    .map((name) => `${name}Array`),
);

const MOST_NODES = 200_000;
const DEEPEST = 200;
const LONGEST = 400;

/** Return `value` as plain data. Throws a RangeError for what has no end or is too large. */
export function encode(value) {
  return new Encoder().encode(value, 0);
}

class Encoder {
  #nodes = 0;
  #above = [];

  encode(value, depth) {
    if (++this.#nodes > MOST_NODES || depth > DEEPEST) throw new RangeError("this value is too large to be compared");
    switch (typeof value) {
      case "string":
        this.#nodes += value.length >> 5;
        return value;
      case "boolean":
        return value;
      case "number":
        return isSafeInteger(value) && !is(value, -0) ? value : ["number", is(value, -0) ? "-0" : String(value)];
      case "undefined":
        return ["undefined"];
      case "bigint":
        return ["bigint", String(value)];
      case "symbol":
        return ["symbol", apply(symbolText, value, []), keyFor(value) ?? ""];
      case "function":
        return ["function", String(value.name ?? "")];
      default:
        return value === null ? null : this.#object(value, depth + 1);
    }
  }

  #object(value, depth) {
    for (let i = 0; i < this.#above.length; i++) {
      if (this.#above[i] === value) throw new RangeError("this value contains itself, so it cannot be compared");
    }
    this.#above[this.#above.length] = value;
    try {
      return this.#container(value, depth);
    } finally {
      this.#above.length -= 1;
    }
  }

  #container(value, depth) {
    const each = (items) => this.#list(items, depth);
    if (isArray(value)) return ["array", each(value)];
    if (value instanceof Date) return ["date", this.encode(apply(timeOf, value, []), depth)];
    if (value instanceof RegExp) return ["regexp", value.source, value.flags];
    if (value instanceof Error) return ["error", String(value.name), String(value.message)];
    if (value instanceof Map) return ["map", each(listFrom(value))];
    if (value instanceof Set) return ["set", each(listFrom(value))];
    if (isView(value) && !(value instanceof DataView)) return ["typed", className(value), each(value)];
    if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) {
      return ["opaque", className(value)];
    }
    const names = keys(value);
    const pairs = [];
    for (let i = 0; i < names.length; i++) {
      pairs[i] = [names[i], this.encode(value[names[i]], depth)];
    }
    return ["object", className(value), pairs];
  }

  #list(items, depth) {
    const values = [];
    if (items.length > MOST_NODES) throw new RangeError("this value is too large to be compared");
    for (let i = 0; i < items.length; i++) {
      values[i] = i in items ? this.encode(items[i], depth) : ["hole"];
    }
    return values;
  }
}

function className(value) {
  const above = getPrototypeOf(value);
  return above === null || above === PLAIN ? "" : String(above.constructor?.name ?? "");
}

/** Whether data from a side that may lie is as `encode` makes it. Only such data may be decoded or shown. */
export function isData(data) {
  return new Inspector().accepts(data, 0);
}

class Inspector {
  #nodes = 0;

  accepts(data, depth) {
    if (++this.#nodes > MOST_NODES || depth > DEEPEST) return false;
    if (!isArray(data)) return data === null || ["string", "boolean"].includes(typeof data) || isSafeInteger(data);
    const [kind, first, second] = data;
    const each = (list) => isArray(list) && list.every((item) => this.accepts(item, depth + 1));
    switch (kind) {
      case "undefined":
      case "hole":
        return data.length === 1;
      case "number":
      case "bigint":
      case "function":
      case "opaque":
        return data.length === 2 && typeof first === "string";
      case "symbol":
      case "regexp":
      case "error":
        return data.length === 3 && typeof first === "string" && typeof second === "string";
      case "date":
        return data.length === 2 && (isSafeInteger(first) || (isArray(first) && first[0] === "number" && each([first])));
      case "array":
      case "set":
        return data.length === 2 && each(first);
      case "map":
        return data.length === 2 && each(first) && first.every((item) => item?.[0] === "array" && item[1].length === 2);
      case "typed":
        return data.length === 3 && typeof first === "string" && each(second);
      case "object":
        return data.length === 3 && typeof first === "string" && isArray(second) &&
          second.every((pair) => isArray(pair) && pair.length === 2 && typeof pair[0] === "string") &&
          each(second.map((pair) => pair[1]));
      default:
        return false;
    }
  }
}

/** Return the value that plain data stands for; a class is not made again, only its fields. */
export function decode(data) {
  if (!isArray(data)) return data;
  const [kind, first, second] = data;
  switch (kind) {
    case "undefined":
    case "hole":
      return undefined;
    case "number":
      return Number(first);
    case "bigint":
      return BigInt(first);
    case "date":
      return new Date(decode(first));
    case "regexp":
      return new RegExp(first, second);
    case "symbol":
      if (!second) throw new TypeError(`${first} cannot cross to the other side`);
      return Symbol.for(second);
    case "array": {
      const values = [];
      for (let i = 0; i < first.length; i++) {
        if (isArray(first[i]) && first[i][0] === "hole") values.length = i + 1;
        else values[i] = decode(first[i]);
      }
      return values;
    }
    case "map":
      return new Map(decodeAll(first));
    case "set":
      return new Set(decodeAll(first));
    case "typed":
      if (!TYPED.has(first)) throw new TypeError(`a ${first} cannot cross to the other side`);
      return new globalThis[first](decodeAll(second));
    case "object": {
      const fields = {};
      for (const [key, value] of second) {
        defineProperty(fields, key, { value: decode(value), writable: true, enumerable: true, configurable: true });
      }
      return fields;
    }
    default:
      throw new TypeError(`a ${kind} cannot cross to the other side`);
  }
}

function decodeAll(list) {
  const values = [];
  for (let i = 0; i < list.length; i++) values[i] = decode(list[i]);
  return values;
}

/** Whether data from the learner's side is what was expected. A plain object stands for any class with its fields. */
export function same(expected, got) {
  const [kind, first, second] = isArray(expected) ? expected : ["", expected];
  const [otherKind, otherFirst, otherSecond] = isArray(got) ? got : ["", got];
  if (kind === "number" && first === "-0") return same(0, got);
  if (otherKind === "number" && otherFirst === "-0") return same(expected, 0);
  if (kind !== otherKind) return false;
  switch (kind) {
    case "":
      return expected === got;
    case "array":
      return sameInOrder(first, otherFirst);
    case "typed":
      return first === otherFirst && sameInOrder(second, otherSecond);
    case "set":
    case "map":
      return sameInAnyOrder(first, otherFirst);
    case "object":
      return (first === "" || first === otherFirst) && sameFields(second, otherSecond);
    default:
      return stringify(expected) === stringify(got);
  }
}

function sameInOrder(expected, got) {
  return expected.length === got.length && expected.every((value, i) => same(value, got[i]));
}

function sameInAnyOrder(expected, got) {
  const left = [...got];
  return expected.length === got.length && expected.every((value) => {
    const at = left.findIndex((other) => same(value, other));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

function sameFields(expected, got) {
  const fields = new Map(got);
  return expected.length === got.length &&
    expected.every(([key, value]) => fields.has(key) && same(value, fields.get(key)));
}

/** Return how data looks in JavaScript, cut where it is long. */
export function show(data) {
  const text = shown(data);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function shown(data) {
  if (!isArray(data)) return stringify(data);
  const [kind, first, second] = data;
  switch (kind) {
    case "undefined":
      return "undefined";
    case "hole":
      return "<empty>";
    case "number":
      return first;
    case "bigint":
      return `${first}n`;
    case "function":
      return first ? `[Function: ${first}]` : "[Function]";
    case "date": {
      const date = new Date(decode(first));
      return Number.isNaN(date.valueOf()) ? "Invalid Date" : date.toISOString();
    }
    case "regexp":
      return `/${first}/${second}`;
    case "array":
      return `[${first.map(shown).join(", ")}]`;
    case "typed":
      return `${first}(${second.length}) [${second.map(shown).join(", ")}]`;
    case "set":
      return `Set(${first.length}) {${first.map((value) => ` ${shown(value)}`).join()} }`;
    case "map":
      return `Map(${first.length}) {${first.map(([, [key, value]]) => ` ${shown(key)} => ${shown(value)}`).join()} }`;
    case "object": {
      const fields = second.map(([key, value]) => ` ${/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? key : stringify(key)}: ${shown(value)}`);
      return `${first ? `${first} ` : ""}{${fields.join()}${fields.length ? " " : ""}}`;
    }
    case "error":
      return `${first}: ${second}`;
    default:
      return `[${first}]`;
  }
}
