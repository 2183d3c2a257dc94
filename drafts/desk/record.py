"""The record of a draft for those who may read it, a page at a time: the acts that each may hear of, no others."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drafts.access import closed, hears
from drafts.acts import Act, ActKind
from drafts.desk import cast, drafts
from drafts.desk.cast import Cast
from drafts.model import Member
from drafts.record import Line, lines
from drafts.state import State
from drafts.store import Store

MOST_LINES: Final = 80
MOST_ACTS: Final = 1_000  # read for a page
_AROUND: Final = 30  # acts that are shown above the one that is looked for
_CHUNK: Final = 50  # acts read at once, at least: some of them may be for others only


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
    people = await cast.of(store, state)
    look = _Look(store, state, me, people, place)
    before, after = place.before, place.after
    if place.at is not None:
        above = await look.acts(None, place.at, _AROUND)
        before, after = (above[-1].seq if above else place.at) + 1, None
    acts = await look.acts(before, after, MOST_ACTS)
    found = lines(acts, MOST_LINES)
    if after is not None:
        found.reverse()
    seqs = [act.seq for line in found for act in line.acts]
    low, high = (min(seqs), max(seqs)) if seqs else (before or 0, after or 0)
    newer = seqs and await look.acts(None, high, 1)
    older = seqs and await look.acts(low, None, 1)
    return Page(state, me, people, found, high if newer else None, low if older else None)


@dataclass(frozen=True, slots=True)
class _Look:
    """Reads the log with the eyes of one member."""

    store: Store
    state: State
    me: Member
    people: Cast
    place: Place

    async def acts(self, before: int | None, after: int | None, limit: int) -> list[Act]:
        """The next acts that the member may hear of, at most ``limit``: those that are for others only are passed over,
        so that their number shows nowhere."""
        heard: list[Act] = []
        while len(heard) < limit:
            wanted = max(limit - len(heard), _CHUNK)
            acts = await self._read(before, after, wanted)
            heard += filter(self._heard(), acts)
            if len(acts) < wanted:
                break
            before, after = (None, acts[-1].seq) if after is not None else (acts[-1].seq, None)
        return heard[:limit]

    def _heard(self) -> Callable[[Act], bool]:
        return lambda act: hears(self.me, act, self.state.draft, self.people.forum)

    async def _read(self, before: int | None, after: int | None, limit: int) -> list[Act]:
        async with self.store.read() as q:
            return await q.log.look(
                self.state.draft.id,
                before=before,
                after=after,
                without={ActKind.MARK},
                own=(closed(self.me, self.state.draft, self.people.forum), self.me.party.id),
                clause_id=self.place.clause_id,
                party_id=self.place.party_id,
                limit=limit,
            )
