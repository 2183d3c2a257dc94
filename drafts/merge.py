"""What a text from outside does to the text it was made from. Pure; nothing here knows what happened since.

``plan`` compares the two and gives items, in the order of the file: words of a clause (``Words``), new clauses,
deleted, moved, reshaped, split and joined ones. Words are **patches** of the base text, each with the parties that
inserted and deleted its parts, so that a patch can be applied or refused alone (weigh.py) and the redline still tells
who wrote what.

Where the file tracks changes and its rejected text is the base, the patches are exactly those of its authors. Where it
is not, the base is compared with the accepted text; what no author marked is the bringer's own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from drafts.change import widen
from drafts.compare import Change as What
from drafts.compare import Row, compare
from drafts.errors import Invalid
from drafts.exchange.parsed import Parsed, ParsedClause, Piece, Signed
from drafts.model import Clause, ClauseKind
from drafts.patches import OWN, Part, Patch, Spans, applied, growth, patched, steps

__all__ = [
    "OWN",
    "SHARED",
    "SURE",
    "Added",
    "Cut",
    "Item",
    "Joined",
    "Moved",
    "Part",
    "Patch",
    "Plan",
    "Removed",
    "Shaped",
    "Spans",
    "Words",
    "applied",
    "clauses_of",
    "glue",
    "glued",
    "growth",
    "parties_of",
    "patched",
    "plan",
    "steps",
]

SURE = 80  # percent: pairs that are less alike, without ids, are for a person to decide
SHARED = 30  # percent of the base's clauses that a file without ids must share with it, to be about this text at all


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one clause. ``base`` and ``theirs`` are its whole text before and after (real Unicode)."""

    item: str
    clause: str
    base: str
    theirs: str
    patches: tuple[Patch, ...]
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Added:
    """A new clause, number ``at`` of the file. ``parts`` are its text and who wrote it."""

    item: str
    at: int
    kind: ClauseKind
    depth: int
    lang: str
    text: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Removed:
    """A clause that the file has no more, deleted by ``party``."""

    item: str
    clause: str
    base: str
    party: str = OWN


@dataclass(frozen=True, slots=True)
class Moved:
    """A clause that stands elsewhere, as number ``at`` of the file. ``following``: those of its sub-clauses that stand
    behind it there."""

    item: str
    at: int
    clause: str
    following: tuple[str, ...] = ()
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Shaped:
    """A clause of another kind or depth."""

    item: str
    clause: str
    kind: ClauseKind
    depth: int
    lang: str
    was: tuple[ClauseKind, int]


@dataclass(frozen=True, slots=True)
class Cut:
    """A clause that the file splits: into ``texts``, its clauses number ``at``. The patches make of the base the texts
    joined; that is cut at ``ends``, which are ``places`` in the base (UTF-16 units)."""

    item: str
    at: tuple[int, ...]
    clause: str
    base: str
    texts: tuple[str, ...]
    patches: tuple[Patch, ...]
    ends: tuple[int, ...]
    places: tuple[int, ...]
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Joined:
    """Neighbours that the file joins into its clause number ``at``: ``clauses`` with texts ``bases``. The patches stand
    on those texts with a space between them (``glue``)."""

    item: str
    at: int
    clauses: tuple[str, ...]
    bases: tuple[str, ...]
    theirs: str
    patches: tuple[Patch, ...]
    sure: bool = True


Item: TypeAlias = Words | Added | Removed | Moved | Shaped | Cut | Joined


@dataclass(frozen=True, slots=True)
class Plan:
    """The items, and which clause of the base each clause of the file is (None: a new one). ``base`` has the ids of the
    base's clauses, in order, ``parties`` those in whose name something is done (``OWN`` is none)."""

    items: tuple[Item, ...]
    pairs: tuple[str | None, ...]
    base: tuple[str, ...]
    parties: frozenset[str] = frozenset()

    @property
    def touched(self) -> frozenset[str]:
        """The clauses of the base that something is done to."""
        return frozenset(clause for item in self.items for clause in clauses_of(item))


def clauses_of(item: Item) -> tuple[str, ...]:
    """The clauses of the base that an item is about; the first stands for it."""
    if isinstance(item, Added):
        return ()
    return item.clauses if isinstance(item, Joined) else (item.clause,)


def plan(base: Sequence[Clause], parsed: Parsed, parties: Mapping[str, str] | None = None) -> Plan:
    """What the file does to ``base``. ``parties`` goes from names of authors to party ids; who is not in it is the
    bringer's own.

    Raises Invalid when the file shares so little with the base that it must be of another text.
    """
    made = _Planning(base, parsed, parties or {})
    items = made.items()
    parties_ = frozenset(party for item in items for party in parties_of(item))
    return Plan(tuple(items), tuple(made.pairs), tuple(clause.id for clause in base), parties_)


def glue(before: str, after: str) -> str:
    """What stands between two texts that are joined: a space, unless one is there."""
    return " " if before and after and before[-1] != " " and after[0] != " " else ""


def glued(texts: Sequence[str]) -> str:
    """Texts joined as the room joins clauses."""
    whole = ""
    for text in texts:
        whole += glue(whole, text) + text
    return whole


# ── planning ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Planning:
    def __init__(self, base: Sequence[Clause], parsed: Parsed, parties: Mapping[str, str]) -> None:
        self.base = base
        self.parsed = parsed
        self.parties = parties
        new = [Clause(c.id, c.kind, c.depth, c.text, "", c.lang) for c in parsed.clauses]
        self.rows = [row for row in compare(base, new).rows if row.change is not What.MOVED_AWAY]
        self.pairs: list[str | None] = [None] * len(new)
        self.parts: dict[int, list[Row]] = defaultdict(list)  # by the place of the old clause
        self.joined: dict[int, list[Row]] = defaultdict(list)  # by the place of the new one
        for row in self.rows:
            if row.change is What.SPLIT and row.parent_at is not None:
                self.parts[row.parent_at].append(row)
            elif row.change is What.MERGED and row.parent_at is not None:
                self.joined[row.parent_at].append(row)
            elif row.old is not None and row.new_at is not None:
                self.pairs[row.new_at] = row.old.id
        self._refuse_another_text()
        self.struck = {clause.id: clause for clause in parsed.rejected if clause.id and clause.pieces}
        self.struck_texts = {clause.text: clause for clause in parsed.rejected if clause.pieces}
        self._items: list[Item] = []

    def _refuse_another_text(self) -> None:
        known = {clause.id for clause in self.base}
        if not self.base or any(clause.id in known for clause in self.parsed.clauses):
            return
        if sum(pair is not None for pair in self.pairs) * 100 < SHARED * len(self.base):
            raise Invalid("another_text", "This has too little in common with the text it should have been made from.")

    def items(self) -> list[Item]:
        for row in self.rows:
            self._row(row)
        return self._items

    def _name(self) -> str:
        return str(len(self._items) + 1)

    def _add(self, item: Item) -> None:
        self._items.append(item)

    def _row(self, row: Row) -> None:
        if row.change is What.INSERTED and row.new_at is not None:
            self._added(row.new_at)
        elif row.change is What.DELETED and row.old is not None:
            self._add(Removed(self._name(), row.old.id, row.old.text, self._striker(row.old)))
        elif row.old is not None and row.new is not None:
            self._pair(row, row.old, row.new)

    def _pair(self, row: Row, old: Clause, new: Clause) -> None:
        at_old, at_new = row.old_at or 0, row.new_at or 0
        cut, joined = self.parts.get(at_old, []), self.joined.get(at_new, [])
        if row.change in {What.MOVED, What.MOVED_CHANGED}:
            sure = row.confidence >= SURE
            self._add(Moved(self._name(), at_new, old.id, tuple(self._following(at_new)), sure))
        if cut:
            self._cut(row, old, cut, loose=bool(joined))
        elif joined:
            self._joined(row, joined)
        elif old.text != new.text or self._tracked(at_new):
            patches = patched(old.text, self._pieces([at_new]), self._whose)
            if patches:
                sure = row.confidence >= SURE
                self._add(Words(self._name(), old.id, old.text, new.text, patches, sure))
        if row.kind_changed and new.id == old.id:
            lang = new.lang or old.lang
            self._add(Shaped(self._name(), old.id, new.kind, new.depth, lang, (old.kind, old.depth)))

    def _tracked(self, at: int) -> bool:
        return any(piece.ins is not None or piece.dele is not None for piece in self.parsed.clauses[at].pieces)

    def _added(self, at: int) -> None:
        clause = self.parsed.clauses[at]
        parts = tuple(
            Part(widen(piece.text), OWN if piece.ins is None else self._whose(piece.ins), self._striking(piece))
            for piece in self._pieces([at])
        )
        self._add(Added(self._name(), at, clause.kind, clause.depth, clause.lang, clause.text, parts))

    def _cut(self, row: Row, old: Clause, cut: Sequence[Row], *, loose: bool) -> None:
        """``loose``: words of other clauses went into it too, which is too much to be done without asking."""
        places = sorted([row.new_at or 0, *(part.new_at or 0 for part in cut)])
        texts = [self.parsed.clauses[at].text for at in places]
        patches = patched(old.text, self._pieces(places), self._whose)
        ends: list[int] = []
        for text in texts[:-1]:
            ends.append((ends[-1] if ends else 0) + len(widen(text)))
        cuts = tuple(_place_before(patches, len(widen(old.text)), end) for end in ends)
        in_a_row = places == list(range(places[0], places[0] + len(places)))
        sure = min(row.confidence, *(part.confidence for part in cut)) >= SURE and in_a_row and not loose
        self._add(Cut(self._name(), tuple(places), old.id, old.text, tuple(texts), patches, tuple(ends), cuts, sure))

    def _joined(self, row: Row, joined: Sequence[Row]) -> None:
        olds = sorted([row, *joined], key=lambda one: one.old_at or 0)
        clauses = [one.old for one in olds if one.old is not None]
        bases = [clause.text for clause in clauses]
        at = row.new_at or 0
        patches = patched(glued(bases), self._pieces([at]), self._whose)
        places = [one.old_at or 0 for one in olds]
        in_a_row = places == list(range(places[0], places[0] + len(places)))
        sure = min(row.confidence, *(one.confidence for one in joined)) >= SURE and in_a_row
        theirs = self.parsed.clauses[at].text
        ids = tuple(clause.id for clause in clauses)
        self._add(Joined(self._name(), at, ids, tuple(bases), theirs, patches, sure))

    def _following(self, at: int) -> Iterable[str]:
        """The sub-clauses that stand behind a clause of the file, as far as they are in the base."""
        first = self.parsed.clauses[at]
        depth = first.depth if first.kind is ClauseKind.SUB else 0
        if first.kind is ClauseKind.HEADING:
            return
        for place in range(at + 1, len(self.pairs)):
            other = self.parsed.clauses[place]
            if other.kind is not ClauseKind.SUB or other.depth <= depth:
                return
            pair = self.pairs[place]
            if pair is not None:
                yield pair

    # ── whose words ──

    def _whose(self, signed: Signed) -> str:
        return self.parties.get(signed.author, OWN)

    def _striking(self, piece: Piece) -> str | None:
        return None if piece.dele is None else self._whose(piece.dele)

    def _striker(self, old: Clause) -> str:
        """Who deleted a whole clause: the file's rejected text has it."""
        found = self.struck.get(old.id) or self.struck_texts.get(old.text)
        who = {self._whose(p.dele) for p in found.pieces if p.dele is not None} if found else set()
        return who.pop() if len(who) == 1 else OWN

    def _pieces(self, places: Sequence[int]) -> list[Piece]:
        return [piece for at in places for piece in _pieces_of(self.parsed.clauses[at])]


def _pieces_of(clause: ParsedClause) -> Sequence[Piece]:
    """The pieces of a clause, if they spell its text; else the text itself."""
    told = "".join(piece.text for piece in clause.pieces if piece.dele is None)
    return clause.pieces if told == clause.text else (Piece(clause.text),)


def _place_before(patches: Sequence[Patch], length: int, at: int) -> int:
    """Where a place of the text after the patches is in the base: at the end of what it stands behind."""
    shift = 0
    for patch in patches:
        if at < patch.start + shift:
            break
        if at <= patch.start + shift + len(patch.text):
            return patch.end if at == patch.start + shift + len(patch.text) else patch.start
        shift += len(patch.text) - (patch.end - patch.start)
    return min(length, at - shift)


def parties_of(item: Item) -> set[str]:
    """The parties in whose name an item is done (``OWN`` is none)."""
    if isinstance(item, Removed):
        who = {item.party}
    elif isinstance(item, Added):
        who = {by for part in item.parts for by in (part.ins, part.dele) if by is not None}
    elif isinstance(item, Words | Cut | Joined):
        who = {by for p in item.patches for part in p.parts for by in (part.ins, part.dele) if by is not None}
    else:
        who = set()
    return who - {OWN}
