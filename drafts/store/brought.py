"""Queries about files that were brought from outside, and about whom their authors stand for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from drafts import tables as t
from drafts.outside import Brought, Held, Purpose, Stage, open_conflicts
from drafts.store.rows import Queries, moment, ms


class Files(Queries):
    """The tables ``brought`` and ``word_author``."""

    async def add(self, brought: Brought) -> None:
        """A file that was read and now waits."""
        await self._run(
            insert(t.brought),
            {
                "id": brought.id,
                "draft_id": brought.draft_id,
                "person_id": brought.person_id,
                "party_id": brought.party_id,
                "at": ms(brought.at),
                "name": brought.name,
                "purpose": brought.purpose.value,
                "state": brought.state.value,
                "base_seq": brought.base_seq,
                "base_version": brought.base_version,
                "data": brought.data,
                "report": brought.kept_report,
            },
        )

    async def get(self, brought_id: str, *, lock: bool = False) -> Brought | None:
        """The file of an id. ``lock``: nobody else changes it until this transaction ends."""
        found = select(t.brought).where(t.brought.c.id == brought_id)
        row = await self._one(found.with_for_update() if lock else found)
        return row and _brought(row)

    async def of_party(self, draft_id: str, party_id: str, purpose: Purpose) -> list[Brought]:
        """What a party brought to a draft, the latest first."""
        b = t.brought.c
        which = (b.draft_id == draft_id) & (b.party_id == party_id) & (b.purpose == purpose.value)
        found = select(t.brought).where(which).order_by(b.at.desc(), b.id)
        return [_brought(row) for row in await self._all(found)]

    async def held(self, draft_id: str, party_id: str) -> list[Held]:
        """What of the files that a party brought to merge waits or has conflicts to settle, the latest first. The
        files themselves stay where they are: this is asked for each page of a room."""
        b = t.brought.c
        which = (b.draft_id == draft_id) & (b.party_id == party_id) & (b.purpose == Purpose.MERGE.value)
        found = select(b.id, b.at, b.name, b.state, b.report).where(which).order_by(b.at.desc(), b.id)
        listed = [
            Held(r.id, moment(r.at), r.name, r.state == Stage.WAITING, open_conflicts(r.report))
            for r in await self._all(found)
        ]
        return [one for one in listed if one.waiting or one.conflicts]

    async def set(self, brought: Brought) -> None:
        """What became of it: state, base and report."""
        values = {
            "state": brought.state.value,
            "base_seq": brought.base_seq,
            "base_version": brought.base_version,
            "data": brought.data,
            "report": brought.kept_report,
        }
        await self._run(update(t.brought).where(t.brought.c.id == brought.id).values(values))

    async def applied(self, brought_id: str, report: str) -> bool:
        """It is merged, with this report. False, and nothing is written, when it was merged before."""
        values = {"state": Stage.APPLIED.value, "report": report}
        which = (t.brought.c.id == brought_id) & (t.brought.c.state == Stage.WAITING.value)
        done = await self._run(update(t.brought).where(which).values(values))
        return int(done.rowcount) > 0

    async def forget(self, brought_id: str) -> None:
        """Delete it."""
        await self._run(delete(t.brought).where(t.brought.c.id == brought_id))

    async def forget_waiting(self, before: datetime) -> int:
        """Delete what has waited since before a moment; how many."""
        old = (t.brought.c.at < ms(before)) & (t.brought.c.state == Stage.WAITING.value)
        done = await self._run(delete(t.brought).where(old))
        return int(done.rowcount)

    # ── authors ──

    async def authors(self, forum_id: str, party_id: str) -> dict[str, str]:
        """Which party each author stands for, as a party has said: author's name to party id."""
        w = t.word_author.c
        found = select(w.author, w.stands_for).where(w.forum_id == forum_id, w.party_id == party_id)
        return {row.author: row.stands_for for row in await self._all(found)}

    async def remember(self, forum_id: str, party_id: str, stands_for: Mapping[str, str]) -> None:
        """Keep, for a party, whom authors stand for; what it said of them before is forgotten."""
        w = t.word_author.c
        for author, other in sorted(stands_for.items()):
            which = (w.forum_id == forum_id) & (w.party_id == party_id) & (w.author == author)
            done = await self._run(update(t.word_author).where(which).values(stands_for=other))
            if done.rowcount == 0:
                row = {"forum_id": forum_id, "party_id": party_id, "author": author, "stands_for": other}
                await self._run(insert(t.word_author), row)


def _brought(row: Row[Any]) -> Brought:
    return Brought(
        id=row.id,
        draft_id=row.draft_id,
        person_id=row.person_id,
        party_id=row.party_id,
        at=moment(row.at),
        name=row.name,
        purpose=Purpose(row.purpose),
        state=Stage(row.state),
        base_seq=row.base_seq,
        base_version=row.base_version,
        data=row.data,
        kept_report=row.report,
    )
