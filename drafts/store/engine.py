"""Connections: which database, how transactions begin, and that nothing is ever cut off in the middle of a statement.

SQLite: one writing connection whose transactions start with ``BEGIN IMMEDIATE`` (a read-modify-write never loses an
update), readers beside it in WAL mode. Only the writer checkpoints: SQLite before 3.51.3 may corrupt the WAL when
several connections do. PostgreSQL: writers run READ COMMITTED and lock the draft's row; readers see one snapshot
(REPEATABLE READ, read only).
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, closing, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from drafts.store.sqlite import Hinting, OneTrip, connect
from drafts.store.turn import Turn

T = TypeVar("T")

BUSY_SECONDS = 10  # how long a writer waits for another process's write
READERS = 4  # SQLite's reading connections: each is a thread
POSTGRES_POOL = 5  # connections kept open, for readers and for writers each


def database_url(url: str) -> URL:
    """The address with the driver that Adref uses: accepts ``sqlite:///path``, ``postgres://`` and ``postgresql://``.

    Raises ValueError when it names another database or no file.
    """
    parsed = make_url(url)
    kind = parsed.drivername.partition("+")[0]
    if kind == "sqlite":
        if parsed.database in {None, "", ":memory:"}:
            raise ValueError("Adref keeps its data in a file: sqlite:///path/to/adref.db")
        return parsed.set(drivername="sqlite+aiosqlite")
    if kind in {"postgres", "postgresql"}:
        query = {("ssl" if key == "sslmode" else key): value for key, value in parsed.query.items()}
        return parsed.set(drivername="postgresql+asyncpg", query=query)
    raise ValueError(f"Adref works on SQLite and PostgreSQL, not on {kind}.")


def is_sqlite(url: URL) -> bool:
    """Whether the address is a file of SQLite's."""
    return url.get_backend_name() == "sqlite"


def sqlite_path(url: URL) -> Path:
    """The file of an SQLite address; its folder is made when it is missing."""
    path = Path(str(url.database))
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def turn(url: URL) -> Turn | None:
    """What makes writers of a SQLite file wait for each other; PostgreSQL sees to that itself."""
    return Turn(sqlite_path(url), BUSY_SECONDS) if is_sqlite(url) else None


def sqlite_engine(url: URL, begin: str, pragmas: tuple[str, ...], pool_size: int) -> AsyncEngine:
    """An engine whose transactions start with the statement ``begin`` and end when we say so."""
    path = str(sqlite_path(url))

    async def opened() -> OneTrip:
        return await connect(path, BUSY_SECONDS)

    engine = create_async_engine(url, async_creator=opened, pool_size=pool_size, max_overflow=0)
    engine.sync_engine.dialect.statement_compiler = Hinting

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _writing(url: URL) -> AsyncEngine:
    if is_sqlite(url):
        pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
        return sqlite_engine(url, "BEGIN IMMEDIATE", pragmas, pool_size=1)
    return create_async_engine(url, pool_size=POSTGRES_POOL, pool_pre_ping=True)


def _reading(url: URL) -> AsyncEngine:
    if is_sqlite(url):
        pragmas = ("query_only=ON", "wal_autocheckpoint=0")
        return sqlite_engine(url, "BEGIN", pragmas, pool_size=READERS)
    engine = create_async_engine(url, pool_size=POSTGRES_POOL, pool_pre_ping=True)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


async def steady(work: Coroutine[Any, Any, T]) -> T:
    """Do ``work`` to its end even when the caller is cancelled meanwhile; the cancellation is raised afterwards.

    A statement or a commit that was cut off leaves the connection in a state nobody knows.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is None or task.cancelled():
        return task.result()
    raise cancelled from task.exception()


class Database:
    """The two engines of one database."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self._writer = _writing(url)
        self._reader = _reading(url)
        self._turn = turn(url)

    async def close(self) -> None:
        """Close every connection: the readers first, so that SQLite's last checkpoint is the writer's."""
        async with self._turn or nullcontext():
            await self._reader.dispose()
            await self._writer.dispose()
        if self._turn is not None:
            self._turn.close()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one moment of the database; its transaction ends with the block."""
        async with _transaction(self._reader) as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose work is committed at the end of the block, or undone when the block raises."""
        async with self._turn or nullcontext(), _transaction(self._writer) as connection:
            yield connection

    async def backup(self, path: Path) -> None:
        """Copy the living SQLite database to ``path``; a copy of the file alone would lack what is still in the WAL."""
        if not is_sqlite(self.url):
            raise ValueError("pg_dump makes the backup of a PostgreSQL database.")
        await asyncio.to_thread(_copy, sqlite_path(self.url), path)


@asynccontextmanager
async def _transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    connection = engine.connect()
    try:
        await steady(_begin(connection))
        yield connection
        await steady(connection.commit())
    finally:
        if connection.sync_connection is not None:
            await steady(connection.close())  # rolls back what was not committed


async def _begin(connection: AsyncConnection) -> None:
    await connection.start()
    await connection.begin()


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.execute("PRAGMA wal_autocheckpoint=0")
        old.backup(new)
