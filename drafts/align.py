"""Which clause of one text is which clause of another.

By id where the two texts share any: then an id says everything and likeness nothing. Where they share none (two files
that never were in Adref): first the texts that stand exactly once on each side, wherever they are; then, between those
that keep their order, the neighbours that are most alike; at last, out of order, what is still alone and very much
alike. Ids that are empty or stand twice count as none.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rapidfuzz import fuzz

from drafts.model import Clause
from drafts.words import is_word, tokens

LIKE_ENOUGH = 50.0  # percent of the words of two clauses that are the same, in order
VERY_LIKE = 65.0  # the same for clauses that would have moved
_MAX_AREA = 40_000  # pairs of clauses looked at in one gap; beyond it only those near the diagonal
_NEAR = 40  # clauses from the diagonal


class Link(NamedTuple):
    """Where a part came from, or where a joined clause went: a place on the other side, and how sure that is (%)."""

    at: int
    confidence: int = 100


@dataclass(slots=True)
class Alignment:
    """Which clause is which, by places from 0. ``pairs`` go from new to old, each at most once; ``parts`` from what was
    cut off to the old clause that it was cut from (which stands in a pair itself); ``joined`` from an old clause to the
    new one that has its words (which is in a pair, or a part). ``confidence`` is told, in percent, of pairs that
    neither ids nor equal words vouch for; by new places."""

    pairs: dict[int, int] = field(default_factory=dict)
    parts: dict[int, Link] = field(default_factory=dict)
    joined: dict[int, Link] = field(default_factory=dict)
    confidence: dict[int, int] = field(default_factory=dict)


def align(
    old: Sequence[Clause],
    new: Sequence[Clause],
    lineage: Mapping[str, str] | None = None,
    merged: Mapping[str, str] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Alignment:
    """Which clause of ``old`` is which of ``new``.

    ``lineage`` goes from the id of a new clause to the id it was split from, ``merged`` from the id of an old clause to
    the id it was joined into, each over any number of ids that neither text has any more.
    """
    found = _by_id(old, new, lineage or {}, merged or {})
    if not found.pairs:
        found.pairs |= _align_by_text(old, new)
    if progress:
        progress(1.0)
    return found


def _by_id(
    old: Sequence[Clause], new: Sequence[Clause], lineage: Mapping[str, str], merged: Mapping[str, str]
) -> Alignment:
    at_old, at_new = _unique_ids(old), _unique_ids(new)
    found = Alignment({place: at_old[name] for name, place in at_new.items() if name in at_old})
    taken = set(found.pairs.values())
    for name, place in at_new.items():
        parent = None if name in at_old else _follow(name, lineage, at_old)
        if parent is None:
            continue
        if at_old[parent] in taken:
            found.parts[place] = Link(at_old[parent])
        else:  # the clause itself is gone: the first of its parts stands for it
            found.pairs[place] = at_old[parent]
            taken.add(at_old[parent])
    for name, place in at_old.items():
        heir = None if place in taken else _follow(name, merged, at_new)
        if heir is None:
            continue
        if at_new[heir] in found.pairs or at_new[heir] in found.parts:
            found.joined[place] = Link(at_new[heir])
        else:  # joined into a clause that is newer than the old text
            found.pairs[at_new[heir]] = place
    return found


def _follow(name: str, links: Mapping[str, str], known: Mapping[str, int]) -> str | None:
    """The first id of ``known`` that ``links`` lead to."""
    seen = {name}
    while (following := links.get(name)) is not None and following not in seen:
        if following in known:
            return following
        seen.add(following)
        name = following
    return None


def in_order(pairs: Mapping[int, int]) -> set[int]:
    """The new places of a longest set of pairs that keep their order; the others have moved.

    ``pairs`` goes from new to old places. Of several longest sets always the same one.
    """
    places = sorted(pairs)
    tails: list[int] = []  # the least old place that ends an increasing run of each length
    ends: list[int] = []  # the new place it belongs to
    before: dict[int, int | None] = {}
    for place in places:
        length = bisect_left(tails, pairs[place])
        before[place] = ends[length - 1] if length else None
        if length == len(tails):
            tails.append(pairs[place])
            ends.append(place)
        else:
            tails[length], ends[length] = pairs[place], place
    chosen: set[int] = set()
    at: int | None = ends[-1] if ends else None
    while at is not None:
        chosen.add(at)
        at = before[at]
    return chosen


def _unique_ids(clauses: Sequence[Clause]) -> dict[str, int]:
    counts = Counter(clause.id for clause in clauses)
    return {clause.id: at for at, clause in enumerate(clauses) if clause.id and counts[clause.id] == 1}


def _align_by_text(old: Sequence[Clause], new: Sequence[Clause]) -> dict[int, int]:
    pairs = _equal_and_unique(old, new)
    left, right = _encoded(old, new)
    taken = set(pairs.values())
    fixed = in_order(pairs)
    from_old = from_new = 0
    for to_new, to_old in [*((place, pairs[place]) for place in sorted(fixed)), (len(new), len(old))]:
        free_old = [at for at in range(from_old, to_old) if at not in taken]
        free_new = [at for at in range(from_new, to_new) if at not in pairs]
        pairs |= _most_alike(left, right, free_old, free_new)
        from_old, from_new = to_old + 1, to_new + 1
    return pairs | _moved_and_edited(left, right, pairs)


def _moved_and_edited(left: list[str], right: list[str], pairs: Mapping[int, int]) -> dict[int, int]:
    """The best pairs of what is still alone, the most alike first, then in reading order."""
    taken = set(pairs.values())
    old = [at for at in range(len(left)) if at not in taken]
    new = [at for at in range(len(right)) if at not in pairs]
    found: dict[int, int] = {}
    likeness = _likeness(left, right, old, new, VERY_LIKE)
    for (row, column), _ in sorted(likeness.items(), key=lambda item: (-item[1], item[0])):
        if new[column] not in found and old[row] not in taken:
            found[new[column]] = old[row]
            taken.add(old[row])
    return found


def _equal_and_unique(old: Sequence[Clause], new: Sequence[Clause]) -> dict[int, int]:
    on_old, on_new = Counter(clause.text for clause in old), Counter(clause.text for clause in new)
    at_old = {clause.text: at for at, clause in enumerate(old)}
    return {
        at: at_old[clause.text]
        for at, clause in enumerate(new)
        if clause.text and on_new[clause.text] == on_old[clause.text] == 1
    }


def _encoded(old: Sequence[Clause], new: Sequence[Clause]) -> tuple[list[str], list[str]]:
    """Every clause as a string with one character a word, so that likeness is measured on words."""
    codes: dict[str, str] = {}

    def encode(clause: Clause) -> str:
        words = [token.casefold() for token in tokens(clause.text) if is_word(token)]
        for word in words:
            codes.setdefault(word, chr(0x10000 + len(codes)))
        return "".join(codes[word] for word in words)

    return [encode(clause) for clause in old], [encode(clause) for clause in new]


def _most_alike(left: list[str], right: list[str], old: list[int], new: list[int]) -> dict[int, int]:
    """The pairs, in order on both sides, whose likeness sums to the most; on a tie the later ones."""
    likeness = _likeness(left, right, old, new, LIKE_ENOUGH)
    if not likeness:
        return {}
    width = len(new) + 1
    best = [[0.0] * width for _ in range(len(old) + 1)]
    for row in range(len(old)):
        for column in range(len(new)):
            paired = best[row][column] + likeness.get((row, column), 0.0)
            best[row + 1][column + 1] = max(paired, best[row][column + 1], best[row + 1][column])
    pairs: dict[int, int] = {}
    row, column = len(old), len(new)
    while row and column:
        alike = likeness.get((row - 1, column - 1))
        if alike is not None and best[row][column] == best[row - 1][column - 1] + alike:
            pairs[new[column - 1]] = old[row - 1]
            row, column = row - 1, column - 1
        elif best[row][column] == best[row - 1][column]:
            row -= 1
        else:
            column -= 1
    return pairs


def _likeness(
    left: list[str],
    right: list[str],
    old: list[int],
    new: list[int],
    floor: float,
) -> dict[tuple[int, int], float]:
    """How much alike the clauses are, by their places in ``old`` and ``new``, where it is ``floor`` or more."""
    found: dict[tuple[int, int], float] = {}
    everything = len(old) * len(new) <= _MAX_AREA
    for row, at_old in enumerate(old):
        middle = row * len(new) // len(old)
        columns = range(len(new)) if everything else range(max(0, middle - _NEAR), min(len(new), middle + _NEAR + 1))
        for column in columns:
            alike = fuzz.ratio(left[at_old], right[new[column]], score_cutoff=floor)
            if alike >= floor and left[at_old]:
                found[row, column] = alike
    return found
