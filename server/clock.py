"""The time that the server acts by: deadlines and the times of acts do not move when somebody sets the machine's clock.

It begins as the wall clock says and goes on as a clock does that only counts (``CLOCK_BOOTTIME``: also while the
machine sleeps). The wall clock is followed by small steps, as time servers correct it. When it jumps it is not
believed as long as the process runs: that is said once, and a restart takes the wall clock's word again. Whatever
happens, the time never goes back within a run; ``desk.live`` sees to it that no log's does between two runs.
"""

import logging
import time
from collections.abc import Callable
from typing import Final

log = logging.getLogger("adref.clock")

JUMP: Final = 2_000_000_000  # ns that the clocks may be apart
SLOWLY: Final = 100  # a hundredth of the time that passes is what a correction may take of it
_COUNTER: Final = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))


def _steady() -> int:
    return time.monotonic_ns() if _COUNTER is None else time.clock_gettime_ns(_COUNTER)


class Clock:
    """``wall`` and ``steady`` give nanoseconds; the second one never goes back."""

    def __init__(self, wall: Callable[[], int] = time.time_ns, steady: Callable[[], int] = _steady) -> None:
        self._wall = wall
        self._steady = steady
        self._seen = steady()
        self._now = wall()
        self._apart = False

    def now_ms(self) -> int:
        """UTC milliseconds, never fewer than before."""
        seen = self._steady()
        passed, self._seen = seen - self._seen, seen
        self._now += passed
        self._follow(passed)
        return self._now // 1_000_000

    def _follow(self, passed: int) -> None:
        apart = self._wall() - self._now
        if abs(apart) >= JUMP:
            self._tell(apart)
            return
        self._apart = False
        step = min(abs(apart), passed // SLOWLY)
        self._now += step if apart > 0 else -step

    def _tell(self, apart: int) -> None:
        if not self._apart:
            log.error(
                "The machine's clock is %+.1f s from the time that Adref acts by. Adref keeps its own, so that no "
                "deadline moves. Check the machine's clock, then restart Adref.",
                apart / 1e9,
            )
        self._apart = True
