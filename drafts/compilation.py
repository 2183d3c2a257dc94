"""The compilation text of a draft: every proposal on the table in its place, in the notation of ``notation.py``. Pure.

Nothing of it is kept: it follows from the live text, the table (``floor.py``) and what parties are called. The rules:

- *modify, editorial*: the proposal as it reads today (``readings.against``). Words that it puts in stand in brackets
  with the parties behind, words that it takes out in brackets with ``(…: delete)``. Where proposals meet, with no word
  between, the place is told once: the words that stand, and what each makes of them, as alternatives (``spots.py``).
- *delete*: the whole clause in a bracket; *move* and *no change*: said behind the clause; *add*: a clause of its own
  behind the one it is to follow, called bis, ter, quater. What comes to "as it stands" is told as no change.
- *Equal* proposals are told once, with all names. The proposer, its sponsors and who supports the wording are named
  alike; other positions follow the first words of a proposal: oppose is ``retain`` for words that stand, ``delete`` for
  new ones, ``oppose`` where there are no words. Positions on an earlier wording say so.
- *Stale* ones (their words, their clause or its neighbour changed) stand with both readings, as far as there is a
  place, and say ``on an earlier text``. A proposal without words whose clause is gone has no place: ``loose``.
- Brackets of the text stay. Only words change places with brackets, never letters; what is emphasised is not cut.

Taking no proposal gives the live text to the letter, taking one alone gives what it makes of that text.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from drafts import readings
from drafts.floor import Tabled
from drafts.model import Clause, ClauseKind, ProposalKind, Stance
from drafts.notated import write
from drafts.notation import Group, Notated, Says, Spot, Words, in_order, ordered
from drafts.numbering import as_issued, full, labels
from drafts.readings import REWORDING, Reading
from drafts.spots import Places
from drafts.state import State

_NOTATION: Final = frozenset("(\\")  # a text without these is never taken for the notation
_SAYS: Final = {
    Stance.SUPPORT: Says.SUPPORT,
    Stance.CAN_ACCEPT: Says.CAN_ACCEPT,
    Stance.RESERVE: Says.RESERVE,
    Stance.OPPOSE: Says.OPPOSE,
    Stance.CONDITIONAL: Says.CONDITIONAL,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A clause of the compilation. ``clause.text`` is the text in the notation. ``base``: the text as it stands, None
    for a clause that is only proposed. ``proposals``: the numbers of those told here."""

    clause: Clause
    notated: Notated
    base: str | None
    proposals: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Compilation:
    """A compilation text. ``loose``: the numbers of proposals that have no place in the text any more. ``parties``: the
    names that it uses, sorted."""

    entries: tuple[Entry, ...]
    loose: tuple[int, ...]
    parties: tuple[str, ...]


def compiled(state: State, names: Mapping[str, str], *, positions: bool = True) -> Compilation:
    """The compilation of a draft as it stands. ``names``: what each party (id) is called, as ``notation.name_of`` has
    it. Without ``positions`` only proposers and sponsors are named."""
    return _Compiler(state, names, positions).made()


# ── proposals that come to the same ──────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Case:
    """A proposal, with those that come to the same."""

    number: int
    kind: ProposalKind
    reading: Reading
    place: str | None = None
    stale: bool = False
    numbers: list[int] = field(default_factory=list)
    backers: set[str] = field(default_factory=set)  # names
    said: dict[tuple[Stance, str, bool], set[str]] = field(default_factory=dict)  # names by stance, place, earlier
    told: bool = False  # whether its positions stand somewhere already
    _names: tuple[str, ...] = ()

    def own(self, says: Says, place: str = "") -> Group:
        """The group of those who propose; asked for when all are known."""
        self._names = self._names or ordered(self.backers)
        return Group(self._names, says, place, proposal=self.number)

    def remarks(self, against: Says) -> Iterator[Group]:
        """The positions on it, once. ``against``: what those say who oppose it."""
        if not self.told:
            for (stance, place, earlier), names in self.said.items():
                says = against if stance is Stance.OPPOSE else _SAYS[stance]
                yield Group(ordered(names), says, place, earlier, self.number)
        self.told = True


class _Compiler:
    """Makes one compilation."""

    def __init__(self, state: State, names: Mapping[str, str], positions: bool) -> None:
        self.state = state
        self.names = names
        self.known = frozenset(names.values()).__contains__
        self.positions = positions
        self.live = {clause.id: clause for clause in state.live()}
        self.addresses = dict(zip(self.live, full(list(self.live.values())), strict=True))
        self.loose: list[int] = []

    def made(self) -> Compilation:
        """All clauses in their order."""
        on: dict[str, list[Tabled]] = defaultdict(list)
        behind: dict[str | None, list[Tabled]] = defaultdict(list)
        for proposal in self.state.floor.open():
            if proposal.kind is ProposalKind.ADD:
                behind[readings.place(self.state, proposal)].append(proposal)
            else:
                on[proposal.clause or ""].append(proposal)
        entries = list(self._added(behind.get(None, ())))
        for clause in self.state.clauses:
            standing = self.live.get(clause.id)
            if standing is not None:
                entries.append(self._standing(standing, on.get(clause.id, ())))
            elif clause.id in on:
                entries += self._gone(Clause(clause.id, clause.kind, clause.depth, "", "", clause.lang), on[clause.id])
            entries += self._added(behind.get(clause.id, ()))
        used = {name for entry in entries for name in _names(entry.notated)}
        return Compilation(tuple(self._labelled(entries)), tuple(sorted(self.loose)), ordered(used))

    def _labelled(self, entries: Sequence[Entry]) -> list[Entry]:
        """With labels: what is proposed is called after the clause before it."""
        kept = as_issued(list(self.live.values()))
        named = labels([entry.clause for entry in entries], kept)
        return [
            replace(entry, clause=replace(entry.clause, label=label))
            for entry, label in zip(entries, named, strict=True)
        ]

    def _cases(self, proposals: Iterable[Tabled]) -> list[_Case]:
        """The proposals, those that come to the same as one."""
        found: dict[object, _Case] = {}
        for proposal in sorted(proposals, key=lambda one: one.number):
            reading = readings.against(self.state, proposal)
            kind = _kind(proposal, reading)
            place = readings.place(self.state, proposal) if kind is ProposalKind.MOVE else proposal.after
            words = (reading.ends, reading.conflicts) if kind in REWORDING else ()
            key = (
                ProposalKind.MODIFY if kind in REWORDING else kind, words, place, proposal.shape, bool(reading.stale),
                proposal.text if kind is ProposalKind.ADD else "",
            )  # fmt: skip
            case = found.setdefault(key, _Case(proposal.number, kind, reading, place, bool(reading.stale)))
            case.numbers.append(proposal.number)
            self._heard(case, proposal)
        return list(found.values())

    def _heard(self, case: _Case, proposal: Tabled) -> None:
        case.backers |= {self._name(party) for party in proposal.backers()}
        if not self.positions:
            return
        for party, position in self.state.floor.positions.get(proposal.id, {}).items():
            earlier = position.wording < proposal.wording
            if position.stance is Stance.SUPPORT and not earlier:
                case.backers.add(self._name(party))
            elif position.stance is not Stance.SUPPORT or self._name(party) not in case.backers:
                place = self.addresses.get(position.condition or "", "")
                case.said.setdefault((position.stance, place, earlier), set()).add(self._name(party))

    def _name(self, party: str) -> str:
        return self.names.get(party, "–")

    # ── clauses ──

    def _standing(self, clause: Clause, proposals: Iterable[Tabled]) -> Entry:
        cases = self._cases(proposals)
        rewording = [case for case in cases if case.kind in REWORDING]
        parts: tuple[str | Spot, ...] = (clause.text,) if clause.text else ()
        if rewording:
            parts = Places(clause.text, [(case, case.reading) for case in rewording], _words).parts()
        groups = [group for case in cases if case.kind not in REWORDING for group in self._whole(case)]
        groups += [case.own(Says.STALE) for case in cases if case.stale]
        groups += self._on_clause(clause.id)
        if not rewording and not groups and _NOTATION.isdisjoint(clause.text):
            return Entry(clause, Notated(parts), clause.text)
        return self._entry(clause, Notated(parts, in_order(groups)), clause.text, cases)

    def _whole(self, case: _Case) -> Iterator[Group]:
        if case.kind is ProposalKind.DELETE:
            yield case.own(Says.DELETE)
            yield from case.remarks(Says.RETAIN)
        elif case.kind is ProposalKind.MOVE:
            yield case.own(Says.MOVE, self._place(case.place))
            yield from case.remarks(Says.OPPOSE)
        else:
            yield case.own(Says.RETAIN)
            yield from case.remarks(Says.OPPOSE)

    def _place(self, after: str | None) -> str:
        """What to call the clause that something goes behind; '' for the front."""
        if after is None:
            return ""
        clause = self.state.by_id[after]
        words = "".join(char if char.isalnum() else " " for char in clause.text).split()
        return self.addresses.get(after) or f"“{' '.join(words[:4])}”"

    def _on_clause(self, clause_id: str) -> Iterator[Group]:
        if not self.positions:
            return
        held: dict[tuple[Says, str], set[str]] = defaultdict(set)
        for party, position in self.state.floor.positions.get(clause_id, {}).items():
            held[_SAYS[position.stance], self.addresses.get(position.condition or "", "")].add(self._name(party))
        for (says, place), names in held.items():
            yield Group(ordered(names), says, place)

    def _added(self, proposals: Iterable[Tabled]) -> Iterator[Entry]:
        """New clauses, one for each wording."""
        by_id = {proposal.number: proposal for proposal in proposals}
        for case in self._cases(by_id.values()):
            proposal = by_id[case.number]
            kind, depth, lang = proposal.shape or (ClauseKind.OPERATIVE, 0, "")
            yield self._new(Clause(proposal.id, kind, depth, "", "", lang), proposal.text, case)

    def _gone(self, clause: Clause, proposals: Iterable[Tabled]) -> Iterator[Entry]:
        """What is proposed on a clause that is not there any more, as a new one at its place."""
        by_number = {proposal.number: proposal for proposal in proposals}
        for case in self._cases(by_number.values()):
            if case.kind in REWORDING:
                proposal = by_number[case.number]
                yield self._new(replace(clause, id=proposal.id), proposal.text, case)
            else:
                self.loose += case.numbers

    def _entry(self, clause: Clause, notated: Notated, base: str | None, cases: Iterable[_Case]) -> Entry:
        told, text = write(notated, self.known)
        numbers = sorted(number for case in cases for number in case.numbers)
        return Entry(replace(clause, text=text), told, base, tuple(numbers))

    def _new(self, clause: Clause, text: str, case: _Case) -> Entry:
        groups = [case.own(Says.WORDS), *case.remarks(Says.DELETE)]
        if case.stale:
            groups.append(case.own(Says.STALE))
        return self._entry(clause, Notated((text,) if text else (), in_order(groups)), None, [case])


def _kind(proposal: Tabled, reading: Reading) -> ProposalKind:
    """What a proposal comes to: one that leaves the words as they are, or takes them all, is told as such."""
    if proposal.kind not in REWORDING or reading.conflicts or reading.stale:
        return proposal.kind
    if reading.ends[0] == reading.outcome:
        return ProposalKind.NO_CHANGE
    return proposal.kind if reading.outcome else ProposalKind.DELETE


def _words(text: str, cases: Sequence[_Case], says: Says) -> Words:
    """Words in a bracket: whose they are or who takes them out, and what was said to it."""
    against = Says.RETAIN if says is Says.DELETE else Says.DELETE
    return Words(text, in_order(group for case in cases for group in (case.own(says), *case.remarks(against))))


def _names(notated: Notated) -> Iterator[str]:
    for group in notated.every():
        yield from group.names
