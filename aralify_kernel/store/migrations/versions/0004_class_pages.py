"""What class pages need beside the summaries: notes, questions, settings of a class, a log, codes for new passwords."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "class_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("classroom_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column(
            "act",
            sa.Enum(
                "CODE_READ",
                "LEVEL_GIVEN",
                "MORE_TIME",
                "PASSWORD_CODE",
                name="act",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("about", sa.String(length=240), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_class_acts_actor_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["classroom_id"], ["classrooms.id"], name=op.f("fk_class_acts_classroom_id_classrooms"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_class_acts_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_acts")),
    )
    with op.batch_alter_table("class_acts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_class_acts_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_class_acts_classroom_id"), ["classroom_id"], unique=False)
        batch_op.create_index("ix_class_acts_concerned", ["user_id", "id"], unique=False)

    op.create_table(
        "classroom_settings",
        sa.Column("classroom_id", sa.Integer(), nullable=False),
        sa.Column("join_code", sa.String(length=16), nullable=True),
        sa.Column(
            "counts",
            sa.Enum("BEST_EVER", "BEFORE_DUE", name="counts", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("idle_days", sa.Integer(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("idle_days BETWEEN 1 AND 365", name=op.f("ck_classroom_settings_idle_days")),
        sa.ForeignKeyConstraint(
            ["classroom_id"],
            ["classrooms.id"],
            name=op.f("fk_classroom_settings_classroom_id_classrooms"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("classroom_id", name=op.f("pk_classroom_settings")),
        sa.UniqueConstraint("join_code", name=op.f("uq_classroom_settings_join_code")),
    )
    op.create_table(
        "password_codes",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_password_codes_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_password_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_password_codes_code_hash")),
    )
    op.create_table(
        "class_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("classroom_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("activity", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_class_notes_author_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["classroom_id"], ["classrooms.id"], name=op.f("fk_class_notes_classroom_id_classrooms"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lessons.id"], name=op.f("fk_class_notes_lesson_id_lessons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_notes")),
    )
    with op.batch_alter_table("class_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_class_notes_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_class_notes_classroom_id"), ["classroom_id"], unique=False)
        batch_op.create_index(
            "ix_class_notes_group", ["lesson_id", "activity", "signature", "classroom_id"], unique=False
        )

    op.create_table(
        "help_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("activity", sa.String(length=64), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lessons.id"], name=op.f("fk_help_requests_lesson_id_lessons"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_help_requests_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_requests")),
    )
    with op.batch_alter_table("help_requests", schema=None) as batch_op:
        batch_op.create_index("ix_help_requests_asked", ["user_id", "lesson_id", "activity"], unique=False)
        batch_op.create_index(batch_op.f("ix_help_requests_lesson_id"), ["lesson_id"], unique=False)

    op.create_table(
        "help_replies",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_help_replies_author_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["help_requests.id"],
            name=op.f("fk_help_replies_request_id_help_requests"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_help_replies")),
    )
    with op.batch_alter_table("help_replies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_help_replies_author_id"), ["author_id"], unique=False)

    # In place: a copied table would lose its checks.
    op.add_column(
        "classroom_members", sa.Column("is_entrusted", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("classroom_members", "is_entrusted")

    with op.batch_alter_table("help_replies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_help_replies_author_id"))

    op.drop_table("help_replies")
    with op.batch_alter_table("help_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_help_requests_lesson_id"))
        batch_op.drop_index("ix_help_requests_asked")

    op.drop_table("help_requests")
    with op.batch_alter_table("class_notes", schema=None) as batch_op:
        batch_op.drop_index("ix_class_notes_group")
        batch_op.drop_index(batch_op.f("ix_class_notes_classroom_id"))
        batch_op.drop_index(batch_op.f("ix_class_notes_author_id"))

    op.drop_table("class_notes")
    op.drop_table("password_codes")
    op.drop_table("classroom_settings")
    with op.batch_alter_table("class_acts", schema=None) as batch_op:
        batch_op.drop_index("ix_class_acts_concerned")
        batch_op.drop_index(batch_op.f("ix_class_acts_classroom_id"))
        batch_op.drop_index(batch_op.f("ix_class_acts_actor_id"))

    op.drop_table("class_acts")
