"""Comparisons are shared, kept for a while, and long ones are made elsewhere with their progress told."""

import asyncio

import pytest
from starlette.applications import Starlette

from drafts.desk import brought, compare
from drafts.desk.compare import Side
from drafts.errors import TooLarge
from drafts.exchange.parsed import Parsed, ParsedClause
from drafts.model import ClauseKind
from drafts.store import Store
from server import comparisons as module
from server.comparisons import Comparisons
from server.workers import Workers
from tests.cast import Cast


async def text(store: Store, room: Cast, clauses: int, word: str) -> Side:
    """A file as a side: so many clauses of 40 words."""
    found = tuple(
        ParsedClause(ClauseKind.OPERATIVE, 0, " ".join(f"{word}{n}x{at}" for at in range(40))) for n in range(clauses)
    )
    kept = await brought.keep(store, room.norvale, room.draft.id, "f.md", Parsed("", "", "en", found), "compare")
    return await compare.side(store, room.norvale, room.draft.id, f"file-{kept.id}")


async def test_one_job_for_all_who_ask(app: Starlette, store: Store, room: Cast) -> None:
    shared: Comparisons = app.state.comparisons
    old, new = await text(store, room, 3, "a"), await text(store, room, 4, "a")
    job = shared.two(old, new)
    assert shared.two(old, new) is job
    assert shared.two(new, old) is not job
    found = await shared.of(old, new)
    assert found == compare.between(old, new)
    assert app.state.workers.pid is None  # short ones need no process
    assert shared.two(old, new) is job
    columns = await shared.several(old, [new, old]).result()
    assert columns is not None
    assert [counts.inserted for counts in columns.counts] == [1, 0]


async def test_long_ones_are_made_elsewhere(
    app: Starlette, store: Store, room: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SHORT", 1000)
    old, new = await text(store, room, 100, "a"), await text(store, room, 101, "a")
    job = app.state.comparisons.two(old, new)
    told: list[float] = []
    monkeypatch.setattr(module.Job, "tell", lambda _job, share: told.append(share))
    assert await job.result(0) is None
    found = await job.result()
    assert found.counts.inserted == 1
    assert app.state.workers.pid is not None
    assert told
    assert job.share == 1.0


async def test_old_results_go(app: Starlette, store: Store, room: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 2)
    shared: Comparisons = app.state.comparisons
    sides = [await text(store, room, number + 1, "b") for number in range(4)]
    first = shared.two(sides[0], sides[1])
    await first.result()
    await shared.two(sides[1], sides[2]).result()
    assert shared.two(sides[0], sides[1]) is first
    await shared.two(sides[2], sides[3]).result()
    assert shared.two(sides[0], sides[1]) is first
    second = shared.two(sides[1], sides[2])
    await second.result()
    monkeypatch.setattr(module, "MOST_CHARACTERS", 1)
    await shared.of(sides[3], sides[2])
    assert shared.two(sides[1], sides[2]) is not second


async def test_what_failed_is_said_and_not_tried_again_at_once(
    store: Store, room: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Workers() as workers, Comparisons(workers) as shared:
        monkeypatch.setattr(module, "_two", lambda *_arguments: 1 / 0)
        old, new = await text(store, room, 1, "c"), await text(store, room, 2, "c")
        job = shared.two(old, new)
        for _ in range(2):
            with pytest.raises(TooLarge):
                await job.result()
        assert shared.two(old, new) is job
        monkeypatch.undo()
        monkeypatch.setattr(module, "FAILED_FOR", -1.0)
        assert (await shared.of(old, new)).counts.inserted == 1


async def test_closing_ends_what_is_not_done(store: Store, room: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHORT", 0)
    async with Workers() as workers, Comparisons(workers) as shared:
        job = shared.two(await text(store, room, 1, "d"), await text(store, room, 2, "d"))
        await asyncio.sleep(0)
    assert job.task.cancelled()
