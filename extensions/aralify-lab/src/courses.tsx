/** Courses, their topics, and three buttons per topic. */

import { checkIcon, lockIcon } from "@jupyterlab/ui-components";
import React, { useEffect, useState } from "react";

import { search, whereToContinue } from "./logic.ts";
import type { Model } from "./model.ts";
import { Bar } from "./profile.tsx";
import { Search } from "./search.tsx";
import { inLanguage, N_, type Translator } from "./texts.ts";
import type { Course, Lesson, Level } from "./types.ts";

export const TIERS = { 1: N_("EASY"), 2: N_("MEDIUM"), 3: N_("HARD") };

/** What every part of the list is drawn with. */
interface Drawn {
  hasGame: boolean;
  open: (lesson: Lesson, level: Level) => void;
  _: Translator;
}

interface Props {
  model: Model;
  openLesson: (ref: string) => void;
  /** Says why something cannot be done, empty for nothing. */
  explain: (problem: string) => void;
  _: Translator;
}

/** The button that leads to where somebody left off. */
export function Continue({ model, openLesson, _ }: Omit<Props, "explain">): React.JSX.Element | null {
  const next = whereToContinue(model.courses);
  if (!next) {
    return null;
  }
  const { course, lesson } = next;
  const title = inLanguage(lesson.title, _.language);
  return (
    <button className="aralify-Button aralify-mod-first aralify-Continue" onClick={() => openLesson(lesson.ref)}>
      {course.is_started ? _("Continue “{title}”", { title }) : _("Start “{title}”", { title })}
      <span className="aralify-Small">
        {[inLanguage(course.title, _.language), _(TIERS[lesson.difficulty]), minutes(lesson, _)].join(" · ")}
      </span>
    </button>
  );
}

export function Courses({ model, openLesson, explain, _ }: Props): React.JSX.Element {
  const [wanted, look] = useState("");
  const isSearching = wanted.trim() !== "";
  const shown = isSearching ? search(model.courses, wanted) : model.courses;
  const found = shown.reduce((sum, course) => sum + course.levels.length, 0);
  const next = whereToContinue(model.courses)?.course.slug;
  const open = (lesson: Lesson, level: Level): void =>
    level.is_open ? openLesson(lesson.ref) : explain(whyLocked(level, _));
  return (
    <section aria-label={_("Courses")}>
      <h2>{_("Courses")}</h2>
      {model.courses.length === 0 ? (
        <p>{_("There is no course here yet. Ask your teacher, or whoever set this up.")}</p>
      ) : (
        <Search wanted={wanted} found={isSearching ? found : null} look={look} _={_} />
      )}
      {shown.map(course => (
        <CourseCard
          key={course.slug}
          course={course}
          isNext={course.slug === next}
          isFound={isSearching}
          hasGame={model.hasGame}
          open={open}
          _={_}
        />
      ))}
    </section>
  );
}

interface CourseProps extends Drawn {
  course: Course;
  /** Whether it is the one to continue, and therefore unfolded. */
  isNext: boolean;
  isFound: boolean;
}

function CourseCard({ course, isNext, isFound, ...drawn }: CourseProps): React.JSX.Element {
  const [isUnfolded, unfold] = useState(isNext);
  useEffect(() => unfold(isNext), [isNext]);
  const isOpen = isUnfolded || isFound;
  const title = inLanguage(course.title, drawn._.language);
  const percent = Math.round(course.completion_pct);
  const words = drawn._("{percent} % complete", { percent });
  const toggle = (event: React.SyntheticEvent<HTMLDetailsElement>): void => {
    if (!isFound) {
      unfold(event.currentTarget.open);
    }
  };
  return (
    <details className="aralify-Course" open={isOpen} onToggle={toggle}>
      <summary>
        <span>{title}</span>
        <span className="aralify-Number" aria-hidden="true">
          {percent}%
        </span>
        <span className="aralify-Hidden">{words}</span>
      </summary>
      {isOpen && (
        <>
          <Bar percent={percent} label={title} words={words} />
          <ol className="aralify-Levels">
            {course.levels.map(level => (
              <LevelRow key={level.slug} level={level} {...drawn} />
            ))}
          </ol>
        </>
      )}
    </details>
  );
}

function LevelRow({ level, ...drawn }: Drawn & { level: Level }): React.JSX.Element {
  const { _ } = drawn;
  return (
    <li className="aralify-Level" data-state={level.is_complete ? "complete" : level.is_open ? "open" : "locked"}>
      <div className="aralify-Row">
        <h3>{inLanguage(level.title, _.language)}</h3>
        {level.is_complete && <checkIcon.react tag="span" className="aralify-Mark" title={_("Passed")} />}
        {!level.is_open && <lockIcon.react tag="span" className="aralify-Mark" title={_("Locked")} />}
      </div>
      {!level.is_open && <p className="aralify-Small">{whyLocked(level, _)}</p>}
      <div className="aralify-Tiers">
        {level.lessons.map(lesson => (
          <Tier key={lesson.ref} lesson={lesson} level={level} {...drawn} />
        ))}
      </div>
    </li>
  );
}

function whyLocked(level: Level, _: Translator): string {
  return level.opens_after ? _("Opens after “{title}”", { title: inLanguage(level.opens_after, _.language) }) : _("Locked");
}

function Tier({ lesson, level, hasGame, open, _ }: Drawn & { lesson: Lesson; level: Level }): React.JSX.Element {
  const name = _(TIERS[lesson.difficulty]);
  const worth = hasGame ? _("{xp} XP", { xp: lesson.xp }) : "";
  const said = [inLanguage(level.title, _.language), name, worth, stateOf(lesson, level.is_open, _)];
  return (
    <button
      className="aralify-Tier"
      data-status={lesson.status}
      data-tier={lesson.difficulty}
      aria-disabled={!level.is_open}
      title={`${inLanguage(lesson.title, _.language)} · ${minutes(lesson, _)}`}
      aria-label={said.filter(part => part).join(", ")}
      onClick={() => open(lesson, level)}
    >
      <span className="aralify-TierName">{name}</span>
      {lesson.status === "NOT_STARTED" ? (
        worth && <span>{worth}</span>
      ) : (
        <span className="aralify-Score">
          {lesson.status === "COMPLETED" && <checkIcon.react tag="span" className="aralify-Mark" />}
          {_("Score {score}", { score: lesson.score })}
        </span>
      )}
      <span className="aralify-Small">{minutes(lesson, _)}</span>
    </button>
  );
}

function minutes(lesson: Lesson, _: Translator): string {
  return _("{n} min", { n: lesson.est_time_mins }).replace(" ", "\u00a0"); // never a number at the end of a line
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
