"""Where remarks stand in the text, without reading what they say."""

from sqlalchemy import select

from drafts import tables as t
from drafts.consultation import RemarkState, Sight, Spot
from drafts.store.rows import Queries
from drafts.store.seen import readable

_PER_ROUND = 20_000  # different spans that are marked


class Places(Queries):
    """Questions to the table ``remark``."""

    async def spans(self, round_id: str, sight: Sight) -> dict[str, list[tuple[int, int]]]:
        """The spans that others' open remarks stand on, by clause, each once; none before they are revealed. An index
        answers it alone."""
        if not sight.revealed:
            return {}
        r = t.remark.c
        which = (r.round_id == round_id) & (r.spot == Spot.SPAN.value) & (r.state == RemarkState.OPEN.value)
        found = select(r.clause_id, r.start, r.end).where(which).distinct().limit(_PER_ROUND)
        told: dict[str, list[tuple[int, int]]] = {}
        for row in await self._all(found):
            told.setdefault(row.clause_id, []).append((row.start, row.end))
        return told

    async def latest(self, round_id: str, sight: Sight, clause_id: str | None, most: int) -> list[str]:
        """Ids of the latest remarks whose words a reader sees, on one clause or (None) anywhere; no drafts."""
        r = t.remark.c
        which = (r.round_id == round_id) & readable(sight) & (r.state == RemarkState.OPEN.value)
        if clause_id is not None:
            which &= r.clause_id == clause_id
        return [row.id for row in await self._all(select(r.id).where(which).order_by(r.serial.desc()).limit(most))]
