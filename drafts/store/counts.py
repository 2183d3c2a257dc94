"""Queries that count the remarks of a round, for whoever looks: ``drafts.counted`` says what is counted for whom.

Each is one pass over an index that holds all it needs (``ix_remark_round_counts`` and ``ix_remark_round_sources``),
unless a filter asks for more.
"""

from collections import Counter
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, case, func, literal, null, select

from drafts import tables as t
from drafts.consultation import COUNTED, Disposition, RemarkState, Round, Sight, Standing, Tallies, View, Wanted
from drafts.counted import QUARTER, Count, Counts, Source, by_day, counting
from drafts.model import Group
from drafts.store.rows import Queries
from drafts.store.seen import seen, wants

MOST_SOURCES: Final = 200
_COUNTED: Final = sorted(state.value for state in COUNTED)
_GROUPS: Final = list(Group)


class Tally(Queries):
    """Counts over the table ``remark``."""

    async def of_round(self, told: Round, sight: Sight, wanted: Wanted) -> Counts:
        """All counts of a round that a reader may have, of what a filter wants."""
        sight = counting(sight, wanted)
        which = self._which(told.id, sight, wanted)
        organisations, sources = await self._sources(which)
        bundles, folded = await self._bundles(which)
        languages, questions = await self._kinds(which)
        return Counts(
            tallies=Tallies(await self._standings(which, sight), organisations, folded),
            days=by_day(await self._quarters(which), told.zone),
            languages=languages,
            questions=questions,
            sources=sources,
            bundles=bundles,
        )

    async def tallies(self, told: Round, sight: Sight, wanted: Wanted) -> Tallies:
        """Only the tallies: for strips and progress."""
        sight = counting(sight, wanted)
        which = self._which(told.id, sight, wanted)
        organisations = select(func.count()).select_from(
            select(*_source()).where(which).group_by(*_source()).subquery()
        )
        sources = int((await self._run(organisations)).scalar_one())
        return Tallies(await self._standings(which, sight), sources, (await self._bundles(which))[1])

    async def total(self, round_id: str, sight: Sight, wanted: Wanted) -> int:
        """How many remarks are counted."""
        which = self._which(round_id, counting(sight, wanted), wanted)
        return int((await self._run(select(func.count()).select_from(t.remark).where(which))).scalar_one())

    def _which(self, round_id: str, sight: Sight, wanted: Wanted) -> ColumnElement[bool]:
        r = t.remark.c
        dialect = self._connection.dialect.name
        which = (r.round_id == round_id) & r.state.in_(_visible(sight, wanted))
        return which & seen(sight) & wants(wanted, sight, dialect)

    async def _standings(self, which: ColumnElement[bool], sight: Sight) -> tuple[Standing, ...]:
        r = t.remark.c
        told = r.disposition if sight.leads else r.shown if sight.answers else null().label("shown")
        keys = [r.clause_id, r.group, r.view, *([told] if sight.answers else [])]
        found = select(r.clause_id, r.group, r.view, told.label("told"), func.count().label("remarks"))
        rows = await self._all(found.where(which).group_by(*keys))
        return tuple(sorted(map(_standing, rows), key=_order))

    async def _sources(self, which: ColumnElement[bool]) -> tuple[int, tuple[Source, ...]]:
        """How many sources there are, and those with the most."""
        r = t.remark.c
        views = [func.sum(case((r.view == view.value, 1), else_=0)).label(view.value) for view in View]
        found = select(*_source(), func.count().label("remarks"), *views, func.count().over().label("sources"))
        found = found.where(which).group_by(*_source()).order_by(func.count().desc(), r.who, r.group)
        rows = await self._all(found.limit(MOST_SOURCES))
        return (rows[0].sources if rows else 0), tuple(map(_told, rows))

    async def _bundles(self, which: ColumnElement[bool]) -> tuple[int, int]:
        """How many bundles, and how many remarks are copies of another in them."""
        r = t.remark.c
        found = select(func.count(r.bundle_id).label("all"), func.count(r.bundle_id.distinct()).label("bundles"))
        row = (await self._run(found.where(which, r.bundle_id.is_not(None)))).one()
        return row.bundles, row.all - row.bundles

    async def _kinds(self, which: ColumnElement[bool]) -> tuple[tuple[Count, ...], tuple[Count, ...]]:
        """By language and by question, each with the group."""
        r = t.remark.c
        keys = (r.language, r.question_id, r.group)
        languages: Counter[tuple[str, Group]] = Counter()
        questions: Counter[tuple[str, Group]] = Counter()
        for row in await self._all(select(*keys, func.count().label("remarks")).where(which).group_by(*keys)):
            languages[row.language, Group(row.group)] += row.remarks
            questions[row.question_id or "", Group(row.group)] += row.remarks
        return _counts(languages), _counts(questions)

    async def _quarters(self, which: ColumnElement[bool]) -> list[tuple[int, Group, int]]:
        r = t.remark.c
        quarter = (func.coalesce(r.sent_at, r.created_at).op("/")(literal(QUARTER))).label("quarter")
        found = select(quarter, r.group, func.count().label("remarks")).where(which).group_by(quarter, r.group)
        return [(row.quarter, Group(row.group), row.remarks) for row in await self._all(found)]


def _visible(sight: Sight, wanted: Wanted) -> list[str]:
    """The states of what can be counted: said to the database too, so that it reads no more of the index."""
    return _COUNTED if sight.leads or wanted.mine else [RemarkState.OPEN.value]


def _source() -> tuple[ColumnElement[Any], ...]:
    return t.remark.c.who, t.remark.c.party_id, t.remark.c.group


def _standing(row: Row[Any]) -> Standing:
    told = None if row.told is None else Disposition(row.told)
    return Standing(row.clause_id, Group(row.group), View(row.view), told, row.remarks)


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
