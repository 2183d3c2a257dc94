"""What every test may ask for: an empty database of each kind, Debian's Chromium, Node."""

import os
import random
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import hypothesis
import pytest

from drafts import migrate
from drafts.store import Store
from server.paths import MIGRATIONS
from tests.engine.seed import LANDING, landing
from tests.postgres import Postgres, binaries
from tests.repo import REPO

# What these insist on is told in full when it fails.
pytest.register_assert_rewrite("tests.engine.table", "tests.server.canaries.walk")

hypothesis.settings.register_profile("adref", deadline=None, print_blob=True)
hypothesis.settings.load_profile("adref")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Draw the run's Hypothesis seed here, so that it can be printed and given again."""
    if config.getoption("hypothesis_seed") is None:
        config.option.hypothesis_seed = str(LANDING if landing() else random.randrange(2**32))


def pytest_report_header(config: pytest.Config) -> list[str]:
    postgres = binaries()
    return [
        f"hypothesis: --hypothesis-seed={config.getoption('hypothesis_seed')}",
        f"postgresql: {postgres}" if postgres else "postgresql: none here, the store is tested on SQLite only",
    ]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of the suite's own for the whole run; skips where none is installed."""
    found = binaries()
    if found is None:
        pytest.skip("no PostgreSQL on this machine (Debian: apt-get install postgresql)")
    with Postgres(found) as running:
        yield running


@pytest.fixture
async def postgres_url(postgres: Postgres) -> AsyncIterator[str]:
    """The URL of a new, empty PostgreSQL database."""
    name = f"adref_{random.randrange(2**48):x}"
    admin = await asyncpg.connect(host=postgres.sockets, user="adref", database="postgres")
    await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield postgres.url(name)
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, once of each kind that Adref keeps its data in."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'adref.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """The store of a migrated, empty database, once of each kind."""
    await migrate.upgrade(database_url, MIGRATIONS)
    async with Store.open(database_url) as opened:
        yield opened


@pytest.fixture(scope="session")
def node() -> list[str]:
    """The start of a command line that runs Node; from the PATH or, where there is none, from PyPI's package."""
    return ["sh", str(REPO / "web" / "node.sh"), "node"]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real texts that lies beside the clone; skips where somebody has only the repo."""
    data = Path(os.environ.get("ADREF_SHARED_DATA", REPO.parent / "shared" / "data"))
    if not data.is_dir():
        pytest.skip("no ../shared/data beside this clone")
    return data
