"""What was removed between two versions, and the concordance: as pages, as files, and over the API."""

import csv
import io
from collections.abc import Awaitable, Callable

import pytest
from starlette.applications import Starlette

from drafts import commands as do
from drafts.desk import drafts, people
from drafts.model import Place
from drafts.store import Store
from server.concordance_csv import harmless
from server.hub import operation
from tests.cast import Cast
from tests.server.conftest import Browser

Sign = Callable[[str], Awaitable[Browser]]


@pytest.fixture
async def two(app: Starlette, room: Cast, store: Store) -> list[str]:
    """Rev.1; then words removed by Norvale, a clause deleted by Costamar, two joined by the chair; Rev.2."""
    hub, draft = app.state.hub, room.draft.id
    state, _ = await drafts.state(store, room.chair, draft)
    ids = [c.id for c in state.standing()]
    await hub.perform(room.chair, draft, do.Issue(operation(), "Rev.1"))
    await hub.perform(room.norvale, draft, do.Edit(operation(), ids[2], 0, "States [shall] not harm the lakes:"))
    await hub.perform(room.chair, draft, do.Join(operation(), ids[4]))
    await hub.perform(room.costamar, draft, do.Delete(operation(), ids[1], "Said <elsewhere>."))
    fresh = do.Insert(operation(), ids[3], texts=("=1+1 is what a spreadsheet works out.",))
    await hub.perform(room.costamar, draft, fresh)
    secret = do.OpenThread(operation(), Place.CLAUSE, "A remark.", clause=ids[2])
    await hub.perform(room.norvale, draft, secret)
    await hub.perform(room.chair, draft, do.Issue(operation(), "Rev.2"))
    return ids


async def _api(app: Starlette, browser: Callable[[], Browser], person: str, path: str) -> tuple[int, object]:
    token = await people.make_token(app.state.store, person, "tests")
    answer = await browser().http.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.json()


async def test_every_removal_is_told_with_who_and_why(
    two: list[str], room: Cast, as_person: Sign, app: Starlette, browser: Callable[[], Browser]
) -> None:
    page = (await (await as_person(room.observer)).get(f"/drafts/{room.draft.id}/removed?old=1&new=2")).text
    for told in ("the networks of", "Norvale (Ines Valder)", "Costamar (Pilar Montes)", "Said &lt;elsewhere&gt;."):
        assert told in page
    assert "Joined to OP1 (a)" in page
    status, found = await _api(app, browser, room.observer, f"/drafts/{room.draft.id}/removed?old=1&new=2")
    assert status == 200
    assert isinstance(found, list)
    assert [(one["what"], one["clause"], one["text"]) for one in found] == [
        ("clause", two[1], "*Recalling* that the lakes are shared,"),
        ("words", two[2], "[should]"),
        ("words", two[2], "the networks of"),
        ("joined", two[4], ""),
    ]
    assert {moment["party_name"] for one in found[1:3] for moment in one["moments"]} == {"Norvale"}
    assert found[3]["into"] == two[3]
    again = await _api(app, browser, room.observer, f"/drafts/{room.draft.id}/removed?old=2&new=1")
    assert again == (200, found)  # whichever is named first


async def test_the_concordance_as_page_csv_and_json(two: list[str], room: Cast, as_person: Sign) -> None:
    chair, path = await as_person(room.chair), f"/drafts/{room.draft.id}/concordance?old=1&new=2"
    page = (await chair.get(path)).text
    assert "merged into the new clause" in page
    table = await chair.get(f"{path}&format=csv")
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [row[:3] for row in rows[1:]] == [
        ["", "", "same"],
        ["PP1", "", "deleted"],
        ["OP1", "OP1", "same"],
        ["OP1 (a)", "OP1 (a)", "same"],
        ["OP1 (b)", "OP1 (a)", "merged"],
        ["", "OP2", "new"],
        ["OP2", "OP3", "renumbered"],
    ]
    assert "'=1+1 is what a spreadsheet works out." in [row[4] for row in rows]
    data = (await chair.get(f"{path}&format=json")).json()
    assert {one["old_id"] for one in data} >= set(two)
    assert (await chair.get(f"{path}&format=xls")).status_code == 422


@pytest.mark.parametrize("cell", ["=A1", "+1", "-1", "@x", "\tx"])
def test_cells_are_no_formulas(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless(f"a{cell}") == f"a{cell}"


async def test_the_comparison_says_who_for_every_hunk(
    two: list[str], room: Cast, app: Starlette, browser: Callable[[], Browser]
) -> None:
    status, found = await _api(app, browser, room.norvale, f"/drafts/{room.draft.id}/comparison?old=1&new=2")
    assert status == 200
    assert isinstance(found, dict)
    acts = {moment["seq"]: moment["party_name"] for moment in found["moments"]}
    for row in found["rows"]:
        for (op, _), who in zip(row["hunks"], row["who"], strict=True):
            assert bool(who) == (op != "keep")
    changed = next(row for row in found["rows"] if row["new"] and row["new"]["id"] == two[2])
    assert {acts[seq] for who in changed["who"] for seq in who} == {"Norvale"}


@pytest.mark.usefixtures("two")
async def test_observers_learn_nothing_of_a_draft_that_is_closed_to_them(
    room: Cast, app: Starlette, as_person: Sign, browser: Callable[[], Browser]
) -> None:
    await app.state.hub.perform(room.chair, room.draft.id, do.SetDraft(operation(), observers=False))
    observer = await as_person(room.observer)
    for name in ("removed", "concordance", "comparison"):
        path = f"/drafts/{room.draft.id}/{name}?old=1&new=2"
        if name != "comparison":
            assert (await observer.get(path)).status_code == 404
        assert (await _api(app, browser, room.observer, path))[0] == 404
        assert (await _api(app, browser, room.stranger, path))[0] == 404
        assert (await _api(app, browser, room.chair, path))[0] == 200


async def test_a_comparison_is_taken_along_as_one_file(two: list[str], room: Cast, as_person: Sign) -> None:
    chair, path = await as_person(room.chair), f"/drafts/{room.draft.id}/compare/export?old=1&new=2"
    page = await chair.get(f"{path}&format=html")
    assert 'filename="LS-1-1-2.html"' in page.headers["content-disposition"]
    for part in ("<del>[should]</del>", "<ins>=1+1", "merged into another clause", "Rev.1 compared with Rev.2"):
        assert part in page.text
    assert not any(part in page.text for part in ("<script", "src=", "href="))
    told = (await chair.get(f"{path}&format=json")).json()
    assert {row["old"]["id"] for row in told["rows"] if row["old"]} == set(two)
    assert (await chair.get(f"{path}&format=odt")).status_code == 422


@pytest.mark.usefixtures("two")
async def test_another_draft_has_a_concordance_but_no_removals(room: Cast, as_person: Sign) -> None:
    chair = await as_person(room.chair)
    form = {
        "title": "Tides", "symbol": "", "kind": "norm", "language": "en", "mode": "open", "count": "1",
        "t0": "*Recalling* the tides,", "k0": "preambular", "l0": "", "i0": "",
    }  # fmt: skip
    made = await chair.post(f"/forums/{room.forum.id}/drafts", form)
    other = made.headers["location"].split("/")[2].split("?")[0]
    query = f"?old={other}@live&new=2"
    assert (await chair.get(f"/drafts/{room.draft.id}/concordance{query}&format=json")).status_code == 200
    told = (await chair.get(f"/drafts/{room.draft.id}/compare/export{query}&format=json")).json()
    assert told["moments"] == []
    assert all(not who for row in told["rows"] for who in row["who"])
    assert (await chair.get(f"/drafts/{room.draft.id}/removed{query}")).status_code == 422
