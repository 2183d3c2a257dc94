"""Queries about drafts and their issued versions."""

from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from drafts import tables as t
from drafts.errors import Conflict
from drafts.model import Draft, Stage, Version
from drafts.store import rows
from drafts.store.rows import Queries, moment, ms


class Drafts(Queries):
    """The tables ``draft``, ``version`` and ``checkpoint``."""

    async def add(self, draft: Draft, created_by: str) -> None:
        """A new draft with an empty log."""
        await self._run(
            insert(t.draft),
            {
                "id": draft.id,
                "forum_id": draft.forum_id,
                "title": draft.title,
                "symbol": draft.symbol,
                "kind": draft.kind.value,
                "language": draft.language,
                "mode": draft.mode.value,
                "observers": draft.observers,
                "seq": 0,
                "head": "",
                "created_at": ms(draft.created_at),
                "created_by": created_by,
                "stage": draft.stage.value,
                "proposals": draft.proposals.value,
                "positions": draft.positions.value,
                "parent_id": draft.parent or None,
                "circle": " ".join(draft.circle) or None,
            },
        )

    async def get(self, draft_id: str) -> Draft | None:
        """The draft of an id."""
        row = await self._one(select(t.draft).where(t.draft.c.id == draft_id))
        return row and rows.draft(row)

    async def locked(self, draft_id: str) -> tuple[Draft, str] | None:
        """The draft and the hash of its log's last row; nobody else appends until this transaction ends."""
        row = await self._one(select(t.draft).where(t.draft.c.id == draft_id).with_for_update())
        return row and (rows.draft(row), row.head)

    async def head(self, draft_id: str) -> tuple[Draft, str] | None:
        """As ``locked``, for readers."""
        row = await self._one(select(t.draft).where(t.draft.c.id == draft_id))
        return row and (rows.draft(row), row.head)

    async def moved(self, draft: Draft, head: str) -> None:
        """What the draft is after acts were appended."""
        await self._run(
            update(t.draft)
            .where(t.draft.c.id == draft.id)
            .values(
                title=draft.title,
                symbol=draft.symbol,
                mode=draft.mode.value,
                observers=draft.observers,
                stage=draft.stage.value,
                proposals=draft.proposals.value,
                positions=draft.positions.value,
                circle=" ".join(draft.circle) or None,
                seq=draft.seq,
                head=head,
            )
        )

    async def of_forum(self, forum_id: str) -> list[Draft]:
        """A forum's drafts without the proposals' own texts, the oldest first."""
        which = (t.draft.c.forum_id == forum_id) & t.draft.c.parent_id.is_(None)
        found = select(t.draft).where(which).order_by(t.draft.c.created_at, t.draft.c.id)
        return [rows.draft(row) for row in await self._all(found)]

    async def of_forums(self, forum_ids: list[str]) -> dict[str, list[Draft]]:
        """The drafts of several forums without the proposals' own texts, the oldest first, by forum id."""
        found: dict[str, list[Draft]] = {forum_id: [] for forum_id in forum_ids}
        which = t.draft.c.forum_id.in_(forum_ids) & t.draft.c.parent_id.is_(None)
        for row in await self._all(select(t.draft).where(which).order_by(t.draft.c.created_at, t.draft.c.id)):
            found[row.forum_id].append(rows.draft(row))
        return found

    async def ids(self) -> list[str]:
        """The ids of all drafts, the oldest first."""
        return [row.id for row in await self._all(select(t.draft.c.id).order_by(t.draft.c.created_at, t.draft.c.id))]

    async def in_silence(self) -> list[Draft]:
        """The drafts in which a silence procedure runs."""
        found = select(t.draft).where(t.draft.c.stage == Stage.SILENCE.value).order_by(t.draft.c.created_at)
        return [rows.draft(row) for row in await self._all(found)]

    # ── who opened it ──

    async def note_opened(self, draft_id: str, person_id: str, at: datetime) -> None:
        """A person opened a draft. Raises Conflict when it is noted twice at once (PostgreSQL)."""
        which = (t.opened.c.draft_id == draft_id) & (t.opened.c.person_id == person_id)
        if (await self._run(update(t.opened).where(which).values(at=ms(at)))).rowcount:
            return
        try:
            await self._run(insert(t.opened), {"draft_id": draft_id, "person_id": person_id, "at": ms(at)})
        except IntegrityError:
            raise Conflict("noted", "This was noted already.") from None

    async def opened(self, draft_id: str) -> dict[str, datetime]:
        """When each person opened a draft last."""
        found = select(t.opened).where(t.opened.c.draft_id == draft_id)
        return {row.person_id: moment(row.at) for row in await self._all(found)}

    # ── versions ──

    async def add_version(self, version: Version, content: str) -> None:
        """A newly issued version with its canonical content."""
        await self._run(
            insert(t.version),
            {
                "draft_id": version.draft_id,
                "number": version.number,
                "label": version.label,
                "symbol": version.symbol,
                "status": version.status.value,
                "note": version.note,
                "seq": version.seq,
                "issued_at": ms(version.issued_at),
                "issued_by": version.issued_by,
                "party_id": version.party_id,
                "content": content,
                "hash": version.hash,
                "previous": version.previous,
            },
        )

    async def versions(self, draft_id: str) -> list[Version]:
        """A draft's versions without their content, by number."""
        columns = [column for column in t.version.c if column.name != "content"]
        found = select(*columns).where(t.version.c.draft_id == draft_id).order_by(t.version.c.number)
        return [rows.version(row) for row in await self._all(found)]

    async def version(self, draft_id: str, number: int) -> tuple[Version, str] | None:
        """A version and its canonical content."""
        which = (t.version.c.draft_id == draft_id) & (t.version.c.number == number)
        row = await self._one(select(t.version).where(which))
        return row and (rows.version(row), row.content)

    async def version_counts(self, draft_ids: list[str]) -> dict[str, int]:
        """How many versions were issued of each draft (those without any are left out)."""
        which = t.version.c.draft_id.in_(draft_ids)
        counted = (
            select(t.version.c.draft_id, func.count().label("versions")).where(which).group_by(t.version.c.draft_id)
        )
        return {row.draft_id: row.versions for row in await self._all(counted)}

    # ── checkpoints ──

    async def checkpoint(self, draft_id: str) -> tuple[int, bytes] | None:
        """The kept state of a draft's room: at which act, and what."""
        row = await self._one(select(t.checkpoint).where(t.checkpoint.c.draft_id == draft_id))
        return row and (row.seq, row.state)

    async def keep_checkpoint(self, draft_id: str, seq: int, state: bytes) -> None:
        """Replace a draft's checkpoint."""
        which = t.checkpoint.c.draft_id == draft_id
        done = await self._run(update(t.checkpoint).where(which).values(seq=seq, state=state))
        if done.rowcount == 0:
            await self._run(insert(t.checkpoint), {"draft_id": draft_id, "seq": seq, "state": state})
