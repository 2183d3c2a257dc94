"""What waits to be sent to one connection. Bounded: a reader that stalls delays nobody and costs at most this much
memory; past the bound it is closed with 1013 and comes back with ``since``."""

import asyncio
from collections import deque

MAX_BYTES = 4 * 1024 * 1024
MAX_FRAMES = 4_000


class Outbox:
    """Frames in order, and at the end perhaps a close code."""

    __slots__ = ("_frames", "_size", "_wake", "closing")

    def __init__(self) -> None:
        self._frames: deque[str] = deque()
        self._size = 0
        self._wake: asyncio.Future[None] | None = None
        self.closing: tuple[int, str] | None = None

    def put(self, frame: str) -> None:
        """Queue a frame. Beyond the bound everything waiting is dropped and the connection is told to come back."""
        if self.closing is not None:
            return
        self._frames.append(frame)
        self._size += len(frame)
        if self._size > MAX_BYTES or len(self._frames) > MAX_FRAMES:
            self.close(1013, "too slow; come back")
        self._ring()

    def close(self, code: int, reason: str, *, after: bool = False) -> None:
        """End the connection now, or ``after`` what is queued was sent."""
        if self.closing is None:
            self.closing = (code, reason)
        if not after:
            self._frames.clear()
            self._size = 0
        self._ring()

    def _ring(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    async def next(self) -> str | None:
        """The next frame; None when the connection is to be closed (see ``closing``)."""
        while not self._frames:
            if self.closing is not None:
                return None
            self._wake = asyncio.get_running_loop().create_future()
            await self._wake
        frame = self._frames.popleft()
        self._size -= len(frame)
        return frame
