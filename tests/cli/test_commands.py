"""The command line, command by command: what it says, what it does to the database, and its exit codes."""

import asyncio
import sqlite3

import pytest

from drafts import migrate
from drafts.desk import invitations, people
from drafts.store import Store
from server import auth
from server.paths import MIGRATIONS
from tests.cli.conftest import CHAIR

# ── usage ──


def test_no_command_shows_help(run):
    said = run()
    assert said.code == 2
    assert all(name in said.out + said.err for name in ("serve", "compare", "verify", "token", "Exit codes"))


@pytest.mark.parametrize("arguments", [["nonsense"], ["export"], ["compare", "a"], ["user", "add", "a@b"], ["db", "x"]])
def test_wrong_usage_is_2_and_no_traceback(run, arguments):
    said = run(*arguments)
    assert said.code == 2
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ADREF_PORT", "eighty", "ADREF_PORT"),
        ("ADREF_DATABASE_URL", "mysql://x/y", "SQLite and PostgreSQL"),
        ("ADREF_DATABASE_URL", "nonsense", "ADREF_DATABASE_URL"),
        ("ADREF_DATABASE_URL", "postgresql://a:b@127.0.0.1:1/x", "does not answer"),
    ],
)
def test_bad_settings_are_named(run, monkeypatch, name, value, words):
    monkeypatch.setenv(name, value)
    said = run("user", "list")
    assert said.code == 2
    assert words in said.err
    assert "Traceback" not in said.err


def test_reading_makes_no_database(run, tmp_path):
    said = run("user", "list")
    assert (said.code, "There is no database" in said.err) == (2, True)
    assert list(tmp_path.iterdir()) == []


# ── an operator sets up a forum ──


def test_from_nothing_to_a_chair_with_an_invitation(run, tmp_path):
    made = run("forum", "add", "Lakes dialogue", "--level", "regional")
    assert made.code == 0
    assert run("forum", "party", "Lakes dialogue", "Chair", "--code", "chr").code == 0
    again = run("forum", "party", "Lakes dialogue", "Chair", "--code", "CHR")
    assert again.code == 2
    link = run("forum", "invite", "Lakes dialogue", "--party", "CHR", "--role", "chair").out.strip()
    assert link.startswith("http://127.0.0.1:8000/join/")
    assert run("forum", "invite", "Lakes dialogue", "--party", "XYZ").code == 2
    assert run("forum", "invite", "Nowhere", "--party", "CHR").code == 2

    async def accept() -> str:
        async with Store.open(f"sqlite:///{tmp_path / 'adref.db'}") as store:
            member, _ = await invitations.accept(store, link.rpartition("/")[2], newcomer)
            return member.role.value

    newcomer = invitations.NewPerson("Ada Brannt", "ada@lakes.example", "hash")
    assert asyncio.run(accept()) == "chair"
    assert "Lakes dialogue" in run("forum", "list").out
    assert "CHR chair" in run("user", "list").out


def test_people_and_passwords(run, tmp_path):
    added = run(
        "user", "add", "Ines@Lakes.example", "--name", "Ines Valder", "--password-stdin", piped="long enough 1\n"
    )
    assert (added.code, "ines@lakes.example" in added.out) == (0, True)
    assert (
        run("user", "add", "ines@lakes.example", "--name", "I", "--password-stdin", piped="long enough 1\n").code == 2
    )
    assert run("user", "add", "x@lakes.example", "--name", "X", "--password-stdin", piped="short\n").code == 2
    assert run("user", "add", "no address", "--name", "X", "--password-stdin", piped="long enough 1\n").code == 2
    assert "terminal" in run("user", "add", "x@lakes.example", "--name", "X").err
    assert run("user", "password", "ines@lakes.example", "--password-stdin", piped="another one 22\n").code == 0
    assert run("user", "password", "nobody@lakes.example", "--password-stdin", piped="another one 22\n").code == 2

    async def right(password: str) -> bool:
        async with Store.open(f"sqlite:///{tmp_path / 'adref.db'}") as store:
            found = await people.by_email(store, "ines@lakes.example")
            return found is not None and await auth.verify_password(found[1], password)

    assert asyncio.run(right("another one 22"))
    assert not asyncio.run(right("long enough 1"))


def test_a_seat_for_somebody_with_an_account(played):
    assert (
        played("user", "add", "x@lakes.example", "--name", "X", "--password-stdin", piped="long enough 1\n").code == 0
    )
    forum = played("forum", "list").out.splitlines()[1].split()[0]
    said = played("forum", "member", forum, "x@lakes.example", "--party", "NVL")
    assert (said.code, said.out.strip()) == (0, "X: delegate for Norvale")
    assert played("forum", "member", forum, "x@lakes.example", "--party", "NVL").code == 2


def test_tokens(played, tmp_path):
    secret = played("token", "make", CHAIR, "minutes", "--days", "3").out.strip()
    assert secret.startswith("adref_")
    listed = played("token", "list", CHAIR).out
    assert "minutes" in listed
    assert secret not in listed
    token = listed.splitlines()[1].split()[0]

    async def works() -> bool:
        async with Store.open(f"sqlite:///{tmp_path / 'adref.db'}") as store:
            return await people.person_of_token(store, secret) is not None

    assert asyncio.run(works())
    assert played("token", "revoke", CHAIR, token).code == 0
    assert not asyncio.run(works())
    assert played("token", "revoke", CHAIR, token).code == 2
    assert played("token", "make", CHAIR, "minutes", "--days", "0").code == 2


# ── the database ──


def test_upgrade_current_backup(run, tmp_path):
    assert run("db", "current").out.startswith("none")
    assert run("db", "upgrade").code == 0
    assert run("db", "current").out.startswith(str(migrate.newest(MIGRATIONS)))
    copy = tmp_path / "copy.db"
    assert run("db", "backup", str(copy)).code == 0
    with sqlite3.connect(copy) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    assert run("db", "backup", str(copy)).code == 2
    assert run("db", "backup", str(tmp_path / "no" / "such" / "folder")).code == 2


def test_a_database_of_another_release_is_not_touched(played, tmp_path):
    with sqlite3.connect(tmp_path / "adref.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'older'")
    connection.close()
    said = played("user", "list")
    assert (said.code, "adref db upgrade" in said.err) == (2, True)


def test_proof(played, tmp_path):
    assert played("verify").code == 0
    with sqlite3.connect(tmp_path / "adref.db") as connection:
        connection.execute("UPDATE log SET body = replace(body, 'suficientes', 'abundantes') WHERE kind = 'edit'")
    connection.close()
    said = played("verify")
    assert said.code == 1
    assert "act" in said.err
    assert said.err.count("\n") == 1


def test_the_demo_is_made_once(run):
    assert "Delegate of Norvale" in run("demo").out
    assert run("demo").code == 0
    assert len(run("forum", "list").out.splitlines()) == 2
