"""How much alike clauses are, by their words.

Every clause becomes a string with one character a word, letter case aside, so that rapidfuzz counts words and not
letters. Candidates for a clause are the few that share words or pairs of words with it that are rare in the text.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import add

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from drafts.tokens import is_word, tokens
from drafts.words import FUNCTION_WORDS

_FIRST = 0x10000  # past the surrogates
_ALPHABET = 0x110000 - _FIRST  # beyond it two words may share a character: a likeness may be off, no text is harmed
_RARE = 8  # clauses that have a word or a pair of words in common at most, for it to tell something
_CANDIDATES = 5  # by rare words, for one clause
_REACH = 16  # neighbours on each side that are looked at as parts
_PASSED = 2  # neighbours in a row that may be none, before the next part
_VERBATIM = 8  # words in a row: so many make a part, however long it is
_WEIGHT = 6  # of the weight of a part, at least one in so many is from the whole
_JOINED = 0.5  # of the weight of a whole or of its parts is in both
_HEAVY = 3  # of them in no more than a quarter of the clauses
_MOST_WORDS = 20_000  # of a clause and its neighbours, to be searched for parts


@dataclass(frozen=True, slots=True)
class Coded:
    """The clauses of both sides as strings, a character a word; ``function`` has the characters of words that tell
    little."""

    old: list[str]
    new: list[str]
    function: frozenset[str]


class _Codes(dict[str, str]):
    """From tokens to their characters; to nothing for what is no word."""

    def __init__(self) -> None:
        super().__init__()
        self.of_words: dict[str, str] = {}

    def __missing__(self, token: str) -> str:
        code = ""
        if is_word(token):
            word = token.casefold()
            code = self.of_words.get(word) or chr(_FIRST + len(self.of_words) % _ALPHABET)
            self.of_words[word] = code
        self[token] = code
        return code


def coded(old: Iterable[str], new: Iterable[str]) -> Coded:
    """Both texts with one alphabet."""
    codes = _Codes()
    left = ["".join([codes[token] for token in tokens(text)]) for text in old]
    right = ["".join([codes[token] for token in tokens(text)]) for text in new]
    return Coded(left, right, frozenset(code for word, code in codes.of_words.items() if word in FUNCTION_WORDS))


def alike(one: str, other: str, floor: float = 0.0) -> float:
    """The words in common and in order, twice, of all the words of both, in percent; 0 below ``floor``."""
    return fuzz.ratio(one, other, score_cutoff=floor) if one and other else 0.0


class Telling:
    """How much two clauses share of the words that tell them from others: each word counts by the number of doublings
    from how many clauses have it to all of them, so that boilerplate counts nothing."""

    def __init__(self, words: Coded) -> None:
        self._old = [frozenset(text) for text in words.old]
        self._new = [frozenset(text) for text in words.new]
        self.function = words.function
        having = Counter(code for side in (self._old, self._new) for clause in side for code in clause)
        every = len(self._old) + len(self._new)
        self.weight = {code: (every // count).bit_length() - 1 for code, count in having.items()}
        self._sums = [[self.weigh(clause) for clause in side] for side in (self._old, self._new)]

    def weigh(self, words: Iterable[str]) -> int:
        """The sum of the weights."""
        return sum([self.weight[code] for code in words])

    def heavy(self, words: str) -> bool:
        """Whether a run of words is none that many clauses have."""
        return sum([self.weight[code] >= 2 for code in words]) >= _HEAVY

    def shared(self, at_old: int, at_new: int) -> float:
        """Percent of both; 0 where neither has anything that tells."""
        every = self._sums[0][at_old] + self._sums[1][at_new]
        return 200 * self.weigh(self._old[at_old] & self._new[at_new]) / every if every else 0.0

    def of_smaller(self, at_old: int, at_new: int) -> float:
        """Percent of the one that has less."""
        least = min(self._sums[0][at_old], self._sums[1][at_new])
        return 100 * self.weigh(self._old[at_old] & self._new[at_new]) / least if least else 0.0


class Rare:
    """Finds clauses by what few of them have."""

    def __init__(self, texts: Sequence[str], places: Collection[int]) -> None:
        self._having: dict[str, list[int]] = defaultdict(list)
        for place in places:
            for feature in _features(texts[place]):
                having = self._having[feature]
                if len(having) <= _RARE:
                    having.append(place)

    def candidates(self, text: str, near: int) -> list[int]:
        """The places that share the most with a text; of equals the nearer ones, then the earlier."""
        votes: dict[int, int] = {}
        having = self._having
        for feature in _features(text):
            places = having.get(feature, ())
            if len(places) <= _RARE:
                for place in places:
                    votes[place] = votes.get(place, 0) + _RARE // len(places)
        return [
            place for *_, place in sorted([(-vote, abs(at - near), at) for at, vote in votes.items()])[:_CANDIDATES]
        ]


def _features(text: str) -> set[str]:
    return {*text, *map(add, text, text[1:])}


def family(
    whole: str, texts: Sequence[str], main: int, free: Callable[[int], bool], told: Telling
) -> tuple[list[int], float] | None:
    """The neighbours of ``texts[main]`` that are parts of ``whole`` together with it, in order, and how much alike all
    of them joined are (percent); None where no neighbour clearly is one.

    A part adds words of the whole that the others do not explain: half of its own, or a long passage. Between two parts
    less is enough.
    """
    parts = [main]
    for step in (1, -1):
        parts = _reached(whole, texts, parts, main, step, free, told)
    if len(parts) < 2:
        return None
    parts = _filled(whole, texts, parts, free, told)
    joined = "".join([texts[at] for at in parts])
    ours, theirs = frozenset(whole), frozenset(joined)
    if told.weigh(ours & theirs) < _JOINED * min(told.weigh(ours), told.weigh(theirs)):
        return None
    return parts, alike(whole, joined)


def _reached(
    whole: str,
    texts: Sequence[str],
    parts: list[int],
    main: int,
    step: int,
    free: Callable[[int], bool],
    told: Telling,
) -> list[int]:
    """The parts and what follows in one direction, over a few that are none."""
    have = LCSseq.similarity(whole, "".join([texts[at] for at in parts]))
    at, passed = main + step, 0
    while passed <= _PASSED and abs(at - main) <= _REACH and free(at) and len(whole) + len(texts[at]) <= _MOST_WORDS:
        more = sorted([*parts, at])
        gained = LCSseq.similarity(whole, "".join([texts[one] for one in more])) - have
        share = _shares(whole, [texts[one] for one in more], told)[more.index(at)] if gained >= 2 else None
        if share and (share.mostly(gained) or (share.passage and gained >= _VERBATIM)):
            parts, have, passed = more, have + gained, 0
        else:
            passed += 1
        at += step
    return parts


def _filled(
    whole: str, texts: Sequence[str], parts: list[int], free: Callable[[int], bool], told: Telling
) -> list[int]:
    """The parts with those between them that share anything that tells."""
    window = [at for at in range(parts[0], parts[-1] + 1) if at in parts or free(at)]
    if window == parts:
        return parts
    shares = _shares(whole, [texts[at] for at in window], told)
    return [
        at
        for at, share in zip(window, shares, strict=True)
        if at in parts or (share.telling > 0 and 6 * share.kept >= share.words)
    ]


def largely_in(part: str, whole: str) -> bool:
    """Whether two fifths of the words of a part or more are in the whole, in order."""
    return LCSseq.similarity(part, whole, score_cutoff=max(1, 2 * len(part) // 5)) > 0


def contained(one: str, other: str) -> tuple[int, str]:
    """How many words two clauses have in common and in order, and the longest run of them."""
    blocks = LCSseq.opcodes(one, other).as_matching_blocks()
    longest = max(blocks, key=lambda block: block.size)
    return sum([block.size for block in blocks]), one[longest.a : longest.a + longest.size]


@dataclass(slots=True)
class _Share:
    """What a part has from the whole: words kept of all, how many that are no function words, the weight of what is
    kept of the weight of all, and whether a long passage is kept as it was."""

    words: int
    every: int
    kept: int = 0
    telling: int = 0
    weight: int = 0
    passage: bool = False

    def mostly(self, gained: int) -> bool:
        """Whether what is gained with it is half of it, with something that tells, or three quarters."""
        if self.telling == 0:
            return False
        half = 2 * gained >= self.words and _WEIGHT * self.weight >= self.every
        return half or 4 * gained >= 3 * self.words


def _shares(whole: str, parts: Sequence[str], told: Telling) -> list[_Share]:
    shares = [_Share(len(part), told.weigh(part)) for part in parts]
    ends = list(accumulate(len(part) for part in parts))
    place = 0
    for block in LCSseq.opcodes(whole, "".join(parts)).as_matching_blocks():
        at, until = block.b, block.b + block.size
        while at < until:
            while ends[place] <= at:
                place += 1
            step = min(until, ends[place]) - at
            start = block.a + at - block.b
            taken = whole[start : start + step]
            share = shares[place]
            share.kept += step
            share.weight += told.weigh(taken)
            share.passage |= step >= _VERBATIM and told.heavy(taken)
            share.telling += sum([code not in told.function for code in taken])
            at += step
    return shares
