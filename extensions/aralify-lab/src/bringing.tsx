/** "Bring your progress?": what passed on this computer goes to the class server, which judges it anew. */

import React, { useEffect, useState } from "react";

import type { Ask } from "./api.ts";
import { PassingButton } from "./focus.tsx";
import type { Model } from "./model.ts";
import type { Translator } from "./texts.ts";
import type { Bringable, Brought } from "./types.ts";

interface Props {
  /** Where it would go. */
  server: string;
  model: Model;
  _: Translator;
}

type Sum = Omit<Brought, "next">;

/** The question, asked once of whoever is in a class and passed anything here before; then how far it is. */
export function Bringing({ server, model, _ }: Props): React.JSX.Element | null {
  const answered = `aralify:brought:${server}:${model.here?.profile?.username}`;
  const [found, setFound] = useState<Bringable | null>(null);
  const [gone, setGone] = useState<number | null>(null);
  const [sum, setSum] = useState<Sum | null>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    if (!window.localStorage.getItem(answered)) {
      model.ask<Bringable>("GET", "bringing").then(setFound, () => undefined); // without an answer there is no question
    }
  }, [answered]);
  const close = (): void => {
    window.localStorage.setItem(answered, "1");
    setFound(null);
  };
  const bring = (): void => {
    setProblem("");
    setGone(0);
    model
      .change(async ask => setSum(await bringAll(ask, setGone)))
      .then(() => window.localStorage.setItem(answered, "1"))
      .catch((error: Error) => setProblem(error.message || _("That did not work. Try again.")))
      .finally(() => setGone(null));
  };
  if (!found?.answers) {
    return null;
  }
  return (
    <section aria-label={_("Bring your progress?")} aria-busy={gone !== null} className="aralify-Word" tabIndex={-1}>
      <h3>{_("Bring your progress?")}</h3>
      {sum === null && <Question found={found} _={_} />}
      <p role="status" className="aralify-Status">
        {gone !== null && _("The server judges your answers: {n} of {all} …", { n: gone, all: found.answers })}
        {sum && gone === null && <Result sum={sum} _={_} />}
      </p>
      {problem && <p role="alert">{problem}</p>}
      {gone === null && (
        <p className="aralify-Row">
          {sum === null && (
            <PassingButton heir={button => button.closest("section")} onClick={bring}>
              {_("Bring it")}
            </PassingButton>
          )}
          <PassingButton heir={wayToClass} onClick={close}>
            {sum === null ? _("Leave it here") : _("Close")}
          </PassingButton>
        </p>
      )}
    </section>
  );
}

/** What stands above the question: the way into a class. */
function wayToClass(button: HTMLElement): HTMLElement | null | undefined {
  return button.closest("section")?.parentElement?.querySelector("summary");
}

function Question({ found, _ }: { found: Bringable; _: Translator }): React.JSX.Element {
  return (
    <>
      <p>
        {_.plural("{n} answer passed on this computer.", "{n} answers passed on this computer.", found.answers)}{" "}
        {_("They are those of “{name}”.", { name: found.username ?? "" })}
      </p>
      <p className="aralify-Small">{_("The class server judges each anew. What passes there counts, and nothing else.")}</p>
    </>
  );
}

function Result({ sum, _ }: { sum: Sum; _: Translator }): React.JSX.Element {
  return (
    <>
      {_.plural("{n} answer counts in your class now.", "{n} answers count in your class now.", sum.counted)}{" "}
      {sum.kept > 0 && _.plural("{n} waits for the server.", "{n} wait for the server.", sum.kept)}{" "}
      {sum.refused > 0 && _.plural("{n} was not taken.", "{n} were not taken.", sum.refused)}
    </>
  );
}

/** Bring some after some, so that it can be seen how far it is; throws what stops it. */
async function bringAll(ask: Ask, tell: (gone: number) => void): Promise<Sum> {
  const sum: Sum = { counted: 0, kept: 0, refused: 0 };
  let start: number | null = 0;
  while (start !== null) {
    const some: Brought = await ask<Brought>("POST", "bringing", { start });
    sum.counted += some.counted;
    sum.kept += some.kept;
    sum.refused += some.refused;
    start = some.next;
    tell(start ?? 0);
  }
  return sum;
}
