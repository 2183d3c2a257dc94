"""Placing the remarks of rounds in later versions: begun when somebody looks and something is not placed yet. All who
look meanwhile share one job, and one job runs at a time for a round and a version."""

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from time import monotonic
from typing import Final, Self

from drafts.anchoring import Found, find_all
from drafts.desk import placings
from drafts.desk.placings import Task
from drafts.desk.rounds import Entered
from drafts.errors import Refusal, TooLarge
from drafts.store import Store
from server.workers import Workers

SHORT: Final = 60_000  # characters of both texts, with few remarks, that a thread does in a blink
FEW: Final = 200  # places that remarks are about
FAILED_FOR: Final = 60.0  # seconds for which a job that failed is not begun again
log = logging.getLogger("adref.placements")


@dataclass(eq=False, slots=True)
class Job:
    """Placing that runs, or did. ``share`` of it is done, from 0 to 1; ``failed``: when, on the monotonic clock."""

    task: "asyncio.Task[int] | None" = None
    share: float = 0.0
    failed: float = 0.0

    def tell(self, share: float) -> None:
        """So much is done."""
        self.share = share


class Placements:
    """Use as ``async with Placements(store, workers) as placements``."""

    def __init__(self, store: Store, workers: Workers) -> None:
        self._store = store
        self._workers = workers
        self._jobs: dict[tuple[str, int], Job] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_failure: object) -> None:
        tasks = [job.task for job in self._jobs.values() if job.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def settled(self, entered: Entered, number: int, seconds: float | None = None) -> float:
        """Place what is not placed yet; the share that is done within so many seconds (None: all of it). 1 when nothing
        is left to do. Raises NotFound; TooLarge for what takes too long; the workers' TooMany."""
        key = entered.round.id, number
        job = self._jobs.get(key)
        if job is None or (job.failed and monotonic() - job.failed > FAILED_FOR):
            job = self._jobs[key] = Job()
            job.task = asyncio.create_task(self._work(key, job, entered), name="placing")
        if job.task is None:
            raise AssertionError
        await asyncio.wait([job.task], timeout=seconds)
        if not job.task.done():
            return min(job.share, 0.99)
        try:
            job.task.result()
        except Refusal:
            raise
        except Exception as failure:
            raise TooLarge(
                "placing_too_long", "There is too much here to be placed at once, or the texts are too long."
            ) from failure
        return 1.0

    async def _work(self, key: tuple[str, int], job: Job, entered: Entered) -> int:
        """All of it; the job is forgotten when it went well, so that the next who looks asks the database anew."""
        try:
            made = await placings.task(self._store, entered, key[1])
            count = 0 if made is None else await placings.keep(self._store, made, await self._found(made, job))
        except BaseException as failure:
            if isinstance(failure, Refusal):
                del self._jobs[key]
            else:
                job.failed = monotonic()
                if isinstance(failure, Exception):
                    log.exception("the comments of round %s could not be placed in version %d", *key)
            raise
        with contextlib.suppress(KeyError):
            del self._jobs[key]
        return count

    async def _found(self, made: Task, job: Job) -> list[Found]:
        size = sum(len(clause.text) for clause in (*made.old, *made.new))
        arguments = (made.old, made.new, made.lineage, made.merged, made.passages)
        if size <= SHORT and len(made.remarks) <= FEW:
            return await asyncio.to_thread(find_all, *arguments, job.tell)
        return await self._workers.run(find_all, *arguments, progress=job.tell)
