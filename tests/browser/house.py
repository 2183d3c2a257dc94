"""A running server of the tests' own, and small drafts in it for people of invented delegations."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from drafts import migrate
from drafts.desk import drafts, forums, people
from drafts.model import Clause, ClauseKind, Draft
from drafts.store import Store
from server.app import create
from server.paths import MIGRATIONS
from server.settings import Settings

REPO: Final = Path(__file__).resolve().parent.parent.parent
CAST: Final = {
    "CHR": ("Chair", "government", "chair"),
    "NVL": ("Norvale", "government", "delegate"),
    "TVA": ("Tarvia", "government", "delegate"),
    "HLP": ("Helpline Association", "civil_society", "observer"),
}
TEXT: Final = (
    (ClauseKind.HEADING, 0, "Points of contact", ""),
    (ClauseKind.PREAMBULAR, 0, "*Recognizing* that services depend on each other,", ""),
    (ClauseKind.OPERATIVE, 0, "*Invites* each State to name a point of contact;", ""),
    (ClauseKind.OPERATIVE, 0, "*Encourages* States to answer within [two] days:", ""),
    (ClauseKind.SUB, 1, "by telephone;", ""),
    (ClauseKind.SUB, 1, "or in writing;", ""),
    (ClauseKind.OPERATIVE, 0, "*تدعو* الدول إلى التعاون؛", "ar"),
    (ClauseKind.OPERATIVE, 0, "*Decides* to meet again.", ""),
)


def application() -> object:
    """What uvicorn serves: an installation as its environment says."""
    return create(Settings.from_environment())


@dataclass(slots=True)
class Scene:
    """A forum with its people, one draft, and the people's signed-in cookies."""

    draft: Draft
    clauses: list[str]
    cookies: dict[str, str]
    people: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The draft's page."""
        return f"/drafts/{self.draft.id}"


class Line:
    """A second way to a server, which can be cut: what is under way is lost, nobody gets through until it is mended."""

    def __init__(self, house_port: int) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._house_port = house_port
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._flows = asyncio.Event()
        self._flows.set()

    def freeze(self) -> None:
        """Let nothing through, without a word."""
        self._flows.clear()

    def thaw(self) -> None:
        """Let it flow again."""
        self._flows.set()

    async def mend(self) -> None:
        """Let people through."""
        if self._server is None:
            self._server = await asyncio.start_server(self._through, "127.0.0.1", self.port)

    async def cut(self) -> None:
        """Break every connection."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._open:
            writer.transport.abort()

    async def _through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner, outer = await asyncio.open_connection("127.0.0.1", self._house_port)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, outer}
        await asyncio.wait(
            [asyncio.create_task(self._pump(reader, outer)), asyncio.create_task(self._pump(inner, writer))],
            return_when=asyncio.FIRST_COMPLETED,
        )
        for end in (writer, outer):
            end.transport.abort()
        self._open -= {writer, outer}

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                await self._flows.wait()
                writer.write(data)
                await writer.drain()


async def _answers(asking: httpx.AsyncClient, url: str) -> bool:
    try:
        await asking.get(url)
    except httpx.TransportError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class House:
    """A server process on a free port over a database file; it can be killed and comes back at the same address."""

    def __init__(self, folder: Path) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.line = Line(self.port)
        self.database = f"sqlite:///{folder / 'adref.sqlite3'}"
        self._log = (folder / "server.log").open("ab")
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Serve; returns when it answers."""
        if self._process is None:
            await migrate.upgrade(self.database, MIGRATIONS)
        self._serve()
        async with httpx.AsyncClient() as asking:
            while not await _answers(asking, f"{self.url}/sign-in"):
                if self._process is None or self._process.poll() is not None:
                    raise RuntimeError("the server did not start; its server.log says why")
                await asyncio.sleep(0.05)

    def _serve(self) -> None:
        environment = {
            "ADREF_DATABASE_URL": self.database,
            "ADREF_PORT": str(self.port),
            "ADREF_ORIGINS": self.line.url,
            "ADREF_RATE_LIMITS": "0",
        }
        command = [sys.executable, "-m", "uvicorn", "--factory", "tests.browser.house:application"]
        options = [
            "--port",
            str(self.port),
            "--ws",
            "server.frames:WebSockets",
            "--ws-per-message-deflate",
            "false",
            "--no-proxy-headers",
            "--log-level",
            "warning",
        ]
        self._process = subprocess.Popen(
            [*command, *options], cwd=REPO, env=os.environ | environment, stdout=self._log, stderr=self._log
        )

    def kill(self) -> None:
        """As a power cut would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def close(self) -> None:
        """Stop for good."""
        self.kill()
        self._log.close()

    async def scene(self, *, mode: str = "open", text: tuple[tuple[ClauseKind, int, str, str], ...] = TEXT) -> Scene:
        """A new forum with the cast, and a draft that the chair brought."""
        async with Store.open(self.database) as store:
            forum = await forums.create(store, "Exercise of the Lakes", "workshop")
            cookies: dict[str, str] = {}
            known: dict[str, str] = {}
            for code, (party, group, role) in CAST.items():
                person = await people.create(store, f"Delegate of {party}", f"{code}.{forum.id}@example.org", None)
                await forums.seat(store, forum.id, person.id, party=party, code=code, group=group, role=role)
                cookies[code] = await people.open_session(store, person.id)
                known[code] = person.id
            clauses = [Clause("", kind, depth, words, "", lang) for kind, depth, words, lang in text]
            draft = await drafts.create(
                store, known["CHR"], forum.id, "Points of contact", "SIM/L.1", "norm", "en", mode, True, clauses
            )
            state, _ = await drafts.state(store, known["CHR"], draft.id)
            return Scene(draft, [clause.id for clause in state.clauses], cookies, known)
