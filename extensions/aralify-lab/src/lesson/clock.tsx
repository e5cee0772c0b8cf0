/** The clock of a lesson with a time limit. It is a statement, not an alarm: said aloud at 5 minutes, at 1, and at its end. */

import React, { useEffect, useRef, useState } from "react";

import type { Translator } from "../texts.ts";
import { minutesAndSeconds, now, secondsBetween, secondsLeft, toAnnounce, type Moment } from "./logic.ts";
import type { Clock as ClockState } from "./types.ts";

interface ClockProps {
  clock: ClockState;
  /** When the server said how the clock stands. */
  askedAt: Moment;
  /** Called once when the time is over, so that the server is asked what holds now. */
  end: () => void;
  _: Translator;
}

export function Clock({ clock, askedAt, end, _ }: ClockProps): React.JSX.Element {
  const [at, setAt] = useState(now);
  const [said, setSaid] = useState("");
  const before = useRef<number | null>(null);
  const left = secondsLeft(clock, secondsBetween(askedAt, at));
  const runs = left !== null && left > 0;
  useEffect(() => {
    const timer = runs ? window.setInterval(() => setAt(now()), 250) : undefined;
    return () => window.clearInterval(timer);
  }, [runs, askedAt]);
  useEffect(() => {
    const minutes = left === null ? null : toAnnounce(before.current, left);
    before.current = left;
    if (minutes === 0) {
      setSaid(isOver(_));
      end();
    } else if (minutes !== null) {
      setSaid(minutes === 5 ? _("5 minutes left") : _("1 minute left"));
    }
  }, [left]);
  return (
    <>
      <span className="aralify-Clock">{shown(clock, left, _)}</span>
      <span role="status" className="aralify-Said">
        {said}
      </span>
    </>
  );
}

function shown(clock: ClockState, left: number | null, _: Translator): React.JSX.Element | string {
  if (!clock.is_running) {
    return _("{n} min limit", { n: Math.ceil(clock.whole_secs / 60) });
  }
  if (left === null) {
    return _("You have no time limit.");
  }
  if (left <= 0) {
    return isOver(_);
  }
  const whole = minutesAndSeconds(clock.whole_secs);
  return (
    <>
      <strong role="timer" aria-live="off" className="aralify-Timer">
        {minutesAndSeconds(left)}
      </strong>{" "}
      {_("left of {whole}", { whole })}
    </>
  );
}

function isOver(_: Translator): string {
  return _("Time is over · what you do now is kept, marked late, and earns no points");
}
