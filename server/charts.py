"""Charts as inline SVG: classes of base.css only (the CSP takes no styles), with the numbers said in words.

A chart never stands alone: whoever shows one puts a table of the same numbers beside it or behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from server.render import attribute, escape

_WIDTH, _HEIGHT = 690, 290
_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 640.0, 24.0, 248.0  # of the field in which the line runs
_MOST_DOTS: Final = 60
_APART: Final = 78.0  # least distance of two labels below


@dataclass(frozen=True, slots=True)
class Dot:
    """A value at a moment (UTC ms). ``label`` and ``under`` stand below it where there is room, as of a version."""

    at: int
    value: int
    label: str = ""
    under: str = ""


def line(dots: Sequence[Dot], said: str, now: str = "") -> str:
    """Values over time as one line from zero up. ``said`` gives the numbers to those who do not see it, ``now`` stands
    at the last one. Empty without a value."""
    if not dots:
        return ""
    ordered = sorted(dots, key=lambda dot: dot.at)
    marks = ticks(max(dot.value for dot in ordered))
    places = [(_x(dot.at, ordered[0].at, ordered[-1].at), _y(dot.value, marks[-1])) for dot in ordered]
    parts = [
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{attribute(said)}">',
        *(_tick(tick, marks[-1]) for tick in marks),
        f'<path class="ln" d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in places)}"/>',
        *(_circle(x, y) for (x, y), dot in zip(places, ordered, strict=True) if dot.label or len(dots) <= _MOST_DOTS),
        *_labels(ordered, [x for x, _ in places]),
        _last(places, now),
        "</svg>",
    ]
    return "".join(parts)


def _x(at: int, first: int, last: int) -> float:
    if first == last:
        return _LEFT
    return _LEFT + (_RIGHT - 60 - _LEFT) * (at - first) / (last - first)


def _y(value: int, most: int) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * value / most


def ticks(most: int) -> list[int]:
    """From 0 by round steps to at least ``most``, three or four of them."""
    step = 1
    while step * 4 < most:
        step = {"1": 2, "2": 5}.get(str(step)[0], 10) * 10 ** (len(str(step)) - 1)
    return list(range(0, max(most, 1) + step, step))


def _tick(tick: int, most: int) -> str:
    y = _y(tick, most)
    kind = "ax" if tick else "ax0"
    return (
        f'<path class="{kind}" d="M{_LEFT:.0f} {y:.1f}H{_RIGHT:.0f}"/>'
        f'<text x="{_LEFT - 10:.0f}" y="{y + 4:.1f}" text-anchor="end">{tick}</text>'
    )


def _circle(x: float, y: float) -> str:
    return f'<circle class="dotm" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'


def _labels(dots: Sequence[Dot], xs: Sequence[float]) -> list[str]:
    """The labels that have room, the last ones first: they matter most."""
    out: list[str] = []
    reached = float(_WIDTH) + _APART
    for dot, x in reversed(list(zip(dots, xs, strict=True))):
        if not dot.label:
            continue
        out.append(f'<path class="ax" d="M{x:.1f} {_BOTTOM:.0f}v5"/>')
        if reached - x < _APART:
            continue
        reached = x
        out.append(f'<text class="big" x="{x:.1f}" y="268" text-anchor="middle">{escape(dot.label[:14])}</text>')
        out.append(f'<text x="{x:.1f}" y="284" text-anchor="middle">{escape(dot.under)}</text>')
    return out


def _last(places: Sequence[tuple[float, float]], now: str) -> str:
    x, y = places[-1]
    return f'<text class="big" x="{x + 9:.1f}" y="{max(y - 8, 14):.1f}">{escape(now)}</text>' if now else ""
