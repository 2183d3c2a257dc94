"""Queries about answers: given to remarks and bundles, taken back, published, and read again.

What is given to many is one statement over all of them, so that a bundle of ten thousand is answered in one go.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, func, insert, literal, select, true, union, update

from drafts import tables as t
from drafts.answers import ANSWERABLE, MOST_AT_ONCE, Given, Publishing, Told
from drafts.consultation import Answer, Disposition, Sight, Wanted
from drafts.model import Group
from drafts.store.rows import Queries, moment, moment_or_none, ms
from drafts.store.seen import wants

MOST_TOLD: Final = 40  # sources that a preview names
_LOOKED_AT: Final = 80  # answers among which different ones are looked for
_STATES: Final = sorted(state.value for state in ANSWERABLE)
_bundled = t.answer.alias("bundled")


@dataclass(frozen=True, slots=True)
class Choice:
    """What is published: what was decided ``until`` a moment of what a filter wants; ``numbers``, ``bundles``: of these
    only, and of a bundle what is not decided by itself."""

    until: datetime
    wanted: Wanted
    numbers: tuple[int, ...] = ()
    bundles: tuple[str, ...] = ()


class Answers(Queries):
    """The tables ``answer`` and ``given``, and what ``remark`` and ``bundle`` have of them."""

    # ── giving ──

    async def add(self, answer: Answer) -> None:
        """A new answer, given to nobody yet."""
        await self._run(
            insert(t.answer),
            {
                "id": answer.id,
                "round_id": answer.round_id,
                "disposition": answer.disposition.value,
                "rationale": answer.rationale,
                "link": answer.link,
                "person_id": answer.person_id,
                "at": ms(answer.at),
            },
        )

    async def give(self, answer: Answer, numbers: Sequence[int], bundle_ids: Sequence[str]) -> list[int]:
        """Give an answer to remarks, each decided by itself from then on, and to bundles, for all in them that are not;
        the numbers of those that have it now. It goes to what is sent and not withdrawn."""
        r = t.remark.c
        told = {"answer_id": answer.id, "disposition": answer.disposition.value}
        of_bundles = t.bundle.c.id.in_(bundle_ids) & (t.bundle.c.round_id == answer.round_id)
        if bundle_ids:
            await self._run(update(t.bundle).where(of_bundles).values(answer_id=answer.id))
            members = r.bundle_id.in_(bundle_ids) & ~r.overruled
            await self._run(update(t.remark).where(_answerable(answer.round_id), members).values(**told))
        if numbers:
            alone = _answerable(answer.round_id) & r.number.in_(numbers)
            await self._run(update(t.remark).where(alone).values(**told, overruled=True))
        await self._note(answer.at, r.answer_id == answer.id)
        found = select(r.number).where(r.answer_id == answer.id).order_by(r.number)
        return [row.number for row in await self._all(found)]

    async def decided_since(
        self, round_id: str, numbers: Sequence[int], bundle_ids: Sequence[str], since: datetime, but: str
    ) -> tuple[int, str] | None:
        """One of these remarks that somebody other than the person ``but`` has answered since: its number, and their
        name."""
        r = t.remark.c
        which = r.number.in_(numbers) | (r.bundle_id.in_(bundle_ids) & ~r.overruled)
        found = select(r.number, t.person.c.name).join(t.answer, t.answer.c.id == r.answer_id)
        found = found.join(t.person, t.person.c.id == t.answer.c.person_id).where(_answerable(round_id), which)
        found = found.where(t.answer.c.at > ms(since), t.answer.c.person_id != but).order_by(r.number).limit(1)
        row = await self._one(found)
        return None if row is None else (row.number, row.name)

    async def of_bundle(self, bundle_id: str) -> Answer | None:
        """What was decided last for a whole bundle."""
        found = select(t.answer).join(t.bundle, t.bundle.c.answer_id == t.answer.c.id)
        row = await self._one(found.where(t.bundle.c.id == bundle_id))
        return row and _answer(row)

    async def follow(self, round_id: str, at: datetime) -> list[int]:
        """Give the answers of bundles to the remarks that have joined them since and have none; their numbers."""
        r = t.remark.c
        answered = select(t.bundle.c.id).where(t.bundle.c.round_id == round_id, t.bundle.c.answer_id.is_not(None))
        which = _answerable(round_id) & r.answer_id.is_(None) & ~r.overruled & r.bundle_id.in_(answered)
        found = await self._all(select(r.id, r.number).where(which).order_by(r.number))
        theirs = select(t.bundle.c.answer_id).where(t.bundle.c.id == r.bundle_id).scalar_subquery()
        joined = select(_bundled.c.disposition).join(t.bundle, t.bundle.c.answer_id == _bundled.c.id)
        disposition = joined.where(t.bundle.c.id == r.bundle_id).scalar_subquery()
        for part in _parts([row.id for row in found]):
            values = {"answer_id": theirs, "disposition": disposition}
            await self._run(update(t.remark).where(r.id.in_(part)).values(**values))
            await self._note(at, r.id.in_(part))
        return [row.number for row in found]

    # ── taking back ──

    async def take_back(
        self, round_id: str, numbers: Sequence[int], bundle_ids: Sequence[str], at: datetime
    ) -> list[int]:
        """Take back what was decided and is not published: a remark has what its bundle has, else what is published of
        it. The numbers of those that have another answer, or none, now."""
        taken = [row.number for row in await self._back(round_id, numbers, at)] if numbers else []
        for bundle_id in bundle_ids:
            taken += await self._bundle_back(round_id, bundle_id, at)
        return sorted(set(taken))

    async def _back(self, round_id: str, numbers: Sequence[int], at: datetime) -> list[Row[Any]]:
        r = t.remark.c
        found = select(r.id, r.number, r.overruled, r.answer_id, r.shown_id, r.shown, _bundled.c.id.label("theirs"))
        found = found.add_columns(_bundled.c.disposition.label("their_disposition"))
        found = found.outerjoin(t.bundle, t.bundle.c.id == r.bundle_id)
        found = found.outerjoin(_bundled, _bundled.c.id == t.bundle.c.answer_id)
        changed = []
        for row in await self._all(found.where(_answerable(round_id), r.number.in_(numbers))):
            follows = row.overruled and row.theirs is not None
            answer_id, disposition = (row.theirs, row.their_disposition) if follows else (row.shown_id, row.shown)
            if answer_id == row.answer_id:
                continue
            stays = row.overruled and not follows and answer_id is not None
            values = {"answer_id": answer_id, "disposition": disposition, "overruled": stays}
            await self._run(update(t.remark).where(r.id == row.id).values(**values))
            await self._run(insert(t.given), _row(row.id, answer_id if follows else None, at))
            changed.append(row)
        return changed

    async def _bundle_back(self, round_id: str, bundle_id: str, at: datetime) -> list[int]:
        r = t.remark.c
        mine = _answerable(round_id) & (r.bundle_id == bundle_id) & ~r.overruled
        which = mine & r.answer_id.is_distinct_from(r.shown_id)
        numbers = [row.number for row in await self._all(select(r.number).where(which).order_by(r.number))]
        await self._run(insert(t.given).from_select(["remark_id", "at"], select(r.id, literal(ms(at))).where(which)))
        await self._run(update(t.remark).where(which).values(answer_id=r.shown_id, disposition=r.shown))
        before = select(r.shown_id).where(mine).order_by(r.serial).limit(1).scalar_subquery()
        of_round = (t.bundle.c.id == bundle_id) & (t.bundle.c.round_id == round_id)
        await self._run(update(t.bundle).where(of_round).values(answer_id=before))
        return numbers

    # ── publishing ──

    async def publishing(self, round_id: str, choice: Choice, sight: Sight) -> Publishing:
        """What publishing would show now, and to which sources. ``sight``: of who leads."""
        r = t.remark.c
        which = self._unpublished(round_id, choice, sight)
        counts: dict[bool, Counter[Disposition]] = {False: Counter(), True: Counter()}
        before = r.shown_id.is_not(None)
        kinds = select(r.disposition, before.label("before"), func.count().label("remarks"))
        for row in await self._all(kinds.where(which).group_by(r.disposition, before)):
            counts[bool(row.before)][Disposition(row.disposition)] += row.remarks
        told = select(r.who, r.group, func.count().label("remarks"), func.count().over().label("sources"))
        told = told.where(which).group_by(r.who, r.group).order_by(func.count().desc(), r.who, r.group)
        rows = await self._all(told.limit(MOST_TOLD))
        sources = tuple(Told(row.who, Group(row.group), row.remarks) for row in rows)
        return Publishing(counts[False], counts[True], sources, rows[0].sources if rows else 0)

    async def concerned(self, round_id: str, forum_id: str, choice: Choice, sight: Sight) -> dict[str, int]:
        """Of how many remarks each person would be told: the people of the party that wrote one and of those that have
        joined it, and who wrote it, as long as they are in the forum."""
        r, m = t.remark.c, t.member.c
        remarks = select(r.serial, r.id, r.owner_id, r.person_id).where(
            self._unpublished(round_id, choice, sight), r.owner_id.is_not(None)
        )
        new = remarks.cte("new")
        here = m.forum_id == forum_id
        owners = select(new.c.serial, m.person_id).join(t.member, m.party_id == new.c.owner_id).where(here)
        writers = select(new.c.serial, m.person_id).join(t.member, m.person_id == new.c.person_id).where(here)
        joined = select(new.c.serial, m.person_id).join(t.together, t.together.c.remark_id == new.c.id)
        joined = joined.join(t.member, m.party_id == t.together.c.party_id)
        joined = joined.where(here, t.together.c.state == "joined")
        people = union(owners, writers, joined).subquery()
        found = select(people.c.person_id, func.count().label("remarks")).group_by(people.c.person_id)
        return {row.person_id: row.remarks for row in await self._all(found)}

    async def publish(self, round_id: str, choice: Choice, sight: Sight, at: datetime) -> list[int]:
        """Show what is decided; the numbers of the remarks that have another published answer, or their first, now."""
        r, g = t.remark.c, t.given.c
        which = self._unpublished(round_id, choice, sight)
        found = await self._all(select(r.id, r.number).where(which).order_by(r.number))
        for part in _parts([row.id for row in found]):
            await self._run(update(t.remark).where(r.id.in_(part)).values(shown_id=r.answer_id, shown=r.disposition))
            theirs = select(r.shown_id).where(r.id == g.remark_id).scalar_subquery()
            noted = update(t.given).where(g.remark_id.in_(part), g.shown_at.is_(None), g.answer_id == theirs)
            await self._run(noted.values(shown_at=ms(at)))
        return [row.number for row in found]

    def _unpublished(self, round_id: str, choice: Choice, sight: Sight) -> ColumnElement[bool]:
        r, a = t.remark.c, t.answer.c
        decided = select(a.id).where(a.round_id == round_id, a.at <= ms(choice.until))
        which = _answerable(round_id) & r.answer_id.in_(decided) & r.answer_id.is_distinct_from(r.shown_id)
        which &= wants(choice.wanted, sight, self._connection.dialect.name)
        if choice.numbers or choice.bundles:
            which &= r.number.in_(choice.numbers) | (r.bundle_id.in_(choice.bundles) & ~r.overruled)
        return which

    # ── reading ──

    async def given(self, remark_id: str) -> list[Given]:
        """All answers that a remark was given, the oldest first."""
        found = select(t.answer, t.given.c.at.label("given_at"), t.given.c.shown_at).select_from(t.given)
        found = found.outerjoin(t.answer, t.answer.c.id == t.given.c.answer_id)
        rows = await self._all(found.where(t.given.c.remark_id == remark_id).order_by(t.given.c.serial))
        return [
            Given(None if row.id is None else _answer(row), moment(row.given_at), moment_or_none(row.shown_at))
            for row in rows
        ]

    async def last(self, round_id: str, most: int) -> list[Answer]:
        """The latest answers of a round with different words, the latest first."""
        found = select(t.answer).where(t.answer.c.round_id == round_id, t.answer.c.rationale != "")
        found = found.order_by(t.answer.c.at.desc(), t.answer.c.id).limit(_LOOKED_AT)
        different: dict[tuple[str, str, str], Answer] = {}
        for row in await self._all(found):
            different.setdefault((row.disposition, row.rationale, row.link), _answer(row))
        return list(different.values())[:most]

    async def unpublished(self, round_id: str) -> int:
        """How many remarks have an answer that is not published."""
        r = t.remark.c
        decided = r.answer_id.is_not(None) & r.answer_id.is_distinct_from(r.shown_id)
        counted = select(func.count()).select_from(t.remark).where(_answerable(round_id), decided)
        return int((await self._run(counted)).scalar_one())

    async def proposals(self, draft_id: str, numbers: Sequence[int] = ()) -> dict[int, str]:
        """Ids of tabled proposals by number; ``numbers``: of these only."""
        p = t.proposal.c
        which = (p.draft_id == draft_id) & p.number.is_not(None) & (p.number.in_(numbers) if numbers else true())
        return {row.number: row.id for row in await self._all(select(p.number, p.id).where(which).order_by(p.number))}

    async def _note(self, at: datetime, which: ColumnElement[bool]) -> None:
        """Keep what remarks have been given now."""
        rows = select(t.remark.c.id, t.remark.c.answer_id, literal(ms(at))).where(which)
        await self._run(insert(t.given).from_select(["remark_id", "answer_id", "at"], rows))


def _answerable(round_id: str) -> ColumnElement[bool]:
    return (t.remark.c.round_id == round_id) & t.remark.c.state.in_(_STATES)


def _parts(ids: list[str]) -> list[list[str]]:
    return [ids[at : at + MOST_AT_ONCE] for at in range(0, len(ids), MOST_AT_ONCE)]


def _row(remark_id: str, answer_id: str | None, at: datetime) -> dict[str, Any]:
    return {"remark_id": remark_id, "answer_id": answer_id, "at": ms(at)}


def _answer(row: Row[Any]) -> Answer:
    disposition = Disposition(row.disposition)
    return Answer(row.id, row.round_id, disposition, row.rationale, row.link, row.person_id, moment(row.at))
