"""Comparisons in progress and the latest results, for all who ask: two who want the same share one job.

What was compared is known by the hashes of the texts, so a result is right for ever, whoever may see it was asked
before. Short texts are compared in a thread, long ones by the workers.
"""

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final, Generic, Self, TypeVar, cast

from drafts.columns import Columns, columns
from drafts.compare import Comparison, compare
from drafts.desk.compare import Side, relations
from drafts.errors import Refusal, TooLarge
from drafts.model import Clause
from server.workers import Workers

T = TypeVar("T")
Relation = dict[str, str] | None
Key = tuple[str, ...]
SHORT: Final = 60_000  # characters on all sides that a thread compares in a blink
MOST_KEPT: Final = 64
MOST_CHARACTERS: Final = 8_000_000  # of all texts whose comparisons are kept
FAILED_FOR: Final = 60.0  # seconds for which a comparison that failed is not tried again
log = logging.getLogger("adref.comparisons")


@dataclass(eq=False, slots=True)
class Job(Generic[T]):
    """A comparison that is made, or was. ``share`` of it is done, from 0 to 1; ``size`` is in characters."""

    task: "asyncio.Task[T]"
    size: int
    share: float = 0.0
    ended: float = field(default=0.0)

    def tell(self, share: float) -> None:
        """So much is done."""
        self.share = share

    async def result(self, seconds: float | None = None) -> T | None:
        """What came out; None when it is not there within so many seconds. Raises TooLarge for what takes too long, and
        the workers' TooMany."""
        await asyncio.wait([self.task], timeout=seconds)
        if not self.task.done():
            return None
        try:
            return self.task.result()
        except Refusal:
            raise
        except Exception as failure:
            raise TooLarge(
                "compare_too_long", "These texts are too long, or too unlike, to be compared here."
            ) from failure


class Comparisons:
    """Use as ``async with Comparisons(workers) as comparisons``."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._jobs: OrderedDict[Key, Job[Any]] = OrderedDict()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_failure: object) -> None:
        tasks = [job.task for job in self._jobs.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def of(self, old: Side, new: Side) -> Comparison:
        """The comparison of two sides, however long it takes. Raises TooLarge, TooMany."""
        found = await self.two(old, new).result()
        if found is None:
            raise AssertionError
        return found

    def two(self, old: Side, new: Side) -> Job[Comparison]:
        """The job of comparing two sides, begun if need be."""
        related = relations(old, new)
        texts = [old.content.clauses, new.content.clauses]
        return self._job(("two", old.hash, new.hash, *_told(related)), texts, _two, (*texts, *related))

    def several(self, base: Side, others: Sequence[Side]) -> Job[Columns]:
        """The job of comparing several sides with one."""
        related = relations(base, *others)
        texts = [base.content.clauses, *(other.content.clauses for other in others)]
        key = ("several", base.hash, *(other.hash for other in others), *_told(related))
        return self._job(key, texts, _several, (texts[0], texts[1:], *related))

    def _job(
        self, key: Key, texts: Sequence[Sequence[Clause]], function: Callable[..., T], arguments: tuple[Any, ...]
    ) -> Job[T]:
        job = cast("Job[T] | None", self._jobs.get(key))
        if job is None or (job.ended and monotonic() - job.ended > FAILED_FOR):
            size = sum(len(clause.text) for text in texts for clause in text)
            job = self._begun(function, arguments, size)
            self._jobs[key] = job
        self._jobs.move_to_end(key)
        self._forget()
        return job

    def _begun(self, function: Callable[..., T], arguments: tuple[Any, ...], size: int) -> Job[T]:
        told: list[Job[T]] = []

        async def work() -> T:
            if size <= SHORT:
                return await asyncio.to_thread(function, *arguments, told[0].tell)
            return await self._workers.run(function, *arguments, progress=told[0].tell)

        job = Job(asyncio.create_task(work(), name="comparison"), size)
        told.append(job)
        job.task.add_done_callback(lambda task: _ended(job, task))
        return job

    def _forget(self) -> None:
        """The oldest results go when there are too many or they are too large; a job that runs never does."""
        size = sum(job.size for job in self._jobs.values())
        for key, job in list(self._jobs.items())[:-1]:
            if len(self._jobs) <= MOST_KEPT and size <= MOST_CHARACTERS:
                return
            if job.task.done():
                del self._jobs[key]
                size -= job.size


def _ended(job: Job[Any], task: "asyncio.Task[Any]") -> None:
    """A result is kept, a failure only for a while."""
    job.share = 1.0
    with contextlib.suppress(asyncio.CancelledError):
        failure = task.exception()
        if failure is not None:
            job.ended = monotonic()
            if not isinstance(failure, Refusal):
                log.error("a comparison of %d characters failed", job.size, exc_info=failure)


def _told(related: tuple[Relation, Relation]) -> Key:
    return tuple("-" if one is None else repr(sorted(one.items())) for one in related)


def _two(
    old: Sequence[Clause], new: Sequence[Clause], lineage: Relation, merged: Relation, progress: Callable[[float], None]
) -> Comparison:
    return compare(old, new, lineage, merged=merged, progress=progress)


def _several(
    base: Sequence[Clause],
    others: Sequence[Sequence[Clause]],
    lineage: Relation,
    merged: Relation,
    progress: Callable[[float], None],
) -> Columns:
    return columns(base, others, lineage, merged=merged, progress=progress)
