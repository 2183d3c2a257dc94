"""``adref serve`` as a process of its own, forked from one that has imported it all: a start is what a server does, not
what Python does before.
"""

import asyncio
import multiprocessing
import os
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import TextIO

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["server.cli", "uvicorn.protocols.http.httptools_impl", "tests.live.processes"])


@dataclass(frozen=True, slots=True)
class Process:
    """A server that listens."""

    _process: ForkServerProcess
    _said: TextIO  # open as long as there is somebody who may say something

    async def kill(self) -> None:
        """As a power cut would: without a word."""
        self._process.kill()
        await self._gone()

    async def stop(self) -> None:
        """In order."""
        self._process.terminate()
        await self._gone()

    async def _gone(self) -> None:
        await asyncio.to_thread(self._process.join)
        self._process.close()
        self._said.close()


async def serve(url: str, port: int, log: Path) -> Process:
    """A server that listens; what it has to say beside its address goes into ``log``."""
    environment = {"ADREF_DATABASE_URL": url, "ADREF_RATE_LIMITS": "0"}
    reading, saying = _FORKS.Pipe(duplex=False)
    process = _FORKS.Process(target=_serve, args=(["--port", str(port)], environment, log, saying), daemon=True)
    process.start()
    saying.close()
    said = os.fdopen(os.dup(reading.fileno()), encoding="utf-8")
    reading.close()
    line = await asyncio.to_thread(said.readline)
    assert "Adref is at" in line, f"see {log}"
    return Process(process, said)


def _serve(options: list[str], environment: dict[str, str], log: Path, saying: Connection) -> None:
    os.environ.update(environment)
    os.dup2(saying.fileno(), 1)
    with log.open("ab") as errors:
        os.dup2(errors.fileno(), 2)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    sys.argv = ["adref", "serve", *options]
    from server.cli import main  # noqa: PLC0415 - it is there already: what forked this has imported it

    main()
