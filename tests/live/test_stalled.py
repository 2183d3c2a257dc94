"""Readers that stop reading: the others hear everything, and what waits for the stalled ones is bounded."""

import asyncio
import socket
from contextlib import AsyncExitStack

import pytest

from drafts.change import Change
from server import outbox
from server.frames import Frame
from server.security import COOKIE
from server.settings import Settings
from tests.live.client import Wire
from tests.live.conftest import House
from tests.server.served import serving

STALLED, READING = 20, 80
SIZE, EDITS = 16_000, 60  # about 1 MB to each
BOUND = 128 * 1024


async def stalled(host: str, draft: str, secret: str) -> socket.socket:
    """A connection whose owner shook hands and takes nothing more."""
    address, port = host.split(":")
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    taken.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(taken, (address, int(port)))
    head = (
        f"GET /ws/drafts/{draft} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {COOKIE}={secret}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    await loop.sock_sendall(taken, head.encode())
    assert b" 101 " in await loop.sock_recv(taken, 64)
    return taken


async def test_twenty_that_stop_reading_cost_the_others_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "MAX_BYTES", BOUND)  # so that a short test reaches it
    clause, text = house.clauses[1]
    draft = house.cast.draft.id
    async with AsyncExitStack() as stack:
        host, app = await stack.enter_async_context(serving(Settings(database_url=house.url, rate_limits=False)))
        for _ in range(STALLED):
            stack.callback((await stalled(host, draft, house.secrets["observer"])).close)
        readers = [
            await stack.enter_async_context(Wire.to(host, draft, house.secrets["costamar"])) for _ in range(READING)
        ]
        writer = await stack.enter_async_context(Wire.to(host, draft, house.secrets["norvale"]))
        (sitting,) = app.state.hub._sittings.values()
        assert len(sitting.listeners) == STALLED + READING + 1
        hearing = [asyncio.create_task(_all_of(reader, clause)) for reader in readers]
        most = 0
        length = len(text)
        for counter in range(EDITS):
            words = "" if counter % 2 else "x" * SIZE
            change = Change.replace(length, 0, SIZE if counter % 2 else 0, words)
            length = change.new_length
            await writer.say(
                {
                    "t": "push", "clause": clause, "client": writer.client, "base": counter, "counter": counter,
                    "updates": [change.to_json()],
                }
            )  # fmt: skip
            await writer.until(lambda f: any(act.get("i") == writer.client for act in f.get("acts", ())))
            most = max(most, *(connection.outbox._size for connection in sitting.listeners))
        heard = await asyncio.gather(*hearing)
        assert heard == [list(range(1, EDITS + 1))] * READING
        assert most <= BOUND + SIZE * 2
        gone = STALLED + READING + 1 - len(sitting.listeners)
        assert gone <= STALLED


async def _all_of(reader: Wire, clause: str) -> list[int]:
    """The numbers of the clause's texts, as they came."""
    numbers: list[int] = []
    while len(numbers) < EDITS:
        numbers += [act["n"] for act in (await reader.hear()).get("acts", ()) if act.get("c") == clause]
    return numbers


async def test_past_the_bound_a_connection_is_told_to_come_back() -> None:
    box = outbox.Outbox()
    frame = Frame(b"x" * 1024)
    for _ in range(outbox.MAX_BYTES // 1024 + 2):
        box.put(frame)
    assert box.closing == (1013, "too slow; come back")
    assert box._size == 0
    box.put(frame)
    assert await box.next() is None


async def test_frames_without_words_are_counted_too() -> None:
    box = outbox.Outbox()
    for _ in range(outbox.MAX_FRAMES + 1):
        box.put(Frame(b""))
    assert box.closing is not None
