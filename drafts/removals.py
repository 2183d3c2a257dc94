"""No silent deletion: every word that one point of a draft had and a later one has not, with the acts that removed it.

Told by the words themselves and not by a comparison of the two texts: a word is *kept* when all its letters are read at
the later point, together and as a word. What was written and removed between the two points was in neither and is not
told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from drafts.change import widen
from drafts.model import Clause
from drafts.moments import Absence, Moment, Moments
from drafts.numbering import full
from drafts.tokens import tokens

__all__ = ["Removal", "What", "removals"]


class What(StrEnum):
    """What was removed."""

    WORDS = "words"
    CLAUSE = "clause"  # deleted as a whole
    JOINED = "joined"  # the clause went into another one; its words are there, but for those that are told besides


@dataclass(frozen=True, slots=True)
class Removal:
    """Words of one passage, or a clause. ``label`` is where it stood (the full label, '' for a heading), ``offset``
    the passage's first character in the old text of the clause. ``moments`` are the acts that did it, in their order;
    ``into`` is the clause that a joined one went into."""

    what: What
    clause_id: str
    label: str
    offset: int
    text: str
    moments: tuple[Moment, ...]
    reason: str = ""
    into: str = ""


class _Token(NamedTuple):
    """A word or a mark of the old text; ``causes`` are acts, none for one that is kept. ``whole``: it went with its
    clause."""

    text: str
    offset: int
    causes: frozenset[int]
    whole: bool


def removals(moments: Moments, clauses: Sequence[Clause], old: int, new: int) -> list[Removal]:
    """Every removal between the point ``old``, whose clauses are given, and the later point ``new``."""
    later = _Later(moments, new)
    found: list[Removal] = []
    for clause, label in zip(clauses, full(clauses), strict=True):
        absence = moments.absence(clause.id, new)
        if absence is not None:
            found += _gone(moments, clause, label, absence, old)
        told = _tokens(moments, later, clause, old, new)
        if absence is not None and found and found[-1].what is What.CLAUSE:
            found[-1] = _with_words(found[-1], told)
            told = [token._replace(causes=frozenset()) if token.whole else token for token in told]
        found += _passages(moments, clause, label, told)
    return found


def _gone(moments: Moments, clause: Clause, label: str, absence: Absence, old: int) -> Iterator[Removal]:
    if absence.start > old:
        what = What.JOINED if absence.into else What.CLAUSE
        moment = moments.moment(absence.start)
        yield Removal(what, clause.id, label, 0, "", (moment,), absence.reason, absence.into)


def _with_words(removal: Removal, told: Sequence[_Token]) -> Removal:
    """With what went with the clause; a space stands where something went before, be it the space itself."""
    runs = (
        "".join(token.text for token in run).strip() for whole, run in groupby(told, lambda one: one.whole) if whole
    )
    text = " ".join(run for run in runs if run)
    return Removal(removal.what, removal.clause_id, removal.label, 0, text, removal.moments, removal.reason)


def _passages(moments: Moments, clause: Clause, label: str, told: Sequence[_Token]) -> Iterator[Removal]:
    """Neighbouring removed words of the same people are one passage."""

    def people(token: _Token) -> frozenset[tuple[str, str]]:
        return frozenset((m.person_id, m.party_id) for m in map(moments.moment, token.causes))

    for who, group in groupby(told, people):
        passage = list(group)
        text = "".join(token.text for token in passage)
        if who and text.strip():
            acts = tuple(moments.moment(seq) for seq in sorted(set().union(*(token.causes for token in passage))))
            reason = next((reason for one in acts if (reason := moments.reason(one.seq))), "")
            offset = passage[0].offset + len(text) - len(text.lstrip())
            yield Removal(What.WORDS, clause.id, label, offset, text.strip(), acts, reason)


def _tokens(moments: Moments, later: "_Later", clause: Clause, old: int, new: int) -> list[_Token]:
    """The tokens of the clause's old text; those that are kept have no causes."""
    units = [(piece, at) for piece in moments.standing(clause.id, old) for at in range(len(moments.pieces[piece].text))]
    absence = moments.absence(clause.id, new)
    start = absence.start if absence is not None and not absence.into else -1
    found: list[_Token] = []
    at = offset = 0
    for token in tokens(clause.text):
        size = len(widen(token))
        causes = later.causes(units, at, at + size, old)
        found.append(_Token(token, offset, causes, whole=causes == {start}))
        at, offset = at + size, offset + len(token)
    return found


class _Later:
    """The later text: where every piece stands in it, and where its words begin and end."""

    def __init__(self, moments: Moments, new: int) -> None:
        self._moments = moments
        self._new = new
        self._clauses: dict[str, tuple[dict[int, int], dict[int, int], list[int]]] = {}

    def causes(self, units: Sequence[tuple[int, int]], start: int, end: int, old: int) -> frozenset[int]:
        """The acts because of which the units [start, end) of an old text are no token of the later one; none when
        they are."""
        own = [units[at] for at in range(start, end)]
        pieces = {piece for piece, _ in own}
        gone = frozenset(self._moments.cause(piece, old, self._new) for piece in pieces) - {0}
        if gone or self._kept(own):
            return gone
        return self._torn(own, units[max(0, start - 1) : end + 1], old)

    def _kept(self, own: Sequence[tuple[int, int]]) -> bool:
        places = [self._place(piece, at) for piece, at in own]
        clause, first = places[0]
        if places != [(clause, first + step) for step in range(len(own))]:
            return False
        return self._clause(clause)[1].get(first) == first + len(own)

    def _torn(self, own: Sequence[tuple[int, int]], wider: Sequence[tuple[int, int]], old: int) -> frozenset[int]:
        """Every letter is still read, but not as this word: acts that wrote into it or beside it, that took its
        neighbour, or that cut or joined the clause."""
        found: set[int] = set()
        for clause, place in {self._place(piece, at) for piece, at in own}:
            _, ends, authors = self._clause(clause)
            start = max(begin for begin in ends if begin <= place)
            found.update(seq for seq in authors[max(0, start - 1) : ends[start] + 1] if seq > old)
        found.update(self._moments.cause(piece, old, self._new) for piece, _ in wider)
        found.discard(0)
        if not found:
            homes = {self._moments.home(piece, at) for piece, _ in own for at in (old, self._new)}
            found = {seq for home in homes for seq in self._moments.cuts(home, old, self._new)}
        return frozenset(found)

    def _place(self, piece: int, at: int) -> tuple[str, int]:
        clause = self._moments.home(piece, self._new)
        return clause, self._clause(clause)[0][piece] + at

    def _clause(self, clause: str) -> tuple[dict[int, int], dict[int, int], list[int]]:
        """Of a later text: the first unit of each piece, from the first unit of each token to behind its last, and the
        act that wrote each unit."""
        found = self._clauses.get(clause)
        if found is None:
            found = self._clauses[clause] = self._measured(clause)
        return found

    def _measured(self, clause: str) -> tuple[dict[int, int], dict[int, int], list[int]]:
        starts: dict[int, int] = {}
        authors: list[int] = []
        for piece in self._moments.standing(clause, self._new):
            starts[piece] = len(authors)
            authors += [self._moments.pieces[piece].ins] * len(self._moments.pieces[piece].text)
        ends: dict[int, int] = {}
        at = 0
        for token in tokens(self._moments.text(clause, self._new)):
            ends[at] = at + len(widen(token))
            at = ends[at]
        return starts, ends, authors
