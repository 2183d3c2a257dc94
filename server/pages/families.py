"""The rows of a comparison as they stand on the page: a clause that was split, or that others were merged into, with
all of its family that stands next to it, and every clause with its own words and who changed them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from drafts.compare import Comparison, Op, Row, families
from drafts.model import Clause
from drafts.words import Hunk
from server.pages.attribution import Acts, Attribution

_Behind = Callable[[Sequence[Hunk], Iterable[str], Iterable[str]], list[Acts]]


@dataclass(frozen=True, slots=True)
class Wording:
    """A clause of one side with its hunks, and the acts behind each. On the new side deleted hunks stand among them."""

    clause: Clause
    at: int  # its place on its side
    hunks: tuple[Hunk, ...]
    acts: tuple[Acts, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """What stands in one row of the page. ``main`` is the row that it is about. ``parts`` and ``joined``: how many
    clauses its clause was cut into or made of, wherever they stand."""

    main: Row
    rows: tuple[Row, ...]
    olds: tuple[Wording, ...]
    news: tuple[Wording, ...]
    parts: int = 1
    joined: int = 1

    @property
    def changes(self) -> list[tuple[Hunk, Acts]]:
        """What was deleted from its old texts and inserted into its new ones, with the acts."""
        sides = ((self.olds, Op.DELETE), (self.news, Op.INSERT))
        return [
            (hunk, acts)
            for wordings, op in sides
            for one in wordings
            for hunk, acts in zip(one.hunks, one.acts, strict=True)
            if hunk.op is op
        ]


def together(told: Comparison, who: Attribution) -> Iterator[Together]:
    """The rows of the page, in order."""
    family_of: dict[int, _Family] = {}
    for members in families(told.rows):
        family = _Family(members, who.hunks)
        family_of |= {id(row): family for row in members}
    at = 0
    while at < len(told.rows):
        family_here = family_of.get(id(told.rows[at]))
        if family_here is None:
            yield _alone(told.rows[at], who)
            at += 1
            continue
        run = [told.rows[at]]
        while at + len(run) < len(told.rows) and family_of.get(id(told.rows[at + len(run)])) is family_here:
            run.append(told.rows[at + len(run)])
        at += len(run)
        if family_here.pair in run:
            yield family_here.told(family_here.pair, run)
        else:
            yield from (family_here.told(row, [row]) for row in run)


def new_wordings(rows: Sequence[Row]) -> dict[int, tuple[Hunk, ...]]:
    """The hunks of the new text of each row that is part of a family, by ``id`` of the row."""
    found: dict[int, tuple[Hunk, ...]] = {}
    for members in families(rows):
        family = _Family(members, lambda hunks, _olds, _news: [()] * len(hunks))
        found |= {id(row): family.told(row, [row]).news[0].hunks for row in members if row.new}
    return found


def _alone(row: Row, who: Attribution) -> Together:
    acts = tuple(who.hunks(row.hunks, [row.old.id] if row.old else [], [row.new.id] if row.new else []))
    olds = (Wording(row.old, row.old_at, row.hunks, acts),) if row.old and row.old_at is not None else ()
    news = (Wording(row.new, row.new_at, row.hunks, acts),) if row.new and row.new_at is not None else ()
    return Together(row, (row,), olds, news)


class _Family:
    """The words of a family: its hunks in order are both texts, so each clause gets its share of them."""

    def __init__(self, members: Sequence[Row], behind: _Behind) -> None:
        self.pair = next(row for row in members if row.old and row.new)
        self.rows = members
        hunks = [hunk for row in members for hunk in row.hunks]
        olds, news = [row for row in members if row.old], [row for row in members if row.new]
        acts = behind(hunks, [row.old.id for row in olds if row.old], [row.new.id for row in news if row.new])
        told = list(zip(hunks, acts, strict=True))
        self._old = _cut(told, [len(row.old.text) for row in olds if row.old], Op.INSERT)
        self._new = _cut(told, [len(row.new.text) for row in news if row.new], Op.DELETE)
        self._old_place = {id(row): place for place, row in enumerate(olds)}
        self._new_place = {id(row): place for place, row in enumerate(news)}

    def told(self, main: Row, rows: Sequence[Row]) -> Together:
        """Some of its rows."""
        olds = [_wording(row.old, row.old_at, self._old[self._old_place[id(row)]]) for row in rows if row.old]
        news = [_wording(row.new, row.new_at, self._new[self._new_place[id(row)]]) for row in rows if row.new]
        olds.sort(key=lambda one: one.at)
        news.sort(key=lambda one: one.at)
        pair = main is self.pair
        parts, joined = (len(self._new), len(self._old)) if pair else (1, 1)
        return Together(main, tuple(rows), tuple(olds), tuple(news), parts, joined)


def _wording(clause: Clause, at: int | None, told: Sequence[tuple[Hunk, Acts]]) -> Wording:
    return Wording(clause, at or 0, tuple(hunk for hunk, _ in told), tuple(acts for _, acts in told))


def _cut(told: Sequence[tuple[Hunk, Acts]], lengths: Sequence[int], without: Op) -> list[list[tuple[Hunk, Acts]]]:
    """The hunks of each text, by their lengths; those that are not of these texts go with the one they stand in."""
    parts: list[list[tuple[Hunk, Acts]]] = [[] for _ in lengths]
    place, left = 0, lengths[0]
    for hunk, acts in told:
        if hunk.op is without:
            parts[place].append((hunk, acts))
            continue
        text = hunk.text
        while text:
            while not left and place + 1 < len(lengths):
                place += 1
                left = lengths[place]
            taken = text[: left or len(text)]
            parts[place].append((Hunk(hunk.op, taken), acts))
            text, left = text[len(taken) :], left - len(taken)
    return parts
