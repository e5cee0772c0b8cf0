/** What can be chosen from the palette, the menu, the toolbar and the keyboard. */

import type { JupyterFrontEnd } from "@jupyterlab/application";
import type { INotebookTracker, NotebookPanel } from "@jupyterlab/notebook";

import { checkCell, isLesson } from "./check.ts";
import { aralifyIcon } from "./icons.ts";
import type { Model } from "./model.ts";
import { tell } from "./telling.ts";
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

/** The notebooks that have a cell with the server at the moment. */
const inCheck = new Set<NotebookPanel>();

/** Whether the server judges a cell of a notebook just now. */
export function isBeingChecked(panel: NotebookPanel | null): boolean {
  return panel !== null && inCheck.has(panel);
}

export function addCommands({ app, notebooks, model, texts, show }: Surroundings): void {
  const { commands } = app;
  const noArguments = { args: { type: "object" as const, properties: {} } };
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
    isEnabled: () => isLesson(notebooks.currentWidget) && !isBeingChecked(notebooks.currentWidget),
    execute: async () => {
      const panel = notebooks.currentWidget;
      if (!panel || isBeingChecked(panel)) {
        return; // pressed twice, it is one answer: whoever runs a command does not ask whether it is enabled
      }
      inCheck.add(panel);
      commands.notifyCommandChanged(CHECK);
      try {
        await checkCell(panel, model.ask, texts());
      } catch (error) {
        tell(error, texts()("JupyterLab does not answer, so nothing was checked."), texts());
      } finally {
        inCheck.delete(panel);
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
