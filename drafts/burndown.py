"""How many brackets a draft had, version by version and day by day: the log replayed, counted where a day or version
ends.

The replay can go on where it stopped: a draft that is asked for again costs what happened since.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from drafts.access import PRIVATE
from drafts.acts import Act, ActKind
from drafts.bracketed import Kind, Place, across, total
from drafts.bracketing import notes
from drafts.model import Draft
from drafts.state import State


@dataclass(frozen=True, slots=True)
class Owned:
    """So many pairs with the same notes: ``public`` is whose they are for everybody ('': nobody said), ``private`` are
    the parties that said so to themselves only."""

    public: str
    private: frozenset[str]
    pairs: int


@dataclass(frozen=True, slots=True)
class Point:
    """The brackets after the act that came at ``at`` (UTC ms). ``version`` is the number of the version that this act
    issued and ``label`` what it is called; 0 and '' for the last act of a day.

    ``pairs``: open pairs, those over clause borders (``spanning``) among them; ``unbalanced``: brackets without a
    partner; ``words``: words in any bracket; ``kinds``: the pairs by kind."""

    at: int
    version: int
    label: str
    pairs: int
    spanning: int
    unbalanced: int
    words: int
    kinds: Mapping[Kind, int]
    owned: tuple[Owned, ...]

    @property
    def day(self) -> date:
        """Its day, UTC."""
        return _day(self.at)

    def owners(self, party_id: str) -> dict[str, int]:
        """Pairs by owner as a party may know it; '' counts those of which nobody said whose they are."""
        found: Counter[str] = Counter()
        for one in self.owned:
            found[one.public or (party_id if party_id in one.private else "")] += one.pairs
        return dict(found)


class Burndown:
    """The points of one draft's log, as far as it was taken."""

    def __init__(self, draft: Draft) -> None:
        self._state = State(draft)
        self._at = 0  # of the last act that all readers hear of
        self._days: list[Point] = []  # days that are over
        self._versions: list[Point] = []
        self._count: Point | None = None  # of the state as it is; None: to be made

    @property
    def seq(self) -> int:
        """The last act taken."""
        return self._state.draft.seq

    def take(self, acts: Iterable[Act]) -> None:
        """The acts that follow, in order."""
        for act in acts:
            told = _told(act)
            if told and self._at and _day(act.at) > _day(self._at):
                self._days.append(self._point())
            self._state.apply(act)
            self._count = None
            if told:
                self._at = max(self._at, act.at)
            if act.kind is ActKind.ISSUE:
                self._versions.append(self._point(act.body["version"], act.body["label"]))

    def days(self) -> tuple[Point, ...]:
        """One point for each day on which something happened that all readers hear of, the last as it stands."""
        return (*self._days, self._point()) if self._at else ()

    def versions(self) -> tuple[Point, ...]:
        """One point for each issued version."""
        return tuple(self._versions)

    def _point(self, version: int = 0, label: str = "") -> Point:
        if self._count is None or version or self._count.version:
            self._count = _counted(self._state, self._at, version, label)
        return self._count


def _told(act: Act) -> bool:
    """Whether the time of an act is for every reader."""
    return act.kind not in PRIVATE or (act.kind is ActKind.BRACKET and not act.body["private"])


def _counted(state: State, at: int, version: int, label: str) -> Point:
    standing = state.standing()
    texts = [clause.wide for clause in standing]
    found = total(texts)
    owned = _owned(state, texts, found.pairs)
    return Point(
        at, version, label, found.pairs, found.spanning, found.unbalanced, found.words, found.kinds, owned
    )  # fmt: skip


def _owned(state: State, texts: list[str], pairs: int) -> tuple[Owned, ...]:
    if not state.floor.brackets:
        return (Owned("", frozenset(), pairs),) if pairs else ()
    said: dict[Place, tuple[str, frozenset[str]]] = {}
    opening = {place for place, _ in across(texts)[0]}
    for number, clause in enumerate(state.standing()):
        for one in notes(state, clause) if clause.anchors else ():
            place = Place(number, one.start)
            if one.pair is None and place not in opening:
                continue
            public, private = said.get(place, ("", frozenset()))
            if one.note.private:
                said[place] = (public, private | {one.note.owner})
            else:
                said[place] = (one.note.owner, private)
    counted = Counter(said.values())
    counted["", frozenset()] += pairs - len(said)
    return tuple(
        Owned(public, private, count) for (public, private), count in sorted(counted.items(), key=_name) if count
    )


def _name(item: tuple[tuple[str, frozenset[str]], int]) -> tuple[str, list[str]]:
    (public, private), _ = item
    return public, sorted(private)


def _day(at: int) -> date:
    return datetime.fromtimestamp(at / 1000, UTC).date()
