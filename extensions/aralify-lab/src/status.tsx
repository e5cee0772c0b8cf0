/** XP and streak in the status bar. */

import { TextItem } from "@jupyterlab/statusbar";
import { ReactWidget, UseSignal } from "@jupyterlab/ui-components";
import React from "react";

import type { Model } from "./model.ts";
import { streakWords } from "./profile.tsx";
import type { Translator } from "./texts.ts";

export class XpStatus extends ReactWidget {
  constructor(
    private readonly model: Model,
    private readonly texts: () => Translator,
    private readonly showCourses: () => void
  ) {
    super();
    this.addClass("aralify-XpStatus");
  }

  protected render(): React.JSX.Element {
    return <UseSignal signal={this.model.changed}>{() => this.item()}</UseSignal>;
  }

  private item(): React.JSX.Element {
    const [_, profile] = [this.texts(), this.model.here?.profile];
    const words = profile
      ? `${_("{xp} XP", { xp: profile.xp_total })} · ${streakWords(profile, _)}`
      : _("Aralify: not signed in");
    return (
      <TextItem
        source={words}
        title={_("Show my courses")}
        role="button"
        tabIndex={0}
        onClick={this.showCourses}
        onKeyDown={event => {
          if (event.key === "Enter" || event.key === " ") {
            event.preventDefault();
            this.showCourses();
          }
        }}
      />
    );
  }
}
