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
  /** Monday to Sunday: was the day active? */
  week: boolean[];
  /** Today's place in `week`. */
  weekday: number;
}

export interface Here {
  /** Empty when nobody has chosen one yet. */
  language: string;
  /** The address of the class server; empty when everything stays on this computer. */
  server: string;
  /** Whether a JupyterHub has chosen that server. */
  is_server_fixed: boolean;
  profile: Profile | null;
  /** What the class server has not heard of yet, and whether it does not answer. */
  waiting: { answers: number; is_server_away: boolean };
  /** The address of the page "My progress"; empty where there is none. */
  progress: string;
}

/** A class in which somebody learns; its teachers see what they do in its courses. */
export interface MyClass {
  name: string;
  courses: string[];
  teachers: string[];
}

/** What a teacher said: a reply to a question, or a note to everybody whose answers fail in the same way. */
export interface TeacherWord {
  lesson: string;
  activity: string;
  note: { author: string; written_at: string };
  /** What they wrote, made by the server, which lets no picture and no markup of theirs through. */
  html: string;
  is_reply: boolean;
}

export interface MyClasses {
  classes: MyClass[];
  words: TeacherWord[];
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
  /** For whom the result counts, in somebody else's notebook; else empty. */
  note: string;
}

/** What passed on this computer before it had a class server. */
export interface Bringable {
  username: string | null;
  answers: number;
}

/** What came of some of those answers, and where to go on; null after the last. */
export interface Brought {
  counted: number;
  kept: number;
  refused: number;
  next: number | null;
}
