/** In a narrow window a lesson and what stands on its left take turns: beside each other neither can be read. */

import type { ILabShell } from "@jupyterlab/application";

/** Where there is no room for both; as in the style sheet. */
const NARROW = "(max-width: 759px)";
/** Where there is no keyboard either; as in the style sheet. */
export const PHONE = "(max-width: 480px)";

export class Room {
  private readonly narrow = window.matchMedia(NARROW);
  /** Whether the left gave way to a lesson, and nobody has opened it since. */
  private hasGivenWay = false;

  constructor(
    /** None where another shell than JupyterLab's holds the page. */
    private readonly shell: ILabShell | null,
    private readonly isLessonInFront: () => boolean
  ) {
    this.narrow.addEventListener("change", () => this.divide());
    shell?.layoutModified.connect(() => {
      this.hasGivenWay &&= shell.leftCollapsed;
    });
  }

  get isNarrow(): boolean {
    return this.narrow.matches;
  }

  /** Let what is in the middle have a narrow window for itself, until the window grows or somebody opens the left. */
  giveWay(): void {
    if (this.shell && this.isNarrow && !this.shell.leftCollapsed) {
      this.hasGivenWay = true;
      this.shell.collapseLeft();
    }
  }

  /** Give a lesson in front the window while that is narrow, and the left its place back when it no longer is. */
  divide(): void {
    if (this.isNarrow && this.isLessonInFront()) {
      this.giveWay();
    } else if (!this.isNarrow && this.hasGivenWay) {
      this.hasGivenWay = false;
      this.shell?.expandLeft();
    }
  }
}
