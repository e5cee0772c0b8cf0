/** The rung of the ladder that was taken last. */

import { MimeModel } from "@jupyterlab/rendermime";
import React, { useEffect, useRef } from "react";

import { inLanguage, type Translator } from "../texts.ts";
import type { Lesson } from "./lesson.ts";

export function HintBox({ lesson, more, _ }: { lesson: Lesson; more: () => void; _: Translator }): React.JSX.Element {
  const { exercise, hint } = lesson.hint!;
  const words = inLanguage(hint.text, _.language);
  const title = lesson.standing?.steps.find(step => step.id === exercise)?.title ?? "";
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { rendermime } = lesson.panel.content;
    const renderer = rendermime.createRenderer("text/markdown");
    void renderer.renderModel(new MimeModel({ data: { "text/markdown": words } }));
    place.current?.replaceChildren(renderer.node);
    return () => renderer.dispose();
  }, [words]);
  return (
    <div className="aralify-Notice aralify-Hint">
      <div role="status">
        <strong>
          {_("Hint {rung}", { rung: hint.rung })}
          {hint.is_last && ` · ${_("the last one")}`}
        </strong>{" "}
        {title}
        <div ref={place} />
      </div>
      <div className="aralify-Row">
        {!hint.is_last && (
          <button className="aralify-Button" onMouseDown={event => event.preventDefault()} onClick={more}>
            {_("Next hint")}
          </button>
        )}
        <button
          className="aralify-Button"
          onMouseDown={event => event.preventDefault()}
          onClick={() => lesson.show(exercise, null)}
        >
          {_("Close")}
        </button>
      </div>
    </div>
  );
}
