"""The concordance of two texts: what every clause was called and what it is called now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from drafts.compare import Change, Comparison, Row
from drafts.model import Clause
from drafts.numbering import full

NONE: Mapping[str, int] = MappingProxyType({})
__all__ = ["Entry", "Origin", "concordance"]


class Origin(StrEnum):
    """Where a clause of the new text comes from, or what became of one of the old text."""

    SAME = "same"  # the same label
    RENUMBERED = "renumbered"  # it stands where it stood, others came or went before it
    MOVED = "moved"
    SPLIT = "split"  # a part of the old clause
    MERGED = "merged"  # its words are in the new clause
    NEW = "new"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the concordance. ``old`` and ``new`` are full labels, '' for what has none (a heading, a chapeau) or is
    not there; ``old_id`` and ``new_id`` say which. ``changed``: the words or the kind are not the same. ``beginning``
    is the clause's text, of the new side where it has one."""

    old: str
    new: str
    old_id: str | None
    new_id: str | None
    origin: Origin
    changed: bool
    beginning: str
    proposal: int = 0  # the number of the accepted one that brought a new clause in


_ORIGINS = {
    Change.INSERTED: Origin.NEW,
    Change.DELETED: Origin.DELETED,
    Change.SPLIT: Origin.SPLIT,
    Change.MERGED: Origin.MERGED,
    Change.MOVED: Origin.MOVED,
    Change.MOVED_CHANGED: Origin.MOVED,
}


def concordance(
    found: Comparison, old: Sequence[Clause], new: Sequence[Clause], proposed: Mapping[str, int] = NONE
) -> list[Entry]:
    """Every clause of both texts, in reading order. ``found`` is the comparison of the two; ``proposed`` says which
    accepted proposal brought a clause in (``State.proposed``)."""
    entries = _entries(found.rows, (old, new), (full(old), full(new)))
    return [
        replace(one, proposal=proposed.get(one.new_id or "", 0)) if one.origin is Origin.NEW else one for one in entries
    ]


def _entries(
    rows: Sequence[Row], texts: tuple[Sequence[Clause], Sequence[Clause]], names: tuple[list[str], list[str]]
) -> Iterator[Entry]:
    for row in rows:
        if row.change is Change.MOVED_AWAY:
            continue
        places = _places(row)
        before, after = (None if at is None else text[at] for at, text in zip(places, texts, strict=True))
        was, now = ("" if at is None else name[at] for at, name in zip(places, names, strict=True))
        origin = _ORIGINS.get(row.change, Origin.SAME if was == now else Origin.RENUMBERED)
        here = row.new or row.old
        yield Entry(
            was,
            now,
            before.id if before else None,
            after.id if after else None,
            origin,
            row.change not in (Change.SAME, Change.MOVED),
            here.text if here else "",
        )


def _places(row: Row) -> tuple[int | None, int | None]:
    """Where the clause stood and stands; of a part and of what was merged, the other clause's place."""
    if row.change is Change.SPLIT:
        return row.parent_at, row.new_at
    if row.change is Change.MERGED:
        return row.old_at, row.parent_at
    return row.old_at, row.new_at
