/** How somebody gets in: with a name, as a guest, or by making an account. */

import React, { useState } from "react";

import { Refusal, type Ask } from "./api.ts";
import type { Model } from "./model.ts";
import type { Translator } from "./texts.ts";

/** Refusals that are about one field, besides those that name it. */
const FIELDS: Record<string, string> = { name_taken: "username", email_taken: "email", wrong_password: "password" };
const SHOWN = ["display_name", "username", "password"];

/** What was wrong with what was given; `field` is empty where it is about none that is shown. */
interface Problem {
  field: string;
  words: string;
}

const NONE: Problem = { field: "", words: "" };

interface SignInProps {
  model: Model;
  /** The class server this computer belongs to; empty for none. */
  server: string;
  _: Translator;
}

export function SignIn({ model, server, _ }: SignInProps): React.JSX.Element {
  const [isNew, setIsNew] = useState(false);
  const [problem, setProblem] = useState(NONE);
  const [isBusy, setIsBusy] = useState(false);
  const enter = (work: (ask: Ask) => Promise<unknown>): void => {
    setIsBusy(true);
    setProblem(NONE);
    model
      .change(work)
      .catch((error: Error) => setProblem(problemIn(error, _)))
      .finally(() => setIsBusy(false));
  };
  const submit = (event: React.FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const [username, password] = [String(given.get("username")), String(given.get("password"))];
    const display_name = String(given.get("display_name") ?? "") || null;
    enter(ask =>
      isNew
        ? ask("POST", "accounts", { username, password, display_name, ...newHere(_.language) })
        : ask("POST", "session", { username, password: password || null })
    );
  };
  const turn = (): void => {
    setProblem(NONE);
    setIsNew(!isNew);
  };
  const at = (name: string): { name: string; problem: string } => ({ name, problem: problem.field === name ? problem.words : "" });
  return (
    <section className="aralify-SignIn" aria-label={_("Sign in")}>
      <h2>{_("Who is learning today?")}</h2>
      <form onSubmit={submit} aria-busy={isBusy}>
        {isNew && <Field {...at("display_name")} label={_("What should we call you?")} />}
        <Field {...at("username")} label={_("User name")} autoComplete="username" isRequired />
        <Field
          {...at("password")}
          type="password"
          label={server ? _("Password") : isNew ? _("Password (not needed)") : _("Password (if there is one)")}
          help={isNew ? _("8 to 128 characters. A whole sentence is fine.") : ""}
          autoComplete={isNew ? "new-password" : "current-password"}
        />
        {problem.words && !problem.field && <p role="alert">{problem.words}</p>}
        <button className="aralify-Button aralify-mod-first" disabled={isBusy}>
          {isNew ? _("Sign up") : _("Sign in")}
        </button>
      </form>
      {server ? (
        <p>
          <a href={server} target="_blank" rel="noreferrer">
            {_("New here? Make an account")}
          </a>
        </p>
      ) : (
        <button className="aralify-Button" onClick={turn}>
          {isNew ? _("I have an account") : _("I am new here")}
        </button>
      )}
      <button
        className="aralify-Button"
        disabled={isBusy}
        onClick={() => enter(ask => ask("POST", "session", { guest: true, ...zone(_.language) }))}
      >
        {_("Continue as guest")}
      </button>
    </section>
  );
}

/** Return what went wrong, and at which field; the label says what that is, so its name leaves the sentence. */
function problemIn(error: Error, _: Translator): Problem {
  const words = error.message || _("That did not work. Try again.");
  const field = error instanceof Refusal ? error.field || FIELDS[error.code] || "" : "";
  const prefix = `${field}: `;
  return SHOWN.includes(field)
    ? { field, words: words.startsWith(prefix) ? words.slice(prefix.length) : words }
    : { field: "", words };
}

function zone(language: string): { language: string; timezone: string } {
  return { language, timezone: Intl.DateTimeFormat().resolvedOptions().timeZone };
}

/** Return what an account on this computer is made with, where nobody has to admit anybody. */
function newHere(language: string): Record<string, string> {
  return { ...zone(language), notice_version: "" };
}

interface FieldProps {
  name: string;
  label: string;
  problem: string;
  help?: string;
  type?: string;
  autoComplete?: string;
  isRequired?: boolean;
}

function Field({ name, label, problem, help, type, autoComplete, isRequired }: FieldProps): React.JSX.Element {
  const [toHelp, toProblem] = [`aralify-${name}-help`, `aralify-${name}-problem`];
  const described = [help && toHelp, problem && toProblem].filter(id => id).join(" ");
  return (
    <div className="aralify-Field">
      <label htmlFor={`aralify-${name}`}>{label}</label>
      <input
        id={`aralify-${name}`}
        name={name}
        type={type ?? "text"}
        autoComplete={autoComplete}
        required={isRequired}
        aria-invalid={problem !== ""}
        aria-describedby={described || undefined}
      />
      {help && (
        <p id={toHelp} className="aralify-Small">
          {help}
        </p>
      )}
      {problem && (
        <p id={toProblem} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
