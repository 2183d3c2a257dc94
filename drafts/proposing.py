"""Instead of edits, proposals: what a file does becomes private proposals of whoever brought it. No I/O.

Words, new, deleted and moved clauses have a kind of proposal: one each. A proposal stands on the text that the file was
made from, so that what others did since shows in it as in any (readings.py), and nothing needs deciding here. What has
no kind of proposal (splits, joins, other kinds of clause), and what is done in another party's name, is left to
whoever asked.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from drafts.acts import Begun
from drafts.beginning import Shape, own_text
from drafts.change import MAX_TEXT, widen
from drafts.errors import Conflict, Invalid, Refusal
from drafts.footing import Footing, depth_of
from drafts.merge import Added, Item, Moved, Removed, Words, parties_of
from drafts.model import ClauseKind, Draft, Member, Proposal, ProposalKind, ProposalState
from drafts.outside import Clash, Kind, Why
from drafts.readings import worded
from drafts.state import ClauseState, State
from drafts.tabling import elsewhere
from drafts.tally import Tally

PROPOSABLE: Final = frozenset({Kind.EDIT, Kind.INSERT, Kind.DELETE, Kind.MOVE})  # what there is a kind of proposal for


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a proposal is to say. ``old`` is what text ``number`` of the clause said; ``shape`` is that of its own text,
    ``text`` what that begins with."""

    kind: ProposalKind
    clause: str | None
    shape: Shape
    number: int = 0
    old: str = ""
    text: str | None = None
    after: str | None = None


def begun(draft: Draft, member: Member, wanted: Wanted, proposal_id: str, at: int) -> Begun:
    """The private proposal, begun at UTC ms ``at`` on the draft as it stands."""
    made = Proposal(
        id=proposal_id,
        draft_id=draft.id,
        party_id=member.party.id,
        person_id=member.person_id,
        kind=wanted.kind,
        state=ProposalState.DRAFT,
        clause_id=wanted.clause,
        base_number=wanted.number,
        base_seq=draft.seq,
        base_text=wanted.old,
        after_id=wanted.after,
        reason="",
        created_at=datetime.fromtimestamp(at / 1000, UTC),
    )
    return own_text(draft, member, made, wanted.shape, wanted.text)


def known_as(brought: str, item: str) -> str:
    """The id of the proposal that an item of a file becomes: however often it is asked, the same."""
    return hashlib.sha256(f"proposal {brought} {item}".encode()).hexdigest()[:20]


# ── what each change becomes ──


def of_words(state: State, clause: ClauseState, number: int, old: str, text: str) -> Wanted | None:
    """A clause with other words; deleted where none are left; as a new clause where it is deleted already. None when
    that cannot be proposed: it was joined into another, is too long, or reads the same."""
    text = text.strip()
    if len(widen(text)) > MAX_TEXT or text == old.strip():
        return None
    if clause.gone is not None:
        back = text and not clause.gone.into
        return of_new(state, clause.id, (clause.kind, clause.depth, clause.lang), text) if back else None
    if not text:
        return of_deletion(clause, number, old)
    return Wanted(ProposalKind.MODIFY, clause.id, _shape(clause), number, old, text)


def of_new(state: State, after: str | None, shape: Shape, text: str) -> Wanted | None:
    """A new clause behind another, or behind where that stood."""
    kind, depth, lang = shape
    if not text.strip() or len(widen(text)) > MAX_TEXT:
        return None
    fit = (kind, depth_of(kind, depth), lang)
    return Wanted(ProposalKind.ADD, None, fit, text=text, after=standing_behind(state, after))


def of_deletion(clause: ClauseState, number: int, old: str) -> Wanted | None:
    """A clause to go, said of its text ``number``."""
    return None if clause.gone else Wanted(ProposalKind.DELETE, clause.id, _shape(clause), number, old)


def of_move(state: State, clause: ClauseState, after: str | None) -> Wanted | None:
    """A clause to stand elsewhere. None where it stands there."""
    if clause.gone is not None:
        return None
    place = standing_behind(state, after)
    try:
        elsewhere(state, clause, place)
    except Refusal:
        return None
    return Wanted(ProposalKind.MOVE, clause.id, _shape(clause), clause.number, clause.text, after=place)


def of_conflict(state: State, clash: Clash, numbers: Mapping[str, int]) -> Wanted:
    """What a conflict of a merge becomes when it is turned into a proposal. ``numbers``: those that the texts had, at
    the file's base, of clauses that moved on since. Raises Invalid for what has no kind of proposal, Conflict where
    nothing is left to propose it on."""
    if clash.kind not in PROPOSABLE:
        raise Invalid("no_such_proposal", "There is no proposal of this kind. Post it as a comment.")
    clause = state.clause(clash.clause) if clash.clause else None
    made = None
    if clash.kind is Kind.INSERT:
        kind, depth, lang = clash.shape or (ClauseKind.OPERATIVE.value, 0, "")
        made = of_new(state, clash.after, (ClauseKind(kind), depth, lang), clash.theirs)
    elif clause is not None and clash.kind is Kind.MOVE:
        made = of_move(state, clause, clash.after)
    elif clause is not None:
        number = numbers.get(clause.id, clause.number)
        if clash.kind is Kind.DELETE:
            made = of_deletion(clause, number, clash.base)
        else:
            made = of_words(state, clause, number, clash.base, clash.theirs)
    if made is None:
        raise Conflict("nothing_to_propose", "This cannot be proposed on the text as it stands. Post it as a comment.")
    return made


def standing_behind(state: State, after: str | None) -> str | None:
    """The clause, or the nearest before it that still stands (None: the very front)."""
    if after is None:
        return None
    at = next(index for index, clause in enumerate(state.clauses) if clause.id == after)
    return next((clause.id for clause in reversed(state.clauses[: at + 1]) if clause.gone is None), None)


def _shape(clause: ClauseState) -> Shape:
    return clause.kind, clause.depth, clause.lang


# ── a whole file ──


@dataclass(slots=True)
class Proposing:
    """The items of a file as proposals of ``member``. ``begun`` are those proposals in the order of the file, ``rest``
    the items that have none. Items are told to ``tally``; nothing else is changed."""

    state: State
    member: Member
    brought: str
    at: int
    on: Footing
    tally: Tally
    begun: list[Begun] = field(default_factory=list)
    rest: list[Item] = field(default_factory=list)
    _moving: set[str] = field(default_factory=set)  # none of these is what another goes behind: they may stay
    _moved: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)  # clause -> proposal, what goes along

    def propose(self, items: tuple[Item, ...]) -> None:
        """Decide on every item. Raises Refusal for a text that is too large."""
        self._moving = {item.clause for item in items if isinstance(item, Moved)}
        for item in items:
            if parties_of(item) - {self.member.party.id}:
                self.rest.append(item)
            elif isinstance(item, Words):
                self._words(item)
            elif isinstance(item, Added):
                self._added(item)
            elif isinstance(item, Removed):
                self._removed(item)
            elif isinstance(item, Moved):
                self._move(item)
            else:
                self.rest.append(item)

    def _become(self, item: Item, wanted: Wanted | None) -> str:
        """Let the item be this proposal, or leave it over; the proposal's id, '' without one."""
        if wanted is None:
            self.rest.append(item)
            return ""
        made = begun(self.state.draft, self.member, wanted, known_as(self.brought, item.item), self.at)
        self.begun.append(made)
        self.tally.tell(self.tally.proposed, item, getattr(item, "patches", ()), made.proposal.id)
        return made.proposal.id

    def _words(self, item: Words) -> None:
        past = self.on.past[item.clause]
        state = past.state
        if state.gone is None and worded(item.base, item.theirs, state.text).done:
            self.tally.tell(self.tally.already, item, item.patches)
        else:
            self._become(item, of_words(self.state, state, past.number, item.base, item.theirs))

    def _added(self, item: Added) -> None:
        twin = self.on.twin(item)
        if twin is not None:
            self.on.ids[item.at] = twin.id
            self.tally.tell(self.tally.already, item)
        else:
            shape = (item.kind, item.depth, item.lang)
            self._become(item, of_new(self.state, self.on.anchor(item.at, self._moving), shape, item.text))

    def _removed(self, item: Removed) -> None:
        past = self.on.past[item.clause]
        if past.why is Why.DELETED:
            self.tally.tell(self.tally.already, item)
        else:
            self._become(item, of_deletion(past.state, past.number, item.base))

    def _move(self, item: Moved) -> None:
        """A sub-clause that goes along with what is moved before it needs no proposal of its own."""
        state = self.on.past[item.clause].state
        for proposal, along in self._moved.values():
            if item.clause in along:
                self.tally.tell(self.tally.proposed, item, (), proposal)
                return
        block = {part.id for part in self.state.block(state)} if state.gone is None else {item.clause}
        target = self.on.anchor(item.at, block | self._moving)
        if state.gone is None and self.on.in_place(state, target):
            self.tally.tell(self.tally.already, item)
            return
        made = self._become(item, of_move(self.state, state, target))
        if made:
            self._moved[item.clause] = (made, frozenset(item.following) & block)
