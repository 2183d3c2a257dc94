"""Counts are shared by readers of one kind, and never stale in a round that is small."""

import asyncio
from dataclasses import replace

from drafts.consultation import Reveal, Wanted
from drafts.desk import rounds, summary
from drafts.model import Group
from drafts.store import Store
from tests.hearing import DURING, hearing, put, remark


async def test_a_small_round_is_counted_anew(store: Store) -> None:
    of = await hearing(store)
    entered = await rounds.enter(store, None, of.round.id, DURING)
    for expected in range(3):
        assert (await summary.tallies(store, entered)).total == expected
        assert (await summary.counts(store, entered)).tallies.total == expected
        await put(store, of, [remark(of)])


async def test_of_a_large_round_readers_of_one_kind_share_a_count(store: Store) -> None:
    of = await hearing(store)
    await put(store, of, [remark(of)])
    public = await rounds.enter(store, None, of.round.id, DURING)
    large = replace(public.inside, round=replace(public.round, last=summary.SMALL + 1))
    members = [await rounds.enter(store, one, of.round.id, DURING) for one in of.people.values()]
    readers = [replace(one, inside=large) for one in (public, *members)]
    told = await asyncio.gather(*(summary.counts(store, one) for one in readers for _ in range(20)))
    assert len({id(one) for one in told}) == 1
    assert told[0].tallies.total == 1
    own = await summary.counts(store, next(one for one in readers if _is_civil(one)), Wanted(mine=True))
    assert own is not told[0]
    assert own.tallies.total == 1


def _is_civil(entered: rounds.Entered) -> bool:
    return entered.member is not None and entered.member.party.group is Group.CIVIL_SOCIETY


async def test_who_may_not_count_shares_with_nobody_who_may(store: Store) -> None:
    of = await hearing(store, reveal=Reveal.AT_CLOSE)
    await put(store, of, [remark(of)])
    counted = {}
    for who, person in (("chair", of.cast.chair), ("public", None), ("own", of.people[Group.CIVIL_SOCIETY])):
        entered = await rounds.enter(store, person, of.round.id, DURING)
        large = replace(entered.inside, round=replace(entered.round, last=summary.SMALL + 1))
        counted[who] = (await summary.tallies(store, replace(entered, inside=large))).total
    assert counted == {"chair": 1, "public": 0, "own": 0}
