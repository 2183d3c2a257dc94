"""What is private reaches nobody outside: a party's proposal before it is tabled, and what is said on the table among
a few. Unique strings stand in everything about it, and everybody else walks through every door there is.

The walk goes over the application's own table of routes, so a new door is walked through without a line here. What
comes back to others is compared with what came back before the proposal was there: not a byte may differ but what a
page says of its own moment (form tokens, times of use).
"""

import logging
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
import pytest
import websockets
from starlette.applications import Starlette
from starlette.routing import Route

from drafts import commands as do
from drafts.desk import brought, drafts, forums, merges, people, proposals, silence
from drafts.desk.proposals import Wish
from drafts.model import Audience, BracketReason, Mode, Openness, Place, Proposal, Stance
from drafts.outside import After
from drafts.store import Store
from server.api import routes
from server.api.routes import V1
from server.hub import operation
from server.settings import Settings
from tests.cast import Cast, cast
from tests.server.conftest import ORIGIN, Browser
from tests.server.served import serving
from tests.server.test_doors import DOORS

WORDS = ("Quarzlumen", "Brindelfax", "Oxtervane", "Plimsorrow", "Zephridge")
TEXT, REASON, COMMENT, REPLY, WORDING = WORDS
NOTE = "Vexlimber"  # what a party says to itself alone, about a bracket
Sign = Callable[[str], Awaitable[Browser]]
Sent = tuple[str, str, dict[str, Any]]  # method, address, and what is sent there

# What a place in an address may stand for besides the proposal: things that are there and open to all.
_FILES = ("md", "docx")
_ONLY_HERE = re.compile(  # what a page says of its own moment
    r'name="csrf" value="[^"]*"|"csrf":"[^"]*"|name="id" value="[^"]*"|"used_at":\d+|datetime="[^"]*"|\d\d:\d\d'
)


@dataclass(slots=True)
class Walk:
    """Who looks, and what everything answered: address to status and bytes."""

    name: str
    http: httpx.AsyncClient
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    async def through(self, addresses: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        """Every address once."""
        self.answers = {}
        for address in addresses:
            answer = await self.http.get(address)
            self.answers[address] = (answer.status_code, answer.content)
        return self.answers


def patterns(app: Starlette) -> list[str]:
    """The addresses that can be looked at, as the application knows them."""
    return [
        route.path
        for route in app.routes
        if isinstance(route, Route) and "GET" in (route.methods or ()) and ":path" not in route.path
    ]


def addresses(app: Starlette, names: dict[str, Sequence[str]]) -> list[str]:
    """Every pattern with every thing that its places may stand for. A place that nobody named fails."""
    found: list[str] = []
    for pattern in patterns(app):
        made = [pattern]
        for place in re.findall(r"{(\w+)}", pattern):
            made = [one.replace(f"{{{place}}}", value) for one in made for value in names[place]]
        found += made
        found += [f"{one}?format={form}&version=live" for one in made if one.endswith("/export") for form in _FILES]
        sides = [f"?old=live&new=proposal-{proposal}" for proposal in names["proposal"]]
        found += [one + side for one in made if one.endswith(("/compare", "/comparison", "/removed")) for side in sides]
        found += [f"{one}?party={names['party'][0]}" for one in made if one.endswith(("/positions", "/record"))]
    return found


def names(room: Cast, proposal: str, clause: str, thread: str) -> dict[str, Sequence[str]]:
    """What the places stand for: the forum's things, and in the place of each the proposal."""
    draft = (room.draft.id, proposal)
    return {
        "forum_id": (room.forum.id,),
        "forum": (room.forum.id,),
        "draft_id": draft,
        "draft": draft,
        "proposal_id": (proposal,),
        "proposal": (proposal,),
        "tabled": (proposal,),
        "on": (proposal, clause),
        "number": ("1",),
        "clause": (clause,),
        "clause_id": (clause,),
        "thread": (thread,),
        "thread_id": (thread,),
        "brought_id": (proposal,),
        "edits": (proposal,),
        "person": (room.norvale,),
        "invitation": ("none",),
        "secret": ("none",),
        "hash": ("x",),
        "procedure_id": ("latest",),
        "procedure": ("latest",),
        "party": (room.parties["NVL"].id,),
    }


def canaries(proposal: Proposal, *threads: str) -> list[bytes]:
    """What must stand nowhere."""
    return [word.encode() for word in (*WORDS, proposal.id, *threads)]


def told(answers: dict[str, tuple[int, bytes]], asked: Sequence[bytes]) -> list[str]:
    """The addresses whose answers say one of the words, but for an address that an answer repeats to who sent it."""
    return [
        f"{address}: {word.decode()}"
        for address, (_, content) in answers.items()
        for word in asked
        if word in (content.replace(address.encode(), b"") if word.decode() in address else content)
    ]


async def clause_of(store: Store, room: Cast) -> str:
    state, _ = await drafts.state(store, room.chair, room.draft.id)
    return state.standing()[4].id


async def begun(app: Starlette, room: Cast) -> tuple[Proposal, str]:
    """Norvale's private proposal with canaries in text, reason, comment and reply; the id of its thread."""
    store, hub = app.state.store, app.state.hub
    wish = Wish("modify", await clause_of(store, room), reason=REASON, text=f"those that warn of {TEXT}.")
    made = await proposals.begin(store, room.norvale, room.draft.id, wish)
    state, _ = await drafts.state(store, room.norvale, made.id)
    clause = state.standing()[0]
    say = do.OpenThread(operation(), Place.SPAN, COMMENT, clause.id, clause.number, 0, 5, Audience.EVERYONE)
    thread = (await hub.perform(room.norvale, made.id, say)).threads[0]
    whole = do.OpenThread(operation(), Place.DRAFT, REPLY, audience=Audience.PARTY)
    await hub.perform(room.norvale_second, made.id, whole)
    return made, thread.id


@pytest.fixture
async def outsiders(room: Cast, as_person: Sign, browser: Callable[[], Browser]) -> list[Walk]:
    """Everybody who is not of Norvale, and somebody who is not signed in."""
    everybody = ("chair", "secretary", "costamar", "observer", "stranger")
    signed = [Walk(name, (await as_person(getattr(room, name))).http) for name in everybody]
    return [*signed, Walk("nobody", browser().http)]


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG, logger="adref"), caplog.at_level(logging.DEBUG, logger="drafts"):
        yield caplog


def silent(logged: pytest.LogCaptureFixture) -> None:
    """Our own log names no word and no thread of it."""
    lines = [record.getMessage() for record in logged.records if record.name.startswith(("adref", "server", "drafts"))]
    assert not [line for line in lines for word in (*WORDS, NOTE) if word in line]


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


def same_as_nothing(
    before: dict[str, tuple[int, bytes]], after: dict[str, tuple[int, bytes]], proposal: str, thread: str
) -> None:
    """Each answer is what it was when there was no such proposal, counts and numbers of acts included."""
    for (address, then), (now_address, now) in zip(before.items(), after.items(), strict=True):
        assert now_address.replace(proposal, "0000000000").replace(thread, "0000000000") == address
        assert (address, then[0]) == (address, now[0])
        if now[1][:4] in {b"PK\x03\x04", b"%PDF"}:  # Word and PDF files hold the moment of their making
            continue
        assert plain(then[1]) == plain(now[1].replace(proposal.encode(), b"0" * 10).replace(thread.encode(), b"0" * 10))


def plain(content: bytes) -> str:
    return _ONLY_HERE.sub("", content.decode(errors="replace"))


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


# ── doors that change something ──


def requests(proposal: str, draft: str, clause: str) -> list[Sent]:
    """What can be sent, with the proposal in every place that an id can have."""
    named = dict.fromkeys(("proposal_id", "proposal", "tabled", "rival", "on", "brought_id", "edits"), proposal)
    named |= dict.fromkeys(("thread_id", "thread", "comment_id", "comment"), proposal)
    named |= {"clause": clause, "clause_id": clause, "bracketed": clause, "conflict": "1", "procedure": "latest"}
    known: list[Sent] = [("POST", door[5:], row.form) for door, row in DOORS.items() if door.startswith("POST /")]
    known += [(d.method, V1 + d.path, d.example or {}) for d in routes.DOORS if d.method not in {"GET", "DELETE"}]
    found: list[Sent] = []
    for method, path, sent in known:
        for one in (proposal, draft):
            address = filled(path, named | {"draft_id": one, "draft": one})
            body = {key: filled(value, named) for key, value in sent.items()}
            if "{" not in address and proposal in f"{address}{body}":
                found.append((method, address, body))
    position = {"t": "position", "on": proposal, "stance": "support", "wording": 1}
    commands = (position, position | {"stance": None}, {"t": "sponsor", "proposal": proposal})
    found += [("POST", f"{V1}/drafts/{one}/commands", sent) for one in (proposal, draft) for sent in commands]
    return found


def filled(sent: Any, named: dict[str, str]) -> Any:
    """With ids in the place of ``{names}``."""
    if isinstance(sent, list):
        return [filled(value, named) for value in sent]
    if not isinstance(sent, str):
        return sent
    for name, value in named.items():
        sent = sent.replace(f"{{{name}}}", value)
    return sent


async def asked(browser: Browser, token: str, method: str, address: str, sent: dict[str, Any]) -> tuple[int, str]:
    """What somebody is answered who sends this."""
    if not address.startswith("/api/"):
        answer = await browser.post(address, sent)
    else:
        body = sent | {"op": operation()} if "op" in sent or "t" in sent else sent
        headers = {"Authorization": f"Bearer {token}", "Origin": ORIGIN}
        answer = await browser.http.request(method, address, json=body, headers=headers)
    return answer.status_code, plain(answer.content)


async def test_no_door_tells_by_its_refusal_that_there_is_a_proposal(
    app: Starlette, room: Cast, store: Store, as_person: Sign
) -> None:
    clause = await clause_of(store, room)
    made, _ = await begun(app, room)
    seq = (await store.load(made.id)).draft.seq
    nothing = "0000000000"
    for person in (room.chair, room.costamar):
        browser, token = await as_person(person), await people.make_token(store, person, "walk")
        pairs = zip(requests(made.id, room.draft.id, clause), requests(nothing, room.draft.id, clause), strict=True)
        for there, nowhere in pairs:
            code, said = await asked(browser, token, *there)
            assert (there, code, said.replace(made.id, nothing)) == (there, *await asked(browser, token, *nowhere))
            assert code in {403, 404, 422}, there
    assert (await store.load(made.id)).draft.seq == seq


# ── on the table, among a few ──


async def open_to_few(app: Starlette, room: Cast) -> str:
    """Only those who lead see others' proposals, positions and breaks of a silence. A silence was broken by the chair,
    and Costamar has a proposal on the table: its id."""
    store, hub, draft = app.state.store, app.state.hub, room.draft.id
    few = Openness.LEADS
    await forums.set_rules(store, room.chair, room.forum.id, 3600, few)
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


async def heard(socket: websockets.ClientConnection, until: str) -> str:
    """Everything up to a frame that has a word."""
    told_ = ""
    while until not in told_:
        told_ += str(await socket.recv())
    return told_


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
