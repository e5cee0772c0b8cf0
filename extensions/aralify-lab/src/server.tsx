/** Which class server this computer belongs to, how it comes to another or to none, and what then happens to the work. */

import React from "react";

import type { Translator } from "./texts.ts";
import type { Here } from "./types.ts";

interface Props {
  here: Here;
  _: Translator;
}

/** Return the line that starts JupyterLab at a class server, on any system. */
export function startLine(server: string): string {
  return `aralify lab --server ${server}`;
}

/** Where answers go, and how that is changed. */
export function ClassServer({ here, _ }: Props): React.JSX.Element {
  const { server } = here;
  return (
    <section aria-label={_("Your class server")}>
      <h2>{_("Your class server")}</h2>
      {server ? (
        <>
          <p className="aralify-Address">{_("Your answers go to {server}. It judges them and keeps your progress.", { server })}</p>
          <p>
            <a href={server} target="_blank" rel="noreferrer">
              {_("Open its pages")}
            </a>
          </p>
        </>
      ) : (
        <p>{_("None: your answers are judged on this computer, and your progress stays here.")}</p>
      )}
      <details className="aralify-Join">
        <summary>{server ? _("Change or leave this server") : _("Go to a class server")}</summary>
        {here.is_server_fixed ? (
          <p>{_("The JupyterHub that started this has chosen the server. Ask whoever looks after it.")}</p>
        ) : (
          <Change here={here} _={_} />
        )}
      </details>
    </section>
  );
}

function Change({ here, _ }: Props): React.JSX.Element {
  return (
    <>
      <p>{_("Stop JupyterLab, then start it with this line and the address from your teacher. Aralify remembers it.")}</p>
      <p>
        <code>{startLine("https://…")}</code>
      </p>
      {here.server && (
        <>
          <p>{_("To be without a server:")}</p>
          <p>
            <code>{startLine("none")}</code>
          </p>
        </>
      )}
      <h3>{_("What happens to your work")}</h3>
      <ul className="aralify-List">{here.server ? <Leaving here={here} _={_} /> : <Coming _={_} />}</ul>
    </>
  );
}

function Leaving({ here, _ }: Props): React.JSX.Element {
  const { answers } = here.waiting;
  return (
    <>
      <li>{_("What you did at this server stays there, and is there when you come back.")}</li>
      {answers > 0 && (
        <li>
          {_.plural(
            "{n} answer has not reached it yet: it is kept here, and goes when you come back.",
            "{n} answers have not reached it yet: they are kept here, and go when you come back.",
            answers
          )}
        </li>
      )}
      <li>{_("What you did on this computer without a server is still here, as it was.")}</li>
      <li>{_("Your notebooks stay in your folder.")}</li>
    </>
  );
}

function Coming({ _ }: { _: Translator }): React.JSX.Element {
  return (
    <>
      <li>{_("What you did on this computer stays here. In a class of the server you are asked whether to bring it.")}</li>
      <li>{_("Your notebooks stay in your folder.")}</li>
    </>
  );
}
