"""A draft's text as one proposal would have it: a tabled one for who may see it, a private one for its circle."""

from dataclasses import dataclass, replace

from drafts import readings
from drafts.desk import admit, drafts, proposals
from drafts.exchange.parsed import Content
from drafts.floor import Tabled
from drafts.model import WORDED, Clause, ClauseKind, Member, Party, ProposalKind
from drafts.numbering import labels
from drafts.readings import REWORDING
from drafts.state import ClauseState, State
from drafts.store import Store


@dataclass(frozen=True, slots=True)
class Supposed:
    """The text, and the proposal's number (0: it is not tabled) and party."""

    content: Content
    number: int
    party: Party | None


async def of(store: Store, person_id: str | None, state: State, me: Member, proposal_id: str) -> Supposed:
    """The text of a draft (``state``, which the person may read) as a proposal for it would have it, against the text
    as it stands. Of a tabled one it is the wording on the table. Raises NotFound."""
    if proposal_id in state.floor.proposals:
        found = proposals.tabled(state, me, proposal_id)
    else:
        found = await _private(store, person_id, state, proposal_id)
    async with store.read() as q:
        parties = await q.forums.parties(state.draft.forum_id)
    draft = state.draft
    content = Content(draft.title, draft.symbol, "", None, draft.language, text(state, found))
    return Supposed(content, found.number, next((party for party in parties if party.id == found.party), None))


async def _private(store: Store, person_id: str | None, state: State, proposal_id: str) -> Tabled:
    """A proposal that is being written, as if it were on the table."""
    opened = await proposals.get(store, person_id, proposal_id)
    proposal = opened.proposal
    if proposal.draft_id != state.draft.id:
        raise admit.nothing()
    own = await drafts.restored(store, await store.load(proposal_id))
    (clause,) = own.standing()
    words = clause.text.strip() if proposal.kind in WORDED else ""
    shape = (clause.kind, clause.depth, clause.lang) if proposal.kind is ProposalKind.ADD else None
    return Tabled(
        proposal.id, 0, proposal.kind, proposal.clause_id, proposal.after_id, shape, proposal.base_number,
        proposal.base_text, words, proposal.reason, proposal.party_id, proposal.person_id, 0, 0,
    )  # fmt: skip


def text(state: State, proposal: Tabled) -> list[Clause]:
    """The clauses with what the proposal makes of them; of a stale one what can be taken over."""
    clauses = state.live()
    found = readings.against(state, proposal)
    at = next((n for n, clause in enumerate(clauses) if clause.id == proposal.clause), None)
    if proposal.kind is ProposalKind.ADD:
        kind, depth, lang = proposal.shape or (ClauseKind.OPERATIVE, 0, "")
        new = Clause(proposal.id, kind, depth, proposal.text, "", lang)
        clauses.insert(_behind(state, clauses, readings.place(state, proposal)), new)
    elif at is None:
        return clauses
    elif proposal.kind in REWORDING:
        clauses[at] = replace(clauses[at], text=found.outcome)
    elif proposal.kind is ProposalKind.DELETE:
        del clauses[at]
    elif proposal.kind is ProposalKind.MOVE:
        clauses = _moved(state, clauses, state.by_id[clauses[at].id], readings.place(state, proposal))
    named = labels(clauses, state.kept)
    return [replace(clause, label=label) for clause, label in zip(clauses, named, strict=True)]


def _moved(state: State, clauses: list[Clause], clause: ClauseState, after: str | None) -> list[Clause]:
    """With the clause and its sub-clauses behind another one; as they are where it would go behind its own."""
    block = {one.id for one in state.block(clause)}
    if after in block:
        return clauses
    rest = [one for one in clauses if one.id not in block]
    place = _behind(state, rest, after)
    return [*rest[:place], *(one for one in clauses if one.id in block), *rest[place:]]


def _behind(state: State, clauses: list[Clause], after: str | None) -> int:
    """The place behind a clause, which may be gone: then behind the one that stands before it."""
    if after is None:
        return 0
    order = {clause.id: at for at, clause in enumerate(state.clauses)}
    before = [at for at, clause in enumerate(clauses) if order.get(clause.id, len(order)) <= order[after]]
    return before[-1] + 1 if before else 0
