"""Everything that can go wrong for a reason a person can mend.

::

    AralifyError
    ├── UsageError                 the call itself is wrong (exit status 2)
    │   ├── WrongKindOfAnswer      code for a quiz, or an answer for an exercise
    │   └── InvalidValue           one field has a value it cannot have
    ├── NotFound                   no such user, course, topic, lesson, exercise
    ├── AccountError
    │   └── NotSignedIn · WrongPassword · TooManyTries · NameTaken · EmailTaken · NotAllowed
    ├── LessonError
    │   └── LevelLocked · NoTimeLimit · AnswerShown · KeyConflict · SourceRefused · UnchangedStarter
    ├── ClassExists                a class has that name
    ├── ClassArchived · NobodyToAsk · NothingToAskAbout
    ├── CourseInvalid              every mistake of a course folder at once
    ├── NotebookInvalid            a file that is no notebook
    ├── WorkspaceUnusable          a working copy cannot be read or written
    ├── JudgeUnavailable           the grader could not judge: never the learner's fault
    │   └── JudgeBusy · IsolationTooWeak
    ├── RequestError               a request to a class server that it does not take as it is
    │   └── ClientOutdated · RequestTooLarge · WrongContentType · WrongMethod · ScopeMissing · TooManyRequests · ServerBusy
    └── StoreError
        └── DatabaseNewer · DatabaseOutdated · DatabaseReadOnly · DiskFull · DatabaseBusy · DatabaseUnusable
            · DatabaseUnreachable · CommitUnclear · CopyFailed

Each class has a stable `code` and a `message` template. `i18n.sentence` renders it in the reader's language;
`str(error)` renders it in English for logs. `details` holds the values, for JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a text for translation and return it as it is."""
    return message


class AralifyError(Exception):
    """A person can mend this; `sentence` in `i18n` says how, in their language."""

    code: ClassVar[str] = "error"
    message: ClassVar[str] = N_("Something went wrong.")
    exit_code: ClassVar[int] = 1

    def __init__(self, **details: Any) -> None:
        self.details = details
        super().__init__(self.render(lambda text: text, lambda texts: next(iter(texts.values()), "")))

    def render(self, translate: Callable[[str], str], choose: Callable[[Mapping[str, str]], str]) -> str:
        """Return the sentence in one language.

        The template, a `kind` (a word) and a `reason` (a template of its own) go through `translate`; of a detail that
        is one text by language, such as a title, `choose` takes one.
        """
        values = {name: choose(value) if isinstance(value, Mapping) else value for name, value in self.details.items()}
        if isinstance(values.get("reason"), str):
            values["reason"] = translate(values["reason"]).format(**values)
        if isinstance(values.get("kind"), str):
            values["kind"] = translate(values["kind"])
        return translate(self.message).format(**values)


class UsageError(AralifyError):
    """The call itself is wrong."""

    code = "usage"
    message = N_("This command was used in a way it does not understand: {reason}")
    exit_code = 2


class InvalidValue(UsageError):
    """One field has a value it cannot have; `reason` is the sentence that says what it can be."""

    code = "invalid_value"
    message = N_("{field}: {reason}")


class WrongKindOfAnswer(UsageError):
    """Code was sent to a quiz, or an answer to an exercise."""

    code = "wrong_kind_of_answer"
    message = N_("“{name}” is not answered like this: {reason}")


class NotFound(AralifyError):
    """Nothing has that name."""

    code = "not_found"
    message = N_("There is no {kind} named “{name}”.")


class AccountError(AralifyError):
    """About who somebody is and what they may do."""

    code = "account"


class NotSignedIn(AccountError):
    """The action needs somebody to be signed in."""

    code = "not_signed_in"
    message = N_("Nobody is signed in here yet. Sign in, or continue as a guest, and try again.")


class WrongPassword(AccountError):
    """User name and password do not belong together; it does not say which of the two is wrong."""

    code = "wrong_password"
    message = N_("That user name and password do not go together. Check both and try again.")


class TooManyTries(AccountError):
    """The delay after failed sign-ins has not passed yet."""

    code = "too_many_tries"
    message = N_("Too many tries in a row. Wait {seconds} seconds, then try again.")


class NameTaken(AccountError):
    """Somebody has this user name."""

    code = "name_taken"
    message = N_("“{name}” is already taken. Try “{suggestion}”, or sign in if it is yours.")


class EmailTaken(AccountError):
    """Somebody has this e-mail address."""

    code = "email_taken"
    message = N_("Another account already uses the e-mail “{email}”.")


class NotAllowed(AccountError):
    """The person's role does not permit this."""

    code = "not_allowed"
    message = N_("This needs the role {role}. Ask whoever looks after Aralify here.")


class LessonError(AralifyError):
    """About working on a lesson."""

    code = "lesson"


class LevelLocked(LessonError):
    """The topic is not open for this learner; says what opens it."""

    code = "level_locked"
    message = N_("“{title}” is still locked. It opens when you pass any lesson of “{opens_after}”.")


class NoTimeLimit(LessonError):
    """A run was asked for where a lesson has no time limit."""

    code = "no_time_limit"
    message = N_("This lesson has no time limit, so there is no clock to start.")


class AnswerShown(LessonError):
    """The answer of this quiz has been shown; it earns no more points."""

    code = "answer_shown"
    message = N_("The answer to this question has already been shown, so it earns no more points.")


class KeyConflict(LessonError):
    """The same attempt key came with other content."""

    code = "key_conflict"
    message = N_("The attempt key {attempt_key} was already used for another answer. Send this one with a new key.")


class SourceRefused(LessonError):
    """The source cannot be judged at all (too large, or no text)."""

    code = "source_refused"
    message = N_("This answer cannot be judged: {reason}")


class ClassExists(AralifyError):
    """A class has this name, or one so much like it that commands could not tell them apart."""

    code = "class_exists"
    message = N_("There is already a class “{slug}”. Give this one another name.")


class ClassArchived(AralifyError):
    """A class that has been put away is looked at, and not changed."""

    code = "class_archived"
    message = N_("The class “{name}” is archived. Bring it back before you change it.")


class NobodyToAsk(AralifyError):
    """A question needs a class with a teacher."""

    code = "nobody_to_ask"
    message = N_("You are in no class that takes this course, so there is no teacher to ask here.")


class NothingToAskAbout(AralifyError):
    """A question goes along with an answer."""

    code = "nothing_to_ask_about"
    message = N_("Run your code here once first; your teacher sees your question together with it.")


class UnchangedStarter(LessonError):
    """The answer is still the starting code, of any language or version: no try."""

    code = "unchanged_starter"
    message = N_("This is still the starting code, so it is no try yet. Change it, then try again.")


class CourseInvalid(AralifyError):
    """A course folder has mistakes; `problems` lists all of them, each with file and key."""

    code = "course_invalid"
    message = N_("Mistakes in the course in “{folder}”: {count}. Mend them, then try again.")


class NotebookInvalid(AralifyError):
    """A notebook file is no notebook."""

    code = "notebook_invalid"
    message = N_("“{path}” cannot be read as a notebook: {reason}")


class WorkspaceUnusable(AralifyError):
    """A working copy cannot be read or written, for a reason that is not a full disk (`DiskFull`)."""

    code = "workspace_unusable"
    message = N_("“{path}” cannot be used, so nothing was changed: {detail}. Check who may read and write there.")


class JudgeUnavailable(AralifyError):
    """The grader could not judge. Never the learner's fault, never an attempt."""

    code = "judge_unavailable"
    message = N_("The checks could not be run just now; your answer does not count as a try. Run the cell again.")


class JudgeBusy(JudgeUnavailable):
    """As many answers wait for the grader as it lets wait."""

    code = "judge_busy"
    message = N_("The grader is busy, so this does not count as a try. Try again in a moment.")


class IsolationTooWeak(JudgeUnavailable):
    """This machine keeps learners' code apart less well than the settings demand."""

    code = "isolation_too_weak"
    message = N_(
        "Answers are not judged here: ARALIFY_JUDGE_MIN_ISOLATION asks for “{wanted}”, and this machine offers “{offered}” "
        "at best. “aralify grade --probe” says why."
    )


class RequestError(AralifyError):
    """About a request to a class server."""

    code = "request"


class ClientOutdated(RequestError):
    """The other side speaks a revision of the interface that this server does not; `client` is what it said."""

    code = "client_outdated"
    message = N_(
        "This Aralify does not fit the class server (interface {client}; the server has {oldest} to {newest}). Update with "
        "“pip install --upgrade aralify”. Answers kept on this computer stay and are sent after that."
    )


class RequestTooLarge(RequestError):
    """The body is larger than the server takes."""

    code = "request_too_large"
    message = N_("This is too large to send: the server takes {limit} bytes at most.")


class WrongContentType(RequestError):
    """The body is not JSON, or not said to be."""

    code = "wrong_content_type"
    message = N_("The server takes JSON here. Send it with “Content-Type: application/json”.")


class WrongMethod(RequestError):
    """The address exists, but not for this method; `allowed` has those that it exists for."""

    code = "wrong_method"
    message = N_("This address cannot be used with {method}, only with {allowed}.")


class ScopeMissing(RequestError):
    """The sign-in of this request is good for less than that."""

    code = "scope_missing"
    message = N_("This sign-in does not reach that far: it would need “{scope}”. Sign in again for it.")


class TooManyRequests(RequestError):
    """More came from one person or one place than the server lets through."""

    code = "too_many_requests"
    message = N_("That was too much at once. Wait {seconds} seconds, then try again.")


class ServerBusy(RequestError):
    """As many requests wait already as the server lets wait; nothing was done."""

    code = "server_busy"
    message = N_("The class server is busy. Nothing was lost; try again in a moment.")


class StoreError(AralifyError):
    """About the database as a whole."""

    code = "store"


class DatabaseNewer(StoreError):
    """The database was written by a newer Aralify."""

    code = "database_newer"
    message = N_("This database was made by a newer Aralify (schema {revision}). Update Aralify, then try again.")


class DatabaseOutdated(StoreError):
    """The database has an older schema than this Aralify."""

    code = "database_outdated"
    message = N_("This database has an older schema. Run “aralify db upgrade”, then try again.")


class DatabaseReadOnly(StoreError):
    """The database cannot be written to."""

    code = "database_read_only"
    message = N_("The database is read-only, so nothing was saved. Check who may write to {location}.")


class DiskFull(StoreError):
    """No room on the disk."""

    code = "disk_full"
    message = N_("The disk is full, so nothing was saved. Free some space, then try again.")


class DatabaseBusy(StoreError):
    """The database stayed locked for longer than the busy time-out."""

    code = "database_busy"
    message = N_("The database is busy with other work. Nothing was lost; try again in a moment.")


class DatabaseUnusable(StoreError):
    """The database cannot be opened, or is no database."""

    code = "database_unusable"
    message = N_("The database at {location} cannot be opened: {reason}")


class DatabaseUnreachable(StoreError):
    """The database server refused the connection, or ended it."""

    code = "database_unreachable"
    message = N_("The database server at {location} cannot be reached: {detail}. Nothing was saved; try again soon.")


class CommitUnclear(StoreError):
    """The database server went away while it saved."""

    code = "commit_unclear"
    message = N_("The database server went away while saving. Look whether the last step is there; if not, repeat it.")


class CopyFailed(StoreError):
    """A backup, or another database, did not become a copy."""

    code = "copy_failed"
    message = N_("The database was not copied to {location}. {reason}")
