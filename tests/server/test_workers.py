"""Jobs in another process: results, progress, errors, and a process that is killed."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from starlette.applications import Starlette

from drafts.errors import Invalid, Refusal, TooMany
from server import workers as module
from server.workers import Died, Workers


def whose(number: int) -> tuple[int, int]:
    return os.getpid(), number * 2


def counted(upto: int, progress: Callable[[float], None]) -> int:
    for number in range(upto):
        progress((number + 1) / upto)
    return upto


def refused() -> None:
    raise Invalid("no_version", "There is no version {number}.", number=3)


def printed() -> str:
    os.write(1, b"not an answer")
    return "an answer"


def large() -> str:
    return "x" * 3_000_000


def once_killed(mark: str) -> str:
    """Waits to be killed the first time; the second time it is done at once."""
    path = Path(mark)
    if path.exists():
        return "done"
    path.write_text(str(os.getpid()))
    signal.pause()
    return "never"


def long() -> None:
    signal.pause()


def suicide() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def begun(mark: Path) -> int:
    """The process id that a job wrote when it began."""
    async with asyncio.timeout(20):
        while not (said := _said(mark)):  # noqa: ASYNC110 - the event is in another process
            await asyncio.sleep(0.02)
    return int(said)


def _said(mark: Path) -> str:
    return mark.read_text() if mark.exists() else ""


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    async with Workers() as opened:
        yield opened


async def test_jobs_are_done_elsewhere_one_after_the_other(workers: Workers) -> None:
    assert workers.pid is None
    told: list[float] = []
    results = await asyncio.gather(*(workers.run(whose, n) for n in range(3)))
    assert [number for _, number in results] == [0, 2, 4]
    assert {pid for pid, _ in results} == {workers.pid}
    assert workers.pid != os.getpid()
    assert await workers.run(counted, 1000, progress=told.append) == 1000
    assert told == sorted(told)
    assert 10 < len(told) <= 100
    assert await workers.run(printed) == "an answer"
    assert len(await workers.run(large)) == 3_000_000


async def test_what_a_job_raises_is_raised_here(workers: Workers) -> None:
    with pytest.raises(Refusal) as caught:
        await workers.run(refused)
    assert (caught.value.key, caught.value.params) == ("no_version", {"number": 3})
    assert (await workers.run(whose, 1))[1] == 2


async def test_a_killed_worker_is_replaced_and_its_job_done(workers: Workers, tmp_path: Path) -> None:
    first = (await workers.run(whose, 1))[0]
    mark = tmp_path / "begun"
    job = asyncio.create_task(workers.run(once_killed, str(mark)))
    pid = await begun(mark)
    assert pid == first
    os.kill(pid, signal.SIGKILL)
    assert await job == "done"
    assert workers.pid not in {None, pid}
    os.kill(workers.pid or 0, signal.SIGKILL)  # between two jobs
    assert (await workers.run(whose, 4))[1] == 8
    with pytest.raises(Died):
        await workers.run(suicide)
    assert (await workers.run(whose, 5))[1] == 10


async def test_a_job_that_nobody_waits_for_is_given_up(workers: Workers, tmp_path: Path) -> None:
    mark = tmp_path / "begun"
    job = asyncio.create_task(workers.run(once_killed, str(mark)))
    pid = await begun(mark)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert (await workers.run(whose, 1))[1] == 2


async def test_limits(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "JOBS", 2)
    pids = [(await workers.run(whose, 1))[0] for _ in range(3)]
    assert pids[0] == pids[1] != pids[2]
    monkeypatch.setattr(module, "MOST_WAITING", 0)
    with pytest.raises(TooMany):
        await workers.run(whose, 1)
    monkeypatch.setattr(module, "MOST_WAITING", 1)
    monkeypatch.setattr(module, "LONGEST", 0.01)
    with pytest.raises(TimeoutError):
        await workers.run(long)


async def test_the_application_has_one_and_ends_it(app: Starlette) -> None:
    async with app.router.lifespan_context(app):
        pid = (await app.state.workers.run(whose, 1))[0]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
