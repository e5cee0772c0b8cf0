/** What can be chosen from the palette, the menu, the toolbar and the keyboard. */

import type { JupyterFrontEnd } from "@jupyterlab/application";
import { Notification } from "@jupyterlab/apputils";
import type { INotebookTracker } from "@jupyterlab/notebook";

import { Refusal } from "./api.ts";
import { checkCell, isLesson } from "./check.ts";
import { aralifyIcon } from "./icons.ts";
import type { Model } from "./model.ts";
import type { Translator } from "./texts.ts";

export const CHECK = "aralify:check";
export const SHOW = "aralify:show-courses";

interface Surroundings {
  app: JupyterFrontEnd;
  notebooks: INotebookTracker;
  model: Model;
  texts: () => Translator;
  show: () => void;
}

export function addCommands({ app, notebooks, model, texts, show }: Surroundings): void {
  const { commands } = app;
  const noArguments = { args: { type: "object" as const, properties: {} } };
  let isChecking = false;
  commands.addCommand(SHOW, {
    label: () => texts()("My courses"),
    caption: () => texts()("Show where I am in my courses, and what is next"),
    icon: aralifyIcon,
    describedBy: noArguments,
    execute: show
  });
  commands.addCommand(CHECK, {
    label: () => texts()("Check"),
    caption: () => texts()("Check this exercise"),
    describedBy: noArguments,
    isVisible: () => isLesson(notebooks.currentWidget),
    isEnabled: () => !isChecking && isLesson(notebooks.currentWidget),
    execute: async () => {
      const panel = notebooks.currentWidget;
      if (!panel) {
        return;
      }
      isChecking = true;
      commands.notifyCommandChanged(CHECK);
      try {
        await checkCell(panel, model.ask, texts());
      } catch (error) {
        tell(error as Error, texts());
      } finally {
        isChecking = false;
        commands.notifyCommandChanged(CHECK);
        await model.refresh();
      }
    }
  });
  const renew = (): void => [CHECK, SHOW].forEach(id => commands.notifyCommandChanged(id));
  model.changed.connect(renew);
  notebooks.currentChanged.connect((_, panel) => {
    renew();
    void panel?.context.ready.then(renew);
  });
}

/** Say what a learner can do about a refused check: nothing of theirs is lost. */
function tell(error: Error, _: Translator): void {
  const words = error instanceof Refusal ? error.message : _("JupyterLab does not answer, so nothing was checked.");
  const isNoTry = error instanceof Refusal && ["unchanged_starter", "empty_answer"].includes(error.code);
  Notification.emit(words, isNoTry ? "info" : "warning", { autoClose: 8000 });
}
