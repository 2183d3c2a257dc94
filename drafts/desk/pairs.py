"""Two points of one draft, and everything that is told of what lies between them: the comparison with who made each
change, the concordance, and every removal."""

import asyncio
from dataclasses import dataclass
from typing import Any

from drafts.access import Verb
from drafts.compare import Comparison, Row, compare, families
from drafts.concordance import Entry, concordance
from drafts.desk import admit, cast, drafts, moments, versions
from drafts.desk.cast import Cast
from drafts.exchange.parsed import Content
from drafts.model import Member
from drafts.moments import Moment, Moments
from drafts.removals import Removal, removals
from drafts.state import State
from drafts.store import Store


@dataclass(frozen=True, slots=True)
class Point:
    """A version or the working text. ``named`` names it in an address; ``number`` is the version's, ``seq`` the act up
    to which the text goes."""

    named: str
    number: int | None
    seq: int
    label: str
    content: Content


@dataclass(frozen=True, slots=True)
class Pair:
    """Two points of a draft. ``who`` holds, for every row of the comparison, the acts behind each of its hunks."""

    state: State
    me: Member
    people: Cast
    old: Point
    new: Point
    moments: Moments
    found: Comparison
    who: tuple[tuple[tuple[Moment, ...], ...], ...]

    def concordance(self) -> list[Entry]:
        """What every clause was called and is called now."""
        return concordance(self.found, self.old.content.clauses, self.new.content.clauses)

    def removals(self) -> list[Removal]:
        """Every removal from the earlier to the later of the two points, whichever of them is named first."""
        first, last = sorted((self.old, self.new), key=lambda point: point.seq)
        return removals(self.moments, first.content.clauses, first.seq, last.seq)

    def plain(self) -> dict[str, Any]:
        """The comparison as JSON has it, each row with ``who``: for every hunk the numbers of the acts behind it; and
        these acts in ``moments``."""
        told = self.found.plain()
        for row, who in zip(told["rows"], self.who, strict=True):
            row["who"] = [[moment.seq for moment in moments] for moments in who]
        named = {moment for row in self.who for hunk in row for moment in hunk}
        return {
            "old": _point(self.old),
            "new": _point(self.new),
            **told,
            "moments": [plain_moment(moment, self.people) for moment in sorted(named)],
        }


async def load(store: Store, person_id: str | None, draft_id: str, old: str, new: str) -> Pair:
    """Two points of a draft; each is named by a version's number or ``live``. Raises NotFound."""
    async with store.read() as q:
        await admit.to_draft(q, person_id, draft_id, Verb.DRAFT_READ)
    state, me = await drafts.state(store, person_id, draft_id)
    people = await cast.of(store, state)
    before = await _point_of(store, person_id, state, old)
    after = await _point_of(store, person_id, state, new)
    words = await moments.of(store, draft_id, state.draft.seq)
    found, who = await asyncio.to_thread(_compared, state, words, before, after)
    return Pair(state, me, people, before, after, words, found, who)


def plain_moment(moment: Moment, people: Cast) -> dict[str, Any]:
    """An act as JSON names it."""
    party = people.parties.get(moment.party_id)
    return {
        "seq": moment.seq,
        "at": moment.at,
        "person": moment.person_id,
        "name": people.names.get(moment.person_id, ""),
        "party": moment.party_id,
        "party_name": party.name if party else "",
    }


def plain_removal(removal: Removal, people: Cast) -> dict[str, Any]:
    """A removal as JSON has it."""
    return {
        "what": removal.what.value,
        "clause": removal.clause_id,
        "label": removal.label,
        "offset": removal.offset,
        "text": removal.text,
        "reason": removal.reason,
        "into": removal.into,
        "moments": [plain_moment(moment, people) for moment in removal.moments],
    }


def _point(point: Point) -> dict[str, Any]:
    return {"named": point.named, "number": point.number, "seq": point.seq, "label": point.label}


async def _point_of(store: Store, person_id: str | None, state: State, named: str) -> Point:
    if named == versions.LIVE:
        return Point(named, None, state.draft.seq, "", versions.live(state))
    version, content = await versions.one(store, person_id, state.draft.id, named)
    return Point(str(version.number), version.number, version.seq, version.label, content)


def _compared(
    state: State, words: Moments, old: Point, new: Point
) -> tuple[Comparison, tuple[tuple[tuple[Moment, ...], ...], ...]]:
    lineage = {clause.id: clause.source for clause in state.clauses if clause.source}
    merged = {c.id: c.gone.into for c in state.clauses if c.gone and c.gone.into}
    found = compare(old.content.clauses, new.content.clauses, lineage, merged=merged)
    return found, who_made(found, words, old.seq, new.seq)


def who_made(found: Comparison, words: Moments, old: int, new: int) -> tuple[tuple[tuple[Moment, ...], ...], ...]:
    """For every row of a comparison of two points, and every hunk of it, the acts behind it."""
    told: dict[int, tuple[tuple[Moment, ...], ...]] = {}
    whole = list(families(found.rows))
    held = {id(row) for family in whole for row in family}
    for family in [*whole, *([row] for row in found.rows if id(row) not in held)]:
        told |= _of_family(family, words, old, new)
    return tuple(told[id(row)] for row in found.rows)


def _of_family(family: list[Row], words: Moments, old: int, new: int) -> dict[int, tuple[tuple[Moment, ...], ...]]:
    hunks = [hunk for row in family for hunk in row.hunks]
    olds = [row.old.id for row in family if row.old is not None]
    news = [row.new.id for row in family if row.new is not None]
    acts = iter(words.of_hunks(hunks, olds, news, old, new))
    return {id(row): tuple(next(acts) for _ in row.hunks) for row in family}
