"""A comparison as tracked changes: what a word processor shows, with who did each thing and when.

Accepting everything gives the new text, rejecting everything the old one. A clause that moved is taken out where it was
and put in where it is, since word processors know no better; one that was cut or joined has only the mark between its
paragraphs tracked, where its parts stand side by side in order, and is else told as words that went and came.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from drafts.compare import Change, Comparison, Row, families
from drafts.exchange.document import Written
from drafts.exchange.parsed import Piece, Signed
from drafts.model import Clause
from drafts.moments import Moment, Moments, Run
from drafts.redline import Mark
from drafts.words import Hunk, Op, hunks

Sign: TypeAlias = Callable[[Moment], Signed]
NOBODY = Signed("Adref")  # who signs the changes between texts that have no common record


class Tracked:
    """Makes the clauses of a document. ``moments`` with the two points, where both texts are of one draft."""

    def __init__(
        self,
        comparison: Comparison,
        moments: Moments | None = None,
        old: int = 0,
        new: int = 0,
        sign: Sign | None = None,
    ) -> None:
        self._rows = comparison.rows
        self._moments = moments
        self._old, self._new = old, new
        self._sign = sign
        self._families = {id(row): family for family in families(comparison.rows) for row in family}

    def clauses(self) -> tuple[Written, ...]:
        """The clauses of both texts, in reading order."""
        return tuple(written for at in range(len(self._rows)) if (written := self._written(at)) is not None)

    def _written(self, at: int) -> Written | None:
        row = self._rows[at]
        if id(row) in self._families and row.change not in {Change.MOVED, Change.MOVED_CHANGED}:
            family = self._families[id(row)]
            if self._side_by_side(family):
                return self._in_family(row, family)
        match row.change:
            case Change.INSERTED | Change.SPLIT:
                return self._new_one(_sure(row.new))
            case Change.MOVED_AWAY:
                return self._gone(_sure(row.old), self._mover(_sure(row.old).id))
            case Change.DELETED | Change.MERGED:
                return self._gone(_sure(row.old), self._last(_sure(row.old).id))
            case Change.MOVED | Change.MOVED_CHANGED:
                return self._moved(_sure(row.old), _sure(row.new))
            case _:
                return self._changed(_sure(row.old), _sure(row.new), row.hunks)

    # ── one clause of each ──

    def _changed(self, old: Clause, new: Clause, told: Sequence[Hunk]) -> Written:
        if old.text == new.text:
            return Written(new)
        runs = self._moments.between(new.id, self._old, self._new, taken_back=True) if self._moments else []
        pieces = tuple(self._piece(run) for run in runs)
        if _spells(pieces, old.text, new.text):
            return Written(new, pieces)
        own = tuple(_piece(hunk, NOBODY) for hunk in told)
        told = told if _spells(own, old.text, new.text) else hunks(old.text, new.text)
        return Written(new, self._of_hunks(told, [old.id], [new.id]))

    def _new_one(self, clause: Clause) -> Written:
        by = self._first(clause.id)
        runs = self._moments.between(clause.id, self._old, self._new) if self._moments else []
        pieces = tuple(Piece(run.text, self._by(run.ins) if run.mark is Mark.INS else by) for run in runs)
        pieces = pieces if "".join(piece.text for piece in pieces) == clause.text else ()
        return Written(clause, pieces or (Piece(clause.text, by),), ins=by)

    def _gone(self, clause: Clause, by: Signed) -> Written:
        return Written(clause, (Piece(clause.text, None, by),), dele=by)

    def _moved(self, old: Clause, new: Clause) -> Written:
        by = self._mover(new.id)
        changed = self._changed(old, new, ())
        pieces = changed.pieces or (Piece(new.text),)
        came = tuple(replace(piece, ins=piece.ins or by) for piece in pieces if piece.dele is None)
        return Written(new, came, ins=by)

    # ── families ──

    def _side_by_side(self, family: Sequence[Row]) -> bool:
        """Whether the parts stand one behind the other and the clause whose name goes on is the first."""
        places = [at for at, row in enumerate(self._rows) if any(row is member for member in family)]
        first = family[0]
        return (
            places == list(range(places[0], places[0] + len(family)))
            and all(self._rows[places[0] + step] is member for step, member in enumerate(family))
            and first.old is not None
            and first.new is not None
            and not any(row.change in {Change.MOVED, Change.MOVED_CHANGED} for row in family)
        )

    def _in_family(self, row: Row, family: Sequence[Row]) -> Written:
        olds = [one.old.id for one in family if one.old]
        news = [one.new.id for one in family if one.new]
        told = [hunk for one in family for hunk in one.hunks]
        signed = self._authors(told, olds, news)
        before = sum(len(one.hunks) for one in family[: next(i for i, one in enumerate(family) if one is row)])
        pieces = tuple(_piece(hunk, by) for hunk, by in zip(row.hunks, signed[before:], strict=False))
        clause = _sure(row.new or row.old)
        behind = family[-1] is not row
        cut = behind and _next(family, row).change is Change.SPLIT
        joined = behind and _next(family, row).change is Change.MERGED
        return Written(
            replace(clause, text="".join(piece.text for piece in pieces if piece.dele is None)),
            pieces,
            mark_ins=self._last(_next(family, row).new or clause) if cut else None,
            mark_dele=self._last(_next(family, row).old or clause) if joined else None,
        )

    # ── who ──

    def _of_hunks(self, told: Sequence[Hunk], olds: Sequence[str], news: Sequence[str]) -> tuple[Piece, ...]:
        return tuple(_piece(hunk, by) for hunk, by in zip(told, self._authors(told, olds, news), strict=True))

    def _authors(self, told: Sequence[Hunk], olds: Sequence[str], news: Sequence[str]) -> list[Signed]:
        if self._moments is None:
            return [NOBODY] * len(told)
        found = self._moments.of_hunks(told, olds, news, self._old, self._new)
        return [self._by(moments[-1]) if moments else NOBODY for moments in found]

    def _piece(self, run: Run) -> Piece:
        ins = self._by(run.ins) if run.mark in {Mark.INS, Mark.INSDEL} else None
        return Piece(run.text, ins, self._by(run.dele) if run.dele and run.mark is not Mark.INS else None)

    def _by(self, moment: Moment) -> Signed:
        return self._sign(moment) if self._sign else NOBODY

    def _first(self, clause_id: str) -> Signed:
        return next(iter(self._structure(clause_id)), NOBODY)

    def _last(self, clause: str | Clause) -> Signed:
        return next(reversed(self._structure(clause if isinstance(clause, str) else clause.id)), NOBODY)

    def _mover(self, clause_id: str) -> Signed:
        """Who moved a clause; where others were moved past it, who moved those."""
        if self._moments is None or self._structure(clause_id):
            return self._last(clause_id)
        places = {row.new.id: (row.old_at or 0, row.new_at or 0) for row in self._rows if row.old and row.new}
        old, new = places.get(clause_id, (0, 0))
        past = [one for one, (before, after) in places.items() if (before < old) != (after < new)]
        acts = [act for one in past for act in self._moments.structure(one, self._old, self._new)]
        return self._by(max(acts)) if acts else NOBODY

    def _structure(self, clause_id: str) -> list[Signed]:
        acts = self._moments.structure(clause_id, self._old, self._new) if self._moments else ()
        return [self._by(moment) for moment in acts]


def _sure(clause: Clause | None) -> Clause:
    if clause is None:
        raise ValueError("a row of a comparison without its clause")
    return clause


def _next(family: Sequence[Row], row: Row) -> Row:
    return family[next(at for at, one in enumerate(family) if one is row) + 1]


def _piece(hunk: Hunk, by: Signed) -> Piece:
    return Piece(hunk.text, by if hunk.op is Op.INSERT else None, by if hunk.op is Op.DELETE else None)


def _spells(pieces: Sequence[Piece], old: str, new: str) -> bool:
    after = "".join(piece.text for piece in pieces if piece.dele is None)
    return after == new and "".join(piece.text for piece in pieces if piece.ins is None) == old
