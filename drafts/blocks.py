"""A long list of segments in blocks, so that an edit costs what it touches and not what the clause has.

The redline drops what it can and stays short; a list that keeps every piece (moments.py) grows with each edit, and
folding it whole would take the square of the edits.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate, chain

from drafts.change import Change
from drafts.redline import Segment, fold

_LENGTH = 32  # segments of a block, when it is made; it is parted again at twice as many


class Blocks:
    """The segments of a text. ``segments`` after a number of ``step``s is what ``redline.fold`` makes of them."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._blocks: list[list[Segment]] = []
        self._sizes: list[int] = []  # live units of each block
        self._tidy = False  # whether neighbours are known to have different histories
        self._put(0, 0, segments)

    @property
    def segments(self) -> list[Segment]:
        """All of them, in order."""
        return list(chain.from_iterable(self._blocks))

    def step(self, change: Change, epoch: int) -> None:
        """One more change of the text, in an epoch of its own. Raises ValueError when it does not fit."""
        if not self._tidy:
            self._put(0, len(self._blocks), fold(self.segments, change, epoch, 0, ()))
            self._tidy = True
            return
        ends = list(accumulate(self._sizes))
        if change.length != (ends[-1] if ends else 0):
            raise ValueError("the change does not fit the segments")
        steps = list(zip(change.sections, change.inserts, strict=True))
        start, behind = _kept(steps[:1]), _kept(steps[1:][-1:])
        end = change.length - behind
        inner = steps[bool(start) : len(steps) - bool(behind)]
        if not inner:
            return
        # What is struck out at the edges of the change is touched too: every block that ends or begins there.
        low = bisect_left(ends, start)
        high = bisect_right(ends, end) + 1
        before, after = (ends[low - 1] if low else 0), ends[min(high, len(ends)) - 1] if ends else 0
        local = [((start - before, -1), ""), *inner, ((after - end, -1), "")]
        local = [step for step in local if step[0] != (0, -1)]
        part = Change(tuple(section for section, _ in local), tuple(text for _, text in local))
        touched = list(chain.from_iterable(self._blocks[low:high]))
        self._put(low, high, fold(touched, part, epoch, 0, (), tidy=True))

    def _put(self, low: int, high: int, segments: Sequence[Segment]) -> None:
        size = len(segments) if len(segments) <= 2 * _LENGTH else _LENGTH
        made = [list(segments[at : at + size]) for at in range(0, len(segments), size or 1)]
        self._blocks[low:high] = made
        self._sizes[low:high] = [sum([len(one[0]) for one in block if one[3] < 0]) for block in made]


def _kept(steps: list[tuple[tuple[int, int], str]]) -> int:
    """The length of a section that keeps what is there; 0 where there is none."""
    return sum(length for (length, inserted), _ in steps if inserted < 0)
