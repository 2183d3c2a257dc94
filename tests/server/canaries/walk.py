"""Canaries: words that stand in what is private, and a walk by others through every door there is.

The walk goes over the application's own table of routes, so a new door is walked through without a line here.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import websockets
from starlette.applications import Starlette
from starlette.routing import Route

from drafts import commands as do
from drafts.desk import drafts, proposals
from drafts.desk.proposals import Wish
from drafts.model import Audience, Place, Proposal
from drafts.store import Store
from server.hub import operation
from tests.cast import Cast
from tests.server.conftest import Browser

WORDS = ("Quarzlumen", "Brindelfax", "Oxtervane", "Plimsorrow", "Zephridge")
TEXT, REASON, COMMENT, REPLY, WORDING = WORDS
NOTE = "Vexlimber"  # what a party says to itself alone, about a bracket
Sign = Callable[[str], Awaitable[Browser]]
Sent = tuple[str, str, dict[str, Any]]  # method, address, and what is sent there

# What a place in an address may stand for besides the proposal: things that are there and open to all.
_FILES = ("md", "docx")
_ONLY_HERE = re.compile(  # what a page says of its own moment
    r'name="csrf" value="[^"]*"|"csrf":"[^"]*"|name="id" value="[^"]*"|"used_at":\d+|datetime="[^"]*"|'
    r'name="read_at" value="\d+"|\d\d:\d\d(?::\d\d(?:\.\d+)?)?'
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
        for place, name in re.findall(r"({(\w+)(?::\w+)?})", pattern):
            made = [one.replace(place, value) for one in made for value in names[name]]
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
        "round_id": (proposal,),
        "round": (proposal,),
        "key": ("none",),
        "notice_id": (proposal,),
        "bundle_id": (proposal,),
        "contribution_id": (proposal,),
        "application_key": (proposal,),
        "form": ("json",),
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


def silent(logged: pytest.LogCaptureFixture) -> None:
    """Our own log names no word and no thread of it."""
    lines = [record.getMessage() for record in logged.records if record.name.startswith(("adref", "server", "drafts"))]
    assert not [line for line in lines for word in (*WORDS, NOTE) if word in line]


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


async def heard(socket: websockets.ClientConnection, until: str) -> str:
    """Everything up to a frame that has a word."""
    told_ = ""
    while until not in told_:
        told_ += str(await socket.recv())
    return told_
