"""A round's remarks in a later version: placed by the machine, by a person, for each reader, on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from drafts import commands as do
from drafts.anchoring import Found, Passage, find_all
from drafts.consultation import Placing, Remark, RemarkState, Reveal, Spot
from drafts.desk import live, placings, rounds
from drafts.desk.placings import Choice
from drafts.errors import Conflict, Forbidden, Invalid, NotFound
from drafts.model import Group
from drafts.store import Store
from tests.hearing import AFTER, DURING, Hearing, hearing, put, remark


@pytest.fixture
async def of(store: Store) -> Hearing:
    return await hearing(store)


async def second(store: Store, of: Hearing) -> None:
    """Version 2: the preambular clause moved to the end, the last operative one deleted."""
    commands = (
        do.Delete("later-delete", of.clauses[-1].id),
        do.Move("later-move", of.clauses[1].id, after=of.clauses[-2].id),
        do.Issue("later-issue", "Rev.2", symbol="LS/1/Rev.2"),
    )
    for command in commands:
        await live.perform(store, of.cast.chair, of.cast.draft.id, command)


def on(of: Hearing, at: int, quote: str = "", **facts: Any) -> Remark:
    """A remark on a clause, or on words of it."""
    clause = of.clauses[at]
    if not quote:
        return remark(of, clause_id=clause.id, **facts)
    start = clause.text.index(quote)
    return remark(of, spot=Spot.SPAN, clause_id=clause.id, start=start, end=start + len(quote), quote=quote, **facts)


async def place(store: Store, of: Hearing, number: int = 2) -> int:
    """What the server's job does."""
    entered = await rounds.enter(store, of.cast.chair, of.round.id, DURING)
    made = await placings.task(store, entered, number)
    if made is None:
        return 0
    found = find_all(made.old, made.new, made.lineage, made.merged, made.passages, lambda _share: None)
    return await placings.keep(store, made, found)


async def where(store: Store, remarks: Sequence[Remark]) -> list[Placing]:
    async with store.read() as q:
        found = await q.placings.of(2, [one.id for one in remarks])
    return [found[one.id] for one in remarks]


async def overview(store: Store, of: Hearing, person: str | None):
    entered = await rounds.enter(store, person, of.round.id, DURING)
    return entered, await placings.overview(store, entered, 2)


async def test_every_sent_remark_is_placed_once(store: Store, of: Hearing) -> None:
    await second(store, of)
    made = await put(
        store,
        of,
        [
            on(of, 2),
            on(of, 1),
            on(of, len(of.clauses) - 1),
            remark(of, spot=Spot.WHOLE, clause_id=None),
            remark(of, spot=Spot.MISSING, clause_id=of.clauses[-1].id),
            on(of, 1, state=RemarkState.DRAFT),
            on(of, 1, state=RemarkState.WITHDRAWN),
        ],
    )
    assert await place(store, of) == 6
    assert await place(store, of) == 0
    sent = [one for one in made if one.state is not RemarkState.DRAFT]
    assert [(one.how, one.clause_id) for one in await where(store, sent)] == [
        ("id", of.clauses[2].id),
        ("moved", of.clauses[1].id),
        ("orphan", None),
        ("id", None),
        ("anywhere", None),
        ("moved", of.clauses[1].id),
    ]
    await put(store, of, [on(of, 1, late=True)])  # came in afterwards
    assert await place(store, of) == 1


async def test_versions_that_are_not_later_have_no_placings(store: Store, of: Hearing) -> None:
    entered = await rounds.enter(store, of.cast.chair, of.round.id, DURING)
    for number in (0, 1, 7):
        with pytest.raises(NotFound):
            await placings.overview(store, entered, number)


async def test_a_person_places_undoes_and_is_never_overwritten(store: Store, of: Hearing) -> None:
    await second(store, of)
    clause = of.clauses[1]
    made = await put(store, of, [on(of, len(of.clauses) - 1)])
    await place(store, of)
    words = " ".join(clause.text.split()[:3])
    args = (store, of.cast.chair, of.round.id, DURING, 2)
    assert await placings.put(*args, Choice(clause.id, words), made[0].number) == 1
    (found,) = await where(store, made)
    assert (found.how, found.clause_id, found.start, found.end) == ("person", clause.id, 0, len(words))
    assert found.person_id == of.cast.chair
    await placings.again(*args)
    assert await place(store, of) == 0
    async with store.write() as q:
        await q.placings.put(of.round.id, [replace(found, how="id", person_id=None)])
    assert await where(store, made) == [found]
    await placings.put(*args, Choice(nowhere=True), made[0].number)
    assert [(one.how, one.clause_id) for one in await where(store, made)] == [("nowhere", None)]
    await placings.take_back(*args, made[0].number)
    assert await place(store, of) == 1
    assert [one.how for one in await where(store, made)] == ["orphan"]
    with pytest.raises(Conflict):
        await placings.take_back(*args, made[0].number)
    async with store.read() as q:
        rows = await q.register.rows(of.round.id)
    assert [row.entry.kind for row in rows] == ["placed"] * 4
    assert [row.entry.facts.get("how", "") for row in rows if row.entry.facts] == ["person", "", "nowhere", ""]


async def test_all_that_are_about_one_place_go_together(store: Store, of: Hearing) -> None:
    await second(store, of)
    last = len(of.clauses) - 1
    quote = " ".join(of.clauses[last].text.split()[:4])
    made = await put(store, of, [on(of, last, quote), on(of, last, quote), on(of, last)])
    await place(store, of)
    _, seen = await overview(store, of, of.cast.chair)
    assert [(group.passage.quote, group.count) for group in seen.orphans] == [("", 1), (quote, 2)]
    args = (store, of.cast.chair, of.round.id, DURING, 2, Choice(of.clauses[1].id))
    assert await placings.put_group(*args, seen.orphans[1].passage) == 2
    assert [one.how for one in await where(store, made)] == ["person", "person", "orphan"]
    with pytest.raises(Conflict):
        await placings.put_group(*args, seen.orphans[1].passage)


async def test_only_those_who_lead_place(store: Store, of: Hearing) -> None:
    await second(store, of)
    made = await put(store, of, [on(of, 1)])
    await place(store, of)
    for person in (of.people[Group.CIVIL_SOCIETY], of.cast.norvale, None):
        args = (store, person, of.round.id, DURING, 2)
        with pytest.raises((Forbidden, NotFound)):
            await placings.put(*args, Choice(nowhere=True), made[0].number)
        with pytest.raises((Forbidden, NotFound)):
            await placings.put_group(*args, Choice(nowhere=True), Passage(Spot.WHOLE))
        with pytest.raises((Forbidden, NotFound)):
            await placings.take_back(*args, made[0].number)
        with pytest.raises((Forbidden, NotFound)):
            await placings.again(*args)


async def test_a_place_that_is_not_there_is_refused(store: Store, of: Hearing) -> None:
    await second(store, of)
    made = await put(store, of, [on(of, 1)])
    await place(store, of)
    args = (store, of.cast.chair, of.round.id, DURING, 2)
    for choice in (Choice("nothing"), Choice(of.clauses[-1].id), Choice(of.clauses[1].id, "no such words")):
        with pytest.raises(Invalid):
            await placings.put(*args, choice, made[0].number)
    with pytest.raises(NotFound):
        await placings.put(*args, Choice(of.clauses[1].id), 99)


async def test_each_reader_sees_what_the_round_shows_them(store: Store, of: Hearing) -> None:
    await second(store, of)
    last = len(of.clauses) - 1
    await put(
        store,
        of,
        [
            on(of, 1),
            on(of, 1, state=RemarkState.HIDDEN, hidden_reason="Rude."),
            on(of, 1, state=RemarkState.HELD),
            on(of, last),
            on(of, last, state=RemarkState.HIDDEN, hidden_reason="Rude."),
        ],
    )
    await place(store, of)
    readers = ((of.cast.chair, 3, 2), (of.people[Group.CIVIL_SOCIETY], 3, 2), (of.cast.norvale, 1, 1))
    for person, in_clause, orphans in readers:
        entered, seen = await overview(store, of, person)
        assert seen.of_clause(of.clauses[1].id) == in_clause
        assert seen.came("orphan") == sum(group.count for group in seen.orphans) == orphans
        async with store.read() as q:
            ids = await q.placings.page(of.round.id, 2, entered.sight, of.clauses[1].id)
            everywhere = await q.placings.everywhere(of.round.id, 2, entered.sight, 50)
        assert len(ids) == len(everywhere) == in_clause
        told = await placings.placed(store, entered, 2, ids)
        assert all(one.remark.body for one in told)


async def test_what_is_hidden_until_the_close_is_not_placed_for_others(store: Store) -> None:
    of = await hearing(store, reveal=Reveal.AT_CLOSE)
    await second(store, of)
    await put(store, of, [on(of, 1)])
    await place(store, of)
    entered, seen = await overview(store, of, of.cast.norvale)
    assert (seen.of_clause(of.clauses[1].id), entered.sight.revealed) == (0, False)
    later = await rounds.enter(store, of.cast.norvale, of.round.id, AFTER)
    assert (await placings.overview(store, later, 2)).of_clause(of.clauses[1].id) == 1


async def test_a_page_at_a_time(store: Store, of: Hearing) -> None:
    await second(store, of)
    made = await put(store, of, [on(of, 1, body=str(n)) for n in range(5)])
    await place(store, of)
    entered, _ = await overview(store, of, of.cast.chair)
    async with store.read() as q:
        first = await q.placings.page(of.round.id, 2, entered.sight, of.clauses[1].id, limit=3)
        rest = await q.placings.page(of.round.id, 2, entered.sight, of.clauses[1].id, after=made[2].serial)
        none = await q.placings.page(of.round.id, 2, entered.sight, of.clauses[1].id, ["quote"])
    assert [*first, *rest] == [one.id for one in made]
    assert none == []


async def test_a_task_says_what_is_about_the_same_place_once(store: Store, of: Hearing) -> None:
    await second(store, of)
    await put(store, of, [on(of, 1), on(of, 1), on(of, 2)])
    entered = await rounds.enter(store, of.cast.chair, of.round.id, DURING)
    made = await placings.task(store, entered, 2)
    assert made is not None
    assert sorted(len(ids) for ids in made.remarks.values()) == [1, 2]
    assert await placings.keep(store, made, [Found("id", 100, of.clauses[1].id), Found("orphan", 0)]) == 3
