"""What a merge came to, item by item: its report in the making. No I/O."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from drafts.change import narrow, widen
from drafts.merge import Added, Cut, Item, Joined, Moved, Removed, Shaped, Words, clauses_of, glued
from drafts.outside import Clash, Done, Kind, Report, Why
from drafts.patches import Patch, applied
from drafts.state import ClauseState, State
from drafts.words import word_count

_KINDS: dict[type, Kind] = {
    Words: Kind.EDIT,
    Added: Kind.INSERT,
    Removed: Kind.DELETE,
    Moved: Kind.MOVE,
    Cut: Kind.SPLIT,
    Joined: Kind.JOIN,
    Shaped: Kind.SHAPE,
}


@dataclass(slots=True)
class Told:
    """An item for the report; its label is known when all is done."""

    done: Done
    at: int | None = None


@dataclass(slots=True)
class Tally:
    """The items as they are decided. ``ids`` goes from a clause's number in the file to its id."""

    state: State
    ids: dict[int, str]
    done: list[Told] = field(default_factory=list)
    already: list[Told] = field(default_factory=list)
    commented: list[Told] = field(default_factory=list)
    proposed: list[Told] = field(default_factory=list)
    left: list[Told] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.labels = self._labels()

    def _state(self, clause: str) -> ClauseState:
        return self.state.by_id[clause]

    def tell(
        self, where: list[Told], item: Item, patches: Sequence[Patch] | None = None, proposal_id: str = ""
    ) -> None:
        """An item, or these patches of it, needs nobody: ``where`` is one of the lists of this tally. ``proposal_id``:
        the proposal that it became."""
        clause = next(iter(clauses_of(item)), None)
        base, text = _before_and_after(item, patches)
        counted, party = _count(item, patches), _party(item, patches)
        done = Done(item.item, _KINDS[type(item)], clause, "", counted, base, text, party, proposal_id)
        where.append(Told(done, item.at if isinstance(item, Added) else None))

    def _name(self, item: Item) -> str:
        taken = sum(clash.id.partition(".")[0] == item.item for clash in self.clashes)
        return f"{item.item}.{taken}" if taken else item.item

    def clash(
        self,
        item: Item,
        why: Why,
        patches: Sequence[Patch],
        *,
        after: str | None = None,
        shape: tuple[str, int, str] | None = None,
    ) -> None:
        """An item, or these patches of it, is for a person to decide."""
        if isinstance(item, Added):
            self.clashes.append(
                Clash(self._name(item), why, Kind.INSERT, None, "", "", item.text, "", after=after, shape=shape)
            )
            return
        clause = next(iter(clauses_of(item)))
        state = self._state(clause)
        base, theirs = _before_and_after(item, patches)
        live = state.text if state.gone is None else ""
        if isinstance(item, Moved | Shaped):
            base = theirs = live
        clash = Clash(self._name(item), why, _KINDS[type(item)], clause, "", base, theirs, live)
        parts = item.texts if isinstance(item, Cut) else ()
        of = item.clauses[1:] if isinstance(item, Joined) else ()
        self.clashes.append(replace(clash, parts=parts, after=after, shape=shape, of=of))

    def report(self, brought: str, base_seq: int, seq: int, remarks: int, notes: tuple[str, ...]) -> Report:
        """What it came to; the arguments as in ``Report``."""
        labels = self.labels | self._labels()
        return Report(
            brought,
            base_seq,
            seq,
            tuple(self._labelled(self.done, labels)),
            tuple(replace(clash, label=labels.get(clash.clause or "", "")) for clash in self.clashes),
            tuple(self._labelled(self.already, labels)),
            tuple(self._labelled(self.commented, labels)),
            remarks,
            notes,
            tuple(self._labelled(self.proposed, labels)),
            tuple(self._labelled(self.left, labels)),
        )

    def _labelled(self, told: Iterable[Told], labels: dict[str, str]) -> Iterator[Done]:
        for one in told:
            clause = one.done.clause if one.at is None else self.ids.get(one.at)
            yield replace(one.done, clause=clause, label=labels.get(clause or "", ""))

    def _labels(self) -> dict[str, str]:
        return self.state.addresses()


def proposal(item: Item, behind: str) -> str:
    """An item in words, for a comment. ``behind``: what a moved clause is to stand behind ('' for the front)."""
    if isinstance(item, Words | Joined):
        return f"Proposed wording: {item.theirs}"
    if isinstance(item, Cut):
        return "\n".join(["Proposed as clauses of their own:", *item.texts])
    if isinstance(item, Added):
        return f"Proposed new clause: {item.text}"
    if isinstance(item, Moved):
        return f"Proposed place: behind {behind}" if behind else "Proposed place: at the beginning"
    if isinstance(item, Shaped):
        return f"Proposed kind: {item.kind.value.replace('_', ' ')}, depth {item.depth}"
    return "Proposed: to delete this clause."


def _before_and_after(item: Item, patches: Sequence[Patch] | None) -> tuple[str, str]:
    if isinstance(item, Words | Cut | Joined):
        base = glued(item.bases) if isinstance(item, Joined) else item.base
        return base, narrow(applied(widen(base), patches or ()))
    if isinstance(item, Added):
        return "", item.text
    return (item.base, "") if isinstance(item, Removed) else ("", "")


def _count(item: Item, patches: Sequence[Patch] | None) -> int:
    if isinstance(item, Added):
        return word_count(item.text)
    if isinstance(item, Removed):
        return word_count(item.base)
    changed = (part.text for patch in patches or () for part in patch.parts if part.ins != part.dele)
    return sum(word_count(narrow(text)) for text in changed)


def _party(item: Item, patches: Sequence[Patch] | None) -> str | None:
    if isinstance(item, Removed):
        return item.party or None
    parts = item.parts if isinstance(item, Added) else [part for patch in patches or () for part in patch.parts]
    who = {by for part in parts for by in (part.ins, part.dele) if by is not None}
    return (who.pop() or None) if len(who) == 1 else None
