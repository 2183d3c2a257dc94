"""How much alike clauses are, by their words.

Every clause becomes a string with one character a word, letter case aside, so that rapidfuzz counts words and not
letters. Candidates for a clause are the few that share words or pairs of words with it that are rare in the text.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from drafts.tokens import is_word, tokens
from drafts.words import FUNCTION_WORDS

_FIRST = 0x10000  # past the surrogates
_ALPHABET = 0x110000 - _FIRST  # beyond it two words may share a character: a likeness may be off, no text is harmed
_RARE = 8  # clauses that have a word or a pair of words in common at most, for it to tell something
_CANDIDATES = 5  # by rare words, for one clause
_REACH = 16  # neighbours on each side that are looked at as parts
_VERBATIM = 8  # words in a row: so many make a part, however long it is
_MOST_WORDS = 20_000  # of a clause and its neighbours, to be searched for parts


@dataclass(frozen=True, slots=True)
class Coded:
    """The clauses of both sides as strings, a character a word; ``function`` has the characters of words that tell
    little."""

    old: list[str]
    new: list[str]
    function: frozenset[str]


def coded(old: Iterable[str], new: Iterable[str]) -> Coded:
    """Both texts with one alphabet."""
    codes: dict[str, str] = {}

    def encode(text: str) -> str:
        out: list[str] = []
        for token in tokens(text):
            if is_word(token):
                word = token.casefold()
                code = codes.get(word)
                if code is None:
                    code = codes[word] = chr(_FIRST + len(codes) % _ALPHABET)
                out.append(code)
        return "".join(out)

    left, right = [encode(text) for text in old], [encode(text) for text in new]
    return Coded(left, right, frozenset(code for word, code in codes.items() if word in FUNCTION_WORDS))


def alike(one: str, other: str, floor: float = 0.0) -> float:
    """The words in common and in order, twice, of all the words of both, in percent; 0 below ``floor``."""
    return fuzz.ratio(one, other, score_cutoff=floor) if one and other else 0.0


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
        votes: Counter[int] = Counter()
        for feature in _features(text):
            having = self._having.get(feature, ())
            if len(having) <= _RARE:
                for place in having:
                    votes[place] += _RARE // len(having)
        return sorted(votes, key=lambda place: (-votes[place], abs(place - near), place))[:_CANDIDATES]


def _features(text: str) -> set[str]:
    return {*text, *(text[at : at + 2] for at in range(len(text) - 1))}


def family(
    whole: str,
    texts: Sequence[str],
    main: int,
    free: Callable[[int], bool],
    function: frozenset[str],
) -> tuple[list[int], float] | None:
    """The neighbours of ``texts[main]`` that are parts of ``whole`` together with it, in order, and how much alike all
    of them joined are (percent); None where no neighbour clearly is one.

    A part has half of its words from the whole, beyond what the others explain, or a long run of them; between two
    parts less is enough.
    """
    start, end = main, main + 1
    while start > 0 and main - start < _REACH and free(start - 1):
        start -= 1
    while end < len(texts) and end - main <= _REACH and free(end):
        end += 1
    window = range(start, end)
    if len(window) < 2 or len(whole) + sum(len(texts[at]) for at in window) > _MOST_WORDS:
        return None
    parts = _contributing(whole, texts, list(window), main, function)
    if parts != list(window):  # once more without what only drew words away
        parts = _contributing(whole, texts, parts, main, function)
    if len(parts) < 2:
        return None
    joined = "".join(texts[at] for at in parts)
    gained = LCSseq.similarity(whole, joined) - LCSseq.similarity(whole, texts[main])
    added = len(joined) - len(texts[main])
    together = alike(whole, joined)
    beats = 2 * gained >= added and together > alike(whole, texts[main])
    return (parts, together) if gained >= 2 and (beats or gained >= _VERBATIM) else None


def contained(one: str, other: str) -> tuple[int, int]:
    """How many words two clauses have in common and in order, and how many of them in a row at most."""
    sizes = [block.size for block in LCSseq.opcodes(one, other).as_matching_blocks()]
    return sum(sizes), max(sizes, default=0)


def _contributing(
    whole: str, texts: Sequence[str], window: Sequence[int], main: int, function: frozenset[str]
) -> list[int]:
    kept, longest, telling = _kept(whole, [texts[at] for at in window], function)
    sure = [
        at == main or (telling[i] > 0 and kept[i] > 1 and 2 * kept[i] >= len(texts[at])) or longest[i] >= _VERBATIM
        for i, at in enumerate(window)
    ]
    first, last = sure.index(True), len(sure) - 1 - sure[::-1].index(True)
    return [
        at
        for i, at in enumerate(window)
        if sure[i] or (first < i < last and telling[i] > 0 and 6 * kept[i] >= len(texts[at]))
    ]


def _kept(whole: str, parts: Sequence[str], function: frozenset[str]) -> tuple[list[int], list[int], list[int]]:
    """Of each part: how many words it has from the whole, the longest run of them, and how many that tell."""
    kept, longest, telling = [0] * len(parts), [0] * len(parts), [0] * len(parts)
    ends: list[int] = []
    for part in parts:
        ends.append(len(part) + (ends[-1] if ends else 0))
    place = 0
    for block in LCSseq.opcodes(whole, "".join(parts)).as_matching_blocks():
        at, until = block.b, block.b + block.size
        while at < until:
            while ends[place] <= at:
                place += 1
            step = min(until, ends[place]) - at
            kept[place] += step
            longest[place] = max(longest[place], step)
            taken = whole[block.a + at - block.b : block.a + at - block.b + step]
            telling[place] += sum(code not in function for code in taken)
            at += step
    return kept, longest, telling
