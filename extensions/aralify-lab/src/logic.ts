/** What is worked out from the server's answers, without a page: no rule of the game, only which of them comes first. */

import type { Course, Lesson, Profile } from "./types.ts";

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

const MARKER = /^\ufeff?\s*(?:%%sql\s*\n\s*)?(?:#|\/\/|--)\s*exercise:\s*([\w-]+\/[\w-]+\/[\w-]+)#([\w-]{1,64})\s*(?:\n|$)/;

/** Return which exercise a cell answers, by its metadata, else by its first line; null when it answers none. */
export function exerciseOf(metadata: unknown, source: string): { lesson: string; exercise: string } | null {
  const own = (metadata ?? {}) as { role?: unknown; lesson?: unknown; exercise?: unknown };
  if (own.role === "exercise" && typeof own.lesson === "string" && typeof own.exercise === "string") {
    return { lesson: own.lesson, exercise: own.exercise };
  }
  const named = MARKER.exec(source);
  return named ? { lesson: named[1], exercise: named[2] } : null;
}
