/** The cells of a lesson's notebook: marked by how their exercise stands, and put right without losing what was written. */

import { CodeCell, type Cell } from "@jupyterlab/cells";
import type { IBaseCellMetadata } from "@jupyterlab/nbformat";
import type { NotebookPanel } from "@jupyterlab/notebook";
import { JSONExt, type PartialJSONObject } from "@lumino/coreutils";

import type { Ask } from "../api.ts";
import { exerciseIn } from "../check.ts";
import type { Translator } from "../texts.ts";
import { compare } from "./compare.ts";
import type { Lesson } from "./lesson.ts";
import { continueButton, quizButton } from "./phone.ts";
import { changes, type Change } from "./logic.ts";
import type { NotebookCell, RenewedCell, Step } from "./types.ts";

const MARK = "aralify-CellMark";
/** Roles of cells whose outputs speak the language they were run in. */
const LIVE = ["header", "quiz"];

/** Write above each exercise's cell how it stands, and on a phone lead to each quiz; for one not drawn yet, when it is. */
export function markCells(lesson: Lesson, _: Translator): void {
  for (const cell of lesson.panel.content.widgets) {
    if (cell.isPlaceholder()) {
      void cell.ready.then(() => mark(cell, lesson, _));
    } else {
      mark(cell, lesson, _);
    }
  }
}

function mark(cell: Cell, lesson: Lesson, _: Translator): void {
  const there = cell.node.querySelector<HTMLElement>(`:scope > .${MARK}`);
  const step = cell instanceof CodeCell ? stepOf(cell, lesson) : undefined;
  const isQuiz = step?.kind === "quiz";
  if (!step || (isQuiz && (cell as CodeCell).model.outputs.length)) {
    there?.remove();
    return;
  }
  const shown = there ?? document.createElement("div");
  const parts = isQuiz ? [quizButton(lesson.panel, cell as CodeCell, _)] : exerciseParts(cell, step, lesson, _);
  shown.className = isQuiz ? `${MARK} aralify-Phone` : MARK;
  shown.dataset.state = step.state;
  if (!sameParts(shown, parts)) {
    shown.replaceChildren(...parts); // not every time: somebody may have the focus on the button
  }
  if (cell.node.firstChild !== shown) {
    cell.node.prepend(shown);
  }
}

/** The exercise or the quiz that a cell answers. */
function stepOf(cell: CodeCell, { standing, ref }: Lesson): Step | undefined {
  const found = exerciseIn(cell.model);
  const { quiz, lesson } = (cell.model.getMetadata("aralify") ?? {}) as { quiz?: string; lesson?: string };
  const id = (found?.lesson ?? lesson) === ref ? found?.exercise ?? quiz : undefined;
  return standing?.steps.find(one => one.id === id);
}

function exerciseParts(cell: Cell, step: Step, { panel }: Lesson, _: Translator): Element[] {
  const words = document.createElement("span");
  words.textContent = `${step.title} · ${step.words}`;
  const parts: Element[] = [words, continueButton(panel, step.id, _)];
  if (step.solution !== null) {
    parts.push(compareButton(cell, step, _));
  }
  return parts;
}

function sameParts(shown: Element, parts: readonly Element[]): boolean {
  return shown.children.length === parts.length && parts.every((part, at) => part.isEqualNode(shown.children[at]));
}

function compareButton(cell: Cell, step: Step, _: Translator): HTMLButtonElement {
  const button = document.createElement("button");
  button.className = "aralify-Button";
  button.textContent = _("Compare with the model solution");
  button.addEventListener("click", () => void compare(step, cell.model.sharedModel.getSource(), _));
  return button;
}

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
