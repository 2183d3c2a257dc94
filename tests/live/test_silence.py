"""Real servers and a real clock: a text is adopted at its deadline, and once, also by a server that was dead then."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from drafts import commands as do
from drafts.acts import Act, ActKind
from drafts.desk import people as persons
from drafts.desk import silence
from drafts.desk.live import perform
from drafts.desk.verify import verify
from drafts.model import Openness, Stage, new_id
from drafts.store import Store
from server.settings import Settings
from tests.cast import Cast
from tests.live.client import Wire
from tests.live.processes import serve
from tests.live.test_kill import free_port
from tests.server.served import serving


@dataclass(frozen=True, slots=True)
class Council:
    """The cast's draft in a database, in a forum where a silence may last a second."""

    url: str
    store: Store
    cast: Cast
    secret: str  # of Norvale's session

    async def start(self, seconds: float) -> int:
        """Issue the text and put it under silence; the deadline."""
        chair, draft = self.cast.chair, self.cast.draft.id
        await perform(self.store, chair, draft, do.Issue(new_id(), "Rev.1"))
        deadline = round((time.time() + seconds) * 1000)
        await perform(
            self.store, chair, draft, await silence.starting(self.store, chair, draft, new_id(), deadline, "")
        )
        return deadline

    async def hear(self, host: str) -> dict[str, Any]:
        """The act of adoption, as somebody in the room hears of it who was not there."""
        async with Wire.to(host, self.cast.draft.id, self.secret, since=1) as wire:
            frame = await wire.until(lambda frame: any(act["k"] == "adopt" for act in frame.get("acts", ())))
        return next(act for act in frame["acts"] if act["k"] == "adopt")

    async def adoption(self) -> Act:
        """The only one, in a log that is sound."""
        (act,) = [a for a in await self.store.acts(self.cast.draft.id, 0) if a.kind is ActKind.ADOPT]
        assert await verify(self.store) == []
        async with self.store.read() as q:
            draft = await q.drafts.get(self.cast.draft.id)
        assert draft is not None
        assert draft.stage is Stage.ADOPTED
        return act


@pytest.fixture
async def council(store: Store, database_url: str, people: Cast) -> Council:
    async with store.write() as q:
        await q.forums.set_rules(people.forum.id, 1, Openness.DELEGATIONS)
    return Council(database_url, store, people, await persons.open_session(store, people.norvale))


async def test_at_the_deadline_by_its_own_clock(council: Council) -> None:
    async with serving(Settings(database_url=council.url)) as (host, _):
        deadline = await council.start(1.5)
        heard = await council.hear(host)
    act = await council.adoption()
    assert (act.seq, act.at) == (heard["s"], heard["at"])
    assert act.at >= deadline


async def test_by_a_server_that_was_killed_before_the_deadline(council: Council, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "server.log"
    process = await serve(council.url, port, log)
    deadline = await council.start(3)  # a busy machine has that long to begin it
    await process.kill()
    await asyncio.sleep(max(0.0, deadline / 1000 - time.time()))  # nobody is there
    assert [a for a in await council.store.acts(council.cast.draft.id, 0) if a.kind is ActKind.ADOPT] == []
    process = await serve(council.url, port, log)
    heard = await council.hear(f"127.0.0.1:{port}")
    await process.kill()
    process = await serve(council.url, port, log)
    again = await council.hear(f"127.0.0.1:{port}")
    await process.stop()
    assert (await council.adoption()).seq == heard["s"] == again["s"]
    paper = await silence.certificate(council.store, council.cast.observer, council.cast.draft.id, "latest")
    assert paper.procedure["outcome"] == "adopted"
    assert paper.procedure["ended_at"] >= deadline
