"""Issuing, reading, exporting and comparing versions."""

from collections.abc import Awaitable, Callable

import pytest
from starlette.applications import Starlette

from drafts import commands as do
from drafts import exchange
from drafts.desk import drafts, versions
from drafts.exchange import Content, Format
from drafts.store import Store
from server.exports import filename
from server.hub import operation
from tests.cast import Cast
from tests.server.conftest import Browser

Sign = Callable[[str], Awaitable[Browser]]


@pytest.fixture
async def issued(app: Starlette, room: Cast, store: Store) -> list[str]:
    """Rev.1 issued, then an edit, a move, a deletion and a new clause; the ids of the clauses as brought in."""
    hub, draft = app.state.hub, room.draft.id
    state, _ = await drafts.state(store, room.chair, draft)
    ids = [c.id for c in state.standing()]
    await hub.perform(room.chair, draft, do.Issue(operation(), "Rev.1", "LS/1/Rev.1", note="First."))
    await hub.perform(
        room.norvale, draft, do.Edit(operation(), ids[1], 0, "*Recalling* that the great lakes are shared,")
    )
    await hub.perform(room.chair, draft, do.Move(operation(), ids[5], ids[1]))
    await hub.perform(room.costamar, draft, do.Delete(operation(), ids[4], "Covered by (a)."))
    await hub.perform(room.costamar, draft, do.Insert(operation(), ids[3], texts=("States meet each year.",)))
    return ids


async def test_a_version_is_issued_and_read(room: Cast, as_person: Sign, store: Store) -> None:
    chair = await as_person(room.chair)
    form = {"label": "Zero draft", "symbol": "LS/1", "status": "zero", "note": "For <comments>."}
    done = await chair.post(f"/drafts/{room.draft.id}/versions", form)
    assert done.headers["location"] == f"/drafts/{room.draft.id}/versions/1"
    page = await (await as_person(room.observer)).get(done.headers["location"])
    version, _ = await versions.one(store, room.chair, room.draft.id, 1)
    assert version.hash in page.text
    assert "For &lt;comments&gt;." in page.text
    again = await chair.post(f"/drafts/{room.draft.id}/versions", form)
    assert again.status_code in {409, 422}
    assert 'value="LS/1"' in again.text  # what was typed is still there
    assert (await chair.get(f"/drafts/{room.draft.id}/versions/9")).status_code == 404
    assert (await chair.get(f"/drafts/{room.draft.id}/versions/x")).status_code == 404


@pytest.mark.usefixtures("issued")
async def test_texts_are_taken_along_as_files(room: Cast, as_person: Sign) -> None:
    observer = await as_person(room.observer)
    old = await observer.get(f"/drafts/{room.draft.id}/export?version=1&format=md")
    assert old.headers["content-disposition"] == 'attachment; filename="LS-1-Rev.1-Rev.1.md"'
    assert "the lakes are shared" in old.text
    back = exchange.read("back.md", old.content)
    assert back.base is not None
    assert (back.base.draft, back.base.version) == (room.draft.id, 1)
    assert all(clause.id for clause in back.clauses)
    live = await observer.get(f"/drafts/{room.draft.id}/export?version=live&format=json")
    assert live.headers["content-type"] == "application/json"
    assert "great lakes" in live.text
    html = await observer.get(f"/drafts/{room.draft.id}/export?format=html")
    assert html.headers["content-disposition"].endswith('.html"')
    page = await observer.get(f"/drafts/{room.draft.id}/export?version=1&format=pdf&lines=1")
    assert (page.headers["content-type"], page.content[:5]) == ("application/pdf", b"%PDF-")
    assert (await observer.get(f"/drafts/{room.draft.id}/export?format=exe")).status_code == 422
    assert (await observer.get(f"/drafts/{room.draft.id}/export?version=7")).status_code == 404


def test_a_file_name_is_safe_whatever_the_symbol_says() -> None:
    def named(symbol: str, title: str = "T") -> str:
        return filename(Content(title, symbol, "Rev.1", None, "en", ()), Format.MARKDOWN)

    assert named("A/1") == "A-1-Rev.1.md"
    assert named('../../etc/passwd"\r\nX: y') == "etc-passwd-X-y-Rev.1.md"
    assert named("", "مذكرة") == "Rev.1.md"
    assert len(named("x" * 500)) < 100
