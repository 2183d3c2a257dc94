"""How much and how often: token buckets that forget, and the largest request of each door."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

KIB: Final = 1024
MAX_BODY: Final = 256 * KIB
MAX_IMPORT: Final = 6 * KIB * KIB
_IMPORT_ENDS: Final = ("/drafts/preview", "/drafts", "/import")


@dataclass(frozen=True, slots=True)
class Rate:
    """``burst`` at once, then ``per_second``."""

    burst: int
    per_second: float


class Buckets:
    """A token bucket per key; at most ``most`` keys are remembered, those not seen for longest are forgotten (a
    forgotten key starts with a full bucket, which is what it would have had soon)."""

    def __init__(self, rate: Rate, most: int = 20_000) -> None:
        self._rate = rate
        self._most = most
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # key -> (tokens, when)

    def take(self, key: str, now: float) -> float:
        """Take a token. 0 when there was one, else the seconds until there will be. ``now`` in seconds, monotonic."""
        tokens, then = self._left.pop(key, (float(self._rate.burst), now))
        tokens = min(float(self._rate.burst), tokens + (now - then) * self._rate.per_second)
        enough = tokens >= 1
        self._left[key] = (tokens - 1 if enough else tokens, now)
        if len(self._left) > self._most:
            self._left.popitem(last=False)
        return 0.0 if enough else (1 - tokens) / self._rate.per_second

    def __len__(self) -> int:
        return len(self._left)


def largest_body(path: str) -> int:
    """How many bytes a request to this path may carry: texts that are brought in are large, all else is small."""
    bringing = path.startswith(("/forums/", "/api/")) and path.endswith(_IMPORT_ENDS)
    coming_back = path.startswith("/drafts/") and path.endswith(("/merges", "/compare/file"))
    consulted = path.startswith("/consultations/") and path.endswith(("/import", "/contributions"))
    return MAX_IMPORT if bringing or coming_back or consulted else MAX_BODY
