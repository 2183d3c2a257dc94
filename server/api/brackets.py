"""Doors about brackets."""

from drafts import commands as do
from drafts.burndown import Point
from drafts.desk import brackets
from drafts.desk.brackets import Found, Item
from server.api import schema as s
from server.api import schema_brackets as b
from server.api.door import Ask
from server.api.drafts import perform


async def every(ask: Ask) -> b.Brackets:
    """All brackets of the text as it stands."""
    return listed(await brackets.of_draft(ask.store, ask.person.id, ask.path("draft")))


async def burndown(ask: Ask) -> b.Burndown:
    """How they became fewer."""
    burn = await brackets.burndown(ask.store, ask.person.id, ask.path("draft"))
    party = burn.me.party.id
    return b.Burndown([point(one, party) for one in burn.versions], [point(one, party) for one in burn.days])


async def put(ask: Ask) -> s.Done:
    """Put words in brackets, or say whose a bracket is."""
    body: b.BracketIn = ask.body
    said = (body.reason, body.link, body.words, body.private)
    return await perform(ask, do.PutBracket(ask.op(), body.clause, body.number, body.start, body.end, *said))


async def lift(ask: Ask) -> s.Done:
    """Lift a bracket."""
    body: b.LiftIn = ask.body
    return await perform(ask, do.LiftBracket(ask.op(), body.clause, body.number, body.at, body.with_text))


def listed(found: Found) -> b.Brackets:
    """The brackets of a draft for whoever they were found for; the command line gives the same."""
    return b.Brackets(
        found.state.draft.seq,
        [_pair(one, found) for one in found.pairs],
        [
            b.SingleBracket(one.clause, found.labels[one.clause], one.number, one.start, one.opens)
            for one in found.unbalanced
        ],
        found.total.spanning,
        found.total.words,
    )


def _pair(one: Item, found: Found) -> b.BracketPair:
    notes = [
        b.BracketNote(n.id, n.owner, n.reason, n.link, n.words, n.private, n.at)
        for n in (said.note for said in one.said)
    ]
    label = found.labels[one.clause]
    place = (one.clause, label, one.number, one.start, one.last, one.end)
    return b.BracketPair(*place, one.depth, one.kind, one.group, one.words, notes)


def point(one: Point, party_id: str) -> b.BurndownPoint:
    """A point as a party may know it."""
    kinds = {kind.value: n for kind, n in one.kinds.items() if n}
    counts = (one.pairs, one.spanning, one.unbalanced, one.words)
    return b.BurndownPoint(one.at, one.version, one.label, *counts, kinds, one.owners(party_id))
