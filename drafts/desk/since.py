"""Since you were last here: what is new in each of a person's forums, counted, with where to find it.

A *visit* goes on while no more than half an hour passes between two looks at the pages that tell the news; what is new
is what came after the visit before. Counts are made of what the person may read, and never of more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from drafts import access
from drafts.access import RoundIn, ThreadIn, Verb, may
from drafts.consultation import Phase, Reveal, Round
from drafts.desk import drafts as texts
from drafts.errors import Conflict
from drafts.model import Draft, Forum, Member
from drafts.state import State
from drafts.store import Store, Work
from drafts.store.news import Issued
from drafts.store.notices import Visit
from drafts.store.rows import ms

PAUSE: Final = timedelta(minutes=30)
SOON: Final = timedelta(days=3)  # in which a consultation that closes is told of
_NOTED: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class OfRound:
    """What is new in a round. ``opened``: since then; ``closing``: soon; counts are of what others did."""

    round: Round
    opened: bool
    closing: bool
    remarks: int
    replies: int
    answers: int  # to the reader's party's remarks

    def __bool__(self) -> bool:
        return self.opened or self.closing or bool(self.remarks + self.replies + self.answers)


@dataclass(frozen=True, slots=True)
class OfDraft:
    """What is new in a draft."""

    draft: Draft
    issued: tuple[Issued, ...]
    comments: int
    proposals: int

    def __bool__(self) -> bool:
        return bool(self.issued) or bool(self.comments + self.proposals)


@dataclass(frozen=True, slots=True)
class Since:
    """What is new in a forum since ``moment``, the end of the visit before."""

    forum: Forum
    moment: datetime
    drafts: tuple[OfDraft, ...] = field(default=())
    rounds: tuple[OfRound, ...] = field(default=())


async def news(store: Store, person_id: str, at: datetime, states: Mapping[str, State] | None = None) -> list[Since]:
    """What is new for a person, forum by forum; forums with nothing are left out, and so is the first visit.
    ``states``: of drafts, where the caller has them already."""
    async with store.read() as q:
        forums = await q.forums.of_person(person_id)
        visits = await q.notices.visits(person_id)
        everything = await q.drafts.of_forums([forum.id for forum, _ in forums])
        some = await q.news.tabling([draft.id for found in everything.values() for draft in found])
    moments = await _visit(store, person_id, visits, [forum.id for forum, _ in forums], at)
    told = []
    for forum, member in forums:
        moment = moments[forum.id]
        if moment is None:
            continue
        readable = [draft for draft in everything[forum.id] if may(member, Verb.DRAFT_READ, draft) is None]
        tabled = {
            draft.id: await _tabled(store, member, draft, moment, states or {})
            for draft in readable
            if draft.id in some and may(member, Verb.PROPOSALS_READ, draft) is None
        }
        async with store.read() as q:
            drafts = await _drafts(q, member, readable, moment, tabled)
            rounds = await _rounds(q, member, forum, everything[forum.id], moment, at)
        if drafts or rounds:
            told.append(Since(forum, moment, drafts, rounds))
    return told


# ── visits ──


async def _visit(
    store: Store, person_id: str, known: Mapping[str, Visit], forum_ids: list[str], at: datetime
) -> dict[str, datetime | None]:
    """Since when things are new in each forum; the visit is written down."""
    now = {forum_id: _goes_on(known.get(forum_id), at) for forum_id in forum_ids}
    for forum_id, told in now.items():
        if told != known.get(forum_id):
            try:
                async with store.write() as q:
                    await q.notices.visit(person_id, forum_id, told)
            except Conflict:  # another page of theirs was first
                pass
    return {forum_id: told.before for forum_id, told in now.items()}


def _goes_on(known: Visit | None, at: datetime) -> Visit:
    if known is None:
        return Visit(at, None)
    if at - known.at > PAUSE:
        return Visit(at, known.at)
    return Visit(at, known.before) if at - known.at > _NOTED else known


# ── what is new ──


async def _drafts(
    q: Work, member: Member, readable: list[Draft], moment: datetime, tabled: Mapping[str, int]
) -> tuple[OfDraft, ...]:
    ids = [draft.id for draft in readable]
    if not ids:
        return ()
    issued: dict[str, list[Issued]] = {}
    for one in await q.news.issued(ids, moment):
        issued.setdefault(one.draft_id, []).append(one)
    comments = await _comments(q, member, {draft.id: draft for draft in readable}, moment)
    found = (
        OfDraft(draft, tuple(issued.get(draft.id, ())), comments.get(draft.id, 0), tabled.get(draft.id, 0))
        for draft in readable
    )
    return tuple(one for one in found if one)


async def _comments(q: Work, member: Member, readable: Mapping[str, Draft], moment: datetime) -> dict[str, int]:
    """New comments by draft, in the threads that the reader may read."""
    counts: dict[str, int] = {}
    for thread_id, count in (await q.news.commented(list(readable), moment, member.person_id)).items():
        thread = await q.threads.get(thread_id)
        if thread is not None and may(member, Verb.THREAD_READ, ThreadIn(readable[thread.draft_id], thread)) is None:
            counts[thread.draft_id] = counts.get(thread.draft_id, 0) + count
    return counts


async def _tabled(store: Store, member: Member, draft: Draft, moment: datetime, states: Mapping[str, State]) -> int:
    """New proposals of others in a draft whose proposals the reader may read."""
    state = states.get(draft.id)
    if state is None:
        state = await texts.restored(store, await store.load(draft.id))
    return sum(one.party != member.party.id and one.at > ms(moment) for one in state.floor.proposals.values())


async def _rounds(  # all that the question needs
    q: Work, member: Member, forum: Forum, drafts: list[Draft], moment: datetime, at: datetime
) -> tuple[OfRound, ...]:
    told = []
    known = {draft.id: draft for draft in drafts}
    for one in await q.rounds.of_drafts(list(known)):
        inside = RoundIn(known[one.draft_id], forum, one, at)
        if access.may(member, Verb.ROUND_READ, inside) is not None or one.announced_at is None:
            continue
        sight, phase = access.sight(member, inside), one.phase(at)
        start = moment if sight.leads else _new_from(one, moment)
        answers = await q.news.answered(one.id, member.party.id, moment) if sight.answers else 0
        new = OfRound(
            one,
            opened=phase is Phase.OPEN and max(one.opens_at, one.announced_at) > moment,
            closing=phase is Phase.OPEN and one.closes_at - at <= SOON,
            remarks=await q.news.remarked(one.id, sight, start),
            replies=await q.news.replied(one.id, sight, start),
            answers=answers,
        )
        if new:
            told.append(new)
    return tuple(told)


def _new_from(told: Round, moment: datetime) -> datetime:
    """From when on remarks are new to somebody who was here until ``moment``: all of them, if they were revealed
    together after that."""
    if told.reveal is not Reveal.AT_CLOSE or (told.revealed_at or told.closes_at) <= moment:
        return moment
    return told.created_at
