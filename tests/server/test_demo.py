"""The demo forum: what a visitor finds there, that it is made once, and that nothing in it is real or late."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from babel.core import get_global

from drafts import migrate
from drafts.brackets import parse
from drafts.desk import drafts, forums, threads
from drafts.model import Audience, Draft, Forum, Group, Mode, Place, Role, now
from drafts.redline import Mark, runs
from drafts.store import Store
from server import demo
from server.demo import cast
from server.paths import MIGRATIONS


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    url = f"sqlite:///{tmp_path / 'adref.db'}"
    await migrate.upgrade(url, MIGRATIONS)
    async with Store.open(url) as store:
        yield store


@pytest.fixture
async def forum(store: Store) -> Forum:
    return await demo.make(store)


async def person(store: Store, key: str) -> str:
    async with store.read() as q:
        found = await q.people.by_email(f"{key}@demo.invalid")
    assert found is not None
    return found[0].id


async def both(store: Store, forum: Forum) -> tuple[Draft, Draft]:
    _, _, found = await drafts.of_forum(store, await person(store, "chair"), forum.id)
    open_text, pen_text = found
    return open_text, pen_text


async def test_two_texts_one_in_the_chairs_pen(store, forum):
    open_text, pen_text = await both(store, forum)
    assert (open_text.mode, open_text.observers) == (Mode.OPEN, True)
    assert (pen_text.mode, pen_text.observers) == (Mode.PEN, False)


async def test_the_text_shows_what_negotiated_texts_are_made_of(store, forum):
    open_text, _ = await both(store, forum)
    state, _ = await drafts.state(store, await person(store, "chair"), open_text.id)
    clauses = state.live()
    assert 30 <= len(clauses) <= 40
    assert {clause.kind.value for clause in clauses} == {"heading", "preambular", "operative", "chapeau", "sub"}
    assert {clause.lang for clause in clauses} == {"", "es", "ar"}
    assert max(clause.depth for clause in clauses) == 2
    found = [parse(clause.text) for clause in clauses]
    assert max(pair.depth for one in found for pair in one.pairs) == 3
    assert any(one.alternatives for one in found)
    assert not any(one.unbalanced for one in found)
    assert all(clause.text == clause.text.strip() for clause in clauses)
    assert state.issued == ["Zero draft", "Rev.1"]
    assert sum(clause.locked for clause in state.standing()) == 4


async def test_much_happened_before_and_since_rev_1(store, forum):
    open_text, _ = await both(store, forum)
    state, _ = await drafts.state(store, await person(store, "chair"), open_text.id)
    seats = {party.id: party.code for party in (await forums.people(store, await person(store, "chair"), forum.id))[2]}
    since = [
        run for c in state.clauses for run in runs(c.segments, state.epoch, state.owners) if run.mark is not Mark.KEPT
    ]
    assert {Mark.INS, Mark.DEL, Mark.INSDEL} == {run.mark for run in since}
    assert len({seats[state.owners[max(run.by, run.del_by)]] for run in since}) >= 7
    assert any(c.moved and c.moved.epoch == state.epoch for c in state.clauses)
    assert any(c.source and c.born.epoch == state.epoch for c in state.clauses)
    assert [c.gone.reason != "" for c in state.clauses if c.gone] == [True, True]


async def test_comments_of_all_groups_in_every_place(store, forum):
    open_text, _ = await both(store, forum)
    async with store.read() as q:
        found = await q.threads.of_draft(open_text.id)
    assert {thread.opener.party.group for thread in found} == set(Group)
    assert {thread.place for thread in found} == set(Place)
    assert {thread.audience for thread in found} == set(Audience)
    assert any(thread.resolved_at for thread in found)
    assert any(len(thread.comments) > 1 for thread in found)


async def test_each_sees_what_is_meant_for_them(store, forum):
    open_text, pen_text = await both(store, forum)
    shown = {
        key: {thread["audience"] for thread in await threads.all(store, await person(store, key), open_text.id)}
        for key in ("chair", "norvale-adviser", "helplines")
    }
    assert shown == {
        "chair": {"everyone", "delegations"},
        "norvale-adviser": {"everyone", "delegations", "party"},
        "helplines": {"everyone"},
    }
    _, _, readable = await drafts.of_forum(store, await person(store, "helplines"), forum.id)
    assert pen_text.id not in [draft.id for draft in readable]


async def test_it_is_made_once(store, forum):
    again = await demo.make(store)
    assert again == forum
    async with store.read() as q:
        assert len(await q.forums.all()) == 1
        assert len(await q.drafts.of_forum(forum.id)) == 2
        begun = len(await q.drafts.ids())
    await demo.make(store)
    async with store.read() as q:
        assert len(await q.drafts.ids()) == begun


async def test_time_only_goes_forward_and_has_passed(store, forum):
    for draft in await both(store, forum):
        times = [act.at for act in await store.acts(draft.id, 0)]
        assert times == sorted(times)
        assert times[-1] < now().timestamp() * 1000


def test_nobody_in_it_exists():
    real = set(get_global("territory_aliases")) | set(get_global("territory_currencies"))
    assert {"FRA", "BRA", "KEN"} < real
    assert real.isdisjoint(seat.code for seat in cast.SEATS)
    assert all(player.email.endswith(".invalid") for player in cast.PLAYERS)
    assert {player.role for player in cast.PLAYERS} == set(Role)
