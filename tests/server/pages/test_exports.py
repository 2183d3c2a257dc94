"""Drafts and comparisons as files: what each holds, who gets which, and what is refused."""

import io
import zipfile
from collections.abc import Awaitable, Callable

import pytest
from lxml import etree
from lxml import html as lxml_html
from pypdf import PdfReader
from starlette.applications import Starlette

from drafts import commands as do
from drafts import exchange
from drafts.desk import drafts
from drafts.model import Audience, Place
from drafts.store import Store
from server.hub import operation
from tests.cast import Cast
from tests.server.conftest import Browser

Sign = Callable[[str], Awaitable[Browser]]
SECRET, SHARED = "Our fallback is the softer verb.", "Could this be shorter?"


@pytest.fixture
async def issued(app: Starlette, room: Cast, store: Store) -> list[str]:
    """Rev.1, then Norvale changes a word, Costamar takes a clause out and adds one, and the chair moves one; then
    Rev.2. Norvale has a thread of its own and one for all. The ids of the clauses as brought in."""
    hub, draft = app.state.hub, room.draft.id
    state, _ = await drafts.state(store, room.chair, draft)
    ids = [c.id for c in state.standing()]
    await hub.perform(room.chair, draft, do.Issue(operation(), "Rev.1", "LS/1/Rev.1"))
    await hub.perform(
        room.norvale, draft, do.Edit(operation(), ids[1], 0, "*Recalling* that the great lakes are shared,")
    )
    await hub.perform(room.chair, draft, do.Move(operation(), ids[5], ids[1]))
    await hub.perform(room.costamar, draft, do.Delete(operation(), ids[4], "Covered by (a)."))
    await hub.perform(room.costamar, draft, do.Insert(operation(), ids[3], texts=("States meet <each> year.",)))
    for body, audience in ((SECRET, Audience.PARTY), (SHARED, Audience.EVERYONE)):
        await hub.perform(
            room.norvale, draft, do.OpenThread(operation(), Place.CLAUSE, body, ids[1], audience=audience)
        )
    await hub.perform(room.chair, draft, do.Issue(operation(), "Rev.2", "LS/1/Rev.2"))
    return ids


def _words(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _unpacked(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return " ".join(package.read(name).decode() for name in package.namelist())


def _printed(data: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


@pytest.mark.parametrize("version", ["live", "2"])
async def test_a_word_file_from_the_page_says_what_it_was_made_from(
    room: Cast, as_person: Sign, store: Store, issued: list[str], version: str
) -> None:
    chair = await as_person(room.chair)
    path = f"/drafts/{room.draft.id}/export?version={version}&format=docx&since=1&comments=1&lines=1"
    got = await chair.get(path)
    assert (got.status_code, got.headers["content-type"].rpartition(".")[2]) == (200, "document")
    assert got.headers["content-disposition"].endswith('-since-Rev.1.docx"')
    back = exchange.read("back.docx", got.content)
    state, _ = await drafts.state(store, room.chair, room.draft.id)
    assert back.base is not None
    assert (back.base.draft, back.base.version) == (room.draft.id, 2 if version == "2" else 0)
    assert [(c.id, c.text) for c in back.clauses] == [(c.id, c.text) for c in state.live()]
    assert {c.id for c in back.rejected} == set(issued)
    authors = {by.author for c in (*back.clauses, *back.rejected) for p in c.pieces for by in (p.ins, p.dele) if by}
    assert authors == {"Norvale", "Costamar", "Chair"}
    assert [remark.body for remark in back.remarks] == [SHARED]


@pytest.mark.parametrize("form", ["docx", "pdf"])
async def test_what_a_delegation_says_to_itself_is_in_nobody_elses_file(
    room: Cast, as_person: Sign, issued: list[str], form: str
) -> None:
    assert issued
    for person in room.members:
        got = await (await as_person(person)).get(f"/drafts/{room.draft.id}/export?format={form}&since=1&comments=1")
        said = _unpacked(got.content) if form == "docx" else _printed(got.content)
        assert SHARED in said
        assert (SECRET in said) == (person in {room.norvale, room.norvale_second})


@pytest.mark.usefixtures("issued")
async def test_comments_are_left_out_unless_asked_for(room: Cast, as_person: Sign) -> None:
    norvale = await as_person(room.norvale)
    got = await norvale.get(f"/drafts/{room.draft.id}/export?format=docx")
    back = exchange.read("a.docx", got.content)
    assert (back.remarks, [p for c in back.clauses for p in c.pieces if p.ins or p.dele]) == ((), [])
    printed = await norvale.get(f"/drafts/{room.draft.id}/export?format=pdf")
    assert SHARED not in _printed(printed.content)


async def test_a_web_page_with_changes_says_who_made_them(room: Cast, as_person: Sign, issued: list[str]) -> None:
    got = await (await as_person(room.observer)).get(f"/drafts/{room.draft.id}/export?version=2&format=html&since=1")
    page = lxml_html.document_fromstring(got.content)
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert {f"c-{one}" for one in issued if one != issued[4]} <= set(ids)
    inserted = next(one for one in page.iter("ins") if "great" in _words(one))
    assert str(inserted.get("title")).startswith("Norvale · ")
    assert _words(inserted).rstrip().endswith("+N")
    gone = next(one for one in page.iter("del") if "floods" in _words(one))
    assert str(gone.get("title")).startswith("Costamar · ")
    assert "States meet &lt;each&gt; year." in got.text
    assert not list(page.iter("script", "link", "img"))


REFUSED = {
    "format=exe": 422,
    "format=txt": 422,
    "format=md&since=1": 422,
    "format=json&comments=1": 422,
    "format=html&lines=1": 422,
    "format=docx&since=live": 422,
    "format=docx&version=1&since=2": 422,
    "format=docx&version=2&since=2": 422,
    "format=docx&comments=yes": 422,
    "format=docx&since=9": 404,
    "format=pdf&version=9": 404,
}


@pytest.mark.usefixtures("issued")
async def test_what_a_format_cannot_hold_is_refused(room: Cast, as_person: Sign) -> None:
    chair = await as_person(room.chair)
    for query, status in REFUSED.items():
        got = await chair.get(f"/drafts/{room.draft.id}/export?{query}")
        assert (query, got.status_code) == (query, status)


@pytest.mark.usefixtures("issued")
async def test_files_are_nothing_to_a_stranger(room: Cast, as_person: Sign) -> None:
    stranger = await as_person(room.stranger)
    for path in ("export?format=docx&comments=1", "compare/export?old=1&new=2&format=docx"):
        assert (await stranger.get(f"/drafts/{room.draft.id}/{path}")).status_code == 404


async def test_a_comparison_as_word_and_print(room: Cast, as_person: Sign, store: Store, issued: list[str]) -> None:
    observer, path = await as_person(room.observer), f"/drafts/{room.draft.id}/compare/export?old=1&new=2&format="
    back = exchange.read("a.docx", (await observer.get(f"{path}docx")).content)
    assert back.base is not None
    assert back.base.version == 2
    by_id = {clause.id: clause for clause in back.clauses}
    assert [(p.text, p.ins.author) for p in by_id[issued[1]].pieces if p.ins] == [(" great", "Norvale")]
    assert {clause.id for clause in back.rejected} == set(issued)
    state, _ = await drafts.state(store, room.chair, room.draft.id)
    assert [clause.text for clause in back.clauses] == [clause.text for clause in state.live()]
    printed = _printed((await observer.get(f"{path}pdf")).content)
    assert "Rev.1" in printed
    assert "Rev.2" in printed
    reversed_ = await observer.get(f"/drafts/{room.draft.id}/compare/export?old=2&new=1&format=docx")
    signed = {p.ins.author for c in exchange.read("b.docx", reversed_.content).clauses for p in c.pieces if p.ins}
    assert signed == {"Adref"}  # nobody wrote the way back
    assert (await observer.get(f"{path}txt")).status_code == 422


@pytest.mark.usefixtures("issued")
async def test_the_menus_offer_what_there_is(room: Cast, as_person: Sign) -> None:
    observer = await as_person(room.observer)
    for page, version, since in (("", "live", "2"), ("/versions", "live", "2"), ("/versions/2", "2", "1")):
        shown = lxml_html.document_fromstring((await observer.get(f"/drafts/{room.draft.id}{page}")).content)
        links = [str(one.get("href")) for one in shown.iter("a") if "/export?" in str(one.get("href"))]
        links = [one for one in links if "/compare/" not in one]
        assert len(links) == 6
        assert all(f"version={version}&" in one for one in links)
        assert f"/drafts/{room.draft.id}/export?version={version}&format=docx&since={since}&comments=1" in links
        for link in links:
            assert (await observer.get(link)).status_code == 200
    first = await observer.get(f"/drafts/{room.draft.id}/versions/1")
    assert "since=" not in first.text
