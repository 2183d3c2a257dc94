"""What a draft is after its acts: the fold of the log, and its checkpoint.

``State.apply`` is the only place where an act takes effect: the live room, a page that reads, a heal from the log and
``adref verify`` all go through it, so that they cannot disagree.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import msgspec

from drafts.acts import Act, ActKind
from drafts.change import Change, narrow, widen
from drafts.floor import KINDS, Floor
from drafts.model import LOCKED, Clause, ClauseKind, Draft, Mode, Openness, Stage
from drafts.numbering import Kept, addresses, as_issued, labels
from drafts.redline import Segment, cut, fold, live

FORMAT = 3  # of the checkpoint; another number means: replay the log


class Stamp(NamedTuple):
    """When (epoch) and by whom (author index) something was done to a clause."""

    epoch: int
    author: int


class Gone(NamedTuple):
    """Why a clause is not there any more: deleted, or joined into another (whose text ``number`` has it from
    ``offset``)."""

    epoch: int
    author: int
    at: int
    reason: str = ""
    into: str | None = None
    number: int = 0
    offset: int = 0


class Anchor(NamedTuple):
    """Where a thread stands in its clause, UTF-16 units; None: on the clause as a whole. Empty: its words are gone."""

    start: int | None
    end: int | None

    def shifted(self, by: int) -> "Anchor":
        """The anchor ``by`` units further on."""
        return self if self.start is None or self.end is None else Anchor(self.start + by, self.end + by)

    @property
    def gone(self) -> bool:
        """Whether the commented words were deleted."""
        return self.start is not None and self.end is not None and self.start >= self.end


@dataclass(slots=True, eq=False)  # looked for in lists of hundreds, by being itself
class ClauseState:
    """One clause, there or gone; gone ones keep their place in the order for the redline."""

    id: str
    kind: ClauseKind
    depth: int
    lang: str
    born: Stamp
    number: int = 0
    segments: list[Segment] = field(default_factory=list)
    tidy: bool = False  # whether the segments come from a fold, not from a split, a join or a checkpoint
    wide: str = ""  # the live text as UTF-16 units
    state: str = "open"
    state_by: int = -1
    state_at: int = 0
    source: str | None = None  # the clause it was split from
    cut: int = 0  # the number of its text after it was last split
    gone: Gone | None = None
    moved: Stamp | None = None
    anchors: dict[str, Anchor] = field(default_factory=dict)
    made: int = 0  # the act that inserted it; 0 for one that was brought in or split off

    @property
    def text(self) -> str:
        """The live text."""
        return narrow(self.wide)

    @property
    def locked(self) -> bool:
        """Whether it is agreed, so that nobody edits it."""
        return self.state in LOCKED

    def step(self, change: Change, epoch: int, author: int, owners: Sequence[str]) -> None:
        """One more change of the text: number, words, provenance and anchors move on together."""
        self.segments = fold(self.segments, change, epoch, author, owners, tidy=self.tidy)
        self.tidy = True
        self.wide = change.apply(self.wide)
        self.number += 1
        if self.anchors:
            self.anchors = {thread: _mapped(anchor, change) for thread, anchor in self.anchors.items()}


def _mapped(anchor: Anchor, change: Change) -> Anchor:
    if anchor.start is None or anchor.end is None:
        return anchor
    start = change.map_pos(anchor.start, 1)
    return Anchor(start, max(start, change.map_pos(anchor.end, -1)))


class State:
    """A draft as it stands after act ``draft.seq``."""

    def __init__(self, draft: Draft) -> None:
        self.draft = replace(draft, seq=0)
        self.clauses: list[ClauseState] = []  # document order, gone ones included
        self.by_id: dict[str, ClauseState] = {}
        self.authors: list[tuple[str, str]] = []  # (person id, party id), in order of first act
        self.owners: list[str] = []  # party id per author
        self._author_index: dict[tuple[str, str], int] = {}
        self.epoch = 0
        self.issued: list[str] = []  # labels of the versions, in order
        self.hash = ""  # of the last version
        self.kept: dict[str, Kept] = {}  # labels of the last version, by clause, those gone among them
        self.floor = Floor()  # what lies on the table

    # ── reading ──

    def clause(self, clause_id: str) -> ClauseState | None:
        """The clause, there or gone."""
        return self.by_id.get(clause_id)

    def standing(self) -> list[ClauseState]:
        """The clauses that are there, in order."""
        return [c for c in self.clauses if c.gone is None]

    def live(self) -> list[Clause]:
        """The text as it stands, with labels."""
        return self._text(labels(self.standing(), self.kept))

    def renumbered(self) -> list[Clause]:
        """The text as a version that is issued now has it: numbered from the start."""
        return self._text(labels(self.standing()))

    def labels(self) -> dict[str, str]:
        """The label of every standing clause."""
        found = self.standing()
        return dict(zip((c.id for c in found), labels(found, self.kept), strict=True))

    def addresses(self) -> dict[str, str]:
        """The full label of every standing clause."""
        found = self.standing()
        return dict(zip((c.id for c in found), addresses(found, self.kept), strict=True))

    def _text(self, names: Sequence[str]) -> list[Clause]:
        found = zip(self.standing(), names, strict=True)
        return [Clause(c.id, c.kind, c.depth, c.text, label, c.lang) for c, label in found]

    def origins(self) -> dict[str, str]:
        """For each clause that was split off: the clause it was cut from."""
        return {c.id: c.source for c in self.clauses if c.source}

    def proposed(self) -> dict[str, int]:
        """For each clause that an accepted proposal brought in: the number of that proposal."""
        closed = reversed(self.floor.proposals.values())
        taken = {one.closing.seq: one.number for one in closed if one.closing and one.closing.seq}
        return {c.id: taken[c.made] for c in self.clauses if c.made in taken}

    def joined(self) -> dict[str, str]:
        """For each clause that was joined into another: that one."""
        return {c.id: c.gone.into for c in self.clauses if c.gone and c.gone.into}

    def anchor(self, thread_id: str) -> tuple[str, Anchor] | None:
        """The clause a thread stands on now, and where."""
        for clause in self.clauses:
            if thread_id in clause.anchors:
                return clause.id, clause.anchors[thread_id]
        return None

    def anchors(self) -> dict[str, tuple[str, Anchor]]:
        """Every anchored thread: its clause now, and where in it."""
        return {thread: (c.id, anchor) for c in self.clauses for thread, anchor in c.anchors.items()}

    def block(self, clause: ClauseState) -> list[ClauseState]:
        """The clause with the sub-clauses that belong to it, those gone among them included."""
        index = self.clauses.index(clause)
        out = [clause]
        if clause.kind is ClauseKind.HEADING:
            return out
        depth = clause.depth if clause.kind is ClauseKind.SUB else 0
        for other in self.clauses[index + 1 :]:
            if other.kind is not ClauseKind.SUB or other.depth <= depth:
                break
            out.append(other)
        return out

    # ── acts ──

    def apply(self, act: Act, change: Change | None = None) -> None:
        """Let one act take effect. Acts come in order, each seq once; ValueError for one that cannot be (a broken log).
        ``change``: the act's change where the caller has it parsed already."""
        if act.seq != self.draft.seq + 1:
            raise ValueError(f"act {act.seq} after act {self.draft.seq}")
        if act.kind in KINDS:
            self._table(act)  # makes nobody an author: all readers are told the authors, but not all of these acts
        elif act.kind in (ActKind.EDIT, ActKind.CARRY):
            self._edit(act, self._author(act), change or Change.from_log(act.body["change"]))
        else:
            _APPLY[act.kind](self, act, self._author(act))
        self.draft = replace(self.draft, seq=act.seq)

    def apply_all(self, acts: Iterable[Act]) -> None:
        """Apply acts in order."""
        for act in acts:
            self.apply(act)

    def _author(self, act: Act) -> int:
        key = (act.person_id, act.party_id)
        index = self._author_index.get(key)
        if index is None:
            index = self._author_index[key] = len(self.authors)
            self.authors.append(key)
            self.owners.append(act.party_id)
        return index

    def _get(self, clause_id: str | None) -> ClauseState:
        clause = self.by_id.get(clause_id or "")
        if clause is None:
            raise ValueError(f"no clause {clause_id}")
        return clause

    def _place(self, clauses: list[ClauseState], after: str | None) -> None:
        index = 0 if after is None else self.clauses.index(self._get(after)) + 1
        self.clauses[index:index] = clauses
        self.by_id.update({c.id: c for c in clauses})

    def _new(self, data: dict[str, Any], clause_id: str, author: int) -> ClauseState:
        clause = ClauseState(
            clause_id, ClauseKind(data["kind"]), data["depth"], data["lang"], born=Stamp(self.epoch, author)
        )
        clause.wide = widen(data["text"])
        clause.segments = [Segment(clause.wide, self.epoch, author)] if clause.wide else []
        return clause

    def _begin(self, act: Act, author: int) -> None:
        clauses = [self._new(data, data["id"], author) for data in act.body["clauses"]]
        self._place(clauses, None)
        self.epoch = 1

    def _edit(self, act: Act, author: int, change: Change) -> None:
        clause = self._get(act.clause_id)
        if act.number != clause.number + 1:
            raise ValueError(f"text {act.number} of {clause.id} after text {clause.number}")
        clause.step(change, self.epoch, author, self.owners)

    def _insert(self, act: Act, author: int) -> None:
        if act.clause_id is None or act.clause_id in self.by_id:
            raise ValueError(f"clause {act.clause_id} cannot be inserted")
        clause = self._new(act.body, act.clause_id, author)
        clause.made = act.seq
        self._place([clause], act.body["after"])

    def _split(self, act: Act, author: int) -> None:
        clause = self._get(act.clause_id)
        at: int = act.body["at"]
        head, tail = cut(clause.segments, at)
        new = ClauseState(act.body["into"], clause.kind, clause.depth, clause.lang, born=Stamp(self.epoch, author))
        new.segments, new.wide, new.source = tail, live(tail), clause.id
        for thread, anchor in list(clause.anchors.items()):
            if anchor.start is not None and anchor.end is not None and anchor.start >= at and not anchor.gone:
                new.anchors[thread] = anchor.shifted(-at)
                del clause.anchors[thread]
        change = Change.from_log(act.body["change"])
        clause.segments, clause.wide, clause.number = head, change.apply(clause.wide), clause.number + 1
        clause.tidy, clause.cut = False, clause.number
        clause.anchors = {thread: _mapped(anchor, change) for thread, anchor in clause.anchors.items()}
        self._place([new], clause.id)

    def _join(self, act: Act, author: int) -> None:
        clause, other = self._get(act.clause_id), self._get(act.body["of"])
        at: int = act.body["at"]
        change = Change.from_log(act.body["change"])
        space = at - len(clause.wide)
        bridge = [Segment(" " * space, self.epoch, author)] if space else []
        clause.segments = [*clause.segments, *bridge, *other.segments]
        clause.tidy = False
        clause.wide, clause.number = change.apply(clause.wide), clause.number + 1
        for thread, anchor in other.anchors.items():
            clause.anchors[thread] = anchor.shifted(at)
        other.gone = Gone(self.epoch, author, act.at, "", clause.id, clause.number, at)
        other.segments, other.wide, other.anchors = [], "", {}

    def _move(self, act: Act, author: int) -> None:
        clause = self._get(act.clause_id)
        block = [clause, *(self._get(other) for other in act.body["with"])]
        ids = {c.id for c in block}
        self.clauses = [c for c in self.clauses if c.id not in ids]
        self._place(block, act.body["after"])
        clause.moved = Stamp(self.epoch, author)

    def _delete(self, act: Act, author: int) -> None:
        self._get(act.clause_id).gone = Gone(self.epoch, author, act.at, act.body["reason"])

    def _restore(self, act: Act, _author: int) -> None:
        self._get(act.clause_id).gone = None

    def _shape(self, act: Act, _author: int) -> None:
        clause = self._get(act.clause_id)
        clause.kind, clause.depth, clause.lang = ClauseKind(act.body["kind"]), act.body["depth"], act.body["lang"]

    def _lock(self, act: Act, author: int) -> None:
        clause = self._get(act.clause_id)
        clause.state, clause.state_by, clause.state_at = act.body["state"], author, act.at

        self.floor.lock(act)

    def _table(self, act: Act) -> None:
        self.floor.apply(act, own=bool(self.draft.parent))
        if act.kind is ActKind.BRACKET and act.clause_id is not None:
            anchors = self._get(act.clause_id).anchors
            if act.body["from"] is None:
                anchors.pop(f"b:{act.body['note']}", None)
            else:  # it holds on to the opening glyph: gone with it, whatever becomes of the words
                anchors[f"b:{act.body['note']}"] = Anchor(act.body["from"], act.body["from"] + 1)

    def _set(self, act: Act, _author: int) -> None:
        facts = {name: _FACTS.get(name, _same)(value) for name, value in act.body.items()}
        self.draft = replace(self.draft, **facts)
        if "circle" in facts:
            self.floor.pledged = [party for party in self.floor.pledged if party in self.draft.circle]

    def _issue(self, act: Act, _author: int) -> None:
        self.issued.append(act.body["label"])
        self.hash = act.body["hash"]
        self.epoch = len(self.issued) + 1
        self.kept = as_issued(self.renumbered())

    def _mark(self, act: Act, _author: int) -> None:
        if act.clause_id is not None:
            self._get(act.clause_id).anchors[act.body["thread"]] = Anchor(act.body["from"], act.body["to"])

    # ── checkpoint ──

    def to_bytes(self) -> bytes:
        """The state as a checkpoint keeps it."""
        return _encoder.encode(
            {
                "format": FORMAT,
                "epoch": self.epoch,
                "issued": self.issued,
                "hash": self.hash,
                "kept": self.kept,
                "authors": self.authors,
                "clauses": [_pack(c) for c in self.clauses],
                "floor": self.floor.to_bytes(),
            }
        )

    @classmethod
    def restore(cls, draft: Draft, checkpoint: tuple[int, bytes] | None, tail: Iterable[Act]) -> "State":
        """From a checkpoint (its seq and bytes) and the acts after it. ``draft`` gives title, mode and the other
        facts as they are after the tail."""
        state = cls(draft)
        if checkpoint is not None:
            state._load(*checkpoint)
        state.apply_all(tail)
        state.draft = replace(draft, seq=state.draft.seq)
        return state

    def _load(self, seq: int, data: bytes) -> None:
        raw = msgspec.msgpack.decode(data)
        if raw["format"] != FORMAT:
            raise ValueError("a checkpoint of another format")
        self.draft = replace(self.draft, seq=seq)
        self.epoch, self.issued, self.hash = raw["epoch"], raw["issued"], raw["hash"]
        self.kept = {clause: Kept(*kept) for clause, kept in raw["kept"].items()}
        self.authors = [(person, party) for person, party in raw["authors"]]
        self.owners = [party for _, party in self.authors]
        self._author_index = {key: index for index, key in enumerate(self.authors)}
        self.clauses = [_unpack(c) for c in raw["clauses"]]
        self.by_id = {c.id: c for c in self.clauses}
        self.floor = Floor.of_bytes(raw["floor"])


def _same(value: Any) -> Any:
    return value


# What the facts that a ``set`` act names are in the draft.
_FACTS: dict[str, Callable[[Any], Any]] = {
    "mode": Mode,
    "stage": Stage,
    "proposals": Openness,
    "positions": Openness,
    "circle": tuple,
}

_encoder = msgspec.msgpack.Encoder()

_APPLY = {
    ActKind.BEGIN: State._begin,
    ActKind.INSERT: State._insert,
    ActKind.SPLIT: State._split,
    ActKind.JOIN: State._join,
    ActKind.MOVE: State._move,
    ActKind.DELETE: State._delete,
    ActKind.RESTORE: State._restore,
    ActKind.SHAPE: State._shape,
    ActKind.LOCK: State._lock,
    ActKind.SET: State._set,
    ActKind.ISSUE: State._issue,
    ActKind.MARK: State._mark,
}


def _pack(c: ClauseState) -> list[Any]:
    return [
        c.id,
        c.kind.value,
        c.depth,
        c.lang,
        c.born,
        c.number,
        [(narrow(s.text), *s[1:]) for s in c.segments],
        c.state,
        c.state_by,
        c.state_at,
        c.source,
        c.gone,
        c.moved,
        c.anchors,
        c.cut,
        c.made,
    ]


def _unpack(raw: list[Any]) -> ClauseState:
    clause = ClauseState(raw[0], ClauseKind(raw[1]), raw[2], raw[3], Stamp(*raw[4]))
    clause.number = raw[5]
    clause.segments = [Segment(widen(text), *rest) for text, *rest in raw[6]]
    clause.wide = live(clause.segments)
    clause.state, clause.state_by, clause.state_at, clause.source = raw[7], raw[8], raw[9], raw[10]
    clause.gone = Gone(*raw[11]) if raw[11] else None
    clause.moved = Stamp(*raw[12]) if raw[12] else None
    clause.anchors = {thread: Anchor(*anchor) for thread, anchor in raw[13].items()}
    clause.cut, clause.made = raw[14], raw[15]
    return clause
