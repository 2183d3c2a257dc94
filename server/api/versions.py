"""Doors about issued versions: list, read, issue, export, compare."""

import re

from drafts import commands as do
from drafts.desk import versions
from server import exports
from server.api import schema as s
from server.api import views
from server.api.door import Ask, Raw
from server.api.drafts import perform
from server.i18n import Tongue


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
    asked = exports.wanted(ask.queries)
    document = await exports.load(ask.store, ask.person.id, ask.path("draft"), asked)
    written = await exports.made(ask.request.app.state.workers, document, asked, Tongue("en"))
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", document.symbol).strip("-.") or "draft"
    return Raw(written, asked.form.media_type, f"{name}.{asked.form.value}")
