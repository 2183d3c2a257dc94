"""The small pieces of a proposal’s card: its words, the bar of positions. ``web/src/cards.ts`` makes the
same in the browser."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from drafts.model import Stance
from server.i18n import Tongue
from server.render import attribute, escape
from server.sheet import disc
from server.words import STANCES

ORDER: Final = (Stance.SUPPORT, Stance.CAN_ACCEPT, Stance.CONDITIONAL, Stance.RESERVE, Stance.OPPOSE)
_WIDTH: Final = 200  # units of the bar
_NEAR: Final = 60  # characters of unchanged text that are shown beside a change


def pieces(found: Sequence[Sequence[str]], tongue: Tongue, *, whole: bool = False) -> str:
    """The words of a proposal: what comes and goes, and of what stays as much as stands near, or all of it."""
    out: list[str] = []
    last = len(found) - 1
    for at, (sign, text) in enumerate(found):
        said = text if sign != "=" or whole else near(text, after=at > 0, before=at < last)
        inner = escape(said.replace("*", ""))
        if sign == "+":
            out.append(f'<ins><span class="sr" dir="auto">{escape(tongue._("inserted:"))} </span>{inner}</ins>')
        elif sign == "-":
            out.append(f'<del><span class="sr" dir="auto">{escape(tongue._("deleted:"))} </span>{inner}</del>')
        else:
            out.append(inner)
    return "".join(out)


def near(text: str, *, after: bool, before: bool) -> str:
    """Of unchanged words those that stand near a change: behind the one ``before`` them, and in front of the next."""
    if not after and not before:
        after = True
    if len(text) <= _NEAR * (2 if after and before else 1) + 10:
        return text
    head = text[:_NEAR].rpartition(" ")[0] if after else ""
    tail = text[-_NEAR:].partition(" ")[2] if before else ""
    return f"{head} … {tail}" if head and tail else f"{head} …" if head else f"… {tail}"


def bar(counts: Mapping[str, int], tongue: Tongue) -> str:
    """The bar of positions; its name tells the numbers."""
    total = sum(counts.values())
    if not total:
        return ""
    said = ", ".join(f"{counts[one]} {tongue._(STANCES[one])}" for one in ORDER if counts[one])
    out, at = [], 0.0
    for one in ORDER:
        width = _WIDTH * counts[one] / total
        if width:
            out.append(
                f'<rect class="pos-{one.value}" x="{at:.2f}" y="0" width="{max(width - 1, 0.5):.2f}" height="6"/>'
            )
        at += width
    name = f'role="img" aria-label="{attribute(said)}"'
    return f'<svg class="posbar" viewBox="0 0 {_WIDTH} 6" preserveAspectRatio="none" {name}>{"".join(out)}</svg>'


def for_templates(tongue: Tongue, markup: Callable[[str], Any]) -> dict[str, Any]:
    """What the macros of floor.html call."""
    return {
        "pieces": lambda found, whole=False: markup(pieces(found, tongue, whole=whole)),
        "posbar": lambda counts: markup(bar(counts, tongue)),
        "disc": lambda status: markup(disc(status, tongue)),
        "stances": [one.value for one in ORDER],
    }
