"""What is counted of a round, for many readers at once.

Readers of one kind (``counting``) share what was counted for one of them, so that 500 who read while 50 remarks a
second come in cost one count a second: while one is being made, all who ask wait for it, and of a large round it is
kept for ``KEPT`` seconds. Up to ``SMALL`` remarks are counted anew each time: that takes a few milliseconds, and who
has just sent one sees it counted.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

from drafts.consultation import Round, Sight, Standing, Tallies, Wanted
from drafts.counted import Counts, counting
from drafts.desk.rounds import Entered
from drafts.store import Store, Work

T = TypeVar("T")
KEPT: Final = 1.0  # seconds
SMALL: Final = 5_000  # remarks that were sent in the round
_MOST: Final = 256  # that are kept of a kind

_Key = tuple[str, Sight, Wanted]


class _Shared(Generic[T]):
    """One kind of count, for whoever asks."""

    def __init__(self, count: Callable[[Work, Round, Sight, Wanted], Awaitable[T]]) -> None:
        self._count = count
        self._kept: OrderedDict[_Key, tuple[float, T]] = OrderedDict()
        self._making: dict[_Key, asyncio.Task[T]] = {}

    async def get(self, store: Store, entered: Entered, wanted: Wanted) -> T:
        key = (entered.round.id, counting(entered.sight, wanted), wanted)
        found = self._kept.get(key)
        if found is not None and time.monotonic() < found[0]:
            return found[1]
        task = self._making.get(key)
        if task is None:
            task = self._making[key] = asyncio.create_task(self._make(store, entered.round, key))
            task.add_done_callback(lambda _: self._making.pop(key, None))
        return await asyncio.shield(task)  # one reader who leaves stops nobody else's count

    async def _make(self, store: Store, told: Round, key: _Key) -> T:
        async with store.read() as q:
            made = await self._count(q, told, *key[1:])
        if told.last > SMALL:
            self._kept[key] = (time.monotonic() + KEPT, made)
            self._kept.move_to_end(key)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return made


_counts: Final = _Shared[Counts](lambda q, told, sight, wanted: q.tally.of_round(told, sight, wanted))
_standings: Final = _Shared[tuple[Standing, ...]](lambda q, told, sight, wanted: q.tally.standings(told, sight, wanted))
_tallies: Final = _Shared[Tallies](lambda q, told, sight, wanted: q.tally.tallies(told, sight, wanted))
_ALL: Final = Wanted()


async def counts(store: Store, entered: Entered, wanted: Wanted = _ALL) -> Counts:
    """All counts of what a reader may count and a filter wants."""
    return await _counts.get(store, entered, wanted)


async def tallies(store: Store, entered: Entered, wanted: Wanted = _ALL) -> Tallies:
    """Only the tallies: for strips and progress."""
    return await _tallies.get(store, entered, wanted)


async def standings(store: Store, entered: Entered, wanted: Wanted = _ALL) -> tuple[Standing, ...]:
    """Only the standings: for what is answered, by clause and group."""
    return await _standings.get(store, entered, wanted)
