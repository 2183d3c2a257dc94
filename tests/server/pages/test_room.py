"""The page of a draft, its settings, locks and comments."""

import json
import re
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette

from drafts import commands as do
from drafts.desk import drafts, threads
from drafts.model import Mode
from drafts.store import Store
from server.hub import operation
from tests.cast import Cast
from tests.server.conftest import Browser

Sign = Callable[[str], Awaitable[Browser]]


async def clause_ids(store: Store, room: Cast) -> list[str]:
    state, _ = await drafts.state(store, room.chair, room.draft.id)
    return [c.id for c in state.standing()]


def data_of(html: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="room-data">(.*?)</script>', html, re.DOTALL)
    assert found
    loaded: dict[str, object] = json.loads(found[1])
    return loaded


async def test_the_page_reads_without_scripts_and_carries_what_they_need(
    room: Cast, as_person: Sign, store: Store
) -> None:
    ids = await clause_ids(store, room)
    page = await (await as_person(room.norvale)).get(f"/drafts/{room.draft.id}")
    for clause in ids:
        assert f'<section class="clause" id="c-{clause}" data-clause="{clause}"' in page.text
        assert f'<a href="#c-{clause}" data-clause="{clause}">' in page.text
    assert "<em>Recalling</em> that the lakes are shared," in page.text
    assert '<p class="t" lang="ar" dir="auto">' in page.text
    assert "Editing as Norvale" in page.text
    data = data_of(page.text)
    assert data["seq"] == 1
    assert data["socket"] == f"/ws/drafts/{room.draft.id}"
    assert [c["id"] for c in data["clauses"]] == ids  # type: ignore[attr-defined]
    assert data["you"]["may"] == {  # type: ignore[index]
        "edit": True, "lock": False, "set": False, "issue": False, "comment": True, "comment_delegations": True,
        "note": True,
    }  # fmt: skip


async def test_no_text_can_end_the_data_or_become_markup(
    app: Starlette, room: Cast, as_person: Sign, store: Store
) -> None:
    evil = "</script><script>alert(1)</script><!-- & \"'"
    ids = await clause_ids(store, room)
    hub = app.state.hub
    await hub.perform(room.norvale, room.draft.id, do.Edit(operation(), ids[1], 0, evil))
    await hub.perform(room.chair, room.draft.id, do.SetDraft(operation(), title=evil))
    page = await (await as_person(room.costamar)).get(f"/drafts/{room.draft.id}")
    assert page.text.count("<script>") == 0
    assert evil not in page.text
    texts = [seg[0] for c in data_of(page.text)["clauses"] for seg in c["segs"]]  # type: ignore[attr-defined]
    assert evil in "".join(texts)


async def test_redline_and_clean_since_a_version(app: Starlette, room: Cast, as_person: Sign, store: Store) -> None:
    ids = await clause_ids(store, room)
    hub = app.state.hub
    await hub.perform(
        room.norvale, room.draft.id, do.Edit(operation(), ids[1], 0, "*Recalling* that the lakes are ours,")
    )
    await hub.perform(room.chair, room.draft.id, do.Issue(operation(), "Rev.1"))
    await hub.perform(room.chair, room.draft.id, do.Delete(operation(), ids[4], "No support."))
    costamar = await as_person(room.costamar)
    since_rev = (await costamar.get(f"/drafts/{room.draft.id}")).text
    assert "<ins>" not in since_rev
    assert 'class="clause gone"' in since_rev
    assert "No support." in since_rev
    since_start = (await costamar.get(f"/drafts/{room.draft.id}?since=1")).text
    assert "inserted by Norvale: </span>ours" in since_start
    clean = (await costamar.get(f"/drafts/{room.draft.id}?view=clean")).text
    assert "<ins>" not in clean
    assert f'id="c-{ids[4]}"' not in clean
    assert (await costamar.get(f"/drafts/{room.draft.id}?view=x&since=99&group=y")).status_code == 200


async def test_observers_read_only_what_is_open_to_them(app: Starlette, room: Cast, as_person: Sign) -> None:
    observer = await as_person(room.observer)
    page = await observer.get(f"/drafts/{room.draft.id}")
    assert "Reading and commenting as Open networks watch" in page.text
    await app.state.hub.perform(room.chair, room.draft.id, do.SetDraft(operation(), observers=False))
    assert (await observer.get(f"/drafts/{room.draft.id}")).status_code == 404


async def test_the_chair_takes_the_pen(room: Cast, as_person: Sign, store: Store) -> None:
    chair = await as_person(room.chair)
    form = {"mode": "pen", "title": "Norms of the lakes", "symbol": "LS/2"}
    assert (await chair.post(f"/drafts/{room.draft.id}/settings", form)).status_code == 303
    draft, _ = await drafts.open(store, room.chair, room.draft.id)
    assert (draft.mode, draft.title, draft.symbol, draft.observers) == (Mode.PEN, "Norms of the lakes", "LS/2", False)
    norvale = await as_person(room.norvale)
    assert "The chair has the pen" in (await norvale.get(f"/drafts/{room.draft.id}")).text
    assert (await chair.post(f"/drafts/{room.draft.id}/settings", form | {"mode": "axe"})).status_code == 422


async def test_the_chair_says_the_stage_and_who_sees_what(room: Cast, as_person: Sign, store: Store) -> None:
    chair, norvale = await as_person(room.chair), await as_person(room.norvale)
    path, form = f"/drafts/{room.draft.id}", {"mode": "open", "title": "Norms", "symbol": "LS/1", "observers": "1"}
    page = (await chair.get(path)).text
    assert '<option value="second_reading" selected>Second reading</option>' in page
    assert '<option value="silence"' not in page
    more = {"stage": "preparation", "proposals": "delegations", "positions": "leads"}
    assert (await chair.post(f"{path}/settings", form | more)).status_code == 303
    draft, _ = await drafts.open(store, room.chair, room.draft.id)
    assert (draft.stage, draft.proposals, draft.positions) == ("preparation", "delegations", "leads")
    assert (await norvale.get(path)).status_code == 404
    assert (await chair.post(f"{path}/settings", form | {"stage": "silence"})).status_code == 422
    assert (await chair.post(f"{path}/settings", form | {"stage": "adopted"})).status_code == 409


async def test_a_text_is_adopted_in_the_room_as_it_was_issued(
    room: Cast, as_person: Sign, store: Store, app: Starlette
) -> None:
    chair, path = await as_person(room.chair), f"/drafts/{room.draft.id}"
    form = {"mode": "open", "title": room.draft.title, "symbol": "LS/1", "stage": "adopted"}
    await app.state.hub.perform(room.chair, room.draft.id, do.Issue(operation(), "Final"))
    assert (await chair.post(f"{path}/settings", form)).status_code == 303
    draft, _ = await drafts.open(store, room.chair, room.draft.id)
    assert draft.stage == "adopted"
    assert "adopted" in (await chair.post(f"{path}/versions", {"label": "Rev.9", "status": "revision"})).text


async def test_a_clause_is_agreed_and_reopened(room: Cast, as_person: Sign, store: Store) -> None:
    chair, ids = await as_person(room.chair), await clause_ids(store, room)
    path = f"/drafts/{room.draft.id}/lock"
    assert (await chair.post(path, {"clause": ids[1], "state": "agreed_ad_ref"})).status_code == 303
    page = (await chair.get(f"/drafts/{room.draft.id}")).text
    assert f'<section class="clause locked" id="c-{ids[1]}"' in page
    assert "Agreed ad ref," in page
    assert (await chair.post(path, {"clause": ids[1], "state": "open"})).status_code == 422
    said = {"clause": ids[1], "state": "open", "reason": "One more word."}
    assert (await chair.post(path, said)).status_code == 303
    assert (await chair.post(path, {"clause": ids[1], "state": "holy"})).status_code == 422
    assert (await chair.post(path, {"clause": "none", "state": "open"})).status_code == 422


async def test_comments_work_as_forms_and_for_scripts(room: Cast, as_person: Sign, store: Store) -> None:
    observer, norvale, ids = (
        await as_person(room.observer),
        await as_person(room.norvale),
        await clause_ids(store, room),
    )
    path = f"/drafts/{room.draft.id}/threads"
    sent = await observer.post(path, {"clause": ids[1], "body": "Name the <lakes>.\r\nAll."})
    assert sent.status_code == 303
    thread = sent.headers["location"].rsplit("#t-", 1)[1]
    assert sent.headers["location"].startswith(f"/drafts/{room.draft.id}")
    page = (await norvale.get(f"/drafts/{room.draft.id}")).text
    assert f'id="t-{thread}"' in page
    assert "Name the &lt;lakes&gt;.\nAll." in page
    answer = await norvale.post(
        f"/threads/{thread}/reply", {"body": "We agree."}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 200
    assert [c["body"] for c in answer.json()["comments"]] == ["Name the <lakes>.\nAll.", "We agree."]
    comment = answer.json()["comments"][1]["id"]
    assert (await observer.post(f"/comments/{comment}/edit", {"body": "Ha."})).status_code == 403
    assert (await norvale.post(f"/comments/{comment}/edit", {"body": "We agree fully."})).status_code == 303
    assert (await observer.post(f"/threads/{thread}/resolve")).status_code == 303
    assert f'id="t-{thread}"' not in (await norvale.get(f"/drafts/{room.draft.id}")).text
    assert f'id="t-{thread}"' in (await norvale.get(f"/drafts/{room.draft.id}?all=1")).text
    assert (await observer.post(f"/threads/{thread}/reopen")).status_code == 303
    assert len(await threads.all(store, room.chair, room.draft.id)) == 1


async def test_a_comment_on_words_is_sent_by_scripts_as_json(room: Cast, as_person: Sign, store: Store) -> None:
    norvale, ids = await as_person(room.norvale), await clause_ids(store, room)
    await norvale.get(f"/drafts/{room.draft.id}")
    sent = await norvale.http.post(
        f"/drafts/{room.draft.id}/threads",
        json={"place": "span", "clause": ids[1], "number": 0, "from": 1, "to": 10, "body": "Why?", "audience": "party"},
        headers={"X-CSRF": norvale.token, "Accept": "application/json"},
    )
    assert sent.status_code == 201
    assert (sent.json()["quote"], sent.json()["from"], sent.json()["to"]) == ("Recalling", 1, 10)
    for outsider in (room.costamar, room.chair):
        assert "Why?" not in (await (await as_person(outsider)).get(f"/drafts/{room.draft.id}")).text
    assert "Why?" in (await (await as_person(room.norvale_second)).get(f"/drafts/{room.draft.id}")).text


async def test_bad_comments_are_refused_in_words(room: Cast, as_person: Sign) -> None:
    norvale, observer = await as_person(room.norvale), await as_person(room.observer)
    path = f"/drafts/{room.draft.id}/threads"
    assert (await norvale.post(path, {"body": "  "})).status_code == 422
    assert (await norvale.post(path, {"body": "x" * 20_001})).status_code == 422
    assert (await norvale.post(path, {"body": "x", "audience": "press"})).status_code == 422
    assert (await norvale.post(path, {"body": "x", "clause": "none"})).status_code == 422
    assert (await norvale.post(path, {"body": "x", "place": "span"})).status_code == 404
    assert (await observer.post(path, {"body": "x", "audience": "delegations"})).status_code == 403
    assert (await norvale.post("/threads/none/reply", {"body": "x"})).status_code == 404
