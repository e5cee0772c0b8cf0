"""The operations on courses, lessons and progress: each is one method of `LearnerSession`."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from aralify_kernel.client.messages import (
    Answer,
    AnswerRequest,
    AttemptPage,
    CoursePage,
    HintRequest,
    JoinCode,
    Publication,
    QuestionToTeacher,
    RoleChange,
)
from aralify_kernel.domain.class_learning import MyClass, MyClasses
from aralify_kernel.domain.class_talk import Question
from aralify_kernel.domain.hints import Hint
from aralify_kernel.domain.kept_answers import KeptAnswer
from aralify_kernel.domain.session import (
    CourseCard,
    OpenLesson,
    Profile,
    Progress,
    QuizFeedback,
    Run,
    Submission,
    SubmitResult,
)
from aralify_kernel.errors import (
    N_,
    AnswerShown,
    EmptyAnswer,
    InvalidValue,
    JudgeBusy,
    JudgeUnavailable,
    KeyConflict,
    LevelLocked,
    NobodyToAsk,
    NotAllowed,
    NotFound,
    NothingToAskAbout,
    NoTimeLimit,
    SourceRefused,
    TeachesThere,
    UnchangedStarter,
    WrongKindOfAnswer,
)
from aralify_kernel.server.rest import pagination
from aralify_kernel.server.rest.operations import CREATED, Answered, Asked, Operation
from aralify_kernel.services import progress, sign_ins

if TYPE_CHECKING:
    from aralify_kernel.services.progress import Attempts

LESSON: Final = "/lessons/{course}/{level}/{tier}"


def _courses(asked: Asked) -> CoursePage:
    courses, given = asked.session.courses(), asked.query["cursor"]
    begin = 0
    if given is not None:
        slugs = [course.slug for course in courses]
        last = pagination.place_of(given)
        if last not in slugs:
            raise pagination.invalid(given)
        begin = slugs.index(last) + 1
    page = courses[begin : begin + asked.query["limit"]]
    is_last = not page or page[-1] is courses[-1]
    return CoursePage(page, None if is_last else pagination.cursor(page[-1].slug))


def _publish(asked: Asked) -> CourseCard:
    session, slug = asked.session, asked.path["course"]
    return session.publish_course(slug) if asked.body.is_published else session.unpublish_course(slug)


def _submit(asked: Asked) -> Answered:
    given: Answer = asked.body
    result = asked.session.submit(
        Submission(asked.lesson, given.activity, given.content, given.attempt_key, given.kind, given.client_time)
    )
    if isinstance(result, KeptAnswer):  # a class server keeps nothing; a learner's own Jupyter may
        return Answered(HTTPStatus.ACCEPTED, result)
    return Answered(HTTPStatus.OK if result.repeated else HTTPStatus.CREATED, result)


def _result(asked: Asked) -> SubmitResult:
    lesson, activity = asked.lesson, asked.path["activity"]
    result = asked.session.last_result(lesson, activity)
    if result is None:
        raise NotFound(kind=N_("result"), name=f"{lesson}#{activity[:64]}")
    return result


def _attempts(asked: Asked) -> AttemptPage:
    application, given = asked.application, asked.query["cursor"]
    before = None
    if given is not None:
        place = pagination.place_of(given)
        if not (place.isascii() and place.isdigit() and len(place) < 19):
            raise pagination.invalid(given)
        before = int(place)
    who = sign_ins.holder_of(asked.token, now=application.now())
    page: Attempts = progress.attempts_before(application.database, who, before, asked.query["limit"])
    return AttemptPage(page.items, pagination.cursor(str(page.next_before)) if page.next_before else None)


def _change_role(asked: Asked) -> Profile:
    given: RoleChange = asked.body
    if given.role is None and given.is_verified is None:
        raise InvalidValue(field="role", value="", reason=N_("Say what to change: role, is_verified, or both."))
    return asked.session.set_role(asked.path["username"], given.role, is_verified=given.is_verified)


OF_A_SESSION: Final = (
    Operation("GET", "/courses", "The courses I may see, with my progress", _courses,
              scope="read", returns=CoursePage, query=pagination.PAGE),
    Operation("GET", "/courses/{course}", "One course", lambda asked: asked.session.course(asked.path["course"]),
              scope="read", returns=CourseCard, refusals=(NotFound,)),
    Operation("POST", "/courses/{course}/start", "Begin a course; twice changes nothing",
              lambda asked: asked.session.start_course(asked.path["course"]),
              scope="submit", returns=CourseCard, refusals=(NotFound,)),
    Operation("PUT", "/courses/{course}/publication", "Show a course to learners, or hide it", _publish,
              scope="teach", body=Publication, returns=CourseCard, refusals=(NotFound, NotAllowed)),
    Operation("GET", LESSON, "A lesson with where I stand in it; records nothing",
              lambda asked: asked.session.lesson(asked.lesson),
              scope="read", returns=OpenLesson, refusals=(NotFound, LevelLocked)),
    Operation("POST", LESSON + "/open", "Open a lesson: it is in progress from now on",
              lambda asked: asked.session.open_lesson(asked.lesson),
              scope="submit", returns=OpenLesson, refusals=(NotFound, LevelLocked)),
    Operation("POST", LESSON + "/submit", "Judge an answer and record it; the same key again returns the same result",
              _submit, scope="submit", body=Answer, returns=SubmitResult,
              statuses=(HTTPStatus.CREATED, HTTPStatus.OK), judges=True,
              refusals=(NotFound, LevelLocked, KeyConflict, SourceRefused, UnchangedStarter, EmptyAnswer,
                        WrongKindOfAnswer, InvalidValue, JudgeBusy, JudgeUnavailable)),
    Operation("GET", LESSON + "/results/{activity}", "The result of my last attempt at an activity", _result,
              scope="read", returns=SubmitResult, refusals=(NotFound,)),
    Operation("POST", LESSON + "/runs", "Start the clock of a lesson with a time limit anew",
              lambda asked: asked.session.start_run(asked.lesson),
              scope="submit", returns=Run, statuses=CREATED, refusals=(NotFound, LevelLocked, NoTimeLimit)),
    Operation("POST", LESSON + "/hints", "Take the next hint to an exercise",
              lambda asked: asked.session.next_hint(asked.lesson, asked.body.exercise),
              scope="submit", body=HintRequest, returns=Hint, refusals=(NotFound, LevelLocked, WrongKindOfAnswer)),
    Operation("POST", LESSON + "/answers", "Give a quiz up and see its answer",
              lambda asked: asked.session.show_answer(asked.lesson, asked.body.quiz),
              scope="submit", body=AnswerRequest, returns=QuizFeedback,
              refusals=(NotFound, LevelLocked, AnswerShown, WrongKindOfAnswer)),
    Operation("POST", LESSON + "/questions", "Put my newest answer to an activity before my teachers, with a question",
              lambda asked: asked.session.ask_teacher(asked.lesson, asked.body.activity, asked.body.question),
              scope="submit", body=QuestionToTeacher, returns=Question, statuses=CREATED,
              refusals=(NotFound, NobodyToAsk, NothingToAskAbout, InvalidValue)),
    Operation("GET", "/memberships", "The classes I learn in, and what my teachers told me last",
              lambda asked: asked.session.my_classes(), scope="read", returns=MyClasses),
    Operation("POST", "/memberships", "Come into a class by its code; its teachers see what I do in its courses",
              lambda asked: asked.session.join_class(asked.body.code),
              scope="profile", body=JoinCode, returns=MyClass, statuses=CREATED, refusals=(NotFound, TeachesThere)),
    Operation("GET", "/progress", "Everything the progress page shows of me", lambda asked: asked.session.progress(),
              scope="read", returns=Progress),
    Operation("PATCH", "/users/{username}", "Give somebody another role, or mark them as verified", _change_role,
              scope="admin", body=RoleChange, returns=Profile, refusals=(NotFound, NotAllowed)),
)  # fmt: skip
"""Those that ask nothing but a `LearnerSession`, so that a learner's own Jupyter answers them as the class server does."""

OPERATIONS: Final = (
    *OF_A_SESSION,
    Operation("GET", "/attempts", "My attempts, newest first", _attempts,
              scope="read", returns=AttemptPage, query=pagination.PAGE, refusals=(InvalidValue,)),
)  # fmt: skip
