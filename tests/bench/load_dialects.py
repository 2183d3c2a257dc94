"""How the servers that are measured are spoken to: what a client of each types, and what it hears."""

import random
import socket
import sys
from array import array
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from tests.bench.load_frames import packed


@dataclass(slots=True)
class Seen:
    """A distinct frame, decoded once."""

    index: int
    edits: list[tuple[str, int]]  # (writer, number of the edit)
    clauses: dict[str, tuple[int, int]] = field(default_factory=dict)  # clause -> text number, growth
    last: dict[str, int] = field(default_factory=dict)  # writer -> number of its last edit in here


@dataclass(slots=True, eq=False)
class Client:
    """One socket."""

    sock: socket.socket
    name: str = ""
    rest: bytes = b""
    frames: "array[int]" = field(default_factory=lambda: array("I"))
    times: "array[float]" = field(default_factory=lambda: array("d"))
    writes: bool = False
    clause: str = ""
    number: int = 0
    length: int = 0
    counter: int = 0
    awaited: int | None = None  # the number of the edit whose receipt ends the push under way
    typed: list[float] = field(default_factory=list)  # waiting edits
    script: list[tuple[int, str, str]] = field(default_factory=list)


class Dialect(Protocol):
    """How a server is spoken to."""

    def name(self, client: Client, payload: bytes) -> bool:
        """Learn a client's name from a frame; whether it was that frame."""

    def read(self, index: int, payload: bytes) -> Seen:
        """Decode a frame."""

    def hear(self, client: Client, seen: Seen) -> None:
        """A writer got a frame."""

    def type(self, client: Client, now: float) -> None:
        """A writer types one edit."""


@dataclass(slots=True)
class Typed:
    """What the clients of one run tell of it: when each edit was typed, and how many pushes were refused."""

    size: int  # characters that an edit replaces, about
    at: dict[tuple[str, int], float] = field(default_factory=dict)  # (writer, number of the edit) -> moment
    refused: int = 0


class Adref:
    """A collab client of Adref: one push in flight, what is typed meanwhile goes with the next."""

    def __init__(self, typed: Typed) -> None:
        self.typed = typed
        self.random = random.Random(7)

    def name(self, client: Client, payload: bytes) -> bool:
        """``welcome`` says who we are."""
        frame = msgspec.json.decode(payload)
        if frame["t"] == "welcome":
            client.name = frame["client"]
        return bool(client.name)

    def read(self, index: int, payload: bytes) -> Seen:
        """Ticks hold acts; of those only text matters here."""
        frame = msgspec.json.decode(payload)
        seen = Seen(index, [])
        if frame["t"] in ("refused", "again"):
            self.typed.refused += 1
            sys.stderr.write(f"{frame}\n")
        for act in frame.get("acts", ()):
            clause, number, writer = act["c"], act["n"], act["i"]
            growth = sum(len(p[1]) - p[0] if len(p) > 1 else -p[0] for p in act["b"]["change"] if isinstance(p, list))
            seen.edits.append((writer, act.get("u", 0)))
            seen.clauses[clause] = (number, seen.clauses.get(clause, (0, 0))[1] + growth)
            seen.last[writer] = act.get("u", 0)
        return seen

    def hear(self, client: Client, seen: Seen) -> None:
        """Go on from the clause's new text, and push what waits once the last push is in it."""
        news = seen.clauses.get(client.clause)
        if news is None:
            return
        client.number = news[0]
        client.length += news[1]
        if client.awaited is not None and seen.last.get(client.name, -1) >= client.awaited:
            client.awaited = None
            if client.typed:
                self._push(client)

    def type(self, client: Client, now: float) -> None:
        """One edit more."""
        client.typed.append(now)
        if client.awaited is None:
            self._push(client)

    def _push(self, client: Client) -> None:
        updates, base, length, first = [], client.number, client.length, client.counter
        at = 0
        for moment in client.typed:
            size = self.random.randint(1, 2 * self.typed.size - 1)
            at = self.random.randint(0, max(0, length - size))
            gone = min(size, length - at) if length > 200 else 0
            parts: list[Any] = [at] if at else []
            parts.append([gone, "abcdefgh "[self.random.randrange(9)] * size])
            if length - at - gone:
                parts.append(length - at - gone)
            updates.append(parts)
            length += size - gone
            at += size
            self.typed.at[client.name, client.counter] = moment
            client.counter += 1
        client.typed.clear()
        client.awaited = client.counter - 1
        push = {"t": "push", "clause": client.clause, "client": client.name, "base": base, "counter": first}
        push["updates"] = updates
        cursor = {"t": "cursor", "clause": client.clause, "number": base, "anchor": at, "head": at}
        client.sock.send(packed(msgspec.json.encode(push)) + packed(msgspec.json.encode(cursor)))


class Yjs:
    """Clients of @y/websocket-server that send what load_yjs.mjs prepared."""

    def __init__(self, typed: Typed) -> None:
        self.typed = typed

    def name(self, client: Client, payload: bytes) -> bool:
        """There is nothing to learn: the first frame is the server's state vector, and names are in the script."""
        return not client.name and bool(payload)

    def read(self, index: int, payload: bytes) -> Seen:
        """Update messages: 0, 2, length, then 1 client, its structs, the client's id and its clock."""
        if payload[0] != 0 or payload[1] != 2:
            return Seen(index, [])
        _, at = _varint(payload, 2)
        clients, at = _varint(payload, at)
        if clients != 1:
            return Seen(index, [])
        _, at = _varint(payload, at)
        client, at = _varint(payload, at)
        clock, at = _varint(payload, at)
        return Seen(index, [(str(client), clock)])

    def hear(self, client: Client, seen: Seen) -> None:
        """Nothing depends on it."""

    def type(self, client: Client, now: float) -> None:
        """The next prepared edit."""
        if client.counter >= len(client.script):
            return
        clock, update, awareness = client.script[client.counter]
        client.counter += 1
        self.typed.at[client.name, clock] = now
        data = packed(bytes.fromhex(update), 2)
        client.sock.send(data + packed(bytes.fromhex(awareness), 2) if awareness else data)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
