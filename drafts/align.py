"""Which clause of one text is which clause of another.

Ids decide wherever both clauses have one that stands once on its side. What is left is aligned by words, and only where
one of the two has no such id, or where the two texts share none at all (two files that never were in Adref):

1. Texts that stand exactly once on each side are the same clause, wherever they are, and so are equal neighbours of
   clauses that are paired (or of both beginnings, of both ends).
2. Clauses that are each other's best by far, among those that share rare words, are paired.
3. The others are looked for among those that share rare words and those about where they are expected, counted from
   the pairs around them: boilerplate shares nothing rare and is told apart by its place. The most alike are paired
   first, of equals those nearest to the expected place, then in reading order. Nothing moves that shares nothing rare.
4. What is still alone may have grown or shrunk much: a clause that holds most of another, with a run of its words.

After each of the last three, neighbours are looked at that joined explain a clause clearly better than one alone: they
are its parts. So splits and merges are found.

A longest set of pairs that keep their order stays where it is (``in_order``); the others have moved.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from drafts.likeness import Coded, Rare, Telling, alike, coded, contained, family, largely_in
from drafts.model import Clause

LIKE_ENOUGH = 50.0  # percent of the words of two clauses that are the same, in order
VERY_LIKE = 65.0  # the same for clauses that would have moved, and for very short ones
_SHORT = 5  # words of both clauses together
_MOST, _RUN = 0.5, 6  # share of the words of the shorter clause, words in a row: it grew or shrunk
_MUCH, _PASSAGE = 0.4, 10  # the same, wherever it is now
_TELLS = 10.0  # percent of what tells clauses from others that two share, or they are only alike
_MARGIN = 5.0  # percent by which a pair beats all others that are known, to be taken first
_NEAR = 3  # clauses to each side of the expected place that are looked at
_FEW = 1_500  # pairs of clauses that are left: so many are all looked at


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
    the id it was joined into, each over any number of ids that neither text has any more. Where one of them is not
    given, the words say it also of clauses with ids. ``progress`` is told the share of the work that is done.
    """
    found = _by_id(old, new, lineage or {}, merged or {})
    return _ByWords(old, new, found, progress or _silent).align(may_split=lineage is None, may_merge=merged is None)


def _silent(_: float) -> None:
    pass


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


class _ByWords:
    """Adds to an alignment what the words say."""

    def __init__(
        self, old: Sequence[Clause], new: Sequence[Clause], found: Alignment, tell: Callable[[float], None]
    ) -> None:
        self.old, self.new, self.found, self.tell = old, new, found, tell
        strangers = not found.pairs
        self.named_old = set() if strangers else set(_unique_ids(old).values())
        self.named_new = set() if strangers else set(_unique_ids(new).values())
        self.went = {at_old: at_new for at_new, at_old in found.pairs.items()}
        self.free_old = [at for at in range(len(old)) if at not in self.went and at not in found.joined]
        self.free_new = [at for at in range(len(new)) if at not in found.pairs and at not in found.parts]
        self.words = Coded([], [], frozenset())
        self.telling = Telling(self.words)

    def align(self, *, may_split: bool, may_merge: bool) -> Alignment:
        """The alignment, complete. ``may_split``, ``may_merge``: clauses with ids too."""
        if self.free_old or self.free_new:
            self._equal()
        if self.free_old or self.free_new:
            self.words = coded([clause.text for clause in self.old], [clause.text for clause in self.new])
            self.telling = Telling(self.words)
            self._walk()
            self.tell(0.3)
        for step, share in ((self._clear, 0.4), (self._likely, 0.6), (self._grown, 0.8), (self._in_place, 0.9)):
            if self.free_old and self.free_new:
                step()
            if self.free_new:
                self._splits(may_split=may_split)
            if self.free_old:
                self._merges(may_merge=may_merge)
            self.tell(share)
        self.tell(1.0)
        return self.found

    def _may_pair(self, at_old: int, at_new: int) -> bool:
        return at_old not in self.named_old or at_new not in self.named_new

    def _pair(self, at_old: int, at_new: int, sure: float | None = None) -> None:
        self.found.pairs[at_new] = at_old
        self.went[at_old] = at_new
        if self.old[at_old].text != self.new[at_new].text:
            sure = alike(self.words.old[at_old], self.words.new[at_new]) if sure is None else sure
            self.found.confidence[at_new] = int(sure)

    def _still_free(self) -> None:
        found = self.found
        self.free_old = [at for at in self.free_old if at not in self.went and at not in found.joined]
        self.free_new = [at for at in self.free_new if at not in found.pairs and at not in found.parts]

    def _equal(self) -> None:
        """Equal texts that stand once among what is free, then equal neighbours."""
        on_old = Counter(self.old[at].text for at in self.free_old)
        on_new = Counter(self.new[at].text for at in self.free_new)
        at_old = {self.old[at].text: at for at in self.free_old}
        for at in self.free_new:
            text = self.new[at].text
            if text and on_new[text] == on_old[text] == 1 and self._may_pair(at_old[text], at):
                self._pair(at_old[text], at)
        pairs = sorted((new, old) for new, old in self.found.pairs.items())
        for step, seeds in ((1, [(-1, -1), *pairs]), (-1, [(len(self.new), len(self.old)), *reversed(pairs)])):
            for seed_new, seed_old in seeds:
                self._along(seed_old + step, seed_new + step, step)
        self._still_free()

    def _along(self, at_old: int, at_new: int, step: int) -> None:
        while (
            0 <= at_old < len(self.old)
            and 0 <= at_new < len(self.new)
            and at_old not in self.went
            and at_new not in self.found.pairs
            and self.old[at_old].text == self.new[at_new].text
            and at_old not in self.found.joined
            and at_new not in self.found.parts
            and self._may_pair(at_old, at_new)
        ):
            self._pair(at_old, at_new)
            at_old, at_new = at_old + step, at_new + step

    def _walk(self) -> None:
        """What stands about where it stood and can be nothing else, in one go along both texts: most of most texts, and
        so the others need not be looked for among them."""
        free = set(self.free_old)
        fixed = in_order(self.found.pairs)
        at_old = 0
        for at_new in range(len(self.new)):
            if at_new in self.found.pairs:
                at_old = self.found.pairs[at_new] + 1 if at_new in fixed else at_old
                continue
            near = [at for at in range(at_old, min(at_old + _NEAR + 1, len(self.old))) if at in free]
            scores = [
                (-self._score(at, at_new, VERY_LIKE), at)
                for at in near
                if self.telling.shared(at, at_new) >= LIKE_ENOUGH and at_new not in self.found.parts
            ]
            score, found = min(scores, default=(0.0, 0))
            if score:
                self._pair(found, at_new)
                free.discard(found)
                at_old = found + 1
        self._still_free()

    def _clear(self) -> None:
        """Pairs that beat every other candidate of either clause by far."""
        rare = Rare(self.words.old, self.free_old)
        scores: dict[tuple[int, int], float] = {}
        for at_new in self.free_new:
            for at_old in rare.candidates(self.words.new[at_new], at_new):
                score = self._score(at_old, at_new, VERY_LIKE)
                if score >= VERY_LIKE:
                    scores[at_old, at_new] = score
        of_old, of_new = _best_two(scores, 0), _best_two(scores, 1)
        for (at_old, at_new), score in sorted(scores.items()):
            others = of_old[at_old][score == of_old[at_old][0]], of_new[at_new][score == of_new[at_new][0]]
            if score - max(others) >= _MARGIN:
                self._pair(at_old, at_new)
        self._still_free()

    def _score(self, at_old: int, at_new: int, floor: float) -> float:
        """The mean of how much alike two clauses are and of what they share that tells; 0 for what may be no pair, or
        is less alike than ``floor``."""
        if not self._may_pair(at_old, at_new):
            return 0.0
        score = alike(self.words.old[at_old], self.words.new[at_new], floor)
        return (score + self.telling.shared(at_old, at_new)) / 2 if score else 0.0

    def _likely(self) -> None:
        """The others, the most alike first, where anything tells that they belong together."""
        self._greedy(_TELLS)

    def _in_place(self) -> None:
        """What only its place tells."""
        self._greedy(0.0)

    def _greedy(self, least: float) -> None:
        rare = Rare(self.words.old, self.free_old)
        few = len(self.free_old) * len(self.free_new) <= _FEW
        places = _Places(self.found.pairs, len(self.old), len(self.new))
        free = set(self.free_old)
        scored: list[tuple[float, int, int, int]] = []
        for at_new in self.free_new:
            text = self.words.new[at_new]
            low, high = places.around(at_new)
            expected = [low[0] + at_new - low[1], high[0] - (high[1] - at_new)]
            near = {place + off for place in expected for off in range(-_NEAR, _NEAR + 1)} & free
            for at_old in self.free_old if few else sorted(near.union(rare.candidates(text, expected[0]))):
                in_place = low[0] < at_old < high[0]
                short = len(text) + len(self.words.old[at_old]) <= _SHORT
                score = self._score(at_old, at_new, LIKE_ENOUGH if in_place and not short else VERY_LIKE)
                if score and self.telling.shared(at_old, at_new) >= (least if in_place else LIKE_ENOUGH):
                    scored.append((-score, min(abs(at_old - place) for place in expected), at_new, at_old))
        for _, _, at_new, at_old in sorted(scored):
            if at_old not in self.went and at_new not in self.found.pairs:
                self._pair(at_old, at_new)
        self._still_free()

    def _grown(self) -> None:
        """What is alone on both sides and has most of the other, or a long passage of it."""
        rare = Rare(self.words.old, self.free_old)
        places = _Places(self.found.pairs, len(self.old), len(self.new))
        scored: list[tuple[int, int, int]] = []
        for at_new in self.free_new:
            text = self.words.new[at_new]
            low, high = places.around(at_new)
            for at_old in rare.candidates(text, low[0] + at_new - low[1]):
                common, run = contained(self.words.old[at_old], text)
                share = common / min(len(text), len(self.words.old[at_old]))
                telling = self.telling.of_smaller(at_old, at_new) / 100
                in_place = low[0] < at_old < high[0] and min(share, telling) >= _MOST and len(run) >= _RUN
                passage = share >= _MUCH and len(run) >= _PASSAGE and self.telling.heavy(run)
                if (in_place or passage) and self._may_pair(at_old, at_new):
                    scored.append((-common, at_new, at_old))
        for _, at_new, at_old in sorted(scored):
            if at_old not in self.went and at_new not in self.found.pairs:
                self._pair(at_old, at_new)
        self._still_free()

    def _splits(self, *, may_split: bool) -> None:
        free = {at for at in self.free_new if may_split or at not in self.named_new}
        for at_old, main in self._seeds(self.words.old, self.words.new, self.went, self.free_old, free):
            if at_old in self.found.joined or not _holds(at_old, main, self.went, free):
                continue
            told = family(self.words.old[at_old], self.words.new, main, free.__contains__, self.telling)
            if told is None or (at_old not in self.went and told[1] < LIKE_ENOUGH):
                continue
            parts, sure = told
            free.difference_update(parts)
            head = parts[0] if self._may_pair(at_old, parts[0]) else main
            self.found.pairs.pop(main, None)
            self.found.confidence.pop(main, None)
            self._pair(at_old, head, 100 if self._by_id(at_old, head) else sure)
            self.found.parts |= {part: Link(at_old, int(sure)) for part in parts if part != head}
        self._still_free()

    def _merges(self, *, may_merge: bool) -> None:
        free = {at for at in self.free_old if may_merge or at not in self.named_old}
        came = self.found.pairs
        for at_new, main in self._seeds(self.words.new, self.words.old, came, self.free_new, free):
            if at_new in self.found.parts or not _holds(at_new, main, came, free):
                continue
            told = family(self.words.new[at_new], self.words.old, main, free.__contains__, self.telling)
            if told is None or (at_new not in came and told[1] < LIKE_ENOUGH):
                continue
            parts, sure = told
            free.difference_update(parts)
            if at_new not in came:
                self._pair(main, at_new, sure)
            elif at_new in self.found.confidence:
                self.found.confidence[at_new] = int(sure)
            self.found.joined |= {part: Link(at_new, int(sure)) for part in parts if part != main}
        self._still_free()

    def _by_id(self, at_old: int, at_new: int) -> bool:
        return at_old in self.named_old and at_new in self.named_new

    def _seeds(
        self,
        wholes: Sequence[str],
        texts: Sequence[str],
        pairs: Mapping[int, int],
        alone: Sequence[int],
        free: set[int],
    ) -> list[tuple[int, int]]:
        """Clauses that may have parts, each with the one to look around: what it is paired with if that has a free
        neighbour, or what shares rare words with it."""
        seeds = [
            (whole, main)
            for whole, main in sorted(pairs.items())
            if (main - 1 in free or main + 1 in free) and wholes[whole] != texts[main]
        ]
        rare = Rare(texts, sorted(free))
        for whole in alone:
            candidates = rare.candidates(wholes[whole], whole)
            shares = [
                (-alike(wholes[whole], texts[at]), at) for at in candidates if largely_in(texts[at], wholes[whole])
            ]
            seeds += [(whole, at) for _, at in sorted(shares)[:2]]
        return seeds


def _holds(whole: int, main: int, pairs: Mapping[int, int], free: set[int]) -> bool:
    """Whether a seed is still one: a clause that was paired meanwhile has its place and is looked for nowhere else."""
    return pairs[whole] == main if whole in pairs else main in free


def _best_two(scores: Mapping[tuple[int, int], float], side: int) -> dict[int, tuple[float, float]]:
    """For each place of a side its best score and the second."""
    best: dict[int, tuple[float, float]] = {}
    for pair, score in scores.items():
        first, second = best.get(pair[side], (0.0, 0.0))
        best[pair[side]] = (max(first, score), max(second, min(first, score)))
    return best


class _Places:
    """The pairs that keep their order, to expect from them where other clauses are."""

    def __init__(self, pairs: Mapping[int, int], olds: int, news: int) -> None:
        fixed = sorted(in_order(pairs))
        self._new = [-1, *fixed, news]
        self._old = [-1, *(pairs[at] for at in fixed), olds]

    def around(self, at_new: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """The nearest pairs before and behind a new place, each (old, new)."""
        at = bisect_left(self._new, at_new)
        return (self._old[at - 1], self._new[at - 1]), (self._old[at], self._new[at])
