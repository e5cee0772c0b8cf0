/** A lesson without a keyboard: quizzes open by a button; code is left for a computer, where the lesson opens at its place. */

import { Notification } from "@jupyterlab/apputils";
import { CodeCell } from "@jupyterlab/cells";
import type { NotebookPanel } from "@jupyterlab/notebook";

import { exerciseIn } from "../check.ts";
import { PHONE } from "../room.ts";
import type { Translator } from "../texts.ts";

/** In the notebook's metadata: the exercise at which to go on. */
const PLACE = "aralify_place";

/** What an exercise's cell says on a phone; pressed, it keeps the place in the notebook. */
export function continueButton(panel: NotebookPanel, exercise: string, _: Translator): HTMLButtonElement {
  const button = document.createElement("button");
  button.className = "aralify-Button aralify-Phone";
  button.textContent = _("Continue on a computer");
  button.addEventListener("click", () => {
    panel.model?.setMetadata(PLACE, exercise);
    panel.context.save().then(
      () => Notification.success(_("Kept. On a computer this lesson opens at this exercise."), { autoClose: 5000 }),
      () => Notification.error(_("That did not work. Try again."), { autoClose: 5000 })
    );
  });
  return button;
}

/** What stands above a quiz until its cell has run: not everybody has Shift+Enter at hand. */
export function quizButton(panel: NotebookPanel, cell: CodeCell, _: Translator): HTMLButtonElement {
  const button = document.createElement("button");
  button.className = "aralify-Button";
  button.textContent = _("Show the quiz");
  const run = async (): Promise<void> => {
    button.disabled = true;
    panel.content.activeCellIndex = panel.content.widgets.indexOf(cell);
    panel.content.activate();
    try {
      await panel.sessionContext.ready;
      await CodeCell.execute(cell, panel.sessionContext);
    } catch {
      button.disabled = false;
      Notification.error(_("That did not work. Try again."), { autoClose: 5000 });
    }
  };
  button.addEventListener("click", () => void run());
  return button;
}

/** Go where somebody wanted to go on, once, on anything that is no phone. */
export async function goToPlace(panel: NotebookPanel): Promise<void> {
  const place = panel.model?.getMetadata(PLACE) as string | undefined;
  if (!place || window.matchMedia(PHONE).matches) {
    return;
  }
  await panel.revealed;
  panel.model?.deleteMetadata(PLACE);
  const { content } = panel;
  const at = content.widgets.findIndex(cell => cell.model.type === "code" && exerciseIn(cell.model)?.exercise === place);
  if (at >= 0) {
    content.activeCellIndex = at;
    await content.scrollToCell(content.widgets[at]);
  }
}
