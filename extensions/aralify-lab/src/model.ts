/** The one place that holds what the server said last; everything on the page is drawn from it. */

import { Signal } from "@lumino/signaling";

import { Refusal, type Ask } from "./api.ts";
import type { Course, CoursePage, Here, MyClasses } from "./types.ts";

const IN_NO_CLASS: MyClasses = { classes: [], words: [] };

export type Phase = "loading" | "ready" | "unreachable" | "refused";

export class Model {
  here: Here | null = null;
  courses: Course[] = [];
  /** The classes of whoever is signed in, and what their teachers told them. */
  mine = IN_NO_CLASS;
  /** Whether XP, levels and streaks are shown. */
  hasGame = true;
  /** The link or code of a class that somebody came with. */
  invitation = "";
  phase: Phase = "loading";
  /** Why the server refused, in the phase `refused`. */
  reason = "";
  /** How long it asked to be left alone, in the phase `refused`. */
  pauseMs = 0;
  readonly changed = new Signal<this, void>(this);
  private running: Promise<void> | null = null;
  private isStale = false;

  constructor(readonly ask: Ask) {}

  /** Read everything again. Asked for while it is being read, it is read once more after that. */
  refresh(): Promise<void> {
    this.isStale = true;
    this.running ??= this.readUntilFresh().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** Do something that changes what is shown, then read it again; throws what `work` throws. */
  async change(work: (ask: Ask) => Promise<unknown>): Promise<void> {
    try {
      await work(this.ask);
    } finally {
      await this.refresh();
    }
  }

  /** Show XP, levels and streaks, or leave them out. */
  playGame(hasGame: boolean): void {
    this.hasGame = hasGame;
    this.changed.emit();
  }

  private async readUntilFresh(): Promise<void> {
    while (this.isStale) {
      this.isStale = false;
      await this.read();
    }
    this.changed.emit();
  }

  private async read(): Promise<void> {
    try {
      const here = await this.ask<Here>("GET", "here");
      [this.courses, this.mine] = here.profile
        ? await Promise.all([this.allCourses(), this.ask<MyClasses>("GET", "memberships")])
        : [[], IN_NO_CLASS];
      this.here = here;
      this.phase = "ready";
      this.pauseMs = 0;
    } catch (error) {
      this.phase = error instanceof Refusal ? "refused" : "unreachable";
      this.reason = error instanceof Refusal ? error.message : "";
      this.pauseMs = error instanceof Refusal ? error.pauseMs : 0;
    }
  }

  private async allCourses(): Promise<Course[]> {
    const courses: Course[] = [];
    let cursor: string | null = null;
    do {
      const from: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page: CoursePage = await this.ask<CoursePage>("GET", `courses?limit=100${from}`);
      courses.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return courses;
  }
}
