"""``adref db`` and ``adref verify``."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from drafts import migrate
from drafts.desk import verify as proof
from drafts.errors import Conflict, Invalid
from drafts.store import Store
from server.cli.frame import complain, on_database, out, parsed_url, settings, unreachable
from server.paths import MIGRATIONS

app = typer.Typer(help="The database itself.", no_args_is_help=True)


@app.command("upgrade")
def upgrade() -> None:
    """Bring the database to this release; makes the SQLite file where there is none."""
    url = settings().database_url
    parsed_url(url)
    try:
        asyncio.run(migrate.upgrade(url, MIGRATIONS))
    except (SQLAlchemyError, OSError) as error:
        raise unreachable(error) from None
    out.print(f"The database is at {migrate.newest(MIGRATIONS)}.")


@app.command("current")
def current() -> None:
    """Say which revision the database is at, and which this release needs."""
    url = settings().database_url
    parsed = parsed_url(url)
    found = None
    if parsed.get_backend_name() != "sqlite" or Path(str(parsed.database)).exists():
        try:
            found = asyncio.run(migrate.current(url))
        except (SQLAlchemyError, OSError) as error:
            raise unreachable(error) from None
    out.print(f"{found or 'none'} (this release needs {migrate.newest(MIGRATIONS)})")


@app.command("backup")
def backup(file: Annotated[Path, typer.Argument(help="Where the copy goes; must not exist.")]) -> None:
    """Copy a SQLite database while it is in use. For PostgreSQL use pg_dump."""
    if file.exists():
        raise Conflict("file_exists", "{path} exists; nothing was written.", path=str(file))

    async def work(store: Store) -> None:
        try:
            await store.backup(file)
        except ValueError as error:
            raise Invalid("no_backup", "{why}", why=str(error)) from None
        except (OSError, sqlite3.Error) as error:
            raise Invalid("no_backup", "{path} cannot be written: {why}", path=str(file), why=str(error)) from None

    on_database(work)
    out.print(f"Copied to {file}.", markup=False)


def verify() -> None:
    """Recompute every hash of the logs and issued versions, and follow their chains.

    Names the first bad row of each draft and ends with 1 when there is one.
    """
    faults = on_database(proof.verify)
    for fault in faults:
        complain(str(fault))
    if faults:
        raise typer.Exit(1)
    out.print("Every row is as it was written.")
