"""The first page: a person's forums and drafts, and what there is to do in each."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from drafts.access import Verb, may
from drafts.brackets import count
from drafts.consultation import Phase
from drafts.desk import accrediting, cast, drafts, forums, remarks, rounds, silence, since, threads
from drafts.desk.rounds import Entered
from drafts.model import ClauseKind, Draft, Forum, Member, Version
from drafts.state import State
from drafts.store import Store
from server.auth import Signed
from server.pages import consulting, view
from server.pages.consulting import Said
from server.sheet import changed_clauses


@dataclass(frozen=True, slots=True)
class Entry:
    """A draft in the list. ``changed``: clauses that changed since the latest version."""

    draft: Draft
    clauses: int
    agreed: int
    brackets: int
    threads: int
    changed: int
    latest: Version | None
    may_consult: bool


@dataclass(frozen=True, slots=True)
class ForumRoom:
    """A forum in the list. ``rounds``: consultations that run or are announced, those that close first before, then
    closed ones in which the reader's party has comments, each with how many; ``applications``: how many wait for who
    decides them."""

    forum: Forum
    me: Member
    may_create: bool
    drafts: list[Entry]
    rounds: list[tuple[Entered, Said, int]]
    applications: int


async def page(request: Request, signed: Signed) -> Response:
    """Forums and drafts."""
    store = request.app.state.store
    states: dict[str, State] = {}
    running = await _running(request, signed)
    rooms = [
        ForumRoom(
            forum,
            me,
            may(me, Verb.DRAFT_CREATE, forum) is None,
            [await _entry(store, me, draft, states) for draft in found],
            [told for told in running if told[0].forum.id == forum.id],
            await accrediting.waiting(store, me, forum),
        )
        for forum, me, found in await forums.mine(store, signed.person.id)
    ]
    waiting = await silence.reminders(store, signed.person.id)
    news = await since.news(store, signed.person.id, consulting.at(request), states)
    me = rooms[0].me if len(rooms) == 1 else None
    return view.page(request, "home.html", rooms=rooms, waiting=waiting, news=news, me=me)


async def _running(request: Request, signed: Signed) -> list[tuple[Entered, Said, int]]:
    now, spoken, store = consulting.at(request), view.tongue(request), request.app.state.store
    found = await rounds.listed(store, signed.person.id, now)
    own = await remarks.counted(store, found)
    open_ones = [one for one in reversed(found) if one.round.phase(now) in {Phase.OPEN, Phase.ANNOUNCED}]
    closed = [one for one in found if one.round.phase(now) is Phase.CLOSED and own.get(one.round.id)]
    shown = [*open_ones, *closed]
    return [(one, consulting.said(spoken, one.round, now), own.get(one.round.id, 0)) for one in shown]


async def _entry(store: Store, me: Member, draft: Draft, states: dict[str, State]) -> Entry:
    state, _ = await drafts.state(store, me.person_id, draft.id)
    states[draft.id] = state
    issued = (await cast.of(store, state)).issued
    talks = await threads.all(store, me.person_id, draft.id, state)
    counted = [c for c in state.standing() if c.kind is not ClauseKind.HEADING]
    found = count(c.text for c in state.standing())
    return Entry(
        draft=state.draft,
        clauses=len(counted),
        agreed=sum(c.locked for c in counted),
        brackets=found.pairs + found.spanning,
        threads=sum(thread["resolved"] is None for thread in talks),
        changed=changed_clauses(state, issued[-1].number + 1) if issued else 0,
        latest=issued[-1] if issued else None,
        may_consult=may(me, Verb.ROUND_OPEN, state.draft) is None,
    )
