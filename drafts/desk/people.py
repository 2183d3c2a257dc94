"""People and their ways in: passwords (hashed by the server), sessions, and tokens for programs."""

from datetime import timedelta

from drafts.desk import fields, secret
from drafts.desk.admit import nothing
from drafts.errors import Invalid
from drafts.model import Person, Session, Token, new_id, now
from drafts.store import Store

SESSION = timedelta(days=30)  # a session ends then,
IDLE = timedelta(days=14)  # or when it was not used for so long
TOKEN_PREFIX = "adref_"  # noqa: S105  # no secret: lets people and scanners recognise one that lies about
MAX_TOKENS = 50
_NOTED = timedelta(minutes=10)  # the use of a session or token is written down so often at most


async def create(store: Store, name: str, email: str, password_hash: str | None, language: str = "en") -> Person:
    """A new person. ``password_hash`` None: somebody who cannot sign in by password. Raises Invalid, Conflict."""
    person = Person(new_id(), fields.name(name), fields.email(email), fields.tag(language))
    async with store.write() as q:
        await q.people.add(person, password_hash, now())
    return person


async def get(store: Store, person_id: str | None) -> Person:
    """The person themselves. Raises NotFound."""
    async with store.read() as q:
        person = None if person_id is None else await q.people.get(person_id)
    if person is None:
        raise nothing()
    return person


async def by_email(store: Store, email: str) -> tuple[Person, str | None] | None:
    """The person with an address (however it is written) and the hash of their password, for the sign-in."""
    try:
        address = fields.email(email)
    except Invalid:
        return None
    async with store.read() as q:
        return await q.people.by_email(address)


async def set_password_hash(store: Store, person_id: str | None, password_hash: str) -> None:
    """Store the hash of a new password. Raises NotFound."""
    async with store.write() as q:
        if person_id is None or not await q.people.set_password(person_id, password_hash):
            raise nothing()


async def set_language(store: Store, person_id: str | None, language: str) -> None:
    """Choose the language of the pages. Raises NotFound, Invalid."""
    wanted = fields.tag(language)
    async with store.write() as q:
        if person_id is None or not await q.people.set_language(person_id, wanted):
            raise nothing()


# ── sessions ──


async def open_session(store: Store, person_id: str) -> str:
    """Sign a person in; the secret for their cookie. Raises NotFound. Old sessions are forgotten on the way."""
    at, key = now(), secret.make()
    async with store.write() as q:
        person = await q.people.get(person_id)
        if person is None:
            raise nothing()
        await q.people.forget_sessions(at, at - IDLE)
        await q.people.add_session(Session(new_id(), person, at, at, at + SESSION), secret.hashed(key))
    return key


async def session(store: Store, key: str) -> Session | None:
    """The session of a cookie's secret, while it is valid; notes that it is in use."""
    at = now()
    async with store.read() as q:
        found = await q.people.session(secret.hashed(key))
    if found is None or at >= found.expires_at or at - found.seen_at >= IDLE:
        return None
    if at - found.seen_at >= _NOTED:
        async with store.write() as q:
            await q.people.seen(found.id, at)
    return found


async def sessions(store: Store, person_id: str | None) -> list[Session]:
    """A person's own valid sessions, the one used last first."""
    at = now()
    async with store.read() as q:
        found = [] if person_id is None else await q.people.sessions(person_id)
    return [one for one in found if at < one.expires_at and at - one.seen_at < IDLE]


async def close_session(store: Store, key: str) -> list[str]:
    """Sign out here; the id of the session that ended, so that its sockets are closed (empty: there was none)."""
    async with store.write() as q:
        return await q.people.close_sessions(secret_hash=secret.hashed(key))


async def close_all_sessions(store: Store, person_id: str) -> list[str]:
    """Sign out everywhere; the ids of the sessions that ended."""
    async with store.write() as q:
        return await q.people.close_sessions(person_id=person_id)


# ── tokens ──


async def make_token(store: Store, person_id: str | None, name: str, days: int | None = None) -> str:
    """A secret for a program that acts as this person; shown once. ``days`` None: until it is revoked.

    Raises NotFound, Invalid.
    """
    at, key = now(), TOKEN_PREFIX + secret.make()
    title = fields.line(name, 100, needed="A token needs a name that says what it is for.")
    expires = None if days is None else at + timedelta(days=fields.days(days, 3_660))
    async with store.write() as q:
        if person_id is None or await q.people.get(person_id) is None:
            raise nothing()
        if len(await q.people.tokens(person_id)) >= MAX_TOKENS:
            raise Invalid("too_many_tokens", "At most {limit} tokens at a time. Revoke one first.", limit=MAX_TOKENS)
        token = Token(new_id(), person_id, title, at, None, expires, None)
        await q.people.add_token(token, secret.hashed(key))
    return key


async def person_of_token(store: Store, key: str) -> Person | None:
    """Who a token acts as, while it is valid; notes that it was used."""
    at = now()
    async with store.read() as q:
        found = await q.people.token(secret.hashed(key))
    if found is None:
        return None
    token, person = found
    if token.revoked_at is not None or (token.expires_at is not None and at >= token.expires_at):
        return None
    if token.used_at is None or at - token.used_at >= _NOTED:
        async with store.write() as q:
            await q.people.token_used(token.id, at)
    return person


async def tokens(store: Store, person_id: str | None) -> list[Token]:
    """A person's own tokens that are not revoked."""
    async with store.read() as q:
        return [] if person_id is None else await q.people.tokens(person_id)


async def revoke_token(store: Store, person_id: str | None, token_id: str) -> None:
    """End one of one's own tokens. Raises NotFound."""
    async with store.write() as q:
        if person_id is None or not await q.people.revoke_token(person_id, token_id, now()):
            raise nothing()
