"""The tables. Rows never leave the store: what comes out of it are frozen values."""

from aralify_kernel.store.models.attempts import AttemptRow, LearnerEventRow
from aralify_kernel.store.models.base import Base
from aralify_kernel.store.models.classrooms import (
    ClassroomCourseRow,
    ClassroomMemberRow,
    ClassroomRow,
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
    "ClassActivityRow",
    "ClassDayRow",
    "ClassFailureRow",
    "ClassroomCourseRow",
    "ClassroomMemberRow",
    "ClassroomRow",
    "ConsentRow",
    "CourseProgressRow",
    "CourseRow",
    "CourseVersionRow",
    "DueDateExtensionRow",
    "DueDateRow",
    "ErasureRow",
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
    "UserRow",
    "UserSettingsRow",
    "XpEventRow",
]
