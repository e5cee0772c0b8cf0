/** Finds courses, topics and lessons by their titles. */

import React, { useRef } from "react";

import type { Translator } from "./texts.ts";

interface Props {
  wanted: string;
  /** How many topics were found; null while nothing is looked for. */
  found: number | null;
  look: (wanted: string) => void;
  _: Translator;
}

/** The field: Escape empties it, the arrow down goes to what was found. */
export function Search({ wanted, found, look, _ }: Props): React.JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key === "Escape") {
      look("");
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      field.current?.closest("section")?.querySelector<HTMLElement>(".aralify-Course .aralify-Tier")?.focus();
    }
  };
  return (
    <>
      <div className="aralify-Field">
        <input
          ref={field}
          type="search"
          value={wanted}
          aria-label={_("Search lessons")}
          placeholder={_("Search lessons")}
          onChange={event => look(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <p role="status" className="aralify-Status">
        {found === null ? "" : found === 0 ? _("No topic has this in its title.") : _.plural("{n} topic", "{n} topics", found)}
      </p>
    </>
  );
}
