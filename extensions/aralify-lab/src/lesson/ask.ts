/** A question to the teacher, for who works with Check alone and has no result with buttons under their cell. */

import { Dialog, Notification } from "@jupyterlab/apputils";
import { Widget } from "@lumino/widgets";

import { Refusal, type Ask } from "../api.ts";
import type { Translator } from "../texts.ts";
import type { Lesson } from "./lesson.ts";

/** Ask about the exercise in front, else the one in work. A refused question stays in the dialog, with the reason. */
export async function askTeacher(lesson: Lesson, ask: Ask, _: Translator): Promise<void> {
  const exercise = lesson.inWork(lesson.standing?.steps.filter(step => step.kind === "exercise") ?? []);
  if (!exercise) {
    Notification.info(_("Click into the cell of an exercise first, then ask."), { autoClose: 5000 });
    return;
  }
  const title = `${_("Ask my teacher")} · ${exercise.title}`;
  const buttons = [Dialog.cancelButton({ label: _("Cancel") }), Dialog.okButton({ label: _("Send to my teacher") })];
  let [question, refused, isWith] = ["", "", false];
  while (!isWith) {
    const body = new Question(question, refused, _);
    const dialog = new Dialog<string>({ title, body, buttons, focusNodeSelector: "textarea" });
    dialog.node.setAttribute("aria-label", title); // JupyterLab leaves its dialogs without a name
    const answer = await dialog.launch();
    if (!answer.button.accept) {
      break;
    }
    question = answer.value ?? "";
    try {
      await ask("POST", `lessons/${lesson.ref}/questions`, { activity: exercise.id, question });
      isWith = true;
    } catch (error) {
      refused = error instanceof Refusal ? error.message : _("JupyterLab does not answer, so nothing was changed.");
    }
  }
  lesson.panel.content.activate(); // the focus is in the cell again, from wherever the dialog was opened
  if (isWith) {
    Notification.success(_("Your question is with your teacher"), { autoClose: 5000 });
  }
}

class Question extends Widget implements Dialog.IBodyWidget<string> {
  private readonly field = document.createElement("textarea");

  constructor(text: string, refused: string, _: Translator) {
    super();
    this.addClass("aralify-Ask");
    this.addClass("aralify-Field");
    this.node.lang = _.language;
    const label = document.createElement("label");
    label.textContent = _("Your question, in one sentence");
    const help = paragraph("help", _("Your teacher sees it with your newest answer to this exercise. The reply appears at the top of the lesson."));
    const problem = paragraph("problem", refused);
    problem.setAttribute("role", "alert");
    problem.hidden = !refused;
    this.field.id = label.htmlFor = "aralify-question";
    this.field.rows = 3;
    this.field.value = text;
    this.field.setAttribute("aria-invalid", String(refused !== ""));
    this.field.setAttribute("aria-describedby", `${problem.id} ${help.id}`);
    this.node.append(label, this.field, problem, help);
  }

  getValue(): string {
    return this.field.value;
  }
}

function paragraph(name: string, words: string): HTMLElement {
  const made = document.createElement("p");
  made.id = `aralify-question-${name}`;
  made.textContent = words;
  return made;
}
