"""A server in this process, on a port of its own."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import uvicorn
from starlette.applications import Starlette

from server.app import create
from server.frames import WebSockets
from server.settings import Settings


class Served(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[tuple[str, Starlette]]:
    """Serve until the block ends; gives ``host:port`` and the application."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    app = create(replace(settings, port=port))
    server = Served(uvicorn.Config(app, ws=WebSockets, ws_per_message_deflate=False, log_level="error", lifespan="on"))
    task = asyncio.create_task(server.serve([listening]))
    await server.ready.wait()
    try:
        yield f"127.0.0.1:{port}", app
    finally:
        server.should_exit = True
        await task
        listening.close()
