/** Says calmly what an answer led to: a level reached, a topic opened. JupyterLab keeps it among its notifications. */

import { Notification } from "@jupyterlab/apputils";

import { news, type Standing } from "./logic.ts";
import type { Model } from "./model.ts";
import { inLanguage, type Translator } from "./texts.ts";

const SHOWN_MS = 8000;

export function announce(model: Model, texts: () => Translator): void {
  let before: Standing = { profile: null, courses: [] };
  model.changed.connect(() => {
    const after: Standing = { profile: model.here?.profile ?? null, courses: model.courses };
    const { level, opened } = news(before, after);
    before = after;
    const _ = texts();
    if (level && model.hasGame) {
      Notification.success(_("You are on Level {level} now.", { level }), { autoClose: SHOWN_MS });
    }
    for (const topic of opened) {
      const title = inLanguage(topic.title, _.language);
      Notification.info(_("“{title}” is open now.", { title }), { autoClose: SHOWN_MS });
    }
  });
}
