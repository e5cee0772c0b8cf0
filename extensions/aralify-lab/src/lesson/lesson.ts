/** One open lesson: whose notebook it is, where its learner stands, and what is shown of it at the moment. */

import type { NotebookPanel } from "@jupyterlab/notebook";
import { Signal } from "@lumino/signaling";

import { exerciseIn, lessonOf } from "../check.ts";
import { Refusal, type Ask } from "../api.ts";
import { renewOutputs, speak } from "./cells.ts";
import { now } from "./logic.ts";
import type { Hint, Standing, Step } from "./types.ts";

export class Lesson {
  standing: Standing | null = null;
  /** When `standing` was asked for. */
  askedAt = now();
  /** The hint that is shown, and for which exercise. */
  hint: { exercise: string; hint: Hint } | null = null;
  readonly changed = new Signal<this, void>(this);
  /** How often the standing was asked for, and which of these questions it answers. */
  private questions = 0;
  private answered = 0;
  private isTranslating = false;
  private wanted = "";
  private areOutputsOld = false;
  private isRenewing = false;
  readonly ref: string;
  private readonly owner: string;

  constructor(
    readonly panel: NotebookPanel,
    private readonly ask: Ask
  ) {
    this.ref = lessonOf(panel)?.lesson ?? "";
    this.owner = encodeURIComponent(lessonOf(panel)?.username ?? "");
  }

  /** Read where the learner stands. While nobody answers, what was read last is shown, and its clock goes on. */
  async refresh(): Promise<void> {
    const askedAt = now();
    const question = ++this.questions;
    let standing: Standing | null | undefined;
    try {
      standing = await this.ask<Standing>("GET", `lessons/${this.ref}/standing?owner=${this.owner}`);
    } catch (error) {
      standing = error instanceof Refusal ? null : undefined;
    }
    if (standing !== undefined && question > this.answered) {
      this.answered = question; // an answer that comes after one to a later question is past
      this.standing = standing;
      this.askedAt = askedAt;
    }
    if (this.standing?.steps.find(step => step.id === this.hint?.exercise)?.state === "passed") {
      this.hint = null;
    }
    this.changed.emit();
  }

  /** Let the notebook speak a language, unless it does; tried again at the next change while the server is away. */
  async speak(language: string): Promise<void> {
    this.wanted = language;
    if (this.isTranslating) {
      return; // what is wanted now comes after what was
    }
    this.isTranslating = true;
    try {
      while (this.language() !== this.wanted) {
        await speak(this.wanted, this.panel, this.ref, this.ask);
        void this.renewOutputs();
      }
    } catch {
      // The words stay as they are.
    } finally {
      this.isTranslating = false;
    }
  }

  /** Not waited for: a kernel that is busy for long must not keep the text in the other language. */
  private async renewOutputs(): Promise<void> {
    this.areOutputsOld = true;
    if (this.isRenewing) {
      return;
    }
    this.isRenewing = true;
    try {
      while (this.areOutputsOld) {
        this.areOutputsOld = false;
        await renewOutputs(this.panel);
      }
    } catch {
      // They stay as they are.
    } finally {
      this.isRenewing = false;
    }
  }

  private language(): string | undefined {
    return (this.panel.model?.getMetadata("aralify") as { lang?: string } | undefined)?.lang;
  }

  /** The exercise of the cell in front; null when it answers none of this lesson. */
  inFront(): string | null {
    const cell = this.panel.content.activeCell;
    const found = cell?.model.type === "code" ? exerciseIn(cell.model) : null;
    return found?.lesson === this.ref ? found.exercise : null;
  }

  /** Of these steps the one in front; where the cell in front answers nothing, the one tried, else the first not passed. */
  inWork(steps: Step[]): Step | undefined {
    const left = steps.filter(step => step.state !== "passed");
    const front = this.inFront();
    return front === null ? left.find(step => step.state === "progress") ?? left[0] : steps.find(step => step.id === front);
  }

  show(exercise: string, hint: Hint | null): void {
    this.hint = hint && { exercise, hint };
    this.changed.emit();
  }
}
