"""Written contributions through the pages: sent, split into comments beside the clauses, fetched, set aside."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from drafts.consultation import Spot, View
from drafts.model import Group
from drafts.store import Store
from tests.hearing import Hearing, hearing
from tests.server.conftest import Browser

SignIn = Callable[[str], Awaitable[Browser]]
NOW = datetime.now(UTC)
TEXT = b"On OP1: <b>say</b> by when.\n\nAnd by whom.\n\nThe whole is good.\n"


@pytest.fixture
async def of(store: Store) -> Hearing:
    day = timedelta(days=1)
    return await hearing(store, opens_at=NOW - day, closes_at=NOW + 5 * day, announced_at=NOW - 2 * day)


async def test_a_file_is_sent_split_and_told(store: Store, of: Hearing, as_person: SignIn) -> None:
    sender, chair = await as_person(of.people[Group.ACADEMIA]), await as_person(of.cast.chair)
    path = f"/consultations/{of.round.id}/contributions"
    await sender.get(path)
    answer = await sender.post(path, files={"file": ("Ünser <Text>.txt", TEXT)})
    assert answer.status_code == 303
    assert "has come in" in (await sender.get(answer.headers["location"])).text
    made = answer.headers["location"].partition("?sent=")[2]
    file = await sender.get(f"{path}/{made}/file")
    assert (file.content, file.headers["content-type"]) == (TEXT, "application/octet-stream")
    assert file.headers["content-disposition"].startswith("attachment;")
    page = await chair.get(f"{path}/{made}")
    assert "&lt;b&gt;say&lt;/b&gt;" in page.text
    assert "3 paragraphs are left." in page.text
    assert "names the clause" in page.text
    clause = next(one for one in of.clauses if one.label == "OP1")
    form = {
        "do": "split",
        "p0": "1",
        "c0": clause.id,
        "v0": "with_changes",
        "p1": "1",
        "j1": "1",
        "c1": "-",
        "v1": "oppose",
    }
    assert (await chair.post(f"{path}/{made}", form)).status_code == 303
    again = await chair.post(f"{path}/{made}", form)
    assert again.status_code == 409
    assert "There is a comment of one of these paragraphs already." in again.text
    async with store.read() as q:
        remark = await q.remarks.numbered(of.round.id, 1)
        assert await q.remarks.numbered(of.round.id, 2) is None
    assert remark is not None
    assert (remark.spot, remark.clause_id, remark.view) == (Spot.CLAUSE, clause.id, View.WITH_CHANGES)
    assert remark.body.endswith("And by whom.")
    assert "1 paragraph is left." in (await chair.get(f"{path}/{made}")).text
    assert (await chair.post(f"{path}/{made}", {"do": "done"})).status_code == 303
    listed = await sender.get(path)
    assert "1 comment" in listed.text
    assert f"/comments?contribution={made}" in listed.text
    assert "A comment was made of it." in (await sender.get(f"{path}/{made}")).text
    assert (await chair.post(f"{path}/{made}", {"back": "1"})).status_code == 303
    assert "3 paragraphs are left." in (await chair.get(f"{path}/{made}")).text


async def test_a_file_that_cannot_be_read_is_kept(of: Hearing, as_person: SignIn) -> None:
    sender, path = await as_person(of.people[Group.ACADEMIA]), f"/consultations/{of.round.id}/contributions"
    await sender.get(path)
    answer = await sender.post(path, files={"file": ("a.pdf", b"%PDF-1.7\nnothing")})
    assert answer.status_code == 200
    assert "The file is kept" in answer.text
    assert "This PDF cannot be read." in answer.text
    for name, data in (("a.exe", b"MZ"), ("a.txt", b"")):
        assert (await sender.post(path, files={"file": (name, data)})).status_code == 422


async def test_one_is_brought_for_somebody_without_a_seat(of: Hearing, as_person: SignIn) -> None:
    chair, path = await as_person(of.cast.chair), f"/consultations/{of.round.id}/contributions"
    await chair.get(path)
    form = {"who": "Lake Watch", "group": "industry"}
    assert (await chair.post(path, form, files={"file": ("post.txt", TEXT)})).status_code == 303
    assert "Lake Watch" in (await chair.get(path)).text
    other = await as_person(of.people[Group.ACADEMIA])
    assert "Lake Watch" not in (await other.get(path)).text
