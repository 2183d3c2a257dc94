"""The rows of a comparison, ready for the page: pairs with their marks, and runs of unchanged clauses folded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from drafts.compare import Change, Comparison, Row
from drafts.model import ClauseKind
from drafts.words import Op, word_count
from server import render
from server.i18n import Tongue
from server.pages.attribution import Attribution
from server.pages.families import Together, Wording, together
from server.pages.view import markup
from server.sheet import beginning

KINDS: Final = ("edited", "moved", "split", "merged", "new", "deleted")
_LOOKS: Final = {Change.INSERTED: "new", Change.DELETED: "gone", Change.MOVED_AWAY: "same"}
_EDITED: Final = frozenset({Change.CHANGED, Change.MOVED_CHANGED})
MOVED: Final = frozenset({Change.MOVED, Change.MOVED_CHANGED})


@dataclass(frozen=True, slots=True)
class Labels:
    """What clauses are called on each side, by their places, what the two texts are called, and their languages."""

    old: Sequence[str]
    new: Sequence[str]
    old_text: str
    new_text: str
    languages: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Filter:
    """What is shown: changes of some kinds (empty: of all), of one party (its code) and on one kind of clause."""

    kinds: tuple[str, ...] = ()
    party: str = ""
    clause: str = ""

    @property
    def on(self) -> bool:
        """Whether anything is left out."""
        return bool(self.kinds or self.party or self.clause)

    def shows(self, pair: "Pair") -> bool:
        """Whether a pair passes."""
        if not self.on:
            return True
        kinds = not self.kinds or not set(self.kinds).isdisjoint(pair.kinds)
        party = not self.party or self.party in pair.parties
        return bool(pair.change) and kinds and party and (not self.clause or self.clause in pair.clause_kinds)


NOTHING_LEFT_OUT: Final = Filter()


@dataclass(frozen=True, slots=True)
class Part:
    """A clause in a cell. ``anchor``: where a link leads; '' for one that has its place on the other side."""

    label: str
    html: Markup
    lang: str
    heading: bool
    anchor: str = ""


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
    """A row of the page. ``change`` counts the changes from 1; 0 for what is none. ``parties``: who made it, by
    code."""

    rows: tuple[Row, ...]
    anchor: str
    change: int
    look: str
    kinds: tuple[str, ...]
    clause_kinds: frozenset[str]
    marks: tuple[Mark, ...]
    says: str
    words: str
    parties: Mapping[str, str]
    old: Cell
    new: Cell

    @property
    def paired(self) -> bool:
        """Whether both wordings can be read in the new cell."""
        return not self.old.void and not self.new.void


@dataclass(frozen=True, slots=True)
class Block:
    """Pairs under one another; ``fold``: unchanged ones, shown when asked for."""

    pairs: tuple[Pair, ...]
    fold: bool = False
    says: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """Everything for the page; ``pairs`` are all of them, whatever the filter shows; ``shown`` counts its changes."""

    blocks: list[Block]
    pairs: list[Pair]
    changes: int
    shown: int
    counts: dict[str, int]
    parties: dict[str, str]
    clause_kinds: list[str]


def blocks(told: Comparison, named: Labels, who: Attribution, spoken: Tongue, show: Filter = NOTHING_LEFT_OUT) -> Made:
    """The rows for the page."""
    maker = _Maker(named, who, spoken)
    pairs = [maker.pair(group) for group in together(told, who)]
    shown = [pair for pair in pairs if show.shows(pair)]
    parties = {code: name for pair in pairs for code, name in pair.parties.items()}
    kinds = {kind for pair in pairs if pair.change for kind in pair.clause_kinds}
    return Made(
        blocks=list(_folded(shown, maker)),
        pairs=pairs,
        changes=maker.changes,
        shown=sum(bool(pair.change) for pair in shown),
        counts={kind: sum(kind in pair.kinds for pair in pairs) for kind in KINDS},
        parties=dict(sorted(parties.items(), key=lambda one: one[1])),
        clause_kinds=[kind for kind in ClauseKind if kind in kinds],
    )


def _folded(pairs: Sequence[Pair], maker: "_Maker") -> Iterator[Block]:
    run: list[Pair] = []
    for pair in pairs:
        if pair.rows[0].change is Change.SAME and not pair.change:
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

    def __init__(self, named: Labels, who: Attribution, spoken: Tongue) -> None:
        self.named = named
        self.who = who
        self.spoken = spoken
        self.changes = 0
        self._anchors: set[str] = set()

    def pair(self, group: Together) -> Pair:
        row = group.main
        counted = group.parts > 1 or group.joined > 1 or row.change not in {Change.SAME, Change.MOVED_AWAY}
        self.changes += counted
        marks = self._marks(group)
        anchor = "" if row.change is Change.MOVED_AWAY else self._anchor(row)
        return Pair(
            rows=group.rows,
            anchor=anchor,
            change=self.changes if counted else 0,
            look=_LOOKS.get(row.change, ""),
            kinds=_kinds(group),
            clause_kinds=frozenset(str(c.kind) for one in group.rows for c in (one.old, one.new) if c),
            marks=marks,
            says=f"{self._name(row)}: {', '.join(mark.words for mark in marks)}",
            words=_count(group) if counted else "",
            parties=self.who.parties(group.rows, (acts for _, acts in group.changes)) if counted else {},
            old=self._old(group),
            new=self._new(group),
        )

    def unchanged(self, pairs: Sequence[Pair]) -> str:
        """The line of a fold."""
        _, first, last = self.spoken._, self._name(pairs[0].rows[0]), self._name(pairs[-1].rows[0])
        if len(pairs) == 1:
            return _("{clause} unchanged", clause=first)
        return _("{first} to {last} unchanged", first=first, last=last)

    def _anchor(self, row: Row) -> str:
        """``r-`` and the clause's id; its place where a file gave it none."""
        clause, side, at = (row.new, "n", row.new_at) if row.new else (row.old, "o", row.old_at)
        wanted = f"r-{clause.id}" if clause and clause.id else f"r-{side}{at}"
        name = f"r-{side}{at}" if wanted in self._anchors else wanted
        self._anchors.add(name)
        return name

    def _name(self, row: Row) -> str:
        label = self._at(self.named.new, row.new_at if row.new else None) or self._at(self.named.old, row.old_at)
        clause = row.new or row.old
        return label or (f"“{beginning(clause.text, 28)}”" if clause else "")

    @staticmethod
    def _at(labels: Sequence[str], at: int | None) -> str:
        return "" if at is None else labels[at]

    def _marks(self, group: Together) -> tuple[Mark, ...]:
        _, row = self.spoken._, group.main
        if row.change is Change.SAME and group.parts == group.joined == 1:
            return ()
        if row.change is Change.MOVED_AWAY:
            return (Mark("away", _("moved away")),)
        if row.change is Change.INSERTED:
            return (Mark("new", _("new")),)
        if row.change is Change.DELETED:
            return (Mark("deleted", _("deleted")),)
        found: list[Mark] = list(self._family_marks(group))
        family = bool(found)
        if row.change in MOVED:
            found.append(Mark("moved", _("moved")))
        if not family and row.old and row.new and row.old.text != row.new.text:
            found.append(Mark("edited", _("rewritten") if row.rewritten else _("edited")))
        if row.kind_changed:
            found.append(Mark("reshaped", _("other kind of clause")))
        if row.confidence < 100:
            found.append(Mark("unsure", _("{n} % alike", n=row.confidence)))
        return tuple(found)

    def _family_marks(self, group: Together) -> Iterator[Mark]:
        _ = self.spoken._
        if group.parts > 1:
            yield Mark("split", _("split in {n}", n=group.parts))
        elif group.main.change is Change.SPLIT:
            yield Mark("split", _("split off"))
        if group.joined > 1:
            yield Mark("merged", _("{n} into 1", n=group.joined))
        elif group.main.change is Change.MERGED:
            yield Mark("merged", _("merged"))

    def _old(self, group: Together) -> Cell:
        _, row = self.spoken._, group.main
        if row.change is Change.MOVED_AWAY:
            now = self._at(self.named.new, row.new_at)
            name = self._at(self.named.old, row.old_at) or (f"“{beginning(row.old.text, 28)}”" if row.old else "")
            return Cell(void_says=_("{clause} stood here, now {label}", clause=name, label=now) if now else name)
        if row.change is Change.SPLIT and not group.olds:
            return Cell(void_says=_("was part of {clause}", clause=self._at(self.named.old, row.parent_at) or "…"))
        if not group.olds:
            return Cell(void_says=_("not in {version}", version=self.named.old_text))
        return Cell(tuple(self._part(one, group, old=True) for one in group.olds))

    def _new(self, group: Together) -> Cell:
        row = group.main
        if row.change is Change.MOVED_AWAY:
            return Cell()
        if not group.news:
            return self._removed(row)
        return Cell(tuple(self._part(one, group, old=False) for one in group.news))

    def _removed(self, row: Row) -> Cell:
        _ = self.spoken._
        if row.change is Change.MERGED:
            return Cell(void_says=_("now part of {clause}", clause=self._at(self.named.new, row.parent_at) or "…"))
        gone = self.who.removal(row.old.id) if row.old else None
        if gone is None:
            return Cell(void_says=_("not in {version}", version=self.named.new_text))
        if gone.into:
            return Cell(void_says=_("no longer a clause of its own"))
        said = _("removed by {name}, {date}", name=gone.party, date=self.spoken.day(gone.at))
        return Cell(void_says=said, record=gone.reason)

    def _part(self, one: Wording, group: Together, *, old: bool) -> Part:
        """A clause of a cell. The new one has the deleted words too: the page shows them where only it is shown."""
        paint = render.old_side if old else (render.both_sides if group.olds else render.new_side)
        html = paint(one.hunks, self.spoken, self.who.credits(one.acts))
        label = self._old_label(one, group) if old else self._new_label(one, group)
        clause = one.clause
        return Part(
            label,
            markup(html),
            clause.lang or self.named.languages[0 if old else 1],
            clause.kind is ClauseKind.HEADING,
            self._inner(one, group),
        )

    def _inner(self, one: Wording, group: Together) -> str:
        """The anchor of a clause that is not the one that the pair has its own from."""
        row = next(row for row in group.rows if one.clause is row.old or one.clause is row.new)
        if row is group.main or not one.clause.id or f"r-{one.clause.id}" in self._anchors:
            return ""
        return self._anchor(row)

    def _old_label(self, one: Wording, group: Together) -> str:
        old, new = self._labels(one, group)
        return self.spoken._("{old}, now {new}", old=old, new=new) if new and old and new != old else old

    def _new_label(self, one: Wording, group: Together) -> str:
        old, new = self._labels(one, group)
        return self.spoken._("{new}, was {old}", old=old, new=new) if new and old and new != old else new

    def _labels(self, one: Wording, group: Together) -> tuple[str, str]:
        row = next(row for row in group.rows if one.clause is row.old or one.clause is row.new)
        old = self._at(self.named.old, row.old_at) if row.old else ""
        return old, self._at(self.named.new, row.new_at) if row.new else ""


def _kinds(group: Together) -> tuple[str, ...]:
    row = group.main
    if row.change is Change.INSERTED:
        return ("new",)
    if row.change is Change.DELETED:
        return ("deleted",)
    found: tuple[str, ...] = ()
    if group.parts > 1 or row.change is Change.SPLIT:
        found += ("split",)
    if group.joined > 1 or row.change is Change.MERGED:
        found += ("merged",)
    if row.change in _EDITED and not found:
        found += ("edited",)
    return found + (("moved",) if row.change in MOVED else ())


def _count(group: Together) -> str:
    added = sum(word_count(hunk.text) for hunk, _ in group.changes if hunk.op is Op.INSERT)
    removed = sum(word_count(hunk.text) for hunk, _ in group.changes if hunk.op is Op.DELETE)
    return " ".join([*([f"+{added}"] if added else []), *([f"−{removed}"] if removed else [])])
