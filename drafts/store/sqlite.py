"""aiosqlite with one trip to the connection's thread per statement.

SQLAlchemy asks an asynchronous driver for a cursor, executes, fetches every row and closes the cursor, and aiosqlite
makes a trip to its thread for each of the four. A trip costs more than most of our statements; here a statement and its
rows come in one, and a rollback where nothing is open costs none.
"""

import sqlite3
from collections.abc import Iterable
from typing import Any, Self

import aiosqlite
from sqlalchemy import FromClause
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler


class OneTrip(aiosqlite.Connection):
    """A connection whose cursors execute and fetch at once."""

    def cursor(self) -> "OneTripCursor":  # type: ignore[override]  # SQLAlchemy enters it, as it does aiosqlite's
        """A cursor, without asking the thread: there is nothing to ask."""
        return OneTripCursor(self)

    async def rollback(self) -> None:
        """Undo what is open. A connection goes back to the pool through here, most often right after its commit."""
        if self._conn.in_transaction:
            await super().rollback()

    async def run(self, sql: str, values: Iterable[Any]) -> tuple[sqlite3.Cursor, list[Any]]:
        """Execute a statement in the thread and fetch what it gives."""

        def work() -> tuple[sqlite3.Cursor, list[Any]]:
            cursor = self._conn.execute(sql, tuple(values))
            return cursor, cursor.fetchall() if cursor.description else []

        done: tuple[sqlite3.Cursor, list[Any]] = await self._execute(work)  # type: ignore[no-untyped-call]
        return done

    async def run_many(self, sql: str, values: Iterable[Iterable[Any]]) -> sqlite3.Cursor:
        """Execute a statement for each of many values."""
        many = self._conn.executemany
        done: sqlite3.Cursor = await self._execute(many, sql, values)  # type: ignore[no-untyped-call]
        return done


class Hinting(SQLiteCompiler):
    """Statements in which ``with_hint`` can name the index that a table is read by."""

    def get_from_hint_text(self, _table: FromClause, text: str) -> str:  # type: ignore[override]  # ours may have one
        """Behind the table: ``INDEXED BY …``."""
        return text


class OneTripCursor:
    """What SQLAlchemy uses of a cursor."""

    arraysize = 1

    def __init__(self, connection: OneTrip) -> None:
        self._connection = connection
        self._cursor: sqlite3.Cursor | None = None
        self._rows: list[Any] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_failure: object) -> None:
        await self.close()

    async def execute(self, sql: str, values: Iterable[Any] = ()) -> "OneTripCursor":
        """Execute and fetch."""
        self._cursor, self._rows = await self._connection.run(sql, values)
        return self

    async def executemany(self, sql: str, values: Iterable[Iterable[Any]]) -> "OneTripCursor":
        """Execute for each of the values."""
        self._cursor = await self._connection.run_many(sql, values)
        return self

    async def fetchall(self) -> list[Any]:
        """The rows that came with ``execute``."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Let go of the statement; it was fetched to its end."""
        self._cursor, self._rows = None, []

    @property
    def description(self) -> Any:
        """The columns, as the DB-API has them."""
        return self._cursor.description if self._cursor is not None else None

    @property
    def rowcount(self) -> int:
        """Rows touched, or -1."""
        return self._cursor.rowcount if self._cursor is not None else -1

    @property
    def lastrowid(self) -> int | None:
        """The row id of the last insertion."""
        return self._cursor.lastrowid if self._cursor is not None else None


async def connect(path: str, busy_seconds: float) -> OneTrip:
    """Open a database file. Transactions begin when we say so: Python's driver would begin them late, and never for
    DDL."""

    def opened() -> sqlite3.Connection:
        return sqlite3.connect(path, timeout=busy_seconds, isolation_level=None)

    connection = OneTrip(opened, iter_chunk_size=64)
    connection._thread.daemon = True  # as SQLAlchemy does: a connection that nobody closed does not hold up the exit
    await connection
    return connection
