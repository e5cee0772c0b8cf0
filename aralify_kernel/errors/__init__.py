"""Everything that can go wrong for a reason a person can mend.

::

    AralifyError
    ├── UsageError                 the call itself is wrong (exit status 2)
    │   ├── WrongKindOfAnswer      code for a quiz, or an answer for an exercise
    │   └── InvalidValue           one field has a value it cannot have
    ├── NotFound                   no such user, course, topic, lesson, exercise
    ├── AccountError
    │   └── NotSignedIn · WrongPassword · TooManyTries · NameTaken · EmailTaken · NotAllowed · SignUpClosed
    │       · InvitationInvalid · NoticeUnread
    ├── LessonError
    │   └── LevelLocked · NoTimeLimit · AnswerShown · KeyConflict · SourceRefused · UnchangedStarter
    │       · EmptyAnswer
    ├── ClassExists                a class has that name
    ├── ClassArchived · TeachesThere · NobodyToAsk · NothingToAskAbout · NoPasswordCode · RosterInvalid
    ├── CourseInvalid              every mistake of a course folder at once
    ├── NotebookInvalid            a file that is no notebook
    ├── WorkspaceUnusable          a working copy cannot be read or written
    ├── JudgeUnavailable           the grader could not judge: never the learner's fault
    │   └── JudgeBusy · IsolationTooWeak
    ├── ServerUnreachable          the class server is away
    ├── RequestError               a request to a class server that it does not take as it is
    │   └── ClientOutdated · InvalidRequest · RequestTooLarge · WrongContentType · WrongMethod · ScopeMissing
    │       · CrossSiteRequest · TooManyRequests · ServerBusy · HubUnreachable · HubSignsIn · ServerFailed
    └── StoreError
        └── DatabaseNewer · DatabaseOutdated · DatabaseReadOnly · DiskFull · DatabaseBusy · DatabaseUnusable
            · DatabaseUnreachable · CommitUnclear · CopyFailed

Each class has a stable `code` and a `message` template. `i18n.sentence` renders it in the reader's language;
`str(error)` renders it in English for logs. `details` holds the values, for JSON.
"""

from __future__ import annotations

from aralify_kernel.errors.base import N_, AralifyError
from aralify_kernel.errors.requests import (
    ClientOutdated,
    CrossSiteRequest,
    HubSignsIn,
    HubUnreachable,
    InvalidRequest,
    RequestError,
    RequestTooLarge,
    ScopeMissing,
    ServerBusy,
    ServerFailed,
    ServerUnreachable,
    TooManyRequests,
    WrongContentType,
    WrongMethod,
)
from aralify_kernel.errors.stores import (
    CommitUnclear,
    CopyFailed,
    DatabaseBusy,
    DatabaseNewer,
    DatabaseOutdated,
    DatabaseReadOnly,
    DatabaseUnreachable,
    DatabaseUnusable,
    DiskFull,
    StoreError,
)

__all__ = [
    "N_",
    "AralifyError",
    "ClassArchived",
    "ClientOutdated",
    "CommitUnclear",
    "CopyFailed",
    "CrossSiteRequest",
    "DatabaseBusy",
    "DatabaseNewer",
    "DatabaseOutdated",
    "DatabaseReadOnly",
    "DatabaseUnreachable",
    "DatabaseUnusable",
    "DiskFull",
    "HubSignsIn",
    "HubUnreachable",
    "InvalidRequest",
    "NoPasswordCode",
    "NobodyToAsk",
    "NothingToAskAbout",
    "RequestError",
    "RequestTooLarge",
    "RosterInvalid",
    "ScopeMissing",
    "ServerBusy",
    "ServerFailed",
    "ServerUnreachable",
    "StoreError",
    "TeachesThere",
    "TooManyRequests",
    "WrongContentType",
    "WrongMethod",
]
"""What comes from elsewhere in this package; the rest is below."""


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


class SignUpClosed(AccountError):
    """A class server where nobody makes an account by themselves."""

    code = "sign_up_closed"
    message = N_("Accounts are not made here. Ask your teacher, or whoever looks after Aralify here, for one.")


class InvitationInvalid(AccountError):
    """An invitation code is missing, wrong, used up or out of date; it does not say which."""

    code = "invitation_invalid"
    message = N_("This invitation code does not work. Check it letter by letter, or ask your teacher for a new one.")


class NoticeUnread(AccountError):
    """An account was asked for without agreeing to the present privacy notice."""

    code = "notice_unread"
    message = N_("Read what is kept about you and who can see it, and tick that you agree; then send this again.")


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


class TeachesThere(AralifyError):
    """Who teaches a class cannot learn in it as well: they would drop out of its teachers."""

    code = "teaches_there"
    message = N_("“{username}” teaches the class “{name}”, and cannot be its learner as well. Another account can.")


class NobodyToAsk(AralifyError):
    """A question needs a class with a teacher."""

    code = "nobody_to_ask"
    message = N_("You are in no class that takes this course, so there is no teacher to ask here.")


class NothingToAskAbout(AralifyError):
    """A question goes along with an answer."""

    code = "nothing_to_ask_about"
    message = N_("Run your code here once first; your teacher sees your question together with it.")


class NoPasswordCode(AralifyError):
    """A teacher may not let this account be given a new password."""

    code = "no_password_code"
    message = N_("There is no password code for “{username}”. {reason}")


class RosterInvalid(AralifyError):
    """Lines of a roster cannot be used; nobody was let in."""

    code = "roster_invalid"
    message = N_("Nobody was let in: {count} lines of the list cannot be used, the first is line {line}.")


class UnchangedStarter(LessonError):
    """The answer is still the starting code, of any language or version: no try."""

    code = "unchanged_starter"
    message = N_("This is still the starting code, so it is no try yet. Change it, then try again.")


class EmptyAnswer(LessonError):
    """There is nothing in the answer: no try."""

    code = "empty_answer"
    message = N_("There is no code here yet, so this is no try. Write your answer, then try again.")


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
