"""Queries about organisations that apply to be heard in a forum, and about delegations that object."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, func, insert, select, update

from drafts import tables as t
from drafts.consultation import Application, ApplicationState
from drafts.model import Group, Party
from drafts.store import rows
from drafts.store.rows import PARTY, Queries, moment, moment_or_none, ms

_MOMENTS: Final = frozenset({"created_at", "objects_until", "decided_at"})


@dataclass(frozen=True, slots=True)
class Objection:
    """A delegation does not want an organisation admitted, with its reason."""

    application_id: str
    party: Party
    person_id: str
    reason: str
    at: datetime


class Applications(Queries):
    """The tables ``application`` and ``objection``."""

    async def add(self, told: Application, secret_hash: str) -> None:
        """A new application; ``secret_hash``: of the address at which the applicant finds it again."""
        await self._run(insert(t.application), _values(told) | {"secret_hash": secret_hash})

    async def change(self, told: Application) -> None:
        """An application as it is from now on."""
        values = {name: value for name, value in _values(told).items() if name != "id"}
        await self._run(update(t.application).where(t.application.c.id == told.id).values(**values))

    async def locked(self, application_id: str) -> tuple[Application, str] | None:
        """An application with the hash of its secret, held until this transaction ends."""
        which = t.application.c.id == application_id
        row = await self._one(select(t.application).where(which).with_for_update())
        return row and (_application(row), row.secret_hash)

    async def get(self, application_id: str) -> Application | None:
        """The application of an id."""
        row = await self._one(select(t.application).where(t.application.c.id == application_id))
        return row and _application(row)

    async def of_secret(self, secret_hash: str) -> Application | None:
        """The application of a secret."""
        row = await self._one(select(t.application).where(t.application.c.secret_hash == secret_hash))
        return row and _application(row)

    async def of_forum(self, forum_id: str) -> list[Application]:
        """A forum's applications, the newest first."""
        found = select(t.application).where(t.application.c.forum_id == forum_id)
        found = found.order_by(t.application.c.created_at.desc(), t.application.c.id)
        return [_application(row) for row in await self._all(found)]

    async def waiting(self, forum_id: str) -> int:
        """How many wait for a decision."""
        wait = t.application.c.state.in_([ApplicationState.WAITING.value, ApplicationState.PROPOSED.value])
        counted = select(func.count()).where(t.application.c.forum_id == forum_id, wait)
        return int((await self._run(counted)).scalar_one())

    async def due(self, at: datetime) -> list[Application]:
        """Those whose non-objection period has ended without an objection."""
        objected = select(t.objection.c.application_id)
        return await self._found(
            (t.application.c.state == ApplicationState.PROPOSED.value)
            & (t.application.c.objects_until <= ms(at))
            & t.application.c.id.not_in(objected)
        )

    async def next_end(self, after: datetime) -> datetime | None:
        """When the next non-objection period ends."""
        which = (t.application.c.state == ApplicationState.PROPOSED.value) & (t.application.c.objects_until > ms(after))
        found = (await self._run(select(func.min(t.application.c.objects_until)).where(which))).scalar_one()
        return moment_or_none(found)

    async def forget_contacts(self, forum_id: str, before: datetime) -> int:
        """Forget the contact and the address of what was decided before a moment; of how many."""
        which = (
            (t.application.c.forum_id == forum_id)
            & (t.application.c.decided_at < ms(before))
            & ((t.application.c.email != "") | (t.application.c.contact != ""))
        )
        done = await self._run(update(t.application).where(which).values(contact="", email=""))
        return int(done.rowcount)

    async def object(self, told: Objection) -> None:
        """Keep a delegation's objection; it has one."""
        which = (t.objection.c.application_id == told.application_id) & (t.objection.c.party_id == told.party.id)
        values = {"person_id": told.person_id, "reason": told.reason, "at": ms(told.at)}
        if (await self._run(update(t.objection).where(which).values(**values))).rowcount == 0:
            ids = {"application_id": told.application_id, "party_id": told.party.id}
            await self._run(insert(t.objection), ids | values)

    async def objections(self, application_ids: list[str]) -> dict[str, list[Objection]]:
        """Objections by application, in the order they came."""
        own = [column for column in t.objection.c if column.name != "party_id"]
        found = select(*own, *PARTY).join(t.party, t.party.c.id == t.objection.c.party_id)
        found = found.where(t.objection.c.application_id.in_(application_ids)).order_by(t.objection.c.at)
        told: dict[str, list[Objection]] = {}
        for row in await self._all(found):
            one = Objection(row.application_id, rows.party(row), row.person_id, row.reason, moment(row.at))
            told.setdefault(row.application_id, []).append(one)
        return told

    async def _found(self, which: ColumnElement[bool]) -> list[Application]:
        found = select(t.application).where(which).order_by(t.application.c.created_at, t.application.c.id)
        return [_application(row) for row in await self._all(found)]


def _values(told: Application) -> dict[str, Any]:
    values = {one.name: getattr(told, one.name) for one in fields(Application)}
    values |= {name: None if values[name] is None else ms(values[name]) for name in _MOMENTS}
    return values | {"group": told.group.value, "state": told.state.value}


def _application(row: Row[Any]) -> Application:
    return Application(
        id=row.id,
        forum_id=row.forum_id,
        name=row.name,
        code=row.code,
        group=Group(row.group),
        contact=row.contact,
        email=row.email,
        statement=row.statement,
        state=ApplicationState(row.state),
        reason=row.reason,
        created_at=moment(row.created_at),
        objects_until=moment_or_none(row.objects_until),
        decided_at=moment_or_none(row.decided_at),
        decided_by=row.decided_by,
        party_id=row.party_id,
    )
