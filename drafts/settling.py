"""What the chair makes of proposals: outcomes offered, accepted into the text, not retained. And what their owners say
to an offer.

Words come into the text as acts of the party that proposed them, made by the person who decides: so the redline, the
record and every listener have them as they have any other edit. The acts of one acceptance stand together in the log:
the first has its operation alone, the others are counted behind it, and the closings are the last of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from drafts import commands as do
from drafts.access import ProposalIn, Verb, demand, may
from drafts.acts import ActKind, Body
from drafts.decide import MAX_REASON, Acting, Outcome, clean, short, standing, unlocked
from drafts.errors import Conflict, Invalid, NotFound
from drafts.floor import Tabled
from drafts.model import Member, ProposalKind, ProposalState
from drafts.patches import OWN
from drafts.state import ClauseState
from drafts.taking import Step, Taken, state_of, take

MAX_TOGETHER: Final = 50  # proposals in one decision
_OFFERABLE: Final = frozenset({ProposalKind.MODIFY, ProposalKind.EDITORIAL, ProposalKind.DELETE, ProposalKind.ADD})


def _open(room: Acting, ids: Sequence[str]) -> list[Tabled]:
    """The proposals, all on the table. Raises NotFound, Conflict, Invalid."""
    if not 1 <= len(ids) <= MAX_TOGETHER or len(set(ids)) != len(ids):
        raise Invalid("bad_choice", "Please choose one of the list.")
    found = [room.state.floor.proposals.get(proposal) for proposal in ids]
    there = [proposal for proposal in found if proposal is not None]
    if len(there) < len(ids):
        raise NotFound("not_found", "There is nothing at this address.")
    if not all(proposal.open for proposal in there):
        raise Conflict("not_on_the_table", "The proposal is not on the table any more.")
    return there


# ── offers ──


def _offer(room: Acting, outcome: Outcome, actor: Member, c: do.Offer, at: int) -> None:
    demand(actor, Verb.PROPOSAL_DECIDE, room.state.draft)
    proposals = _open(room, c.proposals)
    clause = _offerable(room, proposals)
    text = clean(c.text).strip()
    if not text:
        raise Invalid("no_words", "Write the proposed words first.")
    body: Body = {
        "proposals": list(c.proposals),
        "base": clause.number if clause else 0,
        "old": clause.text if clause else "",
        "text": text,
        "note": short(c.note, MAX_REASON),
    }
    room.act(outcome, actor, at, ActKind.OFFER, clause, body, (c.op, None))


def _offerable(room: Acting, proposals: Sequence[Tabled]) -> ClauseState | None:
    """The clause that an outcome is offered for; none for a new one. Raises Invalid, Conflict."""
    first = proposals[0]
    if not all(proposal.kind in _OFFERABLE for proposal in proposals):
        raise Invalid("nothing_to_word", "An outcome is offered for proposals that change words.")
    if any((other.clause, other.after) != (first.clause, first.after) for other in proposals):
        raise Invalid("several_clauses", "These proposals are not about the same clause.")
    if first.clause is None:
        return None
    clause = standing(room, first.clause)
    unlocked(clause)
    return clause


def _answer(room: Acting, outcome: Outcome, actor: Member, c: do.Answer, at: int) -> None:
    draft = room.state.draft
    found = room.state.floor.proposals.get(c.proposal)
    demand(actor, Verb.DRAFT_READ, draft)
    if found is None or (found.party != actor.party.id and may(actor, Verb.PROPOSALS_READ, draft) is not None):
        raise NotFound("not_found", "There is nothing at this address.")
    demand(actor, Verb.PROPOSAL_OWN, ProposalIn(draft, found.party))
    demand(actor, Verb.PROPOSAL_TABLE, draft)
    _open(room, [c.proposal])
    note = short(c.note, MAX_REASON)
    if found.offered is None:
        raise Conflict("nothing_offered", "No outcome is offered for this proposal.")
    if (found.offered.accepts, found.offered.answer) == (c.accepts, note):
        raise Conflict("already_so", "This is how it is already.")
    body: Body = {"proposal": found.id, "accepts": c.accepts, "note": note}
    room.act(outcome, actor, at, ActKind.ANSWER, found.clause, body, (c.op, None))


# ── the end of a proposal ──


def _not_retain(room: Acting, outcome: Outcome, actor: Member, c: do.NotRetain, at: int) -> None:
    demand(actor, Verb.PROPOSAL_DECIDE, room.state.draft)
    (found,) = _open(room, [c.proposal])
    acting = _Acts(room, outcome, actor, c.op, at)
    acting.close(found, ProposalState.NOT_RETAINED, short(c.reason, MAX_REASON))


def _accept(room: Acting, outcome: Outcome, actor: Member, c: do.Accept, at: int) -> None:
    demand(actor, Verb.PROPOSAL_DECIDE, room.state.draft)
    proposals = _open(room, c.proposals)
    reason = short(c.reason, MAX_REASON)
    _seen_so(room, proposals, c.number)
    taken = take(room.state, proposals, c.hunks)
    acting = _Acts(room, outcome, actor, c.op, at)
    seq = acting.take(taken)
    first = proposals[0]
    acting.close(first, state_of(taken, first), reason, seq=seq)
    for other in proposals[1:]:
        acting.close(other, ProposalState.MERGED, reason, into=first.id, seq=seq)


def _seen_so(room: Acting, proposals: Sequence[Tabled], number: int) -> None:
    """Whether the chair decides on the text that stands. Raises Conflict."""
    for proposal in proposals:
        clause = room.state.clause(proposal.clause or "")
        if clause is not None and clause.gone is None and clause.number != number:
            raise Conflict(
                "text_moved_on",
                "The clause is at text {number} now. Look at it again before you decide.",
                number=clause.number,
            )


class _Acts:
    """The acts of one decision, in the names of those whose words they are."""

    def __init__(self, room: Acting, outcome: Outcome, actor: Member, op: str, at: int) -> None:
        self._room, self._outcome, self._actor, self._op, self._at = room, outcome, actor, op, at

    @property
    def _ident(self) -> tuple[str, int | None]:
        return self._op, len(self._outcome.acts) or None

    def take(self, taken: Taken) -> int | None:
        """Make the steps; the seq of the first of their acts."""
        for step in taken.steps:
            self._step(step)
        return self._outcome.acts[0].seq if taken.steps else None

    def _step(self, step: Step) -> None:
        actor = self._actor
        if step.party != OWN:
            actor = replace(actor, party=replace(actor.party, id=step.party))
        clause = self._room.state.clause(step.clause) or step.clause
        self._room.act(
            self._outcome, actor, self._at, step.kind, clause, step.body, self._ident, step.change
        )  # fmt: skip

    def close(
        self, proposal: Tabled, state: ProposalState, reason: str, *, into: str | None = None, seq: int | None = None
    ) -> None:
        """Say what became of a proposal."""
        body: Body = {"proposal": proposal.id, "state": state.value, "reason": reason, "into": into, "seq": seq}
        self._room.act(self._outcome, self._actor, self._at, ActKind.CLOSE, proposal.clause, body, self._ident)
        self._outcome.proposals.append((proposal.id, state, proposal.number))


COMMANDS: Final[dict[type, Callable[[Acting, Outcome, Member, Any, int], None]]] = {
    do.Offer: _offer,
    do.Answer: _answer,
    do.Accept: _accept,
    do.NotRetain: _not_retain,
}
