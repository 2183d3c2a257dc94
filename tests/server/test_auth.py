"""Passwords, guessing, form tokens."""

import pytest

from drafts.errors import TooMany
from server import auth
from server.auth import Failures


async def test_a_password_is_argon2id_and_verified() -> None:
    kept = await auth.hash_password("correct horse battery")
    assert kept.startswith("$argon2id$")
    assert await auth.verify_password(kept, "correct horse battery")
    assert not await auth.verify_password(kept, "correct horse")
    assert not await auth.verify_password(None, "correct horse battery")
    assert not await auth.verify_password("not a hash", "correct horse battery")


def test_guessing_one_account_is_slowed_more_and_more_known_or_not() -> None:
    failures = Failures()
    for _ in range(5):
        failures.check("nobody@lakes.example", "192.0.2.1", 0.0)
        failures.note("nobody@lakes.example", "192.0.2.1", 0.0)
    with pytest.raises(TooMany) as first:
        failures.check("nobody@lakes.example", "192.0.2.2", 0.5)
    assert first.value.params["seconds"] == 1
    failures.note("nobody@lakes.example", "192.0.2.1", 2.0)
    failures.note("nobody@lakes.example", "192.0.2.1", 4.0)
    with pytest.raises(TooMany):
        failures.check("nobody@lakes.example", "192.0.2.2", 7.0)
    failures.check("nobody@lakes.example", "192.0.2.2", 8.5)
    failures.check("other@lakes.example", "192.0.2.1", 4.0)


def test_a_right_password_and_time_forgive() -> None:
    failures = Failures(memory=100)
    for _ in range(9):
        failures.note("a@lakes.example", "192.0.2.1", 0.0)
    failures.check("a@lakes.example", "192.0.2.1", 101.0)
    failures.forget("a@lakes.example")
    failures.check("a@lakes.example", "192.0.2.1", 0.1)


def test_the_memory_of_failures_is_bounded() -> None:
    failures = Failures(most=10)
    for number in range(100):
        failures.note(f"{number}@lakes.example", f"192.0.2.{number}", 0.0)
    assert len(failures) == 10
