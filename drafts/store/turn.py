"""Whose turn it is to write to a SQLite file: one writer at a time, in this process and among processes.

SQLite's own lock lets another process write while a commit still checkpoints; before 3.51.3 (Debian has 3.40) that may
corrupt the WAL. So a writer holds an advisory lock on a file beside the database from before its BEGIN until after its
commit and the checkpoint that the commit may lead to. The system lets go of it when a process dies.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Self

if sys.platform != "win32":
    import fcntl

_LOOK = 0.004  # seconds between two tries while another process writes


class Turn:
    """``async with turn``: alone in writing. Raises TimeoutError after ``patience`` seconds of waiting for others."""

    def __init__(self, database: Path, patience: float) -> None:
        self._path = database.with_name(database.name + "-turn")
        self._patience = patience
        self._here = asyncio.Lock()
        self._file: int | None = None

    async def __aenter__(self) -> Self:
        await self._here.acquire()
        try:
            async with asyncio.timeout(self._patience):
                while not self._taken():  # noqa: ASYNC110  # another process sets no event of ours
                    await asyncio.sleep(_LOOK)
        except BaseException:
            self._here.release()
            raise
        return self

    async def __aexit__(self, *_failure: object) -> None:
        if sys.platform != "win32" and self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._here.release()

    def _taken(self) -> bool:
        """Take the lock between processes, unless somebody has it. On Windows SQLite's own has to do."""
        if sys.platform == "win32":
            return True
        if self._file is None:
            # Reading is enough for the lock, so that it may have been made by another user (root, on the command line).
            self._file = os.open(self._path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
