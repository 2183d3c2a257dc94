"""The record of a draft: lines in plain words, pages of them, filters, and nothing of comments."""

import re
from collections.abc import Awaitable, Callable

import pytest
from starlette.applications import Starlette

from drafts import commands as do
from drafts.desk import drafts, live, record
from drafts.desk.record import Place
from drafts.model import Mode, Openness, ProposalKind, Stance
from drafts.model import Place as Where
from drafts.store import Store
from server.hub import operation
from tests.cast import Cast
from tests.server.conftest import Browser

Sign = Callable[[str], Awaitable[Browser]]
ACTS = re.compile(r'id="a-(\d+)"')


@pytest.fixture
async def ids(app: Starlette, room: Cast, store: Store) -> list[str]:
    """One act of nearly every kind, a comment among them; acts 2 and 3 are one run of Norvale's."""
    hub, draft = app.state.hub, room.draft.id
    ids = [clause.id for clause in (await drafts.state(store, room.chair, draft))[0].standing()]
    acts: list[tuple[str, do.Command]] = [
        (room.norvale, do.Edit(operation(), ids[1], 0, "*Recalling* that the great lakes are shared,")),
        (room.norvale, do.Edit(operation(), ids[1], 1, "*Recalling* that the great blue lakes are shared,")),
        (room.norvale, do.OpenThread(operation(), Where.CLAUSE, "A canary.", clause=ids[1])),
        (room.costamar, do.Edit(operation(), ids[1], 2, "*Recalling* that the blue lakes are shared,")),
        (room.costamar, do.Insert(operation(), ids[4], texts=("States should <b>listen</b>.",))),
        (room.costamar, do.Split(operation(), ids[3], 0, 19)),
        (room.chair, do.Join(operation(), ids[4])),
        (room.chair, do.Delete(operation(), ids[2], "Said <elsewhere>.")),
        (room.chair, do.Restore(operation(), ids[2])),
        (room.chair, do.Lock(operation(), ids[2], "agreed_ad_ref")),
        (room.chair, do.Lock(operation(), ids[2], "open", "Not yet.")),
        (room.chair, do.SetDraft(operation(), symbol="LS/2", mode=Mode.PEN)),
        (room.chair, do.Issue(operation(), "Rev.1")),
        (room.chair, do.Delete(operation(), ids[5], "")),
    ]
    for person, command in acts:
        await hub.perform(person, draft, command)
    return ids


@pytest.mark.usefixtures("ids")
async def test_what_happened_is_told_in_plain_words(room: Cast, as_person: Sign) -> None:
    page = (await (await as_person(room.observer)).get(f"/drafts/{room.draft.id}/record")).text
    for told in (
        "Text brought in", "PP1 edited", "2 words in", "Norvale", "Ines Valder", "great blue",
        "6 characters out", "States should &lt;b&gt;listen&lt;/b&gt;.", "split; its second part is",
        "A clause joined to",
        "OP1 deleted", "Reason: Said &lt;elsewhere&gt;.", "OP1 restored", "OP1: agreed ad ref", "OP1 re-opened",
        "Symbol: LS/2", "Version issued", "Rev.1", "(deleted) ينبغي",
    ):  # fmt: skip
        assert told in page, told


@pytest.mark.usefixtures("ids")
async def test_no_line_and_no_place_tells_of_a_comment(room: Cast, as_person: Sign) -> None:
    chair, path = await as_person(room.chair), f"/drafts/{room.draft.id}/record"
    page = (await chair.get(path)).text
    acts = sorted(map(int, ACTS.findall(page)))
    assert 4 not in acts  # the mark
    assert {1, 2, 3, 5} <= set(acts)
    assert "canary" not in page
    asked, never = [(await chair.get(f"{path}?at={at}")).text for at in (4, 99999)]
    assert 'aria-current="true"' not in asked + never
    assert 'id="a-3" aria-current' not in (await chair.get(f"{path}?at=3")).text  # in the run that begins with act 2
    assert 'id="a-2" aria-current="true"><span id="a-3">' in (await chair.get(f"{path}?at=3")).text
    assert (await chair.get(f"{path}?at=-1")).status_code == 422


async def test_filters_combine(ids: list[str], room: Cast, as_person: Sign) -> None:
    chair, path = await as_person(room.chair), f"/drafts/{room.draft.id}/record"
    party = room.parties["CTM"].id
    of_clause = ACTS.findall((await chair.get(f"{path}?clause={ids[1]}")).text)
    assert sorted(map(int, of_clause)) == [1, 2, 3, 5]
    both = (await chair.get(f"{path}?clause={ids[1]}&party={party}")).text
    assert ACTS.findall(both) == ["5"]
    assert f'value="{party}" selected' in both
    joined = ACTS.findall((await chair.get(f"{path}?clause={ids[4]}")).text)
    assert len(joined) == 2  # brought in, and joined to another
    assert "Nothing is recorded here." in (await chair.get(f"{path}?clause=nothing")).text


@pytest.mark.usefixtures("ids")
async def test_pages_hold_every_public_act_once_up_and_down(
    room: Cast, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "MOST_LINES", 3)
    monkeypatch.setattr(record, "_AROUND", 1)
    draft, down, up = room.draft.id, [], []
    place: Place | None = Place()
    while place is not None:
        page = await record.page(store, room.observer, draft, place)
        assert len(page.lines) <= 3
        down += [act.seq for line in page.lines for act in reversed(line.acts)]
        place = Place(before=page.older) if page.older is not None else None
    place = Place(after=0)
    while place is not None:
        page = await record.page(store, room.observer, draft, place)
        up += [act.seq for line in reversed(page.lines) for act in line.acts]
        place = Place(after=page.newer) if page.newer is not None else None
    public = [act.seq for act in await store.acts(draft, 0) if live.public(act)]
    assert down == public[::-1]
    assert up == public
    for seq in public:
        page = await record.page(store, room.observer, draft, Place(at=seq))
        assert seq in [act.seq for line in page.lines for act in line.acts]


@pytest.mark.usefixtures("ids")
async def test_it_is_nothing_to_observers_of_a_closed_draft(room: Cast, app: Starlette, as_person: Sign) -> None:
    observer, path = await as_person(room.observer), f"/drafts/{room.draft.id}/record"
    assert (await observer.get(path)).status_code == 200
    await app.state.hub.perform(room.chair, room.draft.id, do.SetDraft(operation(), observers=False))
    assert (await observer.get(path)).status_code == 404
    assert (await (await as_person(room.stranger)).get(path)).status_code == 404


# ── what is negotiated ──

CANARY = "A heron stands for it."


@pytest.fixture
async def negotiated(app: Starlette, room: Cast, store: Store) -> str:
    """A proposal of Norvale's; Costamar's positions, more than are read at once; markings and a stage."""
    hub, draft = app.state.hub, room.draft.id
    ids = [clause.id for clause in (await drafts.state(store, room.chair, draft))[0].standing()]
    old = "*Recalling* that the lakes are shared,"
    table = do.Table(
        operation(), "p-1", ProposalKind.MODIFY, ids[1], 0, old, f"{old[:-1]} and deep,", reason="They are."
    )
    acts: list[tuple[str, do.Command]] = [
        (room.norvale, table),
        (room.costamar, do.TakePosition(operation(), "p-1", Stance.RESERVE, CANARY, wording=1)),
        (room.costamar, do.TakePosition(operation(), "p-1", Stance.CAN_ACCEPT, wording=1)),
        (room.costamar, do.TakePosition(operation(), ids[2], Stance.CONDITIONAL, condition=ids[1])),
        (room.chair, do.Lock(operation(), ids[3], "agreed_ad_ref")),
        (room.costamar, do.Object(operation(), ids[3], "The capital has not spoken.")),
        (room.chair, do.SetDraft(operation(), positions=Openness.DELEGATIONS, proposals=Openness.DELEGATIONS)),
        (room.norvale, do.Withdraw(operation(), "p-1", "It is said elsewhere.")),
    ]
    stances = (Stance.SUPPORT, Stance.CAN_ACCEPT)
    acts += [(room.costamar, do.TakePosition(operation(), ids[2], stances[n % 2])) for n in range(60)]
    for person, command in acts:
        await hub.perform(person, draft, command)
    return ids[2]


@pytest.mark.usefixtures("negotiated")
async def test_what_is_negotiated_is_told_in_plain_words(room: Cast, as_person: Sign) -> None:
    norvale = await as_person(room.norvale)
    page = (await norvale.get(f"/drafts/{room.draft.id}/record?at=2")).text
    for told in (
        "Proposal 1 tabled on PP1", "Reason: They are.", "modify", "and deep,", "Reserve on proposal 1", CANARY,
        "Reserve on proposal 1 → Can accept", "Conditional on OP1", "Depends on PP1", "(a): agreed ad ref",
        "Objection to", "being marked as agreed", "Reason: The capital has not spoken.", ": under discussion",
        "Proposals are seen by: delegations", "Proposal 1 withdrawn",
    ):  # fmt: skip
        assert told in page, told


@pytest.mark.usefixtures("negotiated")
async def test_the_record_holds_for_each_what_they_may_hear_of_and_no_trace_of_the_rest(
    room: Cast, as_person: Sign, app: Starlette
) -> None:
    observer, path = await as_person(room.observer), f"/drafts/{room.draft.id}/record"
    page = (await observer.get(path)).text
    assert "under discussion" in page  # what is open to all
    assert "Objection to" in page
    for never in (CANARY, "roposal 1", "Can accept", "Conditional", "and deep"):
        assert never not in page, never
    assert 'rel="prev"' not in page  # sixty acts came after the last that is told
    assert 'rel="next"' not in page
    assert max(map(int, ACTS.findall(page))) < 12
    await app.state.hub.perform(room.chair, room.draft.id, do.SetDraft(operation(), positions=Openness.LEADS))
    norvale, costamar = await as_person(room.norvale), await as_person(room.costamar)
    assert "Can accept" not in (await norvale.get(path)).text
    assert "Can accept" in (await costamar.get(path)).text
    assert CANARY in (await costamar.get(f"{path}?at=3")).text
    assert CANARY in (await (await as_person(room.chair)).get(f"{path}?at=3")).text


@pytest.mark.usefixtures("negotiated")
async def test_the_log_of_the_api_too(room: Cast, as_person: Sign) -> None:
    path = f"/api/v1/drafts/{room.draft.id}/acts"
    kinds = {}
    for who in (room.observer, room.norvale):
        acts = (await (await as_person(who)).get(path)).json()["acts"]
        kinds[who] = {act["k"] for act in acts}
        assert (CANARY in str(acts)) == (who == room.norvale)
    assert kinds[room.norvale] - kinds[room.observer] == {"table", "position", "withdraw"}
    assert {"object", "lock", "set"} <= kinds[room.observer]
