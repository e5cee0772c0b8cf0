/** A learner's classes: what teachers told them, who sees what they do, and coming into one by a link or a code. */

import React, { useState } from "react";

import { Bringing } from "./bringing.tsx";
import { keepFocus } from "./focus.tsx";
import { invitationIn, isSameServer } from "./logic.ts";
import type { Model } from "./model.ts";
import { startLine } from "./server.tsx";
import { inLanguage, type Translator } from "./texts.ts";
import type { MyClass, TeacherWord } from "./types.ts";

interface Props {
  model: Model;
  openLesson: (ref: string) => void;
  _: Translator;
}

/** What teachers said, newest first; nothing when they said nothing. */
export function TeacherWords({ model, openLesson, _ }: Props): React.JSX.Element | null {
  if (model.mine.words.length === 0) {
    return null;
  }
  return (
    <section aria-label={_("From your teacher")}>
      <h2>{_("From your teacher")}</h2>
      <ul className="aralify-Words">
        {model.mine.words.map(word => (
          <Word key={`${word.lesson}#${word.activity} ${word.note.written_at}`} word={word} model={model} openLesson={openLesson} _={_} />
        ))}
      </ul>
    </section>
  );
}

function Word({ word, model, openLesson, _ }: Props & { word: TeacherWord }): React.JSX.Element {
  const who = word.note.author || _("Your teacher");
  const [course, topic] = word.lesson.split("/");
  const level = model.courses.find(one => one.slug === course)?.levels.find(one => one.slug === topic);
  const title = level ? inLanguage(level.title, _.language) : topic;
  return (
    <li className="aralify-Word">
      <strong>{word.is_reply ? _("{teacher} replied", { teacher: who }) : _("{teacher} wrote", { teacher: who })}</strong>
      <div ref={linksElsewhere} className="aralify-Said-by-teacher" dangerouslySetInnerHTML={{ __html: word.html }} />
      <button className="aralify-Link" onClick={() => openLesson(word.lesson)}>
        {_("Open “{title}”", { title })}
      </button>
    </li>
  );
}

/** Let what a teacher links to open beside this page, which would otherwise be gone. */
function linksElsewhere(letter: HTMLElement | null): void {
  letter?.querySelectorAll("a").forEach(link => {
    link.target = "_blank";
    link.rel = "noreferrer";
  });
}

/** The classes of a learner, and the form to join one. */
export function Classes({ model, _ }: { model: Model; _: Translator }): React.JSX.Element {
  const { classes } = model.mine;
  const [joined, setJoined] = useState("");
  return (
    <section aria-label={_("Your classes")}>
      <h2>{_("Your classes")}</h2>
      {classes.length === 0 && <p>{_("You are in no class, so no teacher sees what you do.")}</p>}
      {classes.map(one => (
        <ClassRow key={one.name} one={one} _={_} />
      ))}
      <details className="aralify-Join" open={model.invitation !== ""} onToggle={keepFocus}>
        <summary>{_("Join a class")}</summary>
        <JoinForm model={model} joined={setJoined} _={_} />
      </details>
      {classes.length > 0 && model.here?.server && (
        <Bringing key={model.here.profile?.username} server={model.here.server} model={model} _={_} />
      )}
      <p role="status" className="aralify-Status">
        {joined && _("You are in {name} now. Its teachers can see what you do in its courses.", { name: joined })}
      </p>
    </section>
  );
}

function ClassRow({ one, _ }: { one: MyClass; _: Translator }): React.JSX.Element {
  return (
    <p>
      <strong>{one.name}</strong>
      <br />
      {_("Seen by {names}", { names: one.teachers.join(", ") })}
    </p>
  );
}

function JoinForm({ model, joined, _ }: { model: Model; joined: (name: string) => void; _: Translator }): React.JSX.Element {
  const [problem, setProblem] = useState("");
  const [elsewhere, setElsewhere] = useState("");
  const submit = (event: React.FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = String(new FormData(form).get("invitation")).trim();
    const { server, code } = invitationIn(given);
    const isElsewhere = server !== "" && !isSameServer(server, model.here?.server ?? "");
    setProblem("");
    joined("");
    setElsewhere(isElsewhere ? given : "");
    if (isElsewhere) {
      return;
    }
    const join = async (): Promise<void> => {
      await model.change(async ask => {
        const { name } = await ask<MyClass>("POST", "memberships", { code });
        model.invitation = "";
        joined(name);
      });
      form.reset();
    };
    join().catch((error: Error) => setProblem(error.message || _("That did not work. Try again.")));
  };
  return (
    <form onSubmit={submit}>
      <label className="aralify-Field">
        {_("The link or the code from your teacher")}
        <input name="invitation" defaultValue={model.invitation} required autoComplete="off" maxLength={400} />
      </label>
      <p className="aralify-Small">{_("Teachers of the class will see what you do in its courses.")}</p>
      {problem && <p role="alert">{problem}</p>}
      {elsewhere && <Elsewhere link={elsewhere} _={_} />}
      <button className="aralify-Button">{_("Join")}</button>
    </form>
  );
}

/** A class of a server that this computer does not belong to yet. */
function Elsewhere({ link, _ }: { link: string; _: Translator }): React.JSX.Element {
  const { server } = invitationIn(link);
  return (
    <div role="alert" className="aralify-Notice">
      <p>{_("This class is at {server}, and this computer does not belong to that server.", { server })}</p>
      <p>
        <a href={link} target="_blank" rel="noreferrer">
          {_("Join it in your browser")}
        </a>
      </p>
      <p>{_("Then stop JupyterLab and start it with this line, so that your answers are judged there:")}</p>
      <p>
        <code>{startLine(server)}</code>
      </p>
      <p>{_("In the class you are asked whether to bring what you did on this computer.")}</p>
    </div>
  );
}
