/** What needs no page. */

import { expect, test } from "@jest/globals";

import { answerIn, exerciseOf, invitationIn, isSameServer, news, search, wayToNextLevel, whereToContinue } from "../src/logic.ts";
import { inLanguage, spoken, translator } from "../src/texts.ts";
import type { Course, Profile, Status } from "../src/types.ts";

function course(slug: string, statuses: Status[], more: Partial<Course> = {}): Course {
  const lessons = statuses.map((status, at) => ({
    ref: `${slug}/first/${["easy", "medium", "hard"][at]}`,
    difficulty: (at + 1) as 1 | 2 | 3,
    title: { en: slug },
    xp: 50,
    est_time_mins: 10,
    status,
    score: 0
  }));
  const level = { slug: "first", title: {}, is_open: true, is_complete: statuses.includes("COMPLETED"), opens_after: null, lessons };
  const begun = { is_started: false, is_completed: false, completion_pct: 0, started_at: null };
  return { slug, title: {}, levels: [level], ...begun, ...more };
}

test("one continues in the course begun last, with the lesson in progress", () => {
  const earlier = course("earlier", ["IN_PROGRESS"], { is_started: true, started_at: "2026-01-01T00:00:00Z" });
  const later = course("later", ["NOT_STARTED", "IN_PROGRESS"], { is_started: true, started_at: "2026-02-01T00:00:00Z" });
  expect(whereToContinue([course("new", ["NOT_STARTED"]), earlier, later])?.lesson.ref).toBe("later/first/medium");
});

test("who has begun nothing begins with the easiest lesson of the first course", () => {
  expect(whereToContinue([course("new", ["NOT_STARTED", "NOT_STARTED"])])?.lesson.ref).toBe("new/first/easy");
});

test("where everything is complete, or locked, there is nothing to continue", () => {
  const locked = course("locked", ["NOT_STARTED"]);
  locked.levels[0].is_open = false;
  expect(whereToContinue([course("done", ["COMPLETED"]), locked])).toBe(null);
  expect(whereToContinue([])).toBe(null);
});

test("the way to the next level is counted from the level one is on", () => {
  const profile = { xp_total: 191, level: 2, level_xp: 100, next_level_xp: 282 } as Profile;
  expect(wayToNextLevel(profile)).toStrictEqual({ percent: 50, left: 91 });
});

for (const [what, metadata, source, found] of [
  ["its metadata", { role: "exercise", lesson: "a/b/easy", exercise: "one" }, "x = 1", "one"],
  ["its first line", undefined, "# exercise: a/b/easy#two\nx = 1", "two"],
  ["a comment of JavaScript", {}, "// exercise: a/b/easy#three", "three"],
  ["the line below %%sql", {}, "%%sql\n-- exercise: a/b/easy#four\nSELECT 1", "four"],
  ["nothing, as a check", { role: "check", lesson: "a/b/easy", exercise: "one" }, "assert x", undefined],
  ["nothing, when the line comes later", {}, "x = 1\n# exercise: a/b/easy#two", undefined]
] as const) {
  test(`a cell answers what is said by ${what}`, () => {
    expect(exerciseOf(metadata, source)?.exercise).toBe(found);
  });
}

test("an answer is what stands in a cell without the line that names the exercise", () => {
  expect(answerIn("# exercise: a/b/easy#two\nx = 1\n# exercise: no")).toBe("x = 1\n# exercise: no");
  expect(answerIn("%%sql\n-- exercise: a/b/easy#four\nSELECT 1")).toBe("SELECT 1");
  expect(answerIn("  x = 1")).toBe("  x = 1");
});

test("a text without Filipino is English, and a missing language falls back", () => {
  const _ = translator("fil", { "Level {level}": "Antas {level}", "{n} day": ["{n} araw", "{n} araw"] });
  expect(_("Level {level}", { level: 3 })).toBe("Antas 3");
  expect(_.plural("{n} day", "{n} days", 2)).toBe("2 araw");
  expect(_("{xp} XP", { xp: 5 })).toBe("5 XP");
  expect(inLanguage({ en: "Loops", fil: "" }, "fil")).toBe("Loops");
});

test("before anybody chooses, the browser's language is spoken", () => {
  expect(["fil-PH", "tl", "en-US", "de"].map(browser => spoken("", browser))).toStrictEqual(["fil", "fil", "en", "en"]);
  expect(spoken("en", "fil")).toBe("en");
});

test("a search finds topics by any title, in either language, without case and accents, and all topics of a course", () => {
  const python = course("python", ["NOT_STARTED"], { title: { en: "Python", fil: "Python" } });
  python.levels[0].title = { en: "Loops", fil: "Mga Señor na Loop" };
  const sql = course("sql", ["NOT_STARTED"], { title: { en: "SQL" } });
  const found = (wanted: string): string[] => search([python, sql], wanted).map(one => one.slug);
  expect(["LOOPS", "senor", "python loops", "sql", "pyhton"].map(found)).toStrictEqual([["python"], ["python"], ["python"], ["sql"], []]);
});

test("what is new is a level reached and topics that were locked, and never somebody else's", () => {
  const locked = course("python", ["NOT_STARTED"]);
  locked.levels[0].is_open = false;
  const [open, another] = [course("python", ["NOT_STARTED"]), course("sql", ["NOT_STARTED"])];
  const ana = (level: number): Profile => ({ username: "ana", level }) as Profile;
  const before = { profile: ana(1), courses: [locked] };
  const after = { profile: ana(2), courses: [open, another] };
  expect(news(before, after)).toStrictEqual({ level: 2, opened: [open.levels[0]] });
  expect(news(after, after)).toStrictEqual({ level: 0, opened: [] });
  const ben = { ...after, profile: { ...ana(2), username: "ben" } };
  expect([news(before, ben), news({ ...before, profile: null }, after)]).toStrictEqual(Array(2).fill({ level: 0, opened: [] }));
});

for (const [given, server, code] of [
  ["https://school.example/join?code=ABCD-EFGH", "https://school.example", "ABCD-EFGH"],
  [" http://127.0.0.1:8000/aralify/join/?lang=fil&code=ABCD%20EFGH ", "http://127.0.0.1:8000/aralify", "ABCD EFGH"],
  ["abcd efgh", "", "abcd efgh"],
  ["javascript:alert(1)/join?code=X", "", "javascript:alert(1)/join?code=X"],
  ["https://school.example/join?code=%", "https://school.example", "%"]
]) {
  test(`an invitation to a class stands in “${given}”`, () => expect(invitationIn(given)).toStrictEqual({ server, code }));
}

for (const server of ["https://evil.example/x;curl$IFS'p'|sh;", "https://evil;id;.example", "https://evil.example/$(id)", "https://evil.example/a&id"]) {
  const given = `${server}/join?code=KAWA-YAN5`;
  test(`no line to run is made of “${given}”`, () => expect(invitationIn(given)).toStrictEqual({ server: "", code: given }));
}

test("a server is the same with a slash behind it and in capitals", () => {
  expect(isSameServer("https://School.example/", "https://school.example")).toBe(true);
  expect(isSameServer("https://school.example", "")).toBe(false);
});
