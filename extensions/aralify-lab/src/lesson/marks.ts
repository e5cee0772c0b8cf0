/** What stands above the cells of a lesson: how an exercise is, and the way to a quiz. */

import { CodeCell, type Cell } from "@jupyterlab/cells";

import { exerciseIn } from "../check.ts";
import { answerIn } from "../logic.ts";
import type { Translator } from "../texts.ts";
import { compare } from "./compare.ts";
import type { Lesson } from "./lesson.ts";
import { continueButton, quizButton } from "./phone.ts";
import type { Step } from "./types.ts";

const MARK = "aralify-CellMark";

/** Write above each exercise's cell how it stands, and lead to each quiz; for a cell that is not drawn yet, when it is. */
export function markCells(lesson: Lesson, _: Translator): void {
  for (const cell of lesson.panel.content.widgets) {
    if (cell.isPlaceholder()) {
      void cell.ready.then(() => mark(cell, lesson, _));
    } else {
      mark(cell, lesson, _);
    }
  }
}

function mark(cell: Cell, lesson: Lesson, _: Translator): void {
  const there = cell.node.querySelector<HTMLElement>(`:scope > .${MARK}`);
  const step = cell instanceof CodeCell ? stepOf(cell, lesson) : undefined;
  nameEditor(cell, step, lesson, _);
  const isQuiz = step?.kind === "quiz";
  if (!step || (isQuiz && (cell as CodeCell).model.outputs.length)) {
    there?.remove();
    return;
  }
  const shown = there ?? document.createElement("div");
  const parts = isQuiz ? [quizButton(lesson.panel, cell as CodeCell, _)] : exerciseParts(cell, step, lesson, _);
  shown.className = MARK;
  shown.lang = _.language;
  shown.dataset.state = step.state;
  if (!sameParts(shown, parts)) {
    shown.replaceChildren(...parts); // not every time: somebody may have the focus on the button
  }
  if (cell.node.firstChild !== shown) {
    cell.node.prepend(shown);
  }
}

/** The exercise or the quiz that a cell answers. */
function stepOf(cell: CodeCell, { standing, ref }: Lesson): Step | undefined {
  const found = exerciseIn(cell.model);
  const { quiz, lesson } = (cell.model.getMetadata("aralify") ?? {}) as { quiz?: string; lesson?: string };
  const id = (found?.lesson ?? lesson) === ref ? found?.exercise ?? quiz : undefined;
  return standing?.steps.find(one => one.id === id);
}

function exerciseParts(cell: Cell, step: Step, { panel }: Lesson, _: Translator): Element[] {
  const words = document.createElement("span");
  words.textContent = `${step.title} · ${step.words}`;
  const parts: Element[] = [words, continueButton(panel, step.id, _)];
  if (step.solution !== null) {
    parts.push(compareButton(cell, step, _));
  }
  return parts;
}

function sameParts(shown: Element, parts: readonly Element[]): boolean {
  return shown.children.length === parts.length && parts.every((part, at) => part.isEqualNode(shown.children[at]));
}

function compareButton(cell: Cell, step: Step, _: Translator): HTMLButtonElement {
  const button = document.createElement("button");
  button.className = "aralify-Button";
  button.textContent = _("Compare with the model solution");
  button.addEventListener("click", () => void compare(step, answerIn(cell.model.sharedModel.getSource()), _));
  return button;
}

/** Say to a screen reader what is written in a cell, where JupyterLab has no name for it. */
function nameEditor(cell: Cell, step: Step | undefined, { standing }: Lesson, _: Translator): void {
  const { role, exercise } = (cell.model?.getMetadata("aralify") ?? {}) as { role?: string; exercise?: string };
  const title = standing?.steps.find(one => one.id === exercise)?.title ?? "";
  const names: Record<string, string> = { example: _("Example"), check: _("What is checked: {title}", { title }) };
  const name = step ? _("Your answer: {title}", { title: step.title }) : names[role ?? ""];
  const editor = cell.node.querySelector(".cm-content");
  if (name && editor?.getAttribute("aria-label") !== name) {
    editor?.setAttribute("aria-label", name);
  }
}
