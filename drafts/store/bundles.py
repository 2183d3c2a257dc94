"""Queries about bundles: which remarks are in them, and how many copies and wordings each reader may count.

How many are in a bundle is counted from the remarks whenever it is told, so what was withdrawn or hidden meanwhile does
not count. ``copies`` and ``variants`` of the table order the list; ``recount`` brings them up to date.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, delete, exists, func, insert, or_, select, update

from drafts import tables as t
from drafts.bundling import Known, Text
from drafts.consultation import COUNTED, Bundle, Remark, Sight, Wanted
from drafts.model import Group
from drafts.store.remarks import Remarks
from drafts.store.rows import Queries
from drafts.store.seen import looked, seen, wants

_COUNTED: Final = sorted(state.value for state in COUNTED)
_GROUPS: Final = list(Group)
_IN_ONE: Final = 1_000  # rows of one statement for many


@dataclass(frozen=True, slots=True)
class Size:
    """How many remarks of a bundle a reader may count: ``copies`` in ``variants`` different wordings."""

    copies: int
    variants: int
    groups: tuple[tuple[Group, int], ...]


@dataclass(frozen=True, slots=True)
class Kin:
    """Another bundle of the same campaign: on another clause."""

    bundle_id: str
    clause_id: str | None
    copies: int


class Bundles(Queries):
    """The table ``bundle``, and what ``remark`` says of it."""

    # ── reading ──

    async def get(self, bundle_id: str) -> Bundle | None:
        """The bundle of an id, whoever asks."""
        row = await self._one(select(t.bundle).where(t.bundle.c.id == bundle_id))
        return _bundle(row) if row else None

    async def of_round(self, round_id: str, sight: Sight, *, skip: int = 0, limit: int = 50) -> list[Bundle]:
        """The bundles of which a reader may count something, the largest first."""
        r = t.remark.c
        some = exists().where(r.bundle_id == t.bundle.c.id, r.state.in_(_COUNTED), seen(sight))
        found = select(t.bundle).where(t.bundle.c.round_id == round_id, some)
        found = found.order_by(t.bundle.c.copies.desc(), t.bundle.c.id)
        return [_bundle(row) for row in await self._all(found.offset(skip).limit(limit))]

    async def count(self, round_id: str) -> int:
        """How many bundles there are."""
        found = select(func.count()).select_from(t.bundle).where(t.bundle.c.round_id == round_id)
        return int((await self._run(found)).scalar_one())

    async def sizes(self, bundle_ids: Sequence[str], sight: Sight) -> dict[str, Size]:
        """What a reader may count of some bundles; those of which it is nothing are left out."""
        r = t.remark.c
        which = r.bundle_id.in_(bundle_ids) & r.state.in_(_COUNTED) & seen(sight)
        by_group: dict[str, dict[Group, int]] = {}
        keys = (r.bundle_id, r.group)
        for row in await self._all(select(*keys, func.count().label("copies")).where(which).group_by(*keys)):
            by_group.setdefault(row.bundle_id, {})[Group(row.group)] = row.copies
        wordings = select(r.bundle_id, func.count(r.variant.distinct()).label("variants")).where(which)
        variants = {row.bundle_id: row.variants for row in await self._all(wordings.group_by(r.bundle_id))}
        return {
            key: Size(sum(told.values()), variants[key], tuple((one, told[one]) for one in _GROUPS if one in told))
            for key, told in by_group.items()
        }

    async def kin(self, bundle_id: str, sight: Sight) -> list[Kin]:
        """The other bundles of a bundle's campaign that a reader may count, the largest first."""
        r, other = t.remark.c, t.bundle.alias("other")
        same = select(other.c.id).join(t.bundle, t.bundle.c.campaign == other.c.campaign)
        same = same.where(
            t.bundle.c.id == bundle_id,
            other.c.id != bundle_id,
            t.bundle.c.campaign != "",
            other.c.round_id == t.bundle.c.round_id,
        )
        which = r.bundle_id.in_(same) & r.state.in_(_COUNTED) & seen(sight)
        found = select(r.bundle_id, func.min(r.clause_id).label("clause"), func.count().label("copies"))
        rows = await self._all(found.where(which).group_by(r.bundle_id).order_by(func.count().desc(), r.bundle_id))
        return [Kin(row.bundle_id, row.clause, row.copies) for row in rows]

    async def first(self, bundle_ids: Sequence[str], sight: Sight) -> dict[str, int]:
        """For each bundle the serial of the remark that stands for it to this reader: its lead, or the earliest that
        they may count where they may not count that."""
        r = t.remark.c
        which = r.bundle_id.in_(bundle_ids) & r.state.in_(_COUNTED) & seen(sight)
        found = select(r.bundle_id, func.min(r.serial).label("serial")).where(which).group_by(r.bundle_id)
        told = {row.bundle_id: row.serial for row in await self._all(found)}
        leads = select(r.bundle_id, r.serial).join(t.bundle, t.bundle.c.lead_id == r.id)
        return told | {row.bundle_id: row.serial for row in await self._all(leads.where(which))}

    # ── comments with copies folded ──

    async def folded(
        self,
        round_id: str,
        sight: Sight,
        wanted: Wanted,
        *,
        before: int | None = None,
        after: int | None = None,
        limit: int,
    ) -> list[int]:
        """A page of serials of what a reader sees and wants, of each bundle only the earliest that is among it, newest
        first (with ``after`` oldest first). One more than ``limit`` when more follow."""
        r = t.remark.c
        which = (r.round_id == round_id) & seen(sight) & wants(wanted, sight, self._connection.dialect.name)
        # What is told once stands for all that it hides, so the earliest is taken of what the filter found.
        once = looked(select(func.min(r.serial)).where(which, r.bundle_id.is_not(None)), wanted).group_by(r.bundle_id)
        shown = which & or_(r.bundle_id.is_(None), r.serial.in_(once))
        found = select(r.serial).where(shown)
        if after is not None:
            found = found.where(r.serial > after).order_by(r.serial)
        else:
            found = found.where(r.serial < before) if before is not None else found
            found = found.order_by(r.serial.desc())
        return [row.serial for row in await self._all(found.limit(limit + 1))]

    async def copies(self, round_id: str, bundle_ids: Sequence[str], sight: Sight, wanted: Wanted) -> dict[str, int]:
        """How many remarks of each bundle a reader sees and wants: what ``folded`` folds behind one of them."""
        r = t.remark.c
        which = (r.round_id == round_id) & seen(sight) & wants(wanted, sight, self._connection.dialect.name)
        found = select(r.bundle_id, func.count().label("copies")).where(which, r.bundle_id.in_(bundle_ids))
        return {row.bundle_id: row.copies for row in await self._all(found.group_by(r.bundle_id))}

    # ── what bundling reads ──

    async def known(self, round_id: str) -> list[Known]:
        """The bundles of a round with the words of their leads, the largest first."""
        r = t.remark.c
        found = select(t.bundle.c.id, r.clause_id, r.question_id, r.body, r.proposed)
        found = found.join(t.remark, r.id == t.bundle.c.lead_id).where(t.bundle.c.round_id == round_id)
        rows = await self._all(found.order_by(t.bundle.c.copies.desc(), t.bundle.c.id))
        return [Known(row.id, _place(row), words(row.body, row.proposed)) for row in rows]

    async def loose(self, round_id: str) -> int:
        """How many remarks could be bundled."""
        return int((await self._run(select(func.count()).select_from(t.remark).where(_loose(round_id)))).scalar_one())

    async def texts(self, round_id: str, after: int, limit: int) -> list[Text]:
        """The next remarks that could be bundled, behind a serial."""
        r = t.remark.c
        found = select(r.serial, r.clause_id, r.question_id, r.body, r.proposed)
        found = found.where(_loose(round_id), r.serial > after).order_by(r.serial).limit(limit)
        return [Text(row.serial, _place(row), words(row.body, row.proposed)) for row in await self._all(found)]

    # ── writing ──

    async def add(self, bundle: Bundle, campaign: str) -> None:
        """A new bundle; ``campaign``: the id of one of the bundles of its template, or its own."""
        values = {
            "id": bundle.id,
            "round_id": bundle.round_id,
            "lead_id": bundle.lead_id,
            "copies": bundle.copies,
            "variants": bundle.variants,
            "likeness": bundle.likeness,
            "campaign": campaign,
        }
        await self._run(insert(t.bundle), values)

    async def campaigns(self, round_id: str) -> dict[str, str]:
        """The campaign of each bundle of a round."""
        found = select(t.bundle.c.id, t.bundle.c.campaign).where(t.bundle.c.round_id == round_id)
        return {row.id: row.campaign for row in await self._all(found)}

    async def fold(self, bundle_id: str, members: Sequence[tuple[int, int]]) -> None:
        """Put remarks (serial, variant) into a bundle: those that are still sent, in none and not settled by hand."""
        r = t.remark.c
        counts = or_(*[r.state == state for state in _COUNTED])  # a list cannot be given to one statement for many rows
        which = and_(r.serial == bindparam("of"), r.bundle_id.is_(None), r.settled.is_(False), counts)
        folded = update(t.remark).where(which).values(bundle_id=bundle_id, variant=bindparam("wording"))
        for at in range(0, len(members), _IN_ONE):
            part = members[at : at + _IN_ONE]
            await self._run(folded, [{"of": serial, "wording": variant} for serial, variant in part])

    async def reworded(self, round_id: str) -> list[Remark]:
        """Remarks in bundles that were changed since they were sent, but for those that a person put there."""
        r = t.remark.c
        which = (r.round_id == round_id) & r.bundle_id.is_not(None) & r.edited_at.is_not(None) & r.settled.is_(False)
        rows = await self._all(select(r.id).where(which))
        return await Remarks(self._connection).of_ids([row.id for row in rows])

    async def loosen(self, remark_id: str) -> None:
        """Take a remark out of its bundle; another look may put it into one again."""
        await self._run(update(t.remark).where(t.remark.c.id == remark_id).values(bundle_id=None, variant=0))

    async def looked(self, round_id: str, serial: int) -> None:
        """All remarks up to a serial were looked at."""
        await self._run(update(t.round_).where(t.round_.c.id == round_id).values(bundled=serial))

    async def settle(self, remark_id: str, bundle_id: str | None, variant: int) -> None:
        """A person says in which bundle a remark is, or that it is in none."""
        values = {"bundle_id": bundle_id, "variant": variant, "settled": True}
        await self._run(update(t.remark).where(t.remark.c.id == remark_id).values(**values))

    async def like(self, bundle_id: str, likeness: int) -> None:
        """A bundle has a member that is so much like its lead (percent)."""
        which = (t.bundle.c.id == bundle_id) & (t.bundle.c.likeness > likeness)
        await self._run(update(t.bundle).where(which).values(likeness=likeness))

    async def recount(self, round_id: str) -> None:
        """Bring copies, variants and leads of a round's bundles up to date. What is left of fewer than two remarks is
        no bundle any more."""
        r, b = t.remark.c, t.bundle.c
        counted = func.sum(case((r.state.in_(_COUNTED), 1), else_=0)).label("counted")
        found = select(t.bundle, func.count(r.serial).label("all"), counted)
        found = found.add_columns(func.count(r.variant.distinct()).label("wordings"))
        found = found.outerjoin(t.remark, r.bundle_id == b.id).where(b.round_id == round_id).group_by(b.id)
        for row in await self._all(found):
            if row.all < 2:
                await self._dissolve(row.id)
            elif (row.copies, row.variants) != (row.counted, row.wordings):
                values = {"copies": int(row.counted), "variants": row.wordings}
                await self._run(update(t.bundle).where(b.id == row.id).values(**values))
        await self._lead(round_id)

    async def _dissolve(self, bundle_id: str) -> None:
        await self._run(update(t.remark).where(t.remark.c.bundle_id == bundle_id).values(bundle_id=None, variant=0))
        await self._run(delete(t.bundle).where(t.bundle.c.id == bundle_id))

    async def _lead(self, round_id: str) -> None:
        """Bundles whose lead is not in them any more, or does not count, get another: the earliest that does."""
        r, b = t.remark.c, t.bundle.c
        stands = exists().where(r.id == b.lead_id, r.bundle_id == b.id, r.state.in_(_COUNTED))
        for row in await self._all(select(b.id).where(b.round_id == round_id, ~stands)):
            await self.pass_on(row.id)

    async def pass_on(self, bundle_id: str, but: str = "") -> str | None:
        """Let the earliest remark that counts (``but`` one) stand for its bundle; its id."""
        r = t.remark.c
        heir = select(r.id).where(r.bundle_id == bundle_id, r.state.in_(_COUNTED), r.id != but)
        found = await self._one(heir.order_by(r.serial).limit(1))
        if found is None:
            return None
        await self._run(update(t.bundle).where(t.bundle.c.id == bundle_id).values(lead_id=found.id))
        return str(found.id)


def words(body: str, proposed: str) -> str:
    """What of a remark is compared: what it says and what it proposes."""
    return f"{body}\n{proposed}" if proposed else body


def of(remark: Remark) -> str:
    """The same of a whole remark."""
    return words(remark.body, remark.proposed)


def _place(row: Row[Any]) -> str:
    """Remarks on one clause that answer the same question, or none, can say the same."""
    return f"{row.clause_id or ''} {row.question_id or ''}"


def _loose(round_id: str) -> ColumnElement[bool]:
    r = t.remark.c
    return and_(r.round_id == round_id, r.state.in_(_COUNTED), r.bundle_id.is_(None), r.settled.is_(False))


def _bundle(row: Row[Any]) -> Bundle:
    return Bundle(row.id, row.round_id, row.lead_id, row.copies, row.variants, row.likeness)
