/** The cells of a lesson's notebook, put right without losing what was written. */

import { CodeCell } from "@jupyterlab/cells";
import type { IBaseCellMetadata } from "@jupyterlab/nbformat";
import type { NotebookPanel } from "@jupyterlab/notebook";
import { JSONExt, type PartialJSONObject } from "@lumino/coreutils";

import type { Ask } from "../api.ts";
import { exerciseIn } from "../check.ts";
import { changes, type Change } from "./logic.ts";
import type { NotebookCell, RenewedCell } from "./types.ts";

/** Roles of cells whose outputs speak the language they were run in. */
const LIVE = ["header", "quiz"];

/** Put back what is missing, and ours as it should be now; return how many cells came back. Throws what `ask` throws. */
export async function restoreCells(panel: NotebookPanel, ref: string, ask: Ask, isUndoable = true): Promise<number> {
  const shared = panel.content.model!.sharedModel;
  let before: NotebookCell[];
  let renewed: RenewedCell[];
  do {
    before = shared.cells.map(cell => bare(cell.toJSON() as unknown as NotebookCell));
    renewed = await renew(ref, before, shared.metadata, ask);
  } while (!JSONExt.deepEqual(ids(before), shared.cells.map(cell => cell.getId()))); // somebody went on working
  const types = before.map(cell => cell.cell_type);
  shared.transact(() => {
    for (const change of changes(before.length, renewed, types)) {
      apply(panel, change, before);
    }
  }, isUndoable);
  return renewed.filter(one => one.at === null).length;
}

/** Let the text around what a learner wrote speak a language. Throws what `ask` throws. */
export async function speak(language: string, panel: NotebookPanel, ref: string, ask: Ask): Promise<void> {
  await restoreCells(panel, ref, ask, false);
  const shared = panel.content.model!.sharedModel;
  shared.setMetadata("aralify", { ...(shared.getMetadata("aralify") as PartialJSONObject), lang: language });
}

/** Run header and quizzes again, as soon as their kernel has time: they speak the language they were run in. */
export async function renewOutputs(panel: NotebookPanel): Promise<void> {
  const { sessionContext, content } = panel;
  if (!(await isIdle(panel))) {
    return;
  }
  for (const cell of content.widgets) {
    const role = (cell.model.getMetadata("aralify") as { role?: string } | undefined)?.role ?? "";
    if (cell instanceof CodeCell && LIVE.includes(role) && cell.model.outputs.length) {
      await CodeCell.execute(cell, sessionContext);
    }
  }
}

/** Wait until the kernel of a notebook has time; false where it has none, or none that works. */
async function isIdle(panel: NotebookPanel): Promise<boolean> {
  const { sessionContext, disposed } = panel;
  const passing = ["busy", "starting", "restarting"];
  const status = (): string => (panel.isDisposed ? "" : sessionContext.session?.kernel?.status ?? "");
  while (passing.includes(status())) {
    await new Promise<void>(resolve => {
      const over = (): void => {
        sessionContext.statusChanged.disconnect(over);
        disposed.disconnect(over);
        resolve();
      };
      sessionContext.statusChanged.connect(over);
      disposed.connect(over);
    });
  }
  return status() === "idle";
}

/** Return the text that an exercise's cell begins with, its first line included. Throws what `ask` throws. */
export async function startingText(panel: NotebookPanel, at: number, ref: string, ask: Ask): Promise<string> {
  const shared = panel.content.model!.sharedModel;
  const cell = bare(shared.cells[at].toJSON() as unknown as NotebookCell);
  const found = exerciseIn(panel.content.widgets[at].model)!;
  const aralify = { role: "exercise", lesson: found.lesson, exercise: found.exercise };
  const empty = { ...cell, source: "", metadata: { aralify } };
  const renewed = await renew(ref, [empty], shared.metadata, ask);
  return renewed.find(one => one.at === 0)?.cell.source ?? cell.source;
}

async function renew(ref: string, cells: NotebookCell[], metadata: unknown, ask: Ask): Promise<RenewedCell[]> {
  return (await ask<{ cells: RenewedCell[] }>("POST", `lessons/${ref}/cells`, { cells, metadata })).cells;
}

/** A cell as it is sent: what it printed stays here. */
function bare({ id, cell_type, source, metadata }: NotebookCell): NotebookCell {
  return { id, cell_type, source: Array.isArray(source) ? source.join("") : source, metadata };
}

function ids(cells: NotebookCell[]): string[] {
  return cells.map(cell => cell.id ?? "");
}

function apply(panel: NotebookPanel, { kind, index, renewed }: Change, before: NotebookCell[]): void {
  const shared = panel.content.model!.sharedModel;
  if (kind === "remove" || kind === "replace") {
    shared.deleteCell(index);
  }
  if (!renewed) {
    return;
  }
  const { at, cell } = renewed;
  if (kind !== "keep") {
    const outputs = cell.cell_type === "code" ? { outputs: [], execution_count: null } : {};
    shared.insertCell(index, { ...cell, ...outputs } as unknown as Parameters<typeof shared.insertCell>[1]);
    return;
  }
  const [there, was] = [shared.cells[index], before[at!]];
  if (was.source !== cell.source && there.getSource() === was.source) {
    there.setSource(cell.source);
  }
  if (!JSONExt.deepEqual(was.metadata as PartialJSONObject, cell.metadata as PartialJSONObject)) {
    there.setMetadata(cell.metadata as Partial<IBaseCellMetadata>);
  }
}
