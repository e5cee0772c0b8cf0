/** A lesson's notebook, as far as it needs no page. */

import { expect, test } from "@jest/globals";

import { changes, minutesAndSeconds, passed, secondsBetween, secondsLeft, toAnnounce, withoutMissing } from "../src/lesson/logic.ts";
import type { RenewedCell, Step } from "../src/lesson/types.ts";

/** Do what `changes` says to a notebook of code cells that is a list of their ids; a cell that is kept keeps its own. */
function done(before: string[], renewed: RenewedCell[]): string[] {
  const cells = [...before];
  for (const { kind, index, renewed: one } of changes(before.map(id => ({ id, cell_type: "code" })), renewed)) {
    if (kind === "remove" || kind === "replace") {
      cells.splice(index, 1);
    }
    if (kind === "insert" || kind === "replace") {
      cells.splice(index, 0, one!.cell.id!);
    }
  }
  return cells;
}

function cell(at: number | null, id: string, cell_type = "code"): RenewedCell {
  return { at, cell: { id, cell_type, source: "", metadata: {} } };
}

for (const [what, before, renewed] of [
  ["keeps what is as it should be", ["a", "b"], [cell(0, "a"), cell(1, "b")]],
  ["puts back what is missing, wherever that is", ["b"], [cell(null, "a"), cell(0, "b"), cell(null, "c")]],
  ["takes away what has left the lesson", ["a", "old", "b", "older"], [cell(0, "a"), cell(2, "b")]],
  ["does both at once", ["old", "b", "older"], [cell(null, "a"), cell(1, "b"), cell(null, "c")]],
  ["makes a cell anew that became another kind", ["a", "b"], [cell(0, "A", "markdown"), cell(1, "b")]],
  ["makes what a learner changed anew, which is theirs, when ours comes back beside it", ["a"], [cell(null, "a"), cell(0, "own-1")]]
] as const) {
  test(`putting a notebook right ${what}`, () => {
    expect(done([...before], [...renewed])).toStrictEqual(renewed.map(one => one.cell.id));
  });
}

test("a cell whose new name nobody else has stays as it is: who writes in it goes on writing", () => {
  expect(done(["a", "5f-mine"], [cell(0, "a"), cell(1, "own-1")])).toStrictEqual(["a", "5f-mine"]);
});

test("what was deleted is missing, and what was changed comes back beside it", () => {
  const [missing, ours, mine] = [cell(null, "gone"), cell(null, "a"), cell(0, "own-1")];
  expect(withoutMissing([{ id: "a", cell_type: "code" }], [missing, ours, mine])).toStrictEqual([ours, mine]);
});

test("progress counts what is passed and not what was tried", () => {
  const steps = ["passed", "progress", "open", "passed"].map(state => ({ state }) as Step);
  expect(passed(steps)).toBe(2);
});

test("a clock shows whole seconds, and stands at 0:00 when the time is over", () => {
  expect([1200, 760, 59.2, 0.4, 0, -5].map(minutesAndSeconds)).toStrictEqual(["20:00", "12:40", "1:00", "0:01", "0:00", "0:00"]);
});

test("the time left is what the server said, less what has gone by since", () => {
  expect(secondsLeft({ is_running: true, seconds_left: 90, whole_secs: 1200 }, 30)).toBe(60);
  expect(secondsLeft({ is_running: true, seconds_left: null, whole_secs: 1200 }, 30)).toBe(null);
  expect(secondsLeft(null, 30)).toBe(null);
});

test("what a computer slept through has gone by, and a clock set back takes nothing away", () => {
  const asked = { steady: 1000, wall: 500_000 };
  expect(secondsBetween(asked, { steady: 3000, wall: 502_000 })).toBe(2);
  expect(secondsBetween(asked, { steady: 3000, wall: 1_100_000 })).toBe(600);
  expect(secondsBetween(asked, { steady: 3000, wall: 0 })).toBe(2);
  expect(secondsBetween(asked, { steady: 900, wall: 499_900 })).toBe(0);
});

test("five minutes, one minute and the end are each said once, and nothing to who comes later", () => {
  const times = [301, 300, 299, 61, 60, 59, 1, 0, -1];
  const said = times.map((now, at) => toAnnounce(at ? times[at - 1] : null, now));
  expect(said).toStrictEqual([null, 5, null, null, 1, null, null, 0, null]);
  expect(toAnnounce(null, 30)).toBe(null);
});

test("who slept through both marks hears only the last", () => {
  expect(toAnnounce(400, 20)).toBe(1);
});
