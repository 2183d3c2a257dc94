"""Bars and columns as inline SVG: what comes in in a consultation, by group, by clause, by day.

Like ``charts``: classes of the style sheet only, since the CSP takes no styles, and a table of the same numbers beside
each. Kinds of segments differ in their pattern as well as in their shade, so that the chart can be read in black and
white; colours are the groups'. A reader who does not see it gets ``said``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from server.charts import ticks
from server.render import attribute, escape

_WIDTH: Final = 690
_LABEL: Final = 190.0  # room of the labels beside bars
_END: Final = 630.0  # where the longest bar ends; its sum stands behind
_BAR, _STEP = 18.0, 34.0
_HEIGHT: Final = 220
_TOP, _BOTTOM, _LEFT = 16.0, 180.0, 44.0
_LETTERS: Final = 26  # of a label
_WIDE: Final = 16.0  # a segment this wide has room for its number
PATTERNS: Final = ("full", "rising", "dots", "empty")  # of the segments of a bar, in their order


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: ``label`` beside it, ``kind`` the class of its colour ('' for none: g-government …), ``values`` its
    segments, at most as many as there are ``PATTERNS``."""

    label: str
    values: tuple[int, ...]
    kind: str = ""

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.values)


def patterns() -> str:
    """The patterns that segments are filled with, once a page, before its charts. ``currentColor`` is the bar's."""
    return (
        '<svg class="sr" aria-hidden="true" width="0" height="0"><defs>'
        '<pattern id="pt-rising" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="6" height="6" class="pt-back"/><rect width="2.4" height="6" class="pt-ink"/></pattern>'
        '<pattern id="pt-dots" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<rect width="6" height="6" class="pt-back"/><circle cx="3" cy="3" r="1.3" class="pt-ink"/></pattern>'
        "</defs></svg>"
    )


def bars(rows: Sequence[Bar], said: str) -> str:
    """Horizontal bars, one under the other, all to one scale. Empty without a row."""
    most = max((row.total for row in rows), default=0)
    if not rows:
        return ""
    height = int(_STEP * len(rows) + 8)
    parts = [f'<svg class="chart bars" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{attribute(said)}">']
    for place, row in enumerate(rows):
        y = 4 + _STEP * place
        parts.append(f'<text x="0" y="{y + 14:.1f}">{escape(_short(row.label))}</text>')
        x = _LABEL
        for pattern, value in zip(PATTERNS, row.values, strict=False):
            width = (_END - _LABEL) * value / most if most else 0.0
            parts.append(_segment(x, y, width, value, row.kind, pattern))
            x += width
        parts.append(f'<text class="big" x="{x + 8:.1f}" y="{y + 14:.1f}">{row.total}</text>')
    return "".join([*parts, "</svg>"])


def swatch(pattern: str, kind: str = "") -> str:
    """The little square of a legend."""
    return (
        f'<svg class="sw bars" viewBox="0 0 12 12" aria-hidden="true">'
        f'<rect class="{_class(kind, pattern)}" x=".5" y=".5" width="11" height="11"/></svg>'
    )


def columns(days: Sequence[Bar], said: str) -> str:
    """Values over time, a column a day, its segments one on the other: ``values`` in the order of the four groups."""
    most = max((day.total for day in days), default=0)
    if not days or not most:
        return ""
    step = (_END - _LEFT) / len(days)
    wide = max(step * 0.7, 1.0)
    marks = ticks(most)
    parts = [f'<svg class="chart bars" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{attribute(said)}">']
    parts += [_tick(tick, marks[-1]) for tick in marks]
    every = max(1, round(len(days) / 8))
    for place, day in enumerate(days):
        x, y = _LEFT + step * place + (step - wide) / 2, _BOTTOM
        for number, value in enumerate(day.values):
            high = (_BOTTOM - _TOP) * value / marks[-1]
            y -= high
            if value:
                name = _class(f"g{number}", PATTERNS[number % len(PATTERNS)])
                parts.append(f'<rect class="{name}" x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"/>')
        if place % every == 0:
            parts.append(
                f'<text x="{x + wide / 2:.1f}" y="{_BOTTOM + 18:.0f}" text-anchor="middle">{escape(day.label)}</text>'
            )
    return "".join([*parts, "</svg>"])


def _segment(x: float, y: float, width: float, value: int, kind: str, pattern: str) -> str:
    if not value:
        return ""
    drawn = (
        f'<rect class="{_class(kind, pattern)}" x="{x:.1f}" y="{y:.1f}" width="{max(width - 1, 1):.1f}" '
        f'height="{_BAR:.0f}"/>'
    )
    if width < _WIDE or pattern != "full" or len(str(value)) * 8 > width:
        return drawn
    return drawn + f'<text class="on" x="{x + 5:.1f}" y="{y + 13:.1f}">{value}</text>'


def _class(kind: str, pattern: str) -> str:
    return " ".join(part for part in ("seg", f"seg-{pattern}", kind) if part)


def _short(label: str) -> str:
    return label if len(label) <= _LETTERS else label[: _LETTERS - 1].rstrip() + "…"


def _tick(tick: int, most: int) -> str:
    y = _BOTTOM - (_BOTTOM - _TOP) * tick / most
    return (
        f'<path class="{"ax" if tick else "ax0"}" d="M{_LEFT:.0f} {y:.1f}H{_END:.0f}"/>'
        f'<text x="{_LEFT - 8:.0f}" y="{y + 4:.1f}" text-anchor="end">{tick}</text>'
    )
