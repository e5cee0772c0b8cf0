/** Keeps what is shown as it is: whatever a lesson's kernel did may have earned something, or signed somebody in. */

import type { INotebookTracker, NotebookPanel } from "@jupyterlab/notebook";

import type { Model } from "./model.ts";

const PAUSE_MS = 300;

/** How long until a server is asked again that did not answer, or was not able to. */
const AWAY_MS = 15_000;

export function keepUpToDate(notebooks: INotebookTracker, model: Model): void {
  let timer: number | undefined;
  const soon = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void model.refresh(), PAUSE_MS);
  };
  let again: number | undefined;
  model.changed.connect(() => {
    window.clearTimeout(again);
    const isAway = model.phase === "unreachable" || model.phase === "refused";
    if (isAway || model.here?.waiting.answers || model.here?.waiting.is_server_away) {
      again = window.setTimeout(() => void model.refresh(), Math.max(AWAY_MS, model.pauseMs));
    }
  });
  notebooks.forEach(panel => watch(panel, soon));
  notebooks.widgetAdded.connect((_, panel) => watch(panel, soon));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      soon();
    }
  });
}

function watch(panel: NotebookPanel, soon: () => void): void {
  panel.sessionContext.statusChanged.connect((context, status) => {
    if (status === "idle" && context.session?.kernel?.name.startsWith("aralify")) {
      soon();
    }
  });
}
