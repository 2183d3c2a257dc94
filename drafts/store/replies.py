"""Replies under remarks, and what remarks and replies said before they were changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update

from drafts import tables as t
from drafts.consultation import Reply
from drafts.store import rows
from drafts.store.rows import PARTY, Queries, moment, moment_or_none, ms


@dataclass(frozen=True, slots=True)
class Wording:
    """What a remark or reply said until ``at``. ``proposed`` and ``view`` are '' for replies."""

    at: datetime
    person_id: str
    body: str
    proposed: str = ""
    view: str = ""


class Replies(Queries):
    """The tables ``reply`` and ``wording``."""

    async def add(self, reply: Reply, salt: str) -> None:
        """A new reply, with the salt of its digests."""
        values = {
            "id": reply.id,
            "remark_id": reply.remark_id,
            "person_id": reply.person_id,
            "party_id": reply.party.id,
            "body": reply.body,
            "created_at": ms(reply.created_at),
            "hidden_reason": reply.hidden_reason,
            "salt": salt,
        }
        await self._run(insert(t.reply), values)

    async def reword(self, reply_id: str, body: str, at: datetime) -> None:
        """Give a reply other words."""
        await self._run(update(t.reply).where(t.reply.c.id == reply_id).values(body=body, edited_at=ms(at)))

    async def set_hidden(self, reply_id: str, reason: str) -> None:
        """Hide a reply with a reason, or show it again ('')."""
        await self._run(update(t.reply).where(t.reply.c.id == reply_id).values(hidden_reason=reason))

    async def get(self, reply_id: str) -> Reply | None:
        """The reply of an id, whoever asks."""
        row = await self._one(_replies().where(t.reply.c.id == reply_id))
        return row and _reply(row)

    async def salt(self, reply_id: str) -> str:
        """The salt of a reply's digests; '' once its words are erased."""
        found = await self._one(select(t.reply.c.salt).where(t.reply.c.id == reply_id))
        return found.salt if found else ""

    async def under(self, remark_id: str) -> list[Reply]:
        """The replies under a remark, the oldest first, whoever asks."""
        found = _replies().where(t.reply.c.remark_id == remark_id)
        return [_reply(row) for row in await self._all(found.order_by(t.reply.c.created_at, t.reply.c.id))]

    async def counts(self, remark_ids: Sequence[str]) -> dict[str, int]:
        """How many replies, hidden ones aside, stand under some remarks; those without are left out."""
        if not remark_ids:
            return {}
        counted = select(t.reply.c.remark_id, func.count().label("n")).where(t.reply.c.hidden_reason == "")
        counted = counted.where(t.reply.c.remark_id.in_(remark_ids)).group_by(t.reply.c.remark_id)
        return {row.remark_id: row.n for row in await self._all(counted)}

    # ── earlier wordings ──

    async def keep_wording(self, of_id: str, wording_id: str, old: Wording) -> None:
        """What a remark or reply said until now."""
        values = {
            "id": wording_id,
            "of_id": of_id,
            "person_id": old.person_id,
            "at": ms(old.at),
            "body": old.body,
            "proposed": old.proposed,
            "view": old.view,
        }
        await self._run(insert(t.wording), values)

    async def wordings(self, of_ids: Sequence[str]) -> dict[str, list[Wording]]:
        """What remarks and replies said before, by their id, the oldest first."""
        told: dict[str, list[Wording]] = {}
        if of_ids:
            found = select(t.wording).where(t.wording.c.of_id.in_(of_ids)).order_by(t.wording.c.at, t.wording.c.id)
            for row in await self._all(found):
                old = Wording(moment(row.at), row.person_id, row.body, row.proposed, row.view)
                told.setdefault(row.of_id, []).append(old)
        return told


def _replies() -> Select[Any]:
    """Replies with their authors, also those who have left the forum since."""
    joined = select(t.reply, t.person.c.name.label("person_name"), *PARTY[1:])
    joined = joined.join(t.person, t.person.c.id == t.reply.c.person_id)
    return joined.join(t.party, t.party.c.id == t.reply.c.party_id)


def _reply(row: Row[Any]) -> Reply:
    return Reply(
        id=row.id,
        remark_id=row.remark_id,
        person_id=row.person_id,
        person_name=row.person_name,
        party=rows.party(row),
        body=row.body,
        created_at=moment(row.created_at),
        edited_at=moment_or_none(row.edited_at),
        hidden_reason=row.hidden_reason,
    )
