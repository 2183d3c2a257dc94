"""Work that takes seconds is done in another process, so that the rooms never wait for it.

One process does one job after the other. It is started when the first job comes, replaced after ``JOBS`` of them (what
they leave in memory goes with it), and replaced when it dies: the job that it had is then tried once more. Short work
is better done in a thread: the way to the process and back costs a millisecond or more.
"""

import asyncio
import os
import pickle
import sys
from collections.abc import Callable
from typing import Any, Final, Self, TypeVar

from drafts.errors import TooMany
from server.worker import framed

T = TypeVar("T")
JOBS: Final = 100  # of one process
MOST_WAITING: Final = 32  # jobs that are not done
LONGEST: Final = 120.0  # seconds that one job may take
_LARGE: Final = 1 << 20  # bytes of an answer that is unpacked in a thread


class Died(Exception):
    """The process ended in the middle of a job, twice."""


class Workers:
    """Use as ``async with Workers() as workers``; then ``await workers.run(function, …)``."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._done = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_failure: object) -> None:
        await self._end()

    @property
    def pid(self) -> int | None:
        """The process that works now, if there is one."""
        return None if self._process is None else self._process.pid

    async def run(
        self, function: Callable[..., T], *arguments: Any, progress: Callable[[float], None] | None = None
    ) -> T:
        """What the function gives for the arguments. It has to be one of a module, and all that goes there and comes
        back has to be picklable.

        With ``progress`` the function gets an argument of that name, and what it tells (0 to 1) is told here.
        Raises what the function raises; TooMany when much waits already; TimeoutError after ``LONGEST``; ``Died``.
        """
        if self._waiting >= MOST_WAITING:
            raise TooMany("busy", "There is much to do just now. Please try again in {seconds} s.", seconds=20)
        self._waiting += 1
        try:
            async with self._turn:
                result: T = await self._tried(framed((function, arguments, progress is not None)), progress)
                return result
        finally:
            self._waiting -= 1

    async def _tried(self, job: bytes, progress: Callable[[float], None] | None) -> Any:
        for last in (False, True):
            try:
                async with asyncio.timeout(LONGEST):
                    kind, result = await self._work(job, progress)
            except (EOFError, ConnectionError):
                await self._end()
                if last:
                    raise Died("the worker died twice over one job") from None
                continue
            except BaseException:  # given up or out of time: nobody waits for what it would still say
                await self._end()
                raise
            if kind == "failed":
                raise result
            return result
        raise AssertionError

    async def _work(self, job: bytes, progress: Callable[[float], None] | None) -> tuple[str, Any]:
        process = await self._ready()
        assert process.stdin is not None  # noqa: S101 - it was started with pipes
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(job)
        await process.stdin.drain()
        while True:
            size = int.from_bytes(await process.stdout.readexactly(8), "big")
            data = await process.stdout.readexactly(size)
            kind, said = await asyncio.to_thread(pickle.loads, data) if size > _LARGE else pickle.loads(data)  # noqa: S301
            if kind != "progress":
                self._done += 1
                return kind, said
            if progress is not None:
                progress(said)

    async def _ready(self) -> asyncio.subprocess.Process:
        """The process that works, started or replaced if need be."""
        if self._process is not None and (self._process.returncode is not None or self._done >= JOBS):
            await self._end()
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "server.worker",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            )
            self._done = 0
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            process.kill()
        await process.communicate()  # closes the pipes, whatever is still in them
