/** The cells of a lesson's notebook, put right without losing what was written. */

import { CodeCell } from "@jupyterlab/cells";
import type { IBaseCellMetadata, ICodeCell, IOutput } from "@jupyterlab/nbformat";
import type { NotebookPanel } from "@jupyterlab/notebook";
import { JSONExt, type PartialJSONObject } from "@lumino/coreutils";

import type { Ask } from "../api.ts";
import { exerciseIn } from "../check.ts";
import { changes, withoutMissing, type Change } from "./logic.ts";
import type { NotebookCell, RenewedCell } from "./types.ts";

/** Roles of cells whose outputs speak the language they were run in. */
const LIVE = ["header", "quiz"];

/** Put back what is missing, and ours as it should be now; return how many cells came back. Throws what `ask` throws. */
export async function restoreCells(panel: NotebookPanel, ref: string, ask: Ask): Promise<number> {
  const { before, renewed } = await renewedCells(panel, ref, ask);
  change(panel, before, renewed, true);
  return renewed.filter(one => one.at === null).length;
}

/** Let the text around what a learner wrote speak a language; what they deleted stays deleted. Throws what `ask` throws. */
export async function speak(language: string, panel: NotebookPanel, ref: string, ask: Ask): Promise<void> {
  const { before, renewed } = await renewedCells(panel, ref, ask);
  change(panel, before, withoutMissing(before, renewed), false);
  const shared = panel.content.model!.sharedModel;
  shared.setMetadata("aralify", { ...(shared.getMetadata("aralify") as PartialJSONObject), lang: language });
}

interface Renewed {
  before: NotebookCell[];
  renewed: RenewedCell[];
}

/** Return the cells as they are and as they should be. */
async function renewedCells(panel: NotebookPanel, ref: string, ask: Ask): Promise<Renewed> {
  const shared = panel.content.model!.sharedModel;
  let before: NotebookCell[];
  let renewed: RenewedCell[];
  do {
    before = shared.cells.map(cell => bare(cell.toJSON() as unknown as NotebookCell));
    renewed = await renew(ref, before, shared.metadata, ask);
  } while (!JSONExt.deepEqual(ids(before), shared.cells.map(cell => cell.getId()))); // somebody went on working
  return { before, renewed };
}

function change(panel: NotebookPanel, before: NotebookCell[], renewed: RenewedCell[], isUndoable: boolean): void {
  const shared = panel.content.model!.sharedModel;
  const there = [...shared.cells]; // until all is changed, the model goes on listing them as they were
  shared.transact(() => {
    for (const one of changes(before, renewed)) {
      const at = one.renewed?.at ?? one.index;
      apply(panel, one, there[at], before[at]);
    }
  }, isUndoable);
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

/** Put a learner's own code below a cell, or at the end when that is gone. */
export function addBelow(panel: NotebookPanel, cell: CodeCell, { source, outputs }: { source: string; outputs: IOutput[] }): void {
  const shared = panel.content.model!.sharedModel;
  const at = panel.content.widgets.indexOf(cell);
  shared.insertCell(at < 0 ? shared.cells.length : at + 1, { cell_type: "code", source, outputs });
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

type SharedCell = NonNullable<NotebookPanel["model"]>["sharedModel"]["cells"][number];

function apply(panel: NotebookPanel, { kind, index, renewed }: Change, there: SharedCell, was: NotebookCell): void {
  const shared = panel.content.model!.sharedModel;
  if (kind === "remove") {
    shared.deleteCell(index);
    return;
  }
  const { cell } = renewed!;
  if (kind === "insert") {
    insert(panel, index, cell);
    return;
  }
  const source = there.getSource() === was.source ? cell.source : there.getSource(); // somebody went on writing
  if (kind === "replace") {
    const { outputs, execution_count } = there.toJSON() as Partial<ICodeCell>;
    shared.deleteCell(index);
    insert(panel, index, { ...cell, source }, outputs, execution_count);
    return;
  }
  if (there.getSource() !== source) {
    there.setSource(source);
  }
  if (!JSONExt.deepEqual(was.metadata as PartialJSONObject, cell.metadata as PartialJSONObject)) {
    there.setMetadata(cell.metadata as Partial<IBaseCellMetadata>);
  }
}

function insert(
  panel: NotebookPanel,
  index: number,
  cell: NotebookCell,
  outputs: ICodeCell["outputs"] = [],
  execution_count: ICodeCell["execution_count"] = null
): void {
  const { sharedModel } = panel.content.model!;
  const ofCode = cell.cell_type === "code" ? { outputs, execution_count } : {};
  sharedModel.insertCell(index, { ...cell, ...ofCode } as unknown as Parameters<typeof sharedModel.insertCell>[1]);
}
