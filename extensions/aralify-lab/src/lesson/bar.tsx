/** The bar above a lesson's notebook: what can be done, and how far one is. */

import { ReactWidget, UseSignal } from "@jupyterlab/ui-components";
import { MessageLoop } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";
import React from "react";

import { HintBox } from "./hint.tsx";
import { Clock } from "./clock.tsx";
import type { Lesson } from "./lesson.ts";
import { passed } from "./logic.ts";
import type { Translator } from "../texts.ts";

/** What the bar asks of the rest of the page. */
export interface Actions {
  texts: () => Translator;
  /** Run a command as the palette would. */
  run: (command: string) => void;
  /** Whether a command is at work on this lesson, so that it does nothing more until it has done that. */
  isBusy: (command: string) => boolean;
  /** The name of this lesson's difficulty; null while it is not known, or when its topic has no other. */
  tier: (ref: string) => string | null;
  /** Let somebody choose another difficulty, below a button that has the focus again after that. */
  chooseTier: (ref: string, button: HTMLElement) => void;
}

/** A command with a button; `isFor` says for which lessons, where not for all. */
interface Offer {
  id: string;
  words: (_: Translator) => string;
  look?: string;
  isFor?: (lesson: Lesson) => boolean;
}

export class LessonBar extends ReactWidget {
  private readonly watching: ResizeObserver;

  constructor(
    private readonly lesson: Lesson,
    private readonly actions: Actions,
    private readonly commands: Offer[],
    private readonly startRun: string
  ) {
    super();
    this.addClass("aralify-LessonBar");
    this.watching = new ResizeObserver(() => this.takeRoom());
  }

  protected render(): React.JSX.Element {
    return <UseSignal signal={this.lesson.changed}>{() => this.body(this.actions.texts())}</UseSignal>;
  }

  /** Show anew whether a command is busy, where it has a button here. */
  renewButton(_: unknown, { id }: { id?: string }): void {
    if (this.commands.some(one => one.id === id)) {
      this.update();
    }
  }

  dispose(): void {
    this.watching.disconnect();
    super.dispose();
  }

  private body(_: Translator): React.JSX.Element {
    const { standing } = this.lesson;
    const offers = this.commands.filter(({ isFor }) => !isFor || isFor(this.lesson));
    return (
      <section className="aralify-LessonBody" lang={_.language} aria-label={_("This lesson")} ref={node => this.watch(node)}>
        <div className="aralify-LessonRow">
          {offers.map(({ id, words, look }) => (
            <Button key={id} command={id} look={look} isBusy={this.actions.isBusy(id)} press={() => this.actions.run(id)}>
              {words(_)}
            </Button>
          ))}
          <Tier lesson={this.lesson} actions={this.actions} _={_} />
        </div>
        {standing?.whose && (
          <p role="status" className="aralify-Whose">
            {standing.whose}
          </p>
        )}
        {standing && <Facts lesson={this.lesson} startRun={() => this.actions.run(this.startRun)} _={_} />}
        <HintBox lesson={this.lesson} more={() => this.actions.run("aralify:hint")} heir={hintButton} _={_} />
      </section>
    );
  }

  private watch(node: HTMLElement | null): void {
    if (node) {
      this.watching.observe(node);
    } else {
      this.watching.disconnect();
    }
  }

  /** As high as what is in it: a narrow window has more rows. */
  private takeRoom(): void {
    const body = this.node.firstElementChild as HTMLElement | null;
    const height = `${body?.offsetHeight ?? 0}px`;
    if (this.node.style.minHeight !== height) {
      this.node.style.minHeight = height;
      for (let above = this.parent; above; above = above.parent) {
        MessageLoop.postMessage(above, Widget.Msg.FitRequest);
      }
    }
  }
}

/** The button that takes a hint, in the bar of what is seen from. */
function hintButton(from: HTMLElement): HTMLElement | null | undefined {
  return from.closest(".aralify-LessonBody")?.querySelector<HTMLElement>("[data-command='aralify:hint']");
}

function Facts({ lesson, startRun, _ }: { lesson: Lesson; startRun: () => void; _: Translator }): React.JSX.Element {
  const { steps, score, dates, clock } = lesson.standing!;
  const title = steps.map(step => `${step.title}: ${step.words}`).join("\n");
  return (
    <div className="aralify-LessonRow aralify-Facts">
      <span title={title}>
        <strong>{_("{passed} of {all} passed", { passed: passed(steps), all: steps.length })}</strong>
      </span>
      <span>{score}</span>
      {dates.map(date => (
        <span key={date.words} className={date.is_over ? "aralify-Late" : ""}>
          {date.words}
          {date.is_over && ` · ${_("this date is over")}`}
        </span>
      ))}
      {clock && (
        <span className="aralify-LessonRow">
          <Clock clock={clock} askedAt={lesson.askedAt} end={() => void lesson.refresh()} _={_} />
          <Button press={startRun}>{clock.is_running ? _("Start a new run") : _("Start the clock")}</Button>
        </span>
      )}
    </div>
  );
}

function Tier({ lesson, actions, _ }: { lesson: Lesson; actions: Actions; _: Translator }): React.JSX.Element | null {
  const name = actions.tier(lesson.ref);
  if (name === null) {
    return null;
  }
  const open = (event: React.MouseEvent<HTMLElement>): void => actions.chooseTier(lesson.ref, event.currentTarget);
  return (
    <button className="aralify-Button aralify-TierMenu" aria-haspopup="menu" onClick={open} title={_("Change the difficulty")}>
      {name}
    </button>
  );
}

interface ButtonProps {
  /** What it runs, where that is a command. */
  command?: string;
  /** A class beside that of every button. */
  look?: string;
  /** Whether it does nothing for a while; it keeps the focus. */
  isBusy?: boolean;
  press: () => void;
  children: React.ReactNode;
}

/** A button that leaves the focus where it is when the mouse presses it: in the cell. */
function Button({ command, look, isBusy, press, children }: ButtonProps): React.JSX.Element {
  return (
    <button
      data-command={command}
      className={`aralify-Button ${look ?? ""}`}
      aria-disabled={isBusy || undefined}
      onMouseDown={event => event.preventDefault()}
      onClick={press}
    >
      {children}
    </button>
  );
}
