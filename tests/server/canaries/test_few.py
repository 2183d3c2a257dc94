"""What is said on the table among a few is told to them alone, in every answer and in every frame."""

import re
from contextlib import AsyncExitStack
from functools import partial

import pytest
import websockets
from starlette.applications import Starlette

from drafts import commands as do
from drafts.desk import drafts, forums, people, proposals, silence
from drafts.desk.proposals import Wish
from drafts.model import BracketReason, Openness, Stance
from drafts.store import Store
from server.hub import operation
from server.settings import Settings
from tests.cast import Cast, cast
from tests.server.canaries.walk import (
    COMMENT,
    NOTE,
    REASON,
    REPLY,
    TEXT,
    WORDING,
    WORDS,
    Walk,
    addresses,
    clause_of,
    heard,
    names,
    same_as_nothing,
    silent,
    told,
)
from tests.server.served import serving


async def open_to_few(app: Starlette, room: Cast) -> str:
    """Only those who lead see others' proposals, positions and breaks of a silence. A silence was broken by the chair,
    and Costamar has a proposal on the table: its id."""
    store, hub, draft = app.state.store, app.state.hub, room.draft.id
    few = Openness.LEADS
    await forums.set_rules(store, room.chair, room.forum.id, forums.Rules(3600, few))
    await hub.perform(room.chair, draft, do.SetDraft(operation(), proposals=few, positions=few))
    await hub.perform(room.chair, draft, do.Issue(operation(), "Zero draft"))
    deadline = hub.present_ms() + 2 * 3_600_000
    await hub.perform(room.chair, draft, await silence.starting(store, room.chair, draft, operation(), deadline, ""))
    await hub.perform(room.chair, draft, await breaking(app, room, "Not yet."))
    wish = Wish("modify", await clause_of(store, room), text="those that warn of storms.")
    made = await proposals.begin(store, room.costamar, draft, wish)
    await proposals.table(store, hub.perform, room.costamar, made.id)
    return made.id


async def breaking(app: Starlette, room: Cast, reason: str) -> do.BreakSilence:
    state, _ = await drafts.state(app.state.store, room.chair, room.draft.id)
    return do.BreakSilence(operation(), state.floor.silences[-1].id, reason)


async def said_among_few(app: Starlette, room: Cast, rival: str) -> str:
    """Norvale and the chair say all that can be said on the table to those who lead, and Norvale something to itself
    alone; the id of Norvale's proposal."""
    store, hub, draft = app.state.store, app.state.hub, room.draft.id
    norvale, chair = partial(hub.perform, room.norvale, draft), partial(hub.perform, room.chair, draft)
    state, _ = await drafts.state(store, room.chair, draft)
    bracketed, clause = state.standing()[2], state.standing()[4]
    wish = Wish("modify", clause.id, reason=REASON, text=f"those that warn of {TEXT}.")
    made = await proposals.begin(store, room.norvale, draft, wish)
    await proposals.table(store, hub.perform, room.norvale, made.id)
    await norvale(do.Revise(operation(), made.id, clause.number, f"those that warn of {WORDING}.", REASON))
    await chair(do.Offer(operation(), (made.id,), f"those that warn of {TEXT} {WORDING}.", COMMENT))
    await norvale(do.Answer(operation(), made.id, False, REPLY))
    for on in (clause.id, bracketed.id):
        await norvale(do.TakePosition(operation(), on, Stance.OPPOSE, COMMENT))
    await norvale(do.TakePosition(operation(), clause.id, None))
    await chair(do.TakePosition(operation(), rival, Stance.RESERVE, COMMENT, wording=1))
    at = bracketed.text.index("[")
    note = do.PutBracket(
        operation(), bracketed.id, bracketed.number, at, at, BracketReason.TACTICAL, words=NOTE, private=True
    )
    await norvale(note)
    await norvale(await breaking(app, room, REASON))
    await chair(do.NotRetain(operation(), made.id, REASON))
    return made.id


async def many(app: Starlette, room: Cast) -> None:
    """So many acts that the number of the last looks like nothing else on a page."""
    for number in range(70):
        await app.state.hub.perform(room.chair, room.draft.id, do.SetDraft(operation(), symbol=f"LS/{number % 2}"))


async def test_what_is_said_among_few_is_told_to_them_alone(
    app: Starlette, room: Cast, store: Store, outsiders: list[Walk], logged: pytest.LogCaptureFixture
) -> None:
    rival, clause = await open_to_few(app, room), await clause_of(store, room)
    await many(app, room)
    others = [walk for walk in outsiders if walk.name in {"costamar", "observer", "nobody"}]
    nowhere = addresses(app, names(room, "0000000000", clause, "0000000000"))
    then = (await store.load(room.draft.id)).draft.seq
    before = {walk.name: await walk.through(nowhere) for walk in others}

    made = await said_among_few(app, room, rival)
    now = (await store.load(room.draft.id)).draft.seq
    walked = addresses(app, names(room, made, clause, "0000000000"))
    for walk in others:
        answers = await walk.through(walked)
        assert told(answers, [word.encode() for word in (*WORDS, NOTE, made)]) == []
        last = re.compile(rb"\b(%d|%d)\b" % (then, now))  # what others only hear makes the draft's numbers go on
        told_then, told_now = (
            {address: (code, last.sub(b"LAST", said)) for address, (code, said) in found.items()}
            for found in (before[walk.name], answers)
        )
        same_as_nothing(told_then, told_now, made, "0000000000")
    leads = [walk for walk in outsiders if walk.name in {"chair", "secretary"}]
    for walk in leads:
        said = b"".join(content for _, content in (await walk.through(walked)).values())
        assert {word for word in (*WORDS, NOTE) if word.encode() in said} == set(WORDS)  # whom it is open to
    silent(logged)


# ── live ──


async def test_no_frame_tells_what_is_said_among_few(settings: Settings) -> None:
    async with serving(settings) as (address, app), AsyncExitStack() as stack:
        room = await cast(app.state.store)
        rival = await open_to_few(app, room)
        listening = []
        for person in (room.costamar, room.observer, room.chair):
            secret = await people.open_session(app.state.store, person)
            headers = {"Cookie": f"adref={secret}", "Origin": f"http://{address}"}
            connecting = websockets.connect(f"ws://{address}/ws/drafts/{room.draft.id}", additional_headers=headers)
            listening.append(await stack.enter_async_context(connecting))
            await heard(listening[-1], '"welcome"')
        made = await said_among_few(app, room, rival)
        await app.state.hub.perform(room.chair, room.draft.id, do.SetDraft(operation(), title="After all"))
        assert NOTE not in await heard(listening.pop(), "After all")
        for socket in listening:
            said = await heard(socket, "After all")
            assert not [word for word in (*WORDS, made) if word in said]
            assert '"t":"floor"' not in said
            assert '"people":{' not in said.replace("After all", "").partition('"k":"set"')[0]
