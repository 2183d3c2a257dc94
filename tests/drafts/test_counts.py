"""What is counted of a round is what each reader may count, and nothing else; the same on both databases."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from drafts.access import RoundIn, sight
from drafts.consultation import COUNTED, Disposition, Remark, RemarkState, Reveal, Sight, View, Wanted
from drafts.counted import Counts, busiest, by_clause, by_day, by_group, most_contested
from drafts.model import Group, Member
from drafts.store import Store
from tests.hearing import AFTER, DURING, Hearing, hearing, put, remark


@pytest.fixture
async def of(store: Store) -> Hearing:
    return await hearing(store)


async def _actors(store: Store, of: Hearing) -> list[Member | None]:
    async with store.read() as q:
        return [None, *[await q.forums.member(of.cast.forum.id, one) for one in of.people.values()]]


async def _chair(store: Store, of: Hearing) -> Sight:
    async with store.read() as q:
        member = await q.forums.member(of.cast.forum.id, of.cast.chair)
    return sight(member, RoundIn(of.cast.draft, of.cast.forum, of.round, DURING))


def _many(of: Hearing) -> list[Remark]:
    """Every state, group and view, on two clauses and on the whole, in two languages."""
    return [
        remark(
            of,
            group,
            f"{state.value} {view.value} {number}",
            state=state,
            view=view,
            clause_id=None if number == 2 else of.clauses[2 + number].id,
            language="fr" if number else "en",
        )
        for number, (state, group, view) in product(range(3), product(RemarkState, Group, View))
    ]


async def test_everybody_counts_what_they_may_read(store: Store, of: Hearing) -> None:
    made = _many(of)
    await put(store, of, made)
    seen: set[int] = set()
    for actor, reveal, at in product(await _actors(store, of), Reveal, (DURING, AFTER)):
        told = replace(of.round, reveal=reveal)
        look = sight(actor, RoundIn(of.cast.draft, of.cast.forum, told, at))
        async with store.read() as q:
            counts = await q.tally.of_round(told, look, Wanted())
            assert counts.tallies == await q.tally.tallies(told, look, Wanted())
        expected = [one for one in made if one.state is RemarkState.OPEN and look.revealed]
        _agrees(counts, expected)
        seen.add(counts.tallies.total)
    assert seen == {0, 48}


def _agrees(counts: Counts, expected: list[Remark]) -> None:
    groups = Counter((one.clause_id, one.group, one.view) for one in expected)
    assert {(s.clause_id, s.group, s.view): s.count for s in counts.tallies.standings} == groups
    assert counts.tallies.total == len(expected)
    assert {(one.key, one.group): one.count for one in counts.languages} == Counter(
        (one.language, one.group) for one in expected
    )
    assert {(one.who, one.group): one.count for one in counts.sources} == Counter(
        (one.who, one.group) for one in expected
    )
    assert counts.tallies.organisations == len({one.who for one in expected})
    assert sum(one.count for one in counts.days) == len(expected)
    assert {one.key for one in counts.days} == ({"2031-03-04"} if expected else set())


async def test_who_leads_counts_what_waits_too_and_a_party_its_own(store: Store, of: Hearing) -> None:
    made = _many(of)
    await put(store, of, made)
    leads = await _chair(store, of)
    [own] = [one for one in await _actors(store, of) if one and one.party.group is Group.ACADEMIA]
    sealed = RoundIn(of.cast.draft, of.cast.forum, replace(of.round, reveal=Reveal.AT_CLOSE), DURING)
    async with store.read() as q:
        _agrees(await q.tally.of_round(of.round, leads, Wanted()), [one for one in made if one.state in COUNTED])
        mine = await q.tally.of_round(of.round, sight(own, sealed), Wanted(mine=True))
        assert (await q.tally.of_round(of.round, sight(own, sealed), Wanted())).tallies.total == 0
        assert await q.tally.total(of.round.id, leads, Wanted(views=frozenset({View.OPPOSE}))) == 24
    _agrees(mine, [one for one in made if one.state in COUNTED and one.group is Group.ACADEMIA])


async def test_filters_count_what_they_find(store: Store, of: Hearing) -> None:
    made = _many(of)
    await put(store, of, made)
    leads = await _chair(store, of)
    wanted = Wanted(groups=frozenset({Group.ACADEMIA, Group.INDUSTRY}), clauses=frozenset({None}), words="oppose 2")
    async with store.read() as q:
        counts = await q.tally.of_round(of.round, leads, wanted)
    fits = [one for one in made if one.group in wanted.groups and one.clause_id is None and one.view is View.OPPOSE]
    _agrees(counts, [one for one in fits if one.state in COUNTED])


async def test_what_is_decided_is_counted_for_those_who_may_know(store: Store, of: Hearing) -> None:
    one, other = await put(store, of, [remark(of, body=str(n)) for n in range(2)])
    async with store.write() as q:
        await q.remarks.set([one.id], disposition="accepted", shown="noted")
        await q.remarks.set([other.id], disposition="accepted")
    public = sight(None, RoundIn(of.cast.draft, of.cast.forum, of.round, AFTER))
    told = {}
    async with store.read() as q:
        for key, look in (
            ("leads", await _chair(store, of)),
            ("before", public),
            ("after", replace(public, answers=True)),
        ):
            standings = (await q.tally.of_round(of.round, look, Wanted())).tallies.standings
            told[key] = by_group(standings).dispositions
    assert told == {
        "leads": {Disposition.ACCEPTED: 2},
        "before": {None: 2},
        "after": {None: 1, Disposition.NOTED: 1},
    }


async def test_places_are_ordered_by_what_they_hold(store: Store, of: Hearing) -> None:
    first, second, third = (clause.id for clause in of.clauses[2:5])
    made = [remark(of, clause_id=first, view=View.SUPPORT) for _ in range(5)]
    made += [remark(of, clause_id=second, view=view) for view in (View.OPPOSE, View.OPPOSE, View.WITH_CHANGES)]
    made += [remark(of, clause_id=third, view=View.OPPOSE), remark(of, clause_id=None)]
    await put(store, of, made)
    async with store.read() as q:
        standings = (await q.tally.of_round(of.round, await _chair(store, of), Wanted())).tallies.standings
    assert [(place.clause_id, place.total) for place in busiest(standings)] == [(first, 5), (second, 3), (third, 1)]
    assert [(place.clause_id, place.contested) for place in most_contested(standings)] == [(second, 1)]
    assert by_clause(standings)[None].total == 1


def test_a_day_is_the_rounds_own() -> None:
    quarters = []
    for hour, minute in ((16, 45), (17, 0), (23, 45)):  # UTC
        at = datetime(2031, 3, 4, hour, minute, tzinfo=UTC)
        quarters.append((int(at.timestamp()) // 900, Group.INDUSTRY, 1))
    assert [(one.key, one.count) for one in by_day(quarters, "Asia/Bangkok")] == [("2031-03-04", 1), ("2031-03-05", 2)]
    assert [one.key for one in by_day(quarters, "Asia/Kathmandu")] == ["2031-03-04", "2031-03-05"]
    assert [(one.key, one.count) for one in by_day(quarters, "UTC")] == [("2031-03-04", 3)]
