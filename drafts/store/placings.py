"""Queries about where remarks belong in later versions. What the machine says never takes the place of what a person
said."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from drafts import tables as t
from drafts.anchoring import Passage
from drafts.consultation import SENT, Placing, Sight, Spot
from drafts.store.rows import Queries
from drafts.store.seen import readable

_SENT: Final = sorted(state.value for state in SENT)
_IN_ONE: Final = 400  # rows or ids in one statement
ORPHAN: Final = "orphan"


class Waiting(NamedTuple):
    """A remark that is to be placed."""

    serial: int
    remark_id: str
    passage: Passage


@dataclass(frozen=True, slots=True)
class Group:
    """Orphans that are about the same place of the old text: how many, and the first of them."""

    passage: Passage
    count: int
    first_id: str


class Placings(Queries):
    """The table ``placing``."""

    # ── writing ──

    async def put(self, round_id: str, placings: Sequence[Placing]) -> None:
        """What the machine says; where a person has placed a remark, that stays."""
        for at in range(0, len(placings), _IN_ONE):
            values = [_values(round_id, one) for one in placings[at : at + _IN_ONE]]
            await self._run(self._writing(values, t.placing.c.person_id.is_(None)))

    async def set(self, round_id: str, placings: Sequence[Placing]) -> None:
        """What a person says."""
        for at in range(0, len(placings), _IN_ONE):
            await self._run(self._writing([_values(round_id, one) for one in placings[at : at + _IN_ONE]], None))

    def _writing(self, values: list[dict[str, Any]], where: ColumnElement[bool] | None) -> Any:
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        adding = dialect.insert(t.placing).values(values)
        new = {name: adding.excluded[name] for name in ("clause_id", "start", "end", "score", "how", "person_id")}
        return adding.on_conflict_do_update(index_elements=["remark_id", "version"], set_=new, where=where)

    async def forget(self, version: int, remark_ids: Sequence[str]) -> None:
        """Remarks wait to be placed again."""
        for at in range(0, len(remark_ids), _IN_ONE):
            which = t.placing.c.remark_id.in_(remark_ids[at : at + _IN_ONE]) & (t.placing.c.version == version)
            await self._run(delete(t.placing).where(which))

    async def forget_all(self, round_id: str, version: int) -> None:
        """All that a machine placed waits to be placed again."""
        which = (t.placing.c.round_id == round_id) & (t.placing.c.version == version)
        await self._run(delete(t.placing).where(which, t.placing.c.person_id.is_(None)))

    # ── what waits ──

    async def waiting(self, round_id: str, version: int, after: int = 0, limit: int = 10_000) -> list[Waiting]:
        """Sent remarks that are not placed in a version, by serial."""
        r = t.remark.c
        found = select(r.serial, r.id, r.spot, r.clause_id, r.start, r.end, r.quote)
        found = found.where(_unplaced(round_id, version), r.serial > after).order_by(r.serial).limit(limit)
        return [Waiting(row.serial, row.id, _passage(row)) for row in await self._all(found)]

    async def waits(self, round_id: str, version: int) -> bool:
        """Whether any does. Counted, which costs a walk over two indexes; asking for each remark costs far more."""
        sent = select(func.count()).select_from(t.remark)
        sent = sent.where(t.remark.c.round_id == round_id, t.remark.c.state.in_(_SENT))
        placed = select(func.count()).select_from(t.placing)
        placed = placed.where(t.placing.c.round_id == round_id, t.placing.c.version == version)
        return bool((await self._run(sent)).scalar_one() > (await self._run(placed)).scalar_one())

    # ── reading ──

    async def of(self, version: int, remark_ids: Sequence[str]) -> dict[str, Placing]:
        """Where remarks are in a version, by their ids."""
        found: dict[str, Placing] = {}
        for at in range(0, len(remark_ids), _IN_ONE):
            which = t.placing.c.remark_id.in_(remark_ids[at : at + _IN_ONE]) & (t.placing.c.version == version)
            for row in await self._all(select(t.placing).where(which)):
                found[row.remark_id] = _placing(row)
        return found

    async def counts(self, round_id: str, version: int, sight: Sight) -> dict[tuple[str | None, str], int]:
        """How many remarks whose words a reader sees are in which clause, and how they came there."""
        p = t.placing.c
        counted = select(p.clause_id, p.how, func.count().label("many")).select_from(_JOINED)
        counted = counted.where(p.round_id == round_id, p.version == version, readable(sight))
        return {(row.clause_id, row.how): row.many for row in await self._all(counted.group_by(p.clause_id, p.how))}

    async def page(
        self,
        round_id: str,
        version: int,
        sight: Sight,
        clause_id: str | None,
        hows: Sequence[str] = (),
        *,
        after: int = 0,
        limit: int = 20,
    ) -> list[str]:
        """Ids of the remarks in a clause (None: in none) that a reader sees the words of, oldest first, behind a
        serial; ``hows``: only those that came there so."""
        p = t.placing.c
        which = [p.round_id == round_id, p.version == version, readable(sight), t.remark.c.serial > after]
        which.append(p.clause_id == clause_id if clause_id is not None else p.clause_id.is_(None))
        if hows:
            which.append(p.how.in_(hows))
        found = select(t.remark.c.id).select_from(_JOINED).where(*which).order_by(t.remark.c.serial).limit(limit)
        return [row.id for row in await self._all(found)]

    async def everywhere(self, round_id: str, version: int, sight: Sight, limit: int) -> list[str]:
        """Ids of the remarks in any clause that a reader sees the words of, oldest first."""
        p = t.placing.c
        found = select(t.remark.c.id).select_from(_JOINED).where(p.round_id == round_id, p.version == version)
        found = found.where(readable(sight), p.clause_id.is_not(None)).order_by(t.remark.c.serial).limit(limit)
        return [row.id for row in await self._all(found)]

    async def orphans(self, round_id: str, version: int, sight: Sight) -> list[Group]:
        """The orphans whose words a reader sees, those about the same place together."""
        r, p = t.remark.c, t.placing.c
        same = (r.spot, r.clause_id, r.start, r.end)
        grouped = select(*same, func.count().label("many"), func.min(r.serial).label("first")).select_from(_JOINED)
        grouped = grouped.where(p.round_id == round_id, p.version == version, p.clause_id.is_(None), p.how == ORPHAN)
        rows = {row.first: row for row in await self._all(grouped.where(readable(sight)).group_by(*same))}
        firsts: list[Group] = []
        serials = sorted(rows)
        for at in range(0, len(serials), _IN_ONE):
            asked = select(r.serial, r.id, r.spot, r.clause_id, r.start, r.end, r.quote)
            found = await self._all(asked.where(r.serial.in_(serials[at : at + _IN_ONE])))
            firsts += [Group(_passage(row), rows[row.serial].many, row.id) for row in found]
        return firsts

    async def of_group(
        self, round_id: str, version: int, sight: Sight, passage: Passage, after: int = 0, limit: int = 20
    ) -> list[str]:
        """Ids of the orphans about one place that a reader sees the words of, oldest first, behind a serial."""
        r, p = t.remark.c, t.placing.c
        which = [p.round_id == round_id, p.version == version, p.clause_id.is_(None), p.how == ORPHAN]
        which += [readable(sight), r.serial > after, r.spot == passage.spot.value]
        for column, value in ((r.clause_id, passage.clause_id), (r.start, passage.start), (r.end, passage.end)):
            which.append(column.is_(None) if value is None else column == value)
        found = select(r.id).select_from(_JOINED).where(*which).order_by(r.serial).limit(limit)
        return [row.id for row in await self._all(found)]


_JOINED: Final = t.placing.join(t.remark, t.remark.c.id == t.placing.c.remark_id)


def _unplaced(round_id: str, version: int) -> ColumnElement[bool]:
    here = (t.placing.c.remark_id == t.remark.c.id) & (t.placing.c.version == version)
    placed = select(t.placing.c.remark_id).where(here).exists()
    return and_(t.remark.c.round_id == round_id, t.remark.c.state.in_(_SENT), ~placed)


def _passage(row: Row[Any]) -> Passage:
    return Passage(Spot(row.spot), row.clause_id, row.start, row.end, row.quote)


def _placing(row: Row[Any]) -> Placing:
    return Placing(row.remark_id, row.version, row.clause_id, row.start, row.end, row.score, row.how, row.person_id)


def _values(round_id: str, one: Placing) -> dict[str, Any]:
    return {
        "remark_id": one.remark_id,
        "version": one.version,
        "round_id": round_id,
        "clause_id": one.clause_id,
        "start": one.start,
        "end": one.end,
        "score": one.score,
        "how": one.how,
        "person_id": one.person_id,
    }
