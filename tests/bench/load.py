"""The room under load: real sockets, one draft of 300 clauses and 32,000 words, durable commits, presence on.

Each run has a server process of its own and one process of clients (load_client.py). A server's time is CPU seconds of
its process, all threads, whatever else the machine does; latencies are wall time and suffer when others work here.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from socket import create_server
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from tests.bench.figures import Figure, Figures
from tests.bench.load_client import WARM, Plan, Report
from tests.bench.load_server import clauses as text_of
from tests.repo import REPO

SECONDS = float(os.environ.get("ADREF_BENCH_SECONDS", "8"))
CLAUSES, WORDS = 300, 32_000
RATE = 5.0  # edits a second and writer


@contextmanager
def _process(command: list[str], **env: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, env={**os.environ, **env})
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def adref(
    send_buffer: int | None = None, *, clauses: int = CLAUSES, words: int = WORDS
) -> Iterator[tuple[int, dict[str, Any]]]:
    """A server of Adref with a new draft: its process id, and where what is (see load_server.py)."""
    with TemporaryDirectory(prefix="adref-bench-") as folder:
        sizes = [str(clauses), str(words), *([str(send_buffer)] if send_buffer else [])]
        with _process([sys.executable, "-m", "tests.bench.load_server", folder, *sizes]) as server:
            facts = json.loads(_line(server))
            yield server.pid, facts


def _line(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout is not None
    return process.stdout.readline()


def _load(plan: Plan) -> Report:
    command = [sys.executable, "-m", "tests.bench.load_client"]
    done = subprocess.run(command, cwd=REPO, input=msgspec.json.encode(plan), stdout=subprocess.PIPE, check=True)
    return msgspec.json.decode(done.stdout, type=Report)


@cache
def run(clients: int, writers: int, *, together: bool = False, stalled: int = 0, size: int = 3) -> Report:
    """One load on a server of its own. ``together``: all write in one clause."""
    with adref(32 * 1024 if stalled else None) as (server, facts):
        texts = facts["clauses"]
        places = [texts[7 if together else (7 * index) % len(texts)] for index in range(writers)]
        plan = Plan(
            dialect="adref",
            port=facts["port"],
            server=server,
            paths=[f"/ws/drafts/{facts['draft']}"] * clients,
            cookies=[facts["cookies"][index % len(facts["cookies"])] for index in range(clients)],
            clauses=[(clause, len(text)) for clause, text in places],
            seconds=SECONDS,
            rate=RATE,
            stalled=stalled,
            size=size,
        )
        return _load(plan)


# ── Yjs, under the same load ──

_YJS = REPO / "tests" / "bench" / "node_modules" / "@y" / "websocket-server" / "src" / "server.js"


def _node() -> list[str]:
    return ["sh", str(REPO / "web" / "node.sh"), "node"]


@cache
def run_yjs(clients: int, writers: int, *, presence: bool = True) -> Report:
    """@y/websocket-server with the same text, clients and edits; nothing of it is kept on disk."""
    texts = [(clause.id, clause.text) for clause in text_of(CLAUSES, WORDS)]
    edits = int((SECONDS + WARM + 1) * RATE) + 2
    wanted = [{"clause": texts[(7 * index) % CLAUSES][0], "edits": edits} for index in range(writers)]
    asked = {"clauses": texts, "writers": wanted, "size": 3, "seed": 5, "presence": presence}
    made = subprocess.run(
        [*_node(), "tests/bench/load_yjs.mjs"],
        cwd=REPO,
        input=json.dumps(asked).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    script = json.loads(made.stdout)
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with _process([*_node(), str(_YJS)], HOST="127.0.0.1", PORT=str(port)) as server:
        _line(server)
        plan = Plan(
            dialect="yjs",
            port=port,
            server=server.pid,
            paths=["/bench"] * clients,
            cookies=[""] * clients,
            clauses=[(writer["client"], 0) for writer in script["writers"]],
            seconds=SECONDS,
            rate=RATE,
            script=[writer["script"] for writer in script["writers"]],
            first=script["brought"],
        )
        return _load(plan)


# ── the benches ──


def _late(what: str, report: Report, target: float) -> Figures:
    """The latency of a run, and beside it what makes it believable: that all arrived, and who was busy."""
    busy = f"server {report.server_cpu / report.seconds:.0%}, load {report.load_cpu / report.seconds:.0%} of a core"
    trouble = f", {report.refused} REFUSED, {report.closed} CLOSED" if report.refused or report.closed else ""
    yield Figure(
        f"{what}: p95 from typing to receipt",
        report.p95,
        "ms",
        target,
        f"median {report.p50:.0f}, worst client {report.worst_client_p95:.0f}; {busy}{trouble}",
    )
    share = report.missing / max(1, report.delivered + report.missing)
    yield Figure(f"{what}: not delivered", share * 100, "%", None, f"{report.delivered:,} edits delivered")


def _memory(report: Report, clients: int) -> str:
    each = (report.rss_connected - report.rss_before) / clients / 1024
    return f"{report.rss_after / 1e6:.0f} MB, {each:.0f} kB a connection"


def small() -> Figures:
    """200 clients, 10 of them writing."""
    yield from _late("200 clients, 10 writers", run(200, 10), 60)


def large() -> Figures:
    """500 clients, 50 of them writing."""
    report = run(500, 50)
    yield from _late("500 clients, 50 writers", report, 120)
    rate = 500 / report.connecting
    yield Figure(
        "500 clients: connected", rate, "clients/s", None, f"{report.connecting_cpu / 500 * 1000:.1f} ms CPU each"
    )


def together() -> Figures:
    """The same in one clause."""
    yield from _late("500 clients, 50 writers in one clause", run(500, 50, together=True), 120)


def watched() -> Figures:
    """2,000 clients, 10 of them writing."""
    report = run(2_000, 10)
    yield from _late("2,000 clients, 10 writers", report, 150)
    yield Figure("2,000 clients: memory of the server", report.rss_after / 1e6, "MB", None, _memory(report, 2_000))


def against_yjs() -> Figures:
    """CPU per delivered edit beside @y/websocket-server, which keeps nothing on disk."""
    ours = run(500, 50)
    mine = ours.server_cpu / max(1, ours.delivered_meanwhile) * 1e6
    yield Figure(
        "Adref: CPU per delivered edit", mine, "µs", None, f"{ours.delivered_meanwhile:,} in {ours.seconds:.1f} s"
    )
    for presence in (True, False):
        theirs = run_yjs(500, 50, presence=presence)
        cost = theirs.server_cpu / max(1, theirs.delivered_meanwhile) * 1e6
        which = "Yjs" if presence else "Yjs without cursors"
        lost = theirs.missing / max(1, theirs.delivered + theirs.missing)
        note = f"p95 {theirs.p95 / 1000:.1f} s of those that came; {lost:.0%} did not come in {theirs.seconds:.0f} s"
        yield Figure(f"{which}: CPU per delivered edit", cost, "µs", None, note)
        target = 0.25 if presence else None
        yield Figure(
            f"Adref / {which}", mine / cost, "×", target, "same text, clients, edits; Adref with cursors, on disk"
        )


def stalled() -> Figures:
    """100 clients of which 20 stop reading; edits of some 200 characters, and small buffers in the kernel."""
    report = run(100, 10, stalled=20, size=200)
    yield from _late("20 of 100 stop reading: the others", report, 200)
    grown = (report.rss_after - report.rss_connected) / 1e6
    yield Figure("20 of 100 stop reading: memory grew by", grown, "MB", 20 * 4.2, "at most an outbox of 4 MiB each")


BENCHES: dict[str, Callable[[], Figures]] = {
    "small": small,
    "large": large,
    "together": together,
    "watched": watched,
    "yjs": against_yjs,
    "stalled": stalled,
}
