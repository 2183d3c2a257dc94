"""The record of a draft for those who may read it, a page at a time: public acts only."""

from dataclasses import dataclass
from typing import Final

from drafts.access import PRIVATE
from drafts.acts import Act
from drafts.desk import cast, drafts
from drafts.desk.cast import Cast
from drafts.model import Member
from drafts.record import Line, lines
from drafts.state import State
from drafts.store import Store

MOST_LINES: Final = 80
MOST_ACTS: Final = 1_000  # read for a page
_AROUND: Final = 30  # acts that are shown above the one that is looked for


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the record to look: around the act ``at``, else at what came before ``before`` or after ``after``, else
    at the newest; of one clause and of one party only, where they are named."""

    at: int | None = None
    before: int | None = None
    after: int | None = None
    clause_id: str = ""
    party_id: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Lines of the record, the newest first. ``newer`` and ``older``: the numbers to look after and before for more,
    None where there is nothing."""

    state: State
    me: Member
    people: Cast
    lines: list[Line]
    newer: int | None
    older: int | None


async def page(store: Store, person_id: str | None, draft_id: str, place: Place) -> Page:
    """A page of the record. Raises NotFound."""
    state, me = await drafts.state(store, person_id, draft_id)
    before, after = place.before, place.after
    if place.at is not None:
        above = await _look(store, draft_id, place, None, place.at, _AROUND)
        before, after = (above[-1].seq if above else place.at) + 1, None
    acts = await _look(store, draft_id, place, before, after, MOST_ACTS)
    found = lines(acts, MOST_LINES)
    if after is not None:
        found.reverse()
    seqs = [act.seq for line in found for act in line.acts]
    low, high = (min(seqs), max(seqs)) if seqs else (before or 0, after or 0)
    newer = seqs and await _look(store, draft_id, place, None, high, 1)
    older = seqs and await _look(store, draft_id, place, low, None, 1)
    people = await cast.of(store, state)
    return Page(state, me, people, found, high if newer else None, low if older else None)


async def _look(
    store: Store, draft_id: str, place: Place, before: int | None, after: int | None, limit: int
) -> list[Act]:
    async with store.read() as q:
        return await q.log.look(
            draft_id,
            before=before,
            after=after,
            without=PRIVATE,
            clause_id=place.clause_id,
            party_id=place.party_id,
            limit=limit,
        )
