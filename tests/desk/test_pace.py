"""How much a party may send within an hour: the draft is kept, one is told when, and other parties are not touched."""

from datetime import timedelta

import pytest

from drafts.commenting import Said
from drafts.consultation import RemarkState, Spot
from drafts.desk import pace, remarks, replies
from drafts.errors import TooMany
from drafts.model import Group, new_id
from drafts.store import Store
from drafts.store.pace import Sending
from tests.hearing import DURING, Hearing, hearing, put, remark

SAID = Said(Spot.WHOLE, body="Say by when.")


@pytest.fixture
async def of(store: Store, monkeypatch: pytest.MonkeyPatch) -> Hearing:
    monkeypatch.setitem(pace.MOST, Sending.REMARKS, 3)
    monkeypatch.setitem(pace.MOST, Sending.REPLIES, 2)
    return await hearing(store)


async def test_the_fourth_waits_as_a_draft(store: Store, of: Hearing) -> None:
    me, round_id = of.people[Group.CIVIL_SOCIETY], of.round.id
    for minute in range(3):
        await remarks.send(store, me, round_id, DURING + timedelta(minutes=minute), new_id(), SAID)
    late, fourth = DURING + timedelta(minutes=10), new_id()
    with pytest.raises(TooMany) as refused:
        await remarks.send(store, of.civil_second, round_id, late, fourth, SAID)  # the party's, whoever it is
    assert (refused.value.params["minutes"], refused.value.params["seconds"]) == (50, 3000)
    async with store.read() as q:
        kept = (await q.remarks.of_ids([fourth]))[0]
    assert (kept.state, kept.body) == (RemarkState.DRAFT, SAID.body)
    await remarks.send(store, of.people[Group.INDUSTRY], round_id, late, new_id(), SAID)
    receipt = await remarks.hand_in(store, me, round_id, DURING + timedelta(minutes=61), fourth)
    assert receipt.remark.state is RemarkState.OPEN


async def test_what_was_made_of_files_does_not_count(store: Store, of: Hearing) -> None:
    await put(store, of, [remark(of, source_row=str(row)) for row in range(5)])
    await remarks.send(store, of.people[Group.CIVIL_SOCIETY], of.round.id, DURING, new_id(), SAID)


async def test_replies_have_their_own_number(store: Store, of: Hearing) -> None:
    await put(store, of, [remark(of, Group.INDUSTRY)])
    me = of.people[Group.CIVIL_SOCIETY]
    for _ in range(2):
        await replies.write(store, me, of.round.id, DURING, 1, new_id(), "We agree.")
    with pytest.raises(TooMany, match="sent 2 replies"):
        await replies.write(store, me, of.round.id, DURING, 1, new_id(), "We agree.")


async def test_load_tests_can_turn_it_off(of: Hearing, database_url: str) -> None:
    async with Store.open(database_url, paced=False) as store:
        for _ in range(4):
            await remarks.send(store, of.people[Group.CIVIL_SOCIETY], of.round.id, DURING, new_id(), SAID)
