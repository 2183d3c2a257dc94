"""Queries about what happened since a moment: what somebody finds new when they come back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from drafts import tables as t
from drafts.consultation import RemarkState, Sight
from drafts.store.rows import Queries, moment, ms
from drafts.store.seen import readable

_QUARTER: Final = 900_000  # ms: the column ``quarter`` of a remark is the quarter of an hour in which it was sent
MANY: Final = 1_000
_COUNTED = [RemarkState.HELD.value, RemarkState.OPEN.value]


@dataclass(frozen=True, slots=True)
class Issued:
    """A version that was issued."""

    draft_id: str
    number: int
    label: str
    at: datetime


class News(Queries):
    """Reads many tables."""

    async def issued(self, draft_ids: Sequence[str], since: datetime) -> list[Issued]:
        """Versions that were issued after a moment, in that order."""
        v = t.version.c
        which = v.draft_id.in_(draft_ids) & (v.issued_at > ms(since))
        found = select(v.draft_id, v.number, v.label, v.issued_at).where(which).order_by(v.issued_at)
        return [Issued(row.draft_id, row.number, row.label, moment(row.issued_at)) for row in await self._all(found)]

    async def commented(self, draft_ids: Sequence[str], since: datetime, but: str) -> dict[str, int]:
        """How many comments came after a moment in each thread of some drafts, without those of one person."""
        c, th = t.comment.c, t.thread.c
        which = th.draft_id.in_(draft_ids) & (c.created_at > ms(since)) & (c.person_id != but)
        found = select(c.thread_id, func.count().label("n")).join(t.thread, th.id == c.thread_id).where(which)
        return {row.thread_id: row.n for row in await self._all(found.group_by(c.thread_id))}

    async def tabling(self, draft_ids: Sequence[str]) -> set[str]:
        """Those of some drafts to which proposals were tabled at any time."""
        which = t.proposal.c.draft_id.in_(draft_ids) & t.proposal.c.number.is_not(None)
        return {row.draft_id for row in await self._all(select(t.proposal.c.draft_id).where(which).distinct())}

    async def remarked(self, round_id: str, sight: Sight, since: datetime) -> int:
        """How many remarks of others came after a moment, of those that the reader may read; ``MANY`` + 1 for more than
        ``MANY``, which are not counted to the end."""
        r = t.remark.c
        which = (r.round_id == round_id) & r.state.in_(_COUNTED) & (r.quarter >= ms(since) // _QUARTER)
        which &= (r.sent_at > ms(since)) & readable(sight)
        which &= r.owner_id.is_(None) | (r.owner_id != sight.party_id)
        some = select(r.serial).where(which).limit(MANY + 1).subquery()
        return int((await self._run(select(func.count()).select_from(some))).scalar_one())

    async def replied(self, round_id: str, sight: Sight, since: datetime) -> int:
        """How many replies of others came after a moment, under remarks that the reader may read."""
        r, p = t.remark.c, t.reply.c
        # The few new replies are looked at first, and not every remark of the round: no index serves this comparison.
        of_round = func.coalesce(r.round_id, "") == round_id
        which = (p.created_at > ms(since)) & of_round & readable(sight)
        which &= (p.hidden_reason == "") & (p.party_id != sight.party_id)
        found = select(func.count()).select_from(t.reply).join(t.remark, r.id == p.remark_id).where(which)
        return int((await self._run(found)).scalar_one())

    async def answered(self, round_id: str, party_id: str, since: datetime) -> int:
        """How many remarks of a party have a published answer that was given after a moment."""
        r, a = t.remark.c, t.answer.c
        which = (r.owner_id == party_id) & (r.round_id == round_id) & (a.at > ms(since))
        found = select(func.count()).select_from(t.remark).join(t.answer, a.id == r.shown_id).where(which)
        return int((await self._run(found)).scalar_one())
