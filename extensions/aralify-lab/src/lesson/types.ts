/** What the server says of a lesson whose notebook is open. */

export type State = "passed" | "progress" | "open";

export interface Step {
  id: string;
  kind: "exercise" | "quiz";
  title: string;
  state: State;
  /** The state in words. */
  words: string;
  has_hints: boolean;
  /** The author's, once the exercise is passed. */
  solution: string | null;
}

export interface Clock {
  is_running: boolean;
  /** When the server was asked; null while the clock does not run, and for who has no limit. */
  seconds_left: number | null;
  whole_secs: number;
}

export interface Standing {
  score: string;
  steps: Step[];
  dates: { words: string; is_over: boolean }[];
  clock: Clock | null;
  /** Whose notebook this is, where it is somebody else's; else empty. */
  whose: string;
  /** Whether the learner is in a class that takes the course. */
  has_teacher: boolean;
}

export interface Hint {
  rung: number;
  is_last: boolean;
  text: Record<string, string>;
}

export interface NotebookCell {
  id?: string;
  cell_type: string;
  source: string;
  metadata: Record<string, unknown>;
}

/** A cell as it should be; `at` is where it stood, null for one that was not there. */
export interface RenewedCell {
  at: number | null;
  cell: NotebookCell;
}
