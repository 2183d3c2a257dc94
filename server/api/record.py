"""Doors about what lies between two points of a draft: who changed what, what clauses are called, what was removed."""

import asyncio

import msgspec

from drafts.desk import pairs
from drafts.desk.pairs import Pair
from server.api import schema as s
from server.api.door import Ask


async def comparison(ask: Ask) -> s.AttributedComparison:
    """Two points side by side, with the acts behind every hunk."""
    pair = await _pair(ask)
    return msgspec.convert(await asyncio.to_thread(pair.plain), s.AttributedComparison)


async def compare(ask: Ask) -> s.AttributedComparison:
    """``comparison`` by the name that it had first."""
    return await comparison(ask)


async def concordance(ask: Ask) -> list[s.ConcordanceEntry]:
    """Old and new label of every clause."""
    pair = await _pair(ask)
    return [
        s.ConcordanceEntry(one.old, one.new, one.old_id, one.new_id, one.origin.value, one.changed, one.proposal)
        for one in pair.concordance()
    ]


async def removed(ask: Ask) -> list[s.Removal]:
    """Every removal, with the acts that did it."""
    pair = await _pair(ask)
    found = await asyncio.to_thread(pair.removals)
    return [msgspec.convert(pairs.plain_removal(one, pair.people), s.Removal) for one in found]


async def _pair(ask: Ask) -> Pair:
    return await pairs.load(ask.store, ask.person.id, ask.path("draft"), ask.queries["old"], ask.queries["new"])
