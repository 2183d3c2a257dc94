"""The rows of a comparison, ready for the page: pairs with their marks, and runs of unchanged clauses folded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from drafts.compare import Change, Comparison, Row
from drafts.model import Clause, ClauseKind
from drafts.words import Hunk, Op, word_count
from server import render
from server.i18n import Tongue
from server.pages.attribution import Attribution
from server.pages.view import markup
from server.sheet import beginning

KINDS: Final = ("edited", "moved", "split", "new", "deleted")
_LOOKS: Final = {Change.INSERTED: "new", Change.DELETED: "gone", Change.MERGED: "gone", Change.MOVED_AWAY: "same"}
_EDITED: Final = frozenset({Change.CHANGED, Change.MOVED_CHANGED})
MOVED: Final = frozenset({Change.MOVED, Change.MOVED_CHANGED})


@dataclass(frozen=True, slots=True)
class Labels:
    """What clauses are called on each side, by id, and what the old version is called."""

    old: Mapping[str, str]
    new: Mapping[str, str]
    old_version: str


@dataclass(frozen=True, slots=True)
class Part:
    """A clause in a cell."""

    label: str
    html: Markup
    lang: str
    heading: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One side of a pair: clauses, or why there is nothing."""

    parts: tuple[Part, ...] = ()
    void_says: str = ""
    record: str = ""

    @property
    def void(self) -> bool:
        """Whether there is no clause here."""
        return not self.parts


@dataclass(frozen=True, slots=True)
class Mark:
    """What happened, as a tag."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A row of the page. ``change`` counts the changes from 1; 0 for what is none."""

    rows: tuple[Row, ...]
    change: int
    look: str
    kinds: tuple[str, ...]
    marks: tuple[Mark, ...]
    says: str
    words: str
    who: str
    old: Cell
    new: Cell


@dataclass(frozen=True, slots=True)
class Block:
    """Pairs under one another; ``fold``: unchanged ones, shown when asked for."""

    pairs: tuple[Pair, ...]
    fold: bool = False
    says: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """Everything for the page; ``pairs`` are all of them, whatever the filter shows."""

    blocks: list[Block]
    pairs: list[Pair]
    changes: int
    counts: dict[str, int]


def blocks(
    told: Comparison,
    named: Labels,
    who: Attribution,
    spoken: Tongue,
    language: str,
    *,
    show: str = "",
    one_column: bool = False,
) -> Made:
    """The rows for the page. ``show``: only changes of one kind; ``one_column``: both wordings in one."""
    maker = _Maker(named, who, spoken, language, one_column)
    pairs = [maker.pair(family) for family in _families(told.rows)]
    counts = {kind: sum(kind in pair.kinds for pair in pairs) for kind in KINDS}
    shown = [pair for pair in pairs if show in pair.kinds] if show else pairs
    return Made(list(_folded(shown, maker)), pairs, maker.changes, counts)


def _families(rows: Sequence[Row]) -> Iterator[tuple[Row, ...]]:
    """Rows by themselves, but a clause that was split together with its parts that follow at once."""
    at = 0
    while at < len(rows):
        family = [rows[at]]
        old = rows[at].old
        if old is not None and rows[at].new is not None:
            while at + len(family) < len(rows) and rows[at + len(family)].split_from == old.id:
                family.append(rows[at + len(family)])
        at += len(family)
        yield tuple(family)


def _folded(pairs: Sequence[Pair], maker: "_Maker") -> Iterator[Block]:
    run: list[Pair] = []
    for same, pair in [*((pair.rows[0].change is Change.SAME and len(pair.rows) == 1, pair) for pair in pairs)]:
        if same:
            run.append(pair)
            continue
        if run:
            yield Block(tuple(run), fold=True, says=maker.unchanged(run))
            run = []
        yield Block((pair,))
    if run:
        yield Block(tuple(run), fold=True, says=maker.unchanged(run))


class _Maker:
    """Writes pairs, one after the other, counting changes."""

    def __init__(self, named: Labels, who: Attribution, spoken: Tongue, language: str, one_column: bool) -> None:
        self.named = named
        self.who = who
        self.spoken = spoken
        self.language = language
        self.one_column = one_column
        self.changes = 0

    def pair(self, rows: tuple[Row, ...]) -> Pair:
        row = rows[0]
        split = len(rows) > 1 or row.change is Change.SPLIT
        marks = self._marks(row, split=split, parts=len(rows))
        counted = row.change not in {Change.SAME, Change.MOVED_AWAY} or len(rows) > 1
        self.changes += counted
        hunks = tuple(hunk for one in rows for hunk in one.hunks)
        return Pair(
            rows=rows,
            change=self.changes if counted else 0,
            look=_LOOKS.get(row.change, ""),
            kinds=_kinds(row, split=split),
            marks=marks,
            says=f"{self._name(row)}: {', '.join(mark.words for mark in marks)}",
            words=_count(hunks) if counted else "",
            who=", ".join(self._who(rows)) if counted else "",
            old=self._old(rows),
            new=self._new(rows),
        )

    def unchanged(self, pairs: Sequence[Pair]) -> str:
        """The line of a fold."""
        _, first, last = self.spoken._, self._name(pairs[0].rows[0]), self._name(pairs[-1].rows[0])
        if len(pairs) == 1:
            return _("{clause} unchanged", clause=first)
        return _("{first} to {last} unchanged", first=first, last=last)

    def _name(self, row: Row) -> str:
        label = (row.new and self.named.new[row.new.id]) or (row.old and self.named.old[row.old.id]) or ""
        clause = row.new or row.old
        return label or (f"“{beginning(clause.text, 28)}”" if clause else "")

    def _marks(self, row: Row, *, split: bool, parts: int) -> tuple[Mark, ...]:
        _ = self.spoken._
        if row.change is Change.SAME and parts == 1:
            return ()
        if row.change is Change.MOVED_AWAY:
            return (Mark("away", _("moved away")),)
        if row.change is Change.INSERTED:
            return (Mark("new", _("new")),)
        if row.change in {Change.DELETED, Change.MERGED}:
            joined = row.old is not None and self.who.removal(row.old.id) is None
            return (Mark("deleted", _("no longer a clause of its own") if joined else _("deleted")),)
        found: list[Mark] = []
        if split:
            found.append(Mark("split", _("split in {n}", n=parts) if parts > 1 else _("split off")))
        if row.change in MOVED:
            found.append(Mark("moved", _("moved")))
        if row.old and row.new and row.old.text != row.new.text and parts == 1:
            found.append(Mark("edited", _("rewritten") if row.rewritten else _("edited")))
        if row.kind_changed:
            found.append(Mark("reshaped", _("other kind of clause")))
        return tuple(found)

    def _who(self, rows: Sequence[Row]) -> list[str]:
        found: set[str] = set()
        for row in rows:
            clause = row.new or row.old
            if clause:
                found.update(self.who.parties(clause.id))
        return sorted(found)

    def _old(self, rows: tuple[Row, ...]) -> Cell:
        _, row = self.spoken._, rows[0]
        if row.change is Change.MOVED_AWAY and row.old:
            name = self.named.old[row.old.id] or f"“{beginning(row.old.text, 28)}”"
            now = self.named.new.get(row.old.id, "")
            return Cell(void_says=_("{clause} stood here, now {label}", clause=name, label=now) if now else name)
        if row.old is None:
            if row.split_from:
                parent = self.named.old.get(row.split_from, "")
                return Cell(void_says=_("was part of {clause}", clause=parent or "…"))
            return Cell(void_says=_("not in {version}", version=self.named.old_version))
        hunks = tuple(hunk for one in rows for hunk in one.hunks)
        return Cell((self._part(row.old, self._old_label(row), render.old_side(hunks, self.spoken)),))

    def _new(self, rows: tuple[Row, ...]) -> Cell:
        row = rows[0]
        if row.change is Change.MOVED_AWAY:
            return Cell()
        if row.new is None:
            return self._removed(row)
        paint = render.both_sides if self.one_column else render.new_side
        return Cell(
            tuple(self._part(one.new, self._new_label(one), paint(one.hunks, self.spoken)) for one in rows if one.new)
        )

    def _removed(self, row: Row) -> Cell:
        _ = self.spoken._
        gone = self.who.removal(row.old.id) if row.old else None
        if gone is None:
            return Cell(void_says=_("no longer a clause of its own"))
        said = _("removed by {name}, {date}", name=gone.party, date=self.spoken.day(gone.at))
        return Cell(void_says=said, record=gone.reason)

    def _part(self, clause: Clause, label: str, html: str) -> Part:
        return Part(label, markup(html), clause.lang or self.language, clause.kind is ClauseKind.HEADING)

    def _old_label(self, row: Row) -> str:
        old, new = self._labels(row)
        return self.spoken._("{old}, now {new}", old=old, new=new) if new and old and new != old else old

    def _new_label(self, row: Row) -> str:
        old, new = self._labels(row)
        return self.spoken._("{new}, was {old}", old=old, new=new) if new and old and new != old else new

    def _labels(self, row: Row) -> tuple[str, str]:
        old = self.named.old.get(row.old.id, "") if row.old else ""
        return old, self.named.new.get(row.new.id, "") if row.new else ""


def _kinds(row: Row, *, split: bool) -> tuple[str, ...]:
    if row.change is Change.INSERTED:
        return ("new",)
    if row.change in {Change.DELETED, Change.MERGED}:
        return ("deleted",)
    found: tuple[str, ...] = ("split",) if split else ()
    if row.change in _EDITED and not split:
        found += ("edited",)
    return found + (("moved",) if row.change in MOVED else ())


def _count(hunks: Sequence[Hunk]) -> str:
    added = sum(word_count(hunk.text) for hunk in hunks if hunk.op is Op.INSERT)
    removed = sum(word_count(hunk.text) for hunk in hunks if hunk.op is Op.DELETE)
    return " ".join([*([f"+{added}"] if added else []), *([f"−{removed}"] if removed else [])])
