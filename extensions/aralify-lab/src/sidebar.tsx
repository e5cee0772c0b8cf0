/** The sidebar: who is signed in, what they earned, and their courses. */

import { ReactWidget, UseSignal } from "@jupyterlab/ui-components";
import React from "react";

import { Courses } from "./courses.tsx";
import { aralifyIcon } from "./icons.ts";
import type { Model } from "./model.ts";
import { ProfileCard } from "./profile.tsx";
import { SignIn } from "./signin.tsx";
import type { Translator } from "./texts.ts";

/** What the sidebar asks of the rest of the page. */
export interface Actions {
  texts: () => Translator;
  chooseLanguage: (language: string) => void;
  openLesson: (ref: string) => Promise<void>;
}

export class Sidebar extends ReactWidget {
  constructor(
    private readonly model: Model,
    private readonly actions: Actions
  ) {
    super();
    this.id = "aralify-sidebar";
    this.addClass("aralify-Sidebar");
    this.title.icon = aralifyIcon;
    this.title.caption = "Aralify";
    this.node.setAttribute("role", "region");
    this.node.setAttribute("aria-label", "Aralify");
  }

  protected render(): React.JSX.Element {
    return <UseSignal signal={this.model.changed}>{() => <Body model={this.model} actions={this.actions} />}</UseSignal>;
  }
}

function Body({ model, actions }: { model: Model; actions: Actions }): React.JSX.Element {
  const _ = actions.texts();
  return (
    <div className="aralify-Body" lang={_.language}>
      <LanguageSwitch _={_} choose={actions.chooseLanguage} />
      <Trouble model={model} _={_} />
      <Contents model={model} actions={actions} _={_} />
    </div>
  );
}

function Contents({ model, actions, _ }: { model: Model; actions: Actions; _: Translator }): React.JSX.Element | null {
  if (model.here === null) {
    return model.phase === "loading" ? <p role="status">{_("Loading …")}</p> : null;
  }
  if (model.here.profile === null) {
    return <SignIn model={model} server={model.here.server} _={_} />;
  }
  return (
    <>
      <ProfileCard profile={model.here.profile} model={model} _={_} />
      <Courses courses={model.courses} openLesson={actions.openLesson} _={_} />
    </>
  );
}

/** Say what is wrong and what to do. What was read before stays below it. */
function Trouble({ model, _ }: { model: Model; _: Translator }): React.JSX.Element | null {
  if (model.phase === "loading" || model.phase === "ready") {
    return null;
  }
  const reason =
    model.phase === "refused"
      ? model.reason
      : _("JupyterLab does not answer. What you wrote is kept in this page. Look whether it still runs, then try again.");
  return (
    <div role="alert" className="aralify-Notice">
      <p>{reason}</p>
      <button className="aralify-Button" onClick={() => void model.refresh()}>
        {_("Try again")}
      </button>
    </div>
  );
}

const LANGUAGES = [
  ["en", "English"],
  ["fil", "Filipino"]
];

function LanguageSwitch({ _, choose }: { _: Translator; choose: (language: string) => void }): React.JSX.Element {
  return (
    <div role="group" aria-label={_("Language")} className="aralify-Languages">
      {LANGUAGES.map(([language, name]) => (
        <button
          key={language}
          lang={language}
          className="aralify-Language"
          aria-pressed={_.language === language}
          onClick={() => choose(language)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
