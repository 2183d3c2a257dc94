"""The log of a draft: acts as rows, each with a hash that chains it to the one before.

The hash of a row is the hex SHA-256 of the hash before it (nothing for the first) followed by the JSON list
``[draft_id, seq, at, person_id, party_id, kind, clause_id, number, client, counter, body]``, written without spaces and
without escaping beyond what JSON demands; ``body`` is the string as it is stored. So a row proves itself and all rows
before it, and anybody can check it with SQL, ``json`` and ``hashlib``.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Row, func, insert, select

from drafts import tables as t
from drafts.acts import Act, ActKind, Since
from drafts.floor import KINDS
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
_NAMES_OTHERS = [kind.value for kind in (ActKind.BEGIN, ActKind.SPLIT, ActKind.JOIN, ActKind.MOVE)]
_OF_TABLE = [kind.value for kind in KINDS]
_json = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Logged:
    """A stored row of the log, with its body as text and its hash."""

    values: tuple[Any, ...]  # in the order of the columns that are hashed
    hash: str

    @property
    def seq(self) -> int:
        """Its number."""
        return int(self.values[1])

    def act(self) -> Act:
        """The act that it holds. Raises ValueError when it is not one."""
        _draft, seq, at, person, party, kind, clause, number, client, counter, body = self.values
        decoded = msgspec.json.decode(body, type=dict[str, Any])
        return Act(seq, at, person, party, ActKind(kind), clause, number, client, counter, decoded)


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

    async def look(
        self,
        draft_id: str,
        *,
        before: int | None = None,
        after: int | None = None,
        without: Collection[ActKind] = (),
        own: tuple[Collection[ActKind], str] = ((), ""),
        clause_id: str = "",
        party_id: str = "",
        limit: int,
    ) -> list[Act]:
        """At most ``limit`` acts next to a number: those behind ``after`` in their order, else those before ``before``
        (None: the end), the last one first. Of one party or clause only, where one is named: also the acts that split
        it off, joined it to another or moved it with its parent. ``own``: kinds of act, and the one
        party of which they are given."""
        found = select(t.log).where(t.log.c.draft_id == draft_id, t.log.c.kind.not_in([kind.value for kind in without]))
        if own[0]:
            found = found.where(t.log.c.kind.not_in([kind.value for kind in own[0]]) | (t.log.c.party_id == own[1]))
        if clause_id:
            named = t.log.c.kind.in_(_NAMES_OTHERS) & t.log.c.body.contains(f'"{clause_id}"', autoescape=True)
            found = found.where((t.log.c.clause_id == clause_id) | named)
        if party_id:
            found = found.where(t.log.c.party_id == party_id)
        if after is not None:
            found = found.where(t.log.c.seq > after).order_by(t.log.c.seq)
        else:
            found = found.order_by(t.log.c.seq.desc())
        if before is not None:
            found = found.where(t.log.c.seq < before)
        return [_act(row) for row in await self._all(found.limit(limit))]

    async def naming(self, draft_id: str, since: int, proposal_id: str) -> list[Act]:
        """The acts of the table, from ``since`` on, whose body has the id of a proposal somewhere."""
        found = select(t.log).where(t.log.c.draft_id == draft_id, t.log.c.seq >= since, t.log.c.kind.in_(_OF_TABLE))
        named = t.log.c.body.contains(f'"{proposal_id}"', autoescape=True)
        return [_act(row) for row in await self._all(found.where(named).order_by(t.log.c.seq))]

    async def latest(self, draft_id: str, kind: ActKind) -> Act | None:
        """The last act of a kind; meant for one that is near the log's end."""
        found = select(t.log).where(t.log.c.draft_id == draft_id, t.log.c.kind == kind.value)
        row = await self._one(found.order_by(t.log.c.seq.desc()).limit(1))
        return row and _act(row)

    async def operation(self, draft_id: str, op: str) -> tuple[str, int] | None:
        """Who carried out the command with this operation id, and the seq of its last act."""
        found = select(t.log.c.person_id, t.log.c.seq).where(t.log.c.draft_id == draft_id, t.log.c.client == op)
        row = await self._one(found.order_by(t.log.c.seq.desc()).limit(1))
        return (row.person_id, row.seq) if row is not None else None

    async def since(self, draft_id: str, seq: int) -> Since:
        """What happened to the clauses after an act."""
        log = t.log.c
        after = (log.draft_id == draft_id) & (log.seq > seq)
        first = select(log.clause_id, func.min(log.number).label("first")).where(after, log.number > 0)
        numbers = {row.clause_id: row.first - 1 for row in await self._all(first.group_by(log.clause_id))}
        moves = select(log.clause_id).where(after, log.kind == ActKind.MOVE.value).distinct()
        return Since(numbers, frozenset(row.clause_id for row in await self._all(moves)))

    async def page(self, draft_id: str, after: int | None, limit: int) -> list[Logged]:
        """Rows as they are stored, in order, behind the one numbered ``after`` (None: from the first)."""
        columns = [t.log.c[name] for name in _COLUMNS]
        found = select(*columns, t.log.c.hash).where(t.log.c.draft_id == draft_id).order_by(t.log.c.seq).limit(limit)
        if after is not None:
            found = found.where(t.log.c.seq > after)
        return [Logged(tuple(row)[:-1], row.hash) for row in await self._all(found)]

    async def last(self, draft_id: str) -> int:
        """The number of a log's last row, 0 when it has none."""
        found = await self._run(select(func.max(t.log.c.seq)).where(t.log.c.draft_id == draft_id))
        return int(found.scalar_one() or 0)
