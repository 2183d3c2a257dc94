"""A file of a delegation that may not edit: private proposals, once; tabled together; conflicts turned into one."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from drafts import commands as do
from drafts.desk import bringing, brought, drafts, live, merges, proposals, threads
from drafts.desk.verify import verify
from drafts.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from drafts.exchange.parsed import Remark, Signed
from drafts.model import ClauseStatus, Mode, ProposalKind, ProposalState, Stage, new_id
from drafts.outside import How, Kind, Report
from drafts.store import Store
from tests.cast import Cast
from tests.desk.test_merges import SUBS, applied, as_file, bring, edit, live_texts, settle

GAUGE = SUBS[0].replace("measure", "gauge")
TELL = SUBS[1].replace("warn", "tell")


@pytest.fixture
async def file(store: Store, people: Cast) -> str:
    """Norvale's file with two changes; the chair took the pen since, and changed the first of these words."""
    kept = await bring(
        store, people, people.norvale, await as_file(store, people, ("measure", "gauge"), ("warn", "tell"))
    )
    await live.perform(store, people.chair, people.draft.id, do.SetDraft(new_id(), mode=Mode.PEN))
    await edit(store, people, people.chair, 3, "those that record water levels;")
    return kept


async def tables(store: Store, people: Cast, file: str, who: str | None = None) -> dict[str, object]:
    return {**await bringing.table(store, partial(live.perform, store), who or people.norvale, file)}


async def mine(store: Store, people: Cast) -> list[tuple[ProposalKind, ProposalState, str]]:
    """Kind, state and words of each of Norvale's."""
    found = []
    for one, _ in await proposals.mine(store, people.norvale, people.draft.id):
        state = await drafts.restored(store, await store.load(one.id))
        found.append((one.kind, one.state, state.live()[0].text))
    return sorted(found)


async def clause(store: Store, people: Cast, at: int) -> str:
    return (await drafts.state(store, people.chair, people.draft.id))[0].standing()[at].id


async def test_a_file_becomes_private_proposals_once(store: Store, people: Cast, file: str) -> None:
    before = (await store.load(people.draft.id)).draft.seq
    seen = await merges.preview(store, people.norvale, file)
    assert await mine(store, people) == []
    one, other = await asyncio.gather(*(applied(store, who, file) for who in (people.norvale, people.norvale_second)))
    assert one == other == await merges.report(store, people.norvale, file)
    assert [done.kind for done in one.proposed] == [Kind.EDIT, Kind.EDIT]
    assert [(done.label, done.text) for done in one.proposed] == [("OP1 (a)", GAUGE), ("OP1 (b)", TELL)]
    assert one.proposals == seen.proposals
    assert (one.commented, one.applied, one.conflicts) == ((), (), ())
    draft = (ProposalKind.MODIFY, ProposalState.DRAFT)
    assert await mine(store, people) == [(*draft, GAUGE), (*draft, TELL)]
    assert (await store.load(people.draft.id)).draft.seq == before  # the draft's log knows nothing of it
    assert await threads.all(store, people.chair, people.draft.id) == []
    assert await verify(store) == []


async def test_a_command_that_comes_again_makes_nothing_twice(store: Store, people: Cast, file: str) -> None:
    """The transaction is whole or not there: what is sent again finds it."""
    await applied(store, people.norvale, file)
    found = await brought.get(store, people.norvale, file)
    draft, member = await drafts.open(store, people.norvale, people.draft.id)
    command = await merges._command(store, found, draft, member, {}, None)
    await live.perform(store, people.norvale, people.draft.id, command)
    assert len(await mine(store, people)) == 2
    assert await merges.report(store, people.norvale, file) == found.report


async def test_nobody_else_learns_of_them(store: Store, people: Cast, file: str) -> None:
    report = await applied(store, people.norvale, file)
    for who in (people.chair, people.secretary, people.costamar, people.observer, people.stranger, None):
        for named in report.proposals:
            with pytest.raises(NotFound):
                await proposals.get(store, who, named)
        with pytest.raises(NotFound):
            await tables(store, people, file, who or "nobody")
    for other in (people.chair, people.costamar):
        assert await proposals.mine(store, other, people.draft.id) == []


async def test_comments_of_the_file_stay_in_the_party_and_what_is_no_proposal_is_said_to_delegations(
    store: Store, people: Cast
) -> None:
    remark = Remark("0", 3, 6, 13, "measure", Signed("Otto"), "Our red line.")
    parsed = await as_file(store, people, ("measure", "gauge"), remarks=(remark,))
    shaped = replace(parsed.clauses[4], depth=2)
    file = replace(parsed, clauses=(*parsed.clauses[:4], shaped, *parsed.clauses[5:]))
    kept = await bring(store, people, people.norvale, file)
    await live.perform(store, people.chair, people.draft.id, do.SetDraft(new_id(), mode=Mode.PEN))
    report = await applied(store, people.norvale, kept)
    assert (len(report.proposed), len(report.commented), report.remarks) == (1, 1, 1)
    for who, count in ((people.norvale_second, 2), (people.costamar, 1), (people.chair, 1), (people.observer, 0)):
        heard = [view["comments"][0]["body"] for view in await threads.all(store, who, people.draft.id)]
        assert len(heard) == count
        assert any("red line" in body for body in heard) == (count == 2)


async def test_they_stand_on_the_text_of_the_file_and_show_what_was_changed_since(
    store: Store, people: Cast, file: str
) -> None:
    report = await applied(store, people.norvale, file)
    stale, clear = [
        await proposals.standing(store, await proposals.get(store, people.norvale, named)) for named in report.proposals
    ]
    assert (stale.behind, stale.reading.stale.value, clear.behind) == (True, "words", False)
    (both,) = stale.reading.conflicts
    assert (both.base, both.theirs, both.live) == ("measure", "gauge", "record")


async def test_all_are_tabled_together_once(store: Store, people: Cast, file: str) -> None:
    report = await applied(store, people.norvale, file)
    assert await tables(store, people, file) == {}
    assert await tables(store, people, file) == {}
    state, _ = await drafts.state(store, people.chair, people.draft.id)
    assert [(p.number, p.id) for p in state.floor.proposals.values()] == list(enumerate(report.proposals, 1))
    accept = do.Accept(new_id(), (report.proposals[1],), state.standing()[4].number)
    await live.perform(store, people.chair, people.draft.id, accept)
    assert (await live_texts(store, people))[4] == TELL
    known = await bringing.standing(store, people.norvale, report, people.draft.id)
    assert known[report.proposals[1]].state is ProposalState.ACCEPTED
    assert await verify(store) == []


async def test_what_cannot_be_tabled_is_said_and_the_others_are(store: Store, people: Cast, file: str) -> None:
    report = await applied(store, people.norvale, file)
    lock = do.Lock(new_id(), await clause(store, people, 3), ClauseStatus.AGREED_AD_REF)
    await live.perform(store, people.chair, people.draft.id, lock)
    refused = await tables(store, people, file)
    assert list(refused) == [report.proposals[0]]
    assert [state for _, state, _ in await mine(store, people)] == [ProposalState.DRAFT, ProposalState.TABLED]


async def test_at_another_stage_they_wait_and_those_put_away_stay_so(store: Store, people: Cast, file: str) -> None:
    report = await applied(store, people.norvale, file)
    perform = partial(live.perform, store)
    await live.perform(store, people.chair, people.draft.id, do.SetDraft(new_id(), stage=Stage.FIRST_READING))
    with pytest.raises(Forbidden):
        await tables(store, people, file)
    await live.perform(store, people.chair, people.draft.id, do.SetDraft(new_id(), stage=Stage.SECOND_READING))
    await proposals.discard(store, perform, people.norvale, report.proposals[0])
    assert await tables(store, people, file) == {}
    found = await bringing.standing(store, people.norvale, report, people.draft.id)
    assert [found[name].number for name in report.proposals] == [None, 1]


async def test_a_party_writes_only_so_many_at_a_time(
    store: Store, people: Cast, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposals, "MAX_WAITING", 1)
    for way in (merges.preview(store, people.norvale, file), applied(store, people.norvale, file)):
        with pytest.raises(TooMany):
            await way
    assert await mine(store, people) == []
    assert (await brought.get(store, people.norvale, file)).report is None


# ── conflicts ──


async def conflict(store: Store, people: Cast) -> tuple[str, str]:
    """Norvale may edit; Costamar changed the same words."""
    kept = await bring(store, people, people.norvale, await as_file(store, people, ("measure", "gauge")))
    await edit(store, people, people.costamar, 3, "those that record water levels;")
    (clash,) = (await applied(store, people.norvale, kept)).open
    return kept, clash.id


def proposal_of(report: Report) -> str:
    settled = report.conflicts[0].settled
    assert settled is not None
    assert settled.how is How.PROPOSAL
    return settled.proposal


async def test_a_conflict_becomes_a_private_proposal(store: Store, people: Cast) -> None:
    kept, named = await conflict(store, people)
    before = (await store.load(people.draft.id)).draft.seq
    report = await settle(store, people.norvale, kept, named, "proposal", "not used")
    made = await proposals.get(store, people.norvale_second, proposal_of(report))
    assert (made.proposal.base_number, made.proposal.base_text) == (0, SUBS[0])
    assert (await mine(store, people))[0][2] == GAUGE
    assert report.proposals == (made.proposal.id,)
    assert (await store.load(people.draft.id)).draft.seq == before
    with pytest.raises(Conflict):
        await settle(store, people.norvale, kept, named, "proposal")
    with pytest.raises(NotFound):
        await proposals.get(store, people.chair, made.proposal.id)
    assert await tables(store, people, kept) == {}
    assert await verify(store) == []


async def test_two_who_turn_it_into_one_make_one(store: Store, people: Cast) -> None:
    kept, named = await conflict(store, people)
    both = (settle(store, who, kept, named, "proposal") for who in (people.norvale, people.norvale_second))
    found = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(one).__name__ for one in found) == ["Conflict", "Report"]
    assert len(await mine(store, people)) == 1


async def test_what_has_no_kind_of_proposal_stays_open(store: Store, people: Cast) -> None:
    state, _ = await drafts.state(store, people.chair, people.draft.id)
    parsed = await as_file(store, people)
    one = parsed.clauses[4]
    shaped = type(one)(one.kind, 2, one.text, one.lang, id=one.id)
    kept = await bring(
        store, people, people.norvale, type(parsed)("", "", "en", (*parsed.clauses[:4], shaped, *parsed.clauses[5:]))
    )
    move = do.Move(new_id(), state.standing()[4].id, state.standing()[2].id)
    await live.perform(store, people.chair, people.draft.id, move)
    (clash,) = (await applied(store, people.norvale, kept)).open
    assert clash.kind is Kind.SHAPE
    with pytest.raises(Invalid):
        await settle(store, people.norvale, kept, clash.id, "proposal")
    assert len((await merges.report(store, people.norvale, kept)).open) == 1
    assert await mine(store, people) == []
