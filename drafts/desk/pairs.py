"""Two sides of a comparison, and everything that is told of what lies between them: the comparison with who made each
change, the concordance, and every removal."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from drafts.access import Verb, may
from drafts.compare import Comparison, Row, families
from drafts.concordance import Entry, concordance
from drafts.desk import cast, drafts, moments
from drafts.desk.cast import Cast
from drafts.desk.compare import Side, between, sides
from drafts.errors import Invalid
from drafts.model import Member
from drafts.moments import Moment, Moments
from drafts.removals import Removal, removals
from drafts.state import State
from drafts.store import Store

Comparing: TypeAlias = Callable[[Side, Side], Awaitable[Comparison]]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sides. ``who`` holds, for every row of the comparison, the acts behind each of its hunks: none where a side
    is not of this draft."""

    state: State
    me: Member
    people: Cast
    old: Side
    new: Side
    moments: Moments
    found: Comparison
    who: tuple[tuple[tuple[Moment, ...], ...], ...]

    @property
    def one_log(self) -> bool:
        """Whether both sides are texts of this draft."""
        return all(one.draft.id == self.state.draft.id and not one.file for one in (self.old, self.new))

    def concordance(self) -> list[Entry]:
        """What every clause was called and is called now."""
        told = self.one_log and may(self.me, Verb.PROPOSALS_READ, self.state.draft) is None
        proposed = self.state.proposed() if told else {}
        return concordance(self.found, self.old.content.clauses, self.new.content.clauses, proposed)

    def removals(self) -> list[Removal]:
        """Every removal from the earlier to the later of the two sides, whichever of them is named first.

        Raises Invalid when one of them is another draft or a file: no log says what was removed there.
        """
        if not self.one_log:
            raise Invalid("one_draft", "What was removed is told between two texts of one draft.")
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


async def load(
    store: Store, person_id: str | None, draft_id: str, old: str, new: str, comparing: Comparing | None = None
) -> Pair:
    """Two sides, named as ``desk.compare`` takes them. ``comparing``: who compares them, when not a thread from
    scratch. Raises NotFound, and what ``comparing`` does."""
    state, me = await drafts.state(store, person_id, draft_id)
    people = await cast.of(store, state)
    before, after = await sides(store, person_id, draft_id, [old, new])
    words = await moments.of(store, draft_id, max(state.draft.seq, _last(before, draft_id), _last(after, draft_id)))
    found = await (comparing(before, after) if comparing else asyncio.to_thread(between, before, after))
    pair = Pair(state, me, people, before, after, words, found, tuple(_nobody(row) for row in found.rows))
    if not pair.one_log:
        return pair
    return replace(pair, who=await asyncio.to_thread(who_made, found, words, before.seq, after.seq))


def _last(side: Side, draft_id: str) -> int:
    return side.seq if side.draft.id == draft_id else 0


def _nobody(row: Row) -> tuple[tuple[Moment, ...], ...]:
    return ((),) * len(row.hunks)


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


def _point(point: Side) -> dict[str, Any]:
    return {"named": point.named, "number": point.number, "seq": point.seq, "label": point.label}


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
