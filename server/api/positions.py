"""Doors about where parties stand, and about how far clauses are."""

import msgspec

from drafts import commands as do
from drafts.desk import positions
from drafts.desk.positions import Matrix, One, Wish
from server.api import schema as s
from server.api import schema_floor as sf
from server.api import schema_positions as sp
from server.api.door import Ask
from server.api.drafts import perform

_MOST_PAGES = 10_000


async def every(ask: Ask) -> sp.Matrix:
    """Who stands where, a page at a time."""
    closed, page = ask.number("closed", 1), ask.number("page", _MOST_PAGES)
    wish = Wish(closed == 1, ask.queries["clause"], ask.queries["party"], page)
    return matrix(await positions.matrix(ask.store, ask.person.id, ask.path("draft"), wish))


async def one(ask: Ask) -> sp.One:
    """One thing with its history."""
    return single(await positions.one(ask.store, ask.person.id, ask.path("draft"), ask.path("on")))


async def take(ask: Ask) -> s.Done:
    """Take a position, or take it back."""
    body: sp.PositionIn = ask.body
    asked = do.TakePosition(ask.op(), ask.path("on"), body.stance, body.note, body.condition, body.wording)
    return await perform(ask, asked)


async def status(ask: Ask) -> s.Done:
    """Say how far a clause is."""
    body: sp.StatusIn = ask.body
    return await perform(ask, do.Lock(ask.op(), ask.path("clause"), body.status.value, body.reason))


async def object_(ask: Ask) -> s.Done:
    """Object to a clause's being marked as agreed."""
    body: sp.ObjectionIn = ask.body
    return await perform(ask, do.Object(ask.op(), ask.path("clause"), body.reason))


# ── as the command line prints them too ──


def matrix(found: Matrix) -> sp.Matrix:
    """A page of the matrix."""
    return sp.Matrix([_thing(thing) for thing in found.things], found.page, found.pages, found.count)


def single(found: One) -> sp.One:
    """One thing with its history."""
    turns = [
        sp.Turn(
            turn.seq, turn.at, turn.party, turn.person, turn.what, turn.old, turn.new, turn.note, turn.condition,
            list(turn.parties), turn.wording,
        )
        for turn in found.history
    ]  # fmt: skip
    return sp.One(_thing(found.thing), turns)


def _thing(thing: positions.Thing) -> sp.Thing:
    tabled = thing.tabled
    said = msgspec.convert(thing.positions, sf.Positions) if thing.positions else None
    if tabled is None:
        return sp.Thing(thing.id, thing.clause, None, None, None, said)
    return sp.Thing(thing.id, thing.clause, tabled.number, tabled.state, tabled.wording, said)
