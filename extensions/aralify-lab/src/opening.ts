/** Opens lessons as notebooks. */

import type { JupyterFrontEnd } from "@jupyterlab/application";
import type { INotebookTracker } from "@jupyterlab/notebook";
import type { Widget } from "@lumino/widgets";

import { lessonOf } from "./check.ts";
import type { Model } from "./model.ts";
import type { Room } from "./room.ts";

/** With `dontShowBrowser`: how JupyterLab opens the notebook that the page's address names, as soon as it gets to it. */
const OPEN_PATH = "filebrowser:open-path";

export class Opener {
  /** The lesson somebody chose last. */
  private chosen: Widget | null = null;

  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly notebooks: INotebookTracker,
    private readonly model: Model,
    private readonly room: Room
  ) {
    let isAtStart = true;
    app.commands.commandExecuted.connect((_, { id, args, result }) => {
      if (isAtStart && id === OPEN_PATH && args.dontShowBrowser) {
        isAtStart = false;
        void result.finally(() => this.show(this.chosen)); // who was quicker than the page keeps what they chose
      }
    });
  }

  /** Show a lesson; its working copy is written or renewed first, unless it is open: nothing rewrites an open notebook. */
  async open(ref: string): Promise<void> {
    const there = this.notebooks.find(panel => {
      const own = lessonOf(panel);
      return own?.lesson === ref && own.username === this.model.here?.profile?.username;
    });
    if (there) {
      this.show(there);
      this.room.giveWay();
      return;
    }
    await this.model.change(async ask => {
      const { path } = await ask<{ path: string }>("POST", `lessons/${ref}/working-copy`);
      this.chosen = (await this.app.commands.execute("docmanager:open", { path, factory: "Notebook" })) as Widget;
    });
    this.room.giveWay();
  }

  private show(lesson: Widget | null): void {
    this.chosen = lesson;
    if (lesson && !lesson.isDisposed) {
      this.app.shell.activateById(lesson.id);
    }
  }
}
