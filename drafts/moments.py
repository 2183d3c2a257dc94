"""Who wrote and who removed each word between any two points of a draft, to the single act.

The same fold as the redline's, with the number of the act in the place of the epoch: every piece of text knows the act
that wrote it and the act that struck it out. Pieces are never thrown away, so the text of a clause at any act is a
choice among them (``Moments.text``). Splits and joins carry pieces from clause to clause; to look at an earlier moment
they are undone, the last one first.

Points are numbers of acts: "at 12" is the draft after act 12. Of two points either may be the later one; what made the
difference between them is the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count, groupby
from typing import NamedTuple

from drafts.acts import Act, ActKind
from drafts.blocks import Blocks
from drafts.change import Change, narrow, widen
from drafts.redline import Mark, Segment, cut, live
from drafts.words import Hunk, Op

_KEPT_POINTS = 16


class Moment(NamedTuple):
    """An act as the record names it; ``at`` is UTC milliseconds."""

    seq: int
    at: int
    person_id: str
    party_id: str


class Piece(NamedTuple):
    """A run of (wide) text that was written by one act and, unless ``dele`` is 0, struck out by one."""

    text: str
    ins: int
    dele: int
    joins: tuple[int, ...]  # the acts that brought it into another clause by a join

    def stands(self, seq: int) -> bool:
        """Whether it is part of a text at this point."""
        return self.ins <= seq and not 0 < self.dele <= seq


class Absence(NamedTuple):
    """A time in which a clause was not there: from act ``start`` to before act ``end`` (0: it is not back)."""

    start: int
    end: int
    reason: str
    into: str  # the clause that it was joined into; '' when it was deleted


class Run(NamedTuple):
    """Words of one history: KEPT, INS (``ins`` wrote them after the old point), DEL (``dele`` removed them) or INSDEL
    (``ins`` wrote and ``dele`` removed them, both after the old point)."""

    text: str
    mark: Mark
    ins: Moment
    dele: Moment | None


class _Cut(NamedTuple):
    """A split of ``clause`` into itself and ``other``, or a join of ``other`` into ``clause``."""

    seq: int
    clause: str
    other: str
    joined: bool


class Moments:
    """A draft's words with their acts, as its log has them up to ``seq``. Not changed once it is made, so several
    threads may read it."""

    def __init__(self, acts: Iterable[Act]) -> None:
        replay = _Replay()
        for act in acts:
            replay.apply(act)
        self.seq = replay.seq
        self._moments = replay.moments
        self._absences = replay.absences
        self._structure = replay.structure
        spans = [span for found in replay.absences.values() for span in found]
        self._reasons = {span.start: span.reason for span in spans if span.reason}
        self._cuts = replay.cuts
        self.pieces: list[Piece] = []
        number = count()
        self._last: dict[str, list[int]] = {}
        for clause, blocks in replay.texts.items():
            segments = blocks.segments
            self._last[clause] = [next(number) for _ in segments]
            self.pieces += (Piece(s.text, s.ins, max(s.dele, 0), replay.trails[s.by]) for s in segments)
        self._places: dict[int, tuple[Mapping[str, list[int]], Mapping[int, str]]] = {}

    # ── texts ──

    def text(self, clause_id: str, seq: int) -> str:
        """The clause's text at a point; '' where it had none. That of a deleted clause is its last."""
        return narrow("".join(self.pieces[i].text for i in self.standing(clause_id, seq)))

    def standing(self, clause_id: str, seq: int) -> list[int]:
        """Numbers of the pieces that are the clause's text at a point, in order."""
        return [i for i in self._at(seq)[0].get(clause_id, ()) if self.pieces[i].stands(seq)]

    def home(self, piece: int, seq: int) -> str:
        """The clause whose text the piece is in at a point (or would be in)."""
        return self._at(seq)[1][piece]

    def absence(self, clause_id: str, seq: int) -> Absence | None:
        """How the clause went that is not there at a point; None when it is there or was not made yet."""
        for absence in self._absences.get(clause_id, ()):
            if absence.start <= seq and (not absence.end or seq < absence.end):
                return absence
        return None

    def shown(self, piece: int, seq: int) -> bool:
        """Whether the piece is read at a point: it stands, in a clause that is there."""
        return self.pieces[piece].stands(seq) and self.absence(self.home(piece, seq), seq) is None

    def moment(self, seq: int) -> Moment:
        """The act with this number."""
        return self._moments[seq]

    def reason(self, seq: int) -> str:
        """The reason that a deletion gave; '' for other acts."""
        return self._reasons.get(seq, "")

    def structure(self, clause_id: str, old: int, new: int) -> tuple[Moment, ...]:
        """The acts between two points that made, cut, joined, moved, deleted, restored or reshaped the clause."""
        low, high = sorted((old, new))
        return tuple(self._moments[seq] for seq in self._structure.get(clause_id, ()) if low < seq <= high)

    def cuts(self, clause_id: str, old: int, new: int) -> list[int]:
        """The acts between two points that split the clause or joined another to it, or it to another."""
        low, high = sorted((old, new))
        return [one.seq for one in self._cuts if low < one.seq <= high and clause_id in (one.clause, one.other)]

    # ── between two points ──

    def cause(self, piece: int, here: int, there: int) -> int:
        """The act that made a piece which is read at ``here`` not be read at ``there``; 0 when it is read there too."""
        found = self.pieces[piece]
        if not found.stands(there):
            return found.dele if here < there else found.ins
        absence = self.absence(self.home(piece, there), there)
        if absence is None:
            return 0
        return absence.start if here < there else absence.end

    def between(self, clause_id: str, old: int, new: int, *, taken_back: bool = False) -> list[Run]:
        """What became of a clause's words from the point ``old`` to the later point ``new``. What was cut off is told
        with the clause it went to; of a clause that was joined into another, what it had is told as it went on.

        ``taken_back``: also what one party wrote and another removed between the two, which is in neither text.
        """
        places = self._at(new)[0].get(clause_id) or self._at(old)[0].get(clause_id) or []
        marked = [(i, mark) for i in places if (mark := self._mark(i, old, new, taken_back)) is not None]

        def history(one: tuple[int, Mark]) -> tuple[Mark, int, int]:
            return one[1], self.pieces[one[0]].ins, self._ended(one[0], new)

        return [
            Run(
                narrow("".join(self.pieces[i].text for i, _ in same)),
                mark,
                self._moments[ins],
                self._moments[dele] if dele else None,
            )
            for (mark, ins, dele), same in groupby(marked, key=history)
        ]

    def _mark(self, piece: int, old: int, new: int, taken_back: bool) -> Mark | None:
        before, after = self.pieces[piece].stands(old), self.pieces[piece].stands(new)
        if before:
            return Mark.KEPT if after else Mark.DEL
        if after:
            return Mark.INS
        found = self.pieces[piece]
        if not taken_back or found.ins <= old or not 0 < found.dele <= new:
            return None
        one, other = self._moments[found.ins].party_id, self._moments[found.dele].party_id
        return Mark.INSDEL if one != other else None

    def _ended(self, piece: int, new: int) -> int:
        found = self.pieces[piece]
        return 0 if found.stands(new) else found.dele

    def of_hunks(
        self, hunks: Sequence[Hunk], olds: Sequence[str], news: Sequence[str], old: int, new: int
    ) -> list[tuple[Moment, ...]]:
        """The acts behind each hunk, in their order; none for a kept one.

        ``olds`` and ``news`` are the clauses whose texts the hunks are, one after the other: one on each side, or the
        family of a split or a merge. A word counts as changed when a letter of it did, so a hunk can name several acts;
        where the letters of a hunk are all as they were, those of the change it is part of are named, else those of
        the kept words beside it (a repeated word was typed, and the comparison took the other one for new), else the
        acts that cut or joined the clauses.
        """
        sides = {Op.DELETE: self._causes(olds, old, new), Op.INSERT: self._causes(news, new, old)}
        found: list[set[int]] = []
        for hunk in hunks:
            length = len(widen(hunk.text))
            taken = [_take(side, length) for op, side in sides.items() if hunk.op in (op, Op.KEEP)]
            found.append(set().union(*taken) - {0})
        groups = [list(group) for _, group in groupby(range(len(hunks)), lambda i: hunks[i].op is Op.KEEP)]
        cut = {m.seq for one in (*olds, *news) for m in self.structure(one, old, new)}
        told: list[set[int]] = [set() for _ in hunks]
        for group in groups:
            if hunks[group[0]].op is Op.KEEP:
                continue
            whole = set().union(*(found[i] for i in group))
            beside = set().union(*found[max(group[0] - 1, 0) : group[-1] + 2])
            for i in group:
                told[i] = found[i] or whole or beside or cut or set().union(*found)
        return [tuple(self._moments[seq] for seq in sorted(seqs)) for seqs in told]

    def _causes(self, clauses: Sequence[str], here: int, there: int) -> list[tuple[int, int]]:
        """Length and cause of every piece of the texts, the last one first (for taking from the end)."""
        told = [
            (len(self.pieces[i].text), self.cause(i, here, there)) for one in clauses for i in self.standing(one, here)
        ]
        return told[::-1]

    # ── where the pieces were ──

    def _at(self, seq: int) -> tuple[Mapping[str, list[int]], Mapping[int, str]]:
        """The pieces of every clause at a point, in order, and the clause of every piece."""
        passed = sum(1 for one in self._cuts if one.seq <= seq)
        found = self._places.get(passed)
        if found is None:
            places = self._undone(passed)
            found = places, {piece: clause for clause, pieces in places.items() for piece in pieces}
            if len(self._places) >= _KEPT_POINTS:
                self._places = {}
            self._places[passed] = found
        return found

    def _undone(self, passed: int) -> dict[str, list[int]]:
        places = dict(self._last)
        for one in reversed(self._cuts[passed:]):
            mine, other = places.get(one.clause, []), places.pop(one.other, [])
            if one.joined:
                back = [i for i in mine if one.seq in self.pieces[i].joins]
                taken = set(back)
                places[one.clause], places[one.other] = [i for i in mine if i not in taken], [*back, *other]
            else:
                places[one.clause] = [*mine, *other]
        return places


def _take(side: list[tuple[int, int]], length: int) -> set[int]:
    """The causes of the next ``length`` units, which are taken away."""
    found: set[int] = set()
    while length and side:
        size, cause = side.pop()
        found.add(cause)
        if size > length:
            side.append((size - length, cause))
        length -= min(size, length)
    return found


class _Replay:
    """The log, act by act. ``Segment.ins`` and ``dele`` are numbers of acts; ``by`` is an index of ``trails``."""

    def __init__(self) -> None:
        self.seq = 0
        self.moments: dict[int, Moment] = {}
        self.texts: dict[str, Blocks] = {}
        self.absences: dict[str, list[Absence]] = {}
        self.structure: dict[str, list[int]] = {}
        self.cuts: list[_Cut] = []
        self.trails: list[tuple[int, ...]] = [()]
        self._trail: dict[tuple[int, ...], int] = {(): 0}

    def apply(self, act: Act) -> None:
        if act.seq != self.seq + 1:
            raise ValueError(f"act {act.seq} after act {self.seq}")
        self.seq = act.seq
        self.moments[act.seq] = Moment(act.seq, act.at, act.person_id, act.party_id)
        if act.kind in (ActKind.EDIT, ActKind.CARRY):
            self._edit(act)
            return
        for clause in _concerned(act):
            self.structure.setdefault(clause, []).append(act.seq)
        step = _STEPS.get(act.kind)
        if step is not None:
            step(self, act)

    def _edit(self, act: Act) -> None:
        self.texts[_clause(act)].step(Change.from_log(act.body["change"]), act.seq)

    def _begin(self, act: Act) -> None:
        for data in act.body["clauses"]:
            self._new(data["id"], data["text"], act.seq)

    def _insert(self, act: Act) -> None:
        self._new(_clause(act), act.body["text"], act.seq)

    def _new(self, clause: str, text: str, seq: int) -> None:
        self.texts[clause] = Blocks([Segment(widen(text), seq, 0)] if text else [])

    def _split(self, act: Act) -> None:
        clause, other = _clause(act), act.body["into"]
        head, tail = cut(self.texts[clause].segments, act.body["at"])
        self.texts[clause], self.texts[other] = Blocks(head), Blocks(tail)
        self.cuts.append(_Cut(act.seq, clause, other, joined=False))

    def _join(self, act: Act) -> None:
        clause, other = _clause(act), act.body["of"]
        own = self.texts[clause].segments
        space = act.body["at"] - len(live(own))
        bridge = [Segment(" " * space, act.seq, 0)] if space else []
        brought = [s._replace(by=self._joined(s.by, act.seq)) for s in self.texts[other].segments]
        self.texts[clause], self.texts[other] = Blocks([*own, *bridge, *brought]), Blocks([])
        self.cuts.append(_Cut(act.seq, clause, other, joined=True))
        self.absences.setdefault(other, []).append(Absence(act.seq, 0, "", clause))

    def _joined(self, trail: int, seq: int) -> int:
        longer = (*self.trails[trail], seq)
        if longer not in self._trail:
            self._trail[longer] = len(self.trails)
            self.trails.append(longer)
        return self._trail[longer]

    def _delete(self, act: Act) -> None:
        self._back(_clause(act), act.seq)
        self.absences.setdefault(_clause(act), []).append(Absence(act.seq, 0, act.body["reason"], ""))

    def _restore(self, act: Act) -> None:
        self._back(_clause(act), act.seq)

    def _back(self, clause: str, seq: int) -> None:
        spans = self.absences.get(clause)
        if spans and not spans[-1].end:
            spans[-1] = spans[-1]._replace(end=seq)


_STEPS = {
    ActKind.BEGIN: _Replay._begin,
    ActKind.INSERT: _Replay._insert,
    ActKind.SPLIT: _Replay._split,
    ActKind.JOIN: _Replay._join,
    ActKind.DELETE: _Replay._delete,
    ActKind.RESTORE: _Replay._restore,
}


def _clause(act: Act) -> str:
    if act.clause_id is None:
        raise ValueError(f"act {act.seq} names no clause")
    return act.clause_id


_STRUCTURE = frozenset(
    {
        ActKind.INSERT,
        ActKind.SPLIT,
        ActKind.JOIN,
        ActKind.MOVE,
        ActKind.DELETE,
        ActKind.RESTORE,
        ActKind.SHAPE,
    }
)


def _concerned(act: Act) -> Iterator[str]:
    """The clauses whose being, place or shape an act changes. What is only said of a clause changes nothing of it, and
    is not for everybody."""
    if act.clause_id is None or act.kind not in _STRUCTURE:
        return
    yield act.clause_id
    if act.kind is ActKind.MOVE:
        yield from act.body["with"]
    elif act.kind is ActKind.SPLIT:
        yield act.body["into"]
    elif act.kind is ActKind.JOIN:
        yield act.body["of"]
