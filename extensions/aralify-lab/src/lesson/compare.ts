/** A passed answer beside the author's. */

import { Dialog, showDialog } from "@jupyterlab/apputils";
import { Widget } from "@lumino/widgets";

import type { Translator } from "../texts.ts";
import type { Step } from "./types.ts";

/** Show both until somebody closes them; the focus goes back to where it was. */
export async function compare({ title, solution }: Step, answer: string, _: Translator): Promise<void> {
  const body = new Widget();
  body.addClass("aralify-Compare");
  body.node.lang = _.language;
  const note = document.createElement("p");
  note.textContent = _("There are other ways that are just as right.");
  const columns = document.createElement("div");
  columns.append(column(_("Your answer"), answer), column(_("Model solution"), solution ?? ""));
  body.node.append(note, columns);
  await showDialog({ title, body, buttons: [Dialog.okButton({ label: _("Close") })] });
}

function column(name: string, code: string): HTMLElement {
  const section = document.createElement("section");
  const heading = document.createElement("h3");
  heading.textContent = name;
  const text = document.createElement("pre");
  text.tabIndex = 0; // so that the keyboard can scroll it
  text.setAttribute("aria-label", name);
  text.setAttribute("role", "region");
  text.textContent = code;
  section.append(heading, text);
  return section;
}
