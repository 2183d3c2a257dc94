"""Queries about written contributions: the files that come in to a round, and what is done with them."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Row, func, insert, select, update

from drafts import tables as t
from drafts.consultation import Contribution, ContributionState, RemarkState
from drafts.model import Group, Party
from drafts.store.rows import PARTY, Queries, moment, ms

_LIGHT: Final = [column for column in t.contribution.c if column.name not in {"data", "text"}]


class Contributions(Queries):
    """The table ``contribution``."""

    async def add(self, told: Contribution, data: bytes) -> None:
        """A file that came in."""
        values = {
            "id": told.id,
            "round_id": told.round_id,
            "owner_id": told.owner_id,
            "person_id": told.person_id,
            "name": told.name,
            "media": told.media,
            "data": data,
            "text": told.text,
            "state": told.state.value,
            "reason": told.reason,
            "at": ms(told.at),
            "who": told.who,
            "group": told.group.value if told.group else "",
        }
        await self._run(insert(t.contribution), values)

    async def get(self, contribution_id: str) -> Contribution | None:
        """The file of an id with its text, whoever asks."""
        party = [column.label(f"of_{column.name}") for column in PARTY]
        found = select(*_LIGHT, t.contribution.c.text, *party).join(t.party, t.party.c.id == t.contribution.c.owner_id)
        row = await self._one(found.where(t.contribution.c.id == contribution_id))
        return _contribution(row, row.text) if row else None

    async def data(self, contribution_id: str) -> bytes:
        """What the file holds; nothing when there is none."""
        row = await self._one(select(t.contribution.c.data).where(t.contribution.c.id == contribution_id))
        return bytes(row.data) if row else b""

    async def of_round(self, round_id: str, owner_id: str | None = None) -> list[Contribution]:
        """The files of a round, or of one party in it, as they came in, without their texts."""
        party = [column.label(f"of_{column.name}") for column in PARTY]
        found = select(*_LIGHT, *party).join(t.party, t.party.c.id == t.contribution.c.owner_id)
        found = found.where(t.contribution.c.round_id == round_id)
        if owner_id is not None:
            found = found.where(t.contribution.c.owner_id == owner_id)
        return [
            _contribution(row, "") for row in await self._all(found.order_by(t.contribution.c.at, t.contribution.c.id))
        ]

    async def made_of(self, round_id: str) -> Mapping[str, int]:
        """How many remarks were made of each file of a round; those that were taken back do not count."""
        r = t.remark.c
        counted = select(r.contribution_id, func.count().label("made"))
        counted = counted.where(
            r.round_id == round_id, r.contribution_id.is_not(None), r.state != RemarkState.WITHDRAWN.value
        )
        return {row.contribution_id: row.made for row in await self._all(counted.group_by(r.contribution_id))}

    async def settle(self, contribution_id: str, state: ContributionState, reason: str) -> None:
        """What is done with a file."""
        which = t.contribution.c.id == contribution_id
        await self._run(update(t.contribution).where(which).values(state=state.value, reason=reason))


def _contribution(row: Row[Any], text: str) -> Contribution:
    party = Party(row.of_party_id, row.of_party_forum, row.of_party_name, row.of_party_code, Group(row.of_party_group))
    return Contribution(
        id=row.id,
        round_id=row.round_id,
        owner_id=row.owner_id,
        party=party,
        person_id=row.person_id,
        name=row.name,
        media=row.media,
        text=text,
        state=ContributionState(row.state),
        reason=row.reason,
        at=moment(row.at),
        who=row.who,
        group=Group(row.group) if row.group else None,
    )
