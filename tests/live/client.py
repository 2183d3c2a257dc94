"""A small client of the live socket, written from docs/protocol.md: one writer in one clause."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from drafts.change import Change, widen
from server.security import COOKIE

Frame = dict[str, Any]
PATIENCE = 30.0  # seconds that a test waits for one frame before it fails


class Wire:
    """One connection: frames in, frames out."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.heard: list[Frame] = []

    @classmethod
    @asynccontextmanager
    async def to(cls, host: str, draft: str, secret: str, since: int | None = None) -> AsyncIterator[Self]:
        """A connection as the person whose session this is; the welcome is heard already."""
        address = f"ws://{host}/ws/drafts/{draft}" + ("" if since is None else f"?since={since}")
        headers = {"Cookie": f"{COOKIE}={secret}", "Origin": f"http://{host}"}
        async with connect(address, additional_headers=headers, compression=None, max_size=None) as socket:
            wire = cls(socket)
            await wire.until(lambda frame: frame["t"] == "welcome")
            yield wire

    async def say(self, frame: Frame | str | bytes) -> None:
        await self.socket.send(json.dumps(frame) if isinstance(frame, dict) else frame)

    async def hear(self) -> Frame:
        """The next frame."""
        async with asyncio.timeout(PATIENCE):
            frame: Frame = json.loads(await self.socket.recv())
        self.heard.append(frame)
        return frame

    async def until(self, wanted: Callable[[Frame], bool]) -> Frame:
        """The next frame that is wanted."""
        while not wanted(frame := await self.hear()):
            pass
        return frame

    @property
    def client(self) -> str:
        """The client id that the welcome gave."""
        return str(self.heard[0]["client"])


@dataclass(slots=True)
class Writer:
    """Puts one word after another at the front of a clause; each is sent, again and again if need be, until its act
    comes back. ``acknowledged`` counts those whose act did."""

    host: str
    draft: str
    secret: str
    clause: str
    name: str
    length: int  # units of the clause as this writer knows it
    number: int = 0
    seq: int = 0
    client: str = ""
    written: int = 0
    acknowledged: int = 0
    stop: bool = False
    heard: asyncio.Condition = field(default_factory=asyncio.Condition)
    _push: Frame | None = None

    def word(self, number: int) -> str:
        return f"{self.name}{number}x "

    async def run(self) -> None:
        """Write until told to stop and nothing is unacknowledged, over as many connections as it takes."""
        while not (self.stop and self._push is None):
            try:
                async with Wire.to(self.host, self.draft, self.secret, self.seq) as wire:
                    self.client = self.client or wire.client
                    if self._push is not None:
                        await wire.say(self._push)
                    while not (self.stop and self._push is None):
                        await self._next(wire)
                        await self._take(await wire.hear())
            except (OSError, ConnectionClosed, InvalidHandshake, EOFError):
                await asyncio.sleep(0.02)  # as anybody who comes back waits a little

    async def _next(self, wire: Wire) -> None:
        if self._push is not None or self.stop:
            return
        change = Change.replace(self.length, 0, 0, widen(self.word(self.written)))
        self._push = {
            "t": "push", "clause": self.clause, "client": self.client, "base": self.number, "counter": self.written,
            "updates": [change.to_json()],
        }  # fmt: skip
        self.written += 1
        await wire.say(self._push)

    async def _take(self, frame: Frame) -> None:
        assert frame["t"] not in ("refused", "again"), frame
        for act in frame.get("acts", ()) if frame["t"] == "tick" else ():
            if act["s"] <= self.seq:
                continue
            if act.get("c") == self.clause and "change" in act.get("b", {}):
                self.number = act["n"]
                self.length = Change.from_log(act["b"]["change"]).new_length
                if act.get("i") == self.client and self._push is not None and act.get("u") == self._push["counter"]:
                    self._push = None
                    async with self.heard:
                        self.acknowledged += 1
                        self.heard.notify_all()
        if frame["t"] == "tick":
            self.seq = max(self.seq, frame["seq"])
