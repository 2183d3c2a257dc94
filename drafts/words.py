"""Words: which tokens two texts have in common.

The plan of ``hunks``, each step on tokens (tokens.py):

1. *Difference.* Each distinct word becomes one character, and rapidfuzz finds a longest common subsequence of the two
   strings: the shortest script of deletions and insertions, always the same one, without a clock. Spaces and marks
   follow the words beside them; many of them would outweigh a word.
2. *Slide.* Where a lone insertion or deletion may stand in several places, it takes the one that cuts no bracket pair,
   then the leftmost.
3. *One fate for a pair.* The two brackets of a pair are both kept or both changed, if both texts pair them: when
   ``[a] b`` becomes ``[a b]`` the old pair goes and a new one comes.
4. *Join.* Two changes with nothing between them but spaces and punctuation, or fewer than three words that are all
   function words, become one: a reader sees one replacement and not its splinters. Brackets are never swallowed.

Two texts that are too long for the search (``MAX_CELLS``), or that share too little, are "rewritten": one deletion and
one insertion.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from drafts.tokens import is_word, stands_alone, tokens, word_count

__all__ = [
    "MAX_CELLS",
    "Budget",
    "Hunk",
    "Op",
    "Piece",
    "hunks",
    "hunks_in_parts",
    "is_word",
    "pieces",
    "tokens",
    "word_count",
]

MAX_CELLS = 1 << 28  # words of one text times words of the other: a bit of memory each (32 MB), 0.1 s in all
MAX_WORK = 1 << 34  # the same summed over one comparison
_SHORT_GAP = 3  # words
_MAX_SLIDE = 256  # tokens

_EVERYDAY = """
    a an and as at be by for from in into is it its no nor not of on or over per so than that the their this to under
    upon with within al con de del e el en la las lo los o para por que se su sus un una y à au aux avec ce ces dans des
    du et le les leur ou par pas pour qui sa ses son sur une в во и или на не о об от по со с к из за для при у
    في من إلى على عن أو و ال أن
"""
FUNCTION_WORDS = frozenset(_EVERYDAY.split())


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


class Piece(NamedTuple):
    """A hunk of several texts against several: ``old`` and ``new`` say in which of them it stands. What is deleted has
    the new text before it or around it, what is inserted the old one."""

    op: Op
    text: str
    old: int
    new: int


@dataclass(slots=True)
class Budget:
    """The work one comparison may still spend on searching: steps, so that the outcome never depends on time."""

    left: int = field(default=MAX_WORK)

    def take(self, cells: int) -> bool:
        """Whether a search of that size fits; takes it if so."""
        if cells > MAX_CELLS or cells > self.left:
            return False
        self.left -= cells
        return True


class _Run(NamedTuple):
    """``length`` tokens that both texts have, from ``old`` and ``new`` on."""

    old: int
    new: int
    length: int


def hunks(old: str, new: str, budget: Budget | None = None) -> tuple[Hunk, ...]:
    """What became of ``old`` in ``new``. Without a change: one kept hunk (none when both are empty)."""
    return hunks_in_parts(old, [new], budget)[0]


def hunks_in_parts(old: str, parts: Sequence[str], budget: Budget | None = None) -> list[tuple[Hunk, ...]]:
    """What became of ``old`` in the texts it was split into, one tuple a part.

    The kept and inserted hunks of a part are that part; the kept and deleted hunks of all parts in order are ``old``.
    What is gone at a cut is told with the part before it.
    """
    told: list[list[Hunk]] = [[] for _ in parts]
    for piece in pieces([old], parts, budget):
        told[piece.new].append(Hunk(piece.op, piece.text))
    return [tuple(part) for part in told]


def pieces(olds: Sequence[str], news: Sequence[str], budget: Budget | None = None) -> list[Piece]:
    """What became of some texts that were cut and joined anew, in order.

    The kept and deleted pieces of an old text are that text; the kept and inserted ones of a new text are that one.
    """
    if list(news) == list(olds) and len(olds) == 1:
        return [Piece(Op.KEEP, olds[0], 0, 0)] if olds[0] else []
    by_old, by_new = [tokens(text) for text in olds], [tokens(text) for text in news]
    left, right = [token for part in by_old for token in part], [token for part in by_new for token in part]
    bracketed = any("[" in text for text in olds) and any("[" in text for text in news)
    runs = _common(left, right, budget or Budget(), bracketed=bracketed)
    return _told(left, right, runs, _ends(by_old), _ends(by_new))


def _ends(parts: Sequence[Sequence[str]]) -> list[int]:
    ends: list[int] = []
    for part in parts:
        ends.append(len(part) + (ends[-1] if ends else 0))
    return ends


def _common(left: list[str], right: list[str], budget: Budget, *, bracketed: bool) -> list[_Run]:
    """The runs that stay, in order, with an empty one at the end."""
    runs = _longest(left, right, budget)
    if runs:
        runs = _slid(runs, left, right)
        runs = _fated(runs, left, right) if bracketed else runs
        runs = _joined(runs, left, right)
        runs = _worth_telling(runs, left, right)
    return [*runs, _Run(len(left), len(right), 0)]


def _longest(left: list[str], right: list[str], budget: Budget) -> list[_Run]:
    """A longest common subsequence of the words, as runs, with what stands between and beside them."""
    most = min(len(left), len(right))
    start = 0
    while start < most and left[start] == right[start]:
        start += 1
    end = 0
    while end < most - start and left[-1 - end] == right[-1 - end]:
        end += 1
    old, new = len(left) - end, len(right) - end
    runs = [_Run(0, 0, start)] if start else []
    if start < old and start < new:
        at_old = [at for at in range(start, old) if is_word(left[at])]
        at_new = [at for at in range(start, new) if is_word(right[at])]
        runs += _same(left, right, at_old, at_new, budget)
    if end:
        runs.append(_Run(old, new, end))
    return _together(_with_marks(runs, left, right))


def _same(left: list[str], right: list[str], at_old: list[int], at_new: list[int], budget: Budget) -> list[_Run]:
    """A longest common subsequence of the tokens at these places."""
    if not at_old or not at_new or not budget.take(len(at_old) * len(at_new)):
        return []
    a, b = _as_characters([left[at] for at in at_old], [right[at] for at in at_new])
    runs: list[_Run] = []
    for block in LCSseq.opcodes(a, b).as_matching_blocks():
        if not block.size:
            continue
        old, new = at_old[block.a], at_new[block.b]
        end = at_old[block.a + block.size - 1] + 1
        if left[old:end] == right[new : at_new[block.b + block.size - 1] + 1]:
            runs.append(_Run(old, new, end - old))
        else:
            runs += [_Run(at_old[block.a + step], at_new[block.b + step], 1) for step in range(block.size)]
    return runs


def _with_marks(runs: list[_Run], left: list[str], right: list[str]) -> list[_Run]:
    """With the equal tokens beside each run, and with the brackets between runs that both texts have."""
    out: list[_Run] = []
    old = new = 0  # up to where the tokens are told
    for run in [*runs, _Run(len(left), len(right), 0)]:
        start_old, start_new = old, new
        while old < run.old and new < run.new and left[old] == right[new]:
            old, new = old + 1, new + 1
        back = 0
        while run.old - back > old and run.new - back > new and left[run.old - back - 1] == right[run.new - back - 1]:
            back += 1
        if old > start_old:
            out.append(_Run(start_old, start_new, old - start_old))
        marks_old = [at for at in range(old, run.old - back) if left[at][0] in "[]"]
        marks_new = [at for at in range(new, run.new - back) if right[at][0] in "[]"]
        if marks_old and marks_new:
            out += _same(left, right, marks_old, marks_new, Budget())
        out.append(_Run(run.old - back, run.new - back, run.length + back))
        old, new = run.old + run.length, run.new + run.length
    return [run for run in out if run.length]


def _together(runs: list[_Run]) -> list[_Run]:
    """Without seams between runs that touch on both sides."""
    out: list[_Run] = []
    for run in runs:
        if out and (run.old, run.new) == (out[-1].old + out[-1].length, out[-1].new + out[-1].length):
            out[-1] = out[-1]._replace(length=out[-1].length + run.length)
        else:
            out.append(run)
    return out


def _as_characters(left: list[str], right: list[str]) -> tuple[str, str]:
    """A character for each distinct token that both have; two others for what only one has, so that the alphabet is
    never larger than the shorter text."""
    both = set(left) & set(right)
    codes: dict[str, str] = {}
    for token in left:
        if token in both and token not in codes:
            number = len(codes) + 2
            codes[token] = chr(number if number < 0xD800 else number + 0x800)  # past the surrogates
    return "".join([codes.get(token, "\0") for token in left]), "".join([codes.get(token, "\1") for token in right])


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
    of_old, of_new = _partners(left), _partners(right)
    if not of_old or not of_new:
        return runs
    stays = {run.old + step: run.new + step for run in runs for step in range(run.length)}
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
    if not any(before) or not any(after):
        return False
    words = list(islice(filter(is_word, gap), _SHORT_GAP))
    if len(words) == _SHORT_GAP or any(token[0] in "[]" for token in gap):
        return False
    if not words:
        return before[0] + after[0] > 0 and before[1] + after[1] > 0
    if not (all(before) and all(after)):
        return False
    if stands_alone(words[0]):
        return len(gap) == 1
    return all(word.casefold() in FUNCTION_WORDS for word in words)


def _worth_telling(runs: list[_Run], left: list[str], right: list[str]) -> list[_Run]:
    """No runs at all when the two texts share so little that their common words are chance."""
    kept = sum(sum(map(is_word, left[run.old : run.old + run.length])) for run in runs)
    old_words, new_words = sum(map(is_word, left)), sum(map(is_word, right))
    chance = 10 * kept < old_words + new_words and 2 * kept < min(old_words, new_words)
    return [] if chance else runs


def _told(left: list[str], right: list[str], runs: list[_Run], of_old: list[int], of_new: list[int]) -> list[Piece]:
    """The runs and what lies between them, cut where two old or two new texts meet. ``of_old`` and ``of_new`` say
    where each text ends."""
    told: list[Piece] = []
    old = new = at_old = at_new = 0

    def walk(op: Op, length: int) -> None:
        nonlocal old, new, at_old, at_new
        while length:
            step = length
            if op is not Op.INSERT:
                while of_old[old] <= at_old:
                    old += 1
                step = min(step, of_old[old] - at_old)
            if op is not Op.DELETE:
                while of_new[new] <= at_new:
                    new += 1
                step = min(step, of_new[new] - at_new)
            words = right[at_new : at_new + step] if op is Op.INSERT else left[at_old : at_old + step]
            told.append(Piece(op, "".join(words), old, new))
            at_old += step * (op is not Op.INSERT)
            at_new += step * (op is not Op.DELETE)
            length -= step

    for run in runs:
        walk(Op.DELETE, run.old - at_old)
        walk(Op.INSERT, run.new - at_new)
        walk(Op.KEEP, run.length)
    return told
