"""What travels between a client and the class server beside the values of `LearnerSession`: bodies and answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aralify_kernel.domain.sign_ins import BY_INVITATION

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from aralify_kernel.domain.content import Text
    from aralify_kernel.domain.facts import ActivityKind
    from aralify_kernel.domain.permissions import Role
    from aralify_kernel.domain.session import CourseCard, Profile, RecentAttempt


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Makes an account. `notice_version` is that of the notice which the person has read and accepted."""

    username: str
    password: str
    language: str
    timezone: str
    notice_version: str
    email: str | None = None
    display_name: str | None = None
    invitation: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """Begins a sign-in: with a name and its password, or as a new guest where the server admits guests.

    `scopes` are what its token is to be good for, all of a person's when left out; `label` says where it is kept.
    """

    username: str | None = None
    password: str | None = None
    guest: bool = False
    language: str = "en"
    timezone: str = "UTC"
    label: str | None = None
    scopes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new sign-in. The token is told this once."""

    token: str
    scopes: tuple[str, ...]
    expires_at: datetime
    profile: Profile


@dataclass(frozen=True, slots=True)
class CurrentSignIn:
    """Whose sign-in a request came with, and what it is good for."""

    scopes: tuple[str, ...]
    expires_at: datetime
    profile: Profile


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """The present password (None where there is none) and the new one."""

    new: str
    old: str | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """A person's wish to have everything that is held about them, with their password, where they have one."""

    password: str | None = None


@dataclass(frozen=True, slots=True)
class Erasure:
    """A person's wish that everything about them be erased, said again with name and password."""

    username: str
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """Whether learners may see a course."""

    is_published: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of a submission. `client_time` is when it was given, where it had to wait for the server."""

    activity: str
    content: str
    attempt_key: str
    kind: ActivityKind | None = None
    client_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class QuestionToTeacher:
    """A question of one sentence about one's newest answer to an activity."""

    activity: str
    question: str


@dataclass(frozen=True, slots=True)
class JoinCode:
    """The code of a class to come into, however it was typed."""

    code: str


@dataclass(frozen=True, slots=True)
class HintRequest:
    """Asks for the next hint to an exercise."""

    exercise: str


@dataclass(frozen=True, slots=True)
class AnswerRequest:
    """Gives a quiz up."""

    quiz: str


@dataclass(frozen=True, slots=True)
class RoleChange:
    """What to change about somebody's role; None leaves as it is."""

    role: Role | None = None
    is_verified: bool | None = None


@dataclass(frozen=True, slots=True)
class CoursePage:
    """Some courses, and where to go on: None when these are the last."""

    items: tuple[CourseCard, ...]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class AttemptPage:
    """Some attempts, newest first, and where to go on: None when these are the oldest."""

    items: tuple[RecentAttempt, ...]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person reads before they sign up, and how they do (`domain.sign_ins.Entrance`)."""

    version: str
    text: Text
    sign_up: str = BY_INVITATION
    guests: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request was refused: `message` is one sentence in the reader's language, `details` its values."""

    code: str
    message: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """The body of every answer that is no success."""

    error: Failure
