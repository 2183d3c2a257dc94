"""Queries about comment threads. A thread is always read whole: its opener's party decides who may see it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, insert, select, update

from drafts import tables as t
from drafts.model import Audience, Comment, Group, Party, Place, Thread
from drafts.store import rows
from drafts.store.rows import PARTY, Queries, moment, moment_or_none, ms

_RESOLVER = (
    t.person.c.name.label("resolved_name"),
    t.party.c.id.label("resolver_id"),
    t.party.c.forum_id.label("resolver_forum"),
    t.party.c.name.label("resolver_name"),
    t.party.c.code.label("resolver_code"),
    t.party.c.group.label("resolver_group"),
)


class Threads(Queries):
    """The tables ``thread`` and ``comment``."""

    async def add(self, thread: Thread) -> None:
        """A new thread with its comments."""
        await self._run(
            insert(t.thread),
            {
                "id": thread.id,
                "draft_id": thread.draft_id,
                "place": thread.place.value,
                "clause_id": thread.clause_id,
                "quote": thread.quote,
                "audience": thread.audience.value,
                "party_id": thread.opener.party.id,
                "created_at": ms(thread.created_at),
            },
        )
        for comment in thread.comments:
            await self.add_comment(comment)

    async def add_comment(self, comment: Comment) -> None:
        """A new comment in a thread. Its time is later than that of the comments before it: comments go by time."""
        await self._run(
            insert(t.comment),
            {
                "id": comment.id,
                "thread_id": comment.thread_id,
                "person_id": comment.person_id,
                "party_id": comment.party.id,
                "body": comment.body,
                "created_at": ms(comment.created_at),
            },
        )

    async def get(self, thread_id: str) -> Thread | None:
        """The thread of an id."""
        return next(iter(await self._threads(t.thread.c.id == thread_id)), None)

    async def of_comment(self, comment_id: str) -> Thread | None:
        """The thread that a comment is in."""
        inside = select(t.comment.c.thread_id).where(t.comment.c.id == comment_id)
        return next(iter(await self._threads(t.thread.c.id.in_(inside))), None)

    async def of_draft(self, draft_id: str) -> list[Thread]:
        """A draft's threads, the oldest first."""
        return await self._threads(t.thread.c.draft_id == draft_id)

    async def lock(self, thread_id: str) -> None:
        """Let nobody else change the thread until this transaction ends (PostgreSQL; SQLite has one writer)."""
        await self._run(select(t.thread.c.id).where(t.thread.c.id == thread_id).with_for_update())

    async def edit_comment(self, comment_id: str, body: str, at: datetime) -> None:
        """Give a comment another body."""
        await self._run(update(t.comment).where(t.comment.c.id == comment_id).values(body=body, edited_at=ms(at)))

    async def resolve(self, thread_id: str, person_id: str, at: datetime) -> None:
        """Mark a thread resolved."""
        await self._run(
            update(t.thread).where(t.thread.c.id == thread_id).values(resolved_at=ms(at), resolved_by=person_id)
        )

    async def reopen(self, thread_id: str) -> None:
        """Mark a thread open again."""
        await self._run(update(t.thread).where(t.thread.c.id == thread_id).values(resolved_at=None, resolved_by=None))

    async def _threads(self, which: ColumnElement[bool]) -> list[Thread]:
        said: dict[str, list[Comment]] = {}
        comments = select(t.comment, t.person.c.name.label("person_name"), *PARTY[1:])
        comments = comments.join(t.person, t.person.c.id == t.comment.c.person_id)
        comments = comments.join(t.party, t.party.c.id == t.comment.c.party_id)
        comments = comments.join(t.thread, t.thread.c.id == t.comment.c.thread_id)
        for row in await self._all(comments.where(which).order_by(t.comment.c.created_at, t.comment.c.id)):
            said.setdefault(row.thread_id, []).append(_comment(row))
        found = _threads().where(which).order_by(t.thread.c.created_at, t.thread.c.id)
        return [_thread(row, said[row.id]) for row in await self._all(found)]


def _threads() -> Select[Any]:
    """Threads with who resolved them; that person may have left the forum since."""
    joined = select(t.thread, *_RESOLVER).join(t.draft, t.draft.c.id == t.thread.c.draft_id)
    joined = joined.outerjoin(t.person, t.person.c.id == t.thread.c.resolved_by)
    seat = and_(t.member.c.person_id == t.thread.c.resolved_by, t.member.c.forum_id == t.draft.c.forum_id)
    return joined.outerjoin(t.member, seat).outerjoin(t.party, t.party.c.id == t.member.c.party_id)


def _comment(row: Row[Any]) -> Comment:
    return Comment(
        id=row.id,
        thread_id=row.thread_id,
        person_id=row.person_id,
        person_name=row.person_name,
        party=rows.party(row),
        body=row.body,
        created_at=moment(row.created_at),
        edited_at=moment_or_none(row.edited_at),
    )


def _thread(row: Row[Any], comments: list[Comment]) -> Thread:
    party = None
    if row.resolver_id is not None:
        name, code, group = row.resolver_name, row.resolver_code, Group(row.resolver_group)
        party = Party(row.resolver_id, row.resolver_forum, name, code, group)
    return Thread(
        id=row.id,
        draft_id=row.draft_id,
        place=Place(row.place),
        clause_id=row.clause_id,
        quote=row.quote,
        audience=Audience(row.audience),
        created_at=moment(row.created_at),
        resolved_at=moment_or_none(row.resolved_at),
        resolved_by=row.resolved_by,
        comments=tuple(comments),
        resolved_name=row.resolved_name or "",
        resolved_party=party,
    )
