"""Where the remarks of a round belong in later versions of its text: placed by the machine (``drafts.anchoring``), a
whole round at once, and by those who lead, one by one or all that are about the same place.

What the machine says is worked out from the two versions and the draft's log; it can be made again at any time, and it
is no act of anybody. What a person says is one, with a row in the register, and can be taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from drafts.access import Verb
from drafts.anchoring import Found, Passage, stands
from drafts.answers import ranges
from drafts.change import widen
from drafts.consultation import Placing, Remark, Round, Spot
from drafts.desk import drafts, rounds
from drafts.desk.remarks import traced
from drafts.desk.rounds import Entered
from drafts.errors import Conflict, Invalid, NotFound, TooMany
from drafts.exchange.parsed import Content
from drafts.model import Clause, Version
from drafts.register import Entry
from drafts.store import Store, Work
from drafts.store.placings import Group, Waiting
from drafts.store.rows import ms

MOST_AT_ONCE: Final = 5_000  # remarks that a person places with one act
_CHUNK: Final = 2_000  # placings written in one transaction: rooms write in between
_NOT_HERE: Final = ("not_found", "There is nothing at this address.")


# ── by the machine ──


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be placed: the two texts, what the log says of cuts and joins, and the remarks by what they are
    about."""

    round: Round
    number: int
    old: Sequence[Clause]
    new: Sequence[Clause]
    lineage: Mapping[str, str]
    merged: Mapping[str, str]
    remarks: Mapping[Passage, Sequence[str]]  # ids

    @property
    def passages(self) -> list[Passage]:
        """What is to be found."""
        return list(self.remarks)


async def task(store: Store, entered: Entered, number: int) -> Task | None:
    """What is still to be placed in a version of a round that somebody has entered; None when nothing is. Raises
    NotFound."""
    await later(store, entered, number)
    async with store.read() as q:
        if not await q.placings.waits(entered.round.id, number):
            return None
        waiting = await _waiting(q, entered.round.id, number)
    state = await drafts.restored(store, await store.load(entered.draft.id))
    _, new = await rounds.version(store, entered, number)
    old = await rounds.text(store, entered)
    remarks: dict[Passage, list[str]] = {}
    for one in waiting:
        remarks.setdefault(one.passage, []).append(one.remark_id)
    return Task(entered.round, number, old.clauses, new.clauses, state.origins(), state.joined(), remarks)


async def _waiting(q: Work, round_id: str, number: int) -> list[Waiting]:
    found: list[Waiting] = []
    while part := await q.placings.waiting(round_id, number, found[-1].serial if found else 0):
        found += part
    return found


async def keep(store: Store, made: Task, found: Sequence[Found]) -> int:
    """Write where the passages of a task were found; how many remarks that are."""
    placings = [
        Placing(remark_id, made.number, one.clause_id, one.start, one.end, one.score, one.how)
        for one, ids in zip(found, made.remarks.values(), strict=True)
        for remark_id in ids
    ]
    for at in range(0, len(placings), _CHUNK):
        async with store.write() as q:
            await q.placings.put(made.round.id, placings[at : at + _CHUNK])
    return len(placings)


async def again(store: Store, person_id: str | None, round_id: str, at: datetime, number: int) -> None:
    """Let the machine place all remarks of a round in a version once more; what persons placed stays. Raises NotFound;
    Forbidden for who does not lead."""
    entered = await rounds.enter(store, person_id, round_id, at, Verb.ROUND_LEAD)
    await later(store, entered, number)
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, Verb.ROUND_LEAD, lock=True)
        await q.placings.forget_all(round_id, number)
        await _register(q, entered, round_id, {"version": number, "again": True})


# ── read ──


async def later(store: Store, entered: Entered, number: int) -> tuple[Version, Content]:
    """A version after the round's own that the reader may have. Raises NotFound."""
    if number <= entered.round.version:
        raise NotFound(*_NOT_HERE)
    return await rounds.version(store, entered, number)


@dataclass(frozen=True, slots=True)
class Placed:
    """A remark as the reader has it, and where it is."""

    remark: Remark
    placing: Placing


@dataclass(frozen=True, slots=True)
class Overview:
    """A later version with what is placed in it, as one reader sees it.

    ``counts``: how many remarks by clause (None: in none) and by how they came there; ``orphans``: those about the same
    place of the old text together, in its order; ``waits``: whether some are not placed yet."""

    version: Version
    old: Content
    new: Content
    counts: Mapping[tuple[str | None, str], int]
    orphans: Sequence[Group]
    waits: bool

    def of_clause(self, clause_id: str) -> int:
        """How many remarks stand in a clause."""
        return sum(count for (clause, _), count in self.counts.items() if clause == clause_id)

    def came(self, *hows: str) -> int:
        """How many came to their place, or to none, in these ways."""
        return sum(count for (_, how), count in self.counts.items() if how in hows)


async def overview(store: Store, entered: Entered, number: int) -> Overview:
    """What became of a round's remarks in a later version. Raises NotFound."""
    version, new = await later(store, entered, number)
    old = await rounds.text(store, entered)
    round_id, sight = entered.round.id, entered.sight
    async with store.read() as q:
        counts = await q.placings.counts(round_id, number, sight)
        groups = await q.placings.orphans(round_id, number, sight)
        waits = await q.placings.waits(round_id, number)
    places = {clause.id: at for at, clause in enumerate(old.clauses)}
    groups.sort(
        key=lambda one: (
            places.get(one.passage.clause_id or "", -1),
            -1 if one.passage.start is None else one.passage.start,
            one.first_id,
        )
    )
    return Overview(version, old, new, counts, groups, waits)


async def placed(store: Store, entered: Entered, number: int, remark_ids: Sequence[str]) -> list[Placed]:
    """Remarks (ids that queries with the reader's sight gave) with where they are, in the order asked for."""
    async with store.read() as q:
        places = await q.placings.of(number, remark_ids)
        shown = {one.id: one for one in await traced(q, entered, await q.remarks.of_ids(remark_ids))}
    return [Placed(shown[one], places[one]) for one in remark_ids if one in shown and one in places]


async def one(store: Store, entered: Entered, number: int, remark_number: int) -> Placed:
    """A remark by its public number, which the reader sees at least a trace of, with where it is. Raises NotFound."""
    async with store.read() as q:
        of = await rounds.remark_in(q, entered, await q.remarks.numbered(entered.round.id, remark_number))
        found = (await q.placings.of(number, [of.remark.id])).get(of.remark.id)
    if found is None:
        raise NotFound(*_NOT_HERE)
    return Placed(rounds.trace(entered, of), found)


# ── by a person ──


@dataclass(frozen=True, slots=True)
class Choice:
    """Where somebody puts remarks: a clause, words of it (``quote``, as they stand there), or no place at all."""

    clause_id: str = ""
    quote: str = ""
    nowhere: bool = False


async def put(
    store: Store, person_id: str | None, round_id: str, at: datetime, number: int, choice: Choice, remark_number: int
) -> int:
    """Place one remark. Raises NotFound; Forbidden for who does not lead; Invalid for a clause or words that are not in
    the version."""
    entered = await rounds.enter(store, person_id, round_id, at, Verb.ROUND_LEAD)
    found = await one(store, entered, number, remark_number)
    return await _put(store, entered, number, choice, [found.remark])


async def put_group(
    store: Store, person_id: str | None, round_id: str, at: datetime, number: int, choice: Choice, passage: Passage
) -> int:
    """Place all orphans that are about one place of the old text; how many they were. Raises as ``put``; Conflict when
    there are none any more."""
    entered = await rounds.enter(store, person_id, round_id, at, Verb.ROUND_LEAD)
    async with store.read() as q:
        ids = await q.placings.of_group(round_id, number, entered.sight, passage, limit=MOST_AT_ONCE + 1)
        remarks = await q.remarks.of_ids(ids)
    if not remarks:
        raise Conflict("placed_meanwhile", "These comments have been placed meanwhile.")
    if len(remarks) > MOST_AT_ONCE:
        raise TooMany("too_many_chosen", "At most {most} at once.", most=MOST_AT_ONCE)
    return await _put(store, entered, number, choice, remarks)


async def _put(store: Store, entered: Entered, number: int, choice: Choice, remarks: Sequence[Remark]) -> int:
    _, new = await later(store, entered, number)
    old = {clause.id: clause.text for clause in (await rounds.text(store, entered)).clauses}
    made = [_placing(one, number, choice, new.clauses, old, entered.sight.person_id) for one in remarks]
    async with store.write() as q:
        again = await rounds.admitted(
            q, entered.sight.person_id, entered.round.id, entered.inside.at, Verb.ROUND_LEAD, lock=True
        )
        await q.placings.set(entered.round.id, made)
        facts = {
            "version": number,
            "remarks": ranges(one.number for one in remarks),
            "clause": made[0].clause_id or "",
            "start": made[0].start,
            "end": made[0].end,
            "how": made[0].how,
        }
        of_id = remarks[0].id if len(remarks) == 1 else entered.round.id
        await _register(q, again, of_id, facts)
    return len(made)


def _placing(
    remark: Remark, number: int, choice: Choice, clauses: Sequence[Clause], old: Mapping[str, str], person_id: str
) -> Placing:
    if choice.nowhere:
        return Placing(remark.id, number, None, None, None, 0, "nowhere", person_id)
    clause = next((one for one in clauses if one.id == choice.clause_id), None)
    if clause is None:
        raise Invalid("no_such_clause", "Choose a clause of this version.")
    said = remark.quote if remark.spot is Spot.SPAN else old.get(remark.clause_id or "", "")
    start, end = _words(clause.text, choice.quote)
    there = clause.text if start is None else choice.quote
    return Placing(remark.id, number, clause.id, start, end, stands(said, there) if said else 0, "person", person_id)


def _words(text: str, quote: str) -> tuple[int | None, int | None]:
    """The UTF-16 offsets of words that stand once in a clause; none for no words."""
    if not quote:
        return None, None
    count = text.count(quote)
    if count == 0:
        raise Invalid("words_not_there", "These words do not stand in the clause. Copy them from it as they are.")
    if count > 1:
        raise Invalid("words_twice", "These words stand in the clause more than once. Take some more of them.")
    start = len(widen(text[: text.index(quote)]))
    return start, start + len(widen(quote))


async def take_back(
    store: Store, person_id: str | None, round_id: str, at: datetime, number: int, remark_number: int
) -> None:
    """Undo what a person said of a remark: it waits for the machine again. Raises NotFound; Forbidden for who does not
    lead; Conflict when no person has placed it."""
    entered = await rounds.enter(store, person_id, round_id, at, Verb.ROUND_LEAD)
    await later(store, entered, number)
    found = await one(store, entered, number, remark_number)
    if found.placing.person_id is None:
        raise Conflict("not_by_hand", "Nobody has placed this comment by hand.")
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, Verb.ROUND_LEAD, lock=True)
        await q.placings.forget(number, [found.remark.id])
        facts = {"version": number, "remarks": str(remark_number), "undone": True}
        await _register(q, entered, found.remark.id, facts)


async def _register(q: Work, entered: Entered, of_id: str, facts: Mapping[str, object]) -> None:
    party = entered.sight.party_id
    await q.register.add(
        entered.round.id, Entry(ms(entered.inside.at), entered.sight.person_id, party, "placed", of_id, facts=facts)
    )
