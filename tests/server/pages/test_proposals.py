"""Proposals on pages, without scripts: begun in one step, written in private, shared, tabled, decided on."""

from collections.abc import Awaitable, Callable

import pytest
from starlette.applications import Starlette

from drafts import commands as do
from drafts.desk import drafts, proposals
from drafts.desk.proposals import Wish
from drafts.model import Openness, Proposal, ProposalState, Stage
from drafts.store import Store
from server.hub import operation
from tests.cast import Cast
from tests.server.conftest import Browser

Sign = Callable[[str], Awaitable[Browser]]
FLOODS, STORMS = "those that warn of floods.", "those that warn of floods and storms."


async def clause(store: Store, room: Cast, at: int = 4) -> str:
    state, _ = await drafts.state(store, room.chair, room.draft.id)
    return state.standing()[at].id


@pytest.fixture
async def begun(store: Store, room: Cast) -> Proposal:
    wish = Wish("modify", await clause(store, room), reason="Storms come <first>.", text=STORMS)
    return await proposals.begin(store, room.norvale, room.draft.id, wish)


@pytest.fixture
async def tabled(app: Starlette, store: Store, room: Cast, begun: Proposal) -> str:
    """The address of the proposal on the table."""
    await proposals.table(store, app.state.hub.perform, room.norvale, begun.id)
    return f"/drafts/{room.draft.id}/proposals/{begun.id}"


async def test_tabled_in_one_step(store: Store, room: Cast, as_person: Sign) -> None:
    delegate, where = await as_person(room.norvale), await clause(store, room)
    page = await delegate.get(f"/drafts/{room.draft.id}/proposals/new?clause={where}")
    assert FLOODS in page.text
    form = {"kind": "modify", "clause": where, "number": "0", "text": STORMS, "reason": "Storms too.", "how": "table"}
    done = await delegate.post(f"/drafts/{room.draft.id}/proposals", form)
    assert done.status_code == 303
    shown = await (await as_person(room.observer)).get(done.headers["location"])
    assert "Proposal 1" in shown.text
    assert "and storms" in shown.text
    assert "Storms too." in shown.text
    listed = await (await as_person(room.costamar)).get(f"/drafts/{room.draft.id}/proposals")
    assert "Norvale" in listed.text
    assert "<ins>" in listed.text


@pytest.mark.parametrize("kind", ["add", "modify", "delete", "move", "editorial", "no_change"])
async def test_every_kind_has_its_form(kind: str, store: Store, room: Cast, as_person: Sign) -> None:
    delegate, where = await as_person(room.norvale), await clause(store, room)
    page = await delegate.get(f"/drafts/{room.draft.id}/proposals/new?kind={kind}&clause={where}")
    assert page.status_code == 200
    assert ('name="text"' in page.text) == (kind in {"add", "modify", "editorial"})
    assert ('name="after"' in page.text) == (kind in {"add", "move"})
    form = {"kind": kind, "clause": where, "text": STORMS, "after": await clause(store, room, 1), "how": "table"}
    done = await delegate.post(f"/drafts/{room.draft.id}/proposals", form | {"shape": "sub1"})
    assert done.status_code == 303
    assert (await delegate.get(done.headers["location"])).status_code == 200
    assert (await delegate.get(done.headers["location"].replace(f"/drafts/{room.draft.id}", ""))).status_code == 200


async def test_what_was_typed_is_kept_when_the_clause_moved_on(
    app: Starlette, store: Store, room: Cast, as_person: Sign
) -> None:
    delegate, where = await as_person(room.norvale), await clause(store, room)
    edit = do.Edit(operation(), where, 0, "those which warn of floods.")
    await app.state.hub.perform(room.chair, room.draft.id, edit)
    form = {"kind": "modify", "clause": where, "number": "0", "text": STORMS, "reason": "Mine.", "how": "private"}
    again = await delegate.post(f"/drafts/{room.draft.id}/proposals", form)
    assert again.status_code == 409
    assert STORMS in again.text
    assert "those which warn" in again.text
    assert await proposals.mine(store, room.norvale, room.draft.id) == []


async def test_what_cannot_be_tabled_is_kept_private(store: Store, room: Cast, as_person: Sign) -> None:
    delegate, where = await as_person(room.norvale), await clause(store, room)
    form = {"kind": "modify", "clause": where, "text": FLOODS, "how": "table"}
    page = await delegate.post(f"/drafts/{room.draft.id}/proposals", form)
    assert page.status_code == 422
    assert "the clause’s own" in page.text
    ((made, _),) = await proposals.mine(store, room.norvale, room.draft.id)
    assert made.state is ProposalState.DRAFT


async def test_its_room_is_for_its_party(room: Cast, as_person: Sign, begun: Proposal) -> None:
    page = await (await as_person(room.norvale_second)).get(f"/proposals/{begun.id}")
    assert "Private to Norvale" in page.text
    assert "Storms come &lt;first&gt;." in page.text
    assert f'"socket":"/ws/drafts/{begun.id}"' in page.text
    assert "and storms" in page.text
    away = await (await as_person(room.norvale)).get(f"/drafts/{begun.id}?view=clean")
    assert away.headers["location"] == f"/proposals/{begun.id}?view=clean"
    for other in (room.chair, room.secretary, room.costamar, room.observer, room.stranger):
        browser = await as_person(other)
        for path in (f"/proposals/{begun.id}", f"/drafts/{begun.id}", f"/drafts/{room.draft.id}/proposals/{begun.id}"):
            assert (await browser.get(path)).status_code == 404
        if other != room.stranger:
            listed = await browser.get(f"/drafts/{room.draft.id}/proposals")
            assert begun.id not in listed.text


async def test_shared_and_pledged(room: Cast, as_person: Sign, begun: Proposal) -> None:
    owner, partner = await as_person(room.norvale), await as_person(room.costamar)
    shared = {f"party-{room.parties['CTM'].id}": "1"}
    assert (await owner.post(f"/proposals/{begun.id}/share", shared)).status_code == 303
    page = await partner.get(f"/proposals/{begun.id}")
    assert "Shared by Norvale with Costamar" in page.text
    assert "Table it" not in page.text
    assert (await partner.post(f"/proposals/{begun.id}/pledge", {"joins": "1"})).status_code == 303
    assert (await partner.post(f"/proposals/{begun.id}/table")).status_code == 403
    assert (await partner.post(f"/proposals/{begun.id}/share")).status_code == 403
    listed = await partner.get(f"/drafts/{room.draft.id}/proposals")
    assert "Shared with you by Norvale" in listed.text
    done = await owner.post(f"/proposals/{begun.id}/table")
    seen = await (await as_person(room.observer)).get(done.headers["location"])
    assert "Costamar" in seen.text
    assert (await owner.post(f"/proposals/{begun.id}/share")).status_code == 303
    assert (await partner.get(f"/proposals/{begun.id}")).status_code == 404


async def test_put_away_and_taken_up(room: Cast, as_person: Sign, begun: Proposal) -> None:
    owner = await as_person(room.norvale)
    assert (await owner.post(f"/proposals/{begun.id}/discard")).status_code == 303
    listed = await owner.get(f"/drafts/{room.draft.id}/proposals")
    assert "1 put away" in listed.text
    page = await owner.get(f"/proposals/{begun.id}")
    assert "Take it up again" in page.text
    refused = await owner.post(f"/proposals/{begun.id}/table")
    assert refused.status_code == 409
    assert (await owner.post(f"/proposals/{begun.id}/discard", {"back": "1"})).status_code == 303
    assert (await owner.post(f"/proposals/{begun.id}/table")).status_code == 303


async def test_the_reason_can_change_before_it_is_tabled(
    store: Store, room: Cast, as_person: Sign, begun: Proposal
) -> None:
    owner = await as_person(room.norvale)
    await owner.post(f"/proposals/{begun.id}/reason", {"reason": "Storms and tides."})
    assert (await proposals.get(store, room.norvale, begun.id)).proposal.reason == "Storms and tides."
    await owner.post(f"/proposals/{begun.id}/table")
    assert (await owner.post(f"/proposals/{begun.id}/reason", {"reason": "Late."})).status_code == 409


async def test_a_new_wording_is_put_on_the_table(
    app: Starlette, room: Cast, as_person: Sign, begun: Proposal, tabled: str
) -> None:
    owner = await as_person(room.norvale)
    assert "Table the new wording" not in (await owner.get(f"/proposals/{begun.id}")).text
    edit = do.Edit(operation(), begun.clause_id or "", 1, "those that warn of storms.")
    await app.state.hub.perform(room.norvale, begun.id, edit)
    assert "Table the new wording" in (await owner.get(f"/proposals/{begun.id}")).text
    assert (await owner.post(f"/proposals/{begun.id}/reword", {"reason": "Shorter."})).status_code == 303
    page = await (await as_person(room.observer)).get(tabled)
    assert "wording 2" in page.text
    assert "Shorter." in page.text


async def test_a_stale_one_waits_for_its_owner(
    app: Starlette, room: Cast, as_person: Sign, begun: Proposal, tabled: str
) -> None:
    edit = do.Edit(operation(), begun.clause_id or "", 0, "those that warn of tides.")
    await app.state.hub.perform(room.chair, room.draft.id, edit)
    owner, other = await as_person(room.norvale), await as_person(room.costamar)
    assert "Still valid as it is" in (await owner.get(tabled)).text
    assert "Still valid as it is" not in (await other.get(tabled)).text
    own = await owner.get(f"/proposals/{begun.id}")
    assert "The same words changed" in own.text
    assert "those that warn of tides." in own.text
    assert (await other.post(f"{tabled}/review")).status_code == 404
    assert (await owner.post(f"/proposals/{begun.id}/take-in")).status_code == 409
    assert (await owner.post(f"{tabled}/review")).status_code == 303
    assert "Still valid as it is" not in (await owner.get(tabled)).text


async def test_sponsors_join_and_leave(room: Cast, as_person: Sign, tabled: str) -> None:
    partner = await as_person(room.costamar)
    assert "Join as a sponsor" in (await partner.get(tabled)).text
    assert (await partner.post(f"{tabled}/sponsor", {"joins": "1"})).status_code == 303
    assert "Leave the sponsors" in (await partner.get(tabled)).text
    assert (await partner.post(f"{tabled}/sponsor", {"joins": "0"})).status_code == 303
    page = await (await as_person(room.observer)).get(tabled)
    assert "Joined as a sponsor" in page.text
    assert "Left the sponsors" in page.text
    assert "Join as a sponsor" not in page.text
    assert (await (await as_person(room.norvale)).post(f"{tabled}/sponsor", {"joins": "1"})).status_code == 409


async def test_the_chair_takes_it_in(store: Store, room: Cast, as_person: Sign, tabled: str) -> None:
    chair = await as_person(room.chair)
    page = await chair.get(tabled)
    assert "Take it into the text" in page.text
    assert "Take it into the text" not in (await (await as_person(room.norvale)).get(tabled)).text
    again = await chair.post(f"{tabled}/accept", {"number": "7", "part": "whole"})
    assert again.status_code == 409
    done = await chair.post(f"{tabled}/accept", {"number": "0", "part": "whole", "reason": "Agreed by all."})
    assert done.status_code == 303
    state, _ = await drafts.state(store, room.chair, room.draft.id)
    assert state.standing()[4].text == STORMS
    page = await (await as_person(room.norvale)).get(tabled)
    assert "Accepted" in page.text
    assert "Agreed by all." in page.text
    listed = await chair.get(f"/drafts/{room.draft.id}/proposals")
    assert "P 1" not in listed.text
    assert "P 1" in (await chair.get(f"/drafts/{room.draft.id}/proposals?all=1")).text


async def test_part_of_it_is_taken_in(app: Starlette, store: Store, room: Cast, as_person: Sign) -> None:
    wish = Wish("modify", await clause(store, room), text="those which warn of floods and storms.")
    made = await proposals.begin(store, room.costamar, room.draft.id, wish)
    await proposals.table(store, app.state.hub.perform, room.costamar, made.id)
    chair, at = await as_person(room.chair), f"/drafts/{room.draft.id}/proposals/{made.id}"
    assert 'name="hunk-1"' in (await chair.get(at)).text
    done = await chair.post(f"{at}/accept", {"number": "0", "part": "part", "hunk-1": "1"})
    assert done.status_code == 303
    state, _ = await drafts.state(store, room.chair, room.draft.id)
    assert state.standing()[4].text == STORMS
    assert "Accepted in part" in (await chair.get(at)).text


async def test_two_are_merged(app: Starlette, store: Store, room: Cast, as_person: Sign, tabled: str) -> None:
    wish = Wish("modify", await clause(store, room), text="those which warn of floods.")
    made = await proposals.begin(store, room.costamar, room.draft.id, wish)
    await proposals.table(store, app.state.hub.perform, room.costamar, made.id)
    chair = await as_person(room.chair)
    assert f'name="with-{made.id}"' in (await chair.get(tabled)).text
    done = await chair.post(f"{tabled}/accept", {"number": "0", "part": "whole", f"with-{made.id}": "1"})
    assert done.status_code == 303
    state, _ = await drafts.state(store, room.chair, room.draft.id)
    assert state.standing()[4].text == "those which warn of floods and storms."
    page = await chair.get(f"/drafts/{room.draft.id}/proposals/{made.id}")
    assert "into P 1" in page.text


async def test_an_outcome_is_offered_and_answered(room: Cast, as_person: Sign, tabled: str) -> None:
    chair, owner = await as_person(room.chair), await as_person(room.norvale)
    offer = {"text": "those that warn of floods, also of storms.", "note": "Softer."}
    assert (await chair.post(f"{tabled}/offer", offer)).status_code == 303
    page = await owner.get(tabled)
    assert "Your answer to the offer" in page.text
    assert "Your answer to the offer" not in (await chair.get(tabled)).text
    assert (await owner.post(f"{tabled}/answer", {"accepts": "1", "note": "Fine with us."})).status_code == 303
    page = await (await as_person(room.observer)).get(tabled)
    assert "accepted by Norvale" in page.text
    assert "Fine with us." in page.text


async def test_not_retained_and_withdrawn(
    app: Starlette, store: Store, room: Cast, as_person: Sign, begun: Proposal, tabled: str
) -> None:
    chair, owner = await as_person(room.chair), await as_person(room.norvale)
    assert (await owner.post(f"{tabled}/not-retain")).status_code == 403
    assert (await chair.post(f"{tabled}/withdraw")).status_code == 403
    assert (await chair.post(f"{tabled}/not-retain", {"reason": "Said elsewhere."})).status_code == 303
    assert "Said elsewhere." in (await owner.get(tabled)).text
    assert (await owner.post(f"{tabled}/withdraw")).status_code == 409
    second = await proposals.begin(store, room.norvale, room.draft.id, Wish("delete", begun.clause_id))
    await proposals.table(store, app.state.hub.perform, room.norvale, second.id)
    done = await owner.post(f"/proposals/{second.id}/withdraw", {"reason": "No need."})
    assert "No need." in (await chair.get(done.headers["location"])).text


async def test_what_the_draft_opens_is_what_is_seen(app: Starlette, room: Cast, as_person: Sign, tabled: str) -> None:
    await app.state.hub.perform(room.chair, room.draft.id, do.SetDraft(operation(), proposals=Openness.DELEGATIONS))
    observer = await as_person(room.observer)
    assert (await observer.get(tabled)).status_code == 404
    listed = await observer.get(f"/drafts/{room.draft.id}/proposals")
    assert "storms" not in listed.text
    assert "P 1" not in listed.text
    assert (await (await as_person(room.costamar)).get(tabled)).status_code == 200


async def test_the_table_waits_for_the_second_reading(
    app: Starlette, store: Store, room: Cast, as_person: Sign
) -> None:
    await app.state.hub.perform(room.chair, room.draft.id, do.SetDraft(operation(), stage=Stage.FIRST_READING))
    delegate, where = await as_person(room.norvale), await clause(store, room)
    page = await delegate.get(f"/drafts/{room.draft.id}/proposals/new?clause={where}")
    assert "Table now" not in page.text
    assert "in the second reading" in page.text
    assert (await (await as_person(room.observer)).get(f"/drafts/{room.draft.id}/proposals/new")).status_code == 403
