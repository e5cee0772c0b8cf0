/** Check: sends the cell in front to be judged, and shows the result under it, whatever its kernel does. */

import { Notification } from "@jupyterlab/apputils";
import type { CodeCell, ICellModel } from "@jupyterlab/cells";
import type { IDisplayData } from "@jupyterlab/nbformat";
import type { NotebookPanel } from "@jupyterlab/notebook";
import { UUID } from "@lumino/coreutils";

import { Refusal, type Ask } from "./api.ts";
import { exerciseOf } from "./logic.ts";
import type { Translator } from "./texts.ts";
import type { Checked } from "./types.ts";

/** On the notebook while the server judges one of its cells. */
const CHECKING = "aralify-mod-checking";

/** Whether a notebook is somebody's working copy of a lesson. */
export function isLesson(panel: NotebookPanel | null): boolean {
  return lessonOf(panel) !== null;
}

/** Return the lesson whose working copy a notebook is, and whose; null when it is none. */
export function lessonOf(panel: NotebookPanel | null): { lesson: string; username: string } | null {
  const own = panel?.model?.getMetadata("aralify") as { lesson?: string; username?: string } | undefined;
  return own?.lesson ? { lesson: own.lesson, username: own.username ?? "" } : null;
}

/** Check the cell in front and show what came of it; throws what `ask` throws. */
export async function checkCell(panel: NotebookPanel, ask: Ask, _: Translator): Promise<void> {
  const [cell, own] = [panel.content.activeCell, lessonOf(panel)];
  if (!cell || !own) {
    return;
  }
  say(panel, _("Checking …"));
  panel.addClass(CHECKING);
  let checked: Checked;
  try {
    checked = await ask<Checked>("POST", `lessons/${own.lesson}/check`, {
      cell_type: cell.model.type,
      source: cell.model.sharedModel.getSource(),
      metadata: cell.model.metadata,
      attempt_key: UUID.uuid4(),
      owner: own.username
    });
  } catch (error) {
    say(panel, "");
    if (error instanceof Refusal && error.code === "answers_nothing") {
      Notification.info(error.message, { autoClose: 5000 });
      return;
    }
    throw error;
  } finally {
    panel.removeClass(CHECKING);
  }
  if (cell.isDisposed) {
    say(panel, ""); // somebody deleted it meanwhile: it was judged, and there is no place to show that
    return;
  }
  show(cell as CodeCell, checked);
  if (panel.content.activeCell === cell) {
    bringIntoView((cell as CodeCell).outputArea.node);
  }
  say(panel, `${checked.note} ${checked.text.split("\n", 1)[0]}`.trim());
}

/** Return which exercise a cell answers; null when it answers none. */
export function exerciseIn(model: ICellModel): ReturnType<typeof exerciseOf> {
  return exerciseOf(model.getMetadata("aralify"), model.sharedModel.getSource());
}

/** Put a result where running the cell would put it, so that it is saved and exported as that is. */
function show(cell: CodeCell, checked: Checked): void {
  cell.model.trusted = true; // the server of this page made it, as the output of a run is made
  const outputs = [shown(checked.html, checked.text)];
  if (checked.note) {
    const note = document.createElement("p");
    note.textContent = checked.note;
    outputs.unshift(shown(note.outerHTML, checked.note));
  }
  cell.model.outputs.fromJSON(outputs);
}

function shown(html: string, text: string): IDisplayData {
  return { output_type: "display_data", data: { "text/html": html, "text/plain": text }, metadata: {} };
}

/** What came of an answer at the lower end of the window stands below it. */
function bringIntoView(result: HTMLElement): void {
  requestAnimationFrame(() => {
    const fits = result.offsetHeight < window.innerHeight / 2;
    result.scrollIntoView({ block: fits ? "nearest" : "start" });
  });
}

/** Let a screen reader say something; the focus stays where it is. */
export function say(panel: NotebookPanel, words: string): void {
  let region = panel.node.querySelector<HTMLElement>(":scope > .aralify-Said");
  if (region === null) {
    region = document.createElement("div");
    region.className = "aralify-Said";
    region.setAttribute("role", "status");
    panel.node.append(region);
  }
  region.textContent = words;
}
