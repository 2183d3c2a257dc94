"""Several texts made of one: what they agree on, and where they collide. Words, not characters. Pure.

The plan:

1. Each text's changes of the base are patches of whole words (words.py). Patches with no whole word between them, of
   whomever, make a *place*.
2. A place is *free* when all who change something in it make the same of it; so is one where a single text does. What
   stands there goes in, with everybody behind it. At any other place the texts *collide*: it stays as the base reads,
   and what each makes of it is told.
3. The two ends of a bracket pair, or of an emphasis, share one fate: where one end collides, the other stays out too.
   And nothing goes in by which a bracket would get a partner that it has in no text, or would lose its own.

So the outcome holds no word of nobody's and no reading that one side alone wanted where others wanted another. The
order in which the texts are given decides only the order in which names are told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from drafts.brackets import alone, mates
from drafts.change import narrow, widen
from drafts.patches import Patch, applied, of_hunks, spans
from drafts.weigh import Tied, bound
from drafts.words import Op, hunks


@dataclass(frozen=True, slots=True)
class Run:
    """A run of words and whose it is: ``ids`` are behind an insertion or a deletion. ``collision`` is the number of the
    collision that keeps it as it is, or -1; such a run may be empty (all would insert something there)."""

    text: str
    op: Op
    ids: tuple[str, ...] = ()
    collision: int = -1


@dataclass(frozen=True, slots=True)
class Side:
    """What those with these ids make of a place."""

    ids: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Collision:
    """A place that stays as the base reads. One side alone: its bracket's partner collides elsewhere."""

    base: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Combined:
    """What comes of them together. Runs kept and deleted are the base, kept and inserted ones ``text``. Every id is in
    one of ``whole`` (all of it is in), ``part`` and ``out`` (nothing is in)."""

    runs: tuple[Run, ...]
    collisions: tuple[Collision, ...]
    text: str
    whole: tuple[str, ...]
    part: tuple[str, ...]
    out: tuple[str, ...]


def combine(old: str, texts: Sequence[tuple[str, str]]) -> Combined:
    """Everything that these texts (each under its id, which stands once) do to ``old``, as far as they agree."""
    base = widen(old)
    sides = {name: tuple(of_hunks(hunks(old, text))) for name, text in texts}
    places = _places(base, sides)
    tied = Tied(len(places))
    for patches in sides.values():
        _tie(base, patches, places, tied)
    free = _sure(base, sides, places, tied)
    runs, collisions = _told(base, places, free)
    whole = tuple(name for name in sides if all(free[at] for at, place in enumerate(places) if name in place.sides))
    some = [name for name in sides if any(free[at] for at, place in enumerate(places) if name in place.sides)]
    part = tuple(name for name in some if name not in whole)
    out = tuple(name for name in sides if name not in whole and name not in part)
    text = "".join(run.text for run in runs if run.op is not Op.DELETE)
    return Combined(tuple(runs), tuple(collisions), text, whole, part, out)


@dataclass(slots=True)
class _Place:
    """Where patches meet: their stretch of the base, and for each side what it does and makes of it."""

    start: int
    end: int
    sides: dict[str, list[Patch]] = field(default_factory=dict)

    def reads(self, base: str, name: str) -> str:
        moved = [Patch(p.start - self.start, p.end - self.start, p.parts) for p in self.sides[name]]
        return applied(base[self.start : self.end], moved)

    def readings(self, base: str) -> dict[str, list[str]]:
        """The names behind each reading."""
        found: dict[str, list[str]] = {}
        for name in self.sides:
            found.setdefault(self.reads(base, name), []).append(name)
        return found

    def patches(self) -> list[Patch]:
        """How it is done, when all make the same of it: as the one does it that comes first in an order of texts."""
        return min(self.sides.values(), key=lambda patches: [(p.start, p.end, p.text) for p in patches])


def _places(base: str, sides: Mapping[str, Sequence[Patch]]) -> list[_Place]:
    """The places from left to right."""
    words = spans(base)
    every = sorted(
        ((patch, name) for name, patches in sides.items() for patch in patches),
        key=lambda one: (one[0].start, one[0].end),
    )
    reach = [words.reach(patch.start, patch.end) for patch, _ in every]
    tied = Tied(len(every))
    for at, (first, last) in enumerate(reach):
        for other in range(at):
            if reach[other][0] <= last and first <= reach[other][1]:
                tied.tie(at, other)
    places: list[_Place] = []
    for members in tied.sets():
        held = [every[at] for at in members]
        place = _Place(min(patch.start for patch, _ in held), max(patch.end for patch, _ in held))
        for name in sides:
            mine = [patch for patch, whose in held if whose == name]
            if mine:
                place.sides[name] = mine
        places.append(place)
    return sorted(places, key=lambda place: (place.start, place.end))


def _tie(base: str, patches: Sequence[Patch], places: Sequence[_Place], tied: Tied) -> None:
    """Tie the places at which one side has the ends of a pair."""
    at = {id(patch): number for number, place in enumerate(places) for mine in place.sides.values() for patch in mine}
    first: dict[int, int] = {}
    for patch, root in zip(patches, bound(base, patches), strict=True):
        number = at[id(patch)]
        tied.tie(number, first.setdefault(root, number))


def _sure(base: str, sides: Mapping[str, Sequence[Patch]], places: Sequence[_Place], tied: Tied) -> list[bool]:
    """Which places go in."""
    free = [len(place.readings(base)) == 1 for place in places]
    marked = [_marks(base, place) for place in places]
    if not any(marked):
        return free
    known = set(_pairs(base, {}))
    most = alone(base)
    for name, patches in sides.items():
        known.update(_pairs(base, {at: place.sides[name] for at, place in enumerate(places) if name in place.sides}))
        most = max(most, alone(applied(base, patches)))
    while True:
        lost = {tied.root(at) for at, goes_in in enumerate(free) if not goes_in}
        free = [goes_in and tied.root(at) not in lost for at, goes_in in enumerate(free)]
        done = {at: place.patches() for at, place in enumerate(places) if free[at]}
        strange = {end[0] for pair in _pairs(base, done) if pair not in known for end in pair}
        merged = applied(base, [patch for at in sorted(done) for patch in done[at]])
        bad = {at for at in strange if at >= 0 and free[at]}
        if not bad and (strange or alone(merged) > most):
            bad = {at for at, goes_in in enumerate(free) if goes_in and marked[at]}
        if not bad:
            return free
        free = [goes_in and at not in bad for at, goes_in in enumerate(free)]


def _marks(base: str, place: _Place) -> bool:
    """Whether somebody puts or takes brackets or asterisks there."""
    touched = (base[patch.start : patch.end] + patch.text for mine in place.sides.values() for patch in mine)
    return any(not {"[", "]", "*"}.isdisjoint(text) for text in touched)


_End = tuple[int, int]  # (-1, place in the base), or (number of a place, how manieth character that comes in there)


def _pairs(base: str, done: Mapping[int, Sequence[Patch]]) -> Iterator[tuple[_End, _End]]:
    """Where the ends of each pair come from, in the base with these places done."""
    text: list[str] = []
    ends: list[_End] = []

    def keep(start: int, end: int) -> None:
        text.append(base[start:end])
        ends.extend((-1, at) for at in range(start, end))

    at = 0
    for number in sorted(done):
        came = 0
        for patch in done[number]:
            keep(at, patch.start)
            text.append(patch.text)
            ends.extend((number, came + step) for step in range(len(patch.text)))
            came, at = came + len(patch.text), patch.end
    keep(at, len(base))
    for start, end in mates("".join(text)):
        yield ends[start], ends[end]


def _told(base: str, places: Sequence[_Place], free: Sequence[bool]) -> tuple[list[Run], list[Collision]]:
    runs: list[Run] = []
    collisions: list[Collision] = []
    at = 0

    def keep(end: int, collision: int = -1) -> None:
        nonlocal at
        if end > at or collision >= 0:
            runs.append(Run(narrow(base[at:end]), Op.KEEP, (), collision))
        at = end

    for place, goes_in in zip(places, free, strict=True):
        keep(place.start)
        if goes_in:
            ids = tuple(place.sides)
            for patch in place.patches():
                keep(patch.start)
                ops = ((Op.DELETE if part.ins is None else Op.INSERT, part.text) for part in patch.parts)
                runs += [Run(narrow(text), op, ids) for op, text in ops]
                at = patch.end
        else:
            readings = place.readings(base)
            told = tuple(Side(tuple(names), narrow(text)) for text, names in readings.items())
            keep(place.end, len(collisions))
            collisions.append(Collision(narrow(base[place.start : place.end]), told))
    keep(len(base))
    return runs, collisions
