"""What a merge stands on: what others did since its base under each of its clauses, and where clauses of the file
belong in the text of today. No I/O.

Whoever decides what comes of a file's items (landing.py, proposing.py) asks here; nothing is changed here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from drafts import commands as do
from drafts.acts import ActKind
from drafts.change import Change, widen
from drafts.decide import MAX_CLAUSES, Acting
from drafts.errors import Invalid
from drafts.late import composed
from drafts.merge import Added, Cut, Joined, Removed, Words
from drafts.model import ClauseKind
from drafts.outside import Why
from drafts.state import ClauseState


@dataclass(slots=True)
class Past:
    """A clause since the base: the number that its text had then, what stands in the way of every item, and the changes
    that others made, each on the one before."""

    state: ClauseState
    number: int
    why: Why | None
    changes: list[Change]

    def since(self, base: str) -> Change:
        """The changes as one. Raises Invalid when the base is not the text they began with."""
        whole = composed(self.changes) if self.changes else Change.of([(len(base), None)])
        if whole.length != len(base) or (not self.changes and self.state.gone is None and self.state.wide != base):
            raise Invalid("no_base", "The text never was as this says it was.")
        return whole


class Footing:
    """The pasts of the clauses that a merge touches, and the places of the file's clauses. ``ids`` goes from a clause's
    number in the file to its id, as far as it has one. Raises Invalid for a base that never was, NeedHistory."""

    def __init__(self, room: Acting, c: do.Merge) -> None:
        self.room = room
        self.before = room.seq
        self.ids = {at: clause for at, clause in enumerate(c.plan.pairs) if clause is not None}
        self.base = frozenset(c.plan.base)
        since = room.since(c.op, c.base_seq)
        self.moved = since.moved  # by others, since the base
        self.past = {clause: self._past(clause, since.numbers.get(clause)) for clause in sorted(c.plan.touched)}
        for item in c.plan.items:
            if isinstance(item, Words | Cut | Removed):
                self._fits(self.past[item.clause], item.base)
            elif isinstance(item, Joined):
                for clause, base in zip(item.clauses, item.bases, strict=True):
                    self._fits(self.past[clause], base)

    def _past(self, clause: str, number: int | None) -> Past:
        state = self.room.state.clause(clause)
        if state is None:
            raise Invalid("no_clause", "There is no such clause.")
        history = self.room.history(clause, number) if number is not None else ()
        kinds = {act.kind for act, _ in history}
        why = None
        if state.gone is not None:
            why = Why.DELETED if state.gone.into is None else Why.JOINED
        elif kinds & {ActKind.SPLIT, ActKind.JOIN}:
            why = Why.SPLIT if ActKind.SPLIT in kinds else Why.JOINED
        elif clause in self.moved:
            why = Why.MOVED
        elif state.locked:
            why = Why.LOCKED
        return Past(state, state.number if number is None else number, why, [change for _, change in history])

    @staticmethod
    def _fits(past: Past, base: str) -> None:
        if past.why not in {Why.SPLIT, Why.JOINED, Why.DELETED}:
            past.since(widen(base))

    # ── places ──

    def twin(self, item: Added) -> ClauseState | None:
        """The same clause, if somebody put it in since."""
        taken = set(self.ids.values())
        for clause in self.room.state.standing():
            if clause.id not in self.base and clause.id not in taken and clause.text == item.text:
                return clause if clause.kind is item.kind else None
        return None

    def takes(self, more: int) -> bool:
        """Whether the draft has room for more clauses."""
        return len(self.room.state.standing()) + more <= MAX_CLAUSES

    def anchor(self, at: int, block: Iterable[str]) -> str | None:
        """The clause before number ``at`` of the file, or the nearest before it that others did not move; none of
        ``block``."""
        for place in range(at - 1, -1, -1):
            clause = self.ids.get(place)
            if clause is not None and clause not in self.moved and clause not in block:
                return clause
        return None

    def behind_new(self, after: str | None, depth: int) -> str | None:
        """Behind the sub-clauses that others added to the one before: they stay with it."""
        clauses = self.room.state.clauses
        index = 0 if after is None else next(i for i, clause in enumerate(clauses) if clause.id == after) + 1
        if after is None:
            return None
        made = set(self.ids.values())
        while index < len(clauses):
            other = clauses[index]
            new = other.id not in self.base and other.id not in made
            if not (other.kind is ClauseKind.SUB and other.depth > depth and (new or other.gone is not None)):
                break
            after, index = other.id, index + 1
        return after

    def in_place(self, state: ClauseState, target: str | None) -> bool:
        """Whether a clause stands behind ``target``, but for clauses that the file does not know."""
        known = set(self.base) | set(self.ids.values())
        before: str | None = None
        for clause in self.room.state.standing():
            if clause is state:
                return before == target
            if clause.id in known:
                before = clause.id
        return False


def depth_of(kind: ClauseKind, depth: int) -> int:
    """The depth that a clause of this kind can have, nearest to the one that a file gives it."""
    return min(max(depth, 1), 3) if kind is ClauseKind.SUB else 0
