"""Two states of a text side by side: which clause became which, and what became of its words.

Clauses are aligned by id (``align.py``), words by ``words.py``. Every clause of both sides stands in exactly one row,
in reading order: the rows follow the new text, and what is only in the old one stands where it stood. A clause that
moved has its row at the new place; a ``MOVED_AWAY`` row, a signpost and no clause of its own, marks the old place.

Everything here depends on the two texts alone: no clock, no chance, no order of hashing.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from drafts.align import align, in_order
from drafts.model import Clause
from drafts.words import Budget, Hunk, Op, hunks, hunks_in_parts, word_count

__all__ = ["Change", "Comparison", "Counts", "Hunk", "Op", "Row", "compare"]


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
    split, or that others were merged into, this holds for the rows of all its parts together, in their order.

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


def compare(old: Sequence[Clause], new: Sequence[Clause], lineage: Mapping[str, str] | None = None) -> Comparison:
    """What became of ``old`` in ``new``.

    ``lineage`` goes from the id of a new clause to the id it was split from; its words are then looked for in that
    clause. Where the old clause itself is gone, the first of its parts stands for it.
    """
    parents = _parents(old, new, lineage or {})
    heirs = _heirs(new, parents)
    pairs = align(old, new, heirs)
    rows = _in_reading_order(old, new, pairs, parents)
    told = tuple(_with_hunks(rows))
    return Comparison(told, _counts(told))


def _parents(old: Sequence[Clause], new: Sequence[Clause], lineage: Mapping[str, str]) -> dict[str, str]:
    """For each new id, the id in ``old`` it goes back to over any number of splits."""
    known = {clause.id for clause in old}
    parents: dict[str, str] = {}
    for clause in new:
        name = clause.id
        seen = {name}
        while name not in known and lineage.get(name, name) not in seen:
            name = lineage[name]
            seen.add(name)
        if name != clause.id and name in known:
            parents[clause.id] = name
    return parents


def _heirs(new: Sequence[Clause], parents: Mapping[str, str]) -> dict[str, str]:
    """The new clauses that stand for an old one whose id is gone: the first of its parts."""
    present = {clause.id for clause in new}
    heirs: dict[str, str] = {}
    for clause in new:
        parent = parents.get(clause.id)
        if parent is not None and parent not in present:
            heirs[clause.id] = parent
            present.add(parent)
    return heirs


def _in_reading_order(
    old: Sequence[Clause],
    new: Sequence[Clause],
    pairs: Mapping[int, int],
    parents: Mapping[str, str],
) -> list[Row]:
    fixed = in_order(pairs)
    went = {at_old: at_new for at_new, at_old in pairs.items()}
    rows: list[Row] = []
    from_old = from_new = 0
    for place in [*sorted(fixed), len(new)]:
        until = pairs[place] if place in fixed else len(old)
        rows += [_gone(old, at, went.get(at)) for at in range(from_old, until)]
        rows += [_come(old, new, at, pairs.get(at), parents) for at in range(from_new, place)]
        if place in fixed:
            rows.append(_paired(old, new, until, place, moved=False))
        from_old, from_new = until + 1, place + 1
    return rows


def _gone(old: Sequence[Clause], at: int, went_to: int | None) -> Row:
    change = Change.DELETED if went_to is None else Change.MOVED_AWAY
    return Row(change, old[at], None, at, went_to)


def _come(
    old: Sequence[Clause],
    new: Sequence[Clause],
    at: int,
    was_at: int | None,
    parents: Mapping[str, str],
) -> Row:
    if was_at is not None:
        return _paired(old, new, was_at, at, moved=True)
    parent = parents.get(new[at].id, "")
    return Row(Change.SPLIT if parent else Change.INSERTED, None, new[at], None, at, split_from=parent)


def _paired(old: Sequence[Clause], new: Sequence[Clause], at_old: int, at_new: int, *, moved: bool) -> Row:
    before, after = old[at_old], new[at_new]
    kind_changed = (before.kind, before.depth) != (after.kind, after.depth)
    changed = kind_changed or before.text != after.text
    if moved:
        change = Change.MOVED_CHANGED if changed else Change.MOVED
    else:
        change = Change.CHANGED if changed else Change.SAME
    return Row(change, before, after, at_old, at_new, kind_changed=kind_changed)


def _with_hunks(rows: Sequence[Row]) -> Iterator[Row]:
    budget = Budget()
    split = _split_hunks(rows, budget)
    for row in rows:
        if row.change is Change.MOVED_AWAY:
            yield row
            continue
        told = split.get(id(row))
        if told is None:
            told = hunks(row.old.text if row.old else "", row.new.text if row.new else "", budget)
        rewritten = row.old is not None and row.new is not None and [hunk.op for hunk in told] == [Op.DELETE, Op.INSERT]
        yield Row(
            row.change, row.old, row.new, row.old_at, row.new_at, told, row.kind_changed, rewritten, row.split_from
        )


def _split_hunks(rows: Sequence[Row], budget: Budget) -> dict[int, tuple[Hunk, ...]]:
    """The hunks of clauses that were split and of their parts, by the identity of the row."""
    parts: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.change is Change.SPLIT:
            parts[row.split_from].append(row)
    found: dict[int, tuple[Hunk, ...]] = {}
    for row in rows:
        if row.old is None or row.new is None or row.old.id not in parts:
            continue
        family = sorted([row, *parts[row.old.id]], key=lambda member: member.new_at or 0)
        texts = [member.new.text for member in family if member.new]
        told = hunks_in_parts(row.old.text, texts, budget)
        found |= {id(member): piece for member, piece in zip(family, told, strict=True)}
    return found


def _counts(rows: Sequence[Row]) -> Counts:
    by_change = {change: sum(row.change is change for row in rows) for change in Change}
    added = sum(word_count(hunk.text) for row in rows for hunk in row.hunks if hunk.op is Op.INSERT)
    removed = sum(word_count(hunk.text) for row in rows for hunk in row.hunks if hunk.op is Op.DELETE)
    del by_change[Change.MOVED_AWAY]
    return Counts(
        **{str(change): count for change, count in by_change.items()}, words_added=added, words_removed=removed
    )
