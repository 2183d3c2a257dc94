"""The chair's desk and the wall: what they show, to whom, and which clause the room looks at."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette

from drafts import commands as do
from drafts.desk import chair, drafts
from drafts.model import Openness, ProposalKind, Stance
from drafts.state import ClauseState
from drafts.store import Store
from server.hub import operation
from tests.cast import Cast
from tests.server.conftest import Browser

Sign = Callable[[str], Awaitable[Browser]]


async def clauses(store: Store, room: Cast) -> list[ClauseState]:
    state, _ = await drafts.state(store, room.chair, room.draft.id)
    return state.standing()


async def lay(app: Starlette, store: Store, room: Cast, who: str, name: str, at: int, new: str) -> None:
    """A proposal on the clause number ``at``: its text with ``new`` in the place of its last word."""
    clause = (await clauses(store, room))[at]
    text = f"{clause.text.rsplit(' ', 1)[0]} {new}"
    asked = do.Table(
        operation(), name, ProposalKind.MODIFY, clause.id, clause.number, clause.text, text, reason=f"why {new}"
    )
    await app.state.hub.perform(who, room.draft.id, asked)


async def test_the_desk_lists_what_waits_and_what_is_stale(
    app: Starlette, room: Cast, store: Store, as_person: Sign
) -> None:
    await lay(app, store, room, room.norvale, "prop-1", 2, "waters:")
    await lay(app, store, room, room.costamar, "prop-2", 3, "tides;")
    clause = (await clauses(store, room))[3]
    moved_on = do.Edit(operation(), clause.id, clause.number, "those that measure water heights;")
    await app.state.hub.perform(room.chair, room.draft.id, moved_on)
    stand = do.TakePosition(operation(), "prop-1", Stance.OPPOSE, "Too wide.", None, 1)
    await app.state.hub.perform(room.costamar, room.draft.id, stand)

    desk = await chair.of(store, room.chair, room.draft.id)
    assert [one["id"] for one in desk.ready.first] == ["prop-1"]
    assert [one["id"] for one in desk.stale.first] == ["prop-2"]
    assert desk.opposed == [1, 0]
    said = {row.party.code: [cell and cell[0] for cell in row.cells] for row in desk.rows}
    assert said == {"CTM": [Stance.OPPOSE, Stance.SUPPORT], "NVL": [Stance.SUPPORT, None]}
    assert [(one.party.code, one.open) for one in desk.silent] == [("NVL", 1)]

    page = await (await as_person(room.chair)).get(f"/drafts/{room.draft.id}/desk")
    assert "why waters:" in page.text
    assert "Waiting for their owners" in page.text
    assert "1 bracket" not in page.text
    assert "2 brackets are still open" in page.text


async def test_only_those_who_lead_have_the_desk(room: Cast, as_person: Sign) -> None:
    for who, status in ((room.chair, 200), (room.secretary, 200), (room.norvale, 404), (room.observer, 404)):
        page = await (await as_person(who)).get(f"/drafts/{room.draft.id}/desk")
        assert page.status_code == status


async def test_the_wall_follows_what_the_chair_shows(room: Cast, store: Store, as_person: Sign) -> None:
    ids = [clause.id for clause in await clauses(store, room)]
    wall, desk = f"/drafts/{room.draft.id}/projector", await as_person(room.chair)
    page = await desk.get(wall)
    assert f'data-clauses="{ids[1]}"' in page.text  # the first that is not agreed
    await desk.get(f"/drafts/{room.draft.id}/desk")
    answer = await desk.post(wall, {"clause": ids[3], "desk": "1"})
    assert answer.headers["location"].endswith("/desk")
    page = await (await as_person(room.observer)).get(wall)
    assert f'data-clauses="{ids[2]} {ids[3]} {ids[4]}"' in page.text  # a sub-clause with the clause that it belongs to
    page = await (await as_person(room.observer)).get(f"{wall}?clause={ids[5]}")
    assert f'data-clauses="{ids[5]}"' in page.text


async def test_the_wall_shows_proposals_to_whom_they_are_open(
    app: Starlette, room: Cast, store: Store, as_person: Sign
) -> None:
    await lay(app, store, room, room.norvale, "prop-1", 2, "waters:")
    wall = f"/drafts/{room.draft.id}/projector?clause={(await clauses(store, room))[2].id}"
    assert "why waters:" in (await (await as_person(room.observer)).get(wall)).text
    close = do.SetDraft(operation(), proposals=Openness.DELEGATIONS)
    await app.state.hub.perform(room.chair, room.draft.id, close)
    page = (await (await as_person(room.observer)).get(wall)).text
    assert "why waters:" not in page
    assert "prop-1" not in page
    assert "why waters:" in (await (await as_person(room.costamar)).get(wall)).text


async def test_who_does_not_lead_puts_nothing_on_the_wall(room: Cast, store: Store, as_person: Sign) -> None:
    clause = (await clauses(store, room))[2]
    browser = await as_person(room.norvale)
    await browser.get(f"/drafts/{room.draft.id}")
    assert (await browser.post(f"/drafts/{room.draft.id}/projector", {"clause": clause.id})).status_code == 404
