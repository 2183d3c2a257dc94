"""What every command stands on: the settings, a database that is ready, and the two outputs."""

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.table import Table
from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from drafts import migrate
from drafts.desk import people
from drafts.errors import Conflict, Invalid, NotFound, Refusal
from drafts.model import Draft, Forum, Person
from drafts.store import Store, database_url
from server.paths import MIGRATIONS
from server.settings import Settings

T = TypeVar("T")

# Lists that go to a file or a pipe keep one line a row, whatever the width of the terminal.
out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 10_000)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def complain(message: str) -> None:
    """One sentence on stderr."""
    err.print("adref:", message, style="red", markup=False)


def table(*heads: str) -> Table:
    """A plain table for lists."""
    made = Table(*heads, box=None, pad_edge=False, header_style="bold")
    for column in made.columns:
        column.overflow = "fold"
    return made


def settings() -> Settings:
    """The settings of the environment. Raises Invalid for what cannot be read."""
    try:
        return Settings.from_environment()
    except ValueError as error:
        raise Invalid("bad_setting", "{why}", why=str(error)) from None


def parsed_url(url: str) -> URL:
    """The address of the database. Raises Invalid."""
    try:
        return database_url(url)
    except (ValueError, SQLAlchemyError) as error:
        raise Invalid("bad_setting", "ADREF_DATABASE_URL: {why}", why=str(error)) from None


def on_database(work: Callable[[Store], Awaitable[T]], *, make: bool = False) -> T:
    """Do something on the database. ``make``: a SQLite file that is not there yet is made.

    Raises the Refusal of the work; Invalid when there is no database or one of another release.
    """
    return asyncio.run(_on_database(settings().database_url, work, make=make))


async def _on_database(url: str, work: Callable[[Store], Awaitable[T]], *, make: bool) -> T:
    await ready(url, make=make)
    async with Store.open(url) as store:
        return await work(store)


async def ready(url: str, *, make: bool = False, upgrade: bool = False) -> None:
    """See that the database is there and of this release. ``make``: a new SQLite file is made and migrated;
    ``upgrade``: an older SQLite database is migrated. PostgreSQL is only ever migrated by ``adref db upgrade``."""
    parsed = parsed_url(url)
    file = Path(str(parsed.database)) if parsed.get_backend_name() == "sqlite" else None
    if file is not None and not file.exists() and not make:
        raise NotFound("no_database", "There is no database at {path}.", path=str(file))
    try:
        found, wanted = await migrate.current(url), migrate.newest(MIGRATIONS)
        if found == wanted:
            return
        if file is not None and (upgrade or (make and found is None)):
            await migrate.upgrade(url, MIGRATIONS)
            return
    except (SQLAlchemyError, OSError) as error:
        raise unreachable(error) from None
    raise Conflict(
        "other_release",
        "The database is at {found}, this release needs {wanted}. Run: adref db upgrade",
        found=found or "no revision",
        wanted=wanted or "none",
    )


def unreachable(error: Exception) -> Refusal:
    """The database does not answer."""
    said = str(getattr(error, "orig", None) or error).splitlines()[0]
    return Invalid("no_database", "The database does not answer: {why}", why=said)


# ── finding things ──


async def person(store: Store, email: str) -> Person:
    """The person with this address. Raises NotFound."""
    found = await people.by_email(store, email)
    if found is None:
        raise NotFound("no_person", "Nobody has the address {email}. Known people: adref user list", email=email)
    return found[0]


async def forum(store: Store, named: str | None) -> Forum:
    """A forum by its id or name; without one, the only forum there is. Raises NotFound or Invalid."""
    async with store.read() as q:
        every = await q.forums.all()
    found = every if named is None else [one for one in every if named in {one.id, one.name}]
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotFound("no_forum", "There is no such forum. Known forums: adref forum list")
    raise Invalid("many_forums", "Several forums fit; name one by its id: adref forum list")


async def draft(store: Store, named: str) -> Draft:
    """A draft by its id or symbol. Raises NotFound or Invalid."""
    async with store.read() as q:
        found = await q.drafts.get(named)
        if found is not None:
            return found
        known = [await q.drafts.get(one) for one in await q.drafts.ids()]
    fitting = [one for one in known if one is not None and one.symbol == named != "" and not one.parent]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise Invalid("many_drafts", "Several drafts have the symbol {symbol}; name one by its id.", symbol=named)
    raise NotFound("no_draft", "There is no file and no draft {name}.", name=named)


def file_name(text: str) -> str:
    """Something usable in the name of a file."""
    return re.sub(r"[^A-Za-z0-9.-]+", "-", text).strip("-.")
