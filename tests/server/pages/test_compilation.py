"""The compilation text as a page and as files, for those who may see what is tabled."""

from collections.abc import Awaitable, Callable

import pytest
from starlette.applications import Starlette

from drafts import commands as do
from drafts import exchange
from drafts.desk import drafts, proposals
from drafts.desk.proposals import Wish
from drafts.exchange.compiled import NOTE
from drafts.model import Openness, Stance
from drafts.store import Store
from server.hub import operation
from tests.cast import Cast
from tests.server.conftest import Browser

Sign = Callable[[str], Awaitable[Browser]]
FLOODS, STORMS = "those that warn of floods.", "those that warn of floods and storms."


@pytest.fixture
async def tabled(app: Starlette, store: Store, room: Cast) -> str:
    """Two proposals of Norvale's on the table, with what Costamar says to one; the page's address."""
    state, _ = await drafts.state(store, room.chair, room.draft.id)
    part, last = (clause.id for clause in state.standing()[4:6])
    for wish in (Wish("modify", part, text=STORMS), Wish("add", after_id=last, text="States <meet>.")):
        begun = await proposals.begin(store, room.norvale, room.draft.id, wish)
        await proposals.table(store, app.state.hub.perform, room.norvale, begun.id)
    state, _ = await drafts.state(store, room.chair, room.draft.id)
    first = next(one.id for one in state.floor.open() if one.number == 1)
    said = do.TakePosition(operation(), first, Stance.OPPOSE, "Storms are another matter.", wording=1)
    await app.state.hub.perform(room.costamar, room.draft.id, said)
    return f"/drafts/{room.draft.id}/compilation"


async def test_every_proposal_stands_in_its_place(room: Cast, as_person: Sign, tabled: str) -> None:
    page = (await (await as_person(room.costamar)).get(tabled)).text
    assert '<span class="alt" data-p="1"><span class="bk">[</span>and storms<span class="bk">]</span></span>' in page
    assert ' <bdi class="by said">(Norvale)</bdi> <bdi class="by said">(Costamar: delete)</bdi>.' in page
    assert "States &lt;meet&gt;." in page
    assert ">proposed</span>" in page
    assert "2 proposals on the table" in page
    assert "1 of them is a new clause" in page
    french = await as_person(room.costamar)
    await french.post("/language", {"language": "fr", "next": "/"})
    assert (await french.get(tabled)).status_code == 200


async def test_positions_are_for_those_to_whom_they_are_open(room: Cast, as_person: Sign, tabled: str) -> None:
    page = (await (await as_person(room.observer)).get(tabled)).text
    assert "(Norvale)" in page
    assert "Costamar: delete" not in page
    assert "Positions of parties are not open to you" in page
    file = await (await as_person(room.observer)).get(f"{tabled}/export?format=md")
    assert "Costamar" not in file.text


async def test_without_an_open_table_there_is_nothing(app: Starlette, room: Cast, as_person: Sign, tabled: str) -> None:
    closed = do.SetDraft(operation(), proposals=Openness.LEADS)
    await app.state.hub.perform(room.chair, room.draft.id, closed)
    assert (await (await as_person(room.costamar)).get(tabled)).status_code == 404
    assert (await (await as_person(room.costamar)).get(f"{tabled}/export")).status_code == 404
    assert (await (await as_person(room.chair)).get(tabled)).status_code == 200


@pytest.mark.parametrize(
    ("form", "kind"), [("docx", "wordprocessingml"), ("md", "markdown"), ("html", "html"), ("pdf", "pdf")]
)
async def test_it_is_taken_along_in_every_format(
    room: Cast, as_person: Sign, tabled: str, form: str, kind: str
) -> None:
    answer = await (await as_person(room.costamar)).get(f"{tabled}/export?format={form}")
    assert answer.status_code == 200
    assert kind in answer.headers["content-type"]
    assert f'filename="LS-1-Compilation-text.{form}"' in answer.headers["content-disposition"]


async def test_there_is_no_other_format(room: Cast, as_person: Sign, tabled: str) -> None:
    answer = await (await as_person(room.costamar)).get(f"{tabled}/export?format=json")
    assert answer.status_code == 422


async def test_a_file_of_it_starts_a_draft_from_the_text_as_it_stands(room: Cast, as_person: Sign, tabled: str) -> None:
    chair = await as_person(room.chair)
    data = (await chair.get(f"{tabled}/export?format=docx")).content
    assert [clause.text for clause in exchange.read("c.docx", data).clauses][4] == FLOODS
    facts = {"title": "", "symbol": "", "kind": "norm", "language": "en", "mode": "open"}
    shown = await chair.post(f"/forums/{room.forum.id}/drafts/preview", facts, files={"file": ("c.docx", data)})
    assert NOTE in shown.text
    assert "<bdi>Norvale</bdi>: modify" in shown.text
    assert STORMS in shown.text
    assert "(Costamar: delete)" not in shown.text
