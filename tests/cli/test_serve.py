"""``adref serve`` as a process: it makes what it needs, says where it is, answers, and stops in order."""

import asyncio
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from drafts.desk import people
from drafts.store import Store

START = [sys.executable, "-c", "from server.cli import main; main()", "serve"]
RESTART = 1012


@asynccontextmanager
async def served(folder: Path, *options: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    process = await asyncio.create_subprocess_exec(
        *START, "--port", "0", *options,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={"ADREF_DATABASE_URL": f"sqlite:///{folder / 'adref.db'}", "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        said = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
        found = re.search(r"http://\S+", said)
        assert found is not None, said
        yield process, found[0]
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_a_first_start_makes_database_and_demo_and_a_second_keeps_them(tmp_path: Path):
    for _ in range(2):
        async with served(tmp_path, "--demo") as (process, address), httpx.AsyncClient() as client:
            page = await client.get(f"{address}/sign-in")
            assert page.status_code == 200
            assert "Delegate of Norvale" in page.text
            assert "server" not in page.headers
            assert (await client.get(f"{address}/api/openapi.json")).json()["openapi"].startswith("3.1")
            process.send_signal(signal.SIGTERM)
            assert process.stdout is not None
            told = (await process.stdout.read()).decode()
            assert "one click" in told
            assert await asyncio.wait_for(process.wait(), 20) in {0, -signal.SIGTERM}
    async with Store.open(f"sqlite:///{tmp_path / 'adref.db'}") as store, store.read() as q:
        assert len(await q.forums.all()) == 1


async def to_the_end(live: ClientConnection) -> None:
    while True:
        await live.recv()


async def test_an_open_socket_is_told_to_come_back(tmp_path: Path):
    async with served(tmp_path, "--demo") as (process, address):
        async with Store.open(f"sqlite:///{tmp_path / 'adref.db'}") as store:
            found = await people.by_email(store, "norvale@demo.invalid")
            assert found is not None
            secret = await people.open_session(store, found[0].id)
            async with store.read() as q:
                draft = (await q.drafts.ids())[0]
        path = f"{address.replace('http', 'ws', 1)}/ws/drafts/{draft}"
        with pytest.raises(InvalidStatus) as refused:
            await connect(path, additional_headers={"Cookie": f"adref={secret}"})
        assert refused.value.response.status_code == 403
        async with connect(path, origin=address, additional_headers={"Cookie": f"adref={secret}"}) as live:  # type: ignore[arg-type]
            assert '"t":"welcome"' in str(await live.recv())
            assert live.protocol.extensions == []  # nothing is deflated
            process.send_signal(signal.SIGTERM)
            with pytest.raises(ConnectionClosed) as closed:
                await to_the_end(live)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == RESTART


async def test_a_port_in_use_is_one_sentence(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = await asyncio.create_subprocess_exec(
            *START, "--port", str(taken.getsockname()[1]),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            env={"ADREF_DATABASE_URL": f"sqlite:///{tmp_path / 'adref.db'}"},
        )  # fmt: skip
        _, said = await process.communicate()
    assert process.returncode == 2
    assert said.decode().startswith("adref: Port")
    assert "Traceback" not in said.decode()
    assert not (tmp_path / "adref.db").exists()
