"""Migrations on both databases: up and down with data, no drift from tables.py, and nothing left of one that fails."""

import asyncio
import shutil
from functools import partial
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import create_async_engine

from drafts import commands as do
from drafts import migrate
from drafts import tables as t
from drafts.desk import drafts, live, proposals
from drafts.desk.verify import verify
from drafts.errors import NotFound
from drafts.model import Place, ProposalKind, Stage, new_id
from drafts.store import Store, act_hash
from drafts.store.engine import database_url as with_driver
from drafts.tables import metadata
from server.paths import MIGRATIONS
from tests.cast import cast
from tests.drafts.test_store import DRAFT, adding, seed

REVISIONS = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


async def tables(url: str) -> set[str]:
    engine = create_async_engine(with_driver(url))
    async with engine.connect() as connection:
        found = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    await engine.dispose()
    return set(found)


def add_migration(folder: Path, *steps: str) -> None:
    head = [
        "from alembic import op",
        "import sqlalchemy as sa",
        'revision = "9999"',
        f'down_revision = "{REVISIONS[-1]}"',
    ]
    lines = [*head, "def upgrade():", *(f"    {step}" for step in steps)]
    (folder / "versions" / "9999_added.py").write_text("\n".join(lines))


async def test_up_gives_what_the_code_expects(database_url: str) -> None:
    assert await migrate.current(database_url) is None
    await migrate.upgrade(database_url, MIGRATIONS)
    assert await migrate.current(database_url) == migrate.newest(MIGRATIONS) == REVISIONS[-1]
    assert await migrate.drift(database_url) == []
    found = {name for name in await tables(database_url) if not name.startswith("remark_words")}
    assert found == {*metadata.tables, "alembic_version"}


async def test_drift_is_noticed(database_url: str) -> None:
    """The check above can fail: a database that lacks everything differs in every table."""
    found = await migrate.drift(database_url)
    assert {entry[1].name for entry in found if entry[0] == "add_table"} == set(metadata.tables)


async def test_up_again_with_data_keeps_it(store: Store, database_url: str) -> None:
    await seed(store)
    await store.append(DRAFT.id, 0, adding(3))
    await store.close()
    await migrate.upgrade(database_url, MIGRATIONS)
    async with Store.open(database_url) as again:
        assert (await again.load(DRAFT.id)).draft.seq == 3


async def test_every_step_down_and_up_with_data(store: Store, database_url: str) -> None:
    await seed(store)
    await store.append(DRAFT.id, 0, adding(3))
    await store.close()
    for before in [*reversed(REVISIONS[:-1]), "base"]:
        await migrate.downgrade(database_url, MIGRATIONS, before)
        assert await migrate.current(database_url) == (None if before == "base" else before)
    assert await tables(database_url) == {"alembic_version"}
    for revision in REVISIONS:
        await migrate.upgrade(database_url, MIGRATIONS, revision)
        assert await migrate.current(database_url) == revision
    assert await migrate.drift(database_url) == []
    async with Store.open(database_url) as again:
        await seed(again)


async def test_private_proposals_do_not_outlive_their_migration(store: Store, database_url: str) -> None:
    """An older program knows no circles: it would show a proposal's own text to the whole forum."""
    people = await cast(store)
    clause = (await drafts.state(store, people.norvale, people.draft.id))[0].live()[2]
    wish = proposals.Wish(ProposalKind.MODIFY, clause.id, text="Words of Norvale alone.")
    made = await proposals.begin(store, people.norvale, people.draft.id, wish)
    said = do.OpenThread(new_id(), Place.CLAUSE, "Between us.", clause.id)
    await live.perform(store, people.norvale, made.id, said)
    await store.close()
    await migrate.downgrade(database_url, MIGRATIONS, "0002")
    await migrate.upgrade(database_url, MIGRATIONS)
    async with Store.open(database_url) as again:
        _, _, found = await drafts.of_forum(again, people.observer, people.forum.id)
        assert [one.id for one in found] == [people.draft.id]
        assert (await drafts.state(again, people.norvale, people.draft.id))[0].live()[2] == clause
        with pytest.raises(NotFound):
            await again.load(made.id)
        assert await verify(again) == []


async def _as_before(store: Store, draft_id: str) -> None:
    """Rewrite a log as programs before 0003 wrote it: no reasons of markings, no stages, another checkpoint."""
    async with store.write() as q:
        head, rows = "", await q.log.page(draft_id, None, 100)
        for row in rows:
            body = msgspec.json.decode(row.values[-1])
            for name in ("reason", "stage", "parent", "circle") if row.values[5] in {"lock", "begin"} else ():
                body.pop(name, None)
            values = (*row.values[:-1], msgspec.json.encode(body).decode())
            head = act_hash(head, values)
            which = (t.log.c.draft_id == draft_id) & (t.log.c.seq == row.seq)
            await q.log._run(t.log.update().where(which).values(body=values[-1], hash=head))
        await q.log._run(t.draft.update().where(t.draft.c.id == draft_id).values(head=head))
        await q.drafts.keep_checkpoint(draft_id, len(rows) - 1, msgspec.msgpack.encode({"format": 1}))


async def test_a_draft_of_an_older_program_goes_on(store: Store, database_url: str) -> None:
    people = await cast(store)
    draft_id, preamble = people.draft.id, (await drafts.state(store, people.chair, people.draft.id))[0].live()[1].id
    await live.perform(store, people.chair, draft_id, do.Issue(new_id(), "Zero draft"))
    await live.perform(store, people.chair, draft_id, do.Lock(new_id(), preamble, "agreed_ad_ref"))
    await live.perform(store, people.norvale, draft_id, do.Insert(new_id(), preamble, texts=("And so on.",)))
    await _as_before(store, draft_id)
    await store.close()
    await migrate.downgrade(database_url, MIGRATIONS, "0002")
    await migrate.upgrade(database_url, MIGRATIONS)
    async with Store.open(database_url) as again:
        assert await verify(again) == []
        state, _ = await drafts.state(again, people.norvale, draft_id)
        assert (state.draft.stage, state.by_id[preamble].locked) == (Stage.SECOND_READING, True)
        assert [clause.label for clause in state.live()][2:4] == ["OP1 ante", "OP1"]
        await live.perform(again, people.chair, draft_id, do.Lock(new_id(), preamble, "open", "There is more to say."))
        wish = proposals.Wish(ProposalKind.MODIFY, preamble, text="*Recalling* more,")
        made = await proposals.begin(again, people.norvale, draft_id, wish)
        assert await proposals.table(again, partial(live.perform, again), people.norvale, made.id) == 1
        assert await verify(again) == []


async def test_a_migration_that_fails_leaves_nothing(database_url: str, tmp_path: Path) -> None:
    await migrate.upgrade(database_url, MIGRATIONS)
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    add_migration(folder, 'op.create_table("half", sa.Column("id", sa.Integer))', 'op.drop_table("nowhere")')
    with pytest.raises(Exception, match="nowhere"):
        await migrate.upgrade(database_url, folder)
    assert "half" not in await tables(database_url)
    assert await migrate.current(database_url) == REVISIONS[-1]


async def test_two_that_start_together_migrate_once(database_url: str) -> None:
    await asyncio.gather(*(migrate.upgrade(database_url, MIGRATIONS) for _ in range(3)))
    assert await migrate.current(database_url) == REVISIONS[-1]


async def test_rows_that_refer_to_nothing_stop_a_migration(tmp_path: Path) -> None:
    """SQLite checks no foreign keys while tables are made anew, so the end of the migration does."""
    url = f"sqlite:///{tmp_path / 'adref.db'}"
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    add_migration(folder, "op.execute(\"INSERT INTO checkpoint VALUES ('nothing', 1, x'00')\")")
    with pytest.raises(RuntimeError, match="refer to rows that are not there"):
        await migrate.upgrade(url, folder)
    assert await migrate.current(url) is None
