"""Forgets what is kept only for a time (``drafts/desk/retention.py``): once when the server starts, then every hour."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from drafts.desk import retention
from drafts.store import Store

log = logging.getLogger("adref.janitor")

LOOK: Final = 3600.0  # seconds between two looks


class Janitor:
    """``run`` is its one task; ``present`` is the time in UTC ms."""

    def __init__(self, store: Store, present: Callable[[], int]) -> None:
        self._store = store
        self._present = present

    async def run(self) -> None:
        """Look, sleep, look again."""
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("forgetting what is due failed; it is tried again in an hour")
            await asyncio.sleep(LOOK)

    async def look(self) -> None:
        """Forget what is due."""
        done = await retention.forget(self._store, datetime.fromtimestamp(self._present() / 1000, UTC))
        if done:
            log.info("contacts, drafts, reporters and notices of %d consultations were forgotten, as is set", done)
