"""Looking for bundles, in a worker: one job at a time for a round, whose progress all who ask share."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from drafts.desk import bundles
from drafts.desk.bundles import Searched
from drafts.errors import Refusal, TooLarge
from drafts.store import Store
from server.workers import Workers

FEW: Final = 500  # remarks that a thread compares in a blink
log = logging.getLogger("adref.bundling")


@dataclass(eq=False, slots=True)
class Job:
    """Looking that goes on, or did. ``share`` of it is done, from 0 to 1."""

    task: "asyncio.Task[int] | None" = None
    share: float = 0.0

    def tell(self, share: float) -> None:
        """So much is done."""
        self.share = share


class Bundling:
    """Use as ``async with Bundling(store, url, workers) as bundling``; ``url``: of the store's database."""

    def __init__(self, store: Store, url: str, workers: Workers) -> None:
        self._store = store
        self._url = url
        self._workers = workers
        self._jobs: dict[str, Job] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_failure: object) -> None:
        tasks = [job.task for job in self._jobs.values() if job.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def begin(self, person_id: str | None, round_id: str, at: datetime, seconds: float) -> None:
        """Look for bundles, unless somebody does already; come back when that is done, or after so many seconds.
        Raises NotFound and Forbidden for who does not lead, and what ``settled`` raises."""
        entered, count = await bundles.task(self._store, person_id, round_id, at)
        if round_id not in self._jobs or self._done(round_id):
            job = self._jobs[round_id] = Job()

            async def work() -> int:
                return await bundles.keep(self._store, entered, await self._searched(round_id, count, job))

            job.task = asyncio.create_task(work(), name="bundling")
        await self.settled(round_id, seconds)

    def _done(self, round_id: str) -> bool:
        task = self._jobs[round_id].task
        return task is None or task.done()

    async def settled(self, round_id: str, seconds: float = 0.0) -> float:
        """How much is done, 0 to 1, waiting so long for all of it; 1 where nothing goes on. What went wrong is told
        once. Raises TooLarge for what takes too long; the workers' TooMany."""
        job = self._jobs.get(round_id)
        if job is None or job.task is None:
            return 1.0
        await asyncio.wait([job.task], timeout=seconds)
        if not job.task.done():
            return min(job.share, 0.99)
        if self._jobs.get(round_id) is job:
            del self._jobs[round_id]
        try:
            job.task.result()
        except Refusal:
            raise
        except Exception as failure:
            log.exception("the comments of round %s could not be bundled", round_id)
            raise TooLarge("bundling_too_long", "There is too much here to be compared at once.") from failure
        return 1.0

    async def _searched(self, round_id: str, count: int, job: Job) -> Searched:
        if count <= FEW:
            return await bundles.searched(self._store, round_id, job.tell)
        return await self._workers.run(bundles.search, self._url, round_id, progress=job.tell)
