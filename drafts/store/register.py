"""The register of a round (``drafts.register``): appended to, read, never changed."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Row as Found
from sqlalchemy import func, insert, select, update

from drafts import tables as t
from drafts.register import Entry, Row, chained
from drafts.store.rows import Queries


class Register(Queries):
    """The table ``register``, and what the table ``round`` keeps of it."""

    async def add(self, round_id: str, *entries: Entry) -> None:
        """Write rows behind the last one. The round is this transaction's from here on."""
        if not entries:
            return
        locked = (
            select(t.round_.c.entries, t.round_.c.head).where(t.round_.c.id == round_id).with_for_update(key_share=True)
        )
        row = (await self._run(locked)).one()
        seq, head, values = row.entries, row.head, []
        for entry in entries:
            seq += 1
            head = chained(head, round_id, seq, entry)
            values.append(_values(round_id, seq, entry, head))
        await self._run(insert(t.register), values)
        await self._run(update(t.round_).where(t.round_.c.id == round_id).values(entries=seq, head=head))

    async def end(self, round_id: str) -> tuple[int, str]:
        """How many rows a round says that its register has, and the hash of the last one."""
        found = select(t.round_.c.entries, t.round_.c.head).where(t.round_.c.id == round_id)
        row = (await self._run(found)).one()
        return row.entries, row.head

    async def numbers(self, round_id: str) -> tuple[int, int, int]:
        """Of the remarks of a round that have a number: how many, how many different ones, and the last one given."""
        number = t.remark.c.number
        counted = select(func.count().label("many"), func.count(number.distinct()).label("different"))
        row = (await self._run(counted.where(t.remark.c.round_id == round_id, number > 0))).one()
        last = (await self._run(select(t.round_.c.last).where(t.round_.c.id == round_id))).scalar_one()
        return row.many, row.different, last

    async def salts(self, of_ids: Sequence[str]) -> dict[str, str]:
        """The salts of the digests of remarks and replies, by id."""
        found = [*await self._all(select(t.remark.c.id, t.remark.c.salt).where(t.remark.c.id.in_(of_ids)))]
        found += await self._all(select(t.reply.c.id, t.reply.c.salt).where(t.reply.c.id.in_(of_ids)))
        return {row.id: row.salt for row in found}

    async def replies(self, of_ids: Sequence[str]) -> dict[str, str]:
        """What replies say, by id."""
        found = select(t.reply.c.id, t.reply.c.body).where(t.reply.c.id.in_(of_ids))
        return {row.id: row.body for row in await self._all(found)}

    async def rows(self, round_id: str, after: int = 0, limit: int = 1_000) -> list[Row]:
        """Rows behind a number, in their order."""
        found = select(t.register).where(t.register.c.round_id == round_id, t.register.c.seq > after)
        return [_row(row) for row in await self._all(found.order_by(t.register.c.seq).limit(limit))]

    async def of(self, round_id: str, of_ids: Sequence[str]) -> list[Row]:
        """The rows about some things, in their order."""
        found = select(t.register).where(t.register.c.round_id == round_id, t.register.c.of_id.in_(of_ids))
        return [_row(row) for row in await self._all(found.order_by(t.register.c.seq))]


def _values(round_id: str, seq: int, entry: Entry, head: str) -> dict[str, object]:
    return {
        "round_id": round_id,
        "seq": seq,
        "at": entry.at,
        "person_id": entry.person_id,
        "party_id": entry.party_id,
        "kind": entry.kind,
        "of_id": entry.of_id,
        "digest": entry.digest,
        "facts": entry.told,
        "hash": head,
    }


def _row(row: Found[Any]) -> Row:
    entry = Entry(row.at, row.person_id, row.party_id, row.kind, row.of_id, row.digest, msgspec.json.decode(row.facts))
    return Row(row.seq, entry, row.hash)
