/** Opens lessons as notebooks. */

import type { JupyterFrontEnd } from "@jupyterlab/application";
import type { INotebookTracker } from "@jupyterlab/notebook";

import { lessonOf } from "./check.ts";
import type { Model } from "./model.ts";
import type { Room } from "./room.ts";

export class Opener {
  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly notebooks: INotebookTracker,
    private readonly model: Model,
    private readonly room: Room
  ) {}

  /** Show a lesson; its working copy is written or renewed first, unless it is open: nothing rewrites an open notebook. */
  async open(ref: string): Promise<void> {
    const there = this.notebooks.find(panel => {
      const own = lessonOf(panel);
      return own?.lesson === ref && own.username === this.model.here?.profile?.username;
    });
    if (there) {
      this.app.shell.activateById(there.id);
      this.room.giveWay();
      return;
    }
    await this.model.change(async ask => {
      const { path } = await ask<{ path: string }>("POST", `lessons/${ref}/working-copy`);
      await this.app.commands.execute("docmanager:open", { path, factory: "Notebook" });
    });
    this.room.giveWay();
  }
}
