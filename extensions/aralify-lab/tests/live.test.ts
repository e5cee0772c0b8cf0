/** When the server is asked again without anybody asking. */

import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";

import { keepUpToDate } from "../src/live.ts";
import type { Model, Phase } from "../src/model.ts";

type Page = Record<"window" | "document", unknown>;

/** Let the model become what an answer made of it; return how often it asked within some seconds after that. */
function askedWithin(seconds: number, phase: Phase, { pauseMs = 0, here = null as unknown } = {}): number {
  const refresh = jest.fn();
  let tell = (): void => undefined;
  const changed = { connect: (heard: () => void) => (tell = heard) };
  const notebooks = { forEach: () => undefined, widgetAdded: { connect: () => undefined } };
  keepUpToDate(notebooks as never, { refresh, changed, phase, pauseMs, here } as unknown as Model);
  tell();
  jest.advanceTimersByTime(seconds * 1000);
  return refresh.mock.calls.length;
}

beforeEach(() => {
  jest.useFakeTimers();
  Object.assign(globalThis, { window: globalThis, document: { addEventListener: () => undefined } });
});

afterEach(() => {
  jest.useRealTimers();
  const page = globalThis as unknown as Partial<Page>;
  delete page.window;
  delete page.document;
});

for (const phase of ["unreachable", "refused"] as const) {
  test(`a server that was ${phase} is asked again by itself`, () => {
    expect([askedWithin(14, phase), askedWithin(16, phase)]).toStrictEqual([0, 1]);
  });
}

test("a server that asked for a pause has it", () => {
  expect([askedWithin(59, "refused", { pauseMs: 60_000 }), askedWithin(61, "refused", { pauseMs: 60_000 })]).toStrictEqual([0, 1]);
});

test("a server that has answered everything is left alone, and asked for what waits", () => {
  const here = (answers: number): unknown => ({ waiting: { answers, is_server_away: false } });
  expect([0, 1].map(answers => askedWithin(60, "ready", { here: here(answers) }))).toStrictEqual([0, 1]);
});
