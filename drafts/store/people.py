"""Queries about people and their ways in: sessions and tokens. Secrets come here hashed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from drafts import tables as t
from drafts.errors import Conflict
from drafts.model import Person, Session, Token
from drafts.store import rows
from drafts.store.rows import PERSON, Queries, ms


class People(Queries):
    """The tables ``person``, ``session`` and ``token``."""

    async def add(self, person: Person, password: str | None, at: datetime) -> None:
        """A new person. Raises Conflict when the address is taken."""
        values = {"id": person.id, "name": person.name, "email": person.email, "language": person.language}
        try:
            await self._run(insert(t.person), values | {"password": password, "created_at": ms(at)})
        except IntegrityError:
            raise Conflict("email_taken", "There is an account with this e-mail address already.") from None

    async def get(self, person_id: str) -> Person | None:
        """The person of an id."""
        row = await self._one(select(*PERSON).where(t.person.c.id == person_id))
        return row and rows.person(row)

    async def all(self) -> list[Person]:
        """Everybody, by name."""
        return [rows.person(row) for row in await self._all(select(*PERSON).order_by(t.person.c.name, t.person.c.id))]

    async def names(self, person_ids: list[str]) -> dict[str, str]:
        """The names of people, by id."""
        found = await self._all(select(t.person.c.id, t.person.c.name).where(t.person.c.id.in_(person_ids)))
        return {row.id: row.name for row in found}

    async def by_email(self, email: str) -> tuple[Person, str | None] | None:
        """The person with this (lower-cased) address, and the hash of their password."""
        row = await self._one(select(*PERSON, t.person.c.password).where(t.person.c.email == email))
        return row and (rows.person(row), row.password)

    async def set_password(self, person_id: str, password: str) -> bool:
        """Store a password's hash; False when there is no such person."""
        done = await self._run(update(t.person).where(t.person.c.id == person_id).values(password=password))
        return done.rowcount == 1

    async def set_language(self, person_id: str, language: str) -> bool:
        """Store the language of a person's pages; False when there is no such person."""
        done = await self._run(update(t.person).where(t.person.c.id == person_id).values(language=language))
        return done.rowcount == 1

    # ── sessions ──

    async def add_session(self, session: Session, secret_hash: str) -> None:
        """A new session."""
        await self._run(
            insert(t.session),
            {
                "id": session.id,
                "secret_hash": secret_hash,
                "person_id": session.person.id,
                "created_at": ms(session.created_at),
                "seen_at": ms(session.seen_at),
                "expires_at": ms(session.expires_at),
            },
        )

    async def session(self, secret_hash: str) -> Session | None:
        """The session of a secret, however old."""
        row = await self._one(_sessions().where(t.session.c.secret_hash == secret_hash))
        return row and rows.session(row)

    async def sessions(self, person_id: str) -> list[Session]:
        """A person's sessions, the one seen last first."""
        found = _sessions().where(t.session.c.person_id == person_id).order_by(t.session.c.seen_at.desc())
        return [rows.session(row) for row in await self._all(found)]

    async def living_sessions(self, session_ids: list[str], at: datetime) -> set[str]:
        """Those of the sessions that were not ended and have not run out."""
        found = select(t.session.c.id).where(t.session.c.id.in_(session_ids), t.session.c.expires_at > ms(at))
        return {row.id for row in await self._all(found)}

    async def seen(self, session_id: str, at: datetime) -> None:
        """Note that a session is in use."""
        await self._run(update(t.session).where(t.session.c.id == session_id).values(seen_at=ms(at)))

    async def close_sessions(self, *, person_id: str | None = None, secret_hash: str | None = None) -> list[str]:
        """Delete a person's sessions, or the session of a secret; the ids of those that are gone."""
        which = t.session.c.secret_hash == secret_hash if secret_hash else t.session.c.person_id == person_id
        found = await self._run(delete(t.session).where(which).returning(t.session.c.id))
        return list(found.scalars())

    async def forget_sessions(self, expired: datetime, idle_since: datetime) -> None:
        """Delete sessions that expired, or that nobody used since a moment."""
        old = (t.session.c.expires_at <= ms(expired)) | (t.session.c.seen_at <= ms(idle_since))
        await self._run(delete(t.session).where(old))

    # ── tokens ──

    async def add_token(self, token: Token, secret_hash: str) -> None:
        """A new token."""
        await self._run(
            insert(t.token),
            {
                "id": token.id,
                "secret_hash": secret_hash,
                "person_id": token.person_id,
                "name": token.name,
                "created_at": ms(token.created_at),
                "expires_at": ms(token.expires_at) if token.expires_at else None,
            },
        )

    async def token(self, secret_hash: str) -> tuple[Token, Person] | None:
        """The token of a secret with its person, revoked and expired ones too."""
        joined = select(t.token, *PERSON[1:]).join(t.person, t.person.c.id == t.token.c.person_id)
        row = await self._one(joined.where(t.token.c.secret_hash == secret_hash))
        return row and (rows.token(row), rows.person(row))

    async def tokens(self, person_id: str) -> list[Token]:
        """A person's tokens that are not revoked, in the order they were made."""
        mine = (t.token.c.person_id == person_id) & t.token.c.revoked_at.is_(None)
        found = select(t.token).where(mine).order_by(t.token.c.created_at, t.token.c.id)
        return [rows.token(row) for row in await self._all(found)]

    async def token_used(self, token_id: str, at: datetime) -> None:
        """Note that a token was used."""
        await self._run(update(t.token).where(t.token.c.id == token_id).values(used_at=ms(at)))

    async def revoke_token(self, person_id: str, token_id: str, at: datetime) -> bool:
        """End a person's token; False when there is none of this id to end."""
        mine = (t.token.c.id == token_id) & (t.token.c.person_id == person_id) & t.token.c.revoked_at.is_(None)
        done = await self._run(update(t.token).where(mine).values(revoked_at=ms(at)))
        return done.rowcount == 1


def _sessions() -> Select[Any]:
    own = (t.session.c.id, t.session.c.created_at, t.session.c.seen_at, t.session.c.expires_at)
    return select(*own, *PERSON).join(t.person, t.person.c.id == t.session.c.person_id)
