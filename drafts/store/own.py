"""What a party has in a round for itself: comments it has not sent, and those of others that it is asked to join."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update

from drafts import tables as t
from drafts.consultation import Remark, RemarkState
from drafts.store import search
from drafts.store.rows import Queries, ms


class Own(Queries):
    """The tables ``remark`` and ``together``, from the side of one party."""

    async def drafts(self, round_id: str, party_id: str) -> list[str]:
        """Ids of the remarks that a party has not sent."""
        r = t.remark.c
        found = select(r.id).where(
            r.owner_id == party_id, r.round_id == round_id, r.state == RemarkState.DRAFT.value
        )  # fmt: skip
        return [row.id for row in await self._all(found)]

    async def asked(self, round_id: str, party_id: str, *states: str) -> list[str]:
        """Ids of others' remarks that a party is asked to join, or has said something to (``states``)."""
        found = select(t.together.c.remark_id).join(t.remark, t.remark.c.id == t.together.c.remark_id)
        found = found.where(t.together.c.party_id == party_id, t.together.c.state.in_(states or ("asked",)))
        return [row.remark_id for row in await self._all(found.where(t.remark.c.round_id == round_id))]

    async def speakers(self, remark_ids: Sequence[str]) -> dict[str, frozenset[str]]:
        """For some remarks the ids of the parties that are asked to join, or have joined; those without are left
        out."""
        told: dict[str, set[str]] = {}
        if remark_ids:
            found = select(t.together.c.remark_id, t.together.c.party_id).where(t.together.c.state != "declined")
            for row in await self._all(found.where(t.together.c.remark_id.in_(remark_ids))):
                told.setdefault(row.remark_id, set()).add(row.party_id)
        return {remark_id: frozenset(parties) for remark_id, parties in told.items()}

    async def sent(self, round_ids: Sequence[str], party_ids: Sequence[str]) -> dict[str, int]:
        """How many remarks some parties have sent in some rounds; rounds without are left out."""
        r = t.remark.c
        counted = select(r.round_id, func.count().label("n")).where(r.owner_id.in_(party_ids), r.number > 0)
        found = await self._all(counted.where(r.round_id.in_(round_ids)).group_by(r.round_id)) if round_ids else []
        return {row.round_id: row.n for row in found}

    async def held(self, round_id: str) -> int:
        """How many remarks wait to be let through."""
        held = t.remark.c.state == RemarkState.HELD.value
        counted = select(func.count()).select_from(t.remark).where(t.remark.c.round_id == round_id, held)
        return int((await self._run(counted)).scalar_one())

    async def discard(self, remark: Remark) -> None:
        """Delete a remark that was never sent."""
        await self._run(delete(t.together).where(t.together.c.remark_id == remark.id))
        dialect = self._connection.dialect.name
        await self._run(search.forgetting(dialect), {"serial": remark.serial})
        await self._run(delete(t.remark).where(t.remark.c.id == remark.id))

    async def say_together(
        self, remark_id: str, party_ids: Sequence[str], state: str, person_id: str | None, at: datetime
    ) -> None:
        """What parties that were asked say to it from now on: ``asked`` (again), ``joined``, ``declined``."""
        which = (t.together.c.remark_id == remark_id) & t.together.c.party_id.in_(party_ids)
        values = {"state": state, "person_id": person_id, "at": ms(at)}
        await self._run(update(t.together).where(which).values(**values))
