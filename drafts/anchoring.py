"""Where a remark on one version of a text belongs in a later one. Pure.

What a remark is about is a ``Passage``: words of a clause, a clause, a section, the whole, or a gap behind a clause. It
goes

1. by the ids of clauses and the log of cuts and joins, as the comparison of the two versions follows them, to where its
   words stand now (``id``, ``moved``, ``split``, ``merged``);
2. else by its words and those around them (``quote``): only to words that were put there since, for what stood in the
   old text elsewhere is another occurrence, never this one. Where two places hold it neither is taken; words that are
   few, or stood there more than once, need what stood around them too, and what stood there more than once together
   with all around it is not looked for. Nor are words that half stay where they were;
3. else to nobody's guess: it is an **orphan**, for a person to place.

The floor is the same for all: of the words, and of the letters in them, three quarters stand in order in the clause
that a remark is placed on, or it is not placed there. The words of a remark on a clause as a whole are all of the
clause's, so one whose text was mostly rewritten gives up its remarks, and a clause cut in halves does too: the log
proves that it was this clause, but not that what was said of it still holds. A section is its heading's words, or else
those of all that stands under it. What is missing behind a clause is no statement about that clause's words: where the
clause is cut, it is missing behind the last part; where it is gone, it is missing somewhere (``anywhere``).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from operator import add
from typing import Final, NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from drafts.change import narrow, widen
from drafts.compare import Change, compare
from drafts.consultation import Spot
from drafts.model import Clause, ClauseKind
from drafts.tokens import stands_alone
from drafts.whereabouts import At, Whereabouts, Words, cut, follow

FLOOR: Final = 75  # percent of the words that stand where a remark is placed
_STAYED: Final = 50  # percent of the words: with so many where they were, nothing is looked for elsewhere
_AROUND: Final = 8  # words before and behind that tell one place from another
_FITS: Final = 0.5  # share of them that has to be found again where the words alone do not tell
_APART: Final = 0.6  # so much less of them may stand around another place of the clause that could be it too
_INTACT: Final = 0.9  # with so many there a place is what it was
_TELLING: Final = 5  # words that can be told from others without what stands around them
_CANDIDATES: Final = 12  # clauses that are looked through for one passage
_COMPARED: Final = 0.2  # of the work of many passages is the comparison
_SPREAD: Final = 3  # times as many words as it had, and ten, may a passage be spread over


class Passage(NamedTuple):
    """What a remark is about. ``start`` and ``end``: of a SPAN, UTF-16 units in the clause."""

    spot: Spot
    clause_id: str | None = None
    start: int | None = None
    end: int | None = None
    quote: str = ""


class Found(NamedTuple):
    """Where it is now: as ``consultation.Placing`` has it. ``start`` and ``end`` (UTF-16 units) are a SPAN's."""

    how: str
    score: int
    clause_id: str | None = None
    start: int | None = None
    end: int | None = None


ORPHAN: Final = Found("orphan", 0)
ANYWHERE: Final = Found("anywhere", 0)


class _Window(NamedTuple):
    """Words ``[first, last]`` of a new clause that may be the passage; ``score`` in percent, ``around`` from 0 to 1."""

    clause: int
    first: int
    last: int
    score: int
    around: float = 1.0


class _Range(NamedTuple):
    """Words ``[first, until)`` of an old clause; the first and the last may be there only in part."""

    clause: int
    first: int
    until: int
    start: int  # code points
    end: int


class Anchoring:
    """Finds passages of ``old`` in ``new``. ``lineage``, ``merged`` as ``compare`` has them; ``progress`` is told the
    share of the comparison that is done. Making one takes as long as the comparison, a passage a blink."""

    def __init__(
        self,
        old: Sequence[Clause],
        new: Sequence[Clause],
        lineage: Mapping[str, str] | None = None,
        merged: Mapping[str, str] | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        self._old, self._new = old, new
        self._lineage, self._merged = lineage or {}, merged or {}
        compared = compare(old, new, lineage, merged=merged, progress=progress)
        self._words = Whereabouts(old, new, compared)
        self._at_old = {clause.id: at for at, clause in enumerate(old)}
        self._went: dict[int, int] = {}  # where an old clause that is still there as such stands now
        self._moved: set[int] = set()  # new places
        for row in compared.rows:
            if row.change is not Change.MOVED_AWAY and row.old_at is not None and row.new_at is not None:
                self._went[row.old_at] = row.new_at
                if row.change in {Change.MOVED, Change.MOVED_CHANGED}:
                    self._moved.add(row.new_at)
        self._fresh_in = [
            frozenset([code for code, spot in zip(words.codes, came, strict=True) if spot is None])
            for words, came in zip(self._words.new, self._words.came, strict=True)
        ]
        self._fresh: dict[str, list[int]] = defaultdict(list)  # for each word that is new in a clause: those clauses
        for at, codes in enumerate(self._fresh_in):
            for code in codes:
                self._fresh[code].append(at)
        self._heirs = [sorted({spot.clause for spot in kept if spot}) for kept in self._words.kept]
        self._having: dict[str, list[int]] = defaultdict(list)  # for words and pairs of the old text: its clauses
        for at, words in enumerate(self._words.old):
            for pair in {*words.codes, *_pairs(words.codes)}:
                self._having[pair].append(at)

    def find(self, passage: Passage) -> Found:
        """Where a passage is now."""
        if passage.clause_id is None:
            return Found("id", 100) if passage.spot in {Spot.WHOLE, Spot.MISSING} else ORPHAN
        at_old = self._at_old.get(passage.clause_id)
        if passage.spot is Spot.MISSING:
            return ANYWHERE if at_old is None else self._missing(at_old)
        if at_old is None:
            return ORPHAN
        if passage.spot is Spot.SPAN:
            return self._span(at_old, passage)
        return self._section(at_old) if passage.spot is Spot.SECTION else self._clause(at_old)

    # ── each kind of passage ──

    def _span(self, at_old: int, passage: Passage) -> Found:
        bounds = _bounds(self._old[at_old].text, passage)
        if bounds is None:
            return ORPHAN
        asked = self._range(at_old, *bounds)
        if asked.first == asked.until:
            return self._marks(at_old, *bounds)
        window = self._placed(asked)
        if window is None:
            return ORPHAN
        words, text = self._words.new[window.clause], self._new[window.clause].text
        start, end = words.starts[window.first], words.ends[window.last]
        return self._told(at_old, window, len(widen(text[:start])), len(widen(text[:end])))

    def _marks(self, at_old: int, start: int, end: int) -> Found:
        """Brackets and other marks without a word: where they stand as they were, in a clause that was followed."""
        for stretch in self._words.stretches[at_old]:
            if stretch.old_from <= start and end <= stretch.old_from + stretch.size:
                text, shift = self._new[stretch.new].text, stretch.new_from - stretch.old_from
                how = self._how(at_old, stretch.new)
                begins, ends = len(widen(text[: start + shift])), len(widen(text[: end + shift]))
                return Found(how, 100, self._new[stretch.new].id, begins, ends)
        return ORPHAN

    def _clause(self, at_old: int) -> Found:
        asked = self._range(at_old, 0, len(self._old[at_old].text))
        if asked.first == asked.until:  # no words at all: its id is what it has
            at_new = self._went.get(at_old)
            same = at_new is not None and self._new[at_new].text == self._old[at_old].text
            return (
                Found(self._how(at_old, at_new), 100, self._new[at_new].id) if at_new is not None and same else ORPHAN
            )
        window = self._placed(asked)
        return ORPHAN if window is None else self._told(at_old, window)

    def _section(self, at_old: int) -> Found:
        found = self._clause(at_old)
        at_new = self._went.get(at_old)
        if found.clause_id is not None or at_new is None:
            return found
        under_old, under_new = _section(self._old, at_old), _section(self._new, at_new)
        every = sum(len(self._words.old[at].codes) for at in under_old)
        kept = [spot for at in under_old for spot in self._words.kept[at] if spot and spot.clause in under_new]
        score = 100 * len(kept) // every if every else 0
        return Found(self._how(at_old, at_new), score, self._new[at_new].id) if score >= FLOOR else ORPHAN

    def _missing(self, at_old: int) -> Found:
        found = self._clause(at_old)
        if found.clause_id is not None:
            return found
        words = self._words.old[at_old]
        kept = [spot for spot in self._words.kept[at_old] if spot]
        score = 100 * len(kept) // len(words.codes) if words.codes else 0
        if score < FLOOR:
            return ANYWHERE
        last = kept[-1].clause
        return Found(self._how(at_old, last), score, self._new[last].id)

    def _told(self, at_old: int, window: _Window, start: int | None = None, end: int | None = None) -> Found:
        how = self._how(at_old, window.clause)
        return Found(how, window.score, self._new[window.clause].id, start, end)

    def _how(self, at_old: int, at_new: int | None) -> str:
        """Through what a clause came to stand where it stands."""
        if at_new is None:
            return "quote"
        before, after = self._old[at_old].id, self._new[at_new].id
        if before == after:
            return "moved" if at_new in self._moved else "id"
        if follow(before, self._merged, after) or (before in self._merged and self._shares(at_old, at_new)):
            return "merged"
        if follow(after, self._lineage, before):
            return "split"
        return "quote"

    def _shares(self, at_old: int, at_new: int) -> bool:
        """Whether the comparison leads words of one clause to another."""
        return any(spot is not None and spot.clause == at_new for spot in self._words.kept[at_old])

    # ── by the comparison ──

    def _range(self, at_old: int, start: int, end: int) -> _Range:
        words = self._words.old[at_old].within(start, end)
        return _Range(at_old, words.start, max(words.start, words.stop), start, end)

    def _placed(self, asked: _Range) -> _Window | None:
        """The words of a new clause that are the passage."""
        window, stayed = self._followed(asked)
        if window is not None or stayed >= _STAYED:
            return window
        return self._sought(asked)

    def _followed(self, asked: _Range) -> tuple[_Window | None, int]:
        """Where the comparison leads, and which share of the words it leads anywhere (percent)."""
        kept = self._words.kept[asked.clause][asked.first : asked.until]
        led = Counter(spot.clause for spot in kept if spot)
        stayed = 100 * sum(led.values()) // len(kept)
        if not led:
            window = self._between(asked)
            return (window if window and self._alone(asked, window) else None), stayed
        clause = max(led, key=lambda at: (led[at], -at))
        places = [spot.word for spot in kept if spot and spot.clause == clause]
        low, high = self._widened(asked, clause, min(places), max(places))
        window = self._matched(asked, clause, low, high, self._possible(asked, clause))
        return (window if window and self._alone(asked, window) else None), stayed

    def _widened(self, asked: _Range, clause: int, first: int, last: int) -> tuple[int, int]:
        """A run of words with what is new beside it: the comparison may have told a kept word as changed."""
        came, room = self._words.came[clause], asked.until - asked.first
        low, high = first, last
        while low > 0 and first - low < room and came[low - 1] is None:
            low -= 1
        while high + 1 < len(came) and high - last < room and came[high + 1] is None:
            high += 1
        return low, high

    def _between(self, asked: _Range) -> _Window | None:
        """The words that stand where the passage stood, when the comparison keeps none of it: between its
        neighbours (or a neighbour and the end of the clause)."""
        kept = self._words.kept[asked.clause]
        before = next((spot for spot in reversed(kept[: asked.first]) if spot), None)
        behind = next((spot for spot in kept[asked.until :] if spot), None)
        beside = before or behind
        if beside is None or (before and behind and before.clause != behind.clause):
            return None
        there = self._possible(asked, beside.clause)
        low = before.word + 1 if before else 0
        high = behind.word - 1 if behind else len(there) - 1
        return self._matched(asked, beside.clause, low, high, there) if low <= high else None

    def _matched(self, asked: _Range, clause: int, low: int, high: int, there: str) -> _Window | None:
        """The passage among the words ``[low, high]`` of a new clause (``_possible``), if the floor is reached."""
        old = self._words.old[asked.clause]
        quote = old.codes[asked.first : asked.until]
        held, first, last = _matching(quote, there[low : high + 1])
        if not held:
            return None
        first, last = low + first, low + last
        if last - first + 1 > _SPREAD * len(quote) + 10:
            return None
        score = _share(old, asked, [asked.first + at for at in held])
        return _Window(clause, first, last, score, self._around(asked, clause, first, last)) if score >= FLOOR else None

    def _may_be(self, spot: At | None, asked: _Range) -> bool:
        """Whether a new word may be one of the passage: it is new, or was one."""
        return spot is None or (spot.clause == asked.clause and asked.first <= spot.word < asked.until)

    def _alone(self, asked: _Range, window: _Window) -> bool:
        """Whether no other new words can be the passage, going by what stands around: in the clauses that have words of
        the old one, and, where not all of what stood around stands there still, anywhere."""
        quote = self._words.old[asked.clause].codes[asked.first : asked.until]
        heirs = self._heirs[asked.clause]
        clauses = heirs if window.around >= _INTACT else [*heirs, *self._near(quote)]
        for clause in clauses:
            if 2 * len(self._fresh_in[clause].intersection(quote)) < len(set(quote)):
                continue
            rivals = self._within(asked, quote, clause, window if clause == window.clause else None)
            least = window.around - (_APART if clause in heirs else 0)
            if any(rival.around > least for rival in rivals):
                return False
        return True

    def _around(self, asked: _Range, clause: int, first: int, last: int) -> float:
        """The share of the words before and behind the passage that stand there again; 1 where nothing stood."""
        old, new = self._words.old[asked.clause].codes, self._words.new[clause].codes
        before, behind = old[max(0, asked.first - _AROUND) : asked.first], old[asked.until : asked.until + _AROUND]
        every = len(before) + len(behind)
        if not every:
            return 1.0
        now_before = new[max(0, first - _AROUND - 2) : first]
        now_behind = new[last + 1 : last + 3 + _AROUND]
        return (LCSseq.similarity(before, now_before) + LCSseq.similarity(behind, now_behind)) / every

    # ── by the words ──

    def _sought(self, asked: _Range) -> _Window | None:
        """The passage among the words that are new; None unless one place is it beyond doubt."""
        windows = self._windows(asked)
        if len(windows) != 1:
            return None
        codes = self._words.old[asked.clause].codes
        if self._repeated(asked, codes[max(0, asked.first - _AROUND) : asked.until + _AROUND]):
            return None
        told = self._few(asked) or self._repeated(asked, codes[asked.first : asked.until])
        return None if told and windows[0].around < _FITS else windows[0]

    def _windows(self, asked: _Range) -> list[_Window]:
        quote = self._words.old[asked.clause].codes[asked.first : asked.until]
        return [window for at in self._near(quote) for window in self._within(asked, quote, at)]

    def _near(self, quote: str) -> list[int]:
        """The clauses with the most new words of a passage, half of them at least."""
        votes = Counter(at for code in sorted(set(quote)) for at in self._fresh.get(code, ()))
        least = max(1, len(set(quote)) // 2)
        return [at for _, at in sorted((-count, at) for at, count in votes.items() if count >= least)[:_CANDIDATES]]

    def _within(self, asked: _Range, quote: str, clause: int, but: _Window | None = None) -> list[_Window]:
        """The places of one clause that hold the passage in new words, two at most; ``but``: other than this one."""
        there = self._possible(asked, clause, but)
        found: list[_Window] = []
        for _ in range(2):
            first, last = 0, len(there) - 1
            if len(there) > len(quote):
                told = fuzz.partial_ratio_alignment(quote, there, score_cutoff=_STAYED)
                if told is None:
                    break
                room = max(6, len(quote) // 2)
                first, last = max(0, told.dest_start - room), min(len(there), told.dest_end + room) - 1
            window = self._matched(asked, clause, first, last, there)
            if window is None:
                break
            found.append(window)
            there = _without(there, window)
        return found

    def _possible(self, asked: _Range, clause: int, but: _Window | None = None) -> str:
        """The words of a new clause that may be of the passage, and a character that is none for all others."""
        codes, came = self._words.new[clause].codes, self._words.came[clause]
        there = "".join([code if self._may_be(came[at], asked) else "\0" for at, code in enumerate(codes)])
        return there if but is None else _without(there, but)

    def _few(self, asked: _Range) -> bool:
        """Whether a passage has too few words to be told from others by them."""
        starts, text = self._words.old[asked.clause].starts, self._old[asked.clause].text
        return sum(0.5 if stands_alone(text[starts[at]]) else 1.0 for at in range(asked.first, asked.until)) < _TELLING

    def _repeated(self, asked: _Range, words: str) -> bool:
        """Whether the old text has words like these elsewhere too."""
        own = self._words.old[asked.clause].codes
        if _holds(words, own[: asked.first]) or _holds(words, own[asked.until :]):
            return True
        votes = Counter(at for pair in set(_pairs(words)) for at in self._having.get(pair, ()) if at != asked.clause)
        likely = sorted(votes, key=lambda at: (-votes[at], at))[:_CANDIDATES]
        return any(_holds(words, self._words.old[at].codes) for at in likely)


def _pairs(words: str) -> list[str]:
    """Two words in a row, or the only one."""
    return list(map(add, words, words[1:])) or [words]


def _matching(quote: str, there: str) -> tuple[list[int], int, int]:
    """The words of a passage that stand in other words in their order, and the first and the last of those: as close
    together as may be."""
    until = -1
    for block in LCSseq.opcodes(quote, there).as_matching_blocks():
        until = block.b + block.size - 1 if block.size else until
    back = LCSseq.opcodes(quote[::-1], there[until::-1]).as_matching_blocks() if until >= 0 else ()
    held = [len(quote) - 1 - block.a - at for block in back for at in range(block.size)]
    first = min((until - block.b - block.size + 1 for block in back if block.size), default=0)
    last = max((until - block.b for block in back if block.size), default=0)
    return held, first, last


def _without(words: str, window: _Window) -> str:
    """The words without those of a window."""
    return words[: window.first] + "\0" * (window.last + 1 - window.first) + words[window.last + 1 :]


def _holds(quote: str, text: str) -> bool:
    """Whether a text has words nearly like a passage's, in its order and together."""
    if not text or len(text) < len(quote):
        return 100 * LCSseq.similarity(quote, text) >= FLOOR * len(quote)
    return bool(fuzz.partial_ratio(quote, text, score_cutoff=FLOOR))


def _share(old: Words, asked: _Range, held: Sequence[int]) -> int:
    """Percent of the words, or of their letters, whichever is less."""
    sizes = [min(old.ends[at], asked.end) - max(old.starts[at], asked.start) for at in range(asked.first, asked.until)]
    letters = sum(sizes[at - asked.first] for at in held)
    return min(100 * len(held) // len(sizes), 100 * letters // sum(sizes))


def _bounds(text: str, passage: Passage) -> tuple[int, int] | None:
    """The code points of a span; those of its quote, if that stands once, where it is not what is said to be there."""
    if passage.start is not None and passage.end is not None and 0 <= passage.start < passage.end:
        wide = widen(text)
        if not passage.quote or narrow(wide[passage.start : passage.end]) == passage.quote:
            start = len(narrow(wide[: passage.start]))
            end = start + len(narrow(wide[passage.start : passage.end]))
            return (start, end) if end > start else None
    if passage.quote and text.count(passage.quote) == 1:
        start = text.index(passage.quote)
        return start, start + len(passage.quote)
    return None


def _section(clauses: Sequence[Clause], at: int) -> range:
    """The places of a heading and of what stands under it."""
    headings = [place for place, clause in enumerate(clauses) if clause.kind is ClauseKind.HEADING]
    for heading, following in pairwise([*headings, len(clauses)]):
        if heading == at:
            return range(at, following)
    return range(at, at + 1)


def stands(quote: str, text: str) -> int:
    """Percent of the words of a quote (or of their letters, if that is less) that stand in a text in their order."""
    codes: dict[str, str] = {}
    old, new = cut(quote, codes), cut(text, codes)
    if not old.codes:
        return 100 if quote in text else 0
    held, _, _ = _matching(old.codes, new.codes)
    return _share(old, _Range(0, 0, len(old.codes), 0, len(quote)), held)


def find_all(
    old: Sequence[Clause],
    new: Sequence[Clause],
    lineage: Mapping[str, str],
    merged: Mapping[str, str],
    passages: Sequence[Passage],
    progress: Callable[[float], None],
) -> list[Found]:
    """Where each of some passages is, in their order. For a worker: it takes seconds for tens of thousands."""
    anchoring = Anchoring(old, new, lineage, merged, lambda share: progress(_COMPARED * share))
    found = []
    for at, passage in enumerate(passages):
        if at % 256 == 0:
            progress(_COMPARED + (1 - _COMPARED) * at / len(passages))
        found.append(anchoring.find(passage))
    progress(1.0)
    return found
