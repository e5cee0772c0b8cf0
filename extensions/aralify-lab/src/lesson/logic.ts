/** What is worked out for a lesson's notebook without a page. */

import type { Clock, RenewedCell, Step } from "./types.ts";

/** What has to be done to the cells of a notebook, one after the other, so that they become as the server says. */
export type Change = { kind: "insert" | "replace" | "keep" | "remove"; index: number; renewed?: RenewedCell };

/** A cell as far as it matters for what becomes of it. */
interface Before {
  id?: string;
  cell_type: string;
}

/** Return how to get from these cells to the renewed ones: removals from the end, then everything from the top. */
export function changes(before: readonly Before[], renewed: readonly RenewedCell[]): Change[] {
  const kept = new Set(renewed.map(one => one.at));
  const removed = [...before.keys()].filter(at => !kept.has(at)).reverse();
  return [
    ...removed.map(index => ({ kind: "remove" as const, index })),
    ...renewed.map((one, index) => ({ kind: kindOf(one, before, renewed), index, renewed: one }))
  ];
}

/** A cell's id cannot be changed: it is made anew when another has that id from now on. */
function kindOf(one: RenewedCell, before: readonly Before[], renewed: readonly RenewedCell[]): Change["kind"] {
  if (one.at === null) {
    return "insert";
  }
  const { id, cell_type } = before[one.at];
  const isTaken = one.cell.id !== id && renewed.some(other => other !== one && other.cell.id === id);
  return cell_type === one.cell.cell_type && !isTaken ? "keep" : "replace";
}

/** Return the renewed cells without those that a learner deleted. */
export function withoutMissing(before: readonly Before[], renewed: readonly RenewedCell[]): RenewedCell[] {
  const there = new Set(before.map(cell => cell.id));
  return renewed.filter(({ at, cell }) => at !== null || there.has(cell.id));
}

/** Return how many steps of a lesson are passed. */
export function passed(steps: readonly Step[]): number {
  return steps.filter(step => step.state === "passed").length;
}

/** Return `12:40`; nothing is shown below 0:00. */
export function minutesAndSeconds(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** A moment by both clocks of a page, in ms: `steady` never jumps, and `wall` goes on while the computer sleeps. */
export interface Moment {
  steady: number;
  wall: number;
}

/** Return this moment. */
export function now(): Moment {
  return { steady: performance.now(), wall: Date.now() };
}

/** Return the seconds from one moment to another, those slept through included. */
export function secondsBetween(from: Moment, to: Moment): number {
  return Math.max(0, to.steady - from.steady, to.wall - from.wall) / 1000;
}

/** Return the seconds that are left, `elapsed` seconds after the server was asked; null where no clock runs. */
export function secondsLeft(clock: Clock | null, elapsed: number): number | null {
  return clock?.seconds_left == null ? null : clock.seconds_left - elapsed;
}

/** Return the minutes to announce when the time left went from `before` to `now`: 5 and 1, each once, and 0 for its end. */
export function toAnnounce(before: number | null, now: number): 5 | 1 | 0 | null {
  const crossed = ([0, 1, 5] as const).find(minutes => now <= 60 * minutes);
  return crossed !== undefined && before !== null && before > 60 * crossed ? crossed : null;
}
