"""Notices are read with today's rights, and "since you were last here" counts what the reader may read."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from drafts import commands as do
from drafts.consultation import RemarkState, Reveal
from drafts.desk import forums, live, notices, since
from drafts.model import Audience, Group, Place
from drafts.store import Store
from drafts.store.rows import ms
from server import sentences
from server.i18n import Tongue
from tests.hearing import AFTER, DURING, LATER, Hearing, hearing, put, remark

EN = Tongue("en")
KINDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("round_announced", {}), ("round_changed", {}), ("round_revealed", {}), ("remark_replied", {"number": 1}),
    ("mentioned", {"number": 1}), ("answers_published", {"count": 3}),
    ("remark_hidden", {"number": 1, "reason": "Rude"}),
    ("remark_hidden", {"number": 1, "reason": "Rude.", "reply": "x"}), ("remark_shown", {"number": 1}),
    ("let_through", {"number": 1}), ("asked_to_join", {}), ("joined", {"party": "Norvale"}),
    ("declined", {"party": "Norvale"}), ("contribution_split", {"count": 4}),
)  # fmt: skip
APPLICATIONS = ["application_in", "application_proposed", "application_objected"]
LEADS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("remark_in_moderation", {}),
    ("reported", {"number": 1}),
    ("contribution_in", {}),
)


@pytest.fixture
async def of(store: Store) -> Hearing:
    return await hearing(store)


async def tell(store: Store, of: Hearing, person_id: str, kind: str, at: datetime = DURING, **facts) -> None:
    async with store.write() as q:
        inside = {"forum_id": of.cast.forum.id, "draft_id": of.cast.draft.id, "round_id": of.round.id}
        await q.notices.tell([person_id], kind, at, **inside, facts=facts)


async def test_every_kind_has_its_sentence_and_its_page(store: Store, of: Hearing) -> None:
    await put(store, of, [remark(of)])
    me, lead = of.people[Group.CIVIL_SOCIETY], of.cast.chair
    for kind, facts in KINDS:
        await tell(store, of, me, kind, **facts)
    for kind, facts in LEADS:
        await tell(store, of, lead, kind, **facts)
        await tell(store, of, me, kind, **facts)  # not for them
    for state in ("admitted", "refused", "withdrawn"):
        async with store.write() as q:
            facts = {"name": "Quiet lakes", "state": state}
            await q.notices.tell([lead, me], "application_decided", DURING, forum_id=of.cast.forum.id, facts=facts)
    async with store.write() as q:
        for kind in APPLICATIONS:
            facts = {"name": "Quiet lakes"}
            await q.notices.tell([lead, me], kind, DURING, forum_id=of.cast.forum.id, facts=facts)
    found = [*await notices.mine(store, me, DURING), *await notices.mine(store, lead, DURING)]
    assert sorted(one.notice.kind for one in found) == sorted(
        [kind for kind, _ in (*KINDS, *LEADS)] + ["application_decided"] * 3 + APPLICATIONS
    )
    for one in found:
        full, bare = sentences.sentence(one, EN), sentences.sentence(one, EN, bare=True)
        assert "Something is new." not in {full, bare}
        assert "{" not in full + bare
        for word in (of.round.title, "Rude", "Norvale", "Quiet"):
            assert word not in bare
        assert sentences.path(one).startswith(("/consultations/", "/forums/"))


async def test_what_one_may_not_see_any_more_is_left_out(store: Store, of: Hearing) -> None:
    (sent,) = await put(store, of, [remark(of)])
    industry = of.people[Group.INDUSTRY]
    await tell(store, of, industry, "mentioned", number=sent.number)
    await tell(store, of, industry, "round_announced")
    assert {one.notice.kind for one in await notices.mine(store, industry, DURING)} == {"round_announced", "mentioned"}
    async with store.write() as q:
        await q.remarks.set([sent.id], state=RemarkState.HELD.value)
    assert [one.notice.kind for one in await notices.mine(store, industry, DURING)] == ["round_announced"]
    await forums.remove_member(store, of.cast.chair, of.cast.forum.id, industry)
    assert await notices.mine(store, industry, DURING) == []


async def test_seen_notices_are_counted_no_more(store: Store, of: Hearing) -> None:
    me, other = of.people[Group.INDUSTRY], of.people[Group.ACADEMIA]
    for person in (me, me, other):
        await tell(store, of, person, "round_changed")
    first = (await notices.mine(store, me, DURING))[0]
    await notices.mark_seen(store, other, DURING, first.notice.id)  # not theirs
    assert await notices.unseen(store, me) == 2
    await notices.mark_seen(store, me, DURING, first.notice.id)
    assert await notices.unseen(store, me) == 1
    await notices.mark_seen(store, me, DURING)
    assert (await notices.unseen(store, me), await notices.unseen(store, other)) == (0, 1)


async def test_since_the_last_visit(store: Store, of: Hearing) -> None:
    me = of.people[Group.INDUSTRY]
    assert await since.news(store, me, DURING) == []  # never here before
    minutes = timedelta(minutes=20)
    assert await since.news(store, me, DURING + minutes) == []  # the same visit goes on
    sent = [remark(of, group, sent_at=DURING + timedelta(hours=1)) for group in Group]
    hidden = remark(of, Group.ACADEMIA, sent_at=DURING + timedelta(hours=1), state=RemarkState.HELD)
    await put(store, of, [*sent, hidden])
    (new,) = await since.news(store, me, DURING + LATER)
    assert new.moment == DURING + minutes
    ((one,), drafts) = (new.rounds, new.drafts)
    assert (one.remarks, one.replies, one.answers, one.opened, one.closing) == (3, 0, 0, False, False)
    assert drafts == ()
    assert await since.news(store, me, DURING + LATER + minutes) == [new]  # until the visit is over
    ((closing,),) = [one.rounds for one in await since.news(store, me, DURING + 4 * LATER)]
    assert (closing.remarks, closing.closing) == (0, True)


async def test_the_news_tell_no_more_than_the_pages(store: Store, of: Hearing) -> None:
    """Before all is revealed together nobody hears a count of others' comments; then they do."""
    async with store.write() as q:
        await q.rounds.change(replace(of.round, reveal=Reveal.AT_CLOSE))
    me = of.people[Group.INDUSTRY]
    await since.news(store, me, DURING)
    await put(store, of, [remark(of, Group.ACADEMIA, sent_at=DURING + timedelta(minutes=1))])
    assert await since.news(store, me, DURING + LATER) == []
    ((one,),) = [one.rounds for one in await since.news(store, me, AFTER)]
    assert one.remarks == 1
    lead = of.cast.chair
    await since.news(store, lead, DURING)
    (new,) = await since.news(store, lead, DURING + LATER)
    assert [one.remarks for one in new.rounds] == [1]


async def test_drafts_tell_of_versions_comments_and_proposals(store: Store, of: Hearing) -> None:
    draft, me = of.cast.draft, of.cast.costamar
    now = draft.created_at
    await since.news(store, me, now)
    await live.perform(store, of.cast.chair, draft.id, do.Issue("since-issue-1", "Rev.2"))
    for op, audience in (("since-talk-1", Audience.EVERYONE), ("since-talk-2", Audience.PARTY)):
        thread = do.OpenThread(op, Place.DRAFT, "By when?", audience=audience)
        await live.perform(store, of.cast.norvale, draft.id, thread)
    (new,) = await since.news(store, me, now + LATER)
    ((told,),) = (new.drafts,)
    assert [one.label for one in told.issued] == ["Rev.1", "Rev.2"]
    assert told.comments == 1  # the other is for Norvale alone
    assert ms(new.moment) == ms(now)
