"""The page of a comparison: what it tells, whom it tells, filters, files, other drafts, several columns."""

import re
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.applications import Starlette

from drafts import commands as do
from drafts.desk import drafts, live, proposals
from drafts.desk.proposals import Wish
from drafts.model import Clause, ClauseKind, new_id
from drafts.store import Store
from server import comparisons
from server.hub import operation
from server.pages import compare, several
from tests.cast import CLAUSES, Cast
from tests.server.conftest import Browser

Sign = Callable[[str], Awaitable[Browser]]
FILE = "1. States shall never harm the networks of the lakes.\n\n2. A canary sings for Norvale only."


@pytest.fixture
async def issued(room: Cast, store: Store) -> list[str]:
    """Rev.1 issued, then an edit, a move, a deletion, a new clause; the ids of the clauses as brought in."""
    draft = room.draft.id
    state, _ = await drafts.state(store, room.chair, draft)
    ids = [c.id for c in state.standing()]

    async def done(who: str, command: do.Command) -> None:
        await live.perform(store, who, draft, command)

    await done(room.chair, do.Issue(new_id(), "Rev.1", "LS/1/Rev.1", note="First."))
    await done(room.norvale, do.Edit(new_id(), ids[1], 0, "*Recalling* that the great lakes are shared,"))
    await done(room.chair, do.Move(new_id(), ids[5], ids[1]))
    await done(room.costamar, do.Delete(new_id(), ids[4], "Covered by (a)."))
    await done(room.costamar, do.Insert(new_id(), ids[3], texts=("States meet each year.",)))
    return ids


def path(room: Cast, query: str) -> str:
    return f"/drafts/{room.draft.id}/compare?{query}"


def anchors(page: str) -> list[str]:
    """The rows with changes, in order."""
    return re.findall(r'<section class="pair[^"]*" id="(r-[^"]*)" data-change="\d+"', page)


async def test_a_clause_that_moved_is_renumbered_when_a_version_is_issued(
    room: Cast, store: Store, as_person: Sign, issued: list[str]
) -> None:
    await live.perform(store, room.chair, room.draft.id, do.Issue(new_id(), "Rev.2", "LS/1/Rev.2"))
    page = (await (await as_person(room.observer)).get(path(room, "old=1&new=2"))).text
    assert f"r-{issued[5]}" in page
    assert "OP1, was OP2" in page
    assert "OP2, now OP1" in page


async def test_it_tells_what_became_of_every_clause_and_who(room: Cast, as_person: Sign, issued: list[str]) -> None:
    page = (await (await as_person(room.observer)).get(path(room, "old=1&new=live"))).text
    found = anchors(page)
    assert found[:2] == [f"r-{issued[1]}", f"r-{issued[5]}"]
    assert f"r-{issued[4]}" in found
    assert len(found) == 4
    assert re.search(r'<ins><span class="sr" dir="auto">inserted by Norvale: </span> ?great ?</ins>', page)
    link = f'<a class="by i-ins" href="/drafts/{room.draft.id}/record?at=3#a-3" title="Norvale · Ines Valder · '
    assert link in page
    assert "was OP2" not in page  # nothing is renumbered before it is issued
    assert "OP1 bis" in page
    assert "removed by Costamar" in page
    assert "Covered by (a)." in page
    assert "not in Rev.1" in page
    assert "moved away" in page
    assert "the link shows it as it is then" in page  # the working text goes on
    assert f"/drafts/{room.draft.id}/removed?old=1&amp;new=live" in page
    assert f"/drafts/{room.draft.id}/concordance?old=1&amp;new=live" in page
    for form in ("docx", "pdf", "html", "json"):
        assert f"/drafts/{room.draft.id}/compare/export?old=1&amp;new=live&amp;format={form}" in page


async def test_filters_combine_and_stand_in_the_address(room: Cast, as_person: Sign, issued: list[str]) -> None:
    observer = await as_person(room.observer)

    async def rows(query: str) -> list[str]:
        return anchors((await observer.get(path(room, f"old=1&new=live&{query}"))).text)

    assert await rows("show=moved") == [f"r-{issued[5]}"]
    assert await rows("show=moved&show=edited") == [f"r-{issued[1]}", f"r-{issued[5]}"]
    assert await rows("party=NVL") == [f"r-{issued[1]}"]
    assert len(await rows("party=CTM")) == 2
    assert await rows("party=CTM&show=deleted") == [f"r-{issued[4]}"]
    assert await rows("kind=preambular") == [f"r-{issued[1]}"]
    assert await rows("kind=preambular&party=CTM") == []
    assert len(await rows("show=nonsense&kind=nonsense")) == 4
    page = (await observer.get(path(room, "old=1&new=live&show=moved&party=CHR"))).text
    assert "?old=1&amp;new=live&amp;show=moved&amp;show=deleted&amp;party=CHR" in page
    assert 'data-total="1"' in page
    nothing = (await observer.get(path(room, "old=1&new=live&party=%3Cscript%3E"))).text
    assert "No change is like this." in nothing
    assert "<script>" not in nothing
    one = (await observer.get(path(room, "old=1&new=live&layout=one"))).text
    assert 'class="cmp one"' in one
    same = (await observer.get(path(room, "old=1&new=1"))).text
    assert "The two versions are the same, word for word." in same


async def test_backwards_and_without_a_version(room: Cast, as_person: Sign, issued: list[str]) -> None:
    observer = await as_person(room.observer)
    back = (await observer.get(path(room, "old=live&new=1"))).text
    assert "not in Rev.1" in back
    assert "not in Working text" in back
    assert f"r-{issued[4]}" in anchors(back)
    for bad in ("old=9", "new=x", "old=1&new=0", "new=file-x", f"new={room.draft.id}@7"):
        assert (await observer.get(path(room, bad))).status_code == 404


async def test_split_and_joined_clauses_stand_with_their_families(room: Cast, as_person: Sign, store: Store) -> None:
    draft = room.draft.id
    state, _ = await drafts.state(store, room.chair, draft)
    ids = [c.id for c in state.standing()]
    await live.perform(store, room.chair, draft, do.Issue(new_id(), "Rev.1"))
    await live.perform(store, room.norvale, draft, do.Split(new_id(), ids[1], 0, 12))
    await live.perform(store, room.costamar, draft, do.Join(new_id(), ids[4]))
    page = (await (await as_person(room.chair)).get(path(room, "old=1&new=live"))).text
    assert "split in 2" in page
    assert "2 into 1" in page
    merged = re.search(rf'<section class="pair[^"]*" id="r-{ids[3]}".*?</section>', page, re.DOTALL)
    assert merged is not None
    old, new = re.sub(r"<[^>]+>", " ", merged[0]).split("2 into 1")
    assert "those that measure water levels;" in old
    assert "those that warn of floods." in old
    assert "those that measure water levels;" in new
    assert f'<div id="r-{ids[4]}">' in merged[0]
    assert "Costamar" in merged[0]
    deleted = (await (await as_person(room.chair)).get(path(room, "old=1&new=live&show=merged"))).text
    assert anchors(deleted) == [f"r-{ids[3]}"]


async def test_a_clause_that_went_into_one_further_away_is_told_at_both_places(
    room: Cast, as_person: Sign, store: Store
) -> None:
    draft = room.draft.id
    state, _ = await drafts.state(store, room.chair, draft)
    ids = [c.id for c in state.standing()]
    await live.perform(store, room.chair, draft, do.Issue(new_id(), "Rev.1"))
    await live.perform(store, room.chair, draft, do.Delete(new_id(), ids[3]))
    await live.perform(store, room.costamar, draft, do.Edit(new_id(), ids[4], 0, "those that warn of great floods."))
    await live.perform(store, room.norvale, draft, do.Join(new_id(), ids[4]))
    page = (await (await as_person(room.chair)).get(path(room, "old=1&new=live"))).text
    assert anchors(page) == [f"r-{ids[2]}", f"r-{ids[3]}", f"r-{ids[4]}"]
    heir, _deleted, gone = re.findall(r'<section class="pair[^"]*" id="r-[^"]*" data-ch.*?</section>', page, re.DOTALL)
    assert "2 into 1" in heir
    assert ">great" in heir.replace(" great", "great")
    assert "+1" in heir
    assert "now part of OP1" in gone
    assert "+1" not in gone
    assert "Costamar" in heir


async def test_another_draft_is_compared_by_its_words(room: Cast, as_person: Sign, store: Store) -> None:
    clauses = [
        Clause("", ClauseKind.OPERATIVE, 0, "States shall not ever harm the networks of the lakes or rivers:"),
        Clause("", ClauseKind.OPERATIVE, 0, "Quite another thing altogether, without a word in common."),
    ]
    other = await drafts.create(store, room.chair, room.forum.id, "Rivers", "", "norm", "en", "open", False, clauses)
    named = f"{other.id}@live"
    chair = await as_person(room.chair)
    page = (await chair.get(path(room, f"old=live&new={named}"))).text
    assert re.search(r"≈</span> \d\d % alike", page)
    assert "Rivers: Working text" in page
    assert "/record?at=" not in page  # nobody knows who changed what between two drafts
    assert "/removed?" not in page
    assert f'<optgroup label="Rivers"><option value="{named}" selected>' in page
    observer = await as_person(room.observer)  # whom that draft is not open to
    assert (await observer.get(path(room, f"old=live&new={named}"))).status_code == 404
    assert "Rivers" not in (await observer.get(path(room, "old=live&new=live"))).text


async def test_a_file_is_compared_and_nobody_else_learns_of_it(room: Cast, as_person: Sign) -> None:
    norvale = await as_person(room.norvale)
    await norvale.get(path(room, "old=live&new=live"))
    sent = {"old": "live"}
    door = f"/drafts/{room.draft.id}/compare/file"
    done = await norvale.post(door, sent, files={"file": ("canary.md", FILE.encode())})
    address = done.headers["location"]
    assert re.fullmatch(rf"/drafts/{room.draft.id}/compare\?old=live&new=file-\w+", address)
    page = (await norvale.get(address)).text
    assert "A canary sings" in page
    assert "% alike" in page
    name = address.rsplit("=", 1)[1]
    for who in (room.norvale_second,):  # the same party
        assert "canary.md" in (await (await as_person(who)).get(path(room, "old=live&new=live"))).text
    for who in (room.chair, room.secretary, room.costamar, room.observer, room.stranger):
        other = await as_person(who)
        for query in (f"old=live&new={name}", f"old={name}&new=live", f"base=live&with={name}", f"base={name}"):
            refused = await other.get(path(room, query))
            assert refused.status_code == 404
            assert "canary" not in refused.text
        assert (await other.get(address.replace("compare?", "compare/progress?"))).status_code == 404
        assert "canary" not in (await other.get(path(room, "old=live&new=live"))).text


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [("x.pdf", b"%PDF-1.7", 422), ("x.md", b"  ", 422), ("x.docx", b"PK\x03\x04 no", 422), ("", b"", 422)],
)
async def test_a_file_that_is_not_read(room: Cast, as_person: Sign, name: str, data: bytes, status: int) -> None:
    delegate = await as_person(room.norvale)
    await delegate.get(path(room, "old=live&new=live"))
    files = {"file": (name, data)} if name else None
    done = await delegate.post(f"/drafts/{room.draft.id}/compare/file", {"old": "live"}, files=files)
    assert done.status_code == status


async def test_a_long_comparison_says_how_far_it_is(
    room: Cast, as_person: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    def held(function: Callable[..., object]) -> Callable[..., object]:
        def work(*arguments: Any) -> object:
            arguments[-1](0.4)
            gate.wait(20)
            return function(*arguments)

        return work

    monkeypatch.setattr(comparisons, "_two", held(comparisons._two))
    monkeypatch.setattr(comparisons, "_several", held(comparisons._several))
    monkeypatch.setattr(compare, "PATIENCE", 0.01)
    monkeypatch.setattr(several, "PATIENCE", 0.01)
    chair = await as_person(room.chair)
    for query in ("old=live&new=live", "base=live&with=live"):
        gate.clear()
        wait = await chair.get(path(room, query))
        assert wait.status_code == 202
        assert "Comparing…" in wait.text
        assert 'value="40"' in wait.text
        assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in wait.text
        asked = re.search(r'data-ask="([^"]+)"', wait.text)
        assert asked is not None
        progress = asked[1].replace("&amp;", "&")
        assert (await chair.get(progress)).json() == {"done": False, "percent": 40, "says": "40 %"}
        gate.set()
        again = await chair.get(path(room, query))
        while again.status_code == 202:
            again = await chair.get(path(room, query))
        assert again.status_code == 200
        assert (await chair.get(progress)).json()["done"] is True


async def test_several_texts_beside_one(
    app: Starlette, room: Cast, as_person: Sign, store: Store, issued: list[str]
) -> None:
    other = await drafts.create(store, room.chair, room.forum.id, "Annex", "", "norm", "en", "open", True, CLAUSES[:3])
    await app.state.hub.perform(room.chair, room.draft.id, do.Issue(operation(), "Rev.2"))
    await app.state.hub.perform(
        room.norvale, room.draft.id, do.Edit(operation(), issued[2], 0, "States shall not harm the lakes:")
    )
    observer = await as_person(room.observer)
    page = (await observer.get(path(room, f"base=1&with=2,live,{other.id}@live"))).text
    assert len(re.findall(r'<th scope="col"', page)) == 4
    assert "Annex: Working text" in page
    row = re.search(rf'<tr id="r-{issued[1]}">.*?</tr>', page, re.DOTALL)
    assert row is not None
    assert row[0].count("great") == 2
    assert row[0].count("unchanged") == 1
    assert f'<tr id="r-{issued[0]}">' not in page
    assert f'<tr id="r-{issued[0]}">' in (await observer.get(path(room, "base=1&with=2&show=all"))).text
    assert "not in Rev.1" in page
    assert "data-column data-shown" in (await observer.get(path(room, "base=1&with=2,live&only=2"))).text
    added = (await observer.get(path(room, "base=1&with=2&with=live&with=2"))).text
    assert len(re.findall(r'<th scope="col"', added)) == 3
    assert "Choose a text" in (await observer.get(path(room, "base=1"))).text
    assert "the same, word for word" in (await observer.get(path(room, "base=1&with=1"))).text
    seven = ",".join(f"{room.draft.id}@{n}" for n in range(1, 8))
    assert (await observer.get(path(room, f"base=1&with={seven}"))).status_code == 422
    assert (await observer.get(path(room, "base=1&with=9"))).status_code == 404
    assert (await (await as_person(room.stranger)).get(path(room, "base=1&with=live"))).status_code == 404


async def test_a_proposal_beside_the_working_text(
    room: Cast, store: Store, as_person: Sign, app: Starlette, issued: list[str]
) -> None:
    wish = Wish("modify", issued[2], text="States must not harm a canary.")
    begun = await proposals.begin(store, room.norvale, room.draft.id, wish)
    query = f"old=live&new=proposal-{begun.id}"
    page = await (await as_person(room.norvale)).get(path(room, query))
    assert "canary" in page.text
    assert "P · Norvale" in page.text
    for who in (room.chair, room.costamar, room.observer, room.stranger):
        assert (await (await as_person(who)).get(path(room, query))).status_code == 404
    await proposals.table(store, app.state.hub.perform, room.norvale, begun.id)
    page = await (await as_person(room.observer)).get(path(room, query))
    assert "P 1 · Norvale" in page.text
    assert "/record?at=" not in page.text  # nobody wrote these words into the text
    export = f"/drafts/{room.draft.id}/compare/export?{query}&format=docx"
    assert (await (await as_person(room.observer)).get(export)).status_code == 200
