"""Doors for texts that were changed elsewhere: bring one, and read what it came to."""

import asyncio
import hashlib

from drafts import exchange
from drafts.desk import bringing, brought, drafts, merges
from drafts.errors import Invalid, NotFound
from drafts.exchange.parsed import Parsed
from drafts.outside import After, Brought, Purpose, Report
from server.api import schema as s
from server.api import schema_edits as se
from server.api.door import Ask


async def bring(ask: Ask) -> Report:
    """Merge a text that was made from an earlier one, or tell what that would come to."""
    body: s.EditsIn = ask.body
    draft_id, person_id = ask.path("draft"), ask.person.id
    await drafts.open(ask.store, person_id, draft_id)  # who may not read it learns nothing else about it
    base = body.base if isinstance(body.base, int) else After(body.base.seq)
    parsed = await _parsed(ask, body, base)
    own = None if body.dry_run else hashlib.sha256(f"{draft_id} {person_id} {ask.op()}".encode()).hexdigest()[:32]
    kept = await brought.keep(ask.store, person_id, draft_id, "API", parsed, Purpose.MERGE, base=base, brought_id=own)
    if not body.dry_run:
        return await merges.apply(ask.store, ask.hub.perform, person_id, kept.id)
    try:
        return await merges.preview(ask.store, person_id, kept.id)
    finally:
        await brought.discard(ask.store, person_id, kept.id)


async def _parsed(ask: Ask, body: s.EditsIn, base: int | After) -> Parsed:
    if bool(body.clauses) == bool(body.text):
        raise Invalid("two_texts", "Send clauses or text, not both.")
    if body.text:
        return await asyncio.to_thread(exchange.read_text, body.text, exchange.Format.MARKDOWN)
    wanted = {clause.id: clause.text for clause in body.clauses}
    return await merges.edited(ask.store, ask.person.id, ask.path("draft"), wanted, base)


async def report(ask: Ask) -> Report:
    """What a merge of one's party came to; its id is ``brought`` of the answer to it."""
    return (await _report(ask))[1]


async def settle(ask: Ask) -> Report:
    """Settle a conflict: take theirs, keep the live text, write one's own, comment, or propose."""
    body: se.SettleIn = ask.body
    found, _ = await _report(ask)
    conflict = ask.path("conflict")
    return await merges.settle(ask.store, ask.hub.perform, ask.person.id, found.id, conflict, body.how, body.text)


async def table(ask: Ask) -> list[se.Laid]:
    """Lay the proposals that it became on the table."""
    found, told = await _report(ask)
    refused = await bringing.table(ask.store, ask.hub.perform, ask.person.id, found.id)
    known = await bringing.standing(ask.store, ask.person.id, told, found.draft_id)
    return [
        se.Laid(name, one.number, one.state, ask.error(refused[name]) if name in refused else None)
        for name in told.proposals
        if (one := known.get(name)) is not None
    ]


async def _report(ask: Ask) -> tuple[Brought, Report]:
    found = await brought.get(ask.store, ask.person.id, ask.path("edits"))
    if found.draft_id != ask.path("draft") or found.report is None:
        raise NotFound("not_found", "There is nothing at this address.")
    return found, found.report
