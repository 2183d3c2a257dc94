"""How much a party may send within an hour, counted in the database: the same for all processes and all doors.

The numbers are far above what people write, and far below what would bury a secretariat. What an honest party has in
files comes as a written contribution or a table, which are not counted comment by comment.
"""

from datetime import datetime, timedelta
from typing import Final

from drafts.errors import TooMany
from drafts.store import Work
from drafts.store.pace import Sending

HOUR: Final = timedelta(hours=1)
MOST: Final = {Sending.REMARKS: 300, Sending.REPLIES: 200, Sending.REPORTS: 30, Sending.CONTRIBUTIONS: 20}


async def keep(q: Work, what: Sending, party_id: str, at: datetime) -> None:
    """Raise TooMany, with when to try again, if a party has sent too much of something within the last hour."""
    if not q.paced:
        return
    first = await q.pace.nth_last(what, party_id, at - HOUR, MOST[what])
    if first is None:
        return
    left = first + HOUR - at
    minutes = max(1, -(-int(left.total_seconds()) // 60))
    raise _refusal(what, minutes)


def _refusal(what: Sending, minutes: int) -> TooMany:
    facts = {"most": MOST[what], "minutes": minutes, "seconds": minutes * 60}
    if what is Sending.REMARKS:
        return TooMany(
            "too_many_comments",
            "Your party has sent {most} comments within an hour. This one is kept; send it in {minutes} min.",
            **facts,
        )
    if what is Sending.REPLIES:
        return TooMany(
            "too_many_replies",
            "Your party has sent {most} replies within an hour. Please try again in {minutes} min.",
            **facts,
        )
    if what is Sending.REPORTS:
        return TooMany(
            "too_many_reports",
            "Your party has reported {most} things within an hour. Please try again in {minutes} min.",
            **facts,
        )
    return TooMany(
        "too_many_contributions",
        "Your party has sent {most} files within an hour. Please try again in {minutes} min.",
        **facts,
    )
