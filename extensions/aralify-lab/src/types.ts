/** What travels between this page and Jupyter's server: the JSON of `/aralify/api/v1/`, as far as it is shown here. */

export type Text = Record<string, string>;

export interface Profile {
  username: string;
  display_name: string;
  language: string;
  is_guest: boolean;
  xp_total: number;
  level: number;
  level_xp: number;
  next_level_xp: number;
  streak_current: number;
  today_counts: boolean;
}

export interface Here {
  /** Empty when nobody has chosen one yet. */
  language: string;
  /** The address of the class server; empty when everything stays on this computer. */
  server: string;
  profile: Profile | null;
}

export type Status = "NOT_STARTED" | "IN_PROGRESS" | "COMPLETED";

export interface Lesson {
  /** `course/level/tier`. */
  ref: string;
  /** 1, 2, 3: how hard it is. */
  difficulty: 1 | 2 | 3;
  title: Text;
  xp: number;
  est_time_mins: number;
  status: Status;
  score: number;
}

export interface Level {
  slug: string;
  title: Text;
  is_open: boolean;
  is_complete: boolean;
  opens_after: Text | null;
  lessons: Lesson[];
}

export interface Course {
  slug: string;
  title: Text;
  is_started: boolean;
  is_completed: boolean;
  completion_pct: number;
  started_at: string | null;
  levels: Level[];
}

export interface CoursePage {
  items: Course[];
  next_cursor: string | null;
}

export interface Checked {
  result: {
    judgement: { verdict: string };
    xp_awarded: number;
    level: number;
    leveled_up: boolean;
    unlocked: string[];
  } | null;
  html: string;
  text: string;
}
