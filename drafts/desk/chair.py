"""The chair's desk: what waits for a decision, and how far the text is, at one glance.

Everything follows from the draft's state; what the desk lists is capped, what it counts is counted whole.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from drafts import readings, tallies
from drafts.access import Verb, demand
from drafts.desk import cast, drafts
from drafts.desk.cast import Cast
from drafts.desk.floor import View, Views
from drafts.floor import Silence, Tabled
from drafts.model import ClauseKind, ClauseStatus, Member, Party, Role, Stance
from drafts.state import ClauseState, State
from drafts.store import Store
from drafts.tallies import Tally

MOST = 12  # proposals of each queue
COLUMNS = 6  # proposals in the matrix


@dataclass(frozen=True, slots=True)
class Queue:
    """Proposals that wait: the first as their views, and how many there are in all."""

    first: list[View]
    total: int


@dataclass(frozen=True, slots=True)
class Row:
    """What a party says to each proposal of the matrix, in the order of its columns; None: nothing yet."""

    party: Party
    cells: list[tuple[Stance, bool] | None]  # with whether it was said on an earlier wording


@dataclass(frozen=True, slots=True)
class Silent:
    """A party and the open proposals that it has said nothing to. ``never``: it has not done anything in the draft."""

    party: Party
    open: int
    never: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on the chair's desk."""

    state: State
    me: Member
    people: Cast
    ready: Queue  # their words fit the text as it stands
    stale: Queue  # the text has moved on; their owners look again
    answers: Queue  # what was offered and is answered
    columns: list[View]
    rows: list[Row]
    opposed: list[int]  # per column, how many oppose
    by_status: list[tuple[ClauseStatus, list[ClauseState]]]
    objected: list[View]  # clauses whose marking was objected to
    silent: list[Silent]
    silence: Silence | None  # the last procedure


async def of(store: Store, person_id: str | None, draft_id: str) -> Desk:
    """The desk of a draft, for those who lead. Raises NotFound."""
    state, me = await drafts.state(store, person_id, draft_id)
    demand(me, Verb.DESK_READ, state.draft)
    return laid(state, me, await cast.of(store, state))


def laid(state: State, me: Member, people: Cast) -> Desk:
    """The desk as it follows from a draft's state."""
    views = Views(state, people)
    tabled = _in_order(state)
    stale = {p.id for p in tabled if readings.against(state, p).stale}
    answered = [p for p in tabled if p.offered is not None and p.offered.accepts is not None]
    columns = tabled[:COLUMNS]
    parties = _delegations(people)
    said = {p.id: tallies.of(state.floor, p.id, alignments=people.alignments) for p in tabled}
    told = [said[p.id] for p in columns]
    rows = [
        Row(party, [(s.stance, s.earlier) if (s := tally.by_party.get(party.id)) else None for tally in told])
        for party in parties
    ]
    return Desk(
        state,
        me,
        people,
        _queue(views, me, (p for p in tabled if p.id not in stale and p not in answered)),
        _queue(views, me, (p for p in tabled if p.id in stale)),
        _queue(views, me, answered),
        [view for p in columns if (view := views.proposal(me, p))],
        rows,
        [tally.counts[Stance.OPPOSE] for tally in told],
        _by_status(state),
        [
            view
            for clause in state.standing()
            if (marking := state.floor.markings.get(clause.id))
            and marking.objections
            and (view := views.clause(me, clause.id))
        ],
        _silent(state, parties, said.values()),
        state.floor.silences[-1] if state.floor.silences else None,
    )


def _in_order(state: State) -> list[Tabled]:
    """The open proposals as the text goes, those on one clause by their numbers."""
    order = {clause.id: at for at, clause in enumerate(state.clauses)}
    return sorted(state.floor.open(), key=lambda p: (order.get(p.clause or p.after or "", -1), p.number))


def _queue(views: Views, me: Member, proposals: Iterable[Tabled]) -> Queue:
    found = list(proposals)
    return Queue([view for p in found[:MOST] if (view := views.proposal(me, p))], len(found))


def _delegations(people: Cast) -> list[Party]:
    """The parties that negotiate, by name."""
    ids = {member.party.id for member in people.members.values() if member.role is Role.DELEGATE}
    return sorted((p for p in people.parties.values() if p.id in ids), key=lambda p: (p.name, p.id))


def _by_status(state: State) -> list[tuple[ClauseStatus, list[ClauseState]]]:
    texts = [clause for clause in state.standing() if clause.kind is not ClauseKind.HEADING]
    return [(status, [c for c in texts if c.state == status]) for status in ClauseStatus]


def _silent(state: State, parties: list[Party], said: Collection[Tally]) -> list[Silent]:
    """Delegations that have not spoken to every open proposal, those with the most first."""
    spoken = dict.fromkeys((party.id for party in parties), 0)
    for tally in said:
        for party in tally.by_party:
            if party in spoken:
                spoken[party] += 1
    acted = {*state.owners, *(party for held in state.floor.positions.values() for party in held)}
    acted |= {party for proposal in state.floor.proposals.values() for party in proposal.backers()}
    found = [Silent(p, len(said) - spoken[p.id], p.id not in acted) for p in parties]
    return sorted((s for s in found if s.open or s.never), key=lambda s: (not s.never, -s.open, s.party.name))
