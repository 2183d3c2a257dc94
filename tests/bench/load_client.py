"""The load of the benches: many websocket clients in one process, as cheap as Python can be.

Sockets and epoll without a framework; frame headers are read by hand. Everybody hears the same frames, so that each
distinct frame is decoded once for all clients; what a mere watcher costs is a ``recv``, a slice and a look-up.

Reads its ``Plan`` as JSON from stdin and writes its ``Report`` as JSON to stdout.
"""

import heapq
import os
import select
import socket
import sys
import time
from collections import Counter

import msgspec
import psutil

from tests.bench.load_dialects import Adref, Client, Dialect, Seen, Typed, Yjs
from tests.bench.load_frames import frame_end, packed, payload_at

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


class Load:
    """All clients, and the loop that drives them."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.typed = Typed(plan.size)
        self.dialect: Dialect = Adref(self.typed) if plan.dialect == "adref" else Yjs(self.typed)
        self.clients: list[Client] = []
        self.by_fd: dict[int, Client] = {}
        self.seen: dict[bytes, Seen] = {}
        self.closed = self.frames = self.bytes = 0
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
            end = frame_end(data, 0)
            if end is None:
                data += self._more(client)
            elif self.dialect.name(client, data[payload_at(data, 0) : end[1]]):
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
            found = frame_end(data, at)
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
        own = Counter(name for (name, _), moment in self.typed.at.items() if moment >= zero)
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
                    typed = self.typed.at.get(edit)
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
            refused=self.typed.refused,
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


if __name__ == "__main__":
    report = Load(msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)).run()
    sys.stdout.buffer.write(msgspec.json.encode(report))
    sys.stdout.flush()
    os._exit(0)  # thousands of sockets are closed by the kernel faster than by us
