"""Accounts, sessions and tokens."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from drafts.desk import people, secret
from drafts.errors import Conflict, Invalid, NotFound, TooLarge
from drafts.model import Person, Session, Token, new_id, now
from drafts.store import Store


@pytest.fixture
async def ines(store: Store) -> Person:
    return await people.create(store, "  Inés   Valder ", "Ines@Norvale.Example", "hash 1", "es")


async def opened(store: Store, person: Person, at: datetime, seen: datetime, expires: datetime) -> str:
    """A session of another time."""
    key = secret.make()
    async with store.write() as q:
        await q.people.add_session(Session(new_id(), person, at, seen, expires), secret.hashed(key))
    return key


# ── accounts ──


async def test_an_account(store: Store, ines: Person) -> None:
    assert (ines.name, ines.email, ines.language) == ("Inés Valder", "ines@norvale.example", "es")
    assert await people.by_email(store, " INES@norvale.example ") == (ines, "hash 1")
    assert await people.get(store, ines.id) == ines
    await people.set_password_hash(store, ines.id, "hash 2")
    await people.set_language(store, ines.id, "ar")
    found = await people.by_email(store, ines.email)
    assert found is not None
    assert (found[0].language, found[1]) == ("ar", "hash 2")


async def test_an_address_is_one_person(store: Store, ines: Person) -> None:
    with pytest.raises(Conflict, match="already"):
        await people.create(store, "Somebody else", "INES@NORVALE.example", None)
    found = await people.by_email(store, ines.email)
    assert found == (ines, "hash 1")


@pytest.mark.parametrize("address", ["", "nobody", "a b@c.example", "a@", "@c", "a@b@c", "x\x00y@"])
async def test_nobody_has_a_bad_address(store: Store, address: str) -> None:
    with pytest.raises(Invalid):
        await people.create(store, "Name", address, None)
    assert await people.by_email(store, address) is None


@pytest.mark.parametrize(
    ("name", "email", "language", "error"),
    [
        ("", "a@b.example", "en", Invalid),
        (" \n ", "a@b.example", "en", Invalid),
        ("n" * 201, "a@b.example", "en", TooLarge),
        ("Name", "a" * 250 + "@b.example", "en", TooLarge),
        ("Name", "a@b.example", "english please", Invalid),
    ],
)
async def test_bad_accounts(store: Store, name: str, email: str, language: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        await people.create(store, name, email, None, language)


async def test_a_name_from_outside_is_made_plain(store: Store) -> None:
    person = await people.create(store, "Ines\x00\ud800\n Valder\u0301", "a@b.example", None)
    assert person.name == "Ines Valdeŕ"
    assert (await people.get(store, person.id)).name == person.name


async def test_strangers_have_no_account(store: Store) -> None:
    calls: list[Callable[[str | None], object]] = [
        lambda who: people.get(store, who),
        lambda who: people.set_password_hash(store, who, "hash"),
        lambda who: people.set_language(store, who, "en"),
        lambda who: people.make_token(store, who, "script"),
        lambda who: people.revoke_token(store, who, "token"),
    ]
    for call in calls:
        for who in (None, "nobody"):
            with pytest.raises(NotFound):
                await call(who)  # type: ignore[misc]
    assert await people.sessions(store, None) == []
    assert await people.tokens(store, None) == []
    with pytest.raises(NotFound):
        await people.open_session(store, "nobody")


# ── sessions ──


async def test_a_session_from_sign_in_to_sign_out(store: Store, ines: Person) -> None:
    key = await people.open_session(store, ines.id)
    session = await people.session(store, key)
    assert session is not None
    assert session.person == ines
    assert await people.sessions(store, ines.id) == [session]
    assert await people.close_session(store, key) == [session.id]
    assert await people.session(store, key) is None
    assert await people.close_session(store, key) == []


async def test_signing_out_everywhere_ends_every_session_of_one_person(store: Store, ines: Person) -> None:
    other = await people.create(store, "Pilar Montes", "pilar@costamar.example", None)
    keys = [await people.open_session(store, ines.id) for _ in range(3)]
    others = await people.open_session(store, other.id)
    ids = {session.id for session in await people.sessions(store, ines.id)}
    assert set(await people.close_all_sessions(store, ines.id)) == ids
    assert [await people.session(store, key) for key in keys] == [None, None, None]
    assert await people.session(store, others) is not None


async def test_secrets_are_not_stored(store: Store, ines: Person) -> None:
    key = await people.open_session(store, ines.id)
    async with store.read() as q:
        assert await q.people.session(key) is None
        assert await q.people.session(secret.hashed(key)) is not None
    assert len(key) >= 43
    assert key != await people.open_session(store, ines.id)


@pytest.mark.parametrize("key", ["", "x", "\ud800", "ü" * 100_000, "a\x00b"])
async def test_no_session_for_a_bad_secret(store: Store, ines: Person, key: str) -> None:
    await people.open_session(store, ines.id)
    assert await people.session(store, key) is None
    assert await people.person_of_token(store, key) is None
    assert await people.close_session(store, key) == []


async def test_sessions_end_by_age_and_by_idleness(store: Store, ines: Person) -> None:
    at = now()
    day = timedelta(days=1)
    fresh = await opened(store, ines, at - 29 * day, at - 13 * day, at + day)
    idle = await opened(store, ines, at - 20 * day, at - 14 * day, at + 10 * day)
    over = await opened(store, ines, at - 30 * day, at, at)
    assert await people.session(store, idle) is None
    assert await people.session(store, over) is None
    session = await people.session(store, fresh)
    assert session is not None
    again = await people.session(store, fresh)
    assert again is not None
    assert again.seen_at >= at  # it was noted that it is in use
    assert [one.id for one in await people.sessions(store, ines.id)] == [session.id]
    await people.open_session(store, ines.id)
    async with store.read() as q:
        assert len(await q.people.sessions(ines.id)) == 2  # the two that ended are forgotten


# ── tokens ──


async def test_a_token_from_making_to_revoking(store: Store, ines: Person) -> None:
    key = await people.make_token(store, ines.id, " nightly  export ", days=30)
    assert key.startswith("adref_")
    (token,) = await people.tokens(store, ines.id)
    assert (token.name, token.used_at) == ("nightly export", None)
    assert await people.person_of_token(store, key) == ines
    (token,) = await people.tokens(store, ines.id)
    assert token.used_at is not None
    await people.revoke_token(store, ines.id, token.id)
    assert await people.person_of_token(store, key) is None
    assert await people.tokens(store, ines.id) == []
    with pytest.raises(NotFound):
        await people.revoke_token(store, ines.id, token.id)


async def test_a_token_belongs_to_one_person(store: Store, ines: Person) -> None:
    other = await people.create(store, "Pilar Montes", "pilar@costamar.example", None)
    key = await people.make_token(store, ines.id, "export")
    (token,) = await people.tokens(store, ines.id)
    with pytest.raises(NotFound):
        await people.revoke_token(store, other.id, token.id)
    assert await people.person_of_token(store, key) == ines
    assert await people.session(store, key) is None  # a token is no cookie


async def test_a_token_expires(store: Store, ines: Person) -> None:
    at, key = now(), secret.make()
    async with store.write() as q:
        await q.people.add_token(Token(new_id(), ines.id, "old", at, None, at, None), secret.hashed(key))
    assert await people.person_of_token(store, key) is None


async def test_bad_tokens(store: Store, ines: Person) -> None:
    for name, days, error in [
        ("", None, Invalid),
        ("n" * 101, None, TooLarge),
        ("n", 0, Invalid),
        ("n", 9_999, Invalid),
    ]:
        with pytest.raises(error):
            await people.make_token(store, ines.id, name, days)
    for n in range(people.MAX_TOKENS):
        await people.make_token(store, ines.id, f"token {n}")
    with pytest.raises(Invalid, match="Revoke"):
        await people.make_token(store, ines.id, "one more")
