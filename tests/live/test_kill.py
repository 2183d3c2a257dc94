"""Writers on a real server that dies without a word, again and again: what was acknowledged is there, once."""

import asyncio
import os
import re
import socket
from pathlib import Path

import pytest

from drafts.state import State
from drafts.store import Store
from tests.engine.seed import seeded
from tests.live.client import Writer
from tests.live.conftest import House
from tests.live.processes import serve

WRITERS = ("norvale", "norvale_second", "costamar", "secretary")
CLAUSES = (1, 2, 1, 3)  # two of them write in one clause


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


async def acknowledgements(writers: list[Writer], more: int) -> None:
    """Wait until that many more words were acknowledged, by whomever."""
    wanted = sum(writer.acknowledged for writer in writers) + more

    async def watch(writer: Writer) -> None:
        async with writer.heard:
            await writer.heard.wait_for(lambda: sum(w.acknowledged for w in writers) >= wanted)

    watching = [asyncio.create_task(watch(writer)) for writer in writers]
    await asyncio.wait(watching, return_when=asyncio.FIRST_COMPLETED, timeout=60)
    for task in watching:
        task.cancel()
    assert sum(writer.acknowledged for writer in writers) >= wanted, "the server takes nothing any more"


async def kill_and_come_back(house: House, kills: int, most: int, log: Path) -> None:
    """Kill after at most so many acknowledgements each time."""
    _, rng = seeded()
    port = free_port()
    process = await serve(house.url, port, log)
    host, draft = f"127.0.0.1:{port}", house.cast.draft.id
    writers = []
    for seat, index, name in zip(WRITERS, CLAUSES, "abcd", strict=True):
        clause, text = house.clauses[index]
        writers.append(Writer(host, draft, house.secrets[seat], clause, name, length=len(text)))
    async with asyncio.TaskGroup() as tasks:
        for writer in writers:
            tasks.create_task(writer.run())
        for _ in range(kills):
            await acknowledgements(writers, rng.randint(1, most))
            await asyncio.sleep(rng.random() * 0.03)  # anywhere between two commits
            await process.kill()
            process = await serve(house.url, port, log)
        await acknowledgements(writers, 4)
        for writer in writers:
            writer.stop = True
    await process.stop()
    async with Store.open(house.url) as store:
        loaded = await store.load(house.cast.draft.id)
    state = State.restore(loaded.draft, loaded.checkpoint, loaded.tail)
    for writer in writers:
        stands = state.clause(writer.clause)
        assert stands is not None
        assert writer.acknowledged == writer.written  # each went on until it knew
        numbers = [int(found) for found in re.findall(rf"\b{writer.name}(\d+)x ", stands.text)]
        assert numbers == list(range(writer.written))[::-1], f"{writer.name} wrote {writer.written}"


async def test_nothing_acknowledged_is_lost_in_twenty_kills(house: House, tmp_path: Path) -> None:
    await kill_and_come_back(house, int(os.environ.get("ADREF_KILLS", "20")), 25, tmp_path / "server.log")


@pytest.mark.torture
async def test_nothing_acknowledged_is_lost_in_a_thousand_kills(house: House, tmp_path: Path) -> None:
    await kill_and_come_back(house, int(os.environ.get("ADREF_KILLS", "1000")), 8, tmp_path / "server.log")
