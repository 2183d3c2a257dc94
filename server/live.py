"""The websocket ``/ws/drafts/{draft_id}``: who may open it, what comes in, and the end of it.

Refused before it is accepted (HTTP 403): a foreign origin (security.Guard), nobody signed in, no right to read the
draft.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send

from drafts import commands as do
from drafts.access import Verb, may
from drafts.change import Change
from drafts.desk.live import Asked, Request
from drafts.errors import Forbidden, Invalid, Refusal
from drafts.model import BracketReason, ClauseKind, Mode, Stance
from server import auth, wire
from server.frames import door
from server.hub import Hub
from server.outbox import Outbox
from server.sitting import Asking, Connection, Fetching, Sitting

MAX_BAD = 20  # frames that were not understood before the socket is closed
BURST, PER_SECOND = 200, 60  # frames; faster senders are read more slowly, nothing is thrown away


@dataclass(slots=True)
class _Pace:
    """A bucket of frames; ``delay`` says how long to wait before the next is read."""

    left: float = BURST
    last: float = field(default_factory=time.monotonic)

    def delay(self) -> float:
        now = time.monotonic()
        self.left = min(BURST, self.left + (now - self.last) * PER_SECOND) - 1
        self.last = now
        return 0.0 if self.left >= 0 else -self.left / PER_SECOND


class Live:
    """The socket as an ASGI application."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection, from handshake to close."""
        await receive()  # websocket.connect
        hub: Hub = scope["app"].state.hub
        draft_id: str = scope["path_params"]["draft_id"]
        connection = await _admit(HTTPConnection(scope), hub, draft_id)
        if connection is None:
            await send({"type": "websocket.close", "code": 1008})
            return
        await send({"type": "websocket.accept"})
        await Socket(hub, draft_id, connection, receive, send).run()


async def _admit(http: HTTPConnection, hub: Hub, draft_id: str) -> Connection | None:
    signed = await auth.current(http)
    if signed is None:
        return None
    try:
        draft, member = await hub.entrant(signed.person.id, draft_id)
    except Refusal:
        return None
    if may(member, Verb.DRAFT_READ, draft) is not None:
        return None
    await hub.opened(draft, member.person_id)
    text = http.query_params.get("since", "")
    since = int(text) if text.isdecimal() and len(text) < 16 else None
    client = hub.client_id(member.person_id, draft_id)
    return Connection(client, member, signed.session_id, since, Outbox(door(http.scope)))


class Socket:
    """An accepted connection: one task reads, one sends."""

    def __init__(self, hub: Hub, draft_id: str, connection: Connection, receive: Receive, send: Send) -> None:
        self.hub = hub
        self.draft_id = draft_id
        self.connection = connection
        self.receive = receive
        self.send = send
        self.sitting: Sitting = hub.sitting(draft_id)
        self.bad = 0
        self.pace = _Pace()

    async def run(self) -> None:
        """Until either side ends it."""
        self.sitting.put(self.connection)
        sending = asyncio.create_task(self._send_all())
        reading = asyncio.create_task(self._read_all())
        try:
            await asyncio.wait([sending, reading], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.connection.outbox.close(1000, "")
            self.sitting.leave(self.connection)
            for task in (sending, reading):
                task.cancel()
            await asyncio.gather(sending, reading, return_exceptions=True)

    async def _send_all(self) -> None:
        outbox, send = self.connection.outbox, self.send
        while (frame := await outbox.next()) is not None:
            await send({"type": "websocket.send", "text": frame.payload.decode()})
        code, reason = outbox.closing or (1000, "")
        await send({"type": "websocket.close", "code": code, "reason": reason})

    async def _read_all(self) -> None:
        while True:
            message = await self.receive()
            if message["type"] != "websocket.receive":
                return
            delay = self.pace.delay()
            if delay:
                await asyncio.sleep(delay)
            await self.sitting.room_for_more()
            try:
                self._handle(message.get("text"))
            except Refusal as refusal:
                self._bad(refusal.key, str(refusal))
            except (msgspec.DecodeError, ValueError, RecursionError):
                self._bad("bad_frame", "This frame is not one of the protocol's.")

    def _bad(self, key: str, message: str) -> None:
        self.connection.send(wire.Refused(key=key, message=message))
        self.bad += 1
        if self.bad >= MAX_BAD:
            self.connection.outbox.close(1008, "too many bad frames", after=True)

    def _handle(self, text: str | None) -> None:
        if text is None:
            raise Invalid("bad_frame", "Frames are text, not bytes.")
        if len(text) > wire.MAX_FRAME:
            raise Invalid("frame_size", "A frame has at most {limit} bytes.", limit=wire.MAX_FRAME)
        frame = wire.decoder.decode(text)
        if isinstance(frame, wire.Ping):
            self.connection.send(wire.Pong(at=self.hub.present_ms()))
        elif isinstance(frame, wire.Cursor):
            self._caret(frame)
        elif isinstance(frame, wire.Fetch):
            self.sitting.put(Fetching(self.connection, frame.clause, max(0, frame.since)))
        else:
            self._ask(frame)

    def _caret(self, cursor: wire.Cursor) -> None:
        if cursor.clause is not None and len(cursor.clause) > 32:
            raise Invalid("no_clause", "There is no such clause.")
        self.sitting.caret(self.connection, cursor)

    def _ask(self, frame: Any) -> None:
        """A push or a command: refused here when it cannot even be read, else it waits for the next turn."""
        try:
            asked = self._understood(frame)
        except Refusal as refusal:
            self._refuse(frame, refusal)
            return
        request = Request(self.connection.member, asked, self.hub.present_ms())
        self.sitting.put(Asking(request, self.connection))

    def _understood(self, frame: Any) -> Asked:
        if not isinstance(frame, wire.Push):
            return command_of(frame)
        own = frame.client == self.connection.id or self.hub.owns(
            frame.client, self.connection.member.person_id, self.draft_id
        )
        if not own:
            raise Forbidden("not_your_client", "This client id was not given to you.")
        updates = tuple(Change.from_json(update) for update in frame.updates)
        return do.Push(frame.clause, frame.client, frame.base, frame.counter, updates)

    def _refuse(self, frame: Any, refusal: Refusal) -> None:
        if isinstance(frame, wire.Push):
            answer = wire.Refused(
                key=refusal.key, message=str(refusal), clause=frame.clause, client=frame.client, counter=frame.counter
            )
        else:
            answer = wire.Refused(key=refusal.key, message=str(refusal), op=frame.op)
        self.connection.send(answer)


def command_of(frame: Any) -> do.Command:
    """The command that a frame (of the socket, or the body of ``POST …/commands``) asks for. Raises Invalid."""
    make = _COMMANDS.get(type(frame))
    if make is None:
        raise Invalid("bad_frame", "This frame is not one of the protocol's.")
    return make(frame)


def _kind(name: str) -> ClauseKind:
    try:
        return ClauseKind(name)
    except ValueError:
        raise Invalid("bad_kind", "There is no such kind of clause.") from None


def _reason(name: str) -> BracketReason:
    try:
        return BracketReason(name)
    except ValueError:
        raise Invalid("bad_reason", "There is no such reason for a bracket.") from None


def _mode(name: str) -> Mode:
    try:
        return Mode(name)
    except ValueError:
        raise Invalid("bad_mode", "A draft is edited in open drafting or with the chair's pen.") from None


def _stance(name: str | None) -> Stance | None:
    try:
        return None if name is None else Stance(name)
    except ValueError:
        raise Invalid("bad_stance", "There is no such position.") from None


_COMMANDS: Final[dict[type, Callable[[Any], do.Command]]] = {
    wire.Insert: lambda f: do.Insert(f.op, f.after, _kind(f.kind), f.depth, f.lang, tuple(f.texts) or ("",)),
    wire.Split: lambda f: do.Split(f.op, f.clause, f.number, f.at),
    wire.Join: lambda f: do.Join(f.op, f.clause),
    wire.Move: lambda f: do.Move(f.op, f.clause, f.after),
    wire.Delete: lambda f: do.Delete(f.op, f.clause, f.reason),
    wire.Restore: lambda f: do.Restore(f.op, f.clause),
    wire.Shape: lambda f: do.Shape(f.op, f.clause, _kind(f.kind), f.depth, f.lang),
    wire.Lock: lambda f: do.Lock(f.op, f.clause, f.state, f.reason),
    wire.SetMode: lambda f: do.SetDraft(f.op, mode=_mode(f.mode)),
    wire.PutBracket: lambda f: do.PutBracket(
        f.op, f.clause, f.number, f.start, f.end, _reason(f.reason), f.link, f.words, f.private
    ),
    wire.LiftBracket: lambda f: do.LiftBracket(f.op, f.clause, f.number, f.at, f.with_text),
    wire.Position: lambda f: do.TakePosition(f.op, f.on, _stance(f.stance), f.note, f.condition, f.wording),
    wire.Sponsor: lambda f: do.Sponsor(f.op, f.proposal, f.joins),
    wire.Object: lambda f: do.Object(f.op, f.clause, f.reason),
}
