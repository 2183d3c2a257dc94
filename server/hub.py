"""The drafts in session. Everything that changes a live text passes here, whatever door it came through."""

import asyncio
import hashlib
import hmac
import logging
import secrets
from collections.abc import Coroutine, Iterable
from datetime import UTC, datetime
from typing import Any, Self

from drafts import commands as do
from drafts.desk import admit, brought, silence
from drafts.desk.live import Request
from drafts.errors import NotFound
from drafts.events import Event, MemberChanged, SessionClosed, ThreadChanged
from drafts.model import Draft, Member, Stage, new_id, now
from drafts.room import Outcome
from drafts.store import Store, Work
from server.adopter import Adopter
from server.clock import Clock
from server.janitor import Janitor
from server.postman import Postman
from server.revealer import Revealer
from server.settings import Smtp
from server.sitting import Asking, Connection, Sitting, Telling

log = logging.getLogger("adref.hub")

OPENED = 60_000  # ms in which it is written down once that somebody opened a draft
SWEEP = 5.0  # seconds between two looks at sessions and members that another process may have ended
TIDY = 3600.0  # seconds between two looks for files that wait too long


class Hub:
    """One ``Sitting`` per draft that somebody reads live or changes. Use as ``async with Hub(store) as hub``."""

    def __init__(self, store: Store, clock: Clock | None = None, *, smtp: Smtp | None = None, site: str = "") -> None:
        self.store = store
        self.clock = clock or Clock()
        self.adopter = Adopter(store, self.ask, self.present_ms)
        self.revealer = Revealer(store, self.present_ms)
        self.janitor = Janitor(store, self.present_ms)
        self.postman = Postman(store, smtp, site, self.present_ms) if smtp else None
        self._sittings: dict[str, Sitting] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._secret = b""
        self._opened: dict[tuple[str, str], int] = {}  # draft and person -> when it was written down, UTC ms

    async def __aenter__(self) -> Self:
        async with self.store.write() as q:
            self._secret = (await q.settings.secret("client-ids")).encode()
        self._start(self._sweep(), "sweep")
        self._start(self._tidy(), "tidy")
        self._start(self.adopter.run(), "adopter")
        self._start(self.revealer.run(), "revealer")
        self._start(self.janitor.run(), "janitor")
        if self.postman is not None:
            self._start(self.postman.run(), "postman")
        return self

    async def __aexit__(self, *_failure: object) -> None:
        for sitting in self._sittings.values():
            sitting.end(1012, "the server stops")
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A background task that dies is loud."""
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.critical("the task %s died", task.get_name(), exc_info=task.exception())

    def sitting(self, draft_id: str) -> Sitting:
        """The draft's sitting, begun if need be."""
        sitting = self._sittings.get(draft_id)
        if sitting is None or sitting.over:
            sitting = self._sittings[draft_id] = Sitting(self.store, draft_id)
            self._start(self._sit(sitting), f"sitting of {draft_id}")
        return sitting

    async def _sit(self, sitting: Sitting) -> None:
        try:
            await sitting.run()
        finally:
            sitting.over = True
            sitting.end(1012, "come back")
            if self._sittings.get(sitting.draft_id) is sitting:
                del self._sittings[sitting.draft_id]

    # ── doors without a socket ──

    async def perform(
        self, person_id: str | None, draft_id: str, command: do.Command, *, at: int | None = None
    ) -> Outcome:
        """Carry out a command on a draft for a person. Returns once it is on disk; raises the Refusal."""
        return await self.ask(await self.member(person_id, draft_id), draft_id, command, at=at)

    async def ask(self, member: Member, draft_id: str, command: do.Command, *, at: int | None = None) -> Outcome:
        """As ``perform``, for a member that the caller knows."""
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        request = Request(member, command, self.present_ms() if at is None else at, record=at is not None)
        self.sitting(draft_id).put(Asking(request, answer=answer))
        outcome = await answer
        if isinstance(command, do.StartSilence):
            self._opened.clear()
            self.adopter.wake()
        return outcome

    async def opened(self, draft: Draft, person_id: str) -> None:
        """Somebody has the draft before them: of interest while it is under silence."""
        at, key = self.present_ms(), (draft.id, person_id)
        if draft.stage is not Stage.SILENCE or at - self._opened.get(key, 0) < OPENED:
            return
        self._opened[key] = at
        await silence.note_opened(self.store, draft, person_id, at)

    def present_ms(self) -> int:
        """The time that acts are given, UTC milliseconds."""
        return self.clock.now_ms()

    def present(self) -> datetime:
        """The same as a moment: what every desk function of a consultation is told."""
        return datetime.fromtimestamp(self.present_ms() / 1000, UTC)

    async def member(self, person_id: str | None, draft_id: str) -> Member:
        """The person as a member of the draft's forum. Raises NotFound for everybody else."""
        return (await self.entrant(person_id, draft_id))[1]

    async def entrant(self, person_id: str | None, draft_id: str) -> tuple[Draft, Member]:
        """The draft, and the person as a member of its forum. Raises NotFound for everybody else."""
        async with self.store.read() as q:
            draft = await q.drafts.get(draft_id)
            member = await q.forums.member(draft.forum_id, person_id) if draft and person_id else None
            if draft is None or member is None:
                raise admit.nothing()
            await admit.whole(q, member, draft)
        return draft, member

    def shown(self, draft_id: str) -> str | None:
        """The clause that the chair shows to the room; None when nobody is there or nothing was shown yet."""
        sitting = self._sittings.get(draft_id)
        return None if sitting is None or sitting.over else sitting.shown

    async def tell(self, event: Event) -> None:
        """Something happened beside the log: whom it concerns and who is here learns of it."""
        match event:
            case ThreadChanged():
                sitting = self._sittings.get(event.draft_id)
                if sitting is not None and not sitting.over:
                    sitting.put(Telling(event.thread_id))
            case SessionClosed():
                self.close_sessions(event.session_ids)
            case MemberChanged():
                await self.member_changed(event.forum_id, event.person_id)

    # ── client ids: given by us, owned by one person ──

    def client_id(self, person_id: str, draft_id: str) -> str:
        """A new client id that only this person can use, on this draft only."""
        nonce = new_id(8)
        return nonce + self._mark(nonce, person_id, draft_id)

    def owns(self, client_id: str, person_id: str, draft_id: str) -> bool:
        """Whether we gave this client id to this person for this draft."""
        return len(client_id) == 20 and hmac.compare_digest(
            client_id[8:].encode(), self._mark(client_id[:8], person_id, draft_id).encode()
        )

    def _mark(self, nonce: str, person_id: str, draft_id: str) -> str:
        mark = hmac.new(self._secret, f"{nonce} {person_id} {draft_id}".encode(), hashlib.sha256)
        return mark.hexdigest()[:12]

    # ── sessions and members that end ──

    def close_sessions(self, session_ids: Iterable[str]) -> None:
        """Close the sockets of sessions that were ended."""
        gone = set(session_ids)
        for connection in self._connections():
            if connection.session_id in gone:
                connection.outbox.close(4401, "signed out")

    async def member_changed(self, forum_id: str, person_id: str) -> None:
        """Somebody's party or role changed, or they left the forum: their sockets follow."""
        async with self.store.read() as q:
            member = await q.forums.member(forum_id, person_id)
        for connection in self._connections():
            if connection.member.forum_id != forum_id or connection.member.person_id != person_id:
                continue
            if member is None:
                connection.outbox.close(4403, "not a member any more")
            elif member != connection.member:
                connection.outbox.close(1012, "come back")  # presence and rights are those of the new role then

    def _connections(self) -> list[Connection]:
        return [c for sitting in self._sittings.values() for c in sitting.listeners]

    async def _tidy(self) -> None:
        """Files that people brought and left lying are deleted."""
        while True:
            await brought.sweep(self.store)
            await asyncio.sleep(TIDY)

    async def _sweep(self) -> None:
        """Sessions and memberships can end in another process (the command line): look now and then."""
        while True:
            await asyncio.sleep(SWEEP)
            connections = self._connections()
            if not connections:
                continue
            wanted = {c.session_id for c in connections if c.session_id}
            async with self.store.read() as q:
                alive = await q.people.living_sessions(sorted(wanted), now())
                members = {
                    forum: {m.person_id: m for m in await q.forums.members(forum)}
                    for forum in {c.member.forum_id for c in connections}
                }
                await self._close_own_texts(q)
            self.close_sessions(wanted - alive)
            for connection in connections:
                member = members[connection.member.forum_id].get(connection.member.person_id)
                if member is None:
                    connection.outbox.close(4403, "not a member any more")
                elif member != connection.member:
                    connection.outbox.close(1012, "come back")

    async def _close_own_texts(self, q: Work) -> None:
        """The draft that a proposal is for may have been closed to some who have the proposal's own text open."""
        for sitting in list(self._sittings.values()):
            draft = sitting.room.state.draft if sitting.room is not None else None
            if draft is None or not draft.parent:
                continue
            for connection in list(sitting.listeners):
                try:
                    await admit.whole(q, connection.member, draft)
                except NotFound:
                    connection.outbox.close(4403, "not open to you any more")


def operation() -> str:
    """An operation id for doors whose callers give none (forms)."""
    return secrets.token_hex(12)
