"""The order of a compendium: which clauses and groups have remarks, and which remarks come next by contributor. All
of it goes page by page, so nothing large is ever held."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, func, select, tuple_

from drafts import tables as t
from drafts.consultation import Sight, Spot, Wanted
from drafts.model import Group
from drafts.store.rows import Queries
from drafts.store.seen import seen, wants

_IN_ONE: Final = 5_000  # values of one statement


class Place(NamedTuple):
    """Something that a group says something about. ``absent``: what is missing, with no clause."""

    clause_id: str | None
    absent: bool
    group: Group


class Ordered(Queries):
    """The table ``remark``, by what it is about and by who says it."""

    async def count(self, round_id: str, sight: Sight, wanted: Wanted) -> int:
        """How many remarks the reader sees and wants."""
        counted = select(func.count()).select_from(t.remark).where(self._which(round_id, sight, wanted))
        return int((await self._run(counted)).scalar_one())

    async def places(self, round_id: str, sight: Sight, wanted: Wanted) -> set[Place]:
        """What such remarks are about, for each group."""
        r = t.remark.c
        found = select(r.clause_id, r.spot, r.group).where(self._which(round_id, sight, wanted)).distinct()
        return {
            Place(row.clause_id, row.clause_id is None and row.spot == Spot.MISSING, Group(row.group))
            for row in await self._all(found)
        }

    async def by_name(
        self, round_id: str, sight: Sight, wanted: Wanted, after: tuple[str, int], limit: int
    ) -> list[tuple[str, int]]:
        """The next remarks by the name that is shown, as names and serials, behind such a pair."""
        r = t.remark.c
        which = self._which(round_id, sight, wanted) & (tuple_(r.who, r.serial) > tuple_(*after))
        found = select(r.who, r.serial).where(which).order_by(r.who, r.serial).limit(limit)
        return [(row.who, row.serial) for row in await self._all(found)]

    async def asked(self, remark_ids: Sequence[str], party_id: str) -> frozenset[str]:
        """Those of some remarks that a party is asked to join, or has joined."""
        found = select(t.together.c.remark_id).where(
            t.together.c.remark_id.in_(remark_ids), t.together.c.party_id == party_id, t.together.c.state != "declined"
        )
        return frozenset(row.remark_id for row in await self._all(found))

    async def imported(self, round_id: str, rows: Sequence[str]) -> frozenset[str]:
        """Those of some rows of a table (``source_row``) that are in the round."""
        known: set[str] = set()
        for at in range(0, len(rows), _IN_ONE):
            which = (t.remark.c.round_id == round_id) & t.remark.c.source_row.in_(rows[at : at + _IN_ONE])
            known |= {row.source_row for row in await self._all(select(t.remark.c.source_row).where(which))}
        return frozenset(known)

    def _which(self, round_id: str, sight: Sight, wanted: Wanted) -> ColumnElement[bool]:
        return (t.remark.c.round_id == round_id) & seen(sight) & wants(wanted, sight, self._connection.dialect.name)
