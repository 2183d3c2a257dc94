"""What people are told about: notices, and when they were last here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from drafts import tables as t
from drafts.errors import Conflict
from drafts.model import new_id
from drafts.store.rows import Queries, moment, moment_or_none, ms

PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Notice:
    """One of them, as it was left. ``facts`` are what its sentence needs; ``of_id``: the remark, application … that
    it is about, or ''."""

    id: str
    kind: str
    at: datetime
    forum_id: str | None
    draft_id: str | None
    round_id: str | None
    of_id: str
    facts: Mapping[str, Any]
    seen_at: datetime | None
    mailed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Visit:
    """When somebody was in a forum last, and when the time before that ended (None: never)."""

    at: datetime
    before: datetime | None


class Notices(Queries):
    """The tables ``notice`` and ``visit``."""

    async def tell(
        self,
        person_ids: Iterable[str],
        kind: str,
        at: datetime,
        *,
        forum_id: str | None = None,
        draft_id: str | None = None,
        round_id: str | None = None,
        of_id: str = "",
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        """Leave a notice for some people. Its sentence is made from ``kind`` and ``facts`` when it is read; words of
        others do not belong in it, since what a reader may see is asked then."""
        said = msgspec.json.encode(dict(facts or {})).decode()
        values = [
            {
                "id": new_id(),
                "person_id": person_id,
                "at": ms(at),
                "kind": kind,
                "forum_id": forum_id,
                "draft_id": draft_id,
                "round_id": round_id,
                "of_id": of_id,
                "facts": said,
            }
            for person_id in dict.fromkeys(person_ids)
        ]
        if values:
            await self._run(insert(t.notice), values)

    async def of(self, person_id: str, limit: int = PAGE) -> list[Notice]:
        """A person's latest notices, the newest first."""
        found = select(t.notice).where(t.notice.c.person_id == person_id)
        found = found.order_by(t.notice.c.at.desc(), t.notice.c.id.desc()).limit(limit)
        return [_notice(row) for row in await self._all(found)]

    async def to_mail(self, person_id: str, limit: int = PAGE) -> list[Notice]:
        """Those that were neither read nor mailed, the newest first."""
        which = (t.notice.c.person_id == person_id) & t.notice.c.mailed_at.is_(None) & t.notice.c.seen_at.is_(None)
        found = select(t.notice).where(which).order_by(t.notice.c.at.desc(), t.notice.c.id.desc()).limit(limit)
        return [_notice(row) for row in await self._all(found)]

    async def unseen(self, person_id: str) -> int:
        """How many a person has not read."""
        which = (t.notice.c.person_id == person_id) & t.notice.c.seen_at.is_(None)
        return int((await self._run(select(func.count()).select_from(t.notice).where(which))).scalar_one())

    async def mark_seen(self, person_id: str, at: datetime, notice_id: str | None = None) -> None:
        """Note that a person has read one of their notices; None: all that are there by then."""
        which = (t.notice.c.person_id == person_id) & t.notice.c.seen_at.is_(None)
        which &= t.notice.c.at <= ms(at) if notice_id is None else t.notice.c.id == notice_id
        await self._run(update(t.notice).where(which).values(seen_at=ms(at)))

    async def mark_mailed(self, notice_ids: Sequence[str], at: datetime) -> None:
        """Note that notices were handed over by mail."""
        if notice_ids:
            await self._run(update(t.notice).where(t.notice.c.id.in_(notice_ids)).values(mailed_at=ms(at)))

    async def forget(self, *, round_ids: Sequence[str] | None = None, person_id: str | None = None) -> int:
        """Delete the notices about some rounds, or of a person; how many there were."""
        which: ColumnElement[bool] = t.notice.c.person_id == person_id
        if round_ids is not None:
            which = t.notice.c.round_id.in_(round_ids)
        return (await self._run(delete(t.notice).where(which))).rowcount

    # ── visits ──

    async def visits(self, person_id: str) -> dict[str, Visit]:
        """When a person was where, by forum."""
        found = await self._all(select(t.visit).where(t.visit.c.person_id == person_id))
        return {row.forum_id: Visit(moment(row.at), moment_or_none(row.before)) for row in found}

    async def visit(self, person_id: str, forum_id: str, told: Visit) -> None:
        """Write a visit down. Raises Conflict when the first one is noted twice at once (PostgreSQL)."""
        values = {"at": ms(told.at), "before": None if told.before is None else ms(told.before)}
        which = (t.visit.c.person_id == person_id) & (t.visit.c.forum_id == forum_id)
        if (await self._run(update(t.visit).where(which).values(**values))).rowcount:
            return
        try:
            await self._run(insert(t.visit), {"person_id": person_id, "forum_id": forum_id, **values})
        except IntegrityError:
            raise Conflict("noted", "This was noted already.") from None


def _notice(row: Row[Any]) -> Notice:
    return Notice(
        row.id,
        row.kind,
        moment(row.at),
        row.forum_id,
        row.draft_id,
        row.round_id,
        row.of_id,
        msgspec.json.decode(row.facts),
        moment_or_none(row.seen_at),
        moment_or_none(row.mailed_at),
    )
