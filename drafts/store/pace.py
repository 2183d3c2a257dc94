"""Queries about how much a party has sent lately, in whatever process."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, ColumnElement, Table, select

from drafts import tables as t
from drafts.store.rows import Queries, moment, ms


class Sending(StrEnum):
    """What a party sends into a round."""

    REMARKS = "remarks"
    REPLIES = "replies"
    REPORTS = "reports"
    CONTRIBUTIONS = "contributions"


class Pace(Queries):
    """The tables ``remark``, ``reply``, ``report`` and ``contribution``."""

    async def nth_last(self, what: Sending, party_id: str, since: datetime, n: int) -> datetime | None:
        """When a party sent the ``n``-th last of something; None where it sent fewer since a moment."""
        table, party, at = _WHERE[what]
        which: ColumnElement[bool] = (party == party_id) & (at > ms(since))
        if what is Sending.REMARKS:  # what was made of files and tables came in by other hands
            which &= table.c.contribution_id.is_(None) & (table.c.source_row == "")
        row = await self._one(select(at.label("at")).where(which).order_by(at.desc()).offset(n - 1).limit(1))
        return row and moment(row.at)


_WHERE: dict[Sending, tuple[Table, Column[str], Column[int]]] = {
    Sending.REMARKS: (t.remark, t.remark.c.owner_id, t.remark.c.sent_at),
    Sending.REPLIES: (t.reply, t.reply.c.party_id, t.reply.c.created_at),
    Sending.REPORTS: (t.report, t.report.c.party_id, t.report.c.at),
    Sending.CONTRIBUTIONS: (t.contribution, t.contribution.c.owner_id, t.contribution.c.at),
}
