"""Where the parties stand on a proposal or a clause: what was said for each of them last, and how many say what.

What a party said itself goes before what was said in its name. So, the first that there is: its own position; its own
proposing or sponsoring (which is support); the position of a group that speaks for it (the latest, if there are
several); the proposing or sponsoring of such a group.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from drafts.floor import Floor, Position
from drafts.model import Stance

_NOBODY: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a party stands. ``by``: the party that said so, itself or its group. ``position`` None: it is behind the
    proposal. ``earlier``: said of an earlier wording, and not of this one."""

    party: str
    stance: Stance
    by: str
    position: Position | None
    earlier: bool

    @property
    def sponsor(self) -> bool:
        """Whether it follows from proposing or sponsoring."""
        return self.position is None


@dataclass(frozen=True, slots=True)
class Tally:
    """Who stands where. ``counts`` has every stance, those on an earlier wording (``earlier`` of them) included;
    ``by_party`` goes by the parties' ids."""

    counts: Mapping[Stance, int]
    by_party: Mapping[str, Stand]
    earlier: int = 0

    def of(self, stance: Stance) -> list[str]:
        """The parties of a stance, by their ids."""
        return [party for party, stand in self.by_party.items() if stand.stance is stance]


def of(floor: Floor, on: str, *, alignments: Mapping[str, tuple[str, ...]] = _NOBODY) -> Tally:
    """Where the parties stand on a proposal or a clause; on one that nobody spoke to, an empty tally.

    ``alignments``: for whom a party that proposes or sponsors speaks. A position knows itself in whose name it was
    taken."""
    found: dict[str, Stand] = {}
    for stand in _said(floor, on, alignments):
        found.setdefault(stand.party, stand)
    by_party = {party: found[party] for party in sorted(found)}
    counts = dict.fromkeys(Stance, 0)
    for stand in by_party.values():
        counts[stand.stance] += 1
    return Tally(counts, by_party, sum(stand.earlier for stand in by_party.values()))


def _said(floor: Floor, on: str, alignments: Mapping[str, tuple[str, ...]]) -> Iterator[Stand]:
    """What was said, the strongest first."""
    proposal = floor.proposals.get(on)
    wording = proposal.wording if proposal else 0
    backers = proposal.backers() if proposal else []
    held = floor.positions.get(on, {})
    for party, position in held.items():
        yield Stand(party, position.stance, party, position, position.wording < wording)
    for party in backers:
        yield Stand(party, Stance.SUPPORT, party, None, earlier=False)
    for position in sorted(held.values(), key=lambda one: -one.seq):
        for party in position.parties:
            yield Stand(party, position.stance, position.party, position, position.wording < wording)
    for backer in backers:
        for party in alignments.get(backer, ()):
            yield Stand(party, Stance.SUPPORT, backer, None, earlier=False)
