"""People who read a consultation while comments come in, over HTTP; a process of its own.

``python -m tests.bench.round_load``: a Plan as JSON on stdin, a Report as JSON on stdout.
"""

import asyncio
import random
import sys
from collections.abc import Coroutine
from time import perf_counter
from typing import Any

import httpx
import msgspec
from msgspec import Struct

EVERY = 30.0  # seconds after which a reader opens another page


class Plan(Struct):
    """``rate``: comments sent a second, by the holders of ``tokens``; ``pages``: what ``readers`` open."""

    port: int
    round: str
    clauses: list[str]
    tokens: list[str]
    pages: list[str]
    readers: int
    rate: float
    seconds: float


class Report(Struct):
    """Latencies in ms; ``failed``: answers that were none of 200 and 201."""

    reads: list[float]
    posts: list[float]
    failed: int


async def run(plan: Plan) -> Report:
    """The readers and the senders, until the time is over."""
    report = Report([], [], 0)
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{plan.port}", timeout=60, limits=limits) as http:
        end = perf_counter() + plan.seconds
        readers = [asyncio.create_task(_reads(http, plan, number, end, report)) for number in range(plan.readers)]
        await _posts(http, plan, end, report)
        await asyncio.gather(*readers)
    return report


async def _reads(http: httpx.AsyncClient, plan: Plan, number: int, end: float, report: Report) -> None:
    rng = random.Random(number)
    await asyncio.sleep(rng.random() * EVERY)
    while perf_counter() < end:
        await _timed(http.get(rng.choice(plan.pages)), report.reads, report)
        await asyncio.sleep(EVERY)


async def _posts(http: httpx.AsyncClient, plan: Plan, end: float, report: Report) -> None:
    """At their times, whether or not those before have been answered."""
    sent: list[asyncio.Task[None]] = []
    start, number = perf_counter(), 0
    while perf_counter() < end:
        body = {
            "id": f"benchcomment{number:08d}",
            "clause": plan.clauses[number % len(plan.clauses)],
            "body": f"Comment number {number}: please say by when, and who keeps it.",
        }
        headers = {"Authorization": f"Bearer {plan.tokens[number % len(plan.tokens)]}"}
        asked = http.post(f"/api/v1/consultations/{plan.round}/comments", json=body, headers=headers)
        sent.append(asyncio.create_task(_timed(asked, report.posts, report)))
        number += 1
        await asyncio.sleep(max(0.0, start + number / plan.rate - perf_counter()))
    await asyncio.gather(*sent)


async def _timed(asked: Coroutine[Any, Any, httpx.Response], times: list[float], report: Report) -> None:
    """What was not answered in time has failed, and its time counts all the same."""
    start = perf_counter()
    try:
        report.failed += (await asked).status_code not in {200, 201}
    except httpx.HTTPError:
        report.failed += 1
    times.append(1_000 * (perf_counter() - start))


if __name__ == "__main__":
    told = asyncio.run(run(msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)))
    sys.stdout.buffer.write(msgspec.json.encode(told))
