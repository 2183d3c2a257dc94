"""What parties say to proposals and clauses: positions, objections.

The clause's marking goes back with an objection: nothing is agreed until everything is agreed.
"""

from collections.abc import Callable
from typing import Any, Final

from drafts import commands as do
from drafts.access import ProposalIn, Verb, demand, may
from drafts.acts import ActKind, Body
from drafts.decide import MAX_REASON, Acting, Outcome, short, standing
from drafts.errors import Conflict, Invalid
from drafts.floor import Position, Tabled
from drafts.model import ClauseStatus, Member, Stance

MAX_NOTE: Final = 1_000  # characters
_NEEDS_NOTE: Final = frozenset({Stance.RESERVE, Stance.OPPOSE})


def _take(room: Acting, outcome: Outcome, actor: Member, c: do.TakePosition, at: int) -> None:
    demand(actor, Verb.POSITION_TAKE, room.state.draft)
    proposal = _tabled(room, actor, c.on)
    clause = proposal.clause if proposal else standing(room, c.on).id
    held = room.state.floor.positions.get(c.on, {}).get(actor.party.id)
    if c.stance is None:
        if held is None:
            raise Conflict("no_position", "Your party has taken no position here that could be taken back.")
        body = _body(c.on, None, held.wording, ())
    else:
        body = _body(c.on, c.stance, _wording(proposal, c.wording), c.parties)
        body |= {"note": _note(c.stance, c.note), "if": _condition(room, c, clause)}
        if held is not None and body == _told(held):
            raise Conflict("same_position", "This is your party’s position already.")
    body["was"] = held.stance.value if held else None
    room.act(outcome, actor, at, ActKind.POSITION, clause, body, (c.op, None))


def _tabled(room: Acting, actor: Member, on: str) -> Tabled | None:
    """The open proposal of this id; None when it is none that this party may know of: then it can be a clause."""
    found, draft = room.state.floor.proposals.get(on), room.state.draft
    if found is None:
        return None
    own = may(actor, Verb.PROPOSAL_OWN, ProposalIn(draft, found.party)) is None
    if not own and actor.party.id not in found.backers() and may(actor, Verb.PROPOSALS_READ, draft) is not None:
        return None
    if not found.open:
        raise Conflict("proposal_closed", "Proposal {number} is not on the table any more.", number=found.number)
    return found


def _wording(proposal: Tabled | None, read: int) -> int:
    if proposal is None:
        return 0
    if not 1 <= read <= proposal.wording:
        raise Invalid("no_wording", "The proposal has no such wording.")
    return read


def _note(stance: Stance, note: str) -> str:
    said = short(note, MAX_NOTE)
    if stance in _NEEDS_NOTE and not said:
        raise Invalid("say_why", "Say why: a reservation or an objection needs a reason.")
    return said


def _condition(room: Acting, c: do.TakePosition, clause: str | None) -> str | None:
    if c.stance is not Stance.CONDITIONAL:
        return None
    if c.condition is None:
        raise Invalid("no_condition", "Say on which clause it depends.")
    if c.condition == clause:
        raise Invalid("own_condition", "It has to depend on another clause.")
    return standing(room, c.condition).id


def _body(on: str, stance: Stance | None, wording: int, parties: tuple[str, ...]) -> Body:
    said = stance.value if stance else None
    return {"on": on, "stance": said, "note": "", "if": None, "wording": wording, "for": list(parties)}


def _told(held: Position) -> Body:
    return _body(held.on, held.stance, held.wording, held.parties) | {"note": held.note, "if": held.condition}


def _object(room: Acting, outcome: Outcome, actor: Member, c: do.Object, at: int) -> None:
    demand(actor, Verb.CLAUSE_OBJECT, room.state.draft)
    clause = standing(room, c.clause)
    if not clause.locked:
        raise Conflict("not_agreed", "The clause is not marked as agreed.")
    reason = short(c.reason, MAX_REASON)
    if not reason:
        raise Invalid("say_why", "Say why you object; everybody sees the reason.")
    room.act(outcome, actor, at, ActKind.OBJECT, clause, {"reason": reason}, (c.op, None))
    body = {"state": ClauseStatus.UNDER_DISCUSSION.value, "reason": reason}
    room.act(outcome, actor, at, ActKind.LOCK, clause, body)


COMMANDS: Final[dict[type, Callable[[Acting, Outcome, Member, Any, int], None]]] = {
    do.TakePosition: _take,
    do.Object: _object,
}
