"""The log of a draft: acts as rows, each with a hash that chains it to the one before.

The hash of a row is the hex SHA-256 of the hash before it (nothing for the first) followed by the JSON list
``[draft_id, seq, at, person_id, party_id, kind, clause_id, number, client, counter, body]``, written without spaces and
without escaping beyond what JSON demands; ``body`` is the string as it is stored. So a row proves itself and all rows
before it, and anybody can check it with SQL, ``json`` and ``hashlib``.
"""

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Row, insert, select

from drafts import tables as t
from drafts.acts import Act, ActKind
from drafts.store.rows import Queries, Values

_COLUMNS = (
    "draft_id",
    "seq",
    "at",
    "person_id",
    "party_id",
    "kind",
    "clause_id",
    "number",
    "client",
    "counter",
    "body",
)
_PAGE = 1_000  # rows that a walk through a log holds at a time
_json = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Logged:
    """A stored row of the log, with its body as text and its hash."""

    values: tuple[Any, ...]  # in the order of the columns that are hashed
    hash: str


def act_hash(previous: str, values: Sequence[Any]) -> str:
    """The hash of a row, from the hash before it and the row's values in the order of the module's docstring."""
    return hashlib.sha256(previous.encode() + _json.encode(list(values))).hexdigest()


def _values(draft_id: str, act: Act) -> Values:
    return {
        "draft_id": draft_id,
        "seq": act.seq,
        "at": act.at,
        "person_id": act.person_id,
        "party_id": act.party_id,
        "kind": act.kind.value,
        "clause_id": act.clause_id,
        "number": act.number,
        "client": act.client,
        "counter": act.counter,
        "body": _json.encode(act.body).decode(),
    }


def _act(row: Row[Any]) -> Act:
    return Act(
        seq=row.seq,
        at=row.at,
        person_id=row.person_id,
        party_id=row.party_id,
        kind=ActKind(row.kind),
        clause_id=row.clause_id,
        number=row.number,
        client=row.client,
        counter=row.counter,
        body=msgspec.json.decode(row.body),
    )


class Log(Queries):
    """The table ``log``."""

    async def add(self, draft_id: str, head: str, acts: Sequence[Act]) -> str:
        """Append acts behind the row whose hash is ``head``; the hash of the last one."""
        batch = []
        for act in acts:
            values = _values(draft_id, act)
            head = act_hash(head, list(values.values()))
            batch.append(values | {"hash": head})
        if batch:
            await self._run(insert(t.log), batch)
        return head

    async def acts(
        self,
        draft_id: str,
        after: int,
        *,
        clause_id: str | None = None,
        after_number: int | None = None,
        limit: int | None = None,
    ) -> list[Act]:
        """Acts with a seq greater than ``after`` in their order: all, or those of one clause, or of these only those
        that made a text number greater than ``after_number``."""
        found = select(t.log).where(t.log.c.draft_id == draft_id, t.log.c.seq > after).order_by(t.log.c.seq)
        if clause_id is not None:
            found = found.where(t.log.c.clause_id == clause_id)
        if after_number is not None:
            found = found.where(t.log.c.number > after_number)
        if limit is not None:
            found = found.limit(limit)
        return [_act(row) for row in await self._all(found)]

    async def operation(self, draft_id: str, op: str) -> tuple[str, int] | None:
        """Who carried out the command with this operation id, and the seq of its last act."""
        found = select(t.log.c.person_id, t.log.c.seq).where(t.log.c.draft_id == draft_id, t.log.c.client == op)
        row = await self._one(found.order_by(t.log.c.seq.desc()).limit(1))
        return (row.person_id, row.seq) if row is not None else None

    async def rows(self, draft_id: str) -> AsyncIterator[Logged]:
        """Every row of a log as it is stored, a page at a time, so that no log is too long."""
        after: int | None = None
        columns = [t.log.c[name] for name in _COLUMNS]
        while True:
            found = (
                select(*columns, t.log.c.hash).where(t.log.c.draft_id == draft_id).order_by(t.log.c.seq).limit(_PAGE)
            )
            page = await self._all(found if after is None else found.where(t.log.c.seq > after))
            for row in page:
                yield Logged(tuple(row)[:-1], row.hash)
            if len(page) < _PAGE:
                return
            after = page[-1].seq
