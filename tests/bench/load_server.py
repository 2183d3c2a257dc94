"""Adref for the benches of load: a new database with one large draft, served on a free port.

``python -m tests.bench.load_server FOLDER CLAUSES WORDS [SEND_BUFFER]`` prints one line of JSON when it listens: its
port, the draft's id, its clauses as [id, text], and cookies of people of twelve delegations.
"""

import asyncio
import json
import logging
import random
import socket
import sys
from pathlib import Path

import uvicorn

from drafts import migrate
from drafts.desk import drafts as desk
from drafts.desk import forums, people
from drafts.model import Clause, ClauseKind, Group, Level, Role, new_id
from drafts.store import Store
from server.cli import serve
from server.paths import MIGRATIONS
from server.security import COOKIE
from server.settings import Settings

PARTIES = 12
PEOPLE = 60
WORDS = [
    *("states", "should", "refrain", "from", "conduct", "that", "harms", "the", "networks", "on", "which", "hospitals"),
    *("ports", "and", "water", "depend", "share", "what", "they", "learn", "about", "flaws", "with", "those", "who"),
    *("can", "mend", "them", "in", "good", "time", "through", "points", "of", "contact", "[unless", "agreed]"),
]


def clauses(count: int, words: int) -> list[Clause]:
    """A text of ``count`` clauses and ``words`` words, the same each time."""
    rng = random.Random(1)
    return [
        Clause(new_id(), ClauseKind.OPERATIVE, 0, " ".join(rng.choice(WORDS) for _ in range(words // count)))
        for _ in range(count)
    ]


async def prepare(store: Store, count: int, words: int) -> dict[str, object]:
    """One forum of twelve delegations, sixty people who are signed in, one draft."""
    forum = await forums.create(store, "Bench", Level.GLOBAL.value)
    cookies, chair = [], ""
    for index in range(PEOPLE):
        person = await people.create(store, f"Delegate {index}", f"d{index}@example.org", None)
        code = "PARTY" + chr(ord("A") + index % PARTIES)
        role = Role.CHAIR if index == 0 else Role.DELEGATE
        await forums.seat(
            store, forum.id, person.id, party=f"Party {code}", code=code, group=Group.GOVERNMENT.value, role=role.value
        )
        chair = chair or person.id
        cookies.append(f"{COOKIE}={await people.open_session(store, person.id)}")
    text = clauses(count, words)
    draft = await desk.create(store, chair, forum.id, "Bench", "B/1", "norm", "en", "open", True, text)
    return {"draft": draft.id, "cookies": cookies, "clauses": [[clause.id, clause.text] for clause in text]}


def listener(send_buffer: int | None) -> socket.socket:
    """A listening socket on a free port; a small send buffer lets a reader that stalls be felt at once."""
    sock = socket.socket()
    if send_buffer is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
    sock.bind(("127.0.0.1", 0))
    sock.listen(1024)
    return sock


async def main(folder: Path, count: int, words: int, send_buffer: int | None) -> None:
    """Make the database, say where it is served, serve it."""
    url = f"sqlite:///{folder / 'adref.db'}"
    await migrate.upgrade(url, MIGRATIONS)
    async with Store.open(url) as store:
        facts = await prepare(store, count, words)
    sock = listener(send_buffer)
    port = sock.getsockname()[1]
    config = serve.configured(Settings(database_url=url, port=port, rate_limits=False))
    serve.tune()
    print(json.dumps({"port": port, **facts}), flush=True)  # noqa: T201
    await uvicorn.Server(config).serve(sockets=[sock])


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    where, how_many, how_long, *rest = sys.argv[1:]
    asyncio.run(main(Path(where), int(how_many), int(how_long), int(rest[0]) if rest else None))
