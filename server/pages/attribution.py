"""Who made the changes between two versions: read off the provenance that the live text keeps of every word.

A version ``n`` holds what was written in the epochs 0 to n, so what came between versions ``a`` and ``b`` has an
epoch above ``a`` and at most ``b``.
"""

from dataclasses import dataclass

from drafts.desk.cast import Cast
from drafts.state import ClauseState, State


@dataclass(frozen=True, slots=True)
class Removal:
    """Who took a clause out, when (UTC ms) and why."""

    party: str
    at: int
    reason: str


class Attribution:
    """Answers for one pair of versions; numbers, or None for the working text."""

    def __init__(self, state: State, people: Cast, old: int | None, new: int | None) -> None:
        last = state.epoch
        after, until = (last if old is None else old), (last if new is None else new)
        self._backwards = after > until
        self._after, self._until = min(after, until), max(after, until)
        self._state = state
        self._people = people

    def parties(self, clause_id: str) -> list[str]:
        """Names of the parties whose words came or went or who moved the clause, in alphabetical order."""
        clause = self._state.clause(clause_id)
        if clause is None:
            return []
        return sorted({self._party(author) for author in self._authors(clause)})

    def removal(self, clause_id: str) -> Removal | None:
        """How the clause went between the two versions; None when it was not deleted there (joined, or never gone)."""
        clause = self._state.clause(clause_id)
        if clause is None or clause.gone is None or clause.gone.into is not None or self._backwards:
            return None
        if not self._between(clause.gone.epoch):
            return None
        return Removal(self._party(clause.gone.author), clause.gone.at, clause.gone.reason)

    def _authors(self, clause: ClauseState) -> set[int]:
        found: set[int] = set()
        for segment in clause.segments:
            if self._between(segment.ins):
                found.add(segment.by)
            if segment.dele >= 0 and self._between(segment.dele):
                found.add(segment.del_by)
        for stamp in (clause.born, clause.moved):
            if stamp and self._between(stamp.epoch):
                found.add(stamp.author)
        if clause.gone and self._between(clause.gone.epoch):
            found.add(clause.gone.author)
        return found

    def _between(self, epoch: int) -> bool:
        return self._after < epoch <= self._until

    def _party(self, author: int) -> str:
        party = self._people.parties.get(self._state.authors[author][1])
        return party.name if party else "–"
