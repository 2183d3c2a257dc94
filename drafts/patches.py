"""Patches of a text: what becomes of some of its words, and which parties wrote and struck them. Pure.

Texts and patches are wide (change.py), so that places count UTF-16 units.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from drafts.change import Change, narrow, widen
from drafts.exchange.parsed import Piece, Signed
from drafts.tokens import is_word, tokens
from drafts.words import Hunk, Op, hunks

OWN = ""  # the bringer's own party


class Part(NamedTuple):
    """A run of a patch (wide text): kept, or inserted and deleted by a party (``OWN``, or an id)."""

    text: str
    ins: str | None = None
    dele: str | None = None


@dataclass(frozen=True, slots=True)
class Patch:
    """A change of the base text from ``start`` to ``end`` (UTF-16 units); the parts that are not inserted are that
    piece of it."""

    start: int
    end: int
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """What comes into the place (wide)."""
        return "".join(part.text for part in self.parts if part.dele is None)


def applied(base: str, patches: Iterable[Patch]) -> str:
    """The wide text with these patches of it."""
    out, at = [], 0
    for patch in patches:
        out += [base[at : patch.start], patch.text]
        at = patch.end
    return "".join([*out, base[at:]])


def growth(patches: Iterable[Patch]) -> int:
    """How much longer (units) the patches make a text."""
    return sum(len(patch.text) - (patch.end - patch.start) for patch in patches)


def as_one(base: str, patches: Iterable[Patch]) -> Change:
    """The patches of ``base`` as one change."""
    sections: list[tuple[int, str | None]] = []
    at = 0
    for patch in patches:
        sections += [(patch.start - at, None), (patch.end - patch.start, patch.text)]
        at = patch.end
    return Change.of([*sections, (len(base) - at, None)])


def of_hunks(told: Iterable[Hunk], party: str = OWN) -> list[Patch]:
    """The patches that hunks come to, all of one party: what lies between two kept hunks is one patch."""
    made: list[Patch] = []
    at = 0
    for kept, run in groupby(told, key=lambda hunk: hunk.op is Op.KEEP):
        wide = [(hunk.op, widen(hunk.text)) for hunk in run]
        end = at + sum(len(text) for op, text in wide if op is not Op.INSERT)
        if not kept:
            parts = (Part(text, party) if op is Op.INSERT else Part(text, None, party) for op, text in wide)
            made.append(Patch(at, end, tuple(parts)))
        at = end
    return made


def steps(base: str, patches: Sequence[Patch]) -> list[tuple[str, Change]]:
    """The patches as changes, each on the one before: what each party inserts, then what each deletes. So the redline
    shows also what one inserted and another deleted. What is all one party's is one change."""
    parts: list[Part] = []
    at = 0
    for patch in patches:
        parts += [Part(base[at : patch.start]), *patch.parts]
        at = patch.end
    parts.append(Part(base[at:]))
    writers = list(dict.fromkeys(part.ins for part in parts if part.ins is not None))
    strikers = list(dict.fromkeys(part.dele for part in parts if part.dele is not None))
    if len({*writers, *strikers}) == 1:
        whole = Change.of(_section(part) for part in parts if not (part.ins is not None and part.dele is not None))
        return [] if whole.empty else [((writers or strikers)[0], whole)]
    there = [part.ins is None for part in parts]
    made: list[tuple[str, Change]] = []
    for who in writers:
        sections = [
            (0, part.text) if part.ins == who else (len(part.text), None)
            for part, stands in zip(parts, there, strict=True)
            if stands or part.ins == who
        ]
        made.append((who, Change.of(sections)))
        there = [stands or part.ins == who for part, stands in zip(parts, there, strict=True)]
    for who in strikers:
        standing = [part for part, stands in zip(parts, there, strict=True) if stands]
        made.append((who, Change.of((len(p.text), "" if p.dele == who else None) for p in standing)))
        there = [stands and part.dele != who for part, stands in zip(parts, there, strict=True)]
    return made


def _section(part: Part) -> tuple[int, str | None]:
    if part.ins is not None:
        return 0, part.text
    return len(part.text), None if part.dele is None else ""


class Spans:
    """The words of a wide text, for asking which of them a range touches."""

    def __init__(self, text: str) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        at = 0
        for token in tokens(narrow(text)):
            end = at + len(widen(token))
            if is_word(token):
                self._starts.append(at)
                self._ends.append(end)
            at = end

    def reach(self, start: int, end: int) -> tuple[int, int]:
        """The words that a range touches, as a range of their numbers. Two ranges have no whole word between them when
        the first number of each is at most the second of the other."""
        before = bisect_right(self._ends, start)
        return before, max(before, bisect_left(self._starts, end))


@lru_cache(maxsize=256)  # a clause's proposals are all weighed on one text
def spans(text: str) -> Spans:
    """The words of a wide text."""
    return Spans(text)


def patched(base: str, pieces: Sequence[Piece], whose: Callable[[Signed], str]) -> tuple[Patch, ...]:
    """The patches of ``base`` that make what ``pieces`` spell."""
    parts = _parts(base, pieces, whose)
    patches: list[Patch] = []
    at = 0
    for kept, run in groupby(parts, key=lambda part: part.ins is None and part.dele is None):
        held = tuple(run)
        end = at + sum(len(part.text) for part in held if part.ins is None)
        if not kept:
            patches.append(Patch(at, end, held))
        at = end
    return tuple(_apart(widen(base), patches))


def _apart(base: str, patches: Sequence[Patch]) -> Iterable[Patch]:
    """Patches that touch one word are one."""
    words = spans(base)
    held: Patch | None = None
    for patch in patches:
        if held is None:
            held = patch
        elif words.reach(patch.start, patch.end)[0] < words.reach(held.start, held.end)[1]:
            between = (Part(base[held.end : patch.start]),) if patch.start > held.end else ()
            held = Patch(held.start, patch.end, (*held.parts, *between, *patch.parts))
        else:
            yield held
            held = patch
    if held is not None:
        yield held


def _parts(base: str, pieces: Sequence[Piece], whose: Callable[[Signed], str]) -> list[Part]:
    """``base`` and what is inserted into it, in order."""
    rejected = "".join(piece.text for piece in pieces if piece.ins is None)
    if rejected != base:
        return list(_compared(base, pieces, whose))
    marked = ((piece, _by(piece.ins, whose), _by(piece.dele, whose)) for piece in pieces)
    return [Part(widen(piece.text), ins, dele) for piece, ins, dele in marked if ins is None or ins != dele]


def _compared(base: str, pieces: Sequence[Piece], whose: Callable[[Signed], str]) -> Iterator[Part]:
    """The same where the file tracks other changes than those since its base: some made before that (it was written out
    with its redline), or some not tracked at all. What the base and the accepted text have in common is no change;
    whose the rest is, the pieces say."""
    wrote = [_by(piece.ins, whose) or OWN for piece in pieces if piece.dele is None for _ in piece.text]
    struck = _strikers(base, pieces, whose)
    at_old = at_new = 0
    for hunk in hunks(base, "".join(piece.text for piece in pieces if piece.dele is None)):
        size = len(hunk.text)
        if hunk.op is Op.KEEP:
            yield Part(widen(hunk.text))
        else:
            held = wrote[at_new : at_new + size] if hunk.op is Op.INSERT else struck[at_old : at_old + size]
            for who, run in groupby(zip(held, hunk.text, strict=True), key=lambda one: one[0]):
                words = widen("".join(char for _, char in run))
                yield Part(words, who) if hunk.op is Op.INSERT else Part(words, None, who)
        at_old += size * (hunk.op is not Op.INSERT)
        at_new += size * (hunk.op is not Op.DELETE)


def _strikers(base: str, pieces: Sequence[Piece], whose: Callable[[Signed], str]) -> list[str]:
    """Who deleted each character of the base, if somebody did. A word that one struck out and the word that another
    wrote in its place are kept apart by a sign that no text has."""
    marks = [_by(piece.dele, whose) or OWN for piece in pieces for _ in piece.text + "\0"]
    out: list[str] = []
    at = 0
    for hunk in hunks(base, "".join(piece.text + "\0" for piece in pieces)):
        size = len(hunk.text)
        if hunk.op is not Op.INSERT:
            out += marks[at : at + size] if hunk.op is Op.KEEP else [OWN] * size
        at += size * (hunk.op is not Op.DELETE)
    return out


def _by(signed: Signed | None, whose: Callable[[Signed], str]) -> str | None:
    return None if signed is None else whose(signed)
