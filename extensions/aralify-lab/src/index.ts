/** Aralify in JupyterLab and Notebook: one plugin that puts everything in its place. */

import { ILabShell, ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette } from "@jupyterlab/apputils";
import { ILauncher } from "@jupyterlab/launcher";
import { INotebookTracker } from "@jupyterlab/notebook";
import { ISettingRegistry } from "@jupyterlab/settingregistry";
import { IStatusBar } from "@jupyterlab/statusbar";

import styles from "../style/base.css";
import { announce } from "./announcing.ts";
import { asking } from "./api.ts";
import { isLesson } from "./check.ts";
import { addCommands, CHECK, SHOW } from "./commands.ts";
import { takeInvitation } from "./invitation.ts";
import { addLessons, LESSON_COMMANDS } from "./lesson/index.ts";
import { keepUpToDate } from "./live.ts";
import { Model } from "./model.ts";
import { Opener } from "./opening.ts";
import { Room } from "./room.ts";
import { Sidebar } from "./sidebar.tsx";
import { XpStatus } from "./status.tsx";
import { spoken, translator, type Catalogue, type Translator } from "./texts.ts";

/** The Filipino of every text here; the build puts it in. */
declare const CATALOGUE: Catalogue;
/** The style sheet of results; so does that. An output brings its own, which JupyterLab drops where a notebook is not trusted. */
declare const RESULTS: string;

const PLUGIN = "@aralify/lab:plugin";

const plugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN,
  description: "Aralify: where you are, what is next, and what you earned.",
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ILabShell, ICommandPalette, ILauncher, IStatusBar, ILayoutRestorer, ISettingRegistry],
  activate
};

export default plugin;

function activate(
  app: JupyterFrontEnd,
  notebooks: INotebookTracker,
  labShell: ILabShell | null,
  palette: ICommandPalette | null,
  launcher: ILauncher | null,
  statusBar: IStatusBar | null,
  restorer: ILayoutRestorer | null,
  registry: ISettingRegistry | null
): void {
  addStyles();
  const model = new Model(asking(app.serviceManager.serverSettings));
  model.invitation = takeInvitation();
  const texts = (): Translator => translator(spoken(model.here?.language ?? "", navigator.language), CATALOGUE);
  const room = new Room(labShell, () => isLesson(notebooks.currentWidget));
  const opener = new Opener(app, notebooks, model, room);
  const sidebar = new Sidebar(model, {
    texts,
    chooseLanguage: language => void model.change(ask => ask("PUT", "language", { language })).catch(() => undefined),
    openLesson: ref => opener.open(ref),
    leave: labShell && (() => {
      room.giveWay();
      labShell.activateById(labShell.currentWidget?.id ?? "");
    })
  });
  app.shell.add(sidebar, "left", { rank: 50 });
  restorer?.add(sidebar, sidebar.id);
  const show = (): void => app.shell.activateById(sidebar.id);
  const showAfterAll = (): void => void window.setTimeout(show); // the palette gives the focus back to the notebook first
  addCommands({ app, notebooks, model, texts, show: showAfterAll });
  addLessons({ app, notebooks, model, opener, texts });
  for (const command of [CHECK, ...LESSON_COMMANDS, SHOW]) {
    palette?.addItem({ command, category: "Aralify" });
  }
  launcher?.add({ command: SHOW, category: "Aralify", rank: 0 });
  keepUpToDate(notebooks, model);
  announce(model, texts);
  notebooks.currentChanged.connect((_, panel) => void panel?.context.ready.then(() => room.divide()));
  void useSettings(model, registry, statusBar, new XpStatus(model, texts, show));
  void Promise.all([model.refresh(), registry?.load(PLUGIN), app.restored]).then(([, settings]) => {
    if (model.phase === "ready") {
      performance.mark("aralify:ready");
    }
    const hasPlace = labShell && !(room.isNarrow && isLesson(notebooks.currentWidget));
    if ((hasPlace && settings?.get("showAtStart").composite) || model.invitation) {
      sidebar.isQuiet = true;
      show();
    }
  });
}

async function useSettings(
  model: Model,
  registry: ISettingRegistry | null,
  bar: IStatusBar | null,
  item: XpStatus
): Promise<void> {
  const settings = await registry?.load(PLUGIN);
  const apply = (): void => {
    const hasGame = settings?.get("gameElements").composite !== false;
    document.body.classList.toggle("aralify-mod-plain", !hasGame); // for what stands in the outputs of notebooks
    model.playGame(hasGame);
  };
  apply();
  settings?.changed.connect(apply);
  bar?.registerStatusItem(PLUGIN, {
    item,
    align: "right",
    rank: 5,
    isActive: () => settings?.get("gameElements").composite !== false,
    activeStateChanged: settings?.changed
  });
}

function addStyles(): void {
  const sheet = document.createElement("style");
  sheet.textContent = RESULTS + styles;
  document.head.append(sheet);
}
