"""A class may hold model solutions back until a topic is due."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("classroom_settings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("holds_solutions", sa.Boolean(), server_default=sa.false(), nullable=False))
