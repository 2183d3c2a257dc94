"""Databases that are made once in a run and copied for each test: migrating and seating the cast take longer than most
tests do.
"""

import asyncio
import random
import shutil
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import asyncpg

from drafts import migrate
from drafts.store import Store
from server import demo
from server.paths import MIGRATIONS
from tests.cast import Cast, cast
from tests.postgres import Postgres


class Holds(StrEnum):
    """What stands in a test's database when the test begins."""

    NOTHING = "nothing"
    TABLES = "tables"
    CAST = "cast"


@dataclass(frozen=True, slots=True)
class Lakes:
    """Databases of one kind, to be copied: with the tables, and with the cast too."""

    tables: str
    cast: str
    there: Cast


def _sqlite(path: Path) -> str:
    return f"sqlite:///{path}"


async def _seated(url: str) -> Cast:
    async with Store.open(url) as store:
        return await cast(store)


def make_sqlite(folder: Path) -> Lakes:
    """SQLite files in ``folder``."""
    tables, seated = folder / "tables.sqlite3", folder / "cast.sqlite3"
    asyncio.run(migrate.upgrade(_sqlite(tables), MIGRATIONS))
    shutil.copy(tables, seated)
    return Lakes(str(tables), str(seated), asyncio.run(_seated(_sqlite(seated))))


def make_demo(tables: Path, path: Path) -> Path:
    """An SQLite file with the demo exercise."""

    async def played() -> None:
        async with Store.open(_sqlite(path)) as store:
            await demo.make(store)

    shutil.copy(tables, path)
    asyncio.run(played())
    return path


def make_postgres(server: Postgres) -> Lakes:
    """Databases of ``server``, by name."""

    async def made() -> Cast:
        await create(server, "adref_tables", "template0")
        await migrate.upgrade(server.url("adref_tables"), MIGRATIONS)
        await create(server, "adref_cast", "adref_tables")
        return await _seated(server.url("adref_cast"))

    return Lakes("adref_tables", "adref_cast", asyncio.run(made()))


async def create(server: Postgres, name: str, template: str) -> None:
    """A database like another, to which nobody may be connected."""
    admin = await asyncpg.connect(host=server.sockets, user="adref", database="postgres")
    # Copying files is the quicker way by far where nothing has to outlive a power cut; older servers know no other.
    how = " STRATEGY FILE_COPY" if admin.get_server_version().major >= 15 else ""
    await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"{how}')
    await admin.close()


async def drop(server: Postgres, name: str) -> None:
    """Away with it, and with who is still connected."""
    admin = await asyncpg.connect(host=server.sockets, user="adref", database="postgres")
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()


def new_name() -> str:
    """A name that no database has."""
    return f"adref_{random.randrange(2**48):x}"
