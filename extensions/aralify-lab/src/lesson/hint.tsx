/** The rung of the ladder that was taken last. */

import { MimeModel } from "@jupyterlab/rendermime";
import React, { useEffect, useRef } from "react";

import { PassingButton } from "../focus.tsx";
import { inLanguage, type Translator } from "../texts.ts";
import type { Lesson } from "./lesson.ts";
import type { Hint } from "./types.ts";

interface Props {
  lesson: Lesson;
  /** Take the next one. */
  more: () => void;
  /** Where the focus goes when the box is closed, seen from what is in it. */
  heir: (button: HTMLElement) => HTMLElement | null | undefined;
  _: Translator;
}

/** A place that is there before it has anything to say: what comes into it is heard. */
export function HintBox({ lesson, more, heir, _ }: Props): React.JSX.Element {
  const shown = lesson.hint;
  return (
    <div className={shown ? "aralify-Notice aralify-Hint" : "aralify-Said"}>
      <div role="status">{shown && <Rung {...shown} lesson={lesson} _={_} />}</div>
      {shown && (
        <div className="aralify-Row">
          {!shown.hint.is_last && (
            <PassingButton heir={button => button.nextElementSibling as HTMLElement} onMouseDown={stay} onClick={more}>
              {_("Next hint")}
            </PassingButton>
          )}
          <PassingButton heir={heir} onMouseDown={stay} onClick={() => lesson.show(shown.exercise, null)}>
            {_("Close")}
          </PassingButton>
        </div>
      )}
    </div>
  );
}

/** Pressed by the mouse, a button leaves the focus where it is. */
function stay(event: React.MouseEvent): void {
  event.preventDefault();
}

interface RungProps {
  exercise: string;
  hint: Hint;
  lesson: Lesson;
  _: Translator;
}

function Rung({ exercise, hint, lesson, _ }: RungProps): React.JSX.Element {
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
    <>
      <strong>
        {_("Hint {rung}", { rung: hint.rung })}
        {hint.is_last && ` · ${_("the last one")}`}
      </strong>{" "}
      {title}
      <div ref={place} />
    </>
  );
}
