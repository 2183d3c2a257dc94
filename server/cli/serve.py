"""``adref serve`` and ``adref demo``."""

import asyncio
import gc
import logging
import resource
import socket
from dataclasses import replace
from typing import Annotated, Final

import typer
import uvicorn

from drafts.desk import forums
from drafts.errors import Invalid
from drafts.store import Store
from server import demo as exercise
from server.app import create
from server.cli.frame import on_database, out, ready, settings
from server.frames import WebSockets
from server.settings import Settings
from server.wire import MAX_FRAME

MOST_CONNECTIONS: Final = 5_000  # open at once; more are answered 503
STALLED: Final = 20_000  # ms until a peer that takes nothing is given up by the kernel


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (ADREF_HOST; else 127.0.0.1).")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port; 0: any free one (ADREF_PORT; else 8000).")
    ] = None,
    *,
    demo: Annotated[
        bool,
        typer.Option(
            "--demo", help="Make the demo forum on first use and let its people in by one click (ADREF_DEMO)."
        ),
    ] = False,
) -> None:
    """Serve pages, API and live socket. A SQLite database is made and migrated by the way."""
    decided = settings()
    host, port = host or decided.host, decided.port if port is None else port
    listening = listen(host, port)
    decided = replace(decided, host=host, port=listening.getsockname()[1], demo=decided.demo or demo)
    try:
        asyncio.run(_prepare(decided))
        _serve(decided, listening)
    finally:
        listening.close()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Its accepted connections give up on peers that stall (Linux). Raises Invalid."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STALLED)
        listening.bind(address)
        listening.listen(2048)
    except OSError as error:
        why = error.strerror or str(error)
        raise Invalid("no_port", "Port {port} of {host} cannot be used: {why}", port=port, host=host, why=why) from None
    return listening


async def _prepare(decided: Settings) -> None:
    await ready(decided.database_url, make=True, upgrade=True)
    if decided.demo:
        async with Store.open(decided.database_url) as store:
            await exercise.make(store)


class _Server(uvicorn.Server):
    """Says where it is once it answers."""

    def __init__(self, config: uvicorn.Config, decided: Settings) -> None:
        super().__init__(config)
        self.decided = decided

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        if self.started:
            out.print(f"Adref is at {address(self.decided)}")
            if self.decided.demo:
                out.print("Sign in there by one click as anybody in the demo exercise. Stop with Ctrl+C.")
            else:
                out.print("Sign in with an account that `adref user add` or an invitation made. Stop with Ctrl+C.")


def address(decided: Settings) -> str:
    """Where people find this installation: the first https origin, else host and port."""
    named = sorted(decided.origins, key=lambda origin: (not origin.startswith("https://"), origin))
    if named:
        return named[0]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(decided.host, decided.host)  # noqa: S104 - told, not listened on
    return f"http://{host}:{decided.port}"


def _serve(decided: Settings, listening: socket.socket) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, hard), hard))
    tune()
    _Server(configured(decided), decided).run(sockets=[listening])


def tune() -> None:
    """Look through all memory for cycles more rarely, and never through what was loaded at the start: with thousands of
    connections each such look stops the server for a quarter of a second."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def configured(decided: Settings) -> uvicorn.Config:
    """The server as Adref runs it: uvicorn with its settings."""
    return uvicorn.Config(
        create(decided),
        http="httptools",
        ws=WebSockets,
        ws_max_size=4 * MAX_FRAME,  # what lies between is refused by name; beyond it 1009
        ws_per_message_deflate=False,  # costs 1.8 times the processor for frames that are small already
        lifespan="on",
        log_config=None,
        access_log=False,  # the addresses of invitations are secrets
        proxy_headers=bool(decided.trust_proxy),
        forwarded_allow_ips=decided.trust_proxy or None,
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=5,
    )


def demo() -> None:
    """Make the demo forum where there is none, and list its people."""

    async def work(store: Store) -> None:
        await exercise.make(store)
        for forum, members in await forums.every(store, demo=True):
            out.print(forum.name, style="bold", markup=False)
            for member in members:
                out.print(f"  {member.party.code:4} {member.role.value:11} {member.person_name}", markup=False)

    on_database(work, make=True)
    out.print("They enter by one click where the server runs with --demo, and nowhere else.")
