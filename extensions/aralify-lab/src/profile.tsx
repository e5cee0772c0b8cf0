/** Who is signed in: level, XP, streak. */

import React, { useState } from "react";

import { wayToNextLevel } from "./logic.ts";
import type { Model } from "./model.ts";
import type { Translator } from "./texts.ts";
import type { Profile } from "./types.ts";

export function ProfileCard({ profile, model, _ }: { profile: Profile; model: Model; _: Translator }): React.JSX.Element {
  const [problem, setProblem] = useState("");
  const { percent, left } = wayToNextLevel(profile);
  const words = _("{xp} XP · {left} to Level {level}", { xp: profile.xp_total, left, level: profile.level + 1 });
  const signOut = (): void => {
    model.change(ask => ask("DELETE", "session")).catch((error: Error) => setProblem(error.message));
  };
  return (
    <section className="aralify-Profile" aria-label={_("Profile")}>
      <div className="aralify-Row">
        <span className="aralify-Avatar" aria-hidden="true">
          {[...profile.display_name][0]?.toUpperCase()}
        </span>
        <span className="aralify-Who">
          <strong>{profile.is_guest ? _("Guest") : profile.display_name}</strong>
          <span>{_("Level {level}", { level: profile.level })}</span>
        </span>
        <button className="aralify-Button" onClick={signOut}>
          {_("Sign out")}
        </button>
      </div>
      <Bar percent={percent} label={_("Way to Level {level}", { level: profile.level + 1 })} words={words} />
      <p>{words}</p>
      <p>
        {streakWords(profile, _)} · {profile.today_counts ? _("Today counts") : _("Today: not yet")}
      </p>
      {problem && <p role="alert">{problem}</p>}
    </section>
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
