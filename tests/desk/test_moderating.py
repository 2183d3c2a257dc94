"""Moderation: what is held, hidden or reported is seen by whom, everything is undone again, and the register has it."""

import pytest

from drafts.consultation import Remark, RemarkState, Reply, Reveal
from drafts.desk import moderating, rounds
from drafts.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from drafts.model import Group, new_id
from drafts.register import Entry, chained
from drafts.store import Store
from drafts.store.rows import ms
from tests.hearing import DURING, Hearing, hearing, put, remark


@pytest.fixture
async def of(store: Store) -> Hearing:
    return await hearing(store, reveal=Reveal.MODERATED)


async def one(store: Store, of: Hearing, group: Group = Group.CIVIL_SOCIETY, **facts) -> Remark:
    return (await put(store, of, [remark(of, group, **facts)]))[0]


async def answer(store: Store, of: Hearing, under: Remark, group: Group) -> Reply:
    party, person = of.parties[group], of.people[group]
    reply = Reply(new_id(), under.id, person, "", party, "That is rude.", DURING)
    async with store.write() as q:
        await q.replies.add(reply, new_id())
    return reply


async def seen(store: Store, of: Hearing, person_id: str | None, number: int) -> Remark | None:
    entered = await rounds.enter(store, person_id, of.round.id, DURING)
    async with store.read() as q:
        try:
            found = await rounds.remark_in(q, entered, await q.remarks.numbered(of.round.id, number))
        except NotFound:
            return None
    return rounds.trace(entered, found)


async def kinds(store: Store, of: Hearing) -> list[str]:
    """What the register says, after a look at its chain."""
    async with store.read() as q:
        rows = await q.register.rows(of.round.id)
    head = ""
    for row in rows:
        head = chained(head, of.round.id, row.seq, row.entry)
        assert row.hash == head
    return [row.entry.kind for row in rows]


async def told(store: Store, person_id: str) -> list[str]:
    async with store.read() as q:
        return [notice.kind for notice in await q.notices.of(person_id)]


async def test_what_waits_is_let_through_by_those_who_lead(store: Store, of: Hearing) -> None:
    held = await one(store, of, state=RemarkState.HELD)
    assert await seen(store, of, of.people[Group.INDUSTRY], held.number) is None
    with pytest.raises(Forbidden):
        await moderating.let_through(store, of.people[Group.INDUSTRY], of.round.id, [held.number], DURING)
    assert await moderating.let_through(store, of.cast.secretary, of.round.id, [held.number, 99], DURING) == 1
    assert await moderating.let_through(store, of.cast.chair, of.round.id, [held.number], DURING) == 0
    for reader in (of.people[Group.INDUSTRY], None):
        found = await seen(store, of, reader, held.number)
        assert found is not None
        assert found.body == held.body
    assert await kinds(store, of) == ["let_through"]
    assert await told(store, of.civil_second) == ["let_through"]  # the whole party
    assert await told(store, of.people[Group.INDUSTRY]) == []


async def test_what_is_hidden_leaves_its_place_and_the_reason(store: Store, of: Hearing) -> None:
    sent = await one(store, of)
    with pytest.raises(Invalid):
        await moderating.hide(store, of.cast.chair, of.round.id, sent.number, " ", DURING)
    with pytest.raises(TooLarge):
        await moderating.hide(store, of.cast.chair, of.round.id, sent.number, "x" * 1001, DURING)
    await moderating.hide(store, of.cast.chair, of.round.id, sent.number, "Names a person.", DURING)
    for reader in (None, of.people[Group.INDUSTRY]):
        found = await seen(store, of, reader, sent.number)
        assert found is not None
        assert (found.body, found.hidden_reason) == ("", "Names a person.")
    for reader in (of.people[Group.CIVIL_SOCIETY], of.cast.secretary):
        found = await seen(store, of, reader, sent.number)
        assert found is not None
        assert found.body == sent.body
    assert await told(store, of.people[Group.CIVIL_SOCIETY]) == ["remark_hidden"]
    with pytest.raises(Conflict):
        await moderating.hide(store, of.cast.chair, of.round.id, sent.number, "Again.", DURING)


async def test_hiding_is_undone_to_what_it_was(store: Store, of: Hearing) -> None:
    held, let = await one(store, of, state=RemarkState.HELD), await one(store, of, state=RemarkState.HELD)
    await moderating.let_through(store, of.cast.chair, of.round.id, [let.number], DURING)
    for sent in (held, let):
        await moderating.hide(store, of.cast.chair, of.round.id, sent.number, "Let us look.", DURING)
        await moderating.show(store, of.cast.chair, of.round.id, sent.number, DURING)
        with pytest.raises(Conflict):
            await moderating.show(store, of.cast.chair, of.round.id, sent.number, DURING)
    states = []
    for sent in (held, let):
        found = await seen(store, of, of.cast.chair, sent.number)
        states.append(found and (found.state, found.hidden_reason))
    assert states == [(RemarkState.HELD, ""), (RemarkState.OPEN, "")]
    assert await kinds(store, of) == ["let_through", "hidden", "shown", "hidden", "shown"]


async def test_what_the_secretariat_brought_in_needs_nobody_to_let_it_through(store: Store, of: Hearing) -> None:
    brought = await one(store, of)
    async with store.write() as q:
        await q.register.add(of.round.id, Entry(ms(DURING), of.cast.chair, "", "imported", brought.id))
    await moderating.hide(store, of.cast.chair, of.round.id, brought.number, "Let us look.", DURING)
    await moderating.show(store, of.cast.chair, of.round.id, brought.number, DURING)
    found = await seen(store, of, None, brought.number)
    assert found is not None
    assert found.state is RemarkState.OPEN


async def test_a_report_is_made_once_and_settled_for_all(store: Store, of: Hearing) -> None:
    sent = await one(store, of)
    for reporter in (of.people[Group.INDUSTRY], of.people[Group.ACADEMIA]):
        await moderating.report(store, reporter, of.round.id, sent.number, "It names a person.", DURING)
    with pytest.raises(Conflict):
        await moderating.report(store, of.people[Group.INDUSTRY], of.round.id, sent.number, "Once more.", DURING)
    with pytest.raises(Forbidden):  # one's own
        await moderating.report(store, of.civil_second, of.round.id, sent.number, "Mine.", DURING)
    with pytest.raises(NotFound):  # no account, no seat
        await moderating.report(store, of.cast.stranger, of.round.id, sent.number, "Hm.", DURING)
    entered = await rounds.enter(store, of.cast.chair, of.round.id, DURING)
    docket = await moderating.docket(store, entered)
    assert [{one.party for one in case.reports} for case in docket.reported] == [
        {"Network operators of the lakes", "Institute for quiet networks"}
    ]
    assert await told(store, of.cast.chair) == ["reported", "reported"]
    await moderating.keep(store, of.cast.chair, of.round.id, sent.number, DURING)
    with pytest.raises(Conflict):
        await moderating.keep(store, of.cast.chair, of.round.id, sent.number, DURING)
    assert (await moderating.docket(store, entered)).reported == ()
    async with store.read() as q:
        rows = await q.register.rows(of.round.id)
    assert {(row.entry.person_id, row.entry.party_id) for row in rows if row.entry.kind == "reported"} == {("", "")}
    with pytest.raises(Forbidden):
        await moderating.docket(store, await rounds.enter(store, of.people[Group.INDUSTRY], of.round.id, DURING))


async def test_replies_are_reported_and_hidden_by_themselves(store: Store, of: Hearing) -> None:
    sent = await one(store, of)
    reply = await answer(store, of, sent, Group.INDUSTRY)
    with pytest.raises(Forbidden):  # its own party
        await moderating.report(
            store, of.people[Group.INDUSTRY], of.round.id, sent.number, "Mine.", DURING, reply_id=reply.id
        )
    await moderating.report(  # by the author of what it stands under
        store, of.people[Group.CIVIL_SOCIETY], of.round.id, sent.number, "Rude.", DURING, reply_id=reply.id
    )
    await moderating.hide(store, of.cast.chair, of.round.id, sent.number, "Rude.", DURING, reply_id=reply.id)
    entered = await rounds.enter(store, of.cast.chair, of.round.id, DURING)
    docket = await moderating.docket(store, entered)
    assert docket.reported == ()  # settled with it
    assert [(one.number, reply.body) for one, reply in docket.hidden_replies] == [(sent.number, "That is rude.")]
    assert docket.hidden.remarks == ()
    assert await told(store, of.people[Group.INDUSTRY]) == ["remark_hidden"]
    await moderating.show(store, of.cast.chair, of.round.id, sent.number, DURING, reply_id=reply.id)
    assert (await moderating.docket(store, entered)).hidden_replies == ()
    other = await one(store, of)
    with pytest.raises(NotFound):  # not under this one
        await moderating.hide(store, of.cast.chair, of.round.id, other.number, "Rude.", DURING, reply_id=reply.id)


async def test_who_hid_behind_a_name_is_told_alone(store: Store, of: Hearing) -> None:
    sent = await one(store, of, pseudonym=True, party=None, who="Heron")
    await moderating.hide(store, of.cast.chair, of.round.id, sent.number, "Off topic.", DURING)
    assert await told(store, of.people[Group.CIVIL_SOCIETY]) == ["remark_hidden"]
    assert await told(store, of.civil_second) == []
