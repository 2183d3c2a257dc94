"""Forgets what is kept only for a time (``drafts/desk/retention.py``): once when the server starts, then every hour."""

import logging
from collections.abc import Callable
from typing import Final

from drafts.desk import retention
from drafts.store import Store
from server.looker import Looker

log: Final = logging.getLogger("adref.janitor")


class Janitor(Looker):
    """Looks for what has been kept long enough."""

    LOOK = 3600.0
    log = log

    def __init__(self, store: Store, present: Callable[[], int]) -> None:
        super().__init__(present)
        self._store = store

    async def look(self) -> float:
        """Forget what is due."""
        done = await retention.forget(self._store, self._now())
        if done:
            log.info("contacts, drafts, reporters and notices of %d consultations were forgotten, as is set", done)
        return self.LOOK
