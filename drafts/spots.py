"""Where proposals change a clause: its text as stretches that stay and spots with everybody's words. Pure.

The plan. Each proposal is some changes of the live text. Changes with no word between them, whoever makes them, are one
place: told apart they would not say what each makes of the other's words. A place is told as the words that stand there
and what each proposal makes of them. The space beside the words goes to the text around, so that brackets stand as one
writes them; where the text could then not be read back to the letter, the place takes in the next words on both sides.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from drafts.brackets import emphasis
from drafts.notation import Says, Spot, Words, spelled
from drafts.readings import Reading
from drafts.tokens import is_word, tokens
from drafts.words import Op

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Change:
    """Code points ``[start, end)`` of the live text become ``text``."""

    start: int
    end: int
    text: str


class Places(Generic[T]):
    """The places of one clause that proposals change. ``cases``: each proposal with its reading; ``worded`` makes the
    words of a bracket for those who take them out (``Says.DELETE``) or put them in."""

    def __init__(
        self,
        live: str,
        cases: Sequence[tuple[T, Reading]],
        worded: Callable[[str, Sequence[T], Says], Words],
    ) -> None:
        self.live = live
        self.cases = [case for case, _ in cases]
        self.changes = [_changes(live, reading) for _, reading in cases]
        self.worded = worded

    def parts(self) -> tuple[str | Spot, ...]:
        """The text, kept stretches and spots in turn."""
        bounds = self._apart([(one.start, one.end) for changes in self.changes for one in changes])
        while True:
            parts, loose = self._tried(bounds)
            if not loose:
                return parts
            bounds = self._apart([self._wider(bound) if bound in loose else bound for bound in bounds])

    def _apart(self, bounds: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Places in order, those with no word between as one."""
        out: list[tuple[int, int]] = []
        for start, end in sorted(bounds):
            if out and not (start > out[-1][1] and _has_word(self.live[out[-1][1] : start])):
                out[-1] = out[-1][0], max(out[-1][1], end)
            else:
                out.append((start, end))
        return out

    def _wider(self, bound: tuple[int, int]) -> tuple[int, int]:
        """A token more on both sides."""
        start, end = bound
        ends = _ends(self.live)
        before, behind = (at for at in ends if at < start), (at for at in ends if at > end)
        return max(before, default=0), min(behind, default=len(self.live))

    def _tried(self, bounds: Sequence[tuple[int, int]]) -> tuple[tuple[str | Spot, ...], set[tuple[int, int]]]:
        """The text with these places, and those of them that the notation cannot tell to the letter."""
        kept: list[str] = []
        at = 0
        for start, end in bounds:
            kept.append(self.live[at:start])
            at = end
        kept.append(self.live[at:])
        fits: list[_Fit] = []
        loose: set[tuple[int, int]] = set()
        for number, bound in enumerate(bounds):
            texts = self._texts(*bound)
            fit = _fitted(kept[number], [self.live[slice(*bound)], *texts], kept[number + 1])
            if fit is None and bound != (0, len(self.live)):
                loose.add(bound)
            fits.append(fit or _Fit())
        if loose:
            return (), loose
        parts: list[str | Spot] = []
        for number, bound in enumerate(bounds):
            before = " " if number and fits[number - 1].trail else ""
            parts.append(before + kept[number] + (" " if fits[number].lead else ""))
            parts.append(self._spot(*bound, fits[number]))
        parts.append((" " if fits and fits[-1].trail else "") + kept[-1])
        return tuple(part for part in parts if part), loose

    def _texts(self, start: int, end: int) -> dict[str, list[T]]:
        """What the place becomes, and through whom."""
        found: dict[str, list[T]] = {}
        for case, changes in zip(self.cases, self.changes, strict=True):
            inside = [one for one in changes if start <= one.start and one.end <= end]
            if inside:
                found.setdefault(_applied(self.live, start, end, inside), []).append(case)
        return found

    def _spot(self, start: int, end: int, fit: "_Fit") -> Spot:
        texts = self._texts(start, end)
        stands = fit.trimmed(self.live[start:end])
        base = None
        if stands:
            base = self.worded(stands, [case for cases in texts.values() for case in cases], Says.DELETE)
        told = {fit.trimmed(text): cases for text, cases in texts.items()}
        return Spot(base, tuple(self.worded(text, cases, Says.WORDS) for text, cases in told.items() if text))


@dataclass(frozen=True, slots=True)
class _Fit:
    """Whether the space at the beginning and at the end of a place's words goes to the text around it."""

    lead: bool = False
    trail: bool = False

    def trimmed(self, text: str) -> str:
        """The words without those spaces."""
        if self.lead:
            text = text.removeprefix(" ")
        return text.removesuffix(" ") if self.trail else text


def _fitted(before: str, texts: Sequence[str], after: str) -> _Fit | None:
    """How to tell a place so that each of its texts, the one that stands first, is spelled to the letter."""
    words = [text for text in texts if text]
    for fit in (_Fit(lead=True, trail=True), _Fit(lead=True), _Fit(trail=True), _Fit()):
        if fit.lead and not all(text.startswith(" ") for text in words):
            continue
        if fit.trail and not all(text.endswith(" ") for text in words):
            continue
        if any(not fit.trimmed(text) for text in words):
            continue
        parts = (before + " " * fit.lead, Spot(None, ()), " " * fit.trail + after)
        if all(_told(parts, fit.trimmed(text)) == before + text + after for text in texts):
            return fit
    return None


def _told(parts: Sequence[str | Spot], text: str) -> str:
    return spelled(parts, lambda _spot: text)


def _applied(live: str, start: int, end: int, changes: Iterable[_Change]) -> str:
    out, at = [], start
    for one in changes:
        out += [live[at : one.start], one.text]
        at = one.end
    return "".join([*out, live[at:end]])


def _ends(text: str) -> list[int]:
    out, at = [0], 0
    for token in tokens(text):
        at += len(token)
        out.append(at)
    return out


def _has_word(text: str) -> bool:
    return any(char.isalnum() for char in text) or any(is_word(token) for token in tokens(text))


def _changes(live: str, reading: Reading) -> list[_Change]:
    """What a proposal makes of the live text, in order; of a stale one also its own words where both changed."""
    found: list[_Change] = []
    at, start, text, open_ = 0, 0, "", False
    for hunk in reading.pieces:
        if hunk.op is Op.KEEP:
            if open_:
                found.append(_Change(start, at, text))
            open_ = False
            at += len(hunk.text)
            continue
        if not open_:
            start, text, open_ = at, "", True
        if hunk.op is Op.DELETE:
            at += len(hunk.text)
        else:
            text += hunk.text
    if open_:
        found.append(_Change(start, at, text))
    found = _emphasised(live, reading.outcome, found)
    for one in reading.conflicts:
        own = _Change(one.at, one.at + len(one.live), one.theirs)
        if all(own.end < other.start or other.end < own.start for other in found):
            found.append(own)
    return sorted(found, key=lambda one: one.start)


def _emphasised(live: str, outcome: str, changes: list[_Change]) -> list[_Change]:
    """The changes widened, so that none begins or ends inside what is emphasised in either text."""
    if not changes or ("*" not in live and "*" not in outcome):
        return changes
    old, new = emphasis(live), emphasis(outcome)
    kept: list[tuple[int, int, int]] = []  # start, end of a stretch of the live text, and how much further the new is
    at = shift = 0
    for one in changes:
        kept.append((at, one.start, shift))
        at, shift = one.end, shift + len(one.text) - (one.end - one.start)
    kept.append((at, len(live), shift))
    out: list[_Change] = []
    at_old = at_new = 0
    for start, end, further in kept:
        first, last = _outside(start, end, further, old, new)
        if first >= last:
            continue
        if first > at_old or first + further > at_new:
            out.append(_Change(at_old, first, outcome[at_new : first + further]))
        at_old, at_new = last, last + further
    if at_old < len(live) or at_new < len(outcome):
        out.append(_Change(at_old, len(live), outcome[at_new:]))
    return out


def _outside(
    start: int, end: int, further: int, old: Sequence[tuple[int, int]], new: Sequence[tuple[int, int]]
) -> tuple[int, int]:
    """The stretch without what of it lies inside an emphasis that goes beyond it, in either text."""
    spans = [*old, *((one - further, two - further) for one, two in new)]
    moved = True
    while moved and start < end:
        moved = False
        for first, last in spans:
            if first < start <= last:
                start, moved = last + 1, True
            if first < end <= last:
                end, moved = first, True
    return start, end
