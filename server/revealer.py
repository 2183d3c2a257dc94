"""What happens in consultations by the clock: comments that were hidden until the close are revealed together, and an
organisation to which no delegation objected is admitted at the end of its period.

As with the adopter, nothing is remembered: each look asks the database what is due, and the desk decides again in the
transaction that writes, so that several processes, a stop at any moment and a late start still do each thing once.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Final

from drafts.desk import accrediting, announcing
from drafts.store import Store
from server.looker import Looker

log: Final = logging.getLogger("adref.revealer")


class Revealer(Looker):
    """Looks for closings and for the ends of non-objection periods."""

    LOOK = 5.0
    log = log

    def __init__(self, store: Store, present: Callable[[], int]) -> None:
        super().__init__(present)
        self._store = store

    async def look(self) -> float:
        """Do what is due. The seconds until the next look."""
        at = self._now()
        async with self._store.read() as q:
            rounds, applications = await q.rounds.due(at), await q.applications.due(at)
            ends = [await q.rounds.next_reveal(at), await q.applications.next_end(at)]
        for told in rounds:
            await self._done(announcing.reveal(self._store, told.id, self._now()), "round", told.id)
        for one in applications:
            await self._done(accrediting.settle(self._store, one.id, self._now()), "application", one.id)
        now = self._now()
        return min([self.LOOK, *(max(0.0, (end - now).total_seconds()) for end in ends if end is not None)])

    async def _done(self, work: Awaitable[object], what: str, id_: str) -> None:
        try:
            if await work is not None:
                log.info("%s %s: its time has come", what, id_)
        except Exception:
            log.exception("%s %s could not be looked after; it is tried again", what, id_)
