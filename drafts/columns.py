"""Several texts beside one: the chair's text, and what each of up to six others makes of it.

Each column is a comparison of its own with the base. The rows follow the base; what a column adds stands in rows of its
own behind the clause it follows, and what several columns add in the same words stands in one row.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from drafts.compare import Change, Counts, Row, compare
from drafts.model import Clause

MAX_COLUMNS: Final = 6
_PUT_ELSEWHERE: Final = frozenset({Change.MOVED, Change.MOVED_CHANGED, Change.MOVED_AWAY})
_ADDED: Final = frozenset({Change.INSERTED, Change.SPLIT})


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A clause of the base, or None for what only columns have. ``cells`` has one entry for each column: what became of
    the clause there (never a signpost), what the column adds, or None where it adds nothing."""

    base: Clause | None
    cells: tuple[Row | None, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """The rows in the base's order, and the counts of each column."""

    rows: tuple[ColumnRow, ...]
    counts: tuple[Counts, ...]

    def plain(self) -> dict[str, Any]:
        """As JSON has it: the cells as the rows of a comparison."""
        return {
            "counts": [asdict(counts) for counts in self.counts],
            "rows": [
                {"base": row.base and row.base.id, "cells": [cell and cell.plain() for cell in row.cells]}
                for row in self.rows
            ],
        }


def columns(
    base: Sequence[Clause],
    others: Sequence[Sequence[Clause]],
    lineage: Mapping[str, str] | None = None,
    *,
    merged: Mapping[str, str] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Columns:
    """What each of the others makes of the base. ``lineage``, ``merged`` and ``progress`` as ``compare`` has them.

    Raises ValueError for more than ``MAX_COLUMNS`` others.
    """
    if len(others) > MAX_COLUMNS:
        raise ValueError(f"no more than {MAX_COLUMNS} texts stand beside one")
    told = []
    for number, other in enumerate(others):
        told.append(compare(base, other, lineage, merged=merged))
        if progress:
            progress((number + 1) / len(others))
    stays = [_of_base(found.rows) for found in told]
    added = [_added(found.rows) for found in told]
    rows = _together([column.get(-1, []) for column in added])
    for at, clause in enumerate(base):
        rows.append(ColumnRow(clause, tuple(column[at] for column in stays)))
        rows += _together([column.get(at, []) for column in added])
    return Columns(tuple(rows), tuple(found.counts for found in told))


def _of_base(rows: Sequence[Row]) -> dict[int, Row]:
    """What became of each clause of the base, by its place."""
    return {row.old_at: row for row in rows if row.old_at is not None and row.change is not Change.MOVED_AWAY}


def _added(rows: Sequence[Row]) -> dict[int, list[Row]]:
    """What a column adds, by the place of the clause of the base that it follows; -1: at the beginning."""
    added: dict[int, list[Row]] = {}
    place = -1
    for row in rows:
        if row.change in _ADDED:
            after = place if row.parent_at is None else row.parent_at
            added.setdefault(after, []).append(row)
        elif row.old_at is not None and (row.change not in _PUT_ELSEWHERE or row.change is Change.MOVED_AWAY):
            place = row.old_at
    return added


def _together(added: Sequence[Sequence[Row]]) -> list[ColumnRow]:
    """What the columns add at one place: the order of each column is kept, equal words share a row."""
    rows: list[list[Row | None]] = []
    for column, own in enumerate(added):
        free = 0  # rows before it are taken or passed
        for row in own:
            same = next((at for at in range(free, len(rows)) if _text(rows[at]) == _words(row)), None)
            if same is None:
                rows.insert(free, [None] * len(added))
                same = free
            rows[same][column] = row
            free = same + 1
    return [ColumnRow(None, tuple(cells)) for cells in rows]


def _text(cells: Sequence[Row | None]) -> str | None:
    return next((_words(cell) for cell in cells if cell), None)


def _words(row: Row) -> str:
    return row.new.text if row.new else ""
