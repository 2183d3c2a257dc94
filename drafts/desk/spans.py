"""What the page of a consultation's text shows besides its counts: the spans that comments stand on, the latest
comments, and how many drafts the reader's party has."""

import time
from collections.abc import Iterable
from typing import Final

from drafts.consultation import Remark, Sight, Wanted
from drafts.counted import counting
from drafts.desk import remarks
from drafts.desk.rounds import Entered
from drafts.desk.summary import SMALL
from drafts.store import Store

KEPT: Final = 2.0  # seconds, in large rounds
_MOST: Final = 64
Marks = dict[str, list[tuple[int, int]]]
_kept: dict[tuple[str, Sight], tuple[float, Marks]] = {}
_ALL: Final = Wanted()


async def of(store: Store, entered: Entered) -> Marks:
    """The spans of each clause that the reader sees comments on, joined where they meet (UTF-16 units, in order)."""
    key = (entered.round.id, counting(entered.sight, _ALL))
    found = _kept.get(key)
    if found is not None and time.monotonic() < found[0]:
        return found[1]
    async with store.read() as q:
        spans = await q.places.spans(entered.round.id, key[1])
    marks = {clause: joined(one) for clause, one in spans.items()}
    if entered.round.last > SMALL:
        if len(_kept) >= _MOST:
            _kept.pop(next(iter(_kept)))
        _kept[key] = (time.monotonic() + KEPT, marks)
    return marks


def joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that overlap or touch as one."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = out[-1][0], max(out[-1][1], end)
        else:
            out.append((start, end))
    return out


async def latest(store: Store, entered: Entered, clause_id: str | None, most: int) -> list[Remark]:
    """The latest comments that the reader sees the words of, on one clause or anywhere."""
    async with store.read() as q:
        ids = await q.places.latest(entered.round.id, entered.sight, clause_id, most)
        found = await q.remarks.of_ids(ids)
        return await remarks.traced(q, entered, found[::-1])


async def drafts(store: Store, entered: Entered) -> int:
    """How many comments the reader's party has not sent."""
    if not entered.sight.party_id:
        return 0
    async with store.read() as q:
        return len(await q.own.drafts(entered.round.id, entered.sight.party_id))
