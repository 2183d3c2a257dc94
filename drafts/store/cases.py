"""The rows of the work on answers: remarks one by one, or each bundle once, in the order in which they came in."""

from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select

from drafts import tables as t
from drafts.answers import ANSWERABLE, Case
from drafts.consultation import Sight, Wanted
from drafts.store.rows import Queries
from drafts.store.seen import wants

PAGE: Final = 40
_STATES: Final = sorted(state.value for state in ANSWERABLE)


class Cases(Queries):
    """What is there to be answered, for those who lead."""

    async def page(
        self,
        round_id: str,
        sight: Sight,
        wanted: Wanted,
        *,
        folded: bool,
        before: int | None = None,
        after: int | None = None,
    ) -> tuple[list[Case], int | None, int | None]:
        """Cases of what a filter wants, oldest first, behind the serial ``after`` or in front of ``before``; then the
        cursors ``before`` and ``after`` of the neighbouring pages, None at an end."""
        r = t.remark.c
        which = (r.round_id == round_id) & r.state.in_(_STATES) & wants(wanted, sight, self._connection.dialect.name)
        alone = which & (r.bundle_id.is_(None) | r.overruled) if folded else which
        cases = await self._alone(alone, before, after)
        if folded:
            plain = replace(wanted, answered=None, dispositions=frozenset()) == Wanted()
            cases += await self._bundled(which & ~r.overruled, before, after, plain=plain)
        cases.sort(key=lambda case: case.serial, reverse=before is not None)
        more, cases = len(cases) > PAGE, sorted(cases[:PAGE], key=lambda case: case.serial)
        if not cases:
            return [], None, None
        earlier = more if before is not None else after is not None
        later = more if before is None else True
        return cases, cases[0].serial if earlier else None, cases[-1].serial if later else None

    async def _alone(self, which: ColumnElement[bool], before: int | None, after: int | None) -> list[Case]:
        serial = t.remark.c.serial
        found = select(serial, t.remark.c.bundle_id).where(which)
        if before is not None:
            found = found.where(serial < before).order_by(serial.desc())
        else:
            found = found.where(serial > (after or 0)).order_by(serial)
        return [Case(row.serial, None) for row in await self._all(found.limit(PAGE + 1))]

    async def _bundled(
        self, which: ColumnElement[bool], before: int | None, after: int | None, *, plain: bool
    ) -> list[Case]:
        """``plain``: nothing is asked for but what became of it, which ``ix_remark_bundled`` answers by itself. With a
        filter the index of what is filtered has to be taken: a coalesced column keeps SQLite from the other."""
        r = t.remark.c
        first: ColumnElement[Any] = func.min(r.serial)
        bundle = r.bundle_id if plain else func.coalesce(r.bundle_id, "")
        found = select(first.label("first"), bundle.label("bundle_id"), func.count().label("remarks")).where(which)
        found = found.where(r.bundle_id.is_not(None) if plain else bundle != "").group_by(bundle)
        if before is not None:
            found = found.having(first < before).order_by(first.desc())
        else:
            found = found.having(first > (after or 0)).order_by(first)
        rows = await self._all(found.limit(PAGE + 1))
        ids = [row.bundle_id for row in rows]
        size = select(t.bundle.c.id, t.bundle.c.copies, t.bundle.c.variants).where(t.bundle.c.id.in_(ids))
        sizes = {row.id: (row.copies, row.variants) for row in await self._all(size)} if ids else {}
        return [Case(row.first, row.bundle_id, *sizes[row.bundle_id], row.remarks) for row in rows]
