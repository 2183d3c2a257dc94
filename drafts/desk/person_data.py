"""What is kept of a person: handed out to them whole, and let go when they ask.

Letting go keeps the record. What a party said stays, under the party; logs and registers hold ids and digests and no
names, so that their chains still hold. The row of the person stays too, and names nobody. Only comments under another
name would still be tied by that row to what else it did: they are given to a row that stands for nobody at all.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from drafts.desk import admit
from drafts.errors import Conflict
from drafts.events import Event, MemberChanged, SessionClosed
from drafts.model import Forum
from drafts.register import Entry
from drafts.store import Store, Work
from drafts.store.rows import ms
from drafts.verbs import LEADS


@dataclass(frozen=True, slots=True)
class Hindrance:
    """A forum that would be left without anybody who leads it."""

    forum: Forum


async def export(store: Store, person_id: str | None) -> dict[str, Any]:
    """Everything that is kept of a person, by kind; moments are aware datetimes, secrets are left out. Raises
    NotFound."""
    async with store.read() as q:
        if person_id is None or await q.people.get(person_id) is None:
            raise admit.nothing()
        return await q.person_data.everything(person_id)


async def hindrances(store: Store, person_id: str) -> list[Hindrance]:
    """What stands in the way of erasing a person: nothing, or forums that they lead alone."""
    async with store.read() as q:
        return await _hindrances(q, person_id)


async def erase(store: Store, person_id: str | None, at: datetime) -> list[Event]:
    """Erase a person: name, address, password, ways in, seats, unsent comments and notices go. Gives what open sockets
    must learn. Raises NotFound, Conflict (a forum would have nobody to lead it)."""
    async with store.write() as q:
        if person_id is None or await q.people.get(person_id) is None:
            raise admit.nothing()
        forums = [forum for forum, _ in await q.forums.of_person(person_id)]
        for forum in sorted(forums, key=lambda one: one.id):
            await q.forums.lock(forum.id)
        for found in await _hindrances(q, person_id):
            raise Conflict(
                "leads_alone",
                "Nobody else leads {forum}. Give somebody the chair or the secretariat there first.",
                forum=found.forum.name,
            )
        closed = await q.people.close_sessions(person_id=person_id)
        await _erase(q, person_id, at)
        for forum in forums:
            await q.forums.remove_member(forum.id, person_id)
    return [SessionClosed(tuple(closed)), *(MemberChanged(forum.id, person_id) for forum in forums)]


async def _hindrances(q: Work, person_id: str) -> list[Hindrance]:
    return [
        Hindrance(forum)
        for forum, member in await q.forums.of_person(person_id)
        if member.role in LEADS and await q.forums.leads(forum.id) == 1
    ]


async def _erase(q: Work, person_id: str, at: datetime) -> None:
    for remark in await q.remarks.of_ids(await q.person_data.unsent(person_id)):
        await q.own.discard(remark)
    await q.person_data.forget(person_id)
    await q.person_data.unlink(person_id, at)
    # Rows about comments under another name hold no person, so that this one cannot be laid beside them.
    for round_id in await q.person_data.rounds_of(person_id):
        await q.register.add(round_id, Entry(ms(at), "", "", "erased", person_id, facts={"what": "person"}))
    await q.person_data.erase(person_id, at)
