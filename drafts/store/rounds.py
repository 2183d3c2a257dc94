"""Queries about rounds of consultation and their questions."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from drafts import tables as t
from drafts.consultation import Granularity, Question, Reveal, Round
from drafts.model import Group
from drafts.store.rows import Queries, moment, moment_or_none, ms

_KEPT: Final = tuple(field.name for field in fields(Round) if field.name != "questions")


class Rounds(Queries):
    """The tables ``round`` and ``question``."""

    async def add(self, told: Round) -> None:
        """A new round with its questions."""
        await self._run(insert(t.round_), _values(told))
        await self._ask(told)

    async def change(self, told: Round) -> None:
        """A round as it is from now on, with its questions; ``last`` is not touched."""
        values = {name: value for name, value in _values(told).items() if name not in {"id", "last"}}
        await self._run(update(t.round_).where(t.round_.c.id == told.id).values(**values))
        kept = [question.id for question in told.questions]
        gone = delete(t.question).where(t.question.c.round_id == told.id, t.question.c.id.not_in(kept))
        await self._run(gone)
        await self._ask(told)

    async def _ask(self, told: Round) -> None:
        known = {row.id for row in await self._all(select(t.question.c.id).where(t.question.c.round_id == told.id))}
        for one in told.questions:
            values = {"position": one.position, "text": one.text}
            if one.id in known:
                await self._run(update(t.question).where(t.question.c.id == one.id).values(**values))
            else:
                await self._run(insert(t.question), {"id": one.id, "round_id": told.id, **values})

    async def get(self, round_id: str) -> Round | None:
        """The round of an id."""
        return next(iter(await self._rounds(t.round_.c.id == round_id)), None)

    async def locked(self, round_id: str) -> Round | None:
        """The same, held until this transaction ends (PostgreSQL; SQLite has one writer)."""
        await self._run(select(t.round_.c.id).where(t.round_.c.id == round_id).with_for_update(key_share=True))
        return await self.get(round_id)

    async def of_draft(self, draft_id: str) -> list[Round]:
        """A draft's rounds, by number."""
        return await self._rounds(t.round_.c.draft_id == draft_id)

    async def of_drafts(self, draft_ids: Sequence[str]) -> list[Round]:
        """The rounds of some drafts, by draft and number."""
        return await self._rounds(t.round_.c.draft_id.in_(draft_ids)) if draft_ids else []

    async def public(self) -> list[Round]:
        """Announced rounds that can be read without an account, the latest first."""
        draft = select(t.draft.c.id).join(t.forum, t.forum.c.id == t.draft.c.forum_id).where(t.forum.c.public)
        which = t.round_.c.public & t.round_.c.announced_at.is_not(None) & t.round_.c.draft_id.in_(draft)
        return sorted(await self._rounds(which), key=lambda one: one.opens_at, reverse=True)

    async def spoken_to(self, question_ids: Sequence[str]) -> bool:
        """Whether somebody has written a remark on one of these questions, sent or not."""
        found = select(t.remark.c.serial).where(t.remark.c.question_id.in_(question_ids)).limit(1)
        return await self._one(found) is not None

    async def next_number(self, draft_id: str) -> int:
        """The number of the draft's next round."""
        counted = select(func.max(t.round_.c.number)).where(t.round_.c.draft_id == draft_id)
        return ((await self._run(counted)).scalar_one() or 0) + 1

    async def numbers(self, round_id: str, count: int = 1) -> int:
        """Take ``count`` numbers for remarks that are sent now; the first of them."""
        taken = update(t.round_).where(t.round_.c.id == round_id).values(last=t.round_.c.last + count)
        await self._run(taken)
        last = (await self._run(select(t.round_.c.last).where(t.round_.c.id == round_id))).scalar_one()
        return int(last) - count + 1

    async def answered(self, round_id: str, at: datetime) -> None:
        """Answers are published for the first time."""
        await self._run(update(t.round_).where(t.round_.c.id == round_id).values(answered_at=ms(at)))

    async def due(self, at: datetime) -> list[Round]:
        """Announced rounds that have closed, were to be revealed then and are not yet (AT_CLOSE)."""
        which = (
            t.round_.c.announced_at.is_not(None)
            & t.round_.c.revealed_at.is_(None)
            & (t.round_.c.reveal == Reveal.AT_CLOSE.value)
            & (t.round_.c.closes_at <= ms(at))
        )
        return await self._rounds(which)

    async def next_reveal(self, after: datetime) -> datetime | None:
        """When the next round closes whose comments are to be revealed then."""
        which = (
            t.round_.c.announced_at.is_not(None)
            & t.round_.c.revealed_at.is_(None)
            & (t.round_.c.reveal == Reveal.AT_CLOSE.value)
            & (t.round_.c.closes_at > ms(after))
        )
        found = (await self._run(select(func.min(t.round_.c.closes_at)).where(which))).scalar_one()
        return moment_or_none(found)

    async def _rounds(self, which: ColumnElement[bool]) -> list[Round]:
        found = await self._all(select(t.round_).where(which).order_by(t.round_.c.draft_id, t.round_.c.number))
        asked: dict[str, list[Question]] = {}
        if found:
            questions = select(t.question).where(t.question.c.round_id.in_([row.id for row in found]))
            for row in await self._all(questions.order_by(t.question.c.position)):
                asked.setdefault(row.round_id, []).append(Question(row.id, row.round_id, row.position, row.text))
        return [_round(row, tuple(asked.get(row.id, ()))) for row in found]


def _values(told: Round) -> dict[str, Any]:
    values = {name: getattr(told, name) for name in _KEPT}
    values |= {name: ms(value) for name, value in values.items() if isinstance(value, datetime)}
    values["groups"] = " ".join(group.value for group in told.groups)
    return values | {"reveal": told.reveal.value, "granularity": told.granularity.value}


def _round(row: Row[Any], questions: tuple[Question, ...]) -> Round:
    return Round(
        id=row.id,
        draft_id=row.draft_id,
        number=row.number,
        version=row.version,
        title=row.title,
        intro=row.intro,
        opens_at=moment(row.opens_at),
        closes_at=moment(row.closes_at),
        zone=row.zone,
        groups=tuple(Group(one) for one in row.groups.split()),
        reveal=Reveal(row.reveal),
        granularity=Granularity(row.granularity),
        public=row.public,
        pseudonyms=row.pseudonyms,
        late=row.late,
        last=row.last,
        made_by=row.made_by,
        created_at=moment(row.created_at),
        announced_at=moment_or_none(row.announced_at),
        revealed_at=moment_or_none(row.revealed_at),
        answered_at=moment_or_none(row.answered_at),
        questions=questions,
    )
