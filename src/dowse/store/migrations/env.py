"""Run by Alembic: migrate the connection that `dowse.store.schema` hands over."""

from alembic import context

# The caller has begun the transaction and ends it, so that all migrations are one step.
context.configure(
    connection=context.config.attributes["connection"],
    transactional_ddl=True,
)
context.run_migrations()
