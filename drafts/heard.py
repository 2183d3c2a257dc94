"""What a compilation text says: the proposals of a clause and the positions on them, as the notation tells them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from drafts.model import ProposalKind
from drafts.notation import ORDER, Group, Notated, Says, Spot, Words, ordered, spelled


@dataclass(frozen=True, slots=True)
class Said:
    """A party's position on a proposal, or on a clause."""

    party: str
    says: Says
    place: str = ""
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """A proposal as a compilation tells it. ``parties`` are those whose words they are, sorted; ``text`` is what the
    clause would become ('' for kinds without words). ``place``: of a move, the label of the clause before."""

    kind: ProposalKind
    parties: tuple[str, ...]
    text: str = ""
    place: str = ""
    number: int = 0
    stale: bool = False
    positions: tuple[Said, ...] = ()


def heard(clause: Notated, *, stands: bool = False) -> list[Heard]:
    """The proposals of a clause, in the order in which they are met. ``stands``: the clause is one of the text, so that
    words for the whole of it are a change of an empty one."""
    found = _numbered(clause) if _has_numbers(clause) else _by_party(clause)
    if not stands:
        return found
    return [replace(one, kind=ProposalKind.MODIFY) if one.kind is ProposalKind.ADD else one for one in found]


def on_clause(clause: Notated) -> list[Said]:
    """The positions on the clause itself."""
    if _has_numbers(clause):
        return [said for group in clause.groups if not group.proposal for said in _said(group)]
    whole = _whole(clause)
    return [] if whole else [said for group in clause.groups if group.says in _POSITIONS for said in _said(group)]


_POSITIONS = frozenset({Says.SUPPORT, Says.CAN_ACCEPT, Says.RESERVE, Says.OPPOSE, Says.CONDITIONAL, Says.RETAIN})


def _has_numbers(clause: Notated) -> bool:
    return any(group.proposal for group in clause.every())


def _said(group: Group) -> list[Said]:
    return [Said(name, group.says, group.place, group.earlier) for name in group.names]


def _numbered(clause: Notated) -> list[Heard]:
    numbers = dict.fromkeys(group.proposal for group in clause.every() if group.proposal)
    return [_of_number(clause, number) for number in numbers]


def _of_number(clause: Notated, number: int) -> Heard:
    own = [group for group in clause.groups if group.proposal == number]
    stale = any(group.says is Says.STALE for group in own)
    kind, place, parties, rest = _kind_of(own)
    if kind is not None:
        text = _whole_text(clause) if kind is ProposalKind.ADD else ""
        said = [one for group in rest for one in _said(group)]
        return Heard(kind, parties, text, place, number, stale, _in_order(said))
    names: set[str] = set()
    positions: list[Said] = []
    for spot in clause.spots():
        for words in spot.all:
            for group in words.groups:
                if group.proposal == number:
                    if _proposes(words, group):
                        names |= set(group.names)
                    else:
                        positions += _said(group)
    text = _taking(clause, _Of(number))
    return Heard(ProposalKind.MODIFY, ordered(names), text, "", number, stale, _in_order(positions))


@dataclass(frozen=True, slots=True)
class _Of:
    number: int

    def __call__(self, words: Words) -> bool:
        return any(group.proposal == self.number and _proposes(words, group) for group in words.groups)


def _kind_of(own: Sequence[Group]) -> tuple[ProposalKind | None, str, tuple[str, ...], list[Group]]:
    """What the groups of one proposal behind a clause say: its kind (None: it changes words), place and parties, and
    the groups with positions on it."""
    for says, kind in (
        (Says.WORDS, ProposalKind.ADD),
        (Says.MOVE, ProposalKind.MOVE),
        (Says.DELETE, ProposalKind.DELETE),
        (Says.RETAIN, ProposalKind.NO_CHANGE),
    ):
        found = [group for group in own if group.says is says and not group.earlier]
        if found:
            rest = [group for group in own if group is not found[0] and group.says is not Says.STALE]
            return kind, found[0].place, found[0].names, rest
    return None, "", (), []


def _proposes(words: Words, group: Group) -> bool:
    return group.says is (Says.WORDS if words.proposed else Says.DELETE)


def _taking(clause: Notated, taken: Callable[[Words], bool]) -> str:
    def chosen(spot: Spot) -> str:
        mine = [words.text for words in spot.others if taken(words)]
        if mine:
            return " ".join(mine)
        stays = spot.base is not None and not taken(spot.base)
        return spot.base.text if stays and spot.base else ""

    return spelled(clause.parts, chosen)


def _whole_text(clause: Notated) -> str:
    return spelled(clause.parts, lambda spot: spot.base.text if spot.base else "")


def _in_order(said: Iterable[Said]) -> tuple[Said, ...]:
    return tuple(sorted(said, key=lambda one: (ORDER[one.says], one.party, one.place, one.earlier)))


def _by_party(clause: Notated) -> list[Heard]:
    """Without numbers: parties whose words are the same are behind one proposal."""
    every = [words for spot in clause.spots() for words in spot.all]
    marks: dict[str, list[int]] = {}
    together: dict[tuple[int, ...], list[str]] = {}
    for at, words in enumerate(every):
        for group in words.groups:
            if _proposes(words, group):
                for name in group.names:
                    marks.setdefault(name, []).append(at)
    for name, found_at in marks.items():
        together.setdefault(tuple(dict.fromkeys(found_at)), []).append(name)
    stale = {name for group in clause.groups if group.says is Says.STALE for name in group.names}
    found = []
    for places, names in together.items():
        taken = frozenset(id(every[at]) for at in places)
        said = [one for at in places for group in _remarks(every[at]) for one in _said(group)]
        text = _taking(clause, _Among(taken))
        parties = ordered(names)
        told = Heard(ProposalKind.MODIFY, parties, text, stale=bool(stale & set(names)), positions=_in_order(said))
        found.append(told)
    return [*found, *_whole(clause)]


@dataclass(frozen=True, slots=True)
class _Among:
    taken: frozenset[int]

    def __call__(self, words: Words) -> bool:
        return id(words) in self.taken


def _remarks(words: Words) -> list[Group]:
    return [group for group in words.groups if not _proposes(words, group)]


def _whole(clause: Notated) -> list[Heard]:
    """The proposals that groups behind a clause tell, where they have no numbers."""
    stale = {name for group in clause.groups if group.says is Says.STALE for name in group.names}
    wanted = {Says.WORDS} if clause.proposed else {Says.MOVE, Says.DELETE}
    proposing = [group for group in clause.groups if group.says in wanted and not group.earlier]
    if not proposing:
        proposing = [group for group in clause.groups if group.says is Says.RETAIN and not group.earlier]
    kinds = {Says.WORDS: ProposalKind.ADD, Says.MOVE: ProposalKind.MOVE, Says.DELETE: ProposalKind.DELETE}
    said = [
        one
        for group in clause.groups
        if group.says in _POSITIONS | {Says.DELETE} and group not in proposing
        for one in _said(group)
    ]
    return [
        Heard(
            kinds.get(group.says, ProposalKind.NO_CHANGE),
            group.names,
            _whole_text(clause) if group.says is Says.WORDS else "",
            group.place,
            0,
            bool(stale & set(group.names)),
            _in_order(said),
        )
        for group in proposing
    ]
