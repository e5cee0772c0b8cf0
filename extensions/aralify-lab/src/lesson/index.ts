/** What stands around a lesson in its notebook, on working copies and nowhere else. */

import type { JupyterFrontEnd } from "@jupyterlab/application";
import type { INotebookTracker, NotebookPanel } from "@jupyterlab/notebook";
import { Menu } from "@lumino/widgets";

import { isLesson, lessonOf } from "../check.ts";
import { CHECK, isBeingChecked, SHOW } from "../commands.ts";
import { TIERS } from "../courses.tsx";
import type { Model } from "../model.ts";
import type { Opener } from "../opening.ts";
import type { Translator } from "../texts.ts";
import { LessonBar, type Actions } from "./bar.tsx";
import { addLessonCommands, ASK, hasTeacher, HINT, OPEN_TIER, RESET, RESTORE, START_RUN, tiersOf } from "./commands.ts";
import { Lesson } from "./lesson.ts";
import { markCells } from "./marks.ts";
import { goToPlace } from "./phone.ts";

export const LESSON_COMMANDS = [HINT, ASK, RESET, RESTORE];

interface Surroundings {
  app: JupyterFrontEnd;
  notebooks: INotebookTracker;
  model: Model;
  opener: Opener;
  texts: () => Translator;
}

/** Put bar and marks on every lesson that is open or opened later, and add what can be done there. */
export function addLessons({ app, notebooks, model, opener, texts }: Surroundings): void {
  const lessons = new Map<NotebookPanel, Lesson>();
  const current = (): Lesson | null => lessons.get(notebooks.currentWidget!) ?? null;
  addLessonCommands({ app, model, opener, current, texts });
  const watch = async (panel: NotebookPanel): Promise<void> => {
    await panel.context.ready;
    if (!isLesson(panel) || panel.isDisposed) {
      return;
    }
    const lesson = new Lesson(panel, model.ask);
    lessons.set(panel, lesson);
    panel.disposed.connect(() => lessons.delete(panel));
    panel.contentHeader.addWidget(barOf(lesson, { app, model, texts }));
    const mark = (): void => markCells(lesson, texts());
    lesson.changed.connect(mark);
    lesson.changed.connect(() => app.commands.notifyCommandChanged(ASK));
    panel.content.model?.cells.changed.connect(() => window.requestAnimationFrame(mark));
    void goToPlace(panel);
    await lesson.refresh();
    [CHECK, ...LESSON_COMMANDS, START_RUN].forEach(id => app.commands.notifyCommandChanged(id));
  };
  notebooks.forEach(panel => void watch(panel));
  notebooks.widgetAdded.connect((_, panel) => void watch(panel));
  model.changed.connect(() => {
    const { profile, language } = model.here ?? {};
    for (const [panel, lesson] of lessons) {
      void lesson.refresh();
      if (language && profile && lessonOf(panel)?.username === profile.username) {
        void lesson.speak(language);
      }
    }
  });
}

function barOf(lesson: Lesson, { app, model, texts }: Pick<Surroundings, "app" | "model" | "texts">): LessonBar {
  const { commands, shell } = app;
  const menu = new Menu({ commands });
  lesson.panel.disposed.connect(() => menu.dispose());
  let opened: HTMLElement | null = null;
  menu.aboutToClose.connect(() => opened?.focus());
  const actions: Actions = {
    texts,
    run: command => {
      if (shell.currentWidget !== lesson.panel) {
        shell.activateById(lesson.panel.id);
      }
      void commands.execute(command);
    },
    isBusy: command => command === CHECK && isBeingChecked(lesson.panel),
    tier: ref => {
      const here = tiersOf(model, ref).find(one => one.ref === ref);
      return here ? texts()(TIERS[here.difficulty]) : null;
    },
    chooseTier: (ref, button) => {
      const { left, bottom } = button.getBoundingClientRect();
      opened = button;
      menu.clearItems();
      tiersOf(model, ref).forEach(one => menu.addItem({ command: OPEN_TIER, args: { ref: one.ref } }));
      menu.open(left, bottom);
    }
  };
  const buttons = [
    { id: SHOW, words: (_: Translator) => _("Courses"), look: "aralify-Narrow" },
    { id: CHECK, words: (_: Translator) => _("Check"), look: "aralify-mod-first" },
    { id: HINT, words: (_: Translator) => _("Hint") },
    { id: ASK, words: (_: Translator) => _("Ask my teacher"), isFor: hasTeacher },
    { id: RESET, words: (_: Translator) => _("Reset exercise"), look: "aralify-Wide" },
    { id: RESTORE, words: (_: Translator) => _("Restore missing cells"), look: "aralify-Wide" }
  ];
  const bar = new LessonBar(lesson, actions, buttons, START_RUN);
  commands.commandChanged.connect(bar.renewButton, bar);
  return bar;
}
