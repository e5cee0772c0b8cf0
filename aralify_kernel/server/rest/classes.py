"""The operations on classes: each is one method of `TeacherSession`.

Whose classes they reach is decided below them: a teacher's own, from joining until leaving, and in them only the courses
that the class takes. To everybody else a class is not there.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, TypeVar

from aralify_kernel.client import class_messages as messages
from aralify_kernel.domain.classrooms import Roster
from aralify_kernel.domain.marks import MarksFormat
from aralify_kernel.domain.references import LessonRef
from aralify_kernel.domain.rosters import MOST_BYTES
from aralify_kernel.domain.teaching import AttemptSeen, ClassCard, LearnerPage, PasswordCode
from aralify_kernel.errors import (
    N_,
    ClassArchived,
    ClassExists,
    InvalidValue,
    NoPasswordCode,
    NotAllowed,
    NotFound,
    RosterInvalid,
    TeachesThere,
)
from aralify_kernel.server.rest.operations import CLASSES, CREATED, NOTHING, Asked, Download, Operation, Parameter
from aralify_kernel.services.sign_in_file import HeldSignIn

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aralify_kernel.domain.rosters import RosterLine
    from aralify_kernel.domain.teaching import TeacherSession

T = TypeVar("T")

CLASS: Final = "/classes/{class}"
COURSE: Final = f"{CLASS}/courses/{{course}}"
TOPIC: Final = f"{CLASS}/topics/{{course}}/{{level}}"
_CHANGES: Final = (NotFound, ClassArchived)
_ROSTER_BYTES: Final = 4 * MOST_BYTES // 3 + 1_000
"""The longest file that is read as a roster, as base64 in JSON."""


def _classes(asked: Asked) -> TeacherSession:
    return asked.application.session_of(HeldSignIn(asked.token)).teaching()


def _of(asked: Asked, *names: str) -> tuple[str, ...]:
    """Return what stands in the address for the class and for these names."""
    return tuple(asked.path[name] for name in ("class", *names))


def _number(asked: Asked, name: str, kind: str) -> int:
    given = asked.path[name]
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise NotFound(kind=kind, name=given[:60])
    return int(given)


def _topic(asked: Asked) -> str:
    return f"{asked.path['course']}/{asked.path['level']}"


def _query(asked: Asked, name: str, read: Callable[[str], T], reason: str) -> T:
    """Return what `read` makes of a text behind the question mark; it raises ValueError where that is nothing."""
    given = asked.query[name] or ""
    try:
        return read(given)
    except ValueError:
        raise InvalidValue(field=name, value=given[:60], reason=reason) from None


def _failures(asked: Asked) -> messages.FailureGroups:
    lessons = [LessonRef.parse(name) for name in (asked.query["lessons"] or "").split(",") if name]
    slug, course = _of(asked, "course")
    return messages.FailureGroups(_classes(asked).failures(slug, course, lessons))


def _matrix(asked: Asked) -> messages.MatrixPage:
    slug, course = _of(asked, "course")
    return messages.MatrixPage(_classes(asked).matrix(slug, course, asked.query["page"]))


def _weeks(asked: Asked) -> messages.Weeks:
    since = _query(asked, "since", date.fromisoformat, N_("Give a date such as 2026-06-01."))
    slug, course = _of(asked, "course")
    return messages.Weeks(_classes(asked).weeks(slug, course, since))


def _answers(asked: Asked) -> messages.AnswersOf:
    return messages.AnswersOf(_classes(asked).answers(asked.path["class"], asked.lesson, asked.path["username"]))


def _attempt(asked: Asked) -> AttemptSeen:
    return _classes(asked).attempt(asked.path["class"], _number(asked, "attempt", N_("answer")))


def _write_note(asked: Asked) -> messages.NoteWritten:
    given: messages.NewNote = asked.body
    note = _classes(asked).write_note(asked.path["class"], given.lesson, given.activity, given.signature, given.text)
    return messages.NoteWritten(note)


def _withdraw_note(asked: Asked) -> None:
    _classes(asked).withdraw_note(asked.path["class"], _number(asked, "note", N_("note")))


def _reply(asked: Asked) -> None:
    number = _number(asked, "question", N_("question"))
    _classes(asked).reply(asked.path["class"], number, asked.body.text)


def _marks(asked: Asked) -> Download:
    form = _query(asked, "format", lambda given: MarksFormat(given or "csv"), N_("There is no such format."))
    slug = asked.path["class"]
    return Download(_classes(asked).marks(slug, form, asked.query["language"] or "en"), f"{slug}-{form.value}.csv")


def _new(asked: Asked) -> ClassCard:
    given: messages.NewClass = asked.body
    return _classes(asked).new_class(given.name, given.courses)


def _change(asked: Asked) -> ClassCard:
    given: messages.ClassChange = asked.body
    if given == messages.ClassChange():
        raise InvalidValue(field="counts", value="", reason=N_("Say what to change."))
    teaching, slug, card = _classes(asked), asked.path["class"], None
    if given.is_archived is False:  # first: what is put away is not changed
        card = teaching.set_archived(slug, archived=False)
    if given.counts or given.idle_days is not None or given.holds_solutions is not None:
        card = teaching.configure(
            slug, counts=given.counts, idle_days=given.idle_days, holds_solutions=given.holds_solutions
        )
    return card if card and not given.is_archived else teaching.set_archived(slug, archived=True)


def _add(asked: Asked) -> Roster:
    given: messages.NewMembers = asked.body
    return _classes(asked).add(asked.path["class"], given.usernames, given.role, given.courses)


def _preview(asked: Asked) -> messages.RosterPreview:
    lines = _classes(asked).preview_roster(asked.path["class"], asked.body.file)
    return messages.RosterPreview(_sent(asked, lines))


def _let_in(asked: Asked) -> messages.RosterDone:
    done = _classes(asked).let_in(asked.path["class"], asked.body.file)
    return messages.RosterDone(_sent(asked, done.lines), done.codes)


def _sent(asked: Asked, lines: tuple[RosterLine, ...]) -> tuple[messages.LineOfRoster, ...]:
    language = asked.session.profile().language
    return tuple(messages.sent(line, language) for line in lines)


def _extend(asked: Asked) -> None:
    _classes(asked).extend_due(asked.path["class"], _topic(asked), asked.path["username"], asked.body.due_at)


def _open(asked: Asked) -> messages.Opened:
    given: messages.Opening = asked.body
    return messages.Opened(_classes(asked).give_level(asked.path["class"], given.topic, given.username))


def _class(method: str, path: str, summary: str, call: Callable[[Asked], Any], **more: Any) -> Operation:
    """Return an operation on classes: open to programs that may teach, and to the kernels of teachers' pages."""
    return Operation(method, path, summary, call, scope="teach", or_scope=CLASSES, **more)


OPERATIONS: Final = (
    _class("GET", "/classes", "The classes that I teach; an ADMIN has them all",
           lambda asked: messages.ClassList(_classes(asked).classes()), returns=messages.ClassList),
    _class("POST", "/classes", "Make a class, and teach it", _new, body=messages.NewClass, returns=ClassCard,
           statuses=CREATED, refusals=(NotAllowed, ClassExists, NotFound)),
    _class("PATCH", CLASS, "Change what is set for a class, put it away or bring it back", _change,
           body=messages.ClassChange, returns=ClassCard, refusals=_CHANGES),
    _class("POST", CLASS + "/join_code", "Make a new code by which learners come in",
           lambda asked: _classes(asked).set_join_code(asked.path["class"], is_open=True),
           returns=ClassCard, refusals=_CHANGES),
    _class("DELETE", CLASS + "/join_code", "Let nobody in by a code",
           lambda asked: _classes(asked).set_join_code(asked.path["class"], is_open=False),
           returns=ClassCard, refusals=_CHANGES),
    _class("GET", CLASS + "/members", "Everybody who is or was in a class",
           lambda asked: _classes(asked).roster(asked.path["class"]), returns=Roster, refusals=(NotFound,)),
    _class("POST", CLASS + "/members", "Let people in, as learners or teachers, and let it take more courses", _add,
           body=messages.NewMembers, returns=Roster, refusals=(*_CHANGES, TeachesThere)),
    _class("DELETE", CLASS + "/members/{username}", "Let somebody out; what they did stays in the figures",
           lambda asked: _classes(asked).remove_member(*_of(asked, "username")), returns=Roster, refusals=_CHANGES),
    _class("POST", CLASS + "/members/{username}/password_code", "A code for a new password of a learner, for 24 hours",
           lambda asked: _classes(asked).password_code(*_of(asked, "username")),
           returns=PasswordCode, statuses=CREATED, refusals=(*_CHANGES, NoPasswordCode)),
    _class("POST", CLASS + "/roster/preview", "What each line of a CSV file would do; nothing is changed", _preview,
           body=messages.RosterFile, most_bytes=_ROSTER_BYTES, returns=messages.RosterPreview, refusals=_CHANGES),
    _class("POST", CLASS + "/roster", "Let everybody on a CSV file in, or nobody", _let_in,
           body=messages.RosterFile, most_bytes=_ROSTER_BYTES, returns=messages.RosterDone,
           refusals=(*_CHANGES, RosterInvalid)),
    _class("GET", CLASS + "/topics", "The topics of a class, and when they are due",
           lambda asked: messages.Topics(_classes(asked).topics(asked.path["class"])),
           returns=messages.Topics, refusals=(NotFound,)),
    _class("PUT", TOPIC + "/due_date", "Say when a topic is due; null takes the date away",
           lambda asked: _classes(asked).set_due(asked.path["class"], _topic(asked), asked.body.due_at),
           body=messages.DueDate, statuses=NOTHING, refusals=_CHANGES),
    _class("PUT", TOPIC + "/extensions/{username}", "Give one learner more time for a topic", _extend,
           body=messages.MoreTime, statuses=NOTHING, refusals=_CHANGES),
    _class("POST", CLASS + "/openings", "Open a topic for a class, or for one learner", _open,
           body=messages.Opening, returns=messages.Opened, refusals=_CHANGES),
    _class("GET", CLASS + "/marks", "The marks of a class, as a file", _marks, downloads="text/csv",
           query=(Parameter("format", "csv (when left out), nbgrader, canvas or moodle."),
                  Parameter("language", "Of the titles: en (when left out) or fil.")), refusals=(NotFound,)),
    _class("GET", COURSE + "/needs_help", "Whom to sit beside now, and why",
           lambda asked: messages.InNeed(_classes(asked).needs_help(*_of(asked, "course"))),
           returns=messages.InNeed, refusals=(NotFound,)),
    _class("GET", COURSE + "/failures", "How a class fails: the largest groups of equal failures", _failures,
           returns=messages.FailureGroups, refusals=(NotFound,),
           query=(Parameter("lessons", "Only these lessons (course/level/tier), separated by commas."),)),
    _class("GET", COURSE + "/matrix", "Learners by lessons, 50 to a page", _matrix,
           returns=messages.MatrixPage, refusals=(NotFound,),
           query=(Parameter("page", "Which page; the first is 0.", default=0, least=0, most=100_000),)),
    _class("GET", COURSE + "/quality", "The figures of each lesson, those to mend first",
           lambda asked: messages.Qualities(_classes(asked).quality(*_of(asked, "course"))),
           returns=messages.Qualities, refusals=(NotFound,)),
    _class("GET", COURSE + "/efforts", "Time and result of each learner who has begun the course",
           lambda asked: messages.Efforts(_classes(asked).efforts(*_of(asked, "course"))),
           returns=messages.Efforts, refusals=(NotFound,)),
    _class("GET", COURSE + "/weeks", "What a class did, week by week", _weeks,
           returns=messages.Weeks, refusals=(NotFound,),
           query=(Parameter("since", "A date in the first of the weeks, such as 2026-06-01."),)),
    _class("GET", COURSE + "/learners/{username}", "One learner of a class in one course",
           lambda asked: _classes(asked).learner(*_of(asked, "course", "username")),
           returns=LearnerPage, refusals=(NotFound,)),
    _class("GET", CLASS + "/learners/{username}/lessons/{course}/{level}/{tier}",
           "The answers of one learner in one lesson while they were in the class", _answers,
           returns=messages.AnswersOf, refusals=(NotFound,)),
    _class("GET", CLASS + "/attempts/{attempt}", "An answer with its code; its author can see that it was looked at",
           _attempt, returns=AttemptSeen, refusals=(NotFound,)),
    _class("POST", CLASS + "/notes", "Write to everybody whose answers fail in one way, now and later", _write_note,
           body=messages.NewNote, returns=messages.NoteWritten, statuses=CREATED, refusals=_CHANGES),
    _class("DELETE", CLASS + "/notes/{note}", "Let a note reach nobody any more", _withdraw_note,
           statuses=NOTHING, refusals=_CHANGES),
    _class("POST", CLASS + "/questions/{question}/reply", "Answer a learner's question", _reply,
           body=messages.ReplyToQuestion, statuses=NOTHING, refusals=_CHANGES),
)  # fmt: skip
