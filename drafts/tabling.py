"""Laying proposals on the table, and what their own parties do with them there and before.

A proposal's own text (a draft with a ``parent``) knows few commands: its words, comments, with whom it is shared, who
will sponsor it, and that it is put away. ``Table`` comes from the desk alone, which read that text.
"""

from collections.abc import Callable
from typing import Any, Final

from drafts import commands as do
from drafts.access import ProposalIn, Verb, demand
from drafts.acts import ActKind, Body
from drafts.change import widen
from drafts.decide import MAX_CLAUSES, Acting, Outcome, check_shape, clean, short, standing
from drafts.errors import Conflict, Invalid, NotFound, TooLarge, TooMany
from drafts.floor import Tabled
from drafts.model import PLACED, WORDED, Member, ProposalKind, ProposalState, Stage
from drafts.state import ClauseState, State

MAX_REASON: Final = 500  # characters
MAX_PROPOSALS: Final = 5_000  # of a draft, all that were ever tabled
MAX_CIRCLE: Final = 200  # parties that know of one before it is tabled

# What a proposal's own text takes: it is one clause, and stays it.
OWN_TEXT: Final[frozenset[type]] = frozenset(
    {
        do.Edit,
        do.Shape,
        do.OpenThread,
        do.PutBracket,
        do.LiftBracket,
        do.Share,
        do.Sponsor,
        do.PutAway,
    }
)


def fits_own_text(room: Acting, actor: Member, command: do.Command) -> None:
    """Raises NotFound to whom the text is private, Invalid for what would make more or less than a clause of it."""
    if room.state.draft.parent and type(command) not in OWN_TEXT:
        demand(actor, Verb.DRAFT_READ, room.state.draft)
        raise Invalid("one_clause", "A proposal’s own text is one clause: its words can change, nothing else.")


# ── on the table ──


def _table(room: Acting, outcome: Outcome, actor: Member, c: do.Table, at: int) -> None:
    floor = room.state.floor
    demand(actor, Verb.PROPOSAL_TABLE, room.state.draft)
    if c.proposal in floor.proposals:
        raise Conflict("already_tabled", "The proposal is on the table already.")
    if len(floor.proposals) >= MAX_PROPOSALS:
        raise TooMany("too_many_proposals", "A draft takes at most {limit} proposals.", limit=MAX_PROPOSALS)
    reason, text = short(c.reason, MAX_REASON), clean(c.text).strip()
    clause = _concerned(room, c)
    _fits(room, c, clause, text)
    sponsors = [party for party in dict.fromkeys(c.sponsors) if party != actor.party.id]
    body: Body = {
        "proposal": c.proposal,
        "number": len(floor.proposals) + 1,
        "kind": c.kind.value,
        "reason": reason,
        "sponsors": sponsors,
        "after": c.after if c.kind in PLACED else None,
        "shape": [c.shape[0].value, *c.shape[1:]] if c.shape is not None else None,
        "base": c.base,
        "old": c.old,
        "text": text if c.kind in WORDED else "",
    }
    act = room.act(outcome, actor, at, ActKind.TABLE, clause, body, (c.op, None))
    outcome.proposals.append((c.proposal, ProposalState.TABLED, int(act.body["number"])))


def _concerned(room: Acting, c: do.Table) -> ClauseState | None:
    """The clause that a new proposal is about; none for a new clause. Raises Invalid, Conflict."""
    if c.kind is ProposalKind.ADD:
        if c.clause is not None or c.base != 0 or c.old:
            raise Invalid("new_clause", "A proposal for a new clause is about none that is there.")
        return None
    if c.clause is None:
        raise Invalid("no_clause", "There is no such clause.")
    return _negotiable(room, c.clause)


def _negotiable(room: Acting, clause_id: str) -> ClauseState:
    clause = standing(room, clause_id)
    if clause.locked:
        raise Conflict(
            "clause_agreed", "The clause is agreed: it has to be re-opened before anything is proposed on it."
        )
    return clause


def _fits(room: Acting, c: do.Table, clause: ClauseState | None, text: str) -> None:
    """Whether the proposal says what its kind needs. Raises Invalid, Conflict, TooLarge, NeedHistory, Gap."""
    if (c.shape is not None) != (c.kind is ProposalKind.ADD):
        raise Invalid("new_clause", "A proposal for a new clause says what kind of clause it is; others do not.")
    if c.shape is not None:
        check_shape(*c.shape)
        if len(room.state.standing()) >= MAX_CLAUSES:
            raise TooLarge("draft_size", "A draft holds at most {limit} clauses.", limit=MAX_CLAUSES)
    if c.kind in PLACED and c.after is not None and room.state.clause(c.after) is None:
        raise Invalid("no_clause", "There is no such clause.")
    if clause is not None and c.kind is ProposalKind.MOVE:
        elsewhere(room.state, clause, c.after)
    if c.kind in WORDED:
        _worded(text, c.old)
    if clause is not None:
        _was_so(room, clause, c.base, c.old)
        if c.kind in WORDED and text == clause.text:
            raise Conflict("nothing_new", "The clause reads so already.")


def _worded(text: str, old: str) -> None:
    if not text:
        raise Invalid("no_words", "Write the proposed words first.")
    if text == old.strip():
        raise Invalid("same_words", "The proposed words are the clause’s own. Change them first.")


def elsewhere(state: State, clause: ClauseState, after: str | None) -> None:
    """Raises Invalid for a place that a clause cannot be moved to, or stands at."""
    block = state.block(clause)
    if after in {part.id for part in block}:
        raise Invalid("into_itself", "A clause cannot be moved behind its own sub-clauses.")
    there = state.standing()
    at = there.index(clause)
    if after == (there[at - 1].id if at else None):
        raise Invalid("same_place", "The clause stands there already.")


def _was_so(room: Acting, clause: ClauseState, base: int, old: str) -> None:
    """Whether ``old`` can be what text ``base`` of the clause said: the changes since then lead from it to today's
    text. Raises Invalid when not, Gap for a number it never had, NeedHistory."""
    if base < 0:
        raise Invalid("no_place", "There is no such place in the clause.")
    wide = widen(old)
    for _, change in room.history(clause.id, base):
        if change.length != len(wide):
            raise Invalid("other_text", "The clause never read as this proposal says it did.")
        wide = change.apply(wide)
    if wide != clause.wide:
        raise Invalid("other_text", "The clause never read as this proposal says it did.")


def _own(room: Acting, actor: Member, proposal_id: str) -> Tabled:
    """The actor's own open proposal. Raises NotFound, Forbidden, Conflict."""
    found = _seen(room, actor, proposal_id)
    demand(actor, Verb.PROPOSAL_OWN, ProposalIn(room.state.draft, found.party))
    return _open(found)


def _seen(room: Acting, actor: Member, proposal_id: str) -> Tabled:
    """A proposal that the actor may see. Raises NotFound."""
    found = room.state.floor.proposals.get(proposal_id)
    demand(actor, Verb.DRAFT_READ, room.state.draft)
    if found is None:
        raise NotFound("not_found", "There is nothing at this address.")
    if actor.party.id not in found.backers():
        demand(actor, Verb.PROPOSALS_READ, room.state.draft)
    return found


def _open(found: Tabled) -> Tabled:
    if not found.open:
        raise Conflict("not_on_the_table", "The proposal is not on the table any more.")
    return found


def _revise(room: Acting, outcome: Outcome, actor: Member, c: do.Revise, at: int) -> None:
    found = _own(room, actor, c.proposal)
    demand(actor, Verb.PROPOSAL_TABLE, room.state.draft)
    reason, old, text = short(c.reason, MAX_REASON), "", clean(c.text).strip()
    worded = found.kind in WORDED
    clause = None if found.clause is None else _negotiable(room, found.clause)
    if clause is not None:
        if c.base != clause.number:
            raise Conflict(
                "text_moved_on",
                "The clause is at text {number} now. Read it again and repeat the edit.",
                number=clause.number,
            )
        old = clause.text
    if not worded:
        text = ""
    same = text == found.text
    if worded:
        _worded(text, old)
    if same and (clause is None or c.base == found.base) and reason in {"", found.reason}:
        raise Invalid("nothing_new", "This is what is on the table already.")
    body: Body = {
        "proposal": found.id,
        "reason": reason,
        "base": 0 if clause is None else c.base,
        "old": old,
        "text": text,
        "wording": found.wording if same else found.wording + 1,
    }
    room.act(outcome, actor, at, ActKind.REVISE, clause, body, (c.op, None))


def _withdraw(room: Acting, outcome: Outcome, actor: Member, c: do.Withdraw, at: int) -> None:
    found = _own(room, actor, c.proposal)
    body: Body = {"proposal": found.id, "reason": short(c.reason, MAX_REASON)}
    room.act(outcome, actor, at, ActKind.WITHDRAW, found.clause, body, (c.op, None))
    outcome.proposals.append((found.id, ProposalState.WITHDRAWN, found.number))


def _sponsor(room: Acting, outcome: Outcome, actor: Member, c: do.Sponsor, at: int) -> None:
    if room.state.draft.parent:
        demand(actor, Verb.PROPOSAL_BACK, room.state.draft)
        if c.proposal != room.state.draft.id:
            raise NotFound("not_found", "There is nothing at this address.")
        clause, sponsors = None, room.state.floor.pledged
    else:
        found = _seen(room, actor, c.proposal)
        demand(actor, Verb.PROPOSAL_TABLE, room.state.draft)
        _open(found)
        if found.party == actor.party.id:
            raise Conflict("own_proposal", "Your party tabled this proposal itself.")
        clause, sponsors = found.clause, found.backers()
    if c.joins == (actor.party.id in sponsors):
        raise Conflict("sponsor_already", "This is how it is already.")
    body: Body = {"proposal": c.proposal, "joins": c.joins}
    room.act(outcome, actor, at, ActKind.SPONSOR, clause, body, (c.op, None))


# ── before ──


def _share(room: Acting, outcome: Outcome, actor: Member, c: do.Share, at: int) -> None:
    draft = room.state.draft
    demand(actor, Verb.PROPOSAL_SHARE, draft)
    circle = list(dict.fromkeys((draft.circle[0], *c.parties)))
    if len(circle) > MAX_CIRCLE or not all(0 < len(party) <= 32 and " " not in party for party in circle):
        raise Invalid("bad_choice", "Please choose one of the list.")
    room.act(outcome, actor, at, ActKind.SET, None, {"circle": circle}, (c.op, None))
    outcome.proposals.append((draft.id, _private(circle), None))


def _put_away(room: Acting, outcome: Outcome, actor: Member, c: do.PutAway, at: int) -> None:
    draft = room.state.draft
    demand(actor, Verb.PROPOSAL_SHARE, draft)
    stage = Stage.WITHDRAWN if c.away else Stage.SECOND_READING
    if stage is draft.stage:
        raise Conflict("already_so", "This is how it is already.")
    room.act(outcome, actor, at, ActKind.SET, None, {"stage": stage.value}, (c.op, None))
    outcome.proposals.append((draft.id, ProposalState.WITHDRAWN if c.away else _private(draft.circle), None))


def _private(circle: list[str] | tuple[str, ...]) -> ProposalState:
    return ProposalState.SHARED if len(circle) > 1 else ProposalState.DRAFT


COMMANDS: Final[dict[type, Callable[[Acting, Outcome, Member, Any, int], None]]] = {
    do.Table: _table,
    do.Revise: _revise,
    do.Withdraw: _withdraw,
    do.Sponsor: _sponsor,
    do.Share: _share,
    do.PutAway: _put_away,
}
