/** How somebody gets in: with a name, as a guest, or by making an account. */

import React, { useState } from "react";

import type { Ask } from "./api.ts";
import type { Model } from "./model.ts";
import type { Translator } from "./texts.ts";

interface SignInProps {
  model: Model;
  /** The class server this computer belongs to; empty for none. */
  server: string;
  _: Translator;
}

export function SignIn({ model, server, _ }: SignInProps): React.JSX.Element {
  const [isNew, setIsNew] = useState(false);
  const [problem, setProblem] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const enter = (work: (ask: Ask) => Promise<unknown>): void => {
    setIsBusy(true);
    setProblem("");
    model
      .change(work)
      .catch((error: Error) => setProblem(error.message || _("That did not work. Try again.")))
      .finally(() => setIsBusy(false));
  };
  const submit = (event: React.FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const [username, password] = [String(given.get("username")), String(given.get("password"))];
    const display_name = String(given.get("name") ?? "") || null;
    enter(ask =>
      isNew
        ? ask("POST", "accounts", { username, password, display_name, ...newHere(_.language) })
        : ask("POST", "session", { username, password: password || null })
    );
  };
  return (
    <section className="aralify-SignIn" aria-label={_("Sign in")}>
      <h2>{_("Who is learning today?")}</h2>
      <form onSubmit={submit} aria-busy={isBusy}>
        {isNew && <Field name="name" label={_("What should we call you?")} />}
        <Field name="username" label={_("User name")} autoComplete="username" isRequired />
        <Field
          name="password"
          type="password"
          label={server ? _("Password") : _("Password (if there is one)")}
          autoComplete={isNew ? "new-password" : "current-password"}
        />
        {problem && <p role="alert">{problem}</p>}
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
        <button className="aralify-Button" onClick={() => setIsNew(!isNew)}>
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
  type?: string;
  autoComplete?: string;
  isRequired?: boolean;
}

function Field({ name, label, type, autoComplete, isRequired }: FieldProps): React.JSX.Element {
  return (
    <label className="aralify-Field">
      {label}
      <input name={name} type={type ?? "text"} autoComplete={autoComplete} required={isRequired} />
    </label>
  );
}
