"""A task that looks for what is due, does it, and sleeps until the next thing is: for deadlines, closings, digests.

Nothing is remembered between two looks, since several processes may do the same and each may stop at any moment: a
look asks the database, and whatever decides there decides again in the transaction that writes.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime
from typing import ClassVar


class Looker(ABC):
    """``run`` is its one task; ``present`` is the time in UTC ms."""

    LOOK: ClassVar[float]  # seconds between two looks at most: another process may have made something due
    log: ClassVar[logging.Logger]

    def __init__(self, present: Callable[[], int]) -> None:
        self._present = present
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Look now: something was made due, or its time has changed."""
        self._woken.set()

    async def run(self) -> None:
        """Look, and sleep until the next thing is due."""
        while True:
            self._woken.clear()
            try:
                wait = await self.look()
            except Exception:
                self.log.exception("looking for what is due failed; it is tried again")
                wait = self.LOOK
            try:
                async with asyncio.timeout(wait):
                    await self._woken.wait()
            except TimeoutError:
                pass

    @abstractmethod
    async def look(self) -> float:
        """Do what is due. The seconds until the next look."""

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._present() / 1000, UTC)
