"""What is kept only for a time: so many days after a round's close, as its forum has decided, contacts of applicants,
unsent comments, who reported something, and notices are forgotten. The round's register says that it was done."""

from datetime import datetime, timedelta

from drafts.consultation import Round
from drafts.model import Forum
from drafts.register import Entry
from drafts.store import Store, Work
from drafts.store.rows import ms


async def forget(store: Store, at: datetime) -> int:
    """Forget what is due in every forum; how many rounds that was. Doing it again does nothing."""
    async with store.read() as q:
        forums = [forum for forum in await q.forums.all() if forum.retention > 0]
    done = 0
    for forum in forums:
        async with store.write() as q:
            done += await _of_forum(q, forum, at)
    return done


async def _of_forum(q: Work, forum: Forum, at: datetime) -> int:
    before = at - timedelta(days=forum.retention)
    drafts = (await q.drafts.of_forums([forum.id]))[forum.id]
    announced = [one for one in await q.rounds.of_drafts([draft.id for draft in drafts]) if one.announced_at]
    over = [one for one in announced if one.closes_at <= before]
    done = 0
    for one in over:
        facts = await _of_round(q, one)
        if any(facts.values()):
            await _note(q, one, at, facts)
            done += 1
    # Contacts are needed as long as anything runs in the forum.
    if over and len(over) == len(announced):
        contacts = await q.applications.forget_contacts(forum.id, before)
        if contacts:
            await _note(q, max(over, key=lambda one: one.closes_at), at, {"contacts": contacts})
            done += 1
    return done


async def _of_round(q: Work, told: Round) -> dict[str, int]:
    unsent = await q.remarks.of_ids(await q.person_data.old_unsent([told.id]))
    for remark in unsent:
        await q.own.discard(remark)
    return {
        "drafts": len(unsent),
        "reporters": await q.reports.forget_reporters([told.id]),
        "notices": await q.notices.forget(round_ids=[told.id]),
    }


async def _note(q: Work, told: Round, at: datetime, facts: dict[str, int]) -> None:
    said = {"what": "retention", **{name: count for name, count in facts.items() if count}}
    await q.register.add(told.id, Entry(ms(at), "", "", "erased", told.id, facts=said))
