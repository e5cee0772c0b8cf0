/** Courses, their topics, and three buttons per topic. */

import { checkIcon, lockIcon } from "@jupyterlab/ui-components";
import React, { useState } from "react";

import { whereToContinue } from "./logic.ts";
import { Bar } from "./profile.tsx";
import { inLanguage, N_, type Translator } from "./texts.ts";
import type { Course, Lesson, Level } from "./types.ts";

export const TIERS = { 1: N_("EASY"), 2: N_("MEDIUM"), 3: N_("HARD") };

type Open = (ref: string) => Promise<void>;

export function Courses({ courses, openLesson, _ }: { courses: Course[]; openLesson: Open; _: Translator }): React.JSX.Element {
  const [problem, setProblem] = useState("");
  const [opening, setOpening] = useState("");
  const open: Open = async ref => {
    setProblem("");
    setOpening(ref);
    try {
      await openLesson(ref);
    } catch (error) {
      setProblem((error as Error).message || _("That did not work. Try again."));
    } finally {
      setOpening("");
    }
  };
  const next = whereToContinue(courses);
  return (
    <section aria-label={_("Courses")} aria-busy={opening !== ""}>
      {next && <Continue course={next.course} lesson={next.lesson} open={open} _={_} />}
      <p role="status" className="aralify-Status">
        {opening && _("Opening the lesson …")}
      </p>
      {problem && (
        <p role="alert" className="aralify-Notice">
          {problem}
        </p>
      )}
      <h2>{_("Courses")}</h2>
      {courses.length === 0 && <p>{_("There is no course here yet. Ask your teacher, or whoever set this up.")}</p>}
      {courses.map(course => (
        <CourseCard key={course.slug} course={course} isFirst={course === next?.course} open={open} _={_} />
      ))}
    </section>
  );
}

function Continue({ course, lesson, open, _ }: { course: Course; lesson: Lesson; open: Open; _: Translator }): React.JSX.Element {
  const title = inLanguage(lesson.title, _.language);
  return (
    <button className="aralify-Button aralify-mod-first aralify-Continue" onClick={() => void open(lesson.ref)}>
      {course.is_started ? _("Continue “{title}”", { title }) : _("Start “{title}”", { title })}
    </button>
  );
}

interface CourseProps {
  course: Course;
  /** Whether it is the one to continue, and therefore unfolded. */
  isFirst: boolean;
  open: Open;
  _: Translator;
}

function CourseCard({ course, isFirst, open, _ }: CourseProps): React.JSX.Element {
  const title = inLanguage(course.title, _.language);
  const percent = Math.round(course.completion_pct);
  return (
    <details className="aralify-Course" open={isFirst}>
      <summary>
        <span>{title}</span>
        <span className="aralify-Aside">{percent}%</span>
      </summary>
      <Bar percent={percent} label={title} words={_("{percent} % complete", { percent })} />
      <ol className="aralify-Levels">
        {course.levels.map(level => (
          <LevelRow key={level.slug} level={level} open={open} _={_} />
        ))}
      </ol>
    </details>
  );
}

function LevelRow({ level, open, _ }: { level: Level; open: Open; _: Translator }): React.JSX.Element {
  const title = inLanguage(level.title, _.language);
  return (
    <li className="aralify-Level">
      <div className="aralify-Row">
        <h3>{title}</h3>
        {level.is_complete && <checkIcon.react tag="span" className="aralify-Mark" title={_("Passed")} />}
        {!level.is_open && <lockIcon.react tag="span" className="aralify-Mark" title={_("Locked")} />}
      </div>
      {!level.is_open && (
        <p className="aralify-Aside">
          {level.opens_after
            ? _("Opens after “{title}”", { title: inLanguage(level.opens_after, _.language) })
            : _("Locked")}
        </p>
      )}
      <div className="aralify-Tiers">
        {level.lessons.map(lesson => (
          <Tier key={lesson.ref} lesson={lesson} isOpen={level.is_open} topic={title} open={open} _={_} />
        ))}
      </div>
    </li>
  );
}

interface TierProps {
  lesson: Lesson;
  isOpen: boolean;
  topic: string;
  open: Open;
  _: Translator;
}

function Tier({ lesson, isOpen, topic, open, _ }: TierProps): React.JSX.Element {
  const name = _(TIERS[lesson.difficulty]);
  const worth = _("{xp} XP", { xp: lesson.xp });
  const state = stateOf(lesson, isOpen, _);
  return (
    <button
      className="aralify-Tier"
      data-status={lesson.status}
      disabled={!isOpen}
      title={`${inLanguage(lesson.title, _.language)} · ${_("{n} min", { n: lesson.est_time_mins })}`}
      aria-label={[topic, name, worth, state].filter(part => part).join(", ")}
      onClick={() => void open(lesson.ref)}
    >
      <span className="aralify-TierName">{name}</span>
      <span>{worth}</span>
      {lesson.status !== "NOT_STARTED" && (
        <span className="aralify-Score">
          {lesson.status === "COMPLETED" && <checkIcon.react tag="span" className="aralify-Mark" />}
          {_("Score {score}", { score: lesson.score })}
        </span>
      )}
    </button>
  );
}

function stateOf(lesson: Lesson, isOpen: boolean, _: Translator): string {
  if (!isOpen) {
    return _("Locked");
  }
  const score = _("Score {score}", { score: lesson.score });
  return { NOT_STARTED: "", IN_PROGRESS: `${_("In progress")}, ${score}`, COMPLETED: `${_("Passed")}, ${score}` }[lesson.status];
}

/** Return what a difficulty of an open topic is called, and how far one is; of none, what choosing is for. */
export function tierWords(lesson: Lesson | undefined, _: Translator): string {
  const parts = lesson && [_(TIERS[lesson.difficulty]), stateOf(lesson, true, _)];
  return parts ? parts.filter(part => part).join(" · ") : _("Change the difficulty");
}
