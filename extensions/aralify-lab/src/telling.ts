/** Says why something was not done. */

import { Notification } from "@jupyterlab/apputils";

import { Refusal, Unreachable } from "./api.ts";
import type { Translator } from "./texts.ts";

const SHOWN_MS = 8000;

/** Say what a person can do about an error: `unreachable` when nobody answered; a mistake of ours is also written to the console. */
export function tell(error: unknown, unreachable: string, _: Translator): void {
  if (error instanceof Refusal) {
    const isNoTry = ["unchanged_starter", "empty_answer"].includes(error.code);
    Notification.emit(error.message, isNoTry ? "info" : "warning", { autoClose: SHOWN_MS });
    return;
  }
  const isAway = error instanceof Unreachable;
  if (!isAway) {
    console.error(error);
  }
  Notification.warning(isAway ? unreachable : _("That did not work. Try again."), { autoClose: SHOWN_MS });
}
