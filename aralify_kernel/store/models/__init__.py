"""The tables. Rows never leave the store: what comes out of it are frozen values."""

from aralify_kernel.store.models.attempts import AttemptRow, LearnerEventRow
from aralify_kernel.store.models.base import Base
from aralify_kernel.store.models.class_talk import (
    ClassActRow,
    ClassNoteRow,
    HelpReplyRow,
    HelpRequestRow,
    PasswordCodeRow,
)
from aralify_kernel.store.models.classrooms import (
    ClassroomCourseRow,
    ClassroomMemberRow,
    ClassroomRow,
    ClassroomSettingsRow,
    DueDateExtensionRow,
    DueDateRow,
)
from aralify_kernel.store.models.courses import CourseRow, CourseVersionRow, LessonRow, LessonVersionRow, LevelRow
from aralify_kernel.store.models.progress import (
    ActivityDayRow,
    CourseProgressRow,
    LessonProgressRow,
    LevelUnlockRow,
    XpEventRow,
)
from aralify_kernel.store.models.summaries import (
    ClassActivityRow,
    ClassDayRow,
    ClassFailureRow,
    LearnerActivityRow,
    LearnerCourseRow,
    LearnerFailureRow,
)
from aralify_kernel.store.models.users import (
    AuthSessionRow,
    ConsentRow,
    ErasureRow,
    InvitationRow,
    LoginAttemptRow,
    UserRow,
    UserSettingsRow,
)

__all__ = [
    "ActivityDayRow",
    "AttemptRow",
    "AuthSessionRow",
    "Base",
    "ClassActRow",
    "ClassActivityRow",
    "ClassDayRow",
    "ClassFailureRow",
    "ClassNoteRow",
    "ClassroomCourseRow",
    "ClassroomMemberRow",
    "ClassroomRow",
    "ClassroomSettingsRow",
    "ConsentRow",
    "CourseProgressRow",
    "CourseRow",
    "CourseVersionRow",
    "DueDateExtensionRow",
    "DueDateRow",
    "ErasureRow",
    "HelpReplyRow",
    "HelpRequestRow",
    "InvitationRow",
    "LearnerActivityRow",
    "LearnerCourseRow",
    "LearnerEventRow",
    "LearnerFailureRow",
    "LessonProgressRow",
    "LessonRow",
    "LessonVersionRow",
    "LevelRow",
    "LevelUnlockRow",
    "LoginAttemptRow",
    "PasswordCodeRow",
    "UserRow",
    "UserSettingsRow",
    "XpEventRow",
]
