"""Queries about what was reported: that a remark or a reply should not stand there; and about what is hidden."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, insert, select, update

from drafts import tables as t
from drafts.store.rows import Queries, moment, ms

HIDDEN: Final = "hidden"
KEPT: Final = "kept"


@dataclass(frozen=True, slots=True)
class Report:
    """Somebody's word that a remark, or a reply under it, should not stand there. ``party``: the reporter's, ''
    once that is forgotten; ``outcome``: '' | ``hidden`` | ``kept``."""

    id: str
    round_id: str
    remark_id: str
    reply_id: str | None
    party: str
    reason: str
    at: datetime
    outcome: str = ""


class Reports(Queries):
    """The table ``report``, and the replies that are hidden."""

    async def add(self, report: Report, person_id: str, party_id: str) -> None:
        """A new report, with who says so."""
        values = {
            "id": report.id,
            "round_id": report.round_id,
            "remark_id": report.remark_id,
            "reply_id": report.reply_id,
            "person_id": person_id,
            "party_id": party_id,
            "reason": report.reason,
            "at": ms(report.at),
            "outcome": "",
        }
        await self._run(insert(t.report), values)

    async def made(self, person_id: str, remark_id: str, reply_id: str | None) -> bool:
        """Whether a person has reported this thing before."""
        which = (t.report.c.person_id == person_id) & _about(remark_id, reply_id)
        return await self._one(select(t.report.c.id).where(which)) is not None

    async def open(self, round_id: str) -> list[Report]:
        """Those that nobody has settled, the oldest first."""
        which = (t.report.c.round_id == round_id) & t.report.c.settled_at.is_(None)
        found = select(t.report, t.party.c.name).outerjoin(t.party, t.party.c.id == t.report.c.party_id).where(which)
        return [_report(row) for row in await self._all(found.order_by(t.report.c.at, t.report.c.id))]

    async def settle(self, remark_id: str, reply_id: str | None, outcome: str, person_id: str, at: datetime) -> int:
        """Settle all open reports about a thing; how many there were."""
        which = _about(remark_id, reply_id) & t.report.c.settled_at.is_(None)
        values = {"outcome": outcome, "settled_by": person_id, "settled_at": ms(at)}
        return (await self._run(update(t.report).where(which).values(**values))).rowcount

    async def hidden_replies(self, round_id: str) -> list[tuple[str, str]]:
        """The ids of replies that are hidden in a round, each with that of its remark, the latest first."""
        which = (t.remark.c.round_id == round_id) & (t.reply.c.hidden_reason != "")
        found = select(t.reply.c.id, t.reply.c.remark_id).join(t.remark, t.remark.c.id == t.reply.c.remark_id)
        return [
            (row.id, row.remark_id) for row in await self._all(found.where(which).order_by(t.reply.c.created_at.desc()))
        ]

    async def forget_reporters(self, round_ids: Sequence[str]) -> int:
        """Forget who reported in some rounds; how many there were."""
        which = t.report.c.round_id.in_(round_ids) & t.report.c.person_id.is_not(None)
        return (await self._run(update(t.report).where(which).values(person_id=None, party_id=None))).rowcount


def _about(remark_id: str, reply_id: str | None) -> ColumnElement[bool]:
    reply = t.report.c.reply_id.is_(None) if reply_id is None else t.report.c.reply_id == reply_id
    return (t.report.c.remark_id == remark_id) & reply


def _report(row: Row[Any]) -> Report:
    return Report(
        row.id, row.round_id, row.remark_id, row.reply_id, row.name or "", row.reason, moment(row.at), row.outcome
    )
