"""Proposals as their own parties have them: in private, shared, put away, tabled, and after that."""

from functools import partial

import pytest

from drafts import commands as do
from drafts import exchange
from drafts.acts import ActKind
from drafts.decide import Outcome
from drafts.desk import brought, drafts, forums, live, proposals, threads, versions
from drafts.desk.proposals import Wish
from drafts.desk.verify import verify
from drafts.errors import Conflict, Forbidden, Invalid, NotFound
from drafts.floor import Tabled
from drafts.model import (
    Audience,
    Clause,
    ClauseKind,
    Openness,
    Place,
    Proposal,
    ProposalKind,
    ProposalState,
    Stage,
    Stance,
    new_id,
)
from drafts.outside import Purpose
from drafts.store import Store
from tests.cast import Cast


async def clauses(store: Store, people: Cast) -> list[Clause]:
    return (await drafts.state(store, people.chair, people.draft.id))[0].live()


async def wish(store: Store, people: Cast, text: str | None = None, at: int = 4) -> Wish:
    return Wish(ProposalKind.MODIFY, (await clauses(store, people))[at].id, reason="Storms too.", text=text)


@pytest.fixture
async def begun(store: Store, people: Cast) -> Proposal:
    """Norvale's proposal on the last sub-clause."""
    wanted = await wish(store, people, "those that warn of floods and storms.")
    return await proposals.begin(store, people.norvale, people.draft.id, wanted)


async def own_words(store: Store, proposal: Proposal) -> str:
    state = await drafts.restored(store, await store.load(proposal.id))
    (clause,) = state.live()
    return clause.text


async def edit(store: Store, who: str, draft_id: str, at: int, text: str) -> None:
    state = await drafts.restored(store, await store.load(draft_id))
    clause = state.standing()[at]
    await live.perform(store, who, draft_id, do.Edit(new_id(), clause.id, clause.number, text))


async def tabled(store: Store, people: Cast, proposal: Proposal) -> Tabled:
    state, _ = await drafts.state(store, people.chair, people.draft.id)
    return state.floor.proposals[proposal.id]


# ── beginning ──


async def test_a_proposal_begins_with_the_clause_and_its_words_over_it(
    store: Store, people: Cast, begun: Proposal
) -> None:
    state, _ = await drafts.state(store, people.norvale_second, begun.id)
    (clause,) = state.live()
    assert (clause.id, clause.kind, clause.depth) == (begun.clause_id, ClauseKind.SUB, 1)
    assert clause.text == "those that warn of floods and storms."
    assert [act.kind for act in await store.acts(begun.id, 0)] == [ActKind.BEGIN, ActKind.EDIT]
    assert begun.base_text == "those that warn of floods."
    assert state.draft.circle == (people.parties["NVL"].id,)
    assert begun.state is ProposalState.DRAFT
    assert await verify(store) == []


async def test_nobody_else_learns_of_it(store: Store, people: Cast, begun: Proposal) -> None:
    await live.perform(store, people.norvale, begun.id, do.OpenThread(new_id(), Place.DRAFT, "Between us."))
    for other in (people.chair, people.secretary, people.costamar, people.observer, people.stranger, None):
        for look in (
            partial(proposals.get, store, other, begun.id),
            partial(drafts.state, store, other, begun.id),
            partial(threads.all, store, other, begun.id),
            partial(versions.all, store, other, begun.id),
            partial(proposals.table, store, partial(live.perform, store), other, begun.id),
            partial(proposals.discard, store, partial(live.perform, store), other, begun.id),
            partial(proposals.share, store, partial(live.perform, store), other, begun.id, ()),
            partial(live.perform, store, other, begun.id, do.Share(new_id(), ())),
        ):
            with pytest.raises(NotFound):
                await look()
        if other in people.members:
            assert await proposals.mine(store, other, people.draft.id) == []
    _, _, listed = await drafts.of_forum(store, people.norvale, people.forum.id)
    assert [draft.id for draft in listed] == [people.draft.id]
    assert (await store.load(people.draft.id)).draft.seq == 1
    assert [one.id for one, _ in await proposals.mine(store, people.norvale_second, people.draft.id)] == [begun.id]


async def test_a_new_clause_begins_empty(store: Store, people: Cast) -> None:
    place = (await clauses(store, people))[1].id
    shape = (ClauseKind.PREAMBULAR, 0, "")
    made = await proposals.begin(store, people.costamar, people.draft.id, Wish("add", after_id=place, shape=shape))
    assert (made.clause_id, made.after_id, await own_words(store, made)) == (None, place, "")
    await edit(store, people.costamar, made.id, 0, "*Noting* the storms,")
    assert await proposals.table(store, partial(live.perform, store), people.costamar, made.id) == 1
    found = await tabled(store, people, made)
    assert (found.clause, found.after, found.shape, found.text) == (None, place, shape, "*Noting* the storms,")


async def test_what_cannot_be_proposed(store: Store, people: Cast) -> None:
    first, second, *_ = await clauses(store, people)
    for wanted, refusal in (
        (Wish("modify", "nothing"), Invalid),
        (Wish("modify"), Invalid),
        (Wish("burn", first.id), Invalid),
        (Wish("move", second.id, after_id=first.id), Invalid),  # it stands there
        (Wish("add", after_id="nothing"), Invalid),
        (Wish("add", shape=(ClauseKind.SUB, 0, "")), Invalid),
        (Wish("modify", first.id, number=3), Conflict),
    ):
        with pytest.raises(refusal):
            await proposals.begin(store, people.norvale, people.draft.id, wanted)
    with pytest.raises(Forbidden):
        await proposals.begin(store, people.observer, people.draft.id, Wish("modify", first.id))
    with pytest.raises(NotFound):
        await proposals.begin(store, people.stranger, people.draft.id, Wish("modify", first.id))


async def test_without_words_there_is_nothing_to_write(store: Store, people: Cast) -> None:
    first = (await clauses(store, people))[1]
    made = await proposals.begin(store, people.norvale, people.draft.id, Wish("delete", first.id, text="ignored"))
    assert await own_words(store, made) == first.text
    with pytest.raises(Forbidden, match="no words"):
        await edit(store, people.norvale, made.id, 0, "Something else,")


# ── sharing ──


async def test_sharing_opens_it_to_named_parties_until_it_ends(store: Store, people: Cast, begun: Proposal) -> None:
    perform, costamar = partial(live.perform, store), people.parties["CTM"].id
    await proposals.share(store, perform, people.norvale, begun.id, [costamar])
    opened = await proposals.get(store, people.costamar, begun.id)
    assert (opened.own, opened.proposal.state) == (False, ProposalState.SHARED)
    assert [one.id for one, _ in await proposals.mine(store, people.costamar, people.draft.id)] == [begun.id]
    await live.perform(store, people.costamar, begun.id, do.OpenThread(new_id(), Place.DRAFT, "Good."))
    await proposals.pledge(store, perform, people.costamar, begun.id, joins=True)
    with pytest.raises(Forbidden):
        await edit(store, people.costamar, begun.id, 0, "ours.")
    with pytest.raises(Forbidden):
        await proposals.table(store, perform, people.costamar, begun.id)
    with pytest.raises(NotFound):
        await proposals.get(store, people.chair, begun.id)
    await proposals.share(store, perform, people.norvale, begun.id, [])
    with pytest.raises(NotFound):
        await proposals.get(store, people.costamar, begun.id)
    assert (await proposals.get(store, people.norvale, begun.id)).proposal.state is ProposalState.DRAFT
    assert await verify(store) == []


async def test_it_is_shared_with_parties_that_read_the_draft(store: Store, people: Cast, begun: Proposal) -> None:
    perform, watch = partial(live.perform, store), people.parties["ONW"].id
    opened = await proposals.get(store, people.norvale, begun.id)
    assert [p.code for p in await proposals.parties(store, opened)] == ["CHR", "CTM", "ONW", "SEC"]
    with pytest.raises(Invalid):
        await proposals.share(store, perform, people.norvale, begun.id, ["elsewhere"])
    await proposals.share(store, perform, people.norvale, begun.id, [watch])
    await proposals.get(store, people.observer, begun.id)
    await live.perform(store, people.chair, people.draft.id, do.SetDraft(new_id(), observers=False))
    for read in (proposals.get, drafts.state):  # its own text would go on telling what the draft says
        with pytest.raises(NotFound):
            await read(store, people.observer, begun.id)
    await proposals.share(store, perform, people.norvale, begun.id, [])
    with pytest.raises(Invalid):
        await proposals.share(store, perform, people.norvale, begun.id, [watch])


async def test_chairs_let_in_lead_nothing_there(store: Store, people: Cast, begun: Proposal) -> None:
    perform = partial(live.perform, store)
    await proposals.share(store, perform, people.norvale, begun.id, [people.parties["CHR"].id])
    for command in (
        do.Issue(new_id(), "Rev.1"),
        do.SetDraft(new_id(), title="Ours"),
        do.Lock(new_id(), begun.clause_id or "", "agreed_ad_ref"),
    ):
        with pytest.raises(Invalid, match="one clause"):
            await live.perform(store, people.chair, begun.id, command)
    with pytest.raises(Forbidden):
        await edit(store, people.chair, begun.id, 0, "the chair's.")


async def test_nothing_is_merged_into_a_proposals_own_text(store: Store, people: Cast, begun: Proposal) -> None:
    file = exchange.read("ours.md", b"1. Another text.")
    with pytest.raises(NotFound):
        await brought.keep(store, people.norvale, begun.id, "ours.md", file, Purpose.MERGE)
    await brought.keep(store, people.norvale, begun.id, "ours.md", file, Purpose.COMPARE)


# ── put away ──


async def test_what_is_given_up_is_kept(store: Store, people: Cast, begun: Proposal) -> None:
    perform = partial(live.perform, store)
    await proposals.discard(store, perform, people.norvale, begun.id)
    ((kept, _),) = await proposals.mine(store, people.norvale, people.draft.id)
    assert (kept.state, kept.number) == (ProposalState.WITHDRAWN, None)
    assert await own_words(store, begun) == "those that warn of floods and storms."
    with pytest.raises(Conflict):
        await proposals.table(store, perform, people.norvale, begun.id)
    await proposals.discard(store, perform, people.norvale_second, begun.id, away=False)
    await proposals.table(store, perform, people.norvale, begun.id)
    with pytest.raises(Conflict):
        await proposals.discard(store, perform, people.norvale, begun.id)
    assert await verify(store) == []


async def test_what_was_put_away_while_a_colleague_tabled_it_is_taken_up_again(
    store: Store, people: Cast, begun: Proposal
) -> None:
    """The two logs know nothing of each other, so both can be written at one moment."""
    perform = partial(live.perform, store)
    await proposals.table(store, perform, people.norvale, begun.id)
    await live.perform(store, people.norvale_second, begun.id, do.PutAway(new_id(), True))
    assert (await proposals.get(store, people.norvale, begun.id)).proposal.state is ProposalState.TABLED
    with pytest.raises(Forbidden):
        await edit(store, people.norvale, begun.id, 0, "those that warn of storms.")
    await proposals.discard(store, perform, people.norvale, begun.id, away=False)
    await edit(store, people.norvale, begun.id, 0, "those that warn of storms.")
    await proposals.reword(store, perform, people.norvale, begun.id)
    assert (await tabled(store, people, begun)).text == "those that warn of storms."


async def test_two_of_a_party_table_it_at_one_moment(store: Store, people: Cast, begun: Proposal) -> None:
    """Whoever comes second is told its number, as when it is tabled again."""

    async def second(who: str | None, draft_id: str, command: do.Command) -> Outcome:
        assert await proposals.table(store, perform, people.norvale_second, begun.id) == 1
        return await perform(who, draft_id, command)

    perform = partial(live.perform, store)
    assert await proposals.table(store, second, people.norvale, begun.id) == 1


# ── on the table ──


async def test_tabling_lays_the_words_before_everybody_once(store: Store, people: Cast, begun: Proposal) -> None:
    perform = partial(live.perform, store)
    await proposals.share(store, perform, people.norvale, begun.id, [people.parties["CTM"].id])
    await proposals.pledge(store, perform, people.costamar, begun.id, joins=True)
    for who in (people.norvale, people.norvale, people.norvale_second):
        assert await proposals.table(store, perform, who, begun.id) == 1
    found = await tabled(store, people, begun)
    assert (found.old, found.text) == (begun.base_text, "those that warn of floods and storms.")
    assert found.backers() == [people.parties["NVL"].id, people.parties["CTM"].id]
    assert found.reason == "Storms too."
    assert (await proposals.get(store, people.norvale, begun.id)).proposal.state is ProposalState.TABLED
    with pytest.raises(NotFound):  # its own text stays private for ever
        await drafts.state(store, people.chair, begun.id)
    await proposals.share(store, perform, people.norvale, begun.id, [])
    assert (await proposals.get(store, people.norvale, begun.id)).proposal.state is ProposalState.TABLED
    assert await verify(store) == []


async def test_a_partner_cannot_keep_it_from_being_tabled(store: Store, people: Cast, begun: Proposal) -> None:
    perform = partial(live.perform, store)
    clause = (await clauses(store, people))[1].id
    squat = do.TakePosition(f"table-{begun.id}", clause, Stance.SUPPORT)
    await live.perform(store, people.costamar, people.draft.id, squat)
    assert await proposals.table(store, perform, people.norvale, begun.id) == 1
    assert await proposals.table(store, perform, people.norvale_second, begun.id) == 1


async def test_further_wording_is_private_until_it_is_put_on_the_table(
    store: Store, people: Cast, begun: Proposal
) -> None:
    perform = partial(live.perform, store)
    await proposals.table(store, perform, people.norvale, begun.id)
    with pytest.raises(Invalid):
        await proposals.reword(store, perform, people.norvale, begun.id)
    await edit(store, people.norvale_second, begun.id, 0, "those that warn of storms.")
    assert (await tabled(store, people, begun)).text == "those that warn of floods and storms."
    opened = await proposals.get(store, people.norvale, begun.id)
    assert (await proposals.standing(store, opened)).reworded
    await proposals.reword(store, perform, people.norvale, begun.id, "Shorter.")
    found = await tabled(store, people, begun)
    assert (found.text, found.wording, found.reason) == ("those that warn of storms.", 2, "Shorter.")
    kinds = [a.kind for a in await proposals.history(store, people.observer, people.draft.id, begun.id)]
    assert kinds == [ActKind.TABLE, ActKind.REVISE]


async def test_only_the_second_reading_has_a_table(store: Store, people: Cast, begun: Proposal) -> None:
    await live.perform(store, people.chair, people.draft.id, do.SetDraft(new_id(), stage=Stage.FIRST_READING))
    with pytest.raises(Forbidden):
        await proposals.table(store, partial(live.perform, store), people.norvale, begun.id)
    wanted = await wish(store, people)
    await proposals.begin(store, people.norvale, people.draft.id, wanted)  # writing goes on


async def test_the_history_is_for_those_who_see_it(store: Store, people: Cast, begun: Proposal) -> None:
    perform = partial(live.perform, store)
    await proposals.table(store, perform, people.norvale, begun.id)
    await live.perform(store, people.chair, people.draft.id, do.SetDraft(new_id(), proposals=Openness.LEADS))
    await proposals.withdraw(store, perform, people.norvale, begun.id, "Later.")
    for who in (people.chair, people.norvale_second):
        acts = await proposals.history(store, who, people.draft.id, begun.id)
        assert [act.kind for act in acts] == [ActKind.TABLE, ActKind.WITHDRAW]
    for who in (people.costamar, people.observer, people.stranger):
        with pytest.raises(NotFound):
            await proposals.history(store, who, people.draft.id, begun.id)
    assert (await proposals.get(store, people.norvale, begun.id)).proposal.state is ProposalState.WITHDRAWN


async def test_the_history_names_no_other_proposal_that_is_not_open(
    store: Store, people: Cast, begun: Proposal
) -> None:
    perform = partial(live.perform, store)
    wanted = await wish(store, people, "all those that warn of floods.")
    other = (await proposals.begin(store, people.costamar, people.draft.id, wanted)).id
    await proposals.table(store, perform, people.norvale, begun.id)
    await proposals.table(store, perform, people.costamar, other)
    await live.perform(store, people.chair, people.draft.id, do.SetDraft(new_id(), proposals=Openness.LEADS))
    both = (begun.id, other)
    await live.perform(store, people.chair, people.draft.id, do.Offer(new_id(), both, "those that warn of all."))
    await live.perform(store, people.chair, people.draft.id, do.Accept(new_id(), (other, begun.id), 0))

    async def named(who: str) -> list[object]:
        acts = await proposals.history(store, who, people.draft.id, begun.id)
        return [act.body.get("proposals", act.body.get("into")) for act in acts]

    assert await named(people.chair) == [None, [*both], other]
    assert await named(people.norvale) == [None, [begun.id], None]


# ── when the clause moves on ──


async def test_what_became_of_the_clause_is_taken_in(store: Store, people: Cast, begun: Proposal) -> None:
    perform = partial(live.perform, store)
    await proposals.take_in(store, perform, people.norvale, begun.id)
    assert await own_words(store, begun) == "those that warn of floods and storms."
    await edit(store, people.chair, people.draft.id, 4, "those which also warn of floods.")
    opened = await proposals.get(store, people.norvale, begun.id)
    assert (await proposals.standing(store, opened)).behind
    await proposals.take_in(store, perform, people.norvale, begun.id)
    assert await own_words(store, begun) == "those which also warn of floods and storms."
    moved = await proposals.get(store, people.norvale, begun.id)
    assert (moved.proposal.base_number, moved.proposal.base_text) == (1, "those which also warn of floods.")
    assert not (await proposals.standing(store, moved)).behind
    await proposals.table(store, perform, people.norvale, begun.id)
    assert (await tabled(store, people, begun)).base == 1


async def test_the_same_words_wait_for_the_owner(store: Store, people: Cast, begun: Proposal) -> None:
    perform = partial(live.perform, store)
    await proposals.table(store, perform, people.norvale, begun.id)
    await edit(store, people.chair, people.draft.id, 4, "those that warn of tides.")
    opened = await proposals.get(store, people.norvale, begun.id)
    found = await proposals.standing(store, opened)
    assert found.reading.stale
    with pytest.raises(Conflict, match="same words"):
        await proposals.take_in(store, perform, people.norvale, begun.id)
    await edit(store, people.norvale, begun.id, 0, "those that warn of tides and storms.")
    await proposals.take_in(store, perform, people.norvale, begun.id, seen=True)
    await proposals.reword(store, perform, people.norvale, begun.id)
    again = await tabled(store, people, begun)
    assert (again.base, again.old, again.text) == (
        1, "those that warn of tides.", "those that warn of tides and storms.",
    )  # fmt: skip


async def test_still_valid_stands_on_the_clause_of_today(store: Store, people: Cast, begun: Proposal) -> None:
    perform = partial(live.perform, store)
    await proposals.table(store, perform, people.norvale, begun.id)
    await edit(store, people.chair, people.draft.id, 4, "those that warn of tides.")
    await proposals.review(store, perform, people.norvale_second, begun.id)
    found = await tabled(store, people, begun)
    assert (found.base, found.wording, found.text) == (1, 1, "those that warn of floods and storms.")
    opened = await proposals.get(store, people.norvale, begun.id)
    assert (opened.proposal.base_number, (await proposals.standing(store, opened)).behind) == (1, False)
    with pytest.raises(Forbidden):
        await live.perform(store, people.costamar, people.draft.id, do.Withdraw(new_id(), begun.id))


async def test_two_parties_know_nothing_of_each_other(store: Store, people: Cast, begun: Proposal) -> None:
    wanted = await wish(store, people, "those that warn of drought.")
    other = await proposals.begin(store, people.costamar, people.draft.id, wanted)
    assert [one.id for one, _ in await proposals.mine(store, people.norvale, people.draft.id)] == [begun.id]
    assert [one.id for one, _ in await proposals.mine(store, people.costamar, people.draft.id)] == [other.id]
    perform = partial(live.perform, store)
    assert await proposals.table(store, perform, people.costamar, other.id) == 1
    assert await proposals.table(store, perform, people.norvale, begun.id) == 2


async def test_a_member_who_leaves_the_party_leaves_its_proposals(store: Store, people: Cast, begun: Proposal) -> None:
    costamar = people.parties["CTM"].id
    await forums.set_member(store, people.chair, people.forum.id, people.norvale_second, costamar, "delegate")
    with pytest.raises(NotFound):
        await proposals.get(store, people.norvale_second, begun.id)


async def test_comments_in_it_are_for_its_circle(store: Store, people: Cast, begun: Proposal) -> None:
    perform = partial(live.perform, store)
    await proposals.share(store, perform, people.norvale, begun.id, [people.parties["CTM"].id])
    for audience in Audience:
        await live.perform(
            store, people.norvale, begun.id, do.OpenThread(new_id(), Place.DRAFT, audience.value, audience=audience)
        )
    seen = {t["audience"] for t in await threads.all(store, people.costamar, begun.id)}
    assert seen == {Audience.EVERYONE, Audience.DELEGATIONS}
