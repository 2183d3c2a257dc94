"""The first page: a person's forums and drafts, and what there is to do in each."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from drafts.access import Verb, may
from drafts.brackets import count
from drafts.desk import cast, drafts, forums, silence, since, threads
from drafts.model import ClauseKind, Draft, Forum, Member, Version
from drafts.state import State
from drafts.store import Store
from server.auth import Signed
from server.pages import consulting, view
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


@dataclass(frozen=True, slots=True)
class ForumRoom:
    """A forum in the list."""

    forum: Forum
    me: Member
    may_create: bool
    drafts: list[Entry]


async def page(request: Request, signed: Signed) -> Response:
    """Forums and drafts."""
    store = request.app.state.store
    states: dict[str, State] = {}
    rooms = [
        ForumRoom(
            forum,
            me,
            may(me, Verb.DRAFT_CREATE, forum) is None,
            [await _entry(store, signed.person.id, draft, states) for draft in found],
        )
        for forum, me, found in await forums.mine(store, signed.person.id)
    ]
    waiting = await silence.reminders(store, signed.person.id)
    news = await since.news(store, signed.person.id, consulting.at(request), states)
    me = rooms[0].me if len(rooms) == 1 else None
    return view.page(request, "home.html", rooms=rooms, waiting=waiting, news=news, me=me)


async def _entry(store: Store, person_id: str, draft: Draft, states: dict[str, State]) -> Entry:
    state, _ = await drafts.state(store, person_id, draft.id)
    states[draft.id] = state
    issued = (await cast.of(store, state)).issued
    talks = await threads.all(store, person_id, draft.id, state)
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
    )
