"""Words: how a text is cut into tokens, and which tokens two texts have in common.

A token is a word, a run of spaces, one mark of punctuation, or, in scripts that put no space between words (Chinese,
Japanese, Thai, Lao, Khmer, Burmese), one character with what combines with it. Tokens joined are the text; no token
cuts a letter from its accents or an emoji from its parts.

The plan of ``hunks``, each step on tokens:

1. *Difference.* Each distinct token becomes one character, and diff-match-patch finds the shortest script between the
   two strings, without its clock (``Diff_Timeout = 0``: the same answer under any load) and without its semantic
   clean-up.
2. *Slide.* Where a lone insertion or deletion may stand in several places, it takes the one that cuts no bracket pair,
   then the leftmost.
3. *One fate for a pair.* The two brackets of a pair are both kept or both changed, if both texts pair them: when
   ``[a] b`` becomes ``[a b]`` the old pair goes and a new one comes.
4. *Join.* Two changes with nothing between them but spaces and punctuation, or fewer than three words that are all
   function words, become one: a reader sees one replacement and not its splinters. Brackets are never swallowed.

A text that is too different for the search (``MAX_DISTANCE``), or that shares too little, is "rewritten": one deletion
and one insertion.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from diff_match_patch import diff_match_patch
from rapidfuzz.distance import Indel

MAX_DISTANCE = (
    1200  # tokens deleted plus inserted in one text; the search takes time in its square (0.4 s at the limit)
)
MAX_WORK = 20 * MAX_DISTANCE**2  # the sum of squares in one comparison
_SHORT_GAP = 3  # words
_MAX_SLIDE = 256  # tokens

_UNSPACED = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3040, 0x30FF), (0x31F0, 0x31FF),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF),
)  # fmt: skip
_INNER = frozenset("'’ʼ-‐‑·")  # between two letters these belong to the word
_INNER_FIGURES = frozenset(".,")  # between two figures these do
_EVERYDAY = """
    a an and as at be by for from in into is it its no nor not of on or over per so than that the their this to under
    upon with within al con de del e el en la las lo los o para por que se su sus un una y à au aux avec ce ces dans des
    du et le les leur ou par pas pour qui sa ses son sur une в во и или на не о об от по с со к из за для при у
    في من إلى على عن أو و ال أن
"""
_FUNCTION_WORDS = frozenset(_EVERYDAY.split())


class Op(StrEnum):
    """What became of a run of text."""

    KEEP = "keep"
    DELETE = "del"
    INSERT = "ins"


@dataclass(frozen=True, slots=True)
class Hunk:
    """A run of whole tokens. The kept and deleted ones joined are the old text, the kept and inserted ones the new."""

    op: Op
    text: str


@dataclass(slots=True)
class Budget:
    """The work one comparison may still spend on searching: steps, so that the outcome never depends on time."""

    left: int = field(default=MAX_WORK)

    def take(self, distance: int) -> bool:
        """Whether a search over ``distance`` fits; takes it if so."""
        if distance > MAX_DISTANCE or distance**2 > self.left:
            return False
        self.left -= distance**2
        return True


class _Run(NamedTuple):
    """``length`` tokens that both texts have, from ``old`` and ``new`` on."""

    old: int
    new: int
    length: int


class _Kind(StrEnum):
    WORD = "word"
    ALONE = "alone"  # a character of an unspaced script
    SPACE = "space"
    EXTEND = "extend"  # belongs to what stands before
    FLAG = "flag"  # regional indicators, two to a flag
    OTHER = "other"


# ── tokens ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def tokens(text: str) -> list[str]:
    """The tokens of a text, in order; joined they are the text."""
    starts = _starts(text)
    return [text[start:end] for start, end in pairwise([*starts, len(text)])]


def is_word(token: str) -> bool:
    """Whether a token counts as a word (a character of an unspaced script does)."""
    return _kind(token[0]) in {_Kind.WORD, _Kind.ALONE}


def word_count(text: str) -> int:
    """How many words a text has."""
    return sum(map(is_word, tokens(text)))


def _starts(text: str) -> list[int]:
    starts: list[int] = []
    last: _Kind | None = None
    for at, char in enumerate(text):
        kind = _kind(char)
        if not starts:
            starts.append(at)
        elif kind is _Kind.EXTEND or text[at - 1] == "\u200d" or _inside_word(text, at, last):
            continue
        elif kind is _Kind.FLAG and last is _Kind.FLAG:
            last = None  # the second half of a flag: the next one starts anew
            continue
        elif not (kind is last and kind in {_Kind.WORD, _Kind.SPACE}):
            starts.append(at)
        last = kind
    return starts


def _inside_word(text: str, at: int, last: _Kind | None) -> bool:
    if last is not _Kind.WORD or at + 1 >= len(text):
        return False
    if text[at] in _INNER:
        return _kind(text[at + 1]) is _Kind.WORD
    return text[at] in _INNER_FIGURES and text[at - 1].isdecimal() and text[at + 1].isdecimal()


@lru_cache(maxsize=4096)
def _kind(char: str) -> _Kind:
    point = ord(char)
    category = unicodedata.category(char)
    if category[0] == "M" or point in {0x200C, 0x200D} or 0x1F3FB <= point <= 0x1F3FF or 0xE0020 <= point <= 0xE007F:
        return _Kind.EXTEND
    if any(first <= point <= final for first, final in _UNSPACED):
        return _Kind.ALONE
    if category[0] in "LN" or category == "Pc":
        return _Kind.WORD
    if 0x1F1E6 <= point <= 0x1F1FF:
        return _Kind.FLAG
    return _Kind.SPACE if char.isspace() else _Kind.OTHER


# ── hunks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def hunks(old: str, new: str, budget: Budget | None = None) -> tuple[Hunk, ...]:
    """What became of ``old`` in ``new``. Without a change: one kept hunk (none when both are empty)."""
    return hunks_in_parts(old, [new], budget)[0]


def hunks_in_parts(old: str, parts: Sequence[str], budget: Budget | None = None) -> list[tuple[Hunk, ...]]:
    """What became of ``old`` in the texts it was split into, one tuple a part.

    The kept and inserted hunks of a part are that part; the kept and deleted hunks of all parts in order are ``old``.
    What is gone at a cut is told with the part before it.
    """
    if list(parts) == [old]:
        return [(Hunk(Op.KEEP, old),) if old else ()]
    left = tokens(old)
    by_part = [tokens(part) for part in parts]
    right = [token for part in by_part for token in part]
    runs = _common(left, right, budget or Budget())
    cuts = [0]
    for part in by_part:
        cuts.append(cuts[-1] + len(part))
    return _told(left, right, runs, cuts)


def _common(left: list[str], right: list[str], budget: Budget) -> list[_Run]:
    """The runs that stay, in order, with an empty one at the end."""
    a, b = _as_characters(left, right)
    distance = Indel.distance(a, b, score_cutoff=MAX_DISTANCE)
    runs: list[_Run] = []
    if budget.take(distance):
        runs = _shortest(a, b)
        runs = _slid(runs, left, right)
        runs = _fated(runs, left, right)
        runs = _joined(runs, left, right)
        runs = _worth_telling(runs, left, right)
    return [*runs, _Run(len(left), len(right), 0)]


def _as_characters(left: list[str], right: list[str]) -> tuple[str, str]:
    codes: dict[str, str] = {}
    for token in (*left, *right):
        if token not in codes:
            number = len(codes) + 1
            codes[token] = chr(number if number < 0xD800 else number + 0x800)  # past the surrogates
    return "".join(codes[token] for token in left), "".join(codes[token] for token in right)


def _shortest(a: str, b: str) -> list[_Run]:
    engine = diff_match_patch()
    engine.Diff_Timeout = 0
    runs: list[_Run] = []
    at_old = at_new = 0
    for op, piece in engine.diff_main(a, b, checklines=False):
        if op == engine.DIFF_EQUAL:
            runs.append(_Run(at_old, at_new, len(piece)))
        at_old += len(piece) * (op != engine.DIFF_INSERT)
        at_new += len(piece) * (op != engine.DIFF_DELETE)
    return runs


def _slid(runs: list[_Run], left: list[str], right: list[str]) -> list[_Run]:
    """Each lone insertion or deletion in its best place."""
    end = _Run(len(left), len(right), 0)
    placed = [_Run(0, 0, 0), *runs, end]
    for at in range(len(placed) - 1):
        before, after = placed[at], placed[at + 1]
        old_gap = after.old - before.old - before.length
        new_gap = after.new - before.new - before.length
        if (old_gap == 0) == (new_gap == 0):
            continue
        side, start, gap = (left, after.old - old_gap, old_gap) if old_gap else (right, after.new - new_gap, new_gap)
        shift = _best_shift(side, start, gap, before.length, after.length)
        placed[at] = _Run(before.old, before.new, before.length + shift)
        placed[at + 1] = _Run(after.old + shift, after.new + shift, after.length - shift)
    return [run for run in placed if run.length]


def _best_shift(side: list[str], start: int, gap: int, room_left: int, room_right: int) -> int:
    shifts = [0]
    while (
        -shifts[-1] < min(room_left, _MAX_SLIDE) and side[start + shifts[-1] - 1] == side[start + shifts[-1] + gap - 1]
    ):
        shifts.append(shifts[-1] - 1)
    shift = 0
    while shift < min(room_right, _MAX_SLIDE) and side[start + shift] == side[start + shift + gap]:
        shift += 1
        shifts.append(shift)
    return min(shifts, key=lambda moved: (_loose_brackets(side[start + moved : start + moved + gap]), moved))


def _loose_brackets(piece: list[str]) -> int:
    """How many brackets of a piece have no partner in it."""
    waiting = loose = 0
    for token in piece:
        if token[0] == "[":
            waiting += 1
        elif token[0] == "]" and waiting:
            waiting -= 1
        elif token[0] == "]":
            loose += 1
    return loose + waiting


def _partners(side: list[str]) -> dict[int, int]:
    partner: dict[int, int] = {}
    waiting: list[int] = []
    for at, token in enumerate(side):
        if token[0] == "[":
            waiting.append(at)
        elif token[0] == "]" and waiting:
            start = waiting.pop()
            partner |= {start: at, at: start}
    return partner


def _fated(runs: list[_Run], left: list[str], right: list[str]) -> list[_Run]:
    """Without the brackets whose partner does not stay with them."""
    stays = {run.old + step: run.new + step for run in runs for step in range(run.length)}
    of_old, of_new = _partners(left), _partners(right)
    doubtful = [at for at in of_old if at in stays]
    while doubtful:
        at = doubtful.pop()
        if at not in stays or stays[at] not in of_new:
            continue
        if stays.get(of_old[at]) != of_new[stays[at]]:
            partner_in_new = of_new[stays.pop(at)]
            doubtful += [of_old[at]]
            doubtful += [old for old in of_old if stays.get(old) == partner_in_new]
    return _as_runs(stays)


def _as_runs(stays: dict[int, int]) -> list[_Run]:
    runs: list[_Run] = []
    for old in sorted(stays):
        if runs and (old, stays[old]) == (runs[-1].old + runs[-1].length, runs[-1].new + runs[-1].length):
            runs[-1] = runs[-1]._replace(length=runs[-1].length + 1)
        else:
            runs.append(_Run(old, stays[old], 1))
    return runs


def _joined(runs: list[_Run], left: list[str], right: list[str]) -> list[_Run]:
    """Without the short runs that would splinter one change into two."""
    kept: list[_Run] = []
    for at, run in enumerate(runs):
        following = runs[at + 1] if at + 1 < len(runs) else _Run(len(left), len(right), 0)
        before = kept[-1] if kept else _Run(0, 0, 0)
        gone_before = run.old - before.old - before.length, run.new - before.new - before.length
        gone_after = following.old - run.old - run.length, following.new - run.new - run.length
        if not _swallowed(left[run.old : run.old + run.length], gone_before, gone_after):
            kept.append(run)
    return kept


def _swallowed(gap: list[str], before: tuple[int, int], after: tuple[int, int]) -> bool:
    """Whether the kept tokens between two changes, (deleted, inserted) each, go into one change with them."""
    if not any(before) or not any(after) or any(token[0] in "[]" for token in gap):
        return False
    words = [token for token in gap if is_word(token)]
    if not words:
        return before[0] + after[0] > 0 and before[1] + after[1] > 0
    if not (all(before) and all(after)) or len(words) >= _SHORT_GAP:
        return False
    if _kind(words[0][0]) is _Kind.ALONE:
        return len(gap) == 1
    return all(word.casefold() in _FUNCTION_WORDS for word in words)


def _worth_telling(runs: list[_Run], left: list[str], right: list[str]) -> list[_Run]:
    """No runs at all when the two texts share so little that their common words are chance."""
    kept = sum(is_word(token) for run in runs for token in left[run.old : run.old + run.length])
    old_words, new_words = sum(map(is_word, left)), sum(map(is_word, right))
    chance = 10 * kept < old_words + new_words and 2 * kept < min(old_words, new_words)
    return [] if chance else runs


def _told(left: list[str], right: list[str], runs: list[_Run], cuts: list[int]) -> list[tuple[Hunk, ...]]:
    """The runs and what lies between them as hunks, cut where the parts of the new text meet."""
    parts: list[list[Hunk]] = [[] for _ in cuts[1:]]
    part = at_old = at_new = 0

    def tell(op: Op, piece: list[str]) -> None:
        if piece:
            parts[part].append(Hunk(op, "".join(piece)))

    def walk(op: Op, until: int) -> None:
        """Up to ``until`` in the new text, over cuts."""
        nonlocal part, at_new
        while at_new < until:
            while cuts[part + 1] <= at_new:
                part += 1
            stop = min(until, cuts[part + 1])
            tell(op, right[at_new:stop])
            at_new = stop

    for run in runs:
        tell(Op.DELETE, left[at_old : run.old])
        walk(Op.INSERT, run.new)
        walk(Op.KEEP, run.new + run.length)
        at_old = run.old + run.length
    return [tuple(part) for part in parts]
