"""Bundles of remarks that say nearly the same: looked for by those who lead, read by everybody who reads the remarks,
mended by hand. A person's word stays: what somebody took out or put together is never touched by another look.

Looking is done in three steps: ``task`` says whether there is much to do, ``search`` reads and compares (it can run in
another process) and ``keep`` writes what was found, a part at a time, so that nobody waits long for it.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from drafts.access import Verb
from drafts.bundling import ALIKE, Found, Text, find, likeness, plain, variant
from drafts.consultation import SENT, Bundle, Remark, Slice, Wanted
from drafts.desk import admit, answering, remarks, rounds
from drafts.desk.rounds import Entered
from drafts.errors import Conflict, Invalid, TooMany
from drafts.model import new_id
from drafts.store import Store, Work
from drafts.store.bundles import Kin, Size, of

PAGE: Final = 50
MOST_AT_ONCE: Final = 200
_STEP: Final = 5_000  # remarks that are read, or written, at once


@dataclass(frozen=True, slots=True)
class Told:
    """A bundle for one reader: ``shown`` stands for it, ``size`` is what they may count."""

    bundle: Bundle
    size: Size
    shown: Remark


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search found. ``last``: the serial of the last remark that was looked at."""

    found: list[Found]
    last: int


# ── looking for them ──


async def task(store: Store, person_id: str | None, round_id: str, at: datetime) -> tuple[Entered, int]:
    """The round for somebody who leads, and how many remarks there are to be looked at. Remarks that were changed since
    they were bundled and are unlike their bundle now are taken out first. Raises NotFound, Forbidden."""
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, Verb.ROUND_LEAD, lock=True)
        for one in await q.bundles.reworded(round_id):
            await _mend(q, one)
        return entered, await q.bundles.loose(round_id)


async def _mend(q: Work, changed: Remark) -> None:
    now = variant(plain(of(changed)))
    bundle = await q.bundles.get(changed.bundle_id or "")
    if bundle is None or now == changed.variant:
        return
    lead_id = bundle.lead_id
    if lead_id == changed.id:
        lead_id = await q.bundles.pass_on(bundle.id, but=changed.id) or ""
    lead = await q.remarks.get(lead_id)
    if lead is not None and likeness(of(lead), of(changed)) >= ALIKE:
        await q.remarks.set([changed.id], variant=now)
    else:
        await q.bundles.loosen(changed.id)


def search(url: str, round_id: str, progress: Callable[[float], None]) -> Searched:
    """Read a round's remarks and find what belongs together, in a process or thread of its own. ``url``: of the
    database; ``progress`` is told 0 to 1."""

    async def work() -> Searched:
        async with Store.open(url) as store:
            return await searched(store, round_id, progress)

    return asyncio.run(work())


async def searched(store: Store, round_id: str, progress: Callable[[float], None]) -> Searched:
    """The same with a store that is open; comparing is done in a thread."""
    texts: list[Text] = []
    async with store.read() as q:
        known, count = await q.bundles.known(round_id), await q.bundles.loose(round_id)
        while part := await q.bundles.texts(round_id, texts[-1].serial if texts else 0, _STEP):
            texts += part
            progress(0.2 * min(1.0, len(texts) / max(count, 1)))
    found = await asyncio.to_thread(find, texts, known, lambda share: progress(0.2 + 0.8 * share), len(texts))
    return Searched(found, texts[-1].serial if texts else 0)


async def keep(store: Store, entered: Entered, told: Searched) -> int:
    """Write what was found; how many remarks were put into bundles. What a person did meanwhile stands."""
    round_id, campaigns = entered.round.id, await _campaigns(store, entered, told.found)
    waiting: list[tuple[str, tuple[tuple[int, int], ...]]] = []
    for one, campaign in zip(told.found, campaigns, strict=True):
        waiting.append((await _begun(store, round_id, one, campaign), one.members))
        if sum(len(members) for _, members in waiting) >= _STEP:
            await _fold(store, waiting)
            waiting = []
    await _fold(store, waiting)
    async with store.write() as q:
        entered = await rounds.admitted(
            q, entered.sight.person_id, round_id, entered.inside.at, Verb.ROUND_LEAD, lock=True
        )
        await q.bundles.recount(round_id)
        await q.bundles.looked(round_id, told.last)
        count = sum(len(one.members) for one in told.found)
        new = sum(one.known is None for one in told.found)
        await _register(q, entered, "bundled", round_id, {"bundles": new, "remarks": count})
        await answering.follow(q, entered)
    return count


async def _campaigns(store: Store, entered: Entered, found: Sequence[Found]) -> list[str]:
    """The campaign's id of each: that of a bundle which is known already, else a new one for all that share it."""
    async with store.read() as q:
        known = await q.bundles.campaigns(entered.round.id)
    ids = {one.campaign: known[one.known] for one in found if one.known in known}
    return [ids.setdefault(one.campaign, new_id()) for one in found]


async def _begun(store: Store, round_id: str, one: Found, campaign: str) -> str:
    async with store.write() as q:
        if one.known is not None:
            await q.bundles.like(one.known, one.likeness)
            return one.known
        [lead] = await q.remarks.of_serials([one.lead])
        made = Bundle(new_id(), round_id, lead.id, 0, 0, one.likeness)
        await q.bundles.add(made, campaign)
    return made.id


async def _fold(store: Store, waiting: Sequence[tuple[str, tuple[tuple[int, int], ...]]]) -> None:
    for bundle_id, members in waiting:
        for at in range(0, len(members), _STEP):
            async with store.write() as q:
                if await q.bundles.get(bundle_id) is not None:
                    await q.bundles.fold(bundle_id, members[at : at + _STEP])


# ── reading ──


async def listed(store: Store, entered: Entered, skip: int = 0) -> tuple[list[Told], bool]:
    """The largest bundles that a reader may count something of, behind ``skip`` of them; whether more follow."""
    async with store.read() as q:
        found = await q.bundles.of_round(entered.round.id, entered.sight, skip=skip, limit=PAGE + 1)
        return await _told(q, entered, found[:PAGE]), len(found) > PAGE


async def one(store: Store, entered: Entered, bundle_id: str) -> tuple[Told, list[Kin]]:
    """A bundle, and the others of its campaign. Raises NotFound where the reader may count nothing of it."""
    async with store.read() as q:
        bundle = await q.bundles.get(bundle_id)
        if bundle is None or bundle.round_id != entered.round.id:
            raise admit.nothing()
        told = await _told(q, entered, [bundle])
        if not told:
            raise admit.nothing()
        return told[0], await q.bundles.kin(bundle_id, entered.sight)


async def there(store: Store, entered: Entered, bundle_id: str) -> bool:
    """Whether there is a bundle (what is left of one when only one remark is, is none)."""
    async with store.read() as q:
        bundle = await q.bundles.get(bundle_id)
    return bundle is not None and bundle.round_id == entered.round.id


async def copies(
    store: Store, entered: Entered, bundle_id: str, *, before: int | None = None, after: int | None = None
) -> Slice:
    """A page of a bundle's remarks as the reader may have them, the newest first."""
    return (await remarks.listed(store, entered, Wanted(bundle=bundle_id), before=before, after=after))[0]


async def _told(q: Work, entered: Entered, bundles: Sequence[Bundle]) -> list[Told]:
    ids = [bundle.id for bundle in bundles]
    sizes = await q.bundles.sizes(ids, entered.sight)
    first = await q.bundles.first(ids, entered.sight)
    found = await remarks.traced(q, entered, await q.remarks.of_serials(sorted(first.values())))
    shown = {remark.serial: remark for remark in found}
    return [Told(one, sizes[one.id], shown[first[one.id]]) for one in bundles if one.id in sizes and one.id in first]


# ── by hand ──


async def take_out(
    store: Store, person_id: str | None, round_id: str, bundle_id: str, numbers: Sequence[int], at: datetime
) -> None:
    """Say that remarks do not belong in a bundle. They stand alone from then on, whatever another look would find; what
    was decided about them stays. Raises NotFound, Forbidden, Invalid, TooMany."""
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, Verb.ROUND_LEAD, lock=True)
        for remark in await _numbered(q, round_id, numbers):
            if remark.bundle_id != bundle_id:
                raise admit.nothing()
            await q.bundles.settle(remark.id, None, 0)
            await _register(q, entered, "unbundled", remark.id, {"bundle": bundle_id})
        await q.bundles.recount(round_id)


async def put_together(
    store: Store, person_id: str | None, round_id: str, numbers: Sequence[int], at: datetime, bundle_id: str = ""
) -> str:
    """Say that remarks belong together: in a bundle that there is, or (of two or more) in a new one, which the first of
    them stands for; its id. Remarks in other bundles leave these. What has no answer gets the bundle's. Raises
    NotFound, Forbidden, Invalid, TooMany, Conflict for remarks that do not count."""
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, Verb.ROUND_LEAD, lock=True)
        chosen = await _numbered(q, round_id, numbers)
        bundle, lead = await _joined(q, round_id, chosen, bundle_id)
        for remark in chosen:
            await q.bundles.settle(remark.id, bundle.id, variant(plain(of(remark))))
            await q.bundles.like(bundle.id, int(100 * likeness(of(lead), of(remark))))
            await _register(q, entered, "bundled", remark.id, {"bundle": bundle.id})
        await q.bundles.recount(round_id)
        await answering.follow(q, entered)
    return bundle.id


async def _joined(q: Work, round_id: str, chosen: Sequence[Remark], bundle_id: str) -> tuple[Bundle, Remark]:
    """The bundle that remarks are put into, with its lead."""
    if bundle_id:
        bundle = await q.bundles.get(bundle_id)
        lead = await q.remarks.get(bundle.lead_id) if bundle else None
        if bundle is None or lead is None or bundle.round_id != round_id:
            raise admit.nothing()
        return bundle, lead
    if len(chosen) < 2:
        raise Invalid("two_needed", "Choose at least two comments.")
    lead = chosen[0]
    bundle = Bundle(new_id(), round_id, lead.id, 0, 0, 100)
    await q.bundles.add(bundle, new_id())
    return bundle, lead


async def _numbered(q: Work, round_id: str, numbers: Sequence[int]) -> list[Remark]:
    if not numbers:
        raise Invalid("nothing_chosen", "Choose at least one comment.")
    if len(numbers) > MOST_AT_ONCE:
        raise TooMany("too_many_chosen", "At most {most} at once. A bundle counts as one.", most=MOST_AT_ONCE)
    found = [await q.remarks.numbered(round_id, number) for number in dict.fromkeys(numbers)]
    chosen = [remark for remark in found if remark is not None and remark.state in SENT]
    if len(chosen) != len(found):
        raise Conflict("no_such_comment", "One of these comments is not there.")
    return chosen


async def _register(q: Work, entered: Entered, kind: str, of_id: str, facts: dict[str, object]) -> None:
    await q.register.add(entered.round.id, rounds.entry(entered, kind, of_id, facts))
