"""The proof of the record: it finds what was changed behind the program's back, and names the first bad row."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncConnection

from drafts import commands as do
from drafts.desk import drafts, live, verify
from drafts.desk.verify import Fault
from drafts.model import Mode, Place, VersionStatus, new_id
from drafts.store import Store, act_hash
from drafts.store.engine import Database
from drafts.store.engine import database_url as with_driver
from tests.cast import Cast


@pytest.fixture
async def record(store: Store, people: Cast) -> Cast:
    """A short negotiation with every kind of row: acts, two versions, a checkpoint, a thread, a new title."""
    draft = people.draft.id
    state, _ = await drafts.state(store, people.chair, draft)
    heading, preamble, operative, first, *_ = [clause.id for clause in state.live()]

    async def do_it(who: str, command: do.Command) -> None:
        await live.perform(store, who, draft, command)

    await do_it(people.chair, do.Issue(new_id(), "Zero draft", status=VersionStatus.ZERO))
    await do_it(people.norvale, do.Edit(new_id(), preamble, 0, "*Recalling* that the lakes 🌊 are shared by all,"))
    await do_it(people.costamar, do.Split(new_id(), operative, 0, 10))
    await do_it(people.observer, do.OpenThread(new_id(), Place.CLAUSE, "Why two?", operative))
    await do_it(people.chair, do.SetDraft(new_id(), title="Norms for all lakes", mode=Mode.PEN))
    await do_it(people.secretary, do.Move(new_id(), preamble, heading))
    await do_it(people.secretary, do.Delete(new_id(), first, "Covered elsewhere."))
    state, _ = await drafts.state(store, people.chair, draft)
    async with store.write() as q:
        await q.drafts.keep_checkpoint(draft, state.draft.seq, state.to_bytes())
    await do_it(people.chair, do.Issue(new_id(), "Rev.1", note="After the first reading."))
    await do_it(people.chair, do.Lock(new_id(), operative, "agreed_ad_ref"))
    return people


@asynccontextmanager
async def behind(url: str) -> AsyncIterator[AsyncConnection]:
    """A hand in the database."""
    database = Database(with_driver(url))
    async with database.writing() as connection:
        yield connection
    await database.close()


async def test_an_untouched_record_is_whole(store: Store, record: Cast) -> None:
    assert await verify.verify(store) == []
    state, _ = await drafts.state(store, record.chair, record.draft.id)
    assert state.draft.seq == 10


ONE_MORE = """
INSERT INTO version
SELECT draft_id, 3, 'Rev.2', symbol, status, note, seq, issued_at, issued_by, party_id, content, hash, previous
FROM version WHERE number = 2
"""
SWAP = [
    "UPDATE log SET seq = 99 WHERE seq = 7",
    "UPDATE log SET seq = 7 WHERE seq = 8",
    "UPDATE log SET seq = 8 WHERE seq = 99",
]
CASES: list[tuple[str, list[str], str, str]] = [
    ("a word of an act", ["UPDATE log SET body = replace(body, ' all', ' few') WHERE seq = 3"], "act 3", "hash"),
    ("the author of an act", ["UPDATE log SET party_id = 'another' WHERE seq = 4"], "act 4", "hash"),
    ("the time of an act", ["UPDATE log SET at = at + 1 WHERE seq = 9"], "act 9", "hash"),
    ("the hash of an act", ["UPDATE log SET hash = 'f' WHERE seq = 2"], "act 2", "hash"),
    ("an act is gone", ["DELETE FROM log WHERE seq = 5"], "act 5", "missing"),
    ("the first act is gone", ["DELETE FROM log WHERE seq = 1"], "act 1", "missing"),
    ("the last act is gone", ["DELETE FROM log WHERE seq = 10"], "act 10", "missing"),
    ("all acts are gone", ["DELETE FROM log"], "act 1", "missing"),
    (
        "two acts are swapped",
        SWAP,
        "act 7",
        "hash",
    ),
    ("the end was cut off", ["DELETE FROM log WHERE seq > 8", "UPDATE draft SET seq = 8"], "draft", "last act"),
    ("the end was hidden", ["UPDATE draft SET seq = 9"], "draft", "last act"),
    ("an act before the first", ["UPDATE log SET seq = 0 WHERE seq = 4"], "act 0", "out of place"),
    ("the title", ["UPDATE draft SET title = 'Norms for some lakes'"], "draft", "title"),
    ("the mode", ["UPDATE draft SET mode = 'open'"], "draft", "mode"),
    ("a version's content", ["UPDATE version SET content = replace(content, 'shared', 'owned')"], "version 1", "hash"),
    ("a version's hash", ["UPDATE version SET hash = 'f' WHERE number = 2"], "version 2", "hash"),
    ("a version's chain", ["UPDATE version SET previous = 'f' WHERE number = 2"], "version 2", "follow"),
    ("a version's label", ["UPDATE version SET label = 'Rev.9' WHERE number = 2"], "version 2", "log makes"),
    ("a version's date", ["UPDATE version SET issued_at = issued_at + 1"], "version 1", "log makes"),
    ("a version's place", ["UPDATE version SET seq = 3 WHERE number = 1"], "version 1", "act 2"),
    ("a version is gone", ["DELETE FROM version WHERE number = 1"], "version 1", "missing"),
    (
        "a version too many",
        [ONE_MORE],
        "version 3",
        "never issued",
    ),
    ("the checkpoint is of no act", ["UPDATE checkpoint SET seq = 11"], "checkpoint", "act 11"),
    ("the checkpoint is of another act", ["UPDATE checkpoint SET seq = 7"], "checkpoint", "not the text"),
    (
        "the first of two",
        ["DELETE FROM log WHERE seq = 9", "DELETE FROM version"],
        "version 1",
        "missing",
    ),
]


@pytest.mark.parametrize(("statements", "row", "what"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
async def test_what_was_changed_is_named(
    store: Store, record: Cast, database_url: str, statements: list[str], row: str, what: str
) -> None:
    async with behind(database_url) as connection:
        for statement in statements:
            done = await connection.execute(sql(statement))
            assert done.rowcount != 0
    (fault,) = await verify.verify(store)
    assert (fault.draft_id, fault.row) == (record.draft.id, row)
    assert what in fault.what
    assert str(fault) == f"draft {record.draft.id}, {row}: {fault.what}"


@pytest.mark.parametrize("change", [lambda d: d[:-1], lambda d: d[:0], lambda d: d.replace(b"rivers", b"rovers")[::-1]])
async def test_a_checkpoint_that_cannot_be_read(store: Store, record: Cast, change: Callable[[bytes], bytes]) -> None:
    async with store.write() as q:
        kept = await q.drafts.checkpoint(record.draft.id)
        assert kept is not None
        await q.drafts.keep_checkpoint(record.draft.id, kept[0], change(kept[1]))
    (fault,) = await verify.verify(store)
    assert (fault.row, "cannot be read" in fault.what) == ("checkpoint", True)


async def test_a_flipped_byte_of_a_checkpoint(store: Store, record: Cast) -> None:
    async with store.write() as q:
        kept = await q.drafts.checkpoint(record.draft.id)
        assert kept is not None
        assert kept[1].count(b"measure") == 1
        await q.drafts.keep_checkpoint(record.draft.id, kept[0], kept[1].replace(b"measure", b"meabure"))
    (fault,) = await verify.verify(store)
    assert (fault.row, "not the text" in fault.what) == ("checkpoint", True)


async def test_each_bad_draft_is_named_once(store: Store, record: Cast, database_url: str) -> None:
    others = [
        await drafts.create(store, record.chair, record.forum.id, f"T{n}", "", "norm", "en", "open", False, [])
        for n in range(3)
    ]
    async with behind(database_url) as connection:
        statement = sql("UPDATE log SET at = 0 WHERE draft_id IN (:one, :two)")
        await connection.execute(statement, {"one": record.draft.id, "two": others[1].id})
    faults = await verify.verify(store)
    assert [(fault.draft_id, fault.row) for fault in faults] == [(record.draft.id, "act 1"), (others[1].id, "act 1")]
    assert all(isinstance(fault, Fault) for fault in faults)


async def test_a_log_rewritten_with_fresh_hashes_does_not_fit_its_versions(
    store: Store, record: Cast, database_url: str
) -> None:
    """Somebody who makes all hashes of the log anew is caught by what was issued."""
    async with store.read() as q:
        rows = await q.log.page(record.draft.id, None, 100)
    async with behind(database_url) as connection:
        head = ""
        for row in rows:
            values = list(row.values)
            values[-1] = values[-1].replace(" all", " few")
            head = act_hash(head, values)
            update = sql("UPDATE log SET body = :body, hash = :hash WHERE seq = :seq")
            await connection.execute(update, {"body": values[-1], "hash": head, "seq": row.seq})
        await connection.execute(sql("UPDATE draft SET head = :head"), {"head": head})
        await connection.execute(sql("DELETE FROM checkpoint"))
    (fault,) = await verify.verify(store)
    assert (fault.row, "log makes" in fault.what) == ("version 2", True)


async def test_verify_while_others_write(store: Store, record: Cast, database_url: str) -> None:
    """What is appended meanwhile is not judged, and disturbs nothing."""
    async with Store.open(database_url) as other:
        for n in range(5):
            asked = verify.verify(other)
            wrote = live.perform(store, record.chair, record.draft.id, do.SetDraft(new_id(), title=f"Title {n}"))
            faults, _ = await asyncio.gather(asked, wrote)
            assert faults == []
