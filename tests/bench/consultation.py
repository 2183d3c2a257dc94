"""A consultation at full size, on SQLite and on PostgreSQL: pages, filters, search and counts over HTTP; bundling in a
worker; comments that come in while many read; the compendium's memory.

``ADREF_BENCH_REMARKS`` makes it smaller (100,000 comments by default).
"""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any, Final

import asyncpg
import httpx
import msgspec

from tests.bench.figures import Figure, Figures
from tests.bench.load import SECONDS
from tests.bench.round_load import Plan, Report
from tests.postgres import Postgres, binaries
from tests.repo import REPO

REMARKS: Final = int(os.environ.get("ADREF_BENCH_REMARKS", "100000"))
READERS: Final = 500
RATE: Final = 50.0  # comments a second
TIMES: Final = 30  # that a page is asked for
_PAGES: Final = {
    "first page": "comments",
    "a clause": "comments?clause={clause}",
    "group and view": "comments?group=academia&view=oppose",
    "language and not answered": "comments?language=ar&answered=no",
    "search, a rare word": "comments?q=netlaking",
    "search, a frequent word": "comments?q=states",
    "search, a phrase, and a filter": "comments?q=%22states+should%22&group=industry",
    "counts and charts": "summary",
    "counts and charts of a filter": "summary?group=industry&language=en",
}


def sqlite() -> Figures:
    """All of it on SQLite."""
    with TemporaryDirectory(prefix="adref-bench-") as folder:
        yield from _measured(f"sqlite:///{folder}/adref.db")


def postgres() -> Figures:
    """All of it on PostgreSQL."""
    found = binaries()
    if found is None:
        return
    with Postgres(found) as running:
        asyncio.run(_create(running.sockets))
        yield from _measured(running.url("bench"))


async def _create(sockets: str) -> None:
    admin = await asyncpg.connect(host=sockets, user="adref", database="postgres")
    await admin.execute("CREATE DATABASE bench TEMPLATE template0")
    await admin.close()


def _measured(url: str) -> Figures:
    with _served(url) as (server, facts):
        yield Figure(f"{REMARKS:,} comments put in", facts["seconds"], "s")
        base = f"http://127.0.0.1:{facts['port']}/consultations/{facts['round']}"
        with httpx.Client(timeout=300) as http:
            for name, path in _PAGES.items():
                address = f"{base}/{path.format(clause=facts['clauses'][0])}"
                yield Figure(f"{name}, p95", _p95(_asked(http, address)), "ms", 200, "the whole page, over HTTP")
            yield from _bundled(http, server.pid, f"{base}/bundles", facts["cookie"])
            yield from _compendium(http, server.pid, base)
        yield from _loaded(server.pid, facts)


@contextmanager
def _served(url: str) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, Any]]]:
    command = [sys.executable, "-m", "tests.bench.round_server", url, str(REMARKS)]
    process = subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(30)


def _asked(http: httpx.Client, address: str) -> Iterator[float]:
    http.get(address).raise_for_status()
    for _ in range(TIMES):
        start = perf_counter()
        http.get(address).raise_for_status()
        yield 1_000 * (perf_counter() - start)


def _p95(times: Iterator[float] | Sequence[float]) -> float:
    ordered = sorted(times)
    return ordered[max(0, -(-95 * len(ordered) // 100) - 1)] if ordered else 0.0


def _bundled(http: httpx.Client, pid: int, address: str, cookie: str) -> Figures:
    """As somebody who leads does it: asked for once, then the page that says how far it is until it is done."""
    headers = {"Cookie": cookie}
    csrf = re.search(r'name="csrf" value="([^"]+)"', http.get(address, headers=headers).text)
    start, most = perf_counter(), 0.0
    http.post(address, headers=headers, data={"csrf": csrf[1] if csrf else ""})
    while 'http-equiv="refresh"' in http.get(address, headers=headers).raise_for_status().text:
        most = max(most, *(_peak(child) for child in _children(pid)), 0.0)
        sleep(0.2)
    found = http.get(address).text.count('class="bundle"')
    yield Figure("bundled, with what is written", perf_counter() - start, "s", 60, f"{found} bundles on the first page")
    yield Figure("the worker's memory", most, "MB")


def _compendium(http: httpx.Client, pid: int, base: str) -> Figures:
    before, size, start = _peak(pid), 0, perf_counter()
    with http.stream("GET", f"{base}/compendium.csv") as response:
        for part in response.raise_for_status().iter_raw():
            size += len(part)
    note = f"{size / 1e6:.0f} MB in {perf_counter() - start:.0f} s"
    yield Figure("compendium as CSV: more memory at its peak", _peak(pid) - before, "MB", None, note)


def _loaded(pid: int, facts: dict[str, Any]) -> Figures:
    base = f"/consultations/{facts['round']}"
    pages = [base + "/comments", base + "/summary", f"{base}/comments?clause={facts['clauses'][1]}", base + "/counts"]
    plan = Plan(
        port=facts["port"],
        round=facts["round"],
        clauses=facts["clauses"],
        tokens=facts["tokens"],
        pages=pages,
        readers=READERS,
        rate=RATE,
        seconds=max(SECONDS, 20.0),
    )
    command, before, start = [sys.executable, "-m", "tests.bench.round_load"], _spent(pid), perf_counter()
    done = subprocess.run(command, cwd=REPO, input=msgspec.json.encode(plan), stdout=subprocess.PIPE, check=True)
    report = msgspec.json.decode(done.stdout, type=Report)
    note = f"{len(report.posts)} comments, {len(report.reads)} pages for {READERS} readers, {report.failed} failed"
    yield Figure(f"{RATE:.0f} comments/s come in: answered within, p95", _p95(report.posts), "ms", 1_000, note)
    yield Figure("a page meanwhile, p95", _p95(report.reads), "ms", 1_000)
    share = 100 * (_spent(pid) - before) / (perf_counter() - start)
    yield Figure("the server's time meanwhile", share, "% of a core", 100)


def _spent(pid: int) -> float:
    """CPU seconds of a process, all threads."""
    facts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


def _peak(pid: int) -> float:
    """The most memory that a process has had, MB; 0 once it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return 0.0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(lines[0].split()[1]) / 1_024 if lines else 0.0


BENCHES: dict[str, Callable[[], Figures]] = {"consultation": sqlite, "consultation-postgres": postgres}
