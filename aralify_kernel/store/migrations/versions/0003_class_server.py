"""What a class server needs: tokens with scopes, patience by place, invitations, consent to the privacy notice."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("auth_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("scopes", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("label", sa.String(length=80), nullable=True))

    with op.batch_alter_table("login_attempts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("client", sa.String(length=64), server_default="", nullable=False))
        batch_op.drop_constraint(batch_op.f("uq_login_attempts_username"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_login_attempts_username_client"), ["username", "client"])
        batch_op.create_index(batch_op.f("ix_login_attempts_last_failed_at"), ["last_failed_at"], unique=False)

    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "USER", "MODERATOR", "ADMIN", name="invited_role", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("classroom_id", sa.Integer(), nullable=True),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("uses_left >= 0", name=op.f("ck_invitations_uses_left")),
        sa.ForeignKeyConstraint(
            ["classroom_id"], ["classrooms.id"], name=op.f("fk_invitations_classroom_id_classrooms"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["users.id"], name=op.f("fk_invitations_made_by_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_invitations_code_hash")),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_classroom_id"), ["classroom_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitations_made_by_id"), ["made_by_id"], unique=False)

    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("notice_version", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_consents_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("user_id", "notice_version", name=op.f("uq_consents_user_id_notice_version")),
    )


def downgrade() -> None:
    op.drop_table("consents")
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitations_made_by_id"))
        batch_op.drop_index(batch_op.f("ix_invitations_classroom_id"))

    op.drop_table("invitations")
    # What failed in one place or another is one name's again only when it is forgotten.
    op.execute("DELETE FROM login_attempts WHERE client <> ''")
    with op.batch_alter_table("login_attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_attempts_last_failed_at"))
        batch_op.drop_constraint(batch_op.f("uq_login_attempts_username_client"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_login_attempts_username"), ["username"])
        batch_op.drop_column("client")

    with op.batch_alter_table("auth_sessions", schema=None) as batch_op:
        batch_op.drop_column("label")
        batch_op.drop_column("scopes")
