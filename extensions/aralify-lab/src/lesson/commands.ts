/** What can be done in a lesson, from its bar, the palette, the menu and the keyboard. */

import type { JupyterFrontEnd } from "@jupyterlab/application";
import { Notification } from "@jupyterlab/apputils";
import type { CodeCell } from "@jupyterlab/cells";
import type { ReadonlyPartialJSONObject } from "@lumino/coreutils";

import type { Ask } from "../api.ts";
import { say } from "../check.ts";
import { tierWords } from "../courses.tsx";
import type { Model } from "../model.ts";
import type { Opener } from "../opening.ts";
import { tell } from "../telling.ts";
import type { Translator } from "../texts.ts";
import { askTeacher } from "./ask.ts";
import { addBelow, restoreCells, startingText } from "./cells.ts";
import type { Lesson } from "./lesson.ts";
import type { Hint } from "./types.ts";

export const HINT = "aralify:hint";
export const ASK = "aralify:ask-teacher";
export const RESET = "aralify:reset-exercise";
export const RESTORE = "aralify:restore-cells";
export const START_RUN = "aralify:start-run";
export const OPEN_TIER = "aralify:open-tier";

interface Surroundings {
  app: JupyterFrontEnd;
  model: Model;
  opener: Opener;
  /** The lesson in front, if one is. */
  current: () => Lesson | null;
  texts: () => Translator;
}

type Work = (lesson: Lesson, ask: Ask, _: Translator) => Promise<void>;

export function addLessonCommands({ app, model, opener, current, texts }: Surroundings): void {
  const { commands } = app;
  const explain = (error: unknown): void => {
    tell(error, texts()("JupyterLab does not answer, so nothing was changed."), texts());
  };
  const add = (id: string, label: (_: Translator) => string, work: Work, isFor = (_: Lesson): boolean => true): void => {
    const isThere = (): boolean => {
      const lesson = current();
      return lesson !== null && isFor(lesson);
    };
    commands.addCommand(id, {
      label: () => label(texts()),
      describedBy: { args: { type: "object", properties: {} } },
      isVisible: isThere,
      isEnabled: isThere,
      execute: async () => {
        const lesson = current();
        try {
          await (lesson && work(lesson, model.ask, texts()));
        } catch (error) {
          explain(error);
        }
      }
    });
  };
  add(HINT, _ => _("Hint"), takeHint);
  add(ASK, _ => _("Ask my teacher"), askTeacher, hasTeacher);
  add(RESET, _ => _("Reset exercise"), resetExercise);
  add(RESTORE, _ => _("Restore missing cells"), restore);
  add(START_RUN, _ => _("Start the clock"), (lesson, ask, _) => startRun(lesson, ask, _));
  commands.addCommand(OPEN_TIER, {
    label: args => tierWords(lessonNamed(model, args), texts()),
    describedBy: { args: { type: "object", properties: { ref: { type: "string" } }, required: ["ref"] } },
    isToggled: args => args.ref === current()?.ref,
    isVisible: args => lessonNamed(model, args) !== undefined,
    execute: args => opener.open(String(args.ref)).catch(explain)
  });
}

/** Return the lessons of the topic of a lesson, as the server said last. */
export function tiersOf(model: Model, ref: string): Model["courses"][0]["levels"][0]["lessons"] {
  const levels = model.courses.flatMap(course => course.levels);
  return levels.find(level => level.lessons.some(lesson => lesson.ref === ref))?.lessons ?? [];
}

function lessonNamed(model: Model, args: ReadonlyPartialJSONObject): ReturnType<typeof tiersOf>[0] | undefined {
  return tiersOf(model, String(args.ref)).find(lesson => lesson.ref === args.ref);
}

/** Whether there is somebody to ask about a lesson. */
export function hasTeacher({ standing }: Lesson): boolean {
  return standing?.has_teacher ?? false;
}

async function takeHint(lesson: Lesson, ask: Ask, _: Translator): Promise<void> {
  const exercise = lesson.inWork(lesson.standing?.steps.filter(step => step.has_hints) ?? [])?.id;
  if (!exercise) {
    Notification.info(_("There is no hint for this."), { autoClose: 5000 });
    return;
  }
  lesson.show(exercise, await ask<Hint>("POST", `lessons/${lesson.ref}/hints`, { exercise }));
}

async function resetExercise(lesson: Lesson, ask: Ask, _: Translator): Promise<void> {
  const { panel } = lesson;
  if (lesson.inFront() === null) {
    Notification.info(_("Click into the cell of an exercise first, then reset it."), { autoClose: 5000 });
    return;
  }
  const cell = panel.content.activeCell as CodeCell;
  const text = await startingText(panel, panel.content.widgets.indexOf(cell), lesson.ref, ask);
  if (cell.isDisposed) {
    return;
  }
  const { outputs, sharedModel } = cell.model;
  const before = { source: sharedModel.getSource(), outputs: outputs.toJSON() };
  sharedModel.setSource(text);
  outputs.clear();
  const undo = (): void => {
    if (!cell.isDisposed && sharedModel.getSource() === text) {
      sharedModel.setSource(before.source);
      outputs.fromJSON(before.outputs);
      return;
    }
    addBelow(panel, cell, before);
    Notification.info(_("You have written on since. Your earlier answer is back in a cell of its own, below."), { autoClose: 8000 });
  };
  const words = _("The exercise is as it was at the beginning.");
  const told = Notification.success(words, { autoClose: 15000, actions: [{ label: _("Undo"), callback: undo }] });
  panel.disposed.connect(() => Notification.dismiss(told));
}

async function restore({ panel, ref }: Lesson, ask: Ask, _: Translator): Promise<void> {
  const n = await restoreCells(panel, ref, ask);
  const words = n ? _.plural("{n} cell is back.", "{n} cells are back.", n) : _("No cell was missing.");
  Notification.success(words, { autoClose: 5000 });
}

async function startRun(lesson: Lesson, ask: Ask, _: Translator): Promise<void> {
  await ask("POST", `lessons/${lesson.ref}/runs`);
  await lesson.refresh();
  say(lesson.panel, lesson.standing?.clock?.seconds_left == null ? _("You have no time limit.") : _("The clock runs."));
}
