"""What is private reaches nobody outside: a party's proposal before it is tabled. Unique strings stand in everything
about it, and everybody else walks through every door there is.

What comes back to others is compared with what came back before the proposal was there: not a byte may differ but what
a page says of its own moment (form tokens, times of use).
"""

from contextlib import AsyncExitStack

import pytest
import websockets
from starlette.applications import Starlette

from drafts import commands as do
from drafts.desk import brought, drafts, merges, people, proposals
from drafts.model import Mode
from drafts.outside import After
from drafts.store import Store
from server.hub import operation
from server.settings import Settings
from tests.cast import Cast, cast
from tests.server.canaries.walk import (
    COMMENT,
    REASON,
    REPLY,
    TEXT,
    WORDING,
    Walk,
    addresses,
    begun,
    canaries,
    clause_of,
    heard,
    names,
    same_as_nothing,
    silent,
    told,
)
from tests.server.served import serving


async def test_every_place_in_an_address_has_a_name(app: Starlette, room: Cast) -> None:
    assert addresses(app, names(room, "p", "c", "t"))


async def test_nobody_learns_of_a_private_proposal(
    app: Starlette, room: Cast, store: Store, outsiders: list[Walk], logged: pytest.LogCaptureFixture
) -> None:
    hub, clause = app.state.hub, await clause_of(store, room)
    await hub.perform(room.chair, room.draft.id, do.Issue(operation(), "Zero draft"))
    nowhere = addresses(app, names(room, "0000000000", clause, "0000000000"))
    before = {walk.name: await walk.through(nowhere) for walk in outsiders}

    made, thread = await begun(app, room)
    words = canaries(made, thread)
    walked = addresses(app, names(room, made.id, clause, thread))
    for walk in outsiders:
        answers = await walk.through(walked)
        assert told(answers, words) == []
        same_as_nothing(before[walk.name], answers, made.id, thread)

    await proposals.discard(store, hub.perform, room.norvale, made.id)
    for walk in outsiders[:3:2]:  # the chair and another delegation
        answers = await walk.through(walked)
        assert told(answers, words) == []
        same_as_nothing(before[walk.name], answers, made.id, thread)
    silent(logged)


async def test_a_partner_learns_and_the_others_do_not(
    app: Starlette, room: Cast, store: Store, outsiders: list[Walk], logged: pytest.LogCaptureFixture
) -> None:
    hub, clause = app.state.hub, await clause_of(store, room)
    made, thread = await begun(app, room)
    await proposals.share(store, hub.perform, room.norvale, made.id, [room.parties["CTM"].id])
    await proposals.pledge(store, hub.perform, room.costamar, made.id, joins=True)
    walked = addresses(app, names(room, made.id, clause, thread))
    for walk in outsiders:
        found = told(await walk.through(walked), canaries(made, thread))
        if walk.name == "costamar":
            assert {word.rpartition(" ")[2] for word in found} >= {TEXT, REASON, COMMENT, made.id}
            assert not [one for one in found if REPLY in one]  # said among Norvale's own people
        else:
            assert found == []

    await proposals.share(store, hub.perform, room.norvale, made.id, [])
    for walk in outsiders[:3:2]:  # the chair, and who was a partner
        assert told(await walk.through(walked), canaries(made, thread)) == []
    silent(logged)


async def test_nobody_learns_of_what_a_file_became(
    app: Starlette, room: Cast, store: Store, outsiders: list[Walk], logged: pytest.LogCaptureFixture
) -> None:
    hub, clause = app.state.hub, await clause_of(store, room)
    await hub.perform(room.chair, room.draft.id, do.SetDraft(operation(), mode=Mode.PEN))
    seq = (await store.load(room.draft.id)).draft.seq
    file = await merges.edited(store, room.norvale, room.draft.id, {clause: f"those that warn of {TEXT}."}, After(seq))
    kept = await brought.keep(store, room.norvale, room.draft.id, f"{REASON}.docx", file, "merge")
    (made,) = (await merges.apply(store, hub.perform, room.norvale, kept.id)).proposals
    walked = addresses(app, names(room, made, clause, "none") | {"brought_id": (kept.id,), "edits": (kept.id,)})
    for walk in outsiders[::2]:
        assert told(await walk.through(walked), [TEXT.encode(), REASON.encode(), made.encode(), kept.id.encode()]) == []
    assert (await store.load(room.draft.id)).draft.seq == seq
    silent(logged)


async def test_what_is_said_after_tabling_stays_private(
    app: Starlette, room: Cast, store: Store, outsiders: list[Walk], logged: pytest.LogCaptureFixture
) -> None:
    hub, clause = app.state.hub, await clause_of(store, room)
    made, thread = await begun(app, room)
    await proposals.table(store, hub.perform, room.norvale, made.id)
    state, _ = await drafts.state(store, room.norvale, made.id)
    own = state.standing()[0]
    await hub.perform(room.norvale, made.id, do.Edit(operation(), own.id, own.number, f"those that warn of {WORDING}."))
    walked = addresses(app, names(room, made.id, clause, thread))
    private = [word.encode() for word in (COMMENT, REPLY, WORDING, thread)]
    for walk in outsiders[:4]:
        answers = await walk.through(walked)
        assert told(answers, private) == []
        own_doors = [a for a in answers if f"/drafts/{made.id}" in a or f"/proposals/{made.id}" in a]
        for address in (a for a in own_doors if f"/drafts/{room.draft.id}" not in a):
            assert answers[address][0] in {303, 401, 404, 422}  # 422: what is asked is not even a question
    tabled = await outsiders[2].http.get(f"/drafts/{room.draft.id}/proposals/{made.id}")
    assert TEXT in tabled.text
    silent(logged)


# ── live ──


async def ends(socket: websockets.ClientConnection) -> int:
    """The code with which the server closes it."""
    await socket.wait_closed()
    return socket.close_code or 0


async def test_no_frame_tells_of_it(settings: Settings) -> None:
    async with serving(settings) as (address, app), AsyncExitStack() as stack:
        store, hub = app.state.store, app.state.hub
        room = await cast(store)

        async def listen(person: str, draft: str) -> websockets.ClientConnection:
            secret = await people.open_session(store, person)
            headers = {"Cookie": f"adref={secret}", "Origin": f"http://{address}"}
            connecting = websockets.connect(f"ws://{address}/ws/drafts/{draft}", additional_headers=headers)
            return await stack.enter_async_context(connecting)

        others = [room.chair, room.secretary, room.costamar, room.observer]
        parent = [await listen(person, room.draft.id) for person in others]
        for socket in parent:
            await heard(socket, '"welcome"')
        made, thread = await begun(app, room)
        own = await listen(room.norvale_second, made.id)
        await heard(own, '"welcome"')
        for person in [*others, room.stranger]:
            with pytest.raises(websockets.InvalidStatus):
                await listen(person, made.id)
        state, _ = await drafts.state(store, room.norvale, made.id)
        clause = state.standing()[0]
        again = do.Edit(operation(), clause.id, clause.number, f"those that warn of {WORDING}.")
        await hub.perform(room.norvale, made.id, again)
        assert WORDING in await heard(own, '"edit"')

        await proposals.share(store, hub.perform, room.norvale, made.id, [room.parties["CTM"].id])
        partner = await listen(room.costamar, made.id)
        await heard(partner, '"welcome"')
        await proposals.share(store, hub.perform, room.norvale, made.id, [])
        assert await ends(partner) == 4403

        await proposals.discard(store, hub.perform, room.norvale, made.id)
        await hub.perform(room.chair, room.draft.id, do.SetDraft(operation(), title="After all"))
        for socket in parent:
            said = await heard(socket, "After all")
            assert not [word for word in canaries(made, thread) if word.decode() in said]
            assert '"seq":2' in said  # the draft's own numbers went on by this one act
