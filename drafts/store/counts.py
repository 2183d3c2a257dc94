"""Queries that count the remarks of a round, for whoever looks: ``drafts.counted`` says what is counted for whom.

Each is one pass over an index that holds all it needs, in its order: ``ix_remark_round_counts``, ``_sources``,
``_days``, ``_kinds``; where there is a filter, over ``ix_remark_round_wanted``.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, case, func, select

from drafts import tables as t
from drafts.consultation import COUNTED, Disposition, RemarkState, Round, Sight, Standing, Tallies, View, Wanted
from drafts.counted import Count, Counts, Source, by_day, counting
from drafts.model import Group
from drafts.store.rows import Queries
from drafts.store.seen import looked, seen, wants

MOST_SOURCES: Final = 200
_COUNTED: Final = sorted(state.value for state in COUNTED)
_GROUPS: Final = list(Group)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is counted, and for whom."""

    sight: Sight
    wanted: Wanted
    which: ColumnElement[bool]

    def of(self, *columns: Any) -> Select[Any]:
        """These columns of it."""
        return looked(select(*columns).where(self.which), self.wanted)


class Tally(Queries):
    """Counts over the table ``remark``."""

    async def of_round(self, told: Round, sight: Sight, wanted: Wanted) -> Counts:
        """All counts of a round that a reader may have, of what a filter wants."""
        asked = self._asked(told.id, sight, wanted)
        organisations, sources = await self._sources(asked)
        bundles, folded = await self._bundles(asked)
        languages, questions = await self._kinds(asked)
        return Counts(
            tallies=Tallies(await self._standings(asked), organisations, folded),
            days=by_day(await self._quarters(asked), told.zone),
            languages=languages,
            questions=questions,
            sources=sources,
            bundles=bundles,
        )

    async def tallies(self, told: Round, sight: Sight, wanted: Wanted) -> Tallies:
        """Only the tallies: for strips and progress."""
        asked = self._asked(told.id, sight, wanted)
        different = asked.of(*_source()).group_by(*_source()).subquery()
        sources = int((await self._run(select(func.count()).select_from(different))).scalar_one())
        return Tallies(await self._standings(asked), sources, (await self._bundles(asked))[1])

    async def standings(self, told: Round, sight: Sight, wanted: Wanted) -> tuple[Standing, ...]:
        """Only the standings: for what is answered, by clause and group."""
        return await self._standings(self._asked(told.id, sight, wanted))

    async def total(self, round_id: str, sight: Sight, wanted: Wanted) -> int:
        """How many remarks are counted."""
        asked = self._asked(round_id, sight, wanted)
        return int((await self._run(asked.of(func.count()).select_from(t.remark))).scalar_one())

    def _asked(self, round_id: str, sight: Sight, wanted: Wanted) -> _Asked:
        r, sight = t.remark.c, counting(sight, wanted)
        which = (r.round_id == round_id) & r.state.in_(_visible(sight, wanted))
        return _Asked(sight, wanted, which & seen(sight) & wants(wanted, sight, self._connection.dialect.name))

    async def _standings(self, asked: _Asked) -> tuple[Standing, ...]:
        """In the index's order: what became of remarks is added up beside it, which saves a sort of all of them."""
        r = t.remark.c
        keys = (r.clause_id, r.group, r.view)
        told = r.disposition if asked.sight.leads else r.shown
        sums = [_sum(told == one.value).label(one.value) for one in Disposition] if asked.sight.answers else []
        rows = await self._all(asked.of(*keys, func.count(), *sums).group_by(*keys))
        return tuple(sorted((one for row in rows for one in _standings(row)), key=_order))

    async def _sources(self, asked: _Asked) -> tuple[int, tuple[Source, ...]]:
        """How many sources there are, and those with the most."""
        r = t.remark.c
        views = [_sum(r.view == view.value).label(view.value) for view in View]
        found = asked.of(*_source(), func.count().label("remarks"), *views, func.count().over().label("sources"))
        found = found.group_by(*_source()).order_by(func.count().desc(), r.who, r.group)
        rows = await self._all(found.limit(MOST_SOURCES))
        return (rows[0].sources if rows else 0), tuple(map(_told, rows))

    async def _bundles(self, asked: _Asked) -> tuple[int, int]:
        """How many bundles, and how many remarks are copies of another in them."""
        r = t.remark.c
        each = asked.of(func.count().label("copies")).where(r.bundle_id.is_not(None)).group_by(r.bundle_id)
        sizes = each.subquery()
        row = (await self._run(select(func.count().label("bundles"), func.sum(sizes.c.copies).label("all")))).one()
        return row.bundles, int(row.all or 0) - row.bundles

    async def _kinds(self, asked: _Asked) -> tuple[tuple[Count, ...], tuple[Count, ...]]:
        """By language and by question, each with the group."""
        r = t.remark.c
        keys = (r.language, r.question_id, r.group)
        languages: Counter[tuple[str, Group]] = Counter()
        questions: Counter[tuple[str, Group]] = Counter()
        for row in await self._all(asked.of(*keys, func.count().label("remarks")).group_by(*keys)):
            languages[row.language, Group(row.group)] += row.remarks
            questions[row.question_id or "", Group(row.group)] += row.remarks
        return _counts(languages), _counts(questions)

    async def _quarters(self, asked: _Asked) -> list[tuple[int, Group, int]]:
        keys = (t.remark.c.quarter, t.remark.c.group)
        found = asked.of(*keys, func.count().label("remarks")).group_by(*keys)
        return [(row.quarter, Group(row.group), row.remarks) for row in await self._all(found)]


def _visible(sight: Sight, wanted: Wanted) -> list[str]:
    """The states of what can be counted: said to the database too, so that it reads no more of the index."""
    return _COUNTED if sight.leads or wanted.mine else [RemarkState.OPEN.value]


def _source() -> tuple[ColumnElement[Any], ...]:
    return t.remark.c.who, t.remark.c.party_id, t.remark.c.group


def _sum(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((which, 1), else_=0))


def _standings(row: Sequence[Any]) -> Iterator[Standing]:
    """One row as standings: one for each disposition that there is, one for what has none."""
    clause, group, view, count, *told = row
    parts: list[tuple[Disposition | None, int]] = [(None, count - sum(told)), *zip(Disposition, told, strict=False)]
    for disposition, part in parts:
        if part:
            yield Standing(clause, Group(group), View(view), disposition, int(part))


def _order(one: Standing) -> tuple[str, int, str, str]:
    return one.clause_id or "", _GROUPS.index(one.group), one.view.value, one.disposition or ""


def _told(row: Row[Any]) -> Source:
    views = tuple((view, int(row._mapping[view.value])) for view in View)
    return Source(row.who, row.party_id, Group(row.group), row.remarks, views)


def _counts(found: Counter[tuple[str, Group]]) -> tuple[Count, ...]:
    """Keys with the most first; of one key the groups in their order."""
    totals: Counter[str] = Counter()
    for (key, _), count in found.items():
        totals[key] += count
    ordered = sorted(found.items(), key=lambda item: (-totals[item[0][0]], item[0][0], _GROUPS.index(item[0][1])))
    return tuple(Count(key, group, count) for (key, group), count in ordered)
