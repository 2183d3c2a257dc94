"""Runs migrations on the connection that ``drafts.migrate`` hands over, inside its transaction."""

from alembic import context
from drafts.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    compare_type=True,
    render_as_batch=connection.dialect.name == "sqlite",  # SQLite changes a table by making it anew
    transactional_ddl=True,  # on SQLite too: drafts.migrate sends BEGIN itself
)
context.run_migrations()
