"""Which patches of a text can be put into what it has become since: three ways, and nothing silently. Pure.

A patch is *clear* when at least one whole word lies between it and everything that others changed; *there already*
when others made the same of that place; else it *overlaps*, and a person decides. Patches that share a pair of
brackets, or the two asterisks of an emphasis, share one fate, and none that had a partner loses it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from drafts.brackets import alone, mates
from drafts.change import Change
from drafts.late import least
from drafts.patches import Part, Patch, applied, spans


class Fate(StrEnum):
    """What becomes of a patch."""

    CLEAR = "clear"
    ALREADY = "already"
    OVERLAP = "overlap"
    UNPAIRED = "unpaired"


@dataclass(frozen=True, slots=True)
class Weighed:
    """The fate of each patch, and which of those that do not go in belong together."""

    fates: tuple[Fate, ...]
    groups: tuple[int, ...]

    def of(self, *fates: Fate) -> list[int]:
        """The places of the patches with one of these fates."""
        return [at for at, fate in enumerate(self.fates) if fate in fates]

    def clashes(self) -> list[list[int]]:
        """The patches that a person decides on, those together that cannot be decided one without the other."""
        found: dict[int, list[int]] = {}
        for at in self.of(Fate.OVERLAP, Fate.UNPAIRED):
            found.setdefault(self.groups[at], []).append(at)
        return list(found.values())


def weigh(base: str, patches: Sequence[Patch], since: Change) -> Weighed:
    """The fate of each patch of ``base`` (wide), where ``since`` is what others made of it."""
    others = changed_places(base, since)
    mine, total = len(patches), len(patches) + len(others)
    words = spans(base)
    ends = [words.reach(patch.start, patch.end) for patch in (*patches, *others)]
    tied = Tied(total)
    met = set()
    for one in range(mine):
        for other in range(mine, total):
            if ends[one][0] <= ends[other][1] and ends[other][0] <= ends[one][1]:
                tied.tie(one, other)
                met.add(one)
    fates = [Fate.CLEAR] * mine
    for members in tied.sets():
        if any(at in met for at in members):
            own = [patches[at] for at in members if at < mine]
            theirs = [others[at - mine] for at in members if at >= mine]
            fate = Fate.ALREADY if _same(base, own, theirs) else Fate.OVERLAP
            for at in members:
                if at < mine:
                    fates[at] = fate
    _share_brackets(base, patches, tied)
    _spread(fates, tied)
    _keep_pairs(base, patches, others, fates, tied)
    return Weighed(tuple(fates), tuple(tied.root(at) for at in range(mine)))


def bound(base: str, patches: Sequence[Patch]) -> list[int]:
    """For each patch of ``base`` a number that it has in common with those it cannot be parted from: the ends of a pair
    of brackets, or of an emphasis, come and go together."""
    tied = Tied(len(patches))
    _share_brackets(base, patches, tied)
    return [tied.root(at) for at in range(len(patches))]


def changed_places(base: str, since: Change) -> list[Patch]:
    """A change as patches, without what was typed and taken back."""
    found: list[Patch] = []
    at = 0
    change = least(base, since)
    for (length, ins), text in zip(change.sections, change.inserts, strict=True):
        if ins >= 0:
            if found and found[-1].end == at:
                last = found.pop()
                found.append(Patch(last.start, at + length, (Part(last.text + text, ""),)))
            else:
                found.append(Patch(at, at + length, (Part(text, ""),)))
        at += length
    return found


def _same(base: str, own: Sequence[Patch], others: Sequence[Patch]) -> bool:
    """Whether both make the same of the place where they meet."""
    start = min(patch.start for patch in (*own, *others))
    end = max(patch.end for patch in (*own, *others))
    return _piece(base, own, start, end) == _piece(base, others, start, end)


def _piece(base: str, patches: Sequence[Patch], start: int, end: int) -> str:
    shifted = [Patch(p.start - start, p.end - start, p.parts) for p in sorted(patches, key=lambda p: (p.start, p.end))]
    return applied(base[start:end], shifted)


# ── brackets ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _share_brackets(base: str, patches: Sequence[Patch], tied: "Tied") -> None:
    """Tie patches that touch the two ends of a pair, in the base or in what they make of it."""
    before = _owners(base, patches, new=False)
    after = _owners(base, patches, new=True)
    for owner in (before, after):
        for one, other in owner:
            if isinstance(one, int) or isinstance(other, int):
                tied.tie(one, other)


def _owners(base: str, patches: Sequence[Patch], *, new: bool) -> list[tuple[int | str, int | str]]:
    """For each pair of brackets of the text before or after: what has its ends, a patch or a kept place of the base."""
    text: list[str] = []
    starts: list[int] = []  # of each piece of the text, in it
    whose: list[tuple[int | None, int]] = []  # the patch, or None and where the piece begins in the base
    size = 0

    def put(words: str, patch: int | None, place: int) -> None:
        nonlocal size
        text.append(words)
        starts.append(size)
        whose.append((patch, place))
        size += len(words)

    def owner(place: int) -> int | str:
        piece = bisect_right(starts, place) - 1
        patch, begins = whose[piece]
        return f"kept {begins + place - starts[piece]}" if patch is None else patch

    at = 0
    for number, patch in enumerate(patches):
        put(base[at : patch.start], None, at)
        put(patch.text if new else base[patch.start : patch.end], number, 0)
        at = patch.end
    put(base[at:], None, at)
    return [(owner(start), owner(end)) for start, end in mates("".join(text))]


def _spread(fates: list[Fate], tied: "Tied") -> None:
    """What overlaps takes with it what it is tied to."""
    for at, fate in enumerate(list(fates)):
        if fate in {Fate.OVERLAP, Fate.UNPAIRED}:
            for other in range(len(fates)):
                if fates[other] is Fate.CLEAR and tied.root(other) == tied.root(at):
                    fates[other] = fate


def _keep_pairs(base: str, patches: Sequence[Patch], others: Sequence[Patch], fates: list[Fate], tied: "Tied") -> None:
    """Patches with brackets do not go in when, with what others did, a bracket would be left alone that is not alone on
    either side."""
    clear = [at for at, fate in enumerate(fates) if fate is Fate.CLEAR]
    risky = [at for at in clear if _brackets_in(base, patches[at])]
    if not risky or not any(_brackets_in(base, other) for other in others):
        return
    most = max(alone(base), alone(applied(base, others)), alone(applied(base, patches)))
    both = sorted([*others, *(patches[at] for at in clear)], key=lambda patch: (patch.start, patch.end))
    if alone(applied(base, both)) > most:
        for at in risky:
            fates[at] = Fate.UNPAIRED
        _spread(fates, tied)


def _brackets_in(base: str, patch: Patch) -> bool:
    return not {"[", "]", "*"}.isdisjoint(base[patch.start : patch.end] + patch.text)


class Tied:
    """Things that share one fate: patches by number, anything else by name."""

    def __init__(self, count: int) -> None:
        self._up: dict[int | str, int | str] = {at: at for at in range(count)}
        self._count = count

    def _find(self, one: int | str) -> int | str:
        self._up.setdefault(one, one)
        while self._up[one] != one:
            self._up[one] = self._up[self._up[one]]
            one = self._up[one]
        return one

    def tie(self, one: int | str, other: int | str) -> None:
        """Let two share one fate."""
        first, second = self._find(one), self._find(other)
        if first != second:
            if isinstance(first, str):
                first, second = second, first
            self._up[second] = first

    def root(self, one: int) -> int:
        """A number that all that are tied have in common."""
        found = self._find(one)
        return found if isinstance(found, int) else one

    def sets(self) -> Iterable[list[int]]:
        """All numbers, those together that are tied."""
        found: dict[int, list[int]] = {}
        for at in range(self._count):
            found.setdefault(self.root(at), []).append(at)
        return found.values()
