"""The demo exercise behind the real application, and a client for each of its people."""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from drafts.desk import people
from server.app import create
from server.settings import Settings


class World:
    """A running application with the demo exercise. ``ids`` fills the examples of the documented doors."""

    def __init__(self, app: Starlette, forum: str, draft: str, pen: str) -> None:
        self.app = app
        self.forum = forum
        self.draft = draft
        self.pen = pen
        self.stack = AsyncExitStack()
        self._clients: dict[str, httpx.AsyncClient] = {}

    async def person(self, key: str) -> str:
        found = await people.by_email(self.app.state.store, f"{key}@demo.invalid")
        assert found is not None, key
        return found[0].id

    async def client(self, token: str = "", **headers: str) -> httpx.AsyncClient:
        """Somebody with this token; without one: nobody."""
        if token:
            headers["Authorization"] = f"Bearer {token}"
        transport = httpx.ASGITransport(app=self.app)
        client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", headers=headers)
        return await self.stack.enter_async_context(client)

    async def token(self, key: str) -> str:
        return await people.make_token(self.app.state.store, await self.person(key), "tests")

    async def of(self, key: str) -> httpx.AsyncClient:
        """One of the exercise's people, with a token."""
        if key not in self._clients:
            self._clients[key] = await self.client(await self.token(key))
        return self._clients[key]

    async def stranger(self) -> httpx.AsyncClient:
        """Somebody who has an account and is in no forum."""
        found = await people.by_email(self.app.state.store, "stranger@demo.invalid")
        if found is None:
            await people.create(self.app.state.store, "Somebody else", "stranger@demo.invalid", None)
        return await self.of("stranger")

    async def clauses(self) -> list[dict[str, Any]]:
        """The live text."""
        answer = await (await self.of("chair")).get(f"/api/v1/drafts/{self.draft}")
        assert answer.status_code == 200
        return list(answer.json()["clauses"])

    async def clause(self, beginning: str) -> dict[str, Any]:
        """The clause that begins so."""
        return next(clause for clause in await self.clauses() if clause["text"].startswith(beginning))


@pytest.fixture
async def world(demo_database: Path, tmp_path: Path) -> AsyncIterator[World]:
    shutil.copy(demo_database, tmp_path / "adref.db")
    app = create(Settings(database_url=f"sqlite:///{tmp_path / 'adref.db'}", demo=True))
    async with app.router.lifespan_context(app):
        async with app.state.store.read() as q:
            (forum,) = await q.forums.all(demo=True)
            draft, pen = await q.drafts.of_forum(forum.id)
        world = World(app, forum.id, draft.id, pen.id)
        async with world.stack:
            yield world
