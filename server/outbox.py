"""What waits to be sent to one connection. Bounded: a reader that stalls delays nobody and costs at most this much
memory; past the bound it is closed with 1013 and comes back with ``since``."""

import asyncio
from collections import deque

from server.frames import Door, Frame

MAX_BYTES = 4 * 1024 * 1024
MAX_FRAMES = 4_000


class Outbox:
    """Frames in order, and at the end perhaps a close code.

    While nothing waits, a frame goes through the ``door`` at once. What the socket does not take is queued for the
    connection's sending task, and everything after it too, so that the order is kept.
    """

    __slots__ = ("_door", "_frames", "_size", "_wake", "closing")

    def __init__(self, door: Door | None = None) -> None:
        self._door = door
        self._frames: deque[Frame] = deque()
        self._size = 0
        self._wake: asyncio.Future[None] | None = None  # the sending task waits on it: nothing is queued or under way
        self.closing: tuple[int, str] | None = None

    def put(self, frame: Frame) -> None:
        """Send or queue a frame. Beyond the bound all that waits is dropped and the connection told to come back."""
        if self.closing is not None:
            return
        wake = self._wake
        if wake is not None and not wake.done() and self._door is not None and self._door(frame.ready):
            return
        self._frames.append(frame)
        self._size += len(frame.payload)
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

    async def next(self) -> Frame | None:
        """The next queued frame; None when the connection is to be closed (see ``closing``)."""
        while not self._frames:
            if self.closing is not None:
                return None
            self._wake = asyncio.get_running_loop().create_future()
            await self._wake
        self._wake = None
        frame = self._frames.popleft()
        self._size -= len(frame.payload)
        return frame
