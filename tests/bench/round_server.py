"""Adref for the benches of consultations: a database with a round at full size (``big_round``), served on a free port.

``python -m tests.bench.round_server URL COUNT`` prints one line of JSON when it listens: its port, the round's id, some
ids of clauses, the chair's cookie, and tokens of somebody of each group.
"""

import asyncio
import json
import logging
import sys
import time

import uvicorn

from drafts import migrate
from drafts.desk import people
from drafts.store import Store
from server.cli import serve
from server.paths import MIGRATIONS
from server.security import COOKIE
from server.settings import Settings
from tests.bench import big_round
from tests.bench.load_server import listener


async def main(url: str, count: int) -> None:
    """Make the database, say where it is served, serve it."""
    await migrate.upgrade(url, MIGRATIONS)
    start = time.perf_counter()
    async with Store.open(url) as store:
        made = await big_round.build(store, count)
        tokens = [await people.make_token(store, person, "bench") for person in made.people.values()]
        cookie = f"{COOKIE}={await people.open_session(store, made.chair)}"
    facts = {
        "round": made.round.id,
        "clauses": [clause.id for clause in made.clauses[:50]],
        "tokens": tokens,
        "cookie": cookie,
        "seconds": time.perf_counter() - start,
    }
    sock = listener(None)
    port = sock.getsockname()[1]
    config = serve.configured(Settings(database_url=url, port=port, rate_limits=False))
    serve.tune()
    print(json.dumps({"port": port, **facts}), flush=True)  # noqa: T201
    await uvicorn.Server(config).serve(sockets=[sock])


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
