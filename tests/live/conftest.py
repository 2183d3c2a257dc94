"""The cast's draft in a database of its own, and secrets of sessions of everybody in it."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from drafts.desk import people
from drafts.store import Store
from server.settings import Settings
from tests.cast import Cast
from tests.databases import Lakes
from tests.server.served import serving


@dataclass(frozen=True, slots=True)
class House:
    """A database with the cast in it; where it is served, if it is."""

    url: str
    cast: Cast
    secrets: dict[str, str]  # by the cast's names
    clauses: list[tuple[str, str]]  # id and text
    host: str = ""


@pytest.fixture
async def house(tmp_path: Path, sqlite_lakes: Lakes) -> House:
    """Not served yet."""
    url = f"sqlite:///{shutil.copy(sqlite_lakes.cast, tmp_path / 'adref.sqlite3')}"
    there = sqlite_lakes.there
    async with Store.open(url) as store:
        seats = ("chair", "secretary", "norvale", "norvale_second", "costamar", "observer", "stranger")
        secrets = {seat: await people.open_session(store, getattr(there, seat)) for seat in seats}
        (begin,) = await store.acts(there.draft.id, 0)
    clauses = [(clause["id"], clause["text"]) for clause in begin.body["clauses"]]
    return House(url, there, secrets, clauses)


@pytest.fixture
async def served(house: House) -> AsyncIterator[House]:
    """Served in this process."""
    async with serving(Settings(database_url=house.url, rate_limits=False)) as (host, _):
        yield House(house.url, house.cast, house.secrets, house.clauses, host)
