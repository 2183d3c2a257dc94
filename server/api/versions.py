"""Doors about issued versions: list, read, issue, export, compare."""

import asyncio
import re
from typing import Final

from drafts import commands as do
from drafts import compare, exchange
from drafts.desk import documents, drafts, versions
from drafts.errors import Invalid
from server import printing
from server.api import schema as s
from server.api import views
from server.api.door import Ask, Raw
from server.api.drafts import perform
from server.i18n import Tongue

FORMATS: Final = (exchange.Format.MARKDOWN, exchange.Format.HTML, exchange.Format.JSON, exchange.Format.PDF)


async def every(ask: Ask) -> list[s.Version]:
    """A draft's versions, by number."""
    return [views.version(one) for one in await versions.all(ask.store, ask.person.id, ask.path("draft"))]


async def one(ask: Ask) -> s.VersionText:
    """A version with its canonical content."""
    found, content = await versions.canonical(ask.store, ask.person.id, ask.path("draft"), ask.path("number"))
    return s.VersionText(views.version(found), content)


async def issue(ask: Ask) -> s.Done:
    """Issue the live text."""
    body: s.IssueIn = ask.body
    return await perform(ask, do.Issue(ask.op(), body.label, body.symbol, body.status, body.note))


async def export(ask: Ask) -> Raw:
    """A version, or the live text, as a file."""
    draft_id, version = ask.path("draft"), ask.queries["version"]
    document = await documents.of_draft(ask.store, ask.person.id, draft_id, version)
    content, base = documents.bare(document)
    wanted = next((one for one in FORMATS if one.value == ask.queries["format"]), None)
    if wanted is None:
        values = ", ".join(one.value for one in FORMATS)
        raise Invalid("bad_format", "format: choose one of {values}.", values=values)
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", content.symbol).strip("-.") or "draft"
    if wanted is exchange.Format.PDF:
        written = await printing.portrait(
            ask.request.app.state.workers, document, Tongue("en"), lines=ask.number("lines", 1) == 1
        )
    else:
        written = await asyncio.to_thread(exchange.write, content, wanted, base)
    return Raw(written, wanted.media_type, f"{name}.{wanted.value}")


async def comparison(ask: Ask) -> s.Comparison:
    """Two versions, or a version and the live text, side by side."""
    state, _ = await drafts.state(ask.store, ask.person.id, ask.path("draft"))
    lineage = {clause.id: clause.source for clause in state.clauses if clause.source}
    sides = [
        await versions.get(ask.store, ask.person.id, ask.path("draft"), ask.queries[side]) for side in ("old", "new")
    ]
    found = await asyncio.to_thread(compare.compare, sides[0].clauses, sides[1].clauses, lineage)
    return views.comparison(found)
