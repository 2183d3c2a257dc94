"""One draft in session: its room, who listens, and the turns in which things happen.

A turn takes everything that waits, lets the room decide, commits it as one transaction, and only then answers and
spreads it: one frame for all who hear the same. A turn runs at once when the last one is longer ago than the pace;
under load turns follow each other at the pace, which grows with the time a turn and its sending take, so that frames
become fewer and bigger instead of late.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, TypeAlias

from drafts.access import ThreadIn, Verb, may
from drafts.acts import Act
from drafts.commands import Push
from drafts.desk.live import Broken, Request, load, public, turn
from drafts.desk.threads import view
from drafts.errors import Conflict, NotFound, Refusal
from drafts.model import Member, Role, Thread
from drafts.room import Outcome, Room
from drafts.store import Store
from server import wire
from server.frames import Frame
from server.outbox import Outbox
from server.presence import Presence
from server.telling import Teller

log = logging.getLogger("adref.sitting")

PACE = 0.025  # seconds between two turns when there is little to do
SLOWEST = 0.15
MAX_INBOX = 2_000  # beyond it, sockets are not read until the next turn is over
MAX_BEHIND = 5_000  # acts that somebody who comes back may be behind; further: start again
WATCH_EVERY = 1.0  # seconds between two counts of watchers
IDLE = 60.0  # seconds without listeners after which a sitting ends


@dataclass(eq=False, slots=True)
class Connection:
    """A socket that listens. ``id`` is also the client id of its editors."""

    id: str
    member: Member
    session_id: str | None
    since: int | None
    outbox: Outbox = field(default_factory=Outbox)

    def send(self, frame: Any) -> None:
        """Queue a frame for this connection alone."""
        self.outbox.put(Frame.of(frame))


@dataclass(slots=True)
class Asking:
    """A request on its way, and who waits for its answer: a connection or a future."""

    request: Request
    connection: Connection | None = None
    answer: "asyncio.Future[Outcome] | None" = None


@dataclass(frozen=True, slots=True)
class Fetching:
    """A connection asks for the acts of a clause's text."""

    connection: Connection
    clause: str
    since: int


@dataclass(frozen=True, slots=True)
class Telling:
    """A thread changed; those who may see it are told."""

    thread_id: str


@dataclass(frozen=True, slots=True)
class Retelling:
    """It is time to tell how proposals stand on a clause that was edited."""


Item: TypeAlias = Asking | Connection | Fetching | Telling | Retelling


class Sitting:
    """See the module. ``run`` is its one task; everything else only puts things into the inbox."""

    def __init__(self, store: Store, draft_id: str) -> None:
        self.store = store
        self.draft_id = draft_id
        self.room: Room | None = None
        self.listeners: list[Connection] = []
        self.presence = Presence.empty()
        self.recent: deque[wire.ActFrame] = deque(maxlen=MAX_BEHIND)
        self.over = False
        self.teller = Teller(store, lambda: self.put(Retelling()))
        self.shown: str | None = None  # the clause that the chair shows to the room
        self._show = False  # whether that is still to be told
        self._inbox: list[Item] = []
        self._wake = asyncio.Event()
        self._drained = asyncio.Event()
        self._drained.set()
        self._last = 0.0  # loop time of the last turn
        self._pace = PACE
        self._watched = 0.0

    # ── from outside ──

    def put(self, item: Item) -> None:
        """Something for the next turn."""
        self._inbox.append(item)
        self._wake.set()
        if len(self._inbox) >= MAX_INBOX:
            self._drained.clear()

    async def room_for_more(self) -> None:
        """Wait while the inbox is full: the sockets are then not read, which slows their senders down."""
        await self._drained.wait()

    def leave(self, connection: Connection) -> None:
        """A connection is gone."""
        if connection in self.listeners:
            self.listeners.remove(connection)
            self.presence.leave(connection.id, connection.member)
            self._wake.set()

    def caret(self, connection: Connection, cursor: wire.Cursor) -> None:
        """A connection's caret moved."""
        self.presence.move(connection.id, connection.member, cursor)
        if cursor.clause is not None and connection.member.role is Role.CHAIR:
            self.show(cursor.clause)
        self._wake.set()

    def show(self, clause: str) -> None:
        """The chair shows a clause to the room: what the projector follows."""
        if clause != self.shown:
            self.shown, self._show = clause, True
            self._wake.set()

    def end(self, code: int, reason: str) -> None:
        """Close every socket."""
        for connection in self.listeners:
            connection.outbox.close(code, reason)

    # ── turns ──

    @property
    def _open(self) -> Room:
        if self.room is None:
            raise RuntimeError("the room is not loaded")
        return self.room

    async def run(self) -> None:
        """Turns, until nobody has been here for a while."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                # Not wait_for: in Python 3.11 it drops a cancellation that meets the event, and a stop then takes IDLE.
                async with asyncio.timeout(WATCH_EVERY if self.presence.watching_changed else IDLE):
                    await self._wake.wait()
            except TimeoutError:
                if not self.presence.watching_changed and not self.listeners and not self._inbox:
                    self.over = True
                    self.teller.stop()
                    return
            wait = self._last + self._pace - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            self._last = start = loop.time()
            await self._turn()
            await asyncio.sleep(0)  # the connections' tasks send now; that is part of what a turn takes
            self._keep_pace(loop.time() - start)

    def _keep_pace(self, busy: float) -> None:
        """Leave some time between turns for everything else."""
        wanted = min(SLOWEST, max(PACE, 1.5 * busy))
        self._pace += (wanted - self._pace) * 0.3

    async def _turn(self) -> None:
        items, self._inbox = self._inbox, []
        self._wake.clear()
        self._drained.set()
        try:
            if self.room is None:
                self.room = await load(self.store, self.draft_id)
                self.teller.changed = self.room.seq  # who comes back is told the table: what changed it is not known
            asked = [item for item in items if isinstance(item, Asking)]
            acts = await self._decide(asked) if asked else []
            for asking in asked:
                if _told(asking.request):
                    self.presence.name(asking.request.actor)
            self._spread(acts)
            for asking in asked:
                self._answer(asking)
            await self.teller.tell(self._open.state, acts, self.listeners)
            for item in items:
                await self._other(item)
            for asking in asked:
                self._say_done(asking)
                for thread in asking.request.outcome.threads if asking.request.outcome else ():
                    self._tell(thread)
        except NotFound as refusal:
            self._fail(items, refusal)
            self.end(4404, "no such draft")
        except Exception:
            log.exception("the turn of draft %s failed; its room is loaded again", self.draft_id)
            self.room = None
            self._fail(items, Conflict("not_saved", "This could not be saved. Please try again."))
            self.end(1012, "come back")

    async def _decide(self, asked: list[Asking]) -> list[Act]:
        """The acts of this turn. A request that breaks the room is refused alone; the others go on in a fresh one."""
        while True:
            before = self._open.seq
            try:
                return await turn(self.store, self._open, [a.request for a in asked])
            except Broken as broken:
                log.exception("a request on draft %s broke the room", self.draft_id)
                for asking in asked:
                    asking.request.outcome = None
                broken.request.refusal = Conflict("our_fault", "This could not be done; the fault is ours.")
                self.room = await load(self.store, self.draft_id)
                if self.room.seq != before:
                    raise

    def _spread(self, acts: list[Act]) -> None:
        loop = asyncio.get_running_loop()
        frames = [act_frame(act) for act in acts if public(act)]
        self.recent.extend(frames)
        if acts:
            self._recheck(acts)
        watching = loop.time() - self._watched >= WATCH_EVERY and self.presence.watching_changed
        if not (acts or watching or self.presence.changed or self._show):
            return
        if watching:
            self._watched = loop.time()
        people, here, gone, watchers = self.presence.take(watching=watching)
        seq = self.room.seq if self.room is not None else 0
        shown, self._show = self.shown if self._show else None, False
        tick = wire.Tick(seq=seq, acts=frames, people=people, here=here, gone=gone, watching=watchers, shown=shown)
        frame = Frame.of(tick)
        for connection in self.listeners:
            connection.outbox.put(frame)

    def _recheck(self, acts: list[Act]) -> None:
        """Who may not read the draft after these acts hears nothing more."""
        if self.room is None or not any(act.kind.value == "set" for act in acts):
            return
        draft = self.room.state.draft
        for connection in list(self.listeners):
            if may(connection.member, Verb.DRAFT_READ, draft) is not None:
                connection.outbox.close(4403, "not open to you any more")
                self.leave(connection)

    def _answer(self, asking: Asking) -> None:
        request = asking.request
        if asking.answer is not None and not asking.answer.done():
            if request.refusal is not None:
                asking.answer.set_exception(request.refusal)
            elif request.outcome is not None:
                asking.answer.set_result(request.outcome)
            else:
                asking.answer.set_exception(Conflict("text_moved_on", "The text has moved on. Read it again."))
        if asking.connection is not None:
            _tell_sender(asking.connection, request)

    def _say_done(self, asking: Asking) -> None:
        """To the sender of a command whose answer no tick carries."""
        outcome, asked = asking.request.outcome, asking.request.asked
        if asking.connection is None or outcome is None or isinstance(asked, Push):
            return
        if not any(public(act) and act.client == asked.op for act in outcome.acts):
            asking.connection.send(wire.Done(op=asked.op, seq=outcome.known or self._open.seq))

    async def _other(self, item: Item) -> None:
        if isinstance(item, Connection):
            await self._arrive(item)
        elif isinstance(item, Fetching):
            await self._fetch(item)
        elif isinstance(item, Telling):
            async with self.store.read() as q:
                thread = await q.threads.get(item.thread_id)
            if thread is not None:
                self._tell(thread)

    async def _arrive(self, connection: Connection) -> None:
        """Committed state only: the acts since the page was made, then everything live."""
        draft = self._open.state.draft
        if connection.outbox.closing is not None:
            return
        if may(connection.member, Verb.DRAFT_READ, draft) is not None:
            connection.outbox.close(4403, "not open to you")
            return
        if connection.since is not None and connection.since > self._open.seq:
            acts = await turn(self.store, self._open, [])  # another process wrote: the command line
            self._spread(acts)
            await self.teller.tell(self._open.state, acts, self.listeners)
            draft = self._open.state.draft
        missed = await self._since(connection.since)
        self.presence.enter(connection.member)
        people, here, watching = self.presence.all()
        connection.send(
            wire.Welcome(
                seq=draft.seq,
                client=connection.id,
                you=connection.member.person_id,
                may_edit=may(connection.member, Verb.DRAFT_EDIT, draft) is None,
                people=people,
                here=here,
                watching=watching,
                shown=self.shown,
            )
        )
        if missed is None:
            connection.send(wire.Again(reason="too far behind"))
        elif missed:
            connection.send(wire.Tick(seq=draft.seq, acts=missed))
        if missed is not None:
            await self.teller.arrive(self._open.state, connection, connection.since)
        self.listeners.append(connection)

    async def _since(self, since: int | None) -> list[wire.ActFrame] | None:
        """The acts after ``since``; None when that is too many, or ahead of the log."""
        if since is None or since == self._open.seq:
            return []
        if since > self._open.seq:
            return None
        if self.recent and self.recent[0].s <= since + 1:
            return [*takewhile(lambda frame: frame.s > since, reversed(self.recent))][::-1]
        acts = await self.store.acts(self.draft_id, since, limit=MAX_BEHIND + 1)
        if len(acts) > MAX_BEHIND:
            return None
        return [act_frame(act) for act in acts if public(act)]

    async def _fetch(self, item: Fetching) -> None:
        acts = await self.store.acts(self.draft_id, 0, clause_id=item.clause, after_number=item.since)
        frames = [act_frame(act) for act in acts if public(act)]
        item.connection.send(wire.Fetched(clause=item.clause, since=item.since, seq=self._open.seq, acts=frames))

    def _tell(self, thread: Thread) -> None:
        """A thread, to each who may see it as they see it: the same question that decides the page."""
        state = self._open.state
        subject = ThreadIn(state.draft, thread)
        for connection in self.listeners:
            if may(connection.member, Verb.THREAD_READ, subject) is None:
                connection.send(wire.ThreadFrame(thread=view(connection.member, thread, state)))

    def _fail(self, items: Iterable[Item], refusal: Refusal) -> None:
        for item in items:
            if isinstance(item, Asking) and item.answer is not None and not item.answer.done():
                item.answer.set_exception(refusal)
            elif isinstance(item, Connection):
                item.outbox.close(4404 if isinstance(refusal, NotFound) else 1012, "come back")


def _told(request: Request) -> bool:
    """Whether all are told of something that the actor did: of who did nothing else, they do not learn."""
    acts = request.outcome.acts if request.outcome is not None else []
    return any(public(act) and act.person_id == request.actor.person_id for act in acts)


def act_frame(act: Act) -> wire.ActFrame:
    """An act as it travels."""
    return wire.ActFrame(
        s=act.seq,
        at=act.at,
        by=act.person_id,
        p=act.party_id,
        k=act.kind.value,
        c=act.clause_id,
        n=act.number,
        i=act.client,
        u=act.counter,
        b=act.body,
    )


def _tell_sender(connection: Connection, request: Request) -> None:
    """What only the sender needs to hear: a refusal, a gap, or where its words went."""
    asked = request.asked
    if request.refusal is not None:
        refusal = request.refusal
        if isinstance(asked, Push):
            connection.send(
                wire.Refused(
                    key=refusal.key,
                    message=str(refusal),
                    clause=asked.clause,
                    client=asked.client,
                    counter=asked.counter,
                )
            )
        else:
            connection.send(wire.Refused(key=refusal.key, message=str(refusal), op=asked.op))
    elif request.gap:
        connection.send(wire.Again(reason="gap"))
    elif isinstance(asked, Push) and request.outcome is not None and request.outcome.carried is not None:
        connection.send(
            wire.Carried(
                clause=asked.clause,
                client=asked.client,
                counter=asked.counter + len(asked.updates) - 1,
                into=request.outcome.carried,
            )
        )
