"""The order of frames when a socket stops taking them, and the bound."""

import asyncio

from server import outbox
from server.frames import Frame
from server.outbox import Outbox


class Socket:
    """Takes ready frames while it is open, as a transport does below its high-water mark."""

    def __init__(self) -> None:
        self.open = True
        self.got: list[bytes] = []

    def __call__(self, ready: bytes, /) -> bool:
        if self.open:
            self.got.append(ready[2:])
        return self.open


async def sending(box: Outbox, socket: Socket, gate: asyncio.Event) -> None:
    """The connection's task: what was queued goes out when the socket takes it again."""
    while (frame := await box.next()) is not None:
        await gate.wait()
        socket.got.append(frame.payload)


async def turns() -> None:
    """Let the other task run until it waits again."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_order_is_kept_over_a_stall():
    socket, gate = Socket(), asyncio.Event()
    box = Outbox(socket)
    task = asyncio.create_task(sending(box, socket, gate))
    numbers = [str(number).encode() for number in range(9)]
    box.put(Frame(numbers[0]))  # before the task has begun: queued
    gate.set()
    await turns()
    box.put(Frame(numbers[1]))
    assert socket.got == numbers[:2], "at once, without a turn of the task"
    socket.open = False
    gate.clear()
    box.put(Frame(numbers[2]))
    await turns()
    socket.open = True  # the socket takes frames again, but number 2 is still under way
    box.put(Frame(numbers[3]))
    assert socket.got == numbers[:2]
    gate.set()
    await turns()
    assert socket.got == numbers[:4]
    for number in numbers[4:]:
        box.put(Frame(number))
    assert socket.got == numbers
    box.close(1000, "")
    await task


async def test_past_the_bound_the_reader_is_told_to_come_back():
    socket = Socket()
    socket.open = False
    box = Outbox(socket)
    frame = Frame(b"x" * 64 * 1024)
    for _ in range(outbox.MAX_BYTES // len(frame.payload)):
        box.put(frame)
    assert box.closing is None
    box.put(frame)
    assert box.closing is not None
    assert box.closing[0] == 1013
    assert await box.next() is None, "nothing of it is kept"


def test_headers_of_every_size():
    for size, head in [
        (0, b"\x81\x00"),
        (125, b"\x81\x7d"),
        (126, b"\x81\x7e\x00\x7e"),
        (65_535, b"\x81\x7e\xff\xff"),
        (65_536, b"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
    ]:
        assert Frame(b"x" * size).ready == head + b"x" * size
