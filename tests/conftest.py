"""What every test may ask for: an empty database of each kind, Debian's Chromium, Node."""

import os
import random
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, MutableMapping
from pathlib import Path

import hypothesis
import pytest

from drafts.store import Store
from tests.cast import Cast
from tests.databases import Holds, Lakes, create, drop, make_demo, make_postgres, make_sqlite, new_name
from tests.engine.seed import LANDING, landing
from tests.memory import in_memory
from tests.postgres import Postgres, binaries
from tests.repo import REPO

# What these insist on is told in full when it fails.
pytest.register_assert_rewrite("tests.engine.table", "tests.server.canaries.walk")

hypothesis.settings.register_profile("adref", deadline=None, print_blob=True)
hypothesis.settings.load_profile("adref")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Draw the run's Hypothesis seed here, so that it can be printed and given again; work in memory where one can.

    Most tests have a database of their own: on a disk, waiting until it is safe from a power cut is half of their time.
    """
    if "TMPDIR" not in os.environ and (memory := in_memory()):
        os.environ["TMPDIR"], tempfile.tempdir = memory, None
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


@pytest.fixture(scope="session")
def sqlite_lakes(tmp_path_factory: pytest.TempPathFactory) -> Lakes:
    return make_sqlite(tmp_path_factory.mktemp("lakes"))


@pytest.fixture(scope="session")
def postgres_lakes(postgres: Postgres) -> Lakes:
    return make_postgres(postgres)


@pytest.fixture(scope="session")
def demo_database(sqlite_lakes: Lakes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the demo exercise, to be copied."""
    return make_demo(Path(sqlite_lakes.tables), tmp_path_factory.mktemp("demo") / "adref.sqlite3")


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What the program remembers of drafts by their ids is gone: a copied database has the drafts of the last one."""
    for name, module in list(sys.modules.items()):
        kept = getattr(module, "_kept", None) if name.startswith(("drafts.", "server.")) else None
        if isinstance(kept, MutableMapping):
            kept.clear()


@pytest.fixture
def holds(request: pytest.FixtureRequest) -> Holds:
    """What the test's database holds: the cast where the test asks for its people, the tables where for a store."""
    if "people" in request.fixturenames:
        return Holds.CAST
    return Holds.TABLES if "store" in request.fixturenames else Holds.NOTHING


@pytest.fixture
def postgres_template(holds: Holds, request: pytest.FixtureRequest) -> str:
    """The database that the test's own is a copy of."""
    if holds is Holds.NOTHING:
        return "template0"
    lakes: Lakes = request.getfixturevalue("postgres_lakes")
    return lakes.cast if holds is Holds.CAST else lakes.tables


@pytest.fixture
async def postgres_url(postgres: Postgres, postgres_template: str) -> AsyncIterator[str]:
    """The URL of a new PostgreSQL database."""
    name = new_name()
    await create(postgres, name, postgres_template)
    yield postgres.url(name)
    await drop(postgres, name)


@pytest.fixture
def sqlite_url(tmp_path: Path, holds: Holds, request: pytest.FixtureRequest) -> str:
    """The URL of a new SQLite database."""
    if holds is not Holds.NOTHING:
        lakes: Lakes = request.getfixturevalue("sqlite_lakes")
        shutil.copy(lakes.cast if holds is Holds.CAST else lakes.tables, tmp_path / "adref.db")
    return f"sqlite+aiosqlite:///{tmp_path / 'adref.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database that Adref keeps its data in."""
    return str(request.param)


@pytest.fixture
def database_url(kind: str, request: pytest.FixtureRequest) -> str:
    """The URL of a database of the test's own, once of each kind; empty, but for what ``holds`` says."""
    return str(request.getfixturevalue("sqlite_url" if kind == "sqlite" else "postgres_url"))


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """The store of a migrated database, once of each kind."""
    async with Store.open(database_url) as opened:
        yield opened


@pytest.fixture
def people(kind: str, request: pytest.FixtureRequest) -> Cast:
    """The cast, seated in each database."""
    lakes: Lakes = request.getfixturevalue("sqlite_lakes" if kind == "sqlite" else "postgres_lakes")
    return lakes.there


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
