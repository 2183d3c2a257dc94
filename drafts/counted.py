"""What is counted of a round: its tallies, and the same remarks by day, by source, by language and by question.

Counted is what is sent and neither hidden nor withdrawn (``COUNTED``). Those who lead count all of it, with what was
decided last. Everybody else, members and the public, counts the same: what is open once it is revealed, with the
answers once they are published; what a party has written itself meanwhile stands on its own page (``Wanted.mine``).
So nobody learns from a count what they could not read.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from drafts.consultation import Disposition, Sight, Standing, Tallies, View, Wanted
from drafts.model import Group

QUARTER: Final = 15 * 60 * 1_000  # ms: no time zone begins its days between two quarters of an hour


@dataclass(frozen=True, slots=True)
class Count:
    """How many remarks of one group there are under a key: a day (``2031-03-04``), a language (BCP 47), a question's id
    ('' for remarks that answer none)."""

    key: str
    group: Group
    count: int


@dataclass(frozen=True, slots=True)
class Source:
    """What came from one source. ``who``: as printed; ``party_id``: None for a pseudonym or an imported name;
    ``views``: how many of each view."""

    who: str
    party_id: str | None
    group: Group
    count: int
    views: tuple[tuple[View, int], ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """All counts for one kind of reader and one filter. ``days``: in the round's time zone, oldest first;
    ``sources``: those with the most, at most ``MOST_SOURCES`` of the store (``tallies.organisations`` says how many
    there are); ``bundles``: how many bundles the counted remarks are in."""

    tallies: Tallies
    days: tuple[Count, ...]
    languages: tuple[Count, ...]
    questions: tuple[Count, ...]
    sources: tuple[Source, ...]
    bundles: int


@dataclass(frozen=True, slots=True)
class Place:
    """What is counted on one clause (None: on the whole, or on what is missing anywhere)."""

    clause_id: str | None
    groups: Counter[Group]
    views: Counter[View]
    dispositions: Counter[Disposition | None]

    @property
    def total(self) -> int:
        """How many remarks."""
        return sum(self.groups.values())

    @property
    def contested(self) -> int:
        """How many stand against each other: the fewer of those who support it, with changes or without, and those who
        oppose it."""
        return min(self.views[View.SUPPORT] + self.views[View.WITH_CHANGES], self.views[View.OPPOSE])


def counting(sight: Sight, wanted: Wanted) -> Sight:
    """The sight with which a reader's counts are made: the same for all who do not lead, so that they can share them;
    only ``mine`` is a party's own."""
    if wanted.mine:
        return sight
    return replace(sight, party_id="", person_id="")


def by_clause(standings: Iterable[Standing]) -> dict[str | None, Place]:
    """The standings of each clause together, in the order in which they come."""
    places: dict[str | None, Place] = {}
    for one in standings:
        place = places.setdefault(one.clause_id, Place(one.clause_id, Counter(), Counter(), Counter()))
        place.groups[one.group] += one.count
        place.views[one.view] += one.count
        place.dispositions[one.disposition] += one.count
    return places


def by_group(standings: Iterable[Standing]) -> Place:
    """All standings together."""
    whole = Place(None, Counter(), Counter(), Counter())
    for one in standings:
        whole.groups[one.group] += one.count
        whole.views[one.view] += one.count
        whole.dispositions[one.disposition] += one.count
    return whole


def busiest(standings: Iterable[Standing], most: int = 10) -> list[Place]:
    """The clauses with the most remarks, most first; equals as they come."""
    places = [place for place in by_clause(standings).values() if place.clause_id is not None]
    return sorted(places, key=lambda place: -place.total)[:most]


def most_contested(standings: Iterable[Standing], most: int = 10) -> list[Place]:
    """The clauses with the most on both sides, most first; equals by how many remarks they have, then as they come."""
    places = [place for place in by_clause(standings).values() if place.clause_id is not None and place.contested]
    return sorted(places, key=lambda place: (-place.contested, -place.total))[:most]


def by_day(quarters: Iterable[tuple[int, Group, int]], zone: str) -> tuple[Count, ...]:
    """Counts by quarter of an hour (number since 1970, group, count) as counts by day of an IANA zone, oldest first."""
    clock = ZoneInfo(zone)
    found: Counter[tuple[date, Group]] = Counter()
    for quarter, group, count in quarters:
        found[datetime.fromtimestamp(quarter * QUARTER // 1_000, UTC).astimezone(clock).date(), group] += count
    days = sorted(found.items(), key=lambda item: (item[0][0], list(Group).index(item[0][1])))
    return tuple(Count(day.isoformat(), group, count) for (day, group), count in days)
