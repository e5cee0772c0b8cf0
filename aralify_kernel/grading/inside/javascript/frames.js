// Lines of JSON between this process and the one that started it: in by standard input, out by standard output. Each
// begins on a line of its own, whatever a program may have written there before.

const { stdin, stdout } = Deno;
const { parse, stringify } = JSON;
const { apply } = Reflect;
const read = stdin.readSync;
const write = stdout.writeSync;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const encode = encoder.encode;
const decode = decoder.decode;
const { subarray, indexOf, set } = Uint8Array.prototype;
const Bytes = Uint8Array;

const piece = new Bytes(65536);
let pending = new Bytes(0);

/** Write one message. */
export function send(message) {
  let left = apply(encode, encoder, [`\n${stringify(message)}\n`]);
  while (left.length > 0) left = apply(subarray, left, [apply(write, stdout, [left])]);
}

/** Wait for the next message and return it; null when there will be none. */
export function receive() {
  for (;;) {
    const end = apply(indexOf, pending, [10]);
    if (end >= 0) {
      const line = apply(subarray, pending, [0, end]);
      pending = apply(subarray, pending, [end + 1]);
      return parse(apply(decode, decoder, [line]));
    }
    const count = apply(read, stdin, [piece]);
    if (count === null) return null;
    const longer = new Bytes(pending.length + count);
    apply(set, longer, [pending]);
    apply(set, longer, [apply(subarray, piece, [0, count]), pending.length]);
    pending = longer;
  }
}
