"""The proof of the record, of rows beside the logs: proposals on the table, and the numbers of comments."""

import pytest
from sqlalchemy import text as sql

from drafts import commands as do
from drafts.desk import live, proposals, verify
from drafts.desk.proposals import Wish
from drafts.model import Group
from drafts.room import Outcome
from drafts.store import Store
from tests.cast import Cast
from tests.desk.test_verify import behind
from tests.hearing import hearing, put, remark


async def outcome(store: Store, statement: str, database_url: str) -> list[str]:
    """What the proof says after something was changed behind the program's back."""
    async with behind(database_url) as connection:
        await connection.execute(sql(statement))
    return [f"{fault.row}: {fault.what}" for fault in await verify.verify(store)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("state = 'accepted'", ["proposal 1: is accepted, but the log says tabled"]),
        ("number = 7", ["proposal 7: was never tabled in the log"]),
        ("number = NULL", ["proposal 1: is missing; the log has it on the table"]),
    ],
)
async def test_rows_of_proposals_are_the_logs(
    store: Store, people: Cast, database_url: str, change: str, said: list[str]
) -> None:
    state = await store.acts(people.draft.id, 0)
    clause = state[0].body["clauses"][4]["id"]
    made = await proposals.begin(
        store, people.norvale, people.draft.id, Wish("modify", clause, text="those that warn.")
    )

    async def ask(person_id: str | None, draft_id: str, command: do.Command) -> Outcome:
        return await live.perform(store, person_id, draft_id, command)

    await proposals.table(store, ask, people.norvale, made.id)
    assert await verify.verify(store) == []
    assert await outcome(store, f"UPDATE proposal SET {change} WHERE number = 1", database_url) == said  # noqa: S608


@pytest.mark.parametrize("change", ["UPDATE remark SET number = 1", "DELETE FROM remark WHERE number = 2"])
async def test_the_numbers_of_comments_have_no_gaps(store: Store, database_url: str, change: str) -> None:
    of = await hearing(store)
    await put(store, of, [remark(of, group) for group in Group])
    assert await verify.verify(store) == []
    (said,) = await outcome(store, change, database_url)
    assert said.startswith("consultation 1, comments: are ")
