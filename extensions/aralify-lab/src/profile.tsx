/** Who is signed in: level, XP, streak. */

import { checkIcon } from "@jupyterlab/ui-components";
import React, { useState } from "react";

import { wayToNextLevel } from "./logic.ts";
import type { Model } from "./model.ts";
import type { Translator } from "./texts.ts";
import type { Profile } from "./types.ts";

export function ProfileCard({ profile, model, _ }: { profile: Profile; model: Model; _: Translator }): React.JSX.Element {
  const [problem, setProblem] = useState("");
  const signOut = (): void => {
    model.change(ask => ask("DELETE", "session")).catch((error: Error) => setProblem(error.message));
  };
  return (
    <section className="aralify-Profile" aria-label={_("Profile")}>
      <div className="aralify-Row">
        <span className="aralify-Avatar" aria-hidden="true">
          {[...profile.display_name][0]?.toUpperCase()}
        </span>
        <strong className="aralify-Who">{profile.is_guest ? _("Guest") : profile.display_name}</strong>
        <button className="aralify-Button" onClick={signOut}>
          {_("Sign out")}
        </button>
      </div>
      {model.hasGame && <Earned profile={profile} _={_} />}
      {model.here?.progress && (
        <p>
          <a href={model.here.progress} target="_blank" rel="noreferrer">
            {_("My progress")}
          </a>
        </p>
      )}
      {problem && <p role="alert">{problem}</p>}
    </section>
  );
}

function Earned({ profile, _ }: { profile: Profile; _: Translator }): React.JSX.Element {
  const { percent, left } = wayToNextLevel(profile);
  const words = _("{xp} XP · {left} to Level {level}", { xp: profile.xp_total, left, level: profile.level + 1 });
  return (
    <>
      <p className="aralify-Apart">
        <strong>{_("Level {level}", { level: profile.level })}</strong>
        <span className="aralify-Number">{words}</span>
      </p>
      <Bar percent={percent} label={_("Way to Level {level}", { level: profile.level + 1 })} words={words} />
      <p className="aralify-Apart">
        <strong>{streakWords(profile, _)}</strong>
        <span className={profile.today_counts ? "aralify-Done" : undefined}>
          {profile.today_counts && <checkIcon.react tag="span" className="aralify-Mark" />}
          {profile.today_counts ? _("Today counts") : _("Today: not yet")}
        </span>
      </p>
      <Week profile={profile} _={_} />
    </>
  );
}

/** Any Monday: from it the names of the days are made. */
const A_MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

function Week({ profile, _ }: { profile: Profile; _: Translator }): React.JSX.Element {
  const named = (at: number, weekday: "long" | "narrow"): string =>
    new Intl.DateTimeFormat(_.language, { weekday, timeZone: "UTC" }).format(A_MONDAY + at * DAY_MS);
  const state = (at: number): string => (profile.week[at] ? _("active") : at > profile.weekday ? _("to come") : _("not active"));
  return (
    <ol className="aralify-Week" aria-label={_("This week")}>
      {profile.week.map((isActive, at) => (
        <li key={at} data-today={at === profile.weekday} data-active={isActive} data-ahead={at > profile.weekday}>
          <span aria-hidden="true">{isActive && <checkIcon.react tag="span" className="aralify-Mark" />}</span>
          <span aria-hidden="true">{named(at, "narrow").slice(0, 1)}</span>
          <span className="aralify-Hidden">{`${named(at, "long")}: ${state(at)}`}</span>
        </li>
      ))}
    </ol>
  );
}

/** Return the streak in words. */
export function streakWords(profile: Profile, _: Translator): string {
  return _.plural("Streak: {n} day", "Streak: {n} days", profile.streak_current);
}

export function Bar({ percent, label, words }: { percent: number; label: string; words: string }): React.JSX.Element {
  return (
    <div
      className="aralify-Bar"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={words}
    >
      <div style={{ width: `${percent}%` }} />
    </div>
  );
}
