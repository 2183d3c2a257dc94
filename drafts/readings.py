"""A proposal against the text as it stands today: what it would make of it, and what stands in its way. Pure.

Nothing is rebased when a clause moves on. A proposal keeps three texts, and whoever looks works out the rest from them:
``old`` (the clause as the proposer read it), ``text`` (what it should become) and the live text. The two ways from
``old`` are weighed as a merge weighs them (weigh.py): where a whole word lies between, the proposal's change is carried
over; where both made the same of a place, it is there already; else both readings are shown, the proposal is *stale*,
and its owner says what is to come of it. Equal texts give equal answers, so that the answers can be kept.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from drafts.change import Change, narrow, widen
from drafts.floor import Offered, Tabled
from drafts.model import PLACED, ClauseKind, ProposalKind
from drafts.patches import Patch, Spans, applied, as_one, of_hunks, spans
from drafts.state import ClauseState, State
from drafts.weigh import Fate, bound, weigh
from drafts.words import Hunk, Op, hunks

REWORDING = frozenset({ProposalKind.MODIFY, ProposalKind.EDITORIAL})  # kinds that change the words of a clause


class Stale(StrEnum):
    """Why a proposal waits for its owner; the empty one is false."""

    NO = ""
    WORDS = "words"  # the words it is about were changed
    GONE = "gone"  # its clause, or the one that it goes behind, was deleted
    JOINED = "joined"  # the same, joined into another
    SPLIT = "split"  # its clause was split


@dataclass(frozen=True, slots=True)
class Contested:
    """A place that both changed: as it was, as the proposal has it, as it stands. ``at``: code points of the live
    text."""

    base: str
    theirs: str
    live: str
    at: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A proposal today: from the live text to ``outcome``, which is the proposal, or as much of it as applies cleanly.
    Of a clause that is gone there is no outcome; there the pieces begin with the text it was proposed on.

    ``done``: the text reads so already. ``into``: the clause that its clause was joined into; ``why``: the reason that
    was given for a deletion."""

    ends: tuple[str, str]  # the texts that the pieces lie between
    outcome: str
    stale: Stale = Stale.NO
    conflicts: tuple[Contested, ...] = ()
    done: bool = False
    into: str = ""
    why: str = ""
    known: tuple[Hunk, ...] | None = None

    @property
    def pieces(self) -> tuple[Hunk, ...]:
        """What is kept, deleted and inserted. Who only counts does not ask, and pays for no comparison."""
        return _between(*self.ends) if self.known is None else self.known


@dataclass(frozen=True, slots=True)
class Choice:
    """A part of a proposal that can be taken by itself: ``at`` are its places among the reading's pieces."""

    number: int
    at: tuple[int, ...]


# ── from texts alone ─────────────────────────────────────────────────────────────────────────────────────────────────


def reading(proposal: Tabled, live: str | None, *, why_gone: str = "") -> Reading:
    """The proposal against its clause's text as it stands; None: the clause is gone, for that reason. What happened
    to clauses as a whole, and to the texts of proposals without words, is not seen here: pages ask ``against``."""
    kind = proposal.kind
    if kind is ProposalKind.ADD:
        stale = Stale.GONE if why_gone else Stale.NO
        return Reading(("", proposal.text), proposal.text, stale, why=why_gone)
    if live is None:
        if kind is ProposalKind.DELETE:
            return Reading(("", ""), "", done=True, why=why_gone)
        return Reading((proposal.old, proposal.text), "", Stale.GONE, why=why_gone)
    if kind in REWORDING:
        return worded(proposal.old, proposal.text, live)
    if kind is ProposalKind.DELETE:
        return Reading((live, ""), "")
    return Reading((live, live), live)


@lru_cache(maxsize=4_096)  # pages, frames and the compilation ask the same again and again
def worded(old: str, text: str, live: str) -> Reading:
    """What the way from ``old`` to ``text`` makes of ``live``."""
    if live in {old, text}:
        return Reading((live, text), text, done=live != old)
    base, mine, theirs = widen(old), of_hunks(_between(old, text)), of_hunks(_between(old, live))
    since = as_one(base, theirs)
    found = weigh(base, mine, since)
    clear = as_one(base, [mine[at] for at in found.of(Fate.CLEAR)]).map(since)
    pieces = tuple(_pieces(widen(live), clear))
    outcome = "".join(hunk.text for hunk in pieces if hunk.op is not Op.DELETE)
    clashes = [[mine[at] for at in group] for group in found.clashes()]
    conflicts = _contested(base, mine, theirs, clashes, live)
    stale = Stale.WORDS if conflicts else Stale.NO
    done = outcome == live and not stale and text != old
    return Reading((live, outcome), outcome, stale, conflicts, done, known=pieces)


@lru_cache(maxsize=4_096)
def _between(old: str, new: str) -> tuple[Hunk, ...]:
    return hunks(old, new)


def _pieces(wide: str, change: Change) -> Iterator[Hunk]:
    at = 0
    for (length, came), words in zip(change.sections, change.inserts, strict=True):
        if length:
            yield Hunk(Op.KEEP if came < 0 else Op.DELETE, narrow(wide[at : at + length]))
        if came > 0:
            yield Hunk(Op.INSERT, narrow(words))
        at += length


def _contested(
    base: str, mine: Sequence[Patch], theirs: Sequence[Patch], clashes: Sequence[Sequence[Patch]], live: str
) -> tuple[Contested, ...]:
    """Each stretch on which both sides differ, in the order of the text."""
    if not clashes:
        return ()
    words, wide, since = spans(base), widen(live), as_one(base, theirs)
    found: dict[tuple[int, int], Contested] = {}
    for own in clashes:
        touched = [patch for patch in theirs if any(_meet(words, patch, one) for one in own)]
        start = min(patch.start for patch in (*own, *touched))
        end = max(patch.end for patch in (*own, *touched))
        at = since.map_pos(start, -1)
        found[start, end] = Contested(
            narrow(base[start:end]),
            narrow(_within(base, mine, start, end)),
            narrow(wide[at : since.map_pos(end, 1)]),
            len(narrow(wide[:at])),
        )
    return tuple(found[place] for place in sorted(found))


def _meet(words: Spans, one: Patch, other: Patch) -> bool:
    mine, theirs = words.reach(one.start, one.end), words.reach(other.start, other.end)
    return mine[0] <= theirs[1] and theirs[0] <= mine[1]


def _within(base: str, patches: Iterable[Patch], start: int, end: int) -> str:
    inside = [patch for patch in patches if start <= patch.start and patch.end <= end]
    return applied(base[start:end], [Patch(p.start - start, p.end - start, p.parts) for p in inside])


# ── in a draft ───────────────────────────────────────────────────────────────────────────────────────────────────────


def against(state: State, proposal: Tabled) -> Reading:
    """The proposal in the draft as it stands."""
    if proposal.kind is ProposalKind.ADD:
        found = reading(proposal, None)
        return _placed(state, proposal, replace(found, done=_stands_there(state, proposal)))
    clause = state.clause(proposal.clause or "")
    if clause is None or clause.gone is not None:
        gone = clause.gone if clause else None
        found = reading(proposal, None, why_gone=gone.reason if gone else "")
        return replace(found, stale=Stale.JOINED, done=False, into=gone.into) if gone and gone.into else found
    found = reading(proposal, clause.text)
    if proposal.kind is ProposalKind.MOVE:
        return _placed(
            state, proposal, replace(found, done=_before(state, clause) in {proposal.after, place(state, proposal)})
        )
    if not found.done and _split(state, clause, proposal.base):
        return replace(found, stale=Stale.SPLIT)
    if proposal.kind not in REWORDING and clause.number != proposal.base:
        return replace(found, stale=Stale.WORDS)  # to delete it, or to keep it, was said of another text
    return found


def offer(state: State, proposal: Tabled, offered: Offered) -> Reading:
    """What the chair offered for the proposal, in the draft as it stands."""
    kind = ProposalKind.ADD if proposal.kind is ProposalKind.ADD else ProposalKind.MODIFY
    return against(state, replace(proposal, kind=kind, base=offered.base, old=offered.old, text=offered.text))


def place(state: State, proposal: Tabled) -> str | None:
    """The clause that a new or moved one goes behind now. A clause that was joined stands where it was joined into; the
    sub-clauses of the one before stay with it. What its party proposed for the same place comes in in the order in
    which it was tabled, whenever it is accepted."""
    after = proposal.after
    while after is not None and (clause := state.clause(after)) is not None and clause.gone and clause.gone.into:
        after = clause.gone.into
    kind, depth, _ = proposal.shape or _shape(state.clause(proposal.clause or ""))
    own = depth if kind is ClauseKind.SUB else 0
    turns = _Turns(state, proposal)
    earlier = turns.last_before(after)
    before = earlier or (state.clause(after) if after is not None else None)
    if before is None or (earlier is None and kind in {ClauseKind.HEADING, ClauseKind.CHAPEAU}):
        return after
    # Behind one of its party's own stand also sub-clauses of the one that both go behind.
    following = state.block(before)[1:] if earlier is None else state.clauses[state.clauses.index(earlier) + 1 :]
    place = before.id
    for clause in following:
        if clause.kind is not ClauseKind.SUB or clause.depth <= own or turns.later(clause):
            break
        place = clause.id
    return place


class _Turns:
    """Clauses that came to the place of a proposal through others of its party, by the numbers of these."""

    def __init__(self, state: State, proposal: Tabled) -> None:
        self._state, self._proposal = state, proposal
        taken = [
            one
            for one in state.floor.proposals.values()
            if one.closing and one.closing.seq and one.party == proposal.party and one.after == proposal.after
        ]
        self._made = {one.closing.seq: one for one in taken if one.closing and one.kind is ProposalKind.ADD}
        self._moved = {one.clause: one for one in taken if one.kind is ProposalKind.MOVE}

    def _turn(self, clause: ClauseState) -> int:
        """The number of the proposal that it came through; 0 for none, and for what this one proposes too."""
        if clause.gone is not None or clause.id == self._proposal.clause:
            return 0
        found = self._made.get(clause.made) or self._moved.get(clause.id)
        same = found is not None and found.kind is ProposalKind.ADD and clause.text == self._proposal.text
        return 0 if found is None or same else found.number

    def later(self, clause: ClauseState) -> bool:
        """Whether it was proposed after this one."""
        return self._turn(clause) > self._proposal.number

    def last_before(self, after: str | None) -> ClauseState | None:
        """The last of the clauses behind ``after`` that were proposed before this one."""
        found = None
        if self._made or self._moved:
            start = 0 if after is None else self._state.clauses.index(self._state.by_id[after]) + 1
            for clause in self._state.clauses[start:]:
                turn = self._turn(clause)
                if turn == 0 and clause.gone is None and clause.kind is not ClauseKind.SUB:
                    break
                if 0 < turn < self._proposal.number:
                    found = clause
        return found


def _shape(clause: ClauseState | None) -> tuple[ClauseKind, int, str]:
    return (clause.kind, clause.depth, clause.lang) if clause is not None else (ClauseKind.OPERATIVE, 0, "")


def _placed(state: State, proposal: Tabled, found: Reading) -> Reading:
    """Stale when the clause that it goes behind is gone."""
    before = state.clause(proposal.after) if proposal.after is not None else None
    if before is None or before.gone is None or found.done:
        return found
    if before.gone.into:
        return replace(found, stale=Stale.JOINED, into=before.gone.into)
    return replace(found, stale=Stale.GONE, why=before.gone.reason)


def _stands_there(state: State, proposal: Tabled) -> bool:
    """Whether a clause with these words stands where the new one would come."""
    behind = place(state, proposal)
    start = 0 if behind is None else state.clauses.index(state.by_id[behind]) + 1
    following = next((clause for clause in state.clauses[start:] if clause.gone is None), None)
    kind = proposal.shape[0] if proposal.shape else ClauseKind.OPERATIVE
    return following is not None and following.kind is kind and following.text == proposal.text


def _before(state: State, clause: ClauseState) -> str | None:
    """The standing clause in front of this one."""
    standing = state.standing()
    at = standing.index(clause)
    return standing[at - 1].id if at else None


def _split(state: State, clause: ClauseState, base: int) -> bool:
    """Whether a part of the text with that number is a clause of its own now."""
    if clause.cut <= base:
        return False
    parts = (other for other in state.clauses if other.source == clause.id)
    return any(part.gone is None or not part.gone.into for part in parts)


# ── several, and parts ───────────────────────────────────────────────────────────────────────────────────────────────


def equal(proposals: Iterable[Tabled], live: str | None) -> list[list[str]]:
    """The open proposals on one clause (or, with ``live`` None, of new clauses) that come to the same, in groups of at
    least two ids. One whose words are contested comes to nothing certain and is in none."""
    groups: dict[tuple[object, ...], list[str]] = {}
    for proposal in proposals:
        key = outcome(proposal, live) if proposal.open else None
        if key is not None:
            groups.setdefault(key, []).append(proposal.id)
    return [group for group in groups.values() if len(group) > 1]


def outcome(proposal: Tabled, live: str | None) -> tuple[object, ...] | None:
    """What a proposal comes to, to be held beside another's on the same clause; None while that is not certain."""
    if proposal.kind in PLACED:
        text = proposal.text if proposal.kind is ProposalKind.ADD else ""
        return proposal.kind, proposal.clause, proposal.after, proposal.shape, text
    if proposal.kind not in REWORDING:
        return proposal.kind, proposal.clause
    found = reading(proposal, live)
    return None if found.stale else ("words", proposal.clause, found.outcome)


def choices(found: Reading) -> tuple[Choice, ...]:
    """The parts of a proposal among which can be chosen, numbered from 0 in the order of the text: each change, a
    deletion with what comes in its place; those that hold the two ends of a bracket pair or an emphasis are one."""
    places: list[list[int]] = []
    kept = True
    for at, hunk in enumerate(found.pieces):
        if hunk.op is not Op.KEEP:
            if kept:
                places.append([])
            places[-1].append(at)
        kept = hunk.op is Op.KEEP
    live = "".join(hunk.text for hunk in found.pieces if hunk.op is not Op.INSERT)
    groups: dict[int, list[int]] = {}
    for root, ats in zip(bound(widen(live), of_hunks(found.pieces)), places, strict=True):
        groups.setdefault(root, []).extend(ats)
    return tuple(Choice(number, tuple(ats)) for number, ats in enumerate(groups.values()))


def chosen(found: Reading, numbers: Iterable[int]) -> tuple[Hunk, ...]:
    """The reading's pieces with these choices alone. Raises IndexError for a number that is none."""
    all_of_them = choices(found)
    taken = {at for number in numbers for at in all_of_them[number].at}
    pieces: list[Hunk] = []
    for at, hunk in enumerate(found.pieces):
        if hunk.op is Op.KEEP or at in taken:
            pieces.append(hunk)
        elif hunk.op is Op.DELETE:
            pieces.append(Hunk(Op.KEEP, hunk.text))
    return tuple(pieces)
