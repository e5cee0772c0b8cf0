"""Classes, the summaries that their pages read, and source that need not be kept for ever."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "classrooms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classrooms")),
        sa.UniqueConstraint("slug", name=op.f("uq_classrooms_slug")),
    )
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_hash", sa.String(length=64), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("person_hash", name=op.f("uq_erasures_person_hash")),
    )
    op.create_table(
        "class_days",
        sa.Column("classroom_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("learners", sa.Integer(), nullable=False),
        sa.Column("new_in_week", sa.Integer(), nullable=False),
        sa.Column("lessons_completed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["classroom_id"], ["classrooms.id"], name=op.f("fk_class_days_classroom_id_classrooms"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_class_days_course_id_courses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("classroom_id", "course_id", "date", name=op.f("pk_class_days")),
    )
    with op.batch_alter_table("class_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_class_days_course_id"), ["course_id"], unique=False)

    op.create_table(
        "classroom_courses",
        sa.Column("classroom_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["classroom_id"],
            ["classrooms.id"],
            name=op.f("fk_classroom_courses_classroom_id_classrooms"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_classroom_courses_course_id_courses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("classroom_id", "course_id", name=op.f("pk_classroom_courses")),
    )
    with op.batch_alter_table("classroom_courses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_classroom_courses_course_id"), ["course_id"], unique=False)

    op.create_table(
        "classroom_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("classroom_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("TEACHER", "LEARNER", name="class_role", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("left_at >= joined_at", name=op.f("ck_classroom_members_left_at")),
        sa.ForeignKeyConstraint(
            ["classroom_id"],
            ["classrooms.id"],
            name=op.f("fk_classroom_members_classroom_id_classrooms"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_classroom_members_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classroom_members")),
    )
    with op.batch_alter_table("classroom_members", schema=None) as batch_op:
        batch_op.create_index(
            "ix_classroom_members_present", ["classroom_id", "role", "left_at", "user_id"], unique=False
        )
        batch_op.create_index(
            "uq_classroom_members_present",
            ["user_id", "classroom_id"],
            unique=True,
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )

    op.create_table(
        "learner_courses",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("stuck", sa.Integer(), nullable=False),
        sa.Column("lessons_completed", sa.Integer(), nullable=False),
        sa.Column("hinted_lessons", sa.Integer(), nullable=False),
        sa.Column("hinted_lesson", sa.String(length=160), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_learner_courses_course_id_courses"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_learner_courses_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "course_id", name=op.f("pk_learner_courses")),
    )
    with op.batch_alter_table("learner_courses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_learner_courses_course_id"), ["course_id"], unique=False)

    op.create_table(
        "due_date_extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("classroom_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["classroom_id"],
            ["classrooms.id"],
            name=op.f("fk_due_date_extensions_classroom_id_classrooms"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["level_id"], ["levels.id"], name=op.f("fk_due_date_extensions_level_id_levels"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_due_date_extensions_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_date_extensions")),
        sa.UniqueConstraint(
            "user_id", "classroom_id", "level_id", name=op.f("uq_due_date_extensions_user_id_classroom_id_level_id")
        ),
    )
    with op.batch_alter_table("due_date_extensions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_due_date_extensions_level_id"), ["level_id"], unique=False)

    op.create_table(
        "due_dates",
        sa.Column("classroom_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["classroom_id"], ["classrooms.id"], name=op.f("fk_due_dates_classroom_id_classrooms"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["level_id"], ["levels.id"], name=op.f("fk_due_dates_level_id_levels"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("classroom_id", "level_id", name=op.f("pk_due_dates")),
    )
    with op.batch_alter_table("due_dates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_due_dates_level_id"), ["level_id"], unique=False)

    op.create_table(
        "class_activities",
        sa.Column("classroom_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("activity", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("learners", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("passed_first_try", sa.Integer(), nullable=False),
        sa.Column("attempts_to_pass", sa.Integer(), nullable=False),
        sa.Column("hinted", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["classroom_id"],
            ["classrooms.id"],
            name=op.f("fk_class_activities_classroom_id_classrooms"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lessons.id"], name=op.f("fk_class_activities_lesson_id_lessons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("classroom_id", "lesson_id", "activity", name=op.f("pk_class_activities")),
    )
    with op.batch_alter_table("class_activities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_class_activities_lesson_id"), ["lesson_id"], unique=False)

    op.create_table(
        "class_failures",
        sa.Column("classroom_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("activity", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("learners", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["classroom_id"],
            ["classrooms.id"],
            name=op.f("fk_class_failures_classroom_id_classrooms"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lessons.id"], name=op.f("fk_class_failures_lesson_id_lessons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("classroom_id", "lesson_id", "activity", "signature", name=op.f("pk_class_failures")),
    )
    with op.batch_alter_table("class_failures", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_class_failures_classroom_id_class_failures_learners"),
            ["classroom_id", "learners"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_class_failures_lesson_id"), ["lesson_id"], unique=False)

    op.create_table(
        "learner_activities",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("activity", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("passed_at", sa.Integer(), nullable=True),
        sa.Column("failing_answers", sa.Integer(), nullable=False),
        sa.Column("failing_hashes", sa.JSON(), nullable=False),
        sa.Column("same_failure", sa.Integer(), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("hints", sa.Integer(), nullable=False),
        sa.Column("last_attempt_id", sa.Integer(), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lessons.id"], name=op.f("fk_learner_activities_lesson_id_lessons"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_learner_activities_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "lesson_id", "activity", name=op.f("pk_learner_activities")),
    )
    with op.batch_alter_table("learner_activities", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_learner_activities_lesson_id_learner_activities_activity"),
            ["lesson_id", "activity"],
            unique=False,
        )

    op.create_table(
        "learner_failures",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("activity", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_attempt_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lessons.id"], name=op.f("fk_learner_failures_lesson_id_lessons"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_learner_failures_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "lesson_id", "activity", "signature", name=op.f("pk_learner_failures")),
    )
    with op.batch_alter_table("learner_failures", schema=None) as batch_op:
        batch_op.create_index("ix_learner_failures_group", ["lesson_id", "activity", "signature", "user_id"], unique=False)

    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("content_hash", sa.String(length=32), server_default="", nullable=False))
        batch_op.create_index(
            "ix_attempts_sources",
            ["created_at"],
            unique=False,
            sqlite_where=sa.text("kind = 'EXERCISE' AND content <> ''"),
            postgresql_where=sa.text("kind = 'EXERCISE' AND content <> ''"),
        )
    _hash_contents(op.get_bind())


def _hash_contents(connection: sa.Connection) -> None:
    attempts = sa.table("attempts", sa.column("id", sa.Integer), sa.column("content"), sa.column("content_hash"))
    change = attempts.update().where(attempts.c.id == sa.bindparam("this")).values(content_hash=sa.bindparam("hash"))
    done = 0
    while True:
        some = sa.select(attempts.c.id, attempts.c.content).where(attempts.c.id > done).order_by(attempts.c.id).limit(1000)
        rows = connection.execute(some).all()
        if not rows:
            return
        hashes = [(id_, hashlib.sha256(content.encode()).hexdigest()[:32]) for id_, content in rows]
        connection.execute(change, [{"this": id_, "hash": digest} for id_, digest in hashes])
        done = rows[-1].id


def downgrade() -> None:
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_attempts_sources",
            sqlite_where=sa.text("kind = 'EXERCISE' AND content <> ''"),
            postgresql_where=sa.text("kind = 'EXERCISE' AND content <> ''"),
        )
        batch_op.drop_column("content_hash")

    with op.batch_alter_table("learner_failures", schema=None) as batch_op:
        batch_op.drop_index("ix_learner_failures_group")

    op.drop_table("learner_failures")
    with op.batch_alter_table("learner_activities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_learner_activities_lesson_id_learner_activities_activity"))

    op.drop_table("learner_activities")
    with op.batch_alter_table("class_failures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_class_failures_lesson_id"))
        batch_op.drop_index(batch_op.f("ix_class_failures_classroom_id_class_failures_learners"))

    op.drop_table("class_failures")
    with op.batch_alter_table("class_activities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_class_activities_lesson_id"))

    op.drop_table("class_activities")
    with op.batch_alter_table("due_dates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_due_dates_level_id"))

    op.drop_table("due_dates")
    with op.batch_alter_table("due_date_extensions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_due_date_extensions_level_id"))

    op.drop_table("due_date_extensions")
    with op.batch_alter_table("learner_courses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_learner_courses_course_id"))

    op.drop_table("learner_courses")
    with op.batch_alter_table("classroom_members", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_classroom_members_present",
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )
        batch_op.drop_index("ix_classroom_members_present")

    op.drop_table("classroom_members")
    with op.batch_alter_table("classroom_courses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_classroom_courses_course_id"))

    op.drop_table("classroom_courses")
    with op.batch_alter_table("class_days", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_class_days_course_id"))

    op.drop_table("class_days")
    op.drop_table("erasures")
    op.drop_table("classrooms")
