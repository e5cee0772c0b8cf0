/** What is worked out from the server's answers, without a page: no rule of the game, only which of them comes first. */

import type { Course, Lesson, Level, Profile, Text } from "./types.ts";

/** Return the lesson of a course to go on with, as the server's own pages choose it; null when there is none. */
export function nextLesson(course: Course): Lesson | null {
  const open = course.levels.filter(level => level.is_open && !level.is_complete && level.lessons.length);
  for (const level of open) {
    const begun = level.lessons.find(lesson => lesson.status === "IN_PROGRESS");
    if (begun) {
      return begun;
    }
  }
  return open.length ? open[0].lessons[0] : null;
}

/** Return where to continue: in the course begun last that is not complete, else in the first one that has anything. */
export function whereToContinue(courses: readonly Course[]): { course: Course; lesson: Lesson } | null {
  const begun = courses.filter(course => course.is_started && !course.is_completed);
  begun.sort((one, other) => (other.started_at ?? "").localeCompare(one.started_at ?? ""));
  for (const course of [...begun, ...courses]) {
    const lesson = nextLesson(course);
    if (lesson) {
      return { course, lesson };
    }
  }
  return null;
}

/** Return how far somebody is on the way to their next level: the share in percent, and the XP that are left. */
export function wayToNextLevel(profile: Profile): { percent: number; left: number } {
  const whole = profile.next_level_xp - profile.level_xp;
  const gone = profile.xp_total - profile.level_xp;
  return { percent: whole > 0 ? Math.round((100 * gone) / whole) : 0, left: profile.next_level_xp - profile.xp_total };
}

/** Return the courses with those of their topics that a search finds; a course found by its own title has all of them. */
export function search(courses: readonly Course[], wanted: string): Course[] {
  const words = plain(wanted).split(/\s+/).filter(word => word);
  const has = (...texts: Text[]): boolean => {
    const said = plain(texts.flatMap(text => Object.values(text)).join(" "));
    return words.every(word => said.includes(word));
  };
  const found = (course: Course): Level[] => {
    const titles = (level: Level): Text[] => [course.title, level.title, ...level.lessons.map(lesson => lesson.title)];
    return has(course.title) ? course.levels : course.levels.filter(level => has(...titles(level)));
  };
  return courses.map(course => ({ ...course, levels: found(course) })).filter(course => course.levels.length);
}

/** Return a text without case and accents: who types "senor" finds "Señor". */
function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** What a page showed at one moment. */
export interface Standing {
  profile: Profile | null;
  courses: readonly Course[];
}

/** Return what is new to somebody since: the level they rose to, else 0, and the topics that opened. */
export function news(before: Standing, after: Standing): { level: number; opened: Level[] } {
  if (!before.profile || before.profile.username !== after.profile?.username) {
    return { level: 0, opened: [] };
  }
  const locked = new Set(topics(before.courses).filter(([, level]) => !level.is_open).map(([ref]) => ref));
  const opened = topics(after.courses).filter(([ref, level]) => level.is_open && locked.has(ref));
  return {
    level: after.profile.level > before.profile.level ? after.profile.level : 0,
    opened: opened.map(([, level]) => level)
  };
}

function topics(courses: readonly Course[]): [string, Level][] {
  return courses.flatMap(course => course.levels.map((level): [string, Level] => [`${course.slug}/${level.slug}`, level]));
}

/** What a shell takes for nothing but an address: somebody is asked to put it into a line and run that. */
const PLAIN_ADDRESS = /^https?:\/\/[\w.:[\]-]+[\w.~\/-]*$/;

/** Return which class a link or a bare code leads to: its code, and the address of its server (empty: it names none). */
export function invitationIn(text: string): { server: string; code: string } {
  const given = text.trim();
  const link = URL.canParse(given) ? new URL(given) : null;
  const code = link?.searchParams.get("code");
  if (!link || !code || !/^https?:$/.test(link.protocol) || !/\/join\/?$/.test(link.pathname)) {
    return { server: "", code: given };
  }
  const server = link.origin + link.pathname.replace(/\/join\/?$/, "");
  return PLAIN_ADDRESS.test(server) ? { server, code } : { server: "", code: given };
}

/** Whether two addresses are those of one server. */
export function isSameServer(one: string, other: string): boolean {
  return one.replace(/\/+$/, "").toLowerCase() === other.replace(/\/+$/, "").toLowerCase();
}

const MARKER = /^\ufeff?\s*(?:%%sql\s*\n\s*)?(?:#|\/\/|--)\s*exercise:\s*([\w-]+\/[\w-]+\/[\w-]+)#([\w-]{1,64})\s*(?:\n|$)/;

/** Return what somebody wrote in the cell of an exercise: all but the line that names it. */
export function answerIn(source: string): string {
  return source.replace(MARKER, "");
}

/** Return which exercise a cell answers, by its metadata, else by its first line; null when it answers none. */
export function exerciseOf(metadata: unknown, source: string): { lesson: string; exercise: string } | null {
  const own = (metadata ?? {}) as { role?: unknown; lesson?: unknown; exercise?: unknown };
  if (own.role === "exercise" && typeof own.lesson === "string" && typeof own.exercise === "string") {
    return { lesson: own.lesson, exercise: own.exercise };
  }
  const named = MARKER.exec(source);
  return named ? { lesson: named[1], exercise: named[2] } : null;
}
