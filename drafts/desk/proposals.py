"""Proposals as their own parties have them: written in private, shared, put away, laid on the table, and what their
owners do with them there.

While a proposal is written, it is a row and a draft of its own with the same id: its text, with everything that a
draft has (log, room, comments, redline), open to its circle of parties only. Nothing of it touches the draft that it
is for before it is tabled. ``perform`` is how commands reach a draft's room, as in ``merges``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from drafts import commands as do
from drafts.access import Verb, demand, may
from drafts.acts import Act, ActKind
from drafts.beginning import Shape, own_text
from drafts.decide import check_shape
from drafts.desk import admit, drafts, fields
from drafts.desk.live import Perform
from drafts.errors import Conflict, Invalid, TooMany
from drafts.floor import Tabled, subject
from drafts.model import (
    PLACED,
    WORDED,
    ClauseKind,
    Draft,
    Member,
    Party,
    Proposal,
    ProposalKind,
    ProposalState,
    Stage,
    new_id,
    now,
)
from drafts.readings import Reading, worded
from drafts.state import ClauseState, State
from drafts.store import Store, Work
from drafts.store import begin as write
from drafts.tabling import MAX_REASON, elsewhere

MAX_WAITING: Final = 200  # proposals that one party writes for one draft at a time
NEW: Final[Shape] = (ClauseKind.OPERATIVE, 0, "")


@dataclass(frozen=True, slots=True)
class Opened:
    """A proposal for somebody of its circle: the draft that it is for, and its own text."""

    proposal: Proposal
    text: Draft
    draft: Draft
    me: Member

    @property
    def own(self) -> bool:
        """Whether it is the reader's own party's: others of the circle read and comment."""
        return self.me.party.id == self.text.circle[0]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a proposal's own text stands to the clause it is about, today. ``own`` is the text as its party has it;
    ``live`` the clause (None: a new clause, or one that is gone); ``reading`` what the proposal comes to there;
    ``behind``: the clause has changed since the proposal's base."""

    own: ClauseState
    clause: ClauseState | None
    behind: bool
    reading: Reading
    tabled: Tabled | None
    room: State  # of its own text
    parent: State  # of the draft that it is for

    @property
    def pledged(self) -> list[str]:
        """Ids of the parties that will sponsor it."""
        return self.room.floor.pledged

    @property
    def reworded(self) -> bool:
        """Whether its own text says something else than what is on the table."""
        return self.tabled is not None and self.tabled.kind in WORDED and self.tabled.text != self.own.text.strip()


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to propose. ``after_id``: where a new or moved clause goes (None: to the very front);
    ``shape``: what a new one is. ``text`` are its first words (None: the clause as it stands), ``number`` the text of
    the clause that they were written on (None: as it stands)."""

    kind: ProposalKind | str
    clause_id: str | None = None
    after_id: str | None = None
    shape: Shape | None = None
    reason: str = ""
    text: str | None = None
    number: int | None = None


async def begin(store: Store, person_id: str | None, draft_id: str, wish: Wish) -> Proposal:
    """Begin a proposal that nobody outside the person's party knows of.

    Raises NotFound; Forbidden at a stage without proposals; Invalid; Conflict when the clause is gone or has moved on
    from ``number``; TooMany.
    """
    kind = fields.choice(ProposalKind, wish.kind)
    state, member = await drafts.state(store, person_id, draft_id)
    demand(member, Verb.PROPOSAL_WRITE, state.draft)
    clause = _concerned(state, kind, wish)
    made = Proposal(
        id=new_id(),
        draft_id=draft_id,
        party_id=member.party.id,
        person_id=member.person_id,
        kind=kind,
        state=ProposalState.DRAFT,
        clause_id=clause.id if clause else None,
        base_number=clause.number if clause else 0,
        base_seq=state.draft.seq,
        base_text=clause.text if clause else "",
        after_id=wish.after_id if kind in PLACED else None,
        reason=fields.line(wish.reason, MAX_REASON),
        created_at=now(),
    )
    shape = (clause.kind, clause.depth, clause.lang) if clause is not None else wish.shape or NEW
    begun = own_text(state.draft, member, made, shape, wish.text)
    async with store.write() as q:
        await _room_for_one(q, draft_id, member)
        await write(q, begun)
    return made


def _concerned(state: State, kind: ProposalKind, wish: Wish) -> ClauseState | None:
    if kind in PLACED and wish.after_id is not None and state.clause(wish.after_id) is None:
        raise Invalid("no_clause", "There is no such clause.")
    if kind is ProposalKind.ADD:
        check_shape(*(wish.shape or NEW))
        return None
    clause = state.clause(wish.clause_id or "")
    if clause is None:
        raise Invalid("no_clause", "There is no such clause.")
    if clause.gone is not None:
        raise Conflict("clause_gone", "The clause was deleted meanwhile.")
    if wish.number is not None and wish.number != clause.number:
        raise Conflict("text_moved_on", "The text has moved on. Read it again.")
    if kind is ProposalKind.MOVE:
        elsewhere(state, clause, wish.after_id)
    return clause


async def left(q: Work, draft_id: str, member: Member) -> int:
    """How many more proposals a member's party can write for a draft."""
    known = await q.proposals.known_to(draft_id, member.party.id)
    return MAX_WAITING - sum(one.party_id == member.party.id and one.state.private for one in known)


async def _room_for_one(q: Work, draft_id: str, member: Member) -> None:
    if await left(q, draft_id, member) < 1:
        raise full()


def full() -> TooMany:
    """Why a party cannot begin another proposal."""
    return TooMany(
        "too_many_private", "Your party writes {limit} proposals already. Put some away first.", limit=MAX_WAITING
    )


# ── looking ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def get(store: Store, person_id: str | None, proposal_id: str) -> Opened:
    """A proposal for somebody of its circle. Raises NotFound for everybody else, also once it is tabled."""
    async with store.read() as q:
        return await _admitted(q, person_id, proposal_id)


async def _admitted(q: Work, person_id: str | None, proposal_id: str) -> Opened:
    found = await q.proposals.get(proposal_id)
    if found is None:
        raise admit.nothing()
    text, me = await admit.to_draft(q, person_id, proposal_id, Verb.DRAFT_READ)
    draft, _ = await admit.to_draft(q, person_id, found.draft_id, Verb.DRAFT_READ)
    return Opened(found, text, draft, me)


async def _owned(store: Store, person_id: str | None, proposal_id: str) -> Opened:
    opened = await get(store, person_id, proposal_id)
    demand(opened.me, Verb.PROPOSAL_SHARE, opened.text)
    return opened


async def mine(store: Store, person_id: str | None, draft_id: str) -> list[tuple[Proposal, Draft]]:
    """The proposals for a draft that the person's party writes or knows of, private and tabled, each with its own
    text's draft, the oldest first. Raises NotFound."""
    async with store.read() as q:
        _, member = await admit.to_draft(q, person_id, draft_id, Verb.DRAFT_READ)
        return [
            (one, text)
            for one in await q.proposals.known_to(draft_id, member.party.id)
            if (text := await q.drafts.get(one.id)) is not None and may(member, Verb.DRAFT_READ, text) is None
        ]


async def standing(store: Store, opened: Opened) -> Standing:
    """How the proposal's own text stands to the clause today; for whoever ``get`` admitted."""
    proposal = opened.proposal
    own = await drafts.restored(store, await store.load(proposal.id))
    parent = await drafts.restored(store, await store.load(proposal.draft_id))
    (text,) = own.standing()
    clause = parent.clause(proposal.clause_id or "")
    live = clause if clause is not None and clause.gone is None else None
    return Standing(
        text,
        live,
        live is not None and live.number != proposal.base_number and live.text != proposal.base_text,
        _reading(proposal, text, live),
        parent.floor.proposals.get(proposal.id),
        own,
        parent,
    )


def _reading(proposal: Proposal, own: ClauseState, live: ClauseState | None) -> Reading:
    """What the proposal comes to at the clause of today; of one without words, or a new one: at its own base."""
    text = own.text.strip() if proposal.kind in WORDED else proposal.base_text
    return worded(proposal.base_text, text, proposal.base_text if live is None else live.text)


async def history(store: Store, person_id: str | None, draft_id: str, proposal_id: str) -> list[Act]:
    """What happened to a tabled proposal, from the draft's log, the earliest act first. Others that it was decided
    together with are named as far as the person may know of them. Raises NotFound."""
    state, member = await drafts.state(store, person_id, draft_id)
    found = tabled(state, member, proposal_id)
    async with store.read() as q:
        acts = await q.log.naming(draft_id, found.seq, proposal_id)
    shown = (act for act in acts if act.kind is not ActKind.POSITION)
    known = {one.id for one in state.floor.proposals.values() if _sees(state, member, one)}
    return [_naming(act, known) for act in shown if proposal_id in subject(act)["proposals"]]


def _naming(act: Act, known: set[str]) -> Act:
    """The act without the ids of other proposals than those that are known."""
    body = dict(act.body)
    if "proposals" in body:
        body["proposals"] = [one for one in body["proposals"] if one in known]
    if "into" in body and body["into"] not in known:
        body["into"] = None
    return replace(act, body=body)


def _sees(state: State, member: Member, found: Tabled) -> bool:
    return member.party.id in found.backers() or may(member, Verb.PROPOSALS_READ, state.draft) is None


def tabled(state: State, member: Member, proposal_id: str) -> Tabled:
    """A proposal that was tabled, for a member of the forum. Raises NotFound for who may not see it."""
    found = state.floor.proposals.get(proposal_id)
    if found is None:
        raise admit.nothing()
    if not _sees(state, member, found):
        raise admit.nothing()
    return found


# ── with whom, and put away ──────────────────────────────────────────────────────────────────────────────────────────


async def parties(store: Store, opened: Opened) -> list[Party]:
    """The parties with which it could be shared: all of the forum that have somebody who may read the draft."""
    async with store.read() as q:
        members = await q.forums.members(opened.draft.forum_id)
        every = await q.forums.parties(opened.draft.forum_id)
    readers = {m.party.id for m in members if may(m, Verb.DRAFT_READ, opened.draft) is None}
    return [party for party in every if party.id in readers and party.id != opened.text.circle[0]]


async def share(
    store: Store, perform: Perform, person_id: str | None, proposal_id: str, party_ids: Iterable[str]
) -> None:
    """Say which parties know of it besides its owner. Raises NotFound, Forbidden, Invalid."""
    opened = await _owned(store, person_id, proposal_id)
    wanted = tuple(dict.fromkeys(party for party in party_ids if party != opened.text.circle[0]))
    possible = {party.id for party in await parties(store, opened)}
    if not possible.issuperset(set(wanted) - set(opened.text.circle)):
        raise Invalid("bad_choice", "Please choose one of the list.")
    if wanted != opened.text.circle[1:]:
        await perform(person_id, proposal_id, do.Share(new_id(20), wanted))


async def describe(
    store: Store, person_id: str | None, proposal_id: str, reason: str, after_id: str | None = None
) -> None:
    """Change the reason of a proposal that is not tabled, and where a new or moved clause goes. Raises NotFound,
    Forbidden, Invalid, Conflict."""
    await _owned(store, person_id, proposal_id)
    said = fields.line(reason, MAX_REASON)
    async with store.write() as q:
        proposal = (await _admitted(q, person_id, proposal_id)).proposal
        if proposal.number is not None:
            raise Conflict("already_tabled", "The proposal is on the table already.")
        goes = after_id if proposal.kind in PLACED else proposal.after_id
        await q.proposals.reword(replace(proposal, reason=said, after_id=goes))


async def discard(
    store: Store, perform: Perform, person_id: str | None, proposal_id: str, *, away: bool = True
) -> None:
    """Give up a proposal that is not tabled, or take it up again: nothing of it is lost. Raises NotFound, Forbidden,
    Conflict."""
    opened = await _owned(store, person_id, proposal_id)
    if away and opened.proposal.number is not None:
        raise Conflict("already_tabled", "The proposal is on the table already.")
    if away != (opened.text.stage is Stage.WITHDRAWN):
        await perform(person_id, proposal_id, do.PutAway(new_id(20), away))


async def pledge(store: Store, perform: Perform, person_id: str | None, proposal_id: str, *, joins: bool) -> None:
    """Say of a proposal that is shared with one's party whether it will sponsor it once it is tabled; of a tabled one,
    whether it does. Raises NotFound, Forbidden, Conflict."""
    opened = await get(store, person_id, proposal_id)
    where = proposal_id if opened.proposal.number is None else opened.draft.id
    await perform(person_id, where, do.Sponsor(new_id(20), proposal_id, joins))


# ── the table ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def table(store: Store, perform: Perform, person_id: str | None, proposal_id: str) -> int:
    """Lay a proposal on the table as its own text has it; its number. Once more: the same number, and nothing is done.

    Raises NotFound; Forbidden at another stage; Invalid for one without new words; Conflict where the clause is gone
    or agreed, or the proposal put away.
    """
    opened = await _owned(store, person_id, proposal_id)
    proposal = opened.proposal
    if proposal.number is None:
        demand(opened.me, Verb.PROPOSAL_TABLE, opened.draft)
        if proposal.state is ProposalState.WITHDRAWN:
            raise Conflict("put_away", "This proposal is put away. Take it up again to change it.")
        own = await drafts.restored(store, await store.load(proposal_id))
        try:
            await perform(person_id, opened.draft.id, _tabling(proposal, own))
        except Conflict as refusal:
            if refusal.key != "already_tabled":  # by somebody of the same party at the same moment
                raise
        proposal = (await get(store, person_id, proposal_id)).proposal
    return proposal.number or 0


def _tabling(proposal: Proposal, own: State) -> do.Table:
    (text,) = own.standing()
    new = proposal.kind is ProposalKind.ADD
    return do.Table(
        new_id(20),
        proposal.id,
        proposal.kind,
        proposal.clause_id,
        base=proposal.base_number,
        old=proposal.base_text,
        text=text.text if proposal.kind in WORDED else "",
        after=proposal.after_id,
        shape=(text.kind, text.depth, text.lang) if new else None,
        reason=proposal.reason,
        sponsors=tuple(own.floor.pledged),
    )


async def reword(store: Store, perform: Perform, person_id: str | None, proposal_id: str, reason: str = "") -> None:
    """Put the words of its own text on the table in the place of those that lie there. Raises NotFound, Forbidden,
    Invalid; Conflict when the clause has moved on from the proposal's base (``take_in`` first)."""
    opened = await _owned(store, person_id, proposal_id)
    now_ = await standing(store, opened)
    if now_.tabled is None:
        raise Conflict("not_on_the_table", "The proposal is not on the table any more.")
    base = opened.proposal.base_number
    if now_.clause is not None and not now_.behind:
        base = now_.clause.number
    await perform(person_id, opened.draft.id, do.Revise(new_id(20), proposal_id, base, now_.own.text, reason))


async def review(store: Store, perform: Perform, person_id: str | None, proposal_id: str) -> None:
    """Say that a tabled proposal stands as it is against the clause of today. Raises NotFound, Forbidden, Invalid,
    Conflict."""
    opened = await _owned(store, person_id, proposal_id)
    found = (await standing(store, opened)).tabled
    parent = await drafts.restored(store, await store.load(opened.draft.id))
    clause = parent.clause(found.clause or "") if found is not None else None
    if found is None or clause is None:
        raise Conflict("not_on_the_table", "The proposal is not on the table any more.")
    if found.base != clause.number:
        await perform(person_id, opened.draft.id, do.Revise(new_id(20), proposal_id, clause.number, found.text))
    await _move_base(store, person_id, proposal_id, clause, parent.draft.seq)


async def withdraw(store: Store, perform: Perform, person_id: str | None, proposal_id: str, reason: str = "") -> None:
    """Take a proposal off the table. Raises NotFound, Forbidden, Conflict."""
    opened = await _owned(store, person_id, proposal_id)
    await perform(person_id, opened.draft.id, do.Withdraw(new_id(20), proposal_id, reason))


async def take_in(
    store: Store, perform: Perform, person_id: str | None, proposal_id: str, *, seen: bool = False
) -> None:
    """Bring what became of the clause since into the proposal's own text, which stands on today's clause then. Where
    the same words changed, the owner says with ``seen`` that the text reads as it should.

    Raises NotFound, Forbidden; Conflict when the same words changed.
    """
    opened = await _owned(store, person_id, proposal_id)
    found = await standing(store, opened)
    if found.clause is None or not found.behind:
        return
    if opened.proposal.kind in WORDED and not seen:
        if found.reading.stale:
            raise Conflict(
                "same_words",
                "The same words have changed in the clause. Read both, write what should stand, and say so.",
            )
        if found.reading.outcome != found.own.text:
            edit = do.Edit(new_id(20), found.own.id, found.own.number, found.reading.outcome)
            await perform(person_id, proposal_id, edit)
    await _move_base(store, person_id, proposal_id, found.clause, opened.draft.seq)


async def _move_base(store: Store, person_id: str | None, proposal_id: str, clause: ClauseState, seq: int) -> None:
    async with store.write() as q:
        proposal = (await _admitted(q, person_id, proposal_id)).proposal
        moved = replace(proposal, base_number=clause.number, base_seq=seq, base_text=clause.text)
        await q.proposals.reword(moved)
