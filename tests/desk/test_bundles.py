"""Copies are folded with honest counts, joined by later ones, mended by hand for good, and never dropped."""

from dataclasses import replace

import pytest

from drafts.answers import Giving
from drafts.consultation import Disposition, Remark, RemarkState, Reveal, Wanted
from drafts.desk import answering, bundles, rounds
from drafts.errors import Forbidden, Invalid, NotFound
from drafts.model import Group
from drafts.store import Store
from tests.hearing import DURING, Hearing, hearing, put, remark

TEMPLATE = "Please say who keeps the directory of points of contact, how often it is renewed, and who may read it."
GROUPS = (Group.CIVIL_SOCIETY, Group.CIVIL_SOCIETY, Group.ACADEMIA, Group.INDUSTRY)


async def campaign(store: Store, of: Hearing) -> list[Remark]:
    """Four copies in three wordings, twice "I agree.", and one of its own words."""
    bodies = (
        TEMPLATE,
        TEMPLATE.upper(),
        f"{TEMPLATE} Thank you.",
        f"Dear all, {TEMPLATE}",
        "I agree.",
        "I agree!",
        "No.",
    )
    groups = (*GROUPS, *GROUPS[:3])
    return await put(store, of, [remark(of, group, body) for group, body in zip(groups, bodies, strict=True)])


async def look(store: Store, of: Hearing) -> int:
    entered, _ = await bundles.task(store, of.cast.chair, of.round.id, DURING)
    return await bundles.keep(store, entered, await bundles.searched(store, of.round.id, lambda _share: None))


async def shown(store: Store, of: Hearing, person_id: str | None) -> list[tuple[int, int, dict[Group, int]]]:
    entered = await rounds.enter(store, person_id, of.round.id, DURING)
    found, more = await bundles.listed(store, entered)
    assert not more
    return [(one.size.copies, one.size.variants, dict(one.size.groups)) for one in found]


async def numbers(store: Store, of: Hearing) -> list[list[int]]:
    """What is in the bundles, the largest first."""
    entered = await rounds.enter(store, of.cast.chair, of.round.id, DURING)
    found, _ = await bundles.listed(store, entered)
    pages = [await bundles.copies(store, entered, one.bundle.id) for one in found]
    return [sorted(one.number for one in page.remarks) for page in pages]


async def first(store: Store, of: Hearing) -> str:
    entered = await rounds.enter(store, of.cast.chair, of.round.id, DURING)
    return (await bundles.listed(store, entered))[0][0].bundle.id


async def test_copies_are_found_and_counted(store: Store) -> None:
    of = await hearing(store)
    await campaign(store, of)
    assert await look(store, of) == 6
    expected = [
        (4, 3, {Group.CIVIL_SOCIETY: 2, Group.ACADEMIA: 1, Group.INDUSTRY: 1}),
        (2, 1, {Group.CIVIL_SOCIETY: 2}),
    ]
    for reader in (of.cast.chair, of.people[Group.INDUSTRY], None):
        assert await shown(store, of, reader) == expected
    assert await numbers(store, of) == [[1, 2, 3, 4], [5, 6]]
    assert await look(store, of) == 0


async def test_nobody_counts_what_they_may_not_read(store: Store) -> None:
    of = await hearing(store, reveal=Reveal.AT_CLOSE)
    await campaign(store, of)
    await look(store, of)
    assert await shown(store, of, None) == []
    assert await shown(store, of, of.people[Group.INDUSTRY]) == [(1, 1, {Group.INDUSTRY: 1})]
    assert len(await shown(store, of, of.cast.chair)) == 2
    entered = await rounds.enter(store, None, of.round.id, DURING)
    with pytest.raises(NotFound):
        await bundles.one(store, entered, await first(store, of))


async def test_what_is_withdrawn_or_hidden_does_not_count(store: Store) -> None:
    of = await hearing(store)
    made = await campaign(store, of)
    await look(store, of)
    bundle = await first(store, of)
    async with store.write() as q:
        await q.remarks.set([made[0].id], state=RemarkState.WITHDRAWN.value)
        await q.remarks.set([made[2].id], state=RemarkState.HIDDEN.value)
    assert (await shown(store, of, None))[0] == (2, 2, {Group.CIVIL_SOCIETY: 1, Group.INDUSTRY: 1})
    await look(store, of)
    entered = await rounds.enter(store, None, of.round.id, DURING)
    told, _ = await bundles.one(store, entered, bundle)
    assert told.bundle.lead_id == made[1].id  # the earliest that counts stands for it now
    assert told.shown.number == 2


async def test_a_later_copy_joins_and_gets_the_answer(store: Store) -> None:
    of = await hearing(store)
    await campaign(store, of)
    await look(store, of)
    giving = Giving(Disposition.NOTED.value, "It is in the annex.", "", bundles=(await first(store, of),))
    await answering.give(store, of.cast.chair, of.round.id, giving, DURING)
    [later] = await put(store, of, [remark(of, Group.INDUSTRY, TEMPLATE + " Soon!")])
    assert await look(store, of) == 1
    assert (await numbers(store, of))[0] == [1, 2, 3, 4, 8]
    async with store.read() as q:
        joined = await q.remarks.get(later.id)
    assert joined is not None
    assert joined.answer is not None
    assert joined.answer.disposition is Disposition.NOTED


async def test_a_persons_word_stays(store: Store) -> None:
    of = await hearing(store)
    await campaign(store, of)
    await look(store, of)
    bundle = await first(store, of)
    await bundles.take_out(store, of.cast.chair, of.round.id, bundle, [3], DURING)
    await bundles.put_together(store, of.cast.chair, of.round.id, [7], DURING, bundle)
    assert await numbers(store, of) == [[1, 2, 4, 7], [5, 6]]
    await look(store, of)
    assert await numbers(store, of) == [[1, 2, 4, 7], [5, 6]]
    made = await bundles.put_together(store, of.cast.secretary, of.round.id, [6, 3], DURING)
    assert await numbers(store, of) == [[1, 2, 4, 7], [3, 6]]  # one alone is no bundle
    async with store.read() as q:
        told = await q.bundles.get(made)
        kinds = [row.entry.kind for row in await q.register.rows(of.round.id)]
    assert told is not None
    assert told.likeness == 0
    assert kinds == ["bundled", "unbundled", "bundled", "bundled", "bundled", "bundled"]


async def test_a_changed_comment_is_looked_at_again(store: Store) -> None:
    of = await hearing(store)
    made = await campaign(store, of)
    await look(store, of)
    for one, body in ((made[0], "Something else altogether, that has nothing to do with it."), (made[2], TEMPLATE)):
        async with store.write() as q:
            now = (await q.remarks.of_ids([one.id]))[0]
            await q.remarks.change(replace(now, body=body, edited_at=DURING))
    await look(store, of)
    assert await numbers(store, of) == [[2, 3, 4], [5, 6]]
    assert (await shown(store, of, None))[0][:2] == (3, 2)


async def test_only_those_who_lead_bundle(store: Store) -> None:
    of = await hearing(store)
    await campaign(store, of)
    delegate, chair = of.people[Group.GOVERNMENT], of.cast.chair
    with pytest.raises(Forbidden):
        await bundles.task(store, delegate, of.round.id, DURING)
    with pytest.raises(Forbidden):
        await bundles.put_together(store, delegate, of.round.id, [1, 2], DURING)
    with pytest.raises(Forbidden):
        await bundles.take_out(store, delegate, of.round.id, "none", [1], DURING)
    with pytest.raises(Invalid):
        await bundles.put_together(store, chair, of.round.id, [1], DURING)
    with pytest.raises(NotFound):
        await bundles.put_together(store, chair, of.round.id, [1], DURING, "none")


async def test_a_campaign_on_several_clauses_is_counted_by_clause(store: Store) -> None:
    of = await hearing(store)
    places = [of.clauses[2].id, of.clauses[3].id, of.clauses[2].id, of.clauses[3].id, of.clauses[3].id]
    await put(store, of, [remark(of, body=TEMPLATE, clause_id=place) for place in places])
    await look(store, of)
    assert await numbers(store, of) == [[2, 4, 5], [1, 3]]
    entered = await rounds.enter(store, None, of.round.id, DURING)
    _, kin = await bundles.one(store, entered, await first(store, of))
    assert [(one.clause_id, one.copies) for one in kin] == [(of.clauses[2].id, 2)]


async def test_a_list_of_comments_folds_copies_behind_one(store: Store) -> None:
    of = await hearing(store)
    await campaign(store, of)
    await look(store, of)
    assert await _folded(store, of, Wanted()) == [(7, 1), (5, 2), (1, 4)]
    academia = Wanted(groups=frozenset({Group.ACADEMIA}))
    assert await _folded(store, of, academia) == [(7, 1), (3, 1)]  # what a filter finds is never folded away
    async with store.read() as q:
        entered = await rounds.enter(store, None, of.round.id, DURING)
        assert len(await q.bundles.folded(of.round.id, entered.sight, Wanted(), limit=2)) == 3  # more follow


async def _folded(store: Store, of: Hearing, wanted: Wanted) -> list[tuple[int, int]]:
    """Numbers of remarks with how many they stand for."""
    entered = await rounds.enter(store, None, of.round.id, DURING)
    async with store.read() as q:
        serials = await q.bundles.folded(of.round.id, entered.sight, wanted, limit=50)
        rows = {one.serial: one for one in await q.remarks.of_serials(serials)}
        ids = [one.bundle_id for one in rows.values() if one.bundle_id]
        copies = await q.bundles.copies(of.round.id, ids, entered.sight, wanted)
    return [(rows[serial].number, copies.get(rows[serial].bundle_id or "", 1)) for serial in serials]
