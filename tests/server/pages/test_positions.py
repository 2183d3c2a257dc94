"""Who stands where, as pages: the matrix, one thing with its history, taking a position; and how far clauses are."""

import re
from collections.abc import Awaitable, Callable
from html import unescape

import pytest
from starlette.applications import Starlette

from drafts import commands as do
from drafts.desk import drafts, forums
from drafts.model import ClauseKind, Openness, ProposalKind, Stance, new_id
from drafts.store import Store
from server.hub import operation
from tests.cast import Cast
from tests.server.conftest import Browser

Sign = Callable[[str], Awaitable[Browser]]
SHAPE = (ClauseKind.OPERATIVE, 0, "")
CANARY = "Because of the heron treaty."


@pytest.fixture
async def ids(room: Cast, store: Store) -> list[str]:
    return [clause.id for clause in (await drafts.state(store, room.chair, room.draft.id))[0].standing()]


@pytest.fixture
async def proposal(app: Starlette, room: Cast, store: Store, ids: list[str]) -> str:
    """Norvale's on PP1; Costamar, which speaks for the observers' party too, has a reservation."""
    perform, forum, parties = app.state.hub.perform, room.forum.id, room.parties
    await forums.align(store, room.chair, forum, parties["CTM"].id, [parties["ONW"].id])
    found, old = new_id(), "*Recalling* that the lakes are shared,"
    table = do.Table(
        operation(), found, ProposalKind.MODIFY, ids[1], 0, old, "*Recalling* that the deep lakes are shared,"
    )
    await perform(room.norvale, room.draft.id, table)
    asked = do.TakePosition(operation(), found, Stance.RESERVE, CANARY, wording=1, parties=("nobody",))
    await perform(room.costamar, room.draft.id, asked)
    return found


def words(html: str) -> str:
    """What a page says."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.split("<main", 1)[1])).split())


async def test_a_position_names_those_for_whom_the_party_speaks_whatever_the_sender_says(
    room: Cast, store: Store, proposal: str
) -> None:
    state, _ = await drafts.state(store, room.chair, room.draft.id)
    held = state.floor.positions[proposal][room.parties["CTM"].id]
    assert held.parties == (room.parties["ONW"].id,)


async def test_the_matrix_shows_every_party_that_spoke(room: Cast, as_person: Sign, proposal: str) -> None:
    chair, path = await as_person(room.chair), f"/drafts/{room.draft.id}/positions"
    page = (await chair.get(path)).text
    assert f"positions?on={proposal}" in page
    rows = dict(re.findall(r'<tr><th scope="row">([^<]+)(?: <span[^>]*>you</span>)?</th>(.*?)</tr>', page))
    assert list(rows) == ["Chair", "Costamar", "Norvale", "Open networks watch"]
    assert 'aria-label="Reserve"' in rows["Costamar"]
    assert 'aria-label="Support, as a sponsor"' in rows["Norvale"]
    assert 'aria-label="Reserve, through Costamar"' in rows["Open networks watch"]
    assert "aria-label" not in rows["Chair"]
    assert CANARY not in page  # notes are with the thing itself


async def test_filters_and_pages(room: Cast, as_person: Sign, app: Starlette, ids: list[str], proposal: str) -> None:
    chair, path = await as_person(room.chair), f"/drafts/{room.draft.id}/positions"
    for number in range(50):
        table = do.Table(
            operation(), new_id(), ProposalKind.ADD, None, text=f"Clause {number}.", after=ids[1], shape=SHAPE
        )
        await app.state.hub.perform(room.norvale, room.draft.id, table)
    first, second = (await chair.get(path)).text, (await chair.get(f"{path}?page=2")).text
    assert first.count('<th scope="col"><a') == 50
    assert second.count('<th scope="col"><a') == 1
    assert "Page 2 of 2" in second
    of_clause = (await chair.get(f"{path}?clause={ids[1]}")).text
    assert of_clause.count('<th scope="col"><a') == 2  # the clause and the proposal on it
    party = room.parties["CTM"].id
    of_party = (await chair.get(f"{path}?party={party}")).text
    assert of_party.count('<th scope="col"><a') == 1
    assert re.findall(r'<tr><th scope="row">([^<]+)', of_party) == ["Costamar"]
    await app.state.hub.perform(room.norvale, room.draft.id, do.Withdraw(operation(), proposal))
    assert "take a position on" in (await chair.get(f"{path}?party={party}")).text
    assert "withdrawn" in (await chair.get(f"{path}?party={party}&closed=1")).text
    assert (await chair.get(f"{path}?page=0")).status_code == 422


async def test_a_position_is_taken_changed_and_taken_back_with_its_history(
    room: Cast, as_person: Sign, store: Store, proposal: str
) -> None:
    costamar, path = await as_person(room.costamar), f"/drafts/{room.draft.id}/positions"
    one = f"{path}?on={proposal}"
    assert "Your position, as Costamar" in words((await costamar.get(one)).text)
    form = {"on": proposal, "wording": "1", "stance": "can_accept", "note": "With the heron in."}
    assert (await costamar.post(path, form)).headers["location"] == one
    assert "Costamar: Reserve → Can accept" in words((await costamar.get(one)).text)
    wrong = await costamar.post(path, form | {"stance": "oppose", "note": " "})
    assert (wrong.status_code, "Say why" in wrong.text) == (422, True)
    assert 'value="oppose" checked' in wrong.text
    back = await costamar.post(path, {"on": proposal, "stance": "", "next": f"/drafts/{room.draft.id}#p-1"})
    assert back.headers["location"] == f"/drafts/{room.draft.id}#p-1"
    told = words((await costamar.get(one)).text)
    assert "Costamar took its position back: Can accept" in told
    assert "Norvale tabled the proposal" in told
    assert (await costamar.post(path, {"on": proposal, "stance": "maybe"})).status_code == 422
    state, _ = await drafts.state(store, room.chair, room.draft.id)
    assert state.floor.positions[proposal] == {}


async def test_to_whom_positions_are_not_open_sees_those_for_the_own_party_alone(
    room: Cast, as_person: Sign, proposal: str, app: Starlette, ids: list[str]
) -> None:
    clause = do.TakePosition(operation(), ids[2], Stance.OPPOSE, CANARY)
    await app.state.hub.perform(room.costamar, room.draft.id, clause)
    await app.state.hub.perform(room.chair, room.draft.id, do.SetDraft(operation(), positions=Openness.LEADS))
    path = f"/drafts/{room.draft.id}/positions"
    for person, party, own in (
        (room.norvale, "Norvale", ["Support, as a sponsor"]),
        (room.costamar, "Costamar", ["Reserve", "Oppose"]),
    ):
        page = (await (await as_person(person)).get(path)).text
        assert "not open to you" in page
        assert re.findall(r'<tr><th scope="row">([^<]+\w)', page) == [party]
        assert re.findall(r'aria-label="([^"]+)" title', page) == own
    norvale = await as_person(room.norvale)
    for address in (path, f"{path}?on={proposal}", f"{path}?on={ids[2]}", f"{path}?clause={ids[2]}"):
        page = (await norvale.get(address)).text
        assert CANARY not in page
        assert "Reserve →" not in page
        assert 'aria-label="Oppose"' not in page
        assert "Costamar" not in words(page)
    assert CANARY in (await (await as_person(room.costamar)).get(f"{path}?on={proposal}")).text


async def test_who_sees_no_proposals_learns_of_none_here(
    room: Cast, as_person: Sign, proposal: str, app: Starlette
) -> None:
    await app.state.hub.perform(room.chair, room.draft.id, do.SetDraft(operation(), proposals=Openness.LEADS))
    path = f"/drafts/{room.draft.id}/positions"
    costamar = await as_person(room.costamar)
    assert proposal not in (await costamar.get(path)).text
    assert (await costamar.get(f"{path}?on={proposal}")).status_code == 404
    refused = await costamar.post(path, {"on": proposal, "stance": "support"})
    assert refused.status_code == 404
    norvale = await as_person(room.norvale)
    assert proposal in (await norvale.get(path)).text  # its own


# ── clauses ──


async def test_how_far_a_clause_is_and_an_objection(room: Cast, as_person: Sign, store: Store, ids: list[str]) -> None:
    chair, costamar = await as_person(room.chair), await as_person(room.costamar)
    path = f"/drafts/{room.draft.id}/clauses/{ids[3]}"
    done = await chair.post(f"{path}/status", {"state": "agreed_ad_ref"})
    assert done.headers["location"] == f"/drafts/{room.draft.id}#c-{ids[3]}"
    assert (await chair.post(f"{path}/status", {"state": "agreed_ad_ref"})).status_code == 409
    assert (await chair.post(f"{path}/status", {"state": "open"})).status_code == 422
    assert (await costamar.post(f"{path}/object", {"reason": ""})).status_code == 422
    assert (await costamar.post(f"{path}/object", {"reason": "Not without the capital."})).status_code == 303
    state, _ = await drafts.state(store, room.chair, room.draft.id)
    assert state.by_id[ids[3]].state == "under_discussion"
    assert (await chair.post(f"{path}/status", {"state": "moon"})).status_code == 422
