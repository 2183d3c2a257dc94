"""The running application without a network, the cast in its database, and browsers that people sit at."""

import re
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from drafts.desk import people
from drafts.store import Store
from server.app import create
from server.settings import Settings
from tests.cast import Cast
from tests.databases import Lakes

ORIGIN = "http://127.0.0.1:8000"
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass(slots=True)
class Browser:
    """One browser: keeps cookies, follows no redirect, and sends the form token of the last page it saw."""

    http: httpx.AsyncClient
    token: str = field(default="")

    async def get(self, path: str, **headers: str) -> httpx.Response:
        response = await self.http.get(path, headers=headers)
        found = _TOKEN.search(response.text) if "html" in response.headers.get("content-type", "") else None
        self.token = unescape(found[1]) if found else self.token
        return response

    async def post(
        self,
        path: str,
        data: dict[str, str] | None = None,
        *,
        files: dict[str, tuple[str, bytes]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Send a form, as a page of ours would; the sign-in page gives a token when no page was seen yet."""
        if not self.token:
            await self.get("/account" if "adref" in self.http.cookies else "/sign-in")
        sent = {"csrf": self.token, **(data or {})}
        return await self.http.post(path, data=sent, files=files, headers={"Origin": ORIGIN, **(headers or {})})


@pytest.fixture
def settings(tmp_path: Path, sqlite_lakes: Lakes, request: pytest.FixtureRequest) -> Settings:
    """Of an SQLite database that holds the cast where the test asks for its room."""
    held = sqlite_lakes.cast if "room" in request.fixturenames else sqlite_lakes.tables
    path = shutil.copy(held, tmp_path / "adref.sqlite3")
    return Settings(database_url=f"sqlite:///{path}")


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[Starlette]:
    application = create(settings)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
def store(app: Starlette) -> Store:
    opened: Store = app.state.store
    return opened


@pytest.fixture
def room(app: Starlette, sqlite_lakes: Lakes) -> Cast:  # noqa: ARG001 - in whose database they are
    return sqlite_lakes.there


@pytest.fixture
async def browser(app: Starlette) -> AsyncIterator[Callable[[], Browser]]:
    """Makes browsers that nobody has signed in with."""
    opened: list[httpx.AsyncClient] = []

    def make() -> Browser:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        opened.append(httpx.AsyncClient(transport=transport, base_url=ORIGIN))
        return Browser(opened[-1])

    yield make
    for client in opened:
        await client.aclose()


@pytest.fixture
def as_person(browser: Callable[[], Browser], store: Store) -> Callable[[str], "object"]:
    """Makes the browser of a person who is signed in."""

    async def signed_in(person_id: str) -> Browser:
        made = browser()
        made.http.cookies.set("adref", await people.open_session(store, person_id), domain="127.0.0.1", path="/")
        return made

    return signed_in
