"""Load a thing and ask whether this person may do that with it, in one step. Every use case starts here."""

from drafts.access import CommentIn, ThreadIn, Verb, demand
from drafts.errors import NotFound
from drafts.model import Comment, Draft, Forum, Member, Thread
from drafts.store import Work


async def to_forum(q: Work, person_id: str | None, forum_id: str, verb: Verb) -> tuple[Forum, Member]:
    """The forum and what the person is in it. Raises NotFound or Forbidden."""
    forum = await q.forums.get(forum_id)
    if forum is None:
        raise nothing()
    return forum, demand(await _member(q, person_id, forum_id), verb, forum)


async def to_draft(q: Work, person_id: str | None, draft_id: str, verb: Verb) -> tuple[Draft, Member]:
    """The draft and what the person is in its forum. Raises NotFound or Forbidden."""
    draft = await q.drafts.get(draft_id)
    if draft is None:
        raise nothing()
    member = demand(await _member(q, person_id, draft.forum_id), verb, draft)
    await whole(q, member, draft)
    return draft, member


async def whole(q: Work, member: Member, draft: Draft) -> None:
    """A proposal's own text holds words of the draft that it is for: who may not read that one reads neither. Raises
    NotFound."""
    parent = await q.drafts.get(draft.parent) if draft.parent else None
    if parent is not None:
        demand(member, Verb.DRAFT_READ, parent)


async def to_thread(q: Work, person_id: str | None, thread_id: str, verb: Verb) -> tuple[Draft, Thread, Member]:
    """The thread, its draft and what the person is there. Raises NotFound or Forbidden."""
    thread = await q.threads.get(thread_id)
    draft = None if thread is None else await q.drafts.get(thread.draft_id)
    if thread is None or draft is None:
        raise nothing()
    member = demand(await _member(q, person_id, draft.forum_id), verb, ThreadIn(draft, thread))
    await whole(q, member, draft)
    return draft, thread, member


async def to_comment(q: Work, person_id: str | None, comment_id: str) -> tuple[Draft, Thread, Member, Comment]:
    """The comment that the person wants to change, with its thread and draft. Raises NotFound or Forbidden."""
    thread = await q.threads.of_comment(comment_id)
    draft = None if thread is None else await q.drafts.get(thread.draft_id)
    if thread is None or draft is None:
        raise nothing()
    comment = next(comment for comment in thread.comments if comment.id == comment_id)
    inside = CommentIn(draft, thread, comment)
    member = demand(await _member(q, person_id, draft.forum_id), Verb.COMMENT_EDIT, inside)
    await whole(q, member, draft)
    return draft, thread, member, comment


async def _member(q: Work, person_id: str | None, forum_id: str) -> Member | None:
    return None if person_id is None else await q.forums.member(forum_id, person_id)


def nothing() -> NotFound:
    """What a stranger gets, whatever they asked for."""
    return NotFound("not_found", "There is nothing at this address.")
