"""The hub by itself."""

import asyncio
from pathlib import Path

from drafts import commands as do
from drafts import migrate
from drafts.events import ThreadChanged
from drafts.model import Audience
from drafts.store import Store
from server.hub import Hub
from server.paths import MIGRATIONS
from tests.cast import cast


async def test_it_stops_at_once_whatever_arrived_just_then(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'adref.db'}"
    await migrate.upgrade(url, MIGRATIONS)
    async with Store.open(url) as store:
        people = await cast(store)
        draft = people.draft
        async with asyncio.timeout(20):  # a sitting that missed its end would idle for a minute
            async with Hub(store) as hub:
                await hub.perform(people.chair, draft.id, do.SetDraft("op-1", symbol="SIM/L.1"))
                await asyncio.sleep(0)
                sitting = hub.sitting(draft.id)
                await hub.tell(ThreadChanged(draft.forum_id, draft.id, "t", Audience.EVERYONE, ""))
        assert sitting.over
