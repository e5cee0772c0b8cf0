"""What Alembic runs: on the connection it is given, inside the transaction that is already open."""

from alembic import context

from aralify_kernel.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
