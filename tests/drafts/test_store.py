"""The store on both databases: the order of the log, and what a failure or a cancellation leaves behind."""

import asyncio
import hashlib
import json
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from drafts.acts import Act, ActKind, Decided
from drafts.errors import NotFound
from drafts.model import (
    Audience,
    Comment,
    Draft,
    DraftKind,
    Forum,
    Group,
    Level,
    Mode,
    Party,
    Person,
    Place,
    Role,
    Thread,
    Version,
    VersionStatus,
)
from drafts.store import Store, act_hash, database_url, steady
from drafts.store.rows import moment, ms

AT = datetime(2026, 3, 1, 9, 30, 0, 125_000, tzinfo=UTC)
PARTY = Party("party00001", "forum00001", "Norvale", "NVL", Group.GOVERNMENT)
DRAFT = Draft(
    "draft00001", "forum00001", "Norms for the lake states", "LS/1", DraftKind.NORM, "en", Mode.OPEN, False, 0, AT
)  # fmt: skip


async def seed(store: Store) -> None:
    async with store.write() as q:
        await q.people.add(Person("person0001", "Ines Valder", "ines@norvale.example"), None, AT)
        await q.forums.add(Forum("forum00001", "Lake states", Level.REGIONAL, AT), demo=False)
        await q.forums.add_party(PARTY)
        await q.forums.add_member("forum00001", "person0001", PARTY.id, Role.DELEGATE, AT)
        await q.drafts.add(DRAFT, "person0001")


def act(seq: int, text: str = "word", *, clause: str = "clause0001", number: int | None = None) -> Act:
    body: dict[str, Any] = {"change": [[0, text]]}
    return Act(seq, ms(AT) + seq, "person0001", PARTY.id, ActKind.EDIT, clause, number, "client", seq, body)


def adding(count: int, text: str = "word") -> Callable[[Draft, list[Act]], Decided]:
    def decide(draft: Draft, _missed: list[Act]) -> Decided:
        acts = tuple(act(draft.seq + n, text, number=draft.seq + n) for n in range(1, count + 1))
        return Decided(acts, replace(draft, seq=draft.seq + count))

    return decide


# ── addresses ──


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:///var/adref.db", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:////srv/adref.db", "sqlite+aiosqlite"),
        ("postgres://adref@db/adref", "postgresql+asyncpg"),
        ("postgresql://adref@db/adref?sslmode=require", "postgresql+asyncpg"),
        ("postgresql+asyncpg://adref@db/adref", "postgresql+asyncpg"),
    ],
)
def test_addresses_get_the_driver(given: str, driver: str) -> None:
    url = database_url(given)
    assert url.drivername == driver
    assert "sslmode" not in url.query


@pytest.mark.parametrize("given", ["sqlite://", "sqlite:///:memory:", "mysql://root@db/adref"])
def test_other_addresses_are_refused(given: str) -> None:
    with pytest.raises(ValueError, match="Adref"):
        database_url(given)


# ── the log ──


async def test_acts_come_back_as_they_went_in(store: Store) -> None:
    await seed(store)
    text = 'ñ "quotes" \\ نص 🦉 \u2028'
    done = await store.append(DRAFT.id, 0, adding(3, text))
    assert [a.seq for a in done.acts] == [1, 2, 3]
    assert done.missed == []
    loaded = await store.load(DRAFT.id)
    assert loaded.tail == list(done.acts)
    assert loaded.draft == replace(DRAFT, seq=3)
    assert loaded.checkpoint is None
    assert await store.acts(DRAFT.id, 1) == list(done.acts[1:])
    assert await store.acts(DRAFT.id, 0, limit=2) == list(done.acts[:2])
    assert await store.acts(DRAFT.id, 0, clause_id="clause0001", after_number=2) == [done.acts[2]]
    assert await store.acts(DRAFT.id, 0, clause_id="clause0002") == []


async def test_everything_decided_is_kept(store: Store) -> None:
    await seed(store)
    comment = Comment("comment001", "thread0001", "person0001", "Ines Valder", PARTY, "Which lake?", AT)
    thread = Thread("thread0001", DRAFT.id, Place.CLAUSE, "clause0001", "", Audience.PARTY, AT, None, None, (comment,))
    version = Version(
        DRAFT.id, 1, "Zero draft", "LS/1", VersionStatus.ZERO, "", 1, AT, "person0001", PARTY.id, "a" * 64, ""
    )

    def decide(draft: Draft, _missed: list[Act]) -> Decided:
        after = replace(draft, seq=1, title="A new title", mode=Mode.PEN, observers=True)
        return Decided((act(1),), after, ((version, '{"clauses":[]}'),), (thread,), b"state 1")

    await store.append(DRAFT.id, 0, decide)
    loaded = await store.load(DRAFT.id)
    assert loaded.draft == replace(DRAFT, seq=1, title="A new title", mode=Mode.PEN, observers=True)
    assert loaded.checkpoint == (1, b"state 1")
    assert loaded.tail == []
    async with store.read() as q:
        assert await q.drafts.versions(DRAFT.id) == [version]
        assert await q.drafts.version(DRAFT.id, 1) == (version, '{"clauses":[]}')
        assert await q.threads.of_draft(DRAFT.id) == [thread]
        assert await q.threads.get("thread0001") == thread
        assert await q.threads.of_comment("comment001") == thread

    await store.append(DRAFT.id, 1, lambda draft, _: Decided((act(2),), replace(draft, seq=2), checkpoint=b"state 2"))
    loaded = await store.load(DRAFT.id)
    assert loaded.checkpoint == (2, b"state 2")


async def test_the_hash_of_a_row_can_be_made_by_anybody(store: Store) -> None:
    await seed(store)
    await store.append(DRAFT.id, 0, adding(2, "é 🦉"))
    head = ""
    async with store.read() as q:
        for row in await q.log.page(DRAFT.id, None, 10):
            listed = json.dumps(list(row.values), ensure_ascii=False, separators=(",", ":"))
            head = hashlib.sha256((head + listed).encode()).hexdigest()
            assert row.hash == head
        found = await q.drafts.head(DRAFT.id)
    assert found is not None
    assert found[1] == head


@given(st.text(st.characters(codec="utf-8")), st.none() | st.integers(-(2**53), 2**53))
def test_the_hash_is_over_plain_json(text: str, number: int | None) -> None:
    listed = json.dumps([text, number], ensure_ascii=False, separators=(",", ":"))
    assert act_hash("before", [text, number]) == hashlib.sha256(("before" + listed).encode()).hexdigest()


async def test_a_log_is_read_in_pages(store: Store) -> None:
    await seed(store)
    await store.append(DRAFT.id, 0, adding(1_500))
    await store.append(DRAFT.id, 1_500, adding(5))
    async with store.read() as q:
        assert await q.log.last(DRAFT.id) == 1_505
        first = await q.log.page(DRAFT.id, None, 1_000)
        second = await q.log.page(DRAFT.id, first[-1].seq, 1_000)
    assert [row.seq for row in [*first, *second]] == list(range(1, 1_506))
    assert second[-1].act() == act(1_505, number=1_505)


async def test_unknown_drafts(store: Store) -> None:
    with pytest.raises(NotFound):
        await store.load("nothing")
    with pytest.raises(NotFound):
        await store.append("nothing", 0, adding(1))
    assert await store.acts("nothing", 0) == []


# ── order, failure, cancellation ──


async def test_two_processes_append_without_loss_or_gap(store: Store, database_url: str) -> None:
    await seed(store)

    async def write(own: Store, name: str) -> int:
        known, seen = 0, 0
        for n in range(20):
            done = await own.append(DRAFT.id, known, adding(2, f"{name} {n}"))
            assert [a.seq for a in done.missed] == list(range(known + 1, done.acts[0].seq))
            seen += len(done.missed) + len(done.acts)
            known = done.acts[-1].seq
        return seen

    async with Store.open(database_url) as other:
        writers = [write(store, "a"), write(other, "b"), write(store, "c"), write(other, "d")]
        await asyncio.gather(*writers)
    loaded = await store.load(DRAFT.id)
    assert [a.seq for a in loaded.tail] == list(range(1, 161))
    texts = [a.body["change"][0][1] for a in loaded.tail]
    assert sorted(texts) == sorted(2 * [f"{name} {n}" for name in "abcd" for n in range(20)])
    for name in "abcd":
        own = [text for text in texts if text.startswith(name)]
        assert own == [f"{name} {n}" for n in range(20) for _ in range(2)]


async def test_read_modify_write_loses_nothing(store: Store, database_url: str) -> None:
    await seed(store)

    async def lengthen(own: Store) -> None:
        async with own.write() as q:
            await q.forums.lock("forum00001")
            person = await q.people.get("person0001")
            assert person is not None
            await asyncio.sleep(0)  # let the others in, if they can get in
            await q.people.set_language("person0001", str(int(person.language.removeprefix("en") or 0) + 1))

    async with Store.open(database_url) as other:
        await asyncio.gather(*(lengthen(own) for own in [store, other] * 12))
    async with store.read() as q:
        person = await q.people.get("person0001")
    assert person is not None
    assert person.language == "24"


async def test_a_crash_while_deciding_writes_nothing(store: Store) -> None:
    await seed(store)

    def decide(_draft: Draft, _missed: list[Act]) -> Decided:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.append(DRAFT.id, 0, decide)
    assert (await store.load(DRAFT.id)).draft == DRAFT
    assert len((await store.append(DRAFT.id, 0, adding(1))).acts) == 1  # and the writer is free


async def test_a_failure_half_way_writes_nothing(store: Store) -> None:
    """The acts go in first; a version that cannot be kept takes them back out."""
    await seed(store)
    version = Version(DRAFT.id, 1, "Zero", "LS/1", VersionStatus.ZERO, "", 1, AT, "nobody", PARTY.id, "a" * 64, "")
    with pytest.raises(IntegrityError):
        await store.append(
            DRAFT.id, 0, lambda draft, _: Decided((act(1),), replace(draft, seq=1), versions=((version, "{}"),))
        )
    loaded = await store.load(DRAFT.id)
    assert loaded.tail == []
    assert loaded.draft == DRAFT


@pytest.mark.parametrize(("seqs", "last"), [((2,), 2), ((1, 3), 3), ((1, 1), 1), ((1,), 2), ((), 1)], ids=str)
async def test_numbers_that_do_not_follow_are_refused(store: Store, seqs: tuple[int, ...], last: int) -> None:
    await seed(store)
    with pytest.raises(ValueError, match="one by one"):
        await store.append(DRAFT.id, 0, lambda d, _: Decided(tuple(act(n) for n in seqs), replace(d, seq=last)))
    assert (await store.load(DRAFT.id)).tail == []


async def test_a_room_ahead_of_the_log_is_refused(store: Store) -> None:
    """A database that was put back from a backup: the room has to start again from it."""
    await seed(store)
    with pytest.raises(ValueError, match="ahead"):
        await store.append(DRAFT.id, 5, adding(1))


async def test_cancelled_appends_are_whole_or_nothing(store: Store) -> None:
    """Cancelled at many moments, each batch of three is there whole or not at all, and the writer stays free."""
    await seed(store)
    for turns in range(40):
        task = asyncio.create_task(store.append(DRAFT.id, 0, adding(3, f"round {turns}")))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
    after = await asyncio.wait_for(store.append(DRAFT.id, 0, adding(1, "after")), 5)
    loaded = await store.load(DRAFT.id)
    assert [a.seq for a in loaded.tail] == list(range(1, loaded.draft.seq + 1))
    texts = [a.body["change"][0][1] for a in loaded.tail]
    assert texts.pop() == "after"
    assert len(texts) % 3 == 0
    assert texts == [text for text in texts[::3] for _ in range(3)]
    assert after.acts[0].seq == loaded.draft.seq


async def test_steady_finishes_then_raises() -> None:
    started, done = asyncio.Event(), []

    async def work() -> None:
        started.set()
        await asyncio.sleep(0.01)
        done.append("whole")

    task = asyncio.create_task(steady(work()))
    await started.wait()
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done == ["whole"]


async def test_a_reader_sees_one_moment(store: Store) -> None:
    await seed(store)
    async with store.read() as q:
        before = await q.drafts.get(DRAFT.id)
        await store.append(DRAFT.id, 0, adding(1))
        assert await q.drafts.get(DRAFT.id) == before
        assert await q.log.acts(DRAFT.id, 0) == []
    assert (await store.load(DRAFT.id)).draft.seq == 1


async def test_readers_cannot_write(store: Store) -> None:
    with pytest.raises(Exception, match=r"readonly|read-only"):
        async with store.read() as q:
            await q.forums.add(Forum("forum00002", "Nowhere", Level.GLOBAL, AT), demo=False)


async def test_foreign_keys_hold(store: Store) -> None:
    with pytest.raises(IntegrityError):
        async with store.write() as q:
            await q.drafts.add(DRAFT, "nobody")


# ── SQLite's own ──


async def test_no_read_is_left_open(tmp_path: Path, store: Store, database_url: str) -> None:
    """A forgotten read transaction would keep the WAL from being emptied."""
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL has no WAL file of ours")
    await seed(store)
    task = asyncio.create_task(store.load(DRAFT.id))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    await store.load(DRAFT.id)
    await store.append(DRAFT.id, 0, adding(5))
    with sqlite3.connect(tmp_path / "adref.db") as own:
        busy, pages, moved = own.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    own.close()
    assert (busy, pages) == (0, moved)


WRITER = """
import asyncio, sys
from drafts.store import Store
async def main():
    async with Store.open(sys.argv[1]) as store:
        async with store.write() as q:
            print("in", flush=True)
            await asyncio.to_thread(sys.stdin.readline)
            await q.people.set_language("person0001", "es")
asyncio.run(main())
"""


async def test_processes_take_turns_in_writing(store: Store, database_url: str) -> None:
    """While another process writes, and checkpoints, this one waits; when that one is killed, this one goes on."""
    await seed(store)
    for kill in (False, True):
        other = await asyncio.create_subprocess_exec(
            sys.executable, "-c", WRITER, database_url, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        assert other.stdin is not None
        assert other.stdout is not None
        assert await other.stdout.readline() == b"in\n"
        waiting = asyncio.create_task(store.append(DRAFT.id, 0, adding(1)))
        if database_url.startswith("sqlite"):
            done, _ = await asyncio.wait([waiting], timeout=0.1)
            assert not done
        if kill:
            other.kill()
        else:
            other.stdin.write(b"go on\n")
        await asyncio.wait_for(waiting, 5)
        await other.communicate()
    async with store.read() as q:
        person = await q.people.get("person0001")
    assert person is not None
    assert person.language == "es"


async def test_backup_of_a_living_database(tmp_path: Path, store: Store, database_url: str) -> None:
    if not database_url.startswith("sqlite"):
        with pytest.raises(ValueError, match="pg_dump"):
            await store.backup(tmp_path / "copy.db")
        return
    await seed(store)
    await store.append(DRAFT.id, 0, adding(7))
    await store.backup(tmp_path / "copy.db")
    await store.append(DRAFT.id, 7, adding(1))
    async with Store.open(f"sqlite:///{tmp_path / 'copy.db'}") as copy:
        assert (await copy.load(DRAFT.id)).draft.seq == 7


@given(st.integers(0, 250_000_000_000_000))
def test_moments_are_exact_to_the_millisecond(milliseconds: int) -> None:
    assert ms(moment(milliseconds)) == milliseconds
    assert ms(moment(milliseconds).replace(microsecond=999_999)) // 1000 == milliseconds // 1000
