"""Which clause of one text is which clause of another.

By id where the two texts share any: then an id says everything and likeness nothing. Where they share none (two files
that never were in Adref): first the texts that stand exactly once on each side, wherever they are; then, between those
that keep their order, the neighbours that are most alike; at last, out of order, what is still alone and very much
alike. Ids that are empty or stand twice count as none.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz

from drafts.model import Clause
from drafts.words import is_word, tokens

LIKE_ENOUGH = 50.0  # percent of the words of two clauses that are the same, in order
VERY_LIKE = 65.0  # the same for clauses that would have moved
_MAX_AREA = 40_000  # pairs of clauses looked at in one gap; beyond it only those near the diagonal
_NEAR = 40  # clauses from the diagonal


def align(old: Sequence[Clause], new: Sequence[Clause], renamed: Mapping[str, str] | None = None) -> dict[int, int]:
    """From places in ``new`` to places in ``old``, each at most once.

    ``renamed`` gives, for an id of ``new`` that is not in ``old``, the id there that it stands for.
    """
    at_old, at_new = _unique_ids(old), _unique_ids(new)
    pairs = {place: at_old[name] for name, place in at_new.items() if name in at_old}
    if not pairs and old and new and not renamed:
        return _align_by_text(old, new)
    for name, stands_for in (renamed or {}).items():
        if name in at_new and name not in at_old and stands_for in at_old:
            pairs.setdefault(at_new[name], at_old[stands_for])
    return pairs


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
