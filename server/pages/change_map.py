"""The map beside a comparison: every clause of both sides as a small block, in order."""

from dataclasses import dataclass, field
from typing import Final

from drafts.compare import Change
from server.i18n import Tongue
from server.pages.rows import MOVED, Made, Pair

_TALLEST: Final = 900.0  # units of the map, beyond which it is squeezed


@dataclass(frozen=True, slots=True)
class MapMark:
    """A rectangle of the map, in its units."""

    look: str
    x: int
    y: float
    height: float
    glyph: str
    change: int

    @property
    def text_y(self) -> float:
        """Base line of the glyph."""
        return round(self.y + self.height / 2 + 3.5, 1)


@dataclass(frozen=True, slots=True)
class Map:
    """Old clauses left, new ones right; ``lines`` go from where a moved clause stood to where it stands now."""

    height: int
    marks: list[MapMark]
    lines: list[tuple[float, float]] = field(default_factory=list)
    says: str = ""


_PAINT: Final = {
    "edited": ("mm-mod", "~"),
    "reshaped": ("mm-mod", "~"),
    "new": ("mm-ins", "+"),
    "deleted": ("mm-del", "−"),
    "moved": ("mm-mov", "↕"),
    "away": ("mm-mov", "↕"),
    "split": ("mm-mov", "⇉"),
    "merged": ("mm-mov", "⇇"),
    "unsure": ("mm-mod", "~"),
}


def change_map(made: Made, spoken: Tongue) -> Map:
    """The map of all pairs, squeezed when there are many."""
    heights = [_height(pair) for pair in made.pairs]
    total = sum(heights) + 4 * len(heights) + 4
    squeeze = min(1.0, _TALLEST / total) if total else 1.0
    marks: list[MapMark] = []
    left: dict[int, float] = {}  # by the place in the new text
    right: dict[int, float] = {}
    y = 4.0
    for pair, wanted in zip(made.pairs, heights, strict=True):
        height = max(1.0, wanted * squeeze)
        look, glyph = _PAINT[pair.marks[0].kind] if pair.marks else ("mm-t", "")
        glyph = glyph if height >= 12 else ""
        row, top = pair.rows[0], round(y, 1)
        main = next((one for one in pair.rows if one.old and one.new), row)
        if any(one.old for one in pair.rows):
            marks.append(MapMark(look, 3, top, round(height, 1), glyph, pair.change))
        if any(one.new for one in pair.rows):
            marks.append(MapMark(look, 31, top, round(height, 1), glyph, pair.change))
        if row.change is Change.MOVED_AWAY and row.new_at is not None:
            left[row.new_at] = round(y + height / 2, 1)
        elif main.change in MOVED and main.new_at is not None:
            right[main.new_at] = round(y + height / 2, 1)
        y += height + 4 * squeeze
    lines = [(left[name], right[name]) for name in left if name in right]
    says = spoken.ngettext("Map of the comparison: {n} change", "Map of the comparison: {n} changes", made.changes)
    return Map(max(100, round(y)), marks, lines, says)


def _height(pair: Pair) -> float:
    longest = max((len(clause.text) for row in pair.rows for clause in (row.old, row.new) if clause), default=0)
    return min(90.0, 14 + longest / 14)
