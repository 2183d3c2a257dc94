"""Migrations of the database, run by the program itself (``adref db upgrade``, ``make run``), always in one
transaction: a migration that fails leaves the database as it was, on SQLite too.

``folder`` is alembic's script location (the server knows where it lies). Two processes that start together do not
migrate twice: SQLite's BEGIN IMMEDIATE or an advisory lock of PostgreSQL lets the second wait and find nothing to do.
"""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeVar

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from alembic import command
from drafts.store.engine import database_url, is_sqlite, sqlite_engine, turn
from drafts.tables import metadata

T = TypeVar("T")
_LOCK = 0x61647265  # "adre": the key of PostgreSQL's advisory lock, the same for every Adref of a database


async def upgrade(url: str, folder: Path, to: str = "head") -> None:
    """Bring the database of ``url`` to revision ``to``; makes the SQLite file where there is none."""
    await _with_connection(url, lambda connection: command.upgrade(_config(folder, connection), to))


async def downgrade(url: str, folder: Path, to: str) -> None:
    """Take the database back to revision ``to`` (``base``: empty)."""
    await _with_connection(url, lambda connection: command.downgrade(_config(folder, connection), to))


async def current(url: str) -> str | None:
    """The revision that the database is at; None when it has never been migrated."""
    return await _with_connection(url, lambda connection: MigrationContext.configure(connection).get_current_revision())


def newest(folder: Path) -> str | None:
    """The revision that this program's code expects."""
    return ScriptDirectory(str(folder)).get_current_head()


async def drift(url: str) -> list[Any]:
    """What differs between the database and ``tables.py``, as alembic's autogenerate puts it; empty: nothing."""
    return await _with_connection(
        url,
        lambda connection: compare_metadata(
            MigrationContext.configure(
                connection, opts={"compare_type": True, "include_name": lambda name, kind, _: _ours(name, kind)}
            ),
            metadata,
        ),
    )


def _ours(name: str | None, kind: str) -> bool:
    """The index of words is made by hand for each database (``store/search.py``) and looks different in each."""
    return not (kind == "table" and (name or "").startswith("remark_words"))


async def revise(url: str, folder: Path, message: str) -> None:
    """Write a new migration into ``folder`` from what ``tables.py`` has and the database lacks; read it over."""

    def write(connection: Connection) -> None:
        command.revision(_config(folder, connection), message, autogenerate=True)

    await _with_connection(url, write)


def _config(folder: Path, connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _engine(url: str) -> AsyncEngine:
    parsed = database_url(url)
    if not is_sqlite(parsed):
        return create_async_engine(parsed)
    # Foreign keys are off while tables are made anew; what was migrated is checked before it is committed.
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF")
    return sqlite_engine(parsed, "BEGIN IMMEDIATE", pragmas, pool_size=1)


async def _with_connection(url: str, work: Callable[[Connection], T]) -> T:
    engine, alone = _engine(url), turn(database_url(url))
    try:
        async with alone or nullcontext():
            try:
                async with engine.begin() as connection:
                    return await connection.run_sync(_locked, work)
            finally:
                await engine.dispose()
    finally:
        if alone is not None:
            alone.close()


def _locked(connection: Connection, work: Callable[[Connection], T]) -> T:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    done = work(connection)
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(
                f"{len(broken)} rows would refer to rows that are not there, the first in {broken[0][0]}"
            )
    return done
