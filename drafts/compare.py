"""Two states of a text side by side: which clause became which, and what became of its words.

Clauses are aligned by ``align.py``, words by ``words.py``; how it is shown is decided elsewhere. Every clause of both
sides stands in exactly one row, in reading order: the rows follow the new text, and what is only in the old one stands
where it stood. A clause that moved has its row at the new place; a ``MOVED_AWAY`` row, a signpost and no clause of its
own, marks the old place.

Everything here depends on the two texts alone: no clock, no chance, no order of hashing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from drafts.align import Alignment, align, in_order
from drafts.model import Clause
from drafts.words import Budget, Hunk, Op, Piece, hunks, pieces, word_count

__all__ = ["Change", "Comparison", "Counts", "Hunk", "Op", "Row", "compare", "families"]


class Change(StrEnum):
    """What became of a clause."""

    SAME = "same"
    CHANGED = "changed"  # its words, its kind or its depth
    MOVED = "moved"
    MOVED_CHANGED = "moved_changed"
    INSERTED = "inserted"
    DELETED = "deleted"
    SPLIT = "split"  # a new clause that was cut from the one ``split_from`` names
    MERGED = "merged"  # an old clause whose words went into the new one that ``merged_into`` names
    MOVED_AWAY = "moved_away"  # a signpost at the old place of a clause that moved; it has no hunks


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a comparison.

    ``old`` and ``new`` are the clause on each side; ``old_at`` and ``new_at`` its places there, from 0. INSERTED and
    SPLIT have no ``old``, DELETED and MERGED no ``new``. MOVED_AWAY repeats the old clause and, in ``new_at``, where it
    went. ``parent_at`` is, of a SPLIT row, the old place of the clause it was cut from and, of a MERGED row, the new
    place of the clause it went into; ``split_from`` and ``merged_into`` are their ids (empty where they have none).

    ``hunks``: kept and inserted ones joined are the new text, kept and deleted ones the old text. Of a clause that was
    split, or that others were merged into, this holds for the rows of its family together, in the order that
    ``families`` gives.

    ``confidence`` is how sure the pair is, in percent: 100 where ids say so or the words are equal, else the likeness
    of the words.

    ``kind_changed``: kind or depth differ (then ``change`` is not SAME even if every word is). ``rewritten``: the two
    wordings are told as one deletion and one insertion, because they share too little or are too long to be searched.
    """

    change: Change
    old: Clause | None
    new: Clause | None
    old_at: int | None
    new_at: int | None
    hunks: tuple[Hunk, ...] = ()
    kind_changed: bool = False
    rewritten: bool = False
    split_from: str = ""
    merged_into: str = ""
    parent_at: int | None = None
    confidence: int = 100

    def plain(self) -> dict[str, Any]:
        """The row as JSON has it."""
        return {
            "change": str(self.change),
            "old": _plain_clause(self.old),
            "new": _plain_clause(self.new),
            "old_at": self.old_at,
            "new_at": self.new_at,
            "hunks": [[str(hunk.op), hunk.text] for hunk in self.hunks],
            "kind_changed": self.kind_changed,
            "rewritten": self.rewritten,
            "split_from": self.split_from,
            "merged_into": self.merged_into,
            "parent_at": self.parent_at,
            "confidence": self.confidence,
        }


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows by what happened (a clause is counted once), and words of the hunks."""

    same: int = 0
    changed: int = 0
    moved: int = 0
    moved_changed: int = 0
    inserted: int = 0
    deleted: int = 0
    split: int = 0
    merged: int = 0
    words_added: int = 0
    words_removed: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rows in reading order and their counts."""

    rows: tuple[Row, ...]
    counts: Counts

    @property
    def equal(self) -> bool:
        """Whether nothing at all differs."""
        return all(row.change is Change.SAME for row in self.rows)

    def plain(self) -> dict[str, Any]:
        """The comparison as JSON has it: the API, the command line and the exports all give this one."""
        return {"equal": self.equal, "counts": asdict(self.counts), "rows": [row.plain() for row in self.rows]}


def compare(
    old: Sequence[Clause],
    new: Sequence[Clause],
    lineage: Mapping[str, str] | None = None,
    *,
    merged: Mapping[str, str] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Comparison:
    """What became of ``old`` in ``new``.

    ``lineage`` goes from the id of a new clause to the id it was split from, ``merged`` from the id of an old clause to
    the id it was joined into; where they are given they alone say which clauses with ids were cut and joined. Where an
    old clause itself is gone, the first of its parts stands for it. ``progress`` is told now and then which share of
    the work is done, from 0 to 1.
    """
    tell = progress or _silent
    found = align(old, new, lineage, merged, lambda share: tell(share / 2))
    rows = _in_reading_order(old, new, found)
    told = tuple(_with_hunks(rows, lambda share: tell(0.5 + share / 2)))
    tell(1.0)
    return Comparison(told, _counts(told))


def families(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows of each clause that was split or that others were merged into, in the order in which their hunks are
    the texts: what was merged from before the clause, its parts, what was merged from behind it."""
    return ([rows[at] for at in family] for family in _families(rows))


def _silent(_: float) -> None:
    pass


def _plain_clause(clause: Clause | None) -> dict[str, Any] | None:
    if clause is None:
        return None
    return {
        "id": clause.id,
        "label": clause.label,
        "kind": str(clause.kind),
        "depth": clause.depth,
        "lang": clause.lang,
        "text": clause.text,
    }


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _in_reading_order(old: Sequence[Clause], new: Sequence[Clause], found: Alignment) -> list[Row]:
    pairs = found.pairs
    fixed = in_order(pairs)
    went = {at_old: at_new for at_new, at_old in pairs.items()}
    rows: list[Row] = []
    from_old = from_new = 0
    for place in [*sorted(fixed), len(new)]:
        until = pairs[place] if place in fixed else len(old)
        rows += [_gone(old, new, at, went.get(at), found) for at in range(from_old, until)]
        rows += [_come(old, new, at, found) for at in range(from_new, place)]
        if place in fixed:
            rows.append(_paired(old, new, until, place, found, moved=False))
        from_old, from_new = until + 1, place + 1
    return rows


def _gone(old: Sequence[Clause], new: Sequence[Clause], at: int, went_to: int | None, found: Alignment) -> Row:
    if went_to is not None:
        return Row(Change.MOVED_AWAY, old[at], None, at, went_to)
    link = found.joined.get(at)
    if link is None:
        return Row(Change.DELETED, old[at], None, at, None)
    into = new[link.at].id
    return Row(Change.MERGED, old[at], None, at, None, merged_into=into, parent_at=link.at, confidence=link.confidence)


def _come(old: Sequence[Clause], new: Sequence[Clause], at: int, found: Alignment) -> Row:
    if at in found.pairs:
        return _paired(old, new, found.pairs[at], at, found, moved=True)
    link = found.parts.get(at)
    if link is None:
        return Row(Change.INSERTED, None, new[at], None, at)
    parent = old[link.at].id
    return Row(Change.SPLIT, None, new[at], None, at, split_from=parent, parent_at=link.at, confidence=link.confidence)


def _paired(
    old: Sequence[Clause], new: Sequence[Clause], at_old: int, at_new: int, found: Alignment, *, moved: bool
) -> Row:
    before, after = old[at_old], new[at_new]
    kind_changed = (before.kind, before.depth) != (after.kind, after.depth)
    changed = kind_changed or before.text != after.text
    if moved:
        change = Change.MOVED_CHANGED if changed else Change.MOVED
    else:
        change = Change.CHANGED if changed else Change.SAME
    sure = found.confidence.get(at_new, 100)
    return Row(change, before, after, at_old, at_new, kind_changed=kind_changed, confidence=sure)


# ── hunks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _with_hunks(rows: Sequence[Row], tell: Callable[[float], None]) -> Iterator[Row]:
    budget = Budget()
    of_families: dict[int, tuple[Hunk, ...]] = {}
    for family in _families(rows):
        of_families |= _family_hunks(rows, family, budget)
    for at, row in enumerate(rows):
        if at % 64 == 0:
            tell(at / len(rows))
        if row.change is Change.MOVED_AWAY:
            yield row
            continue
        told = of_families.get(at)
        if told is None:
            told = hunks(row.old.text if row.old else "", row.new.text if row.new else "", budget)
        rewritten = row.old is not None and row.new is not None and [hunk.op for hunk in told] == [Op.DELETE, Op.INSERT]
        yield replace(row, hunks=told, rewritten=rewritten)


def _families(rows: Sequence[Row]) -> Iterator[list[int]]:
    """As ``families``, by places in ``rows``."""
    parts: dict[int | None, list[int]] = defaultdict(list)  # by the place of the old clause
    joined: dict[int | None, list[int]] = defaultdict(list)  # by the place of the new one
    for at, row in enumerate(rows):
        if row.change is Change.SPLIT:
            parts[row.parent_at].append(at)
        elif row.change is Change.MERGED:
            joined[row.parent_at].append(at)
    if not parts and not joined:
        return
    for at, row in enumerate(rows):
        if row.old is None or row.new is None or not (row.old_at in parts or row.new_at in joined):
            continue
        news = sorted([at, *parts.get(row.old_at, [])], key=lambda member: rows[member].new_at or 0)
        olds = sorted(
            [one for member in news for one in joined.get(rows[member].new_at, [])],
            key=lambda member: rows[member].old_at or 0,
        )
        before = [member for member in olds if (rows[member].old_at or 0) < (row.old_at or 0)]
        yield [*before, *news, *olds[len(before) :]]


def _family_hunks(rows: Sequence[Row], family: Sequence[int], budget: Budget) -> dict[int, tuple[Hunk, ...]]:
    """The hunks of each row of a family, by its place in ``rows``.

    A merged clause has what is kept and deleted of it, and what was inserted between its words; all else of a new text
    stands with the row of that text.
    """
    pair = next(at for at in family if rows[at].old is not None and rows[at].new is not None)
    olds = [at for at in family if rows[at].old is not None]
    news = [at for at in family if rows[at].new is not None]
    told: dict[int, list[Hunk]] = {at: [] for at in family}
    before = [clause.text for at in olds if (clause := rows[at].old)]
    after = [clause.text for at in news if (clause := rows[at].new)]
    for piece in pieces(before, after, budget):
        row = news[piece.new] if olds[piece.old] == pair else olds[piece.old]
        _add(told[row], piece)
    return {at: tuple(found) for at, found in told.items()}


def _add(told: list[Hunk], piece: Piece) -> None:
    if told and told[-1].op is piece.op:
        told[-1] = Hunk(piece.op, told[-1].text + piece.text)
    else:
        told.append(Hunk(piece.op, piece.text))


def _counts(rows: Sequence[Row]) -> Counts:
    by_change = dict.fromkeys(Change, 0)
    for row in rows:
        by_change[row.change] += 1
    added = sum(word_count(hunk.text) for row in rows for hunk in row.hunks if hunk.op is Op.INSERT)
    removed = sum(word_count(hunk.text) for row in rows for hunk in row.hunks if hunk.op is Op.DELETE)
    del by_change[Change.MOVED_AWAY]
    return Counts(
        **{str(change): count for change, count in by_change.items()}, words_added=added, words_removed=removed
    )
