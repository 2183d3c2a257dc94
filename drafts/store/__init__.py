"""The store: units of work on the database, and the log's append. SQL is written here and nowhere else.

``async with store.read() as q`` sees one moment; ``async with store.write() as q`` is one transaction, committed at the
end of the block and undone when the block raises. A caller that is cancelled leaves neither a lock nor a half
transaction: a statement or commit under way is finished first, then the cancellation is raised.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncConnection

from drafts.acts import Act, Begun, Decided
from drafts.errors import NotFound
from drafts.model import Draft
from drafts.store.answers import Answers
from drafts.store.applications import Applications
from drafts.store.brought import Files
from drafts.store.bundles import Bundles
from drafts.store.cases import Cases
from drafts.store.contributions import Contributions
from drafts.store.counts import Tally
from drafts.store.drafts import Drafts
from drafts.store.engine import Database, database_url, steady
from drafts.store.forums import Forums
from drafts.store.log import Log, act_hash
from drafts.store.news import News
from drafts.store.notices import Notices
from drafts.store.ordered import Ordered
from drafts.store.own import Own
from drafts.store.pace import Pace
from drafts.store.people import People
from drafts.store.person_data import PersonData
from drafts.store.places import Places
from drafts.store.placings import Placings
from drafts.store.post import Post
from drafts.store.proposals import Proposals
from drafts.store.register import Register
from drafts.store.remarks import Remarks
from drafts.store.replies import Replies
from drafts.store.reports import Reports
from drafts.store.rounds import Rounds
from drafts.store.settings import Settings
from drafts.store.threads import Threads

__all__ = ["Appended", "Loaded", "Store", "Work", "act_hash", "database_url", "steady"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a room is made from: the draft, a state kept at some act, and the acts after it (all when none is kept).
    ``moment``: when the last act was, UTC ms; 0 where nobody asked."""

    draft: Draft
    checkpoint: tuple[int, bytes] | None
    tail: list[Act]
    moment: int = 0


@dataclass(frozen=True, slots=True)
class Appended:
    """What ``append`` wrote, and what others had appended since ``known_seq``."""

    acts: tuple[Act, ...]
    missed: list[Act]


class Work:
    """The queries of one transaction, by noun."""

    def __init__(self, connection: AsyncConnection, *, paced: bool = True) -> None:
        self.paced = paced  # whether there is a limit to what parties send within an hour
        self.people = People(connection)
        self.applications = Applications(connection)
        self.forums = Forums(connection)
        self.drafts = Drafts(connection)
        self.threads = Threads(connection)
        self.log = Log(connection)
        self.brought = Files(connection)
        self.proposals = Proposals(connection)
        self.settings = Settings(connection)
        self.rounds = Rounds(connection)
        self.remarks = Remarks(connection)
        self.tally = Tally(connection)
        self.bundles = Bundles(connection)
        self.own = Own(connection)
        self.replies = Replies(connection)
        self.ordered = Ordered(connection)
        self.places = Places(connection)
        self.contributions = Contributions(connection)
        self.placings = Placings(connection)
        self.register = Register(connection)
        self.notices = Notices(connection)
        self.answers = Answers(connection)
        self.cases = Cases(connection)
        self.replies = Replies(connection)
        self.reports = Reports(connection)
        self.news = News(connection)
        self.post = Post(connection)
        self.person_data = PersonData(connection)
        self.pace = Pace(connection)


class Store:
    """One database. ``Store.open(url)`` before use, ``close()`` at the end, or ``async with Store.open(url)``."""

    def __init__(self, url: URL, *, paced: bool = True) -> None:
        self._database = Database(url)
        self._paced = paced

    @classmethod
    def open(cls, url: str, *, paced: bool = True) -> Self:
        """The store of an address (see ``database_url``); connections are made when they are needed. ``paced``: whether
        there is a limit to what parties send within an hour (``desk/pace.py``)."""
        return cls(database_url(url), paced=paced)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_failure: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection."""
        await self._database.close()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Work]:
        """Queries that all see the same moment."""
        async with self._database.reading() as connection:
            yield Work(connection, paced=self._paced)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Work]:
        """Queries that are committed together at the end, or not at all."""
        async with self._database.writing() as connection:
            yield Work(connection, paced=self._paced)

    async def backup(self, path: Path) -> None:
        """Copy a living SQLite database to ``path``. Raises ValueError on PostgreSQL (pg_dump does that)."""
        await self._database.backup(path)

    async def load(self, draft_id: str) -> Loaded:
        """Everything a room needs to stand where the log ends. Raises NotFound."""
        async with self.read() as q:
            draft = await q.drafts.get(draft_id)
            if draft is None:
                raise _nothing()
            kept = await q.drafts.checkpoint(draft_id)
            tail = await q.log.acts(draft_id, kept[0] if kept else 0)
            last = tail[-1:] or await q.log.acts(draft_id, draft.seq - 1)
        return Loaded(draft, kept, tail, last[-1].at if last else 0)

    async def acts(
        self,
        draft_id: str,
        after: int,
        clause_id: str | None = None,
        after_number: int | None = None,
        limit: int | None = None,
    ) -> list[Act]:
        """Acts with a seq greater than ``after``, in their order; see ``Log.acts`` for the narrower questions."""
        async with self.read() as q:
            return await q.log.acts(draft_id, after, clause_id=clause_id, after_number=after_number, limit=limit)

    async def append(self, draft_id: str, known_seq: int, decide: Callable[[Draft, list[Act]], Decided]) -> Appended:
        """Number and keep what ``decide`` makes of a batch, in one transaction and in the order of the log.

        ``decide`` gets the draft as it is and the acts after ``known_seq`` that others appended; it does no I/O. When
        it raises, nothing is written. Raises NotFound, and ValueError when ``known_seq`` or what was decided does not
        fit the log.
        """
        async with self.write() as q:
            locked = await q.drafts.locked(draft_id)
            if locked is None:
                raise _nothing()
            draft, head = locked
            if known_seq > draft.seq:
                raise ValueError(f"known seq {known_seq} is ahead of the log, which ends at {draft.seq}")
            missed = await q.log.acts(draft_id, known_seq) if known_seq < draft.seq else []
            decided = decide(draft, missed)
            await keep(q, draft, head, decided)
        return Appended(decided.acts, missed)


async def keep(q: Work, draft: Draft, head: str, decided: Decided) -> None:
    """Write what was decided about a draft that this transaction holds."""
    after = decided.draft
    if [act.seq for act in decided.acts] != list(range(draft.seq + 1, after.seq + 1)) or after.id != draft.id:
        raise ValueError(f"acts do not follow {draft.seq} one by one up to {after.seq}")
    if decided.acts:
        await q.drafts.moved(after, await q.log.add(draft.id, head, decided.acts))
    for version, content in decided.versions:
        await q.drafts.add_version(version, content)
    for thread in decided.threads:
        await q.threads.add(thread)
    for told in decided.reports:
        if await q.brought.applied(told.brought, told.report):
            for begun in told.begun:
                await begin(q, begun)
    for proposal_id, state, number in decided.proposals:
        await q.proposals.set_state(proposal_id, state, number)
    if decided.checkpoint is not None:
        await q.drafts.keep_checkpoint(draft.id, after.seq, decided.checkpoint)


async def begin(q: Work, begun: Begun) -> None:
    """Write a private proposal with the first acts of its own text."""
    await q.drafts.add(begun.text, begun.proposal.person_id)
    await keep(q, begun.text, "", Decided(begun.acts, replace(begun.text, seq=len(begun.acts))))
    await q.proposals.add(begun.proposal)


def _nothing() -> NotFound:
    return NotFound("not_found", "There is nothing at this address.")
