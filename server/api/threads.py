"""Doors about comment threads."""

from drafts import commands as do
from drafts.desk import drafts, threads
from drafts.desk.threads import ThreadView
from drafts.events import ThreadChanged
from server.api import schema as s
from server.api import views
from server.api.door import Ask


async def every(ask: Ask) -> list[s.Thread]:
    """The threads that the asker may see, the oldest first."""
    return [views.thread(one) for one in await threads.all(ask.store, ask.person.id, ask.path("draft"))]


async def one(ask: Ask) -> s.Thread:
    """A thread."""
    return views.thread(await threads.get(ask.store, ask.person.id, ask.path("thread")))


async def open_one(ask: Ask) -> s.Thread:
    """Open a thread."""
    body: s.ThreadIn = ask.body
    draft_id = ask.path("draft")
    await drafts.open(ask.store, ask.person.id, draft_id)
    command = do.OpenThread(
        ask.op(), body.place, body.body, body.clause, body.number, body.start, body.end, body.audience
    )
    outcome = await ask.hub.perform(ask.person.id, draft_id, command)
    if outcome.known is None:
        thread_id = outcome.threads[0].id
    else:  # sent again: the thread that it opened the first time
        (mark,) = await ask.store.acts(draft_id, outcome.known - 1, limit=1)
        thread_id = mark.body["thread"]
    return views.thread(await threads.get(ask.store, ask.person.id, thread_id))


async def reply(ask: Ask) -> s.Thread:
    """Say something in a thread."""
    body: s.CommentIn = ask.body
    return await _told(ask, await threads.reply(ask.store, ask.person.id, ask.path("thread"), body.body))


async def edit(ask: Ask) -> s.Thread:
    """Change one's own comment."""
    body: s.CommentIn = ask.body
    return await _told(ask, await threads.edit(ask.store, ask.person.id, ask.path("comment"), body.body))


async def resolve(ask: Ask) -> s.Thread:
    """Mark a thread resolved."""
    return await _told(ask, await threads.resolve(ask.store, ask.person.id, ask.path("thread")))


async def reopen(ask: Ask) -> s.Thread:
    """Mark a thread open again."""
    return await _told(ask, await threads.reopen(ask.store, ask.person.id, ask.path("thread")))


async def _told(ask: Ask, done: tuple[ThreadView, ThreadChanged]) -> s.Thread:
    view, event = done
    await ask.hub.tell(event)
    return views.thread(view)
