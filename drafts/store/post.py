"""Queries about what people have sent to them: the digest by mail, and the address of their calendar.

A digest is *due* at a moment and *held* by the process that hands it over. Only one can hold it, and whoever held it
and never said how it went leaves it held: then nobody knows whether it was sent, and it is not sent again.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update

from drafts import tables as t
from drafts.model import Person
from drafts.store import rows
from drafts.store.rows import PERSON, Queries, moment, moment_or_none, ms


class Digest(StrEnum):
    """How often somebody wants a digest by mail."""

    OFF = "off"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody whose digest is due. ``tries``: that failed, one after another."""

    person: Person
    digest: Digest
    due: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody has chosen. ``calendar``: whether their calendar has an address."""

    digest: Digest
    due: datetime | None
    calendar: bool


class Post(Queries):
    """Columns of the table ``person``."""

    async def wishes(self, person_id: str) -> Wishes:
        """What a person has chosen."""
        p = t.person.c
        row = (await self._run(select(p.digest, p.digest_due, p.calendar_hash).where(p.id == person_id))).one()
        return Wishes(Digest(row.digest), moment_or_none(row.digest_due), row.calendar_hash is not None)

    async def choose(self, person_id: str, digest: Digest, due: datetime | None) -> None:
        """Have a digest from now on, the next one at ``due``, or none."""
        values = {"digest": digest.value, "digest_due": due and ms(due), "digest_held": None, "digest_tries": 0}
        await self._run(update(t.person).where(t.person.c.id == person_id).values(**values))

    async def due(self, at: datetime) -> list[Addressee]:
        """Whose digest is due and not held, the longest due first."""
        p = t.person.c
        which = (p.digest != Digest.OFF.value) & (p.digest_due <= ms(at)) & p.digest_held.is_(None)
        found = select(*PERSON, p.digest, p.digest_due, p.digest_tries).where(which).order_by(p.digest_due, p.id)
        return [
            Addressee(rows.person(row), Digest(row.digest), moment(row.digest_due), row.digest_tries)
            for row in await self._all(found)
        ]

    async def next_due(self) -> datetime | None:
        """When the next digest is due."""
        p = t.person.c
        which = (p.digest != Digest.OFF.value) & p.digest_due.is_not(None) & p.digest_held.is_(None)
        row = await self._one(select(p.digest_due).where(which).order_by(p.digest_due).limit(1))
        return row and moment(row.digest_due)

    async def hold(self, addressee: Addressee, at: datetime) -> bool:
        """Be the one who hands a digest over; False: another process is, or it is not due any more."""
        p = t.person.c
        which = (p.id == addressee.person.id) & (p.digest_due == ms(addressee.due)) & p.digest_held.is_(None)
        which &= p.digest == addressee.digest.value
        return (await self._run(update(t.person).where(which).values(digest_held=ms(at)))).rowcount == 1

    async def done(self, addressee: Addressee, due: datetime, *, sent: datetime | None) -> None:
        """It was handed over at ``sent``, or there was nothing in it (None); the next is due then."""
        values = {"digest_held": None, "digest_tries": 0, "digest_due": ms(due)}
        if sent is not None:
            values["digested_at"] = ms(sent)
        await self._free(addressee, values)

    async def failed(self, addressee: Addressee, again: datetime) -> None:
        """It was not taken; it is tried again then."""
        values = {"digest_held": None, "digest_tries": addressee.tries + 1, "digest_due": ms(again)}
        await self._free(addressee, values)

    async def _free(self, addressee: Addressee, values: dict[str, int | None]) -> None:
        p = t.person.c  # unless they have chosen otherwise meanwhile
        which = (p.id == addressee.person.id) & (p.digest_due == ms(addressee.due)) & p.digest_held.is_not(None)
        await self._run(update(t.person).where(which).values(**values))

    async def left(self, before: datetime) -> list[Addressee]:
        """Digests that have been held since before a moment: nobody knows whether they were sent."""
        p = t.person.c
        found = select(*PERSON, p.digest, p.digest_due, p.digest_tries).where(p.digest_held < ms(before))
        return [
            Addressee(rows.person(row), Digest(row.digest), moment(row.digest_due), row.digest_tries)
            for row in await self._all(found)
        ]

    # ── the calendar ──

    async def set_calendar(self, person_id: str, secret_hash: str | None) -> None:
        """Give a person's calendar an address (the SHA-256 of its secret), or take it away."""
        await self._run(update(t.person).where(t.person.c.id == person_id).values(calendar_hash=secret_hash))

    async def of_calendar(self, secret_hash: str) -> Person | None:
        """Whose calendar has this address."""
        row = await self._one(select(*PERSON).where(t.person.c.calendar_hash == secret_hash))
        return row and rows.person(row)
