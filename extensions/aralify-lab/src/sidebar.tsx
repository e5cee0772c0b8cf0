/** The sidebar: who is signed in, what they earned, and their courses. */

import { ReactWidget, UseSignal } from "@jupyterlab/ui-components";
import React, { useEffect, useRef, useState } from "react";

import { Classes, TeacherWords } from "./classes.tsx";
import { Continue, Courses } from "./courses.tsx";
import { PassingButton } from "./focus.tsx";
import { aralifyIcon } from "./icons.ts";
import type { Model } from "./model.ts";
import { ProfileCard } from "./profile.tsx";
import { PHONE } from "./room.ts";
import { ClassServer } from "./server.tsx";
import { SignIn } from "./signin.tsx";
import type { Translator } from "./texts.ts";
import type { Here } from "./types.ts";

/** What the sidebar asks of the rest of the page. */
export interface Actions {
  texts: () => Translator;
  chooseLanguage: (language: string) => void;
  openLesson: (ref: string) => Promise<void>;
  /** Go back to what is in the middle of the page; null where the page has a button of its own for that. */
  leave: (() => void) | null;
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
    this.node.tabIndex = -1;
    // The style sheet says how wide it is at least; what divides the page does not see that change.
    window.matchMedia(PHONE).addEventListener("change", () => this.parent?.fit());
  }

  /** Whether it comes to the front by itself the next time, and leaves the focus where it is. */
  isQuiet = false;

  /** Take the focus: the next Tab goes to the first button. */
  private readonly focus = (): void => this.node.focus();

  protected onActivateRequest(): void {
    if (!this.isQuiet) {
      this.focus();
    }
    this.isQuiet = false;
  }

  private readonly body = (): React.JSX.Element => (
    <Body model={this.model} actions={this.actions} focus={this.focus} />
  );

  protected render(): React.JSX.Element {
    return <UseSignal signal={this.model.changed}>{this.body}</UseSignal>;
  }
}

interface BodyProps {
  model: Model;
  actions: Actions;
  /** Takes the focus for the sidebar as a whole. */
  focus: () => void;
}

function Body({ model, actions, focus }: BodyProps): React.JSX.Element {
  const _ = actions.texts();
  const who = model.here?.profile?.username;
  const before = useRef(who);
  useEffect(() => {
    if (before.current !== who && document.activeElement === document.body) {
      focus(); // the button that had it went with the other person's page
    }
    before.current = who;
  }, [who]);
  return (
    <div className="aralify-Body" lang={_.language}>
      <div className="aralify-Top">
        {actions.leave && (
          <button className="aralify-Button aralify-Narrow" onClick={actions.leave}>
            {_("Back to the notebook")}
          </button>
        )}
        <LanguageSwitch _={_} choose={actions.chooseLanguage} />
      </div>
      <Trouble model={model} _={_} />
      <ServerAway model={model} _={_} />
      <Contents model={model} actions={actions} _={_} />
    </div>
  );
}

function Contents({ model, actions, _ }: { model: Model; actions: Actions; _: Translator }): React.JSX.Element | null {
  if (model.here === null) {
    return model.phase === "loading" ? <p role="status">{_("Loading …")}</p> : null;
  }
  if (model.here.profile === null) {
    return (
      <>
        {model.invitation && <p role="status">{_("Sign in first, then you can join the class.")}</p>}
        <SignIn model={model} server={model.here.server} _={_} />
        <ClassServer here={model.here} _={_} />
      </>
    );
  }
  return (
    <>
      <ProfileCard profile={model.here.profile} model={model} _={_} />
      <Learning model={model} actions={actions} _={_} />
      <ClassServer here={model.here} _={_} />
    </>
  );
}

/** What is next, what teachers said, the courses and the classes; one place says what is going on, or wrong. */
function Learning({ model, actions, _ }: { model: Model; actions: Actions; _: Translator }): React.JSX.Element {
  const [problem, explain] = useState("");
  const [isOpening, setIsOpening] = useState(false);
  const openLesson = (ref: string): void => {
    explain("");
    setIsOpening(true);
    actions
      .openLesson(ref)
      .catch((error: Error) => explain(error.message || _("That did not work. Try again.")))
      .finally(() => setIsOpening(false));
  };
  return (
    <div aria-busy={isOpening}>
      <Continue model={model} openLesson={openLesson} _={_} />
      <p role="status" className="aralify-Status">
        {isOpening && _("Opening the lesson …")}
      </p>
      {problem && (
        <p role="alert" className="aralify-Notice">
          {problem}
        </p>
      )}
      <TeacherWords model={model} openLesson={openLesson} _={_} />
      <Courses model={model} openLesson={openLesson} explain={explain} _={_} />
      <Classes model={model} _={_} />
    </div>
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
      <PassingButton heir={button => button.closest<HTMLElement>(".aralify-Sidebar")} onClick={() => void model.refresh()}>
        {_("Try again")}
      </PassingButton>
    </div>
  );
}

const NOTHING_WAITS: Here["waiting"] = { answers: 0, is_server_away: false };

/** Say what works and what waits while the class server is away; the place is there before, so that it is heard. */
function ServerAway({ model, _ }: { model: Model; _: Translator }): React.JSX.Element {
  const { answers, is_server_away } = (model.phase === "ready" && model.here?.waiting) || NOTHING_WAITS;
  return (
    <div role="status" className={answers || is_server_away ? "aralify-Notice" : "aralify-Said"}>
      {is_server_away && <p>{_("The class server does not answer. Lessons you have opened before go on working.")}</p>}
      {answers > 0 && (
        <p>
          {_.plural(
            "{n} answer is kept on this computer and sent as soon as the server is back.",
            "{n} answers are kept on this computer and sent as soon as the server is back.",
            answers
          )}
        </p>
      )}
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
