"""Doors about proposals: a party's own, which nobody outside its circle learns of, and those on the table."""

from typing import Any

import msgspec

from drafts import commands as do
from drafts.access import Verb, may
from drafts.desk import cast as casts
from drafts.desk import drafts, floor, proposals
from drafts.desk.proposals import Opened, Wish
from drafts.errors import NotFound
from drafts.model import WORDED, Draft, Proposal, new_id
from drafts.store.rows import ms
from drafts.words import Op
from server.api import schema as s
from server.api import schema_floor as sf
from server.api import schema_proposals as sp
from server.api.door import Ask
from server.api.drafts import perform

_SIGNS = {Op.KEEP: "=", Op.INSERT: "+", Op.DELETE: "-"}


# ── one's own ──


async def every(ask: Ask) -> sp.Proposals:
    """The asker's own, and what is on the table."""
    mine = await proposals.mine(ask.store, ask.person.id, ask.path("draft"))
    table = await floor.all(ask.store, ask.person.id, ask.path("draft"))
    tabled = msgspec.convert(table["proposals"], list[sf.FloorProposal])
    return sp.Proposals([_own(one, text) for one, text in mine], tabled)


async def begin(ask: Ask) -> sp.OwnText:
    """Begin a proposal, and lay it on the table when asked to."""
    body: sp.ProposalIn = ask.body
    shape = (body.shape.kind, body.shape.depth, body.shape.lang) if body.shape else None
    wish = Wish(body.kind, body.clause, body.after, shape, body.reason, body.text, body.number)
    made = await proposals.begin(ask.store, ask.person.id, ask.path("draft"), wish)
    if body.table:
        await proposals.table(ask.store, ask.hub.perform, ask.person.id, made.id)
    return await _text(ask, made.id)


async def one(ask: Ask) -> sp.OwnText:
    """A proposal of one's own circle."""
    return await _text(ask, ask.path("proposal"))


async def change(ask: Ask) -> sp.OwnText:
    """Change its reason or its place."""
    body: sp.ProposalSet = ask.body
    before = (await proposals.get(ask.store, ask.person.id, ask.path("proposal"))).proposal
    reason = before.reason if body.reason is msgspec.UNSET else body.reason
    after = before.after_id if body.after is msgspec.UNSET else body.after
    await proposals.describe(ask.store, ask.person.id, before.id, reason, after)
    return await _text(ask, before.id)


async def share(ask: Ask) -> sp.OwnText:
    """Say which parties know of it."""
    await proposals.share(ask.store, ask.hub.perform, ask.person.id, ask.path("proposal"), ask.body.parties)
    return await _text(ask, ask.path("proposal"))


async def put_away(ask: Ask) -> sp.OwnText:
    """Give it up, or take it up again."""
    await proposals.discard(ask.store, ask.hub.perform, ask.person.id, ask.path("proposal"), away=ask.body.away)
    return await _text(ask, ask.path("proposal"))


async def take_in(ask: Ask) -> sp.OwnText:
    """Bring in what became of the clause since."""
    await proposals.take_in(ask.store, ask.hub.perform, ask.person.id, ask.path("proposal"), seen=ask.body.seen)
    return await _text(ask, ask.path("proposal"))


async def table(ask: Ask) -> sp.OwnText:
    """Lay it on the table."""
    await proposals.table(ask.store, ask.hub.perform, ask.person.id, ask.path("proposal"))
    return await _text(ask, ask.path("proposal"))


async def reword(ask: Ask) -> sp.OwnText:
    """Put the words of its own text on the table."""
    await proposals.reword(ask.store, ask.hub.perform, ask.person.id, ask.path("proposal"), ask.body.reason)
    return await _text(ask, ask.path("proposal"))


async def review(ask: Ask) -> sp.OwnText:
    """Say that it stands as it is."""
    await proposals.review(ask.store, ask.hub.perform, ask.person.id, ask.path("proposal"))
    return await _text(ask, ask.path("proposal"))


async def withdraw(ask: Ask) -> sp.OwnText:
    """Take it off the table."""
    await proposals.withdraw(ask.store, ask.hub.perform, ask.person.id, ask.path("proposal"), ask.body.reason)
    return await _text(ask, ask.path("proposal"))


async def answer(ask: Ask) -> sp.OwnText:
    """Accept or decline what was offered."""
    opened = await proposals.get(ask.store, ask.person.id, ask.path("proposal"))
    body: sp.AnswerIn = ask.body
    command = do.Answer(new_id(20), opened.proposal.id, body.accepts, body.note)
    await ask.hub.perform(ask.person.id, opened.draft.id, command)
    return await _text(ask, opened.proposal.id)


async def _text(ask: Ask, proposal_id: str) -> sp.OwnText:
    opened = await proposals.get(ask.store, ask.person.id, proposal_id)
    found = await proposals.standing(ask.store, opened)
    proposal = opened.proposal
    return sp.OwnText(
        _own(proposal, opened.text),
        found.own.id,
        found.own.text if proposal.kind in WORDED else "",
        proposal.base_number,
        proposal.base_text,
        found.behind,
        found.reading.stale.value,
        [(_SIGNS[hunk.op], hunk.text) for hunk in found.reading.pieces],
        list(found.pledged),
        found.reworded,
        _may(opened),
    )


def _own(proposal: Proposal, text: Draft) -> sp.OwnProposal:
    return sp.OwnProposal(
        proposal.id, proposal.draft_id, proposal.number, proposal.kind, proposal.state, proposal.clause_id,
        proposal.after_id, proposal.reason, list(text.circle), ms(proposal.created_at),
    )  # fmt: skip


def _may(opened: Opened) -> sp.OwnMay:
    me, text = opened.me, opened.text
    own = may(me, Verb.PROPOSAL_SHARE, text) is None
    tables = own and opened.proposal.number is None and may(me, Verb.PROPOSAL_TABLE, opened.draft) is None
    pledges = opened.proposal.number is None and may(me, Verb.PROPOSAL_BACK, text) is None
    return sp.OwnMay(own, may(me, Verb.DRAFT_EDIT, text) is None, tables, pledges)


# ── on the table ──


async def tabled(ask: Ask) -> sp.TabledProposal:
    """A tabled proposal with its history."""
    draft_id, proposal_id = ask.path("draft"), ask.path("tabled")
    acts = await proposals.history(ask.store, ask.person.id, draft_id, proposal_id)
    state, me = await drafts.state(ask.store, ask.person.id, draft_id)
    people = await casts.of(ask.store, state)
    seen = floor.proposal_view(me, state, people, proposals.tabled(state, me, proposal_id))
    steps = [
        sp.ProposalStep(act.seq, act.kind.value, act.at, act.person_id, _seat(people, act.party_id), act.body)
        for act in acts
    ]
    return sp.TabledProposal(msgspec.convert(seen, sf.FloorProposal), steps)


def _seat(people: casts.Cast, party_id: str) -> sf.Seat:
    party = people.parties.get(party_id)
    return sf.Seat(party_id, party.code, party.name, party.group) if party else sf.Seat(party_id, "–", "–", "")


async def sponsor(ask: Ask) -> s.Done:
    """Join the sponsors or leave them; of a proposal that is shared with the asker and not tabled: say so before."""
    draft_id, proposal_id, joins = ask.path("draft"), ask.path("tabled"), ask.body.joins
    state, _ = await drafts.state(ask.store, ask.person.id, draft_id)
    if proposal_id in state.floor.proposals:
        return await perform(ask, do.Sponsor(ask.op(), proposal_id, joins))
    opened = await proposals.get(ask.store, ask.person.id, proposal_id)
    if opened.draft.id != draft_id:
        raise NotFound("not_found", "There is nothing at this address.")
    await proposals.pledge(ask.store, ask.hub.perform, ask.person.id, proposal_id, joins=joins)
    return s.Done([], state.draft.seq, [], repeat=False)


async def offer(ask: Ask) -> s.Done:
    """Offer an outcome to the owners of proposals."""
    body: sp.OfferIn = ask.body
    return await perform(ask, do.Offer(ask.op(), tuple(body.proposals), body.text, body.note))


async def accept(ask: Ask) -> s.Done:
    """Take proposals into the text."""
    body: sp.AcceptIn = ask.body
    hunks: Any = None if body.hunks is None else tuple(sorted(set(body.hunks)))
    return await perform(ask, do.Accept(ask.op(), tuple(body.proposals), body.number, hunks, body.reason))


async def not_retain(ask: Ask) -> s.Done:
    """Close a proposal without taking it in."""
    body: sp.NotRetainIn = ask.body
    return await perform(ask, do.NotRetain(ask.op(), body.proposal, body.reason))
