"""Who made the changes between two texts of one draft, to the act; nothing is known between two drafts, or of files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from drafts.compare import Row
from drafts.desk.cast import Cast
from drafts.model import Party
from drafts.moments import Moment, Moments
from drafts.words import Hunk
from server.i18n import Tongue
from server.render import Credit

Acts = tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Removal:
    """Who took a clause out, when (UTC ms) and why. ``into``: the id of the clause that it was joined into, or ''."""

    party: str
    at: int
    reason: str
    into: str


@dataclass(frozen=True, slots=True)
class Span:
    """Two points of a draft: numbers of acts."""

    moments: Moments
    old: int
    new: int


class Attribution:
    """Answers for one pair of texts; ``span`` None: nothing is known."""

    def __init__(self, draft_id: str, people: Cast, span: Span | None, spoken: Tongue) -> None:
        self._draft_id = draft_id
        self._people = people
        self._span = span
        self._spoken = spoken

    def hunks(self, hunks: Sequence[Hunk], olds: Iterable[str], news: Iterable[str]) -> list[Acts]:
        """The acts behind each hunk of clauses whose ids are given (of a family in its order)."""
        old_ids, new_ids = list(olds), list(news)
        if self._span is None or not all((*old_ids, *new_ids)):
            return [()] * len(hunks)
        return self._span.moments.of_hunks(hunks, old_ids, new_ids, self._span.old, self._span.new)

    def parties(self, rows: Iterable[Row], acts: Iterable[Acts]) -> dict[str, str]:
        """Names, by code, of the parties that changed the words or moved, made, cut, joined or deleted a clause."""
        found = {moment.party_id for some in acts for moment in some}
        if self._span is not None:
            ids = {clause.id for row in rows for clause in (row.old, row.new) if clause}
            span = self._span
            found |= {m.party_id for one in ids for m in span.moments.structure(one, span.old, span.new)}
        parties = sorted((self._party(party_id) for party_id in found), key=lambda party: party.name)
        return {party.code: party.name for party in parties}

    def removal(self, clause_id: str) -> Removal | None:
        """How a clause of the old text went; None when that is not known, or it was only made after the new one."""
        if self._span is None:
            return None
        absence = self._span.moments.absence(clause_id, self._span.new)
        if absence is None or absence.start <= self._span.old:
            return None
        moment = self._span.moments.moment(absence.start)
        return Removal(self._party(moment.party_id).name, moment.at, absence.reason, absence.into)

    def credits(self, acts: Sequence[Acts]) -> list[list[Credit]]:
        """What stands behind the words of each hunk: a party once, with its last act."""
        return [self._credits(some) for some in acts]

    def _credits(self, some: Acts) -> list[Credit]:
        latest: dict[str, Moment] = {moment.party_id: moment for moment in some}
        return [self._credit(moment) for moment in latest.values()]

    def _credit(self, moment: Moment) -> Credit:
        party = self._party(moment.party_id)
        person = self._people.names.get(moment.person_id, "")
        when = self._spoken.minute(moment.at)
        says = " · ".join(part for part in (party.name, person, when) if part)
        return Credit(party.code, party.name, says, f"/drafts/{self._draft_id}/record?at={moment.seq}#a-{moment.seq}")

    def _party(self, party_id: str) -> Party:
        parties: Mapping[str, Party] = self._people.parties
        return parties[party_id]
