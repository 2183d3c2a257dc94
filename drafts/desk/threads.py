"""Comment threads as each person sees them. Opening one goes through the draft's room (``live``): it stands there."""

from datetime import datetime, timedelta
from typing import Any, TypeAlias

from drafts.access import CommentIn, ThreadIn, Verb, may, sees
from drafts.desk import admit, drafts
from drafts.errors import TooMany
from drafts.events import ThreadChanged
from drafts.model import Comment, Draft, Member, Party, Thread, new_id, now
from drafts.room import comment_body
from drafts.state import Anchor, State
from drafts.store import Store, Work
from drafts.store.rows import ms

ThreadView: TypeAlias = dict[str, Any]
"""A thread for one listener, as pages, API and socket give it (see ``view``)."""

MAX_COMMENTS = 1_000  # in one thread


async def all(  # noqa: A001  # reads ``threads.all(…)``
    store: Store, person_id: str | None, draft_id: str, state: State | None = None
) -> list[ThreadView]:
    """The threads that the person may see, the oldest first. Raises NotFound.

    ``state``: the draft as it stands, where the caller has it in memory (else it is made from the log).
    """
    async with store.read() as q:
        _, member = await admit.to_draft(q, person_id, draft_id, Verb.DRAFT_READ)
        found = [thread for thread in await q.threads.of_draft(draft_id) if sees(member, thread)]
    if not found:
        return []
    standing = state or await drafts.restored(store, await store.load(draft_id))
    anchors = standing.anchors()
    return [_view(member, thread, standing, anchors.get(thread.id)) for thread in found]


async def get(store: Store, person_id: str | None, thread_id: str, state: State | None = None) -> ThreadView:
    """One thread as the person sees it. Raises NotFound."""
    async with store.read() as q:
        draft, thread, member = await admit.to_thread(q, person_id, thread_id, Verb.THREAD_READ)
    return view(member, thread, state or await drafts.restored(store, await store.load(draft.id)))


async def load(store: Store, thread_id: str) -> Thread | None:
    """A thread for whoever asks ``access`` about each listener itself: the hub."""
    async with store.read() as q:
        return await q.threads.get(thread_id)


async def reply(
    store: Store, person_id: str | None, thread_id: str, body: str, state: State | None = None
) -> tuple[ThreadView, ThreadChanged]:
    """Add a comment to a thread. Raises NotFound, Forbidden, Invalid, TooLarge, TooMany."""
    async with store.write() as q:
        await q.threads.lock(thread_id)
        draft, thread, member = await admit.to_thread(q, person_id, thread_id, Verb.THREAD_REPLY)
        if len(thread.comments) >= MAX_COMMENTS:
            raise TooMany("thread_full", "A thread holds at most {limit} comments. Open another.", limit=MAX_COMMENTS)
        said = comment_body(body)
        at = _after(thread.comments[-1].created_at)
        await q.threads.add_comment(
            Comment(new_id(), thread_id, member.person_id, member.person_name, member.party, said, at)
        )
        thread = await _again(q, thread_id)
    return await _changed(store, member, draft, thread, state)


def _after(last: datetime) -> datetime:
    """Now, but later than the comment before, whatever the clock says: comments go by their time."""
    return max(now(), last + timedelta(milliseconds=1))


async def edit(
    store: Store, person_id: str | None, comment_id: str, body: str, state: State | None = None
) -> tuple[ThreadView, ThreadChanged]:
    """Change one's own comment. Raises NotFound, Forbidden, Invalid, TooLarge."""
    async with store.write() as q:
        draft, thread, member, comment = await admit.to_comment(q, person_id, comment_id)
        said = comment_body(body)
        if said != comment.body:
            await q.threads.edit_comment(comment_id, said, now())
            thread = await _again(q, thread.id)
    return await _changed(store, member, draft, thread, state)


async def resolve(
    store: Store, person_id: str | None, thread_id: str, state: State | None = None
) -> tuple[ThreadView, ThreadChanged]:
    """Mark a thread resolved; once more changes nothing. Raises NotFound, Forbidden."""
    async with store.write() as q:
        await q.threads.lock(thread_id)
        draft, thread, member = await admit.to_thread(q, person_id, thread_id, Verb.THREAD_RESOLVE)
        if thread.resolved_at is None:
            await q.threads.resolve(thread_id, member.person_id, now())
            thread = await _again(q, thread_id)
    return await _changed(store, member, draft, thread, state)


async def reopen(
    store: Store, person_id: str | None, thread_id: str, state: State | None = None
) -> tuple[ThreadView, ThreadChanged]:
    """Mark a thread open again; an open one stays so. Raises NotFound, Forbidden."""
    async with store.write() as q:
        await q.threads.lock(thread_id)
        draft, thread, member = await admit.to_thread(q, person_id, thread_id, Verb.THREAD_RESOLVE)
        if thread.resolved_at is not None:
            await q.threads.reopen(thread_id)
            thread = await _again(q, thread_id)
    return await _changed(store, member, draft, thread, state)


async def _again(q: Work, thread_id: str) -> Thread:
    thread = await q.threads.get(thread_id)
    if thread is None:
        raise admit.nothing()
    return thread


async def _changed(
    store: Store, member: Member, draft: Draft, thread: Thread, state: State | None
) -> tuple[ThreadView, ThreadChanged]:
    standing = state or await drafts.restored(store, await store.load(draft.id))
    return view(member, thread, standing), changed(draft, thread)


def changed(draft: Draft, thread: Thread) -> ThreadChanged:
    """The event that a thread is new or changed."""
    return ThreadChanged(draft.forum_id, draft.id, thread.id, thread.audience, thread.opener.party.id)


# ── views ──


def view(actor: Member, thread: Thread, state: State) -> ThreadView:
    """A thread for somebody who may see it, and where it stands in ``state``.

    ``from``/``to``: the words it is about, UTF-16 units in the text of ``clause``; null when it is about no words or
    they are gone, then ``gone`` is true and ``quote`` still has them. Times are UTC milliseconds.
    """
    return _view(actor, thread, state, state.anchor(thread.id))


def _view(actor: Member, thread: Thread, state: State, at: tuple[str, Anchor] | None) -> ThreadView:
    clause_id, anchor = at or (thread.clause_id, Anchor(None, None))
    clause = None if clause_id is None else state.clause(clause_id)
    gone = anchor.gone or (clause is not None and clause.gone is not None)
    inside = ThreadIn(state.draft, thread)
    return {
        "id": thread.id,
        "place": thread.place.value,
        "clause": clause_id,
        "quote": thread.quote,
        "from": None if gone else anchor.start,
        "to": None if gone else anchor.end,
        "gone": gone,
        "audience": thread.audience.value,
        "created_at": ms(thread.created_at),
        "resolved": _resolved(thread),
        "comments": [_comment(actor, comment) for comment in thread.comments],
        "may": {
            "reply": may(actor, Verb.THREAD_REPLY, inside) is None,
            "resolve": may(actor, Verb.THREAD_RESOLVE, inside) is None,
            "edit": [c.id for c in thread.comments if _may_edit(actor, state.draft, thread, c)],
        },
    }


def _may_edit(actor: Member, draft: Draft, thread: Thread, comment: Comment) -> bool:
    return may(actor, Verb.COMMENT_EDIT, CommentIn(draft, thread, comment)) is None


def _resolved(thread: Thread) -> dict[str, Any] | None:
    if thread.resolved_at is None:
        return None
    party = None if thread.resolved_party is None else _party(thread.resolved_party)
    return {"at": ms(thread.resolved_at), "by": thread.resolved_by, "name": thread.resolved_name, "party": party}


def _comment(actor: Member, comment: Comment) -> dict[str, Any]:
    return {
        "id": comment.id,
        "by": comment.person_id,
        "name": comment.person_name,
        "party": _party(comment.party),
        "body": comment.body,
        "at": ms(comment.created_at),
        "edited_at": None if comment.edited_at is None else ms(comment.edited_at),
        "mine": comment.person_id == actor.person_id,
    }


def _party(party: Party) -> dict[str, str]:
    return {"id": party.id, "code": party.code, "name": party.name, "group": party.group.value}
