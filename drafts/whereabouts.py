"""Where the words of one text stand in a later one, word by word, as a comparison of the two has it. Pure.

Every clause becomes its words (``tokens.py``; a character of a script without spaces is one) and a string with one
character a word, letter case aside. A word of the old text that the comparison keeps knows its place in the new text,
and a word of the new text where it came from; one that came from nowhere is new, or was taken elsewhere and put here.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from drafts.compare import Change, Comparison, Op, Row, families
from drafts.model import Clause
from drafts.tokens import is_word, tokens

_FIRST = 0x10000  # past the surrogates
_ALPHABET = 0x110000 - _FIRST
_OVERLAP = 2  # words that two neighbours may both be found in
_ALIKE = 60.0  # percent of the words of two clauses; then one can be taken for the other


class At(NamedTuple):
    """A word: the place of its clause in the text, and its own place among the words there."""

    clause: int
    word: int


class Stretch(NamedTuple):
    """The same letters in an old clause and in a new one: places of the clauses, first code points, how many."""

    old: int
    old_from: int
    new: int
    new_from: int
    size: int


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one clause: the code points at which each begins and ends, and a character for each."""

    starts: list[int]
    ends: list[int]
    codes: str

    def within(self, start: int, end: int) -> range:
        """The words of which a letter stands in ``[start, end)``."""
        return range(bisect_right(self.ends, start), bisect_left(self.starts, end))


class Whereabouts:
    """Both texts as words. ``kept[i][m]`` is where word ``m`` of old clause ``i`` stands now, ``came[j][k]`` where word
    ``k`` of new clause ``j`` stood; None where the comparison does not know."""

    def __init__(self, old: Sequence[Clause], new: Sequence[Clause], compared: Comparison) -> None:
        codes: dict[str, str] = {}
        self.old = [cut(clause.text, codes) for clause in old]
        self.new = [cut(clause.text, codes) for clause in new]
        self.kept: list[list[At | None]] = [[None] * len(words.starts) for words in self.old]
        self.came: list[list[At | None]] = [[None] * len(words.starts) for words in self.new]
        self.stretches: list[list[Stretch]] = [[] for _ in old]
        for rows in _together(compared):
            for stretch in _stretches(rows):
                self._keep(stretch)
            self._untangle(rows)

    def _keep(self, stretch: Stretch) -> None:
        self.stretches[stretch.old].append(stretch)
        old, new = self.old[stretch.old], self.new[stretch.new]
        shift = stretch.new_from - stretch.old_from
        until = stretch.old_from + stretch.size
        for at in range(bisect_left(old.starts, stretch.old_from), bisect_left(old.starts, until)):
            there = bisect_left(new.starts, old.starts[at] + shift)
            if there < len(new.starts) and new.starts[there] == old.starts[at] + shift:
                self.kept[stretch.old][at] = At(stretch.new, there)
                self.came[stretch.new][there] = At(stretch.old, at)

    def _untangle(self, rows: Sequence[Row]) -> None:
        """Clauses that were joined in another order than they had: a comparison reads the old ones in their order, and
        of clauses that are much alike it would take each for the other. Where such ones were cut as well, nobody knows
        what is whose."""
        olds = sorted({row.old_at for row in rows if row.old_at is not None})
        news = sorted({row.new_at for row in rows if row.new_at is not None})
        if len(olds) < 2:
            return
        alike = any(fuzz.ratio(self.old[a].codes, self.old[b].codes) >= _ALIKE for a, b in combinations(olds, 2))
        if len(news) == 1:
            self._in_own_order(news[0], olds, alike=alike)
        elif alike:
            for at_old, at_new in product(olds, news):
                self._forget(at_old, at_new)

    def _in_own_order(self, at_new: int, sources: Sequence[int], *, alike: bool) -> None:
        there = self.new[at_new].codes
        places = [_place(self.old[at].codes, there) for at in sources]
        if None in places:
            return
        found = sorted((place, at) for place, at in zip(places, sources, strict=True) if place is not None)
        apart = all(one[1] <= following[0] + _OVERLAP for (one, _), (following, _) in pairwise(found))
        if apart and [at for _, at in found] == list(sources):
            return
        if not apart and not alike:
            return
        for at in sources:
            self._forget(at, at_new)
        for (first, until), at in found if apart else ():
            for block in LCSseq.opcodes(self.old[at].codes, there[first:until]).as_matching_blocks():
                for step in range(block.size):
                    self.kept[at][block.a + step] = At(at_new, first + block.b + step)
                    self.came[at_new][first + block.b + step] = At(at, block.a + step)

    def _forget(self, at_old: int, at_new: int) -> None:
        """What was thought to be known of an old clause's words in a new one."""
        self.stretches[at_old] = [one for one in self.stretches[at_old] if one.new != at_new]
        for word, spot in enumerate(self.kept[at_old]):
            if spot is not None and spot.clause == at_new:
                self.came[at_new][spot.word] = self.kept[at_old][word] = None


def _place(words: str, there: str) -> tuple[int, int] | None:
    """Where in other words these ones are best found; None where they are longer."""
    if not words or len(words) > len(there):
        return None
    told = fuzz.partial_ratio_alignment(words, there)
    return None if told is None else (told.dest_start, told.dest_end)


def cut(text: str, codes: dict[str, str]) -> Words:
    """The words of a text; ``codes`` holds the characters that words have, and gets those of new ones."""
    starts, ends, coded = [], [], []
    at = 0
    for token in tokens(text):
        if is_word(token):
            word = token.casefold()
            starts.append(at)
            ends.append(at + len(token))
            coded.append(codes.setdefault(word, chr(_FIRST + len(codes) % _ALPHABET)))
        at += len(token)
    return Words(starts, ends, "".join(coded))


def _together(compared: Comparison) -> Iterator[Sequence[Row]]:
    """Rows whose hunks joined are texts: families, and all others by themselves."""
    members: set[int] = set()
    for family in families(compared.rows):
        members.update(id(row) for row in family)
        yield family
    for row in compared.rows:
        if id(row) not in members and row.change is not Change.MOVED_AWAY and row.old and row.new:
            yield [row]


def _stretches(rows: Sequence[Row]) -> Iterator[Stretch]:
    """What is kept, cut where a clause ends on either side."""
    olds = _Reader([(row.old_at, row.old) for row in rows])
    news = _Reader([(row.new_at, row.new) for row in rows])
    for hunk in (hunk for row in rows for hunk in row.hunks):
        left = len(hunk.text)
        while left:
            size = left
            if hunk.op is not Op.INSERT:
                size = min(size, olds.room())
            if hunk.op is not Op.DELETE:
                size = min(size, news.room())
            if hunk.op is Op.KEEP:
                yield Stretch(olds.clause, olds.at, news.clause, news.at, size)
            olds.at += size if hunk.op is not Op.INSERT else 0
            news.at += size if hunk.op is not Op.DELETE else 0
            left -= size


class _Reader:
    """Goes through the clauses of one side."""

    def __init__(self, clauses: Sequence[tuple[int | None, Clause | None]]) -> None:
        self._rest = iter([(at, len(clause.text)) for at, clause in clauses if clause is not None and at is not None])
        self.clause, self._size, self.at = -1, 0, 0

    def room(self) -> int:
        """How many letters are left in the clause; in the next one that has any, when none are."""
        while self.at >= self._size:
            self.clause, self._size = next(self._rest)
            self.at = 0
        return self._size - self.at


def follow(name: str, links: Mapping[str, str], goal: str) -> bool:
    """Whether links lead from one id to another."""
    seen: set[str] = set()
    while name in links and name not in seen:
        seen.add(name)
        name = links[name]
        if name == goal:
            return True
    return False
