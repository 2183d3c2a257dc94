"""The load of the benches: many websocket clients in one process, as cheap as Python can be.

Sockets and epoll without a framework; frame headers are read by hand. Everybody hears the same frames, so that each
distinct frame is decoded once for all clients; what a mere watcher costs is a ``recv``, a slice and a look-up.

Reads its ``Plan`` as JSON from stdin and writes its ``Report`` as JSON to stdout.
"""

import heapq
import os
import random
import select
import socket
import sys
import time
from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec
import psutil

BATCH = 50  # connections that shake hands at a time
KEY = 72  # first bytes of a frame by which it is known: type, seq and the start of the first act
CHUNK = 16 * 1024  # more is fetched in several goes; larger buffers cost more to make than to fill
WARM = 1.5  # seconds of load before anything counts
PATIENCE = 4.5  # seconds to wait for what is still under way at the end


class Plan(msgspec.Struct):
    """What to do. ``writers`` of the clients type ``rate`` edits a second, ``stalled`` stop reading at once."""

    dialect: str  # adref | yjs
    port: int
    server: int  # process id, for its CPU and memory
    paths: list[str]  # per client, as cookies
    cookies: list[str]
    clauses: list[tuple[str, int]]  # id and length of the clause that each writer types in
    seconds: float
    rate: float = 5.0
    stalled: int = 0
    size: int = 3  # characters that an edit replaces, about
    script: list[list[tuple[int, str, str]]] = []  # yjs: per writer and edit its clock, update and awareness as hex
    first: str = ""  # yjs: the message that brings the text, as hex


class Report(msgspec.Struct):
    """What came of it. Latencies in milliseconds, from an edit's typing to its receipt at another client."""

    edits: int
    delivered: int
    missing: int
    p50: float
    p95: float
    worst_client_p95: float
    most: float
    refused: int
    closed: int
    frames: int
    received_bytes: int
    seconds: float
    server_cpu: float  # seconds, between the first and the last moment that counts
    load_cpu: float
    delivered_meanwhile: int
    rss_before: int  # bytes of the server: nobody connected,
    rss_connected: int  # everybody connected,
    rss_after: int  # and at the end
    connecting: float  # seconds until all were connected
    connecting_cpu: float


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


def packed(payload: bytes, opcode: int = 1) -> bytes:
    """A frame from a client; the mask is zero, so that masking costs nothing here and as always there."""
    size = len(payload)
    if size < 126:
        head = bytes([0x80 | opcode, 0x80 | size])
    elif size < 65536:
        head = bytes([0x80 | opcode, 0xFE]) + size.to_bytes(2, "big")
    else:
        head = bytes([0x80 | opcode, 0xFF]) + size.to_bytes(8, "big")
    return head + b"\0\0\0\0" + payload


class Adref:
    """A collab client of Adref: one push in flight, what is typed meanwhile goes with the next."""

    def __init__(self, load: "Load") -> None:
        self.load = load
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
            self.load.refused += 1
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
            size = self.random.randint(1, 2 * self.load.plan.size - 1)
            at = self.random.randint(0, max(0, length - size))
            gone = min(size, length - at) if length > 200 else 0
            parts: list[Any] = [at] if at else []
            parts.append([gone, "abcdefgh "[self.random.randrange(9)] * size])
            if length - at - gone:
                parts.append(length - at - gone)
            updates.append(parts)
            length += size - gone
            at += size
            self.load.sent[client.name, client.counter] = moment
            client.counter += 1
        client.typed.clear()
        client.awaited = client.counter - 1
        push = {"t": "push", "clause": client.clause, "client": client.name, "base": base, "counter": first}
        push["updates"] = updates
        cursor = {"t": "cursor", "clause": client.clause, "number": base, "anchor": at, "head": at}
        client.sock.send(packed(msgspec.json.encode(push)) + packed(msgspec.json.encode(cursor)))


class Yjs:
    """Clients of @y/websocket-server that send what load_yjs.mjs prepared."""

    def __init__(self, load: "Load") -> None:
        self.load = load

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
        self.load.sent[client.name, clock] = now
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


class Load:
    """All clients, and the loop that drives them."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.dialect: Dialect = Adref(self) if plan.dialect == "adref" else Yjs(self)
        self.clients: list[Client] = []
        self.by_fd: dict[int, Client] = {}
        self.seen: dict[bytes, Seen] = {}
        self.sent: dict[tuple[str, int], float] = {}
        self.refused = self.closed = self.frames = self.bytes = 0
        self.poll = select.epoll()
        self.due: list[tuple[float, int]] = []
        self.server = psutil.Process(plan.server)

    # ── connecting ──

    def connect(self) -> None:
        """Everybody, a batch at a time."""
        for start in range(0, len(self.plan.paths), BATCH):
            batch = [self._open(i) for i in range(start, min(start + BATCH, len(self.plan.paths)))]
            for client in batch:
                self._shake(client)
            self.clients += batch
        for index, (client, (clause, length)) in enumerate(zip(self.clients, self.plan.clauses, strict=False)):
            client.writes, client.clause, client.length = True, clause, length
            if self.plan.script:
                client.script = self.plan.script[index]
                client.name = clause
        if self.plan.first:
            self.clients[0].sock.send(packed(bytes.fromhex(self.plan.first), 2))
        for index, client in enumerate(self.clients):
            if index < len(self.clients) - self.plan.stalled:
                client.sock.setblocking(False)
                self.by_fd[client.sock.fileno()] = client
                self.poll.register(client.sock, select.EPOLLIN)

    def _open(self, index: int) -> Client:
        sock = socket.socket()
        if index >= len(self.plan.paths) - self.plan.stalled:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(60)
        sock.connect(("127.0.0.1", self.plan.port))
        host = f"127.0.0.1:{self.plan.port}"
        lines = [
            f"GET {self.plan.paths[index]} HTTP/1.1",
            f"Host: {host}",
            f"Origin: http://{host}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            "Sec-WebSocket-Version: 13",
            f"Cookie: {self.plan.cookies[index]}",
        ]
        sock.send("\r\n".join([*lines, "", ""]).encode())
        return Client(sock)

    def _shake(self, client: Client) -> None:
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more(client)
        if not data.startswith(b"HTTP/1.1 101"):
            raise SystemExit(f"no websocket: {data[:200]!r}")
        data = data.partition(b"\r\n\r\n")[2]
        while True:
            end = _frame_end(data, 0)
            if end is None:
                data += self._more(client)
            elif self.dialect.name(client, data[_head(data, 0) : end[1]]):
                client.rest = data[end[1] :]
                return
            else:
                data = data[end[1] :]

    def _more(self, client: Client) -> bytes:
        data = client.sock.recv(1 << 16)
        if not data:
            raise SystemExit("the server closed a new connection")
        return data

    # ── the run ──

    def run(self) -> Report:
        """Connect, warm up, measure, wait for the rest."""
        before = self.server.memory_info().rss
        began, began_cpu = time.monotonic(), self._server_cpu()
        self.connect()
        connecting, connecting_cpu = time.monotonic() - began, self._server_cpu() - began_cpu
        self._drive(time.monotonic() + 1.2)  # the counts of watchers settle
        connected = self.server.memory_info().rss
        start = time.monotonic()
        step = 1 / self.plan.rate
        self.due = [(start + step * i / max(1, len(self.plan.clauses)), i) for i in range(len(self.plan.clauses))]
        heapq.heapify(self.due)
        self._drive(start + WARM)
        zero, cpu, own = time.monotonic(), self._server_cpu(), time.process_time()
        self._drive(zero + self.plan.seconds)
        self.due = []
        self._rest()
        end = time.monotonic()
        cpu, own = self._server_cpu() - cpu, time.process_time() - own
        report = self._report(zero, end)
        report.server_cpu, report.load_cpu = cpu, own
        report.rss_before, report.rss_connected, report.rss_after = before, connected, self.server.memory_info().rss
        report.connecting, report.connecting_cpu = connecting, connecting_cpu
        return report

    def _server_cpu(self) -> float:
        times = self.server.cpu_times()
        return times.user + times.system

    def _drive(self, until: float) -> None:
        poll, by_fd, due, step = self.poll.poll, self.by_fd, self.due, 1 / self.plan.rate
        while (now := time.monotonic()) < until:
            while due and due[0][0] <= now:
                moment, index = due[0]
                heapq.heapreplace(due, (moment + step, index))
                self.dialect.type(self.clients[index], now)
            wait = min(until, due[0][0] if due else until) - now
            for fd, _ in poll(max(0.0, wait)):
                self._receive(by_fd[fd])

    def _rest(self) -> None:
        """What is under way arrives, or nothing comes any more."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            frames = self.frames
            self._drive(time.monotonic() + 1.5)
            if frames == self.frames:
                return

    def _receive(self, client: Client) -> None:
        try:
            data = client.sock.recv(CHUNK)
        except ConnectionError:
            data = b""
        now = time.monotonic()
        if not data:
            self._lost(client)
            return
        self.bytes += len(data)
        if client.rest:
            data = client.rest + data
        at, size = 0, len(data)
        while at < size:
            found = _frame_end(data, at)
            if found is None:
                break
            head, end = found
            kind = data[at] & 0x0F
            if kind in (1, 2):
                self._take(client, data, at, head, end, now)
            elif kind == 9:
                client.sock.send(packed(data[head:end], 10))
            elif kind == 8:
                self._lost(client)
                return
            at = end
        client.rest = data[at:]

    def _take(self, client: Client, data: bytes, at: int, head: int, end: int, now: float) -> None:
        self.frames += 1
        key = data[at : at + KEY]
        seen = self.seen.get(key)
        if seen is None:
            seen = self.seen[key] = self.dialect.read(len(self.seen), data[head:end])
        if seen.edits:
            client.frames.append(seen.index)
            client.times.append(now)
            if client.writes:
                self.dialect.hear(client, seen)

    def _lost(self, client: Client) -> None:
        self.closed += 1
        self.poll.unregister(client.sock)
        client.sock.close()

    # ── the figures ──

    def _report(self, zero: float, end: float) -> Report:
        frames: list[Seen] = sorted(self.seen.values(), key=lambda seen: seen.index)
        own = Counter(name for (name, _), moment in self.sent.items() if moment >= zero)
        counted = own.total()
        everything: list[float] = []
        worst = 0.0
        meanwhile = missing = 0
        for client in self.by_fd.values():
            late: list[float] = []
            for index, moment in zip(client.frames, client.times, strict=True):
                for edit in frames[index].edits:
                    if edit[0] == client.name:
                        continue
                    typed = self.sent.get(edit)
                    meanwhile += moment >= zero
                    if typed is not None and typed >= zero:
                        late.append((moment - typed) * 1000)
            late.sort()
            missing += counted - own[client.name] - len(late)
            worst = max(worst, _share(late, 0.95))
            everything += late
        everything.sort()
        return Report(
            edits=counted,
            delivered=len(everything),
            missing=missing,
            p50=_share(everything, 0.5),
            p95=_share(everything, 0.95),
            worst_client_p95=worst,
            most=everything[-1] if everything else 0.0,
            refused=self.refused,
            closed=self.closed,
            frames=self.frames,
            received_bytes=self.bytes,
            seconds=end - zero,
            server_cpu=0.0,
            load_cpu=0.0,
            delivered_meanwhile=meanwhile,
            rss_before=0,
            rss_connected=0,
            rss_after=0,
            connecting=0.0,
            connecting_cpu=0.0,
        )


def _share(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def _head(data: bytes, at: int) -> int:
    size = data[at + 1]
    return at + (2 if size < 126 else 4 if size == 126 else 10)


def _frame_end(data: bytes, at: int) -> tuple[int, int] | None:
    """Where the payload of the server's frame at ``at`` begins and ends; None when it is not all there."""
    left = len(data) - at
    if left < 2:
        return None
    size = data[at + 1]
    if size < 126:
        head = at + 2
    elif size == 126:
        if left < 4:
            return None
        head, size = at + 4, data[at + 2] << 8 | data[at + 3]
    else:
        if left < 10:
            return None
        head, size = at + 10, int.from_bytes(data[at + 2 : at + 10], "big")
    end = head + size
    return (head, end) if end <= len(data) else None


if __name__ == "__main__":
    report = Load(msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)).run()
    sys.stdout.buffer.write(msgspec.json.encode(report))
    sys.stdout.flush()
    os._exit(0)  # thousands of sockets are closed by the kernel faster than by us
