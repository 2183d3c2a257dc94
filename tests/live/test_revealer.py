"""Revealing and admitting by the clock: once, at the moment and not before, also after a stop, beside another process,
and whatever the wall clock does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from drafts.consultation import ApplicationState, Reveal, Round
from drafts.desk import accrediting, announcing
from drafts.desk.accrediting import Wish
from drafts.store import Store
from server.hub import Hub
from server.revealer import Revealer
from tests.hearing import Hearing, hearing
from tests.live.machine import SECOND, START, Machine

NOW = datetime.fromtimestamp(START // SECOND, UTC)
HOUR = timedelta(hours=1)
WISH = Wish("Observers of the lakes", "academia", "Mira Stone", "mira@observers.example", "We would like to be heard.")


class Place:
    """A sealed round that closes in an hour, on a machine whose clocks go as the test says."""

    def __init__(self, store: Store, of: Hearing) -> None:
        self.store, self.of, self.machine = store, of, Machine()

    @asynccontextmanager
    async def server(self) -> AsyncIterator[Hub]:
        async with Hub(self.store, self.machine.clock()) as hub:
            yield hub

    async def round(self) -> Round:
        async with self.store.read() as q:
            found = await q.rounds.get(self.of.round.id)
        assert found is not None
        return found

    async def reveals(self) -> list[int]:
        """When it was written down that comments were revealed."""
        async with self.store.read() as q:
            return [one.entry.at for one in await q.register.rows(self.of.round.id) if one.entry.kind == "revealed"]


@pytest.fixture
async def place(store: Store) -> Place:
    terms = {"reveal": Reveal.AT_CLOSE, "announced_at": NOW - HOUR, "opens_at": NOW - HOUR, "closes_at": NOW + HOUR}
    return Place(store, await hearing(store, **terms))


async def test_comments_are_revealed_at_the_close_and_not_before(place: Place) -> None:
    async with place.server() as hub:
        place.machine.pass_time(3_600 - 0.001)
        wait = await hub.revealer.look()
        assert (await place.reveals(), round(wait, 3)) == ([], 0.001)
        assert not (await place.round()).revealed(NOW)
        place.machine.pass_time(0.001)
        await hub.revealer.look()
        assert (await place.round()).revealed_at == NOW + HOUR
        assert await hub.revealer.look() == Revealer.LOOK
    assert len(await place.reveals()) == 1


async def test_a_server_that_was_down_at_the_close(place: Place) -> None:
    async with place.server():
        pass
    place.machine.pass_time(7_200)
    for _ in range(2):
        async with place.server() as hub:
            await hub.revealer.look()
    assert (await place.round()).revealed_at == NOW + 2 * HOUR
    assert len(await place.reveals()) == 1


async def test_a_close_that_was_moved(place: Place) -> None:
    async with place.server() as hub:
        await announcing.extend(place.store, place.of.cast.chair, place.of.round.id, NOW + 2 * HOUR, NOW)
        place.machine.pass_time(3_600)
        await hub.revealer.look()
        assert await place.reveals() == []
        place.machine.pass_time(3_600)
        await hub.revealer.look()
    assert len(await place.reveals()) == 1


async def test_jumps_of_the_wall_clock_change_nothing(place: Place) -> None:
    async with place.server() as hub:
        for days in (-3, 6):
            place.machine.wall += days * 86_400 * SECOND
            await hub.revealer.look()
            assert await place.reveals() == []
        place.machine.pass_time(3_600)
        await hub.revealer.look()
    assert (await place.round()).revealed_at == NOW + HOUR


async def _two(url: str, at: datetime) -> None:
    """Two processes look at once."""
    async with Store.open(url) as one, Store.open(url) as other:
        looks = [Revealer(each, lambda: round(at.timestamp() * 1000)).look() for each in (one, other)]
        await asyncio.gather(*looks)


async def test_two_processes_reveal_and_admit_once(place: Place, database_url: str) -> None:
    forum_id = place.of.cast.forum.id
    made, key = await accrediting.apply(place.store, forum_id, WISH, NOW)
    objected, _ = await accrediting.apply(place.store, forum_id, WISH, NOW)
    for one in (made, objected):
        await accrediting.propose(place.store, place.of.cast.chair, forum_id, one.id, 3_600, NOW)
    await accrediting.object_(place.store, place.of.cast.norvale, forum_id, objected.id, "We do not know it.", NOW)
    await _two(database_url, NOW + HOUR - timedelta(milliseconds=1))
    assert (await accrediting.status(place.store, key)).application.state is ApplicationState.PROPOSED
    await _two(database_url, NOW + HOUR)
    assert len(await place.reveals()) == 1
    assert (await accrediting.status(place.store, key)).application.state is ApplicationState.ADMITTED
    _, _, found = await accrediting.listed(place.store, place.of.cast.chair, forum_id, NOW + HOUR)
    assert [one.application.state for one in found if one.application.id == objected.id] == [ApplicationState.PROPOSED]
    async with place.store.read() as q:
        assert [one.name for one in await q.forums.parties(forum_id)].count(WISH.name) == 1
