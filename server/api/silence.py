"""Doors to a draft's silence procedures."""

import asyncio

from msgspec import UnsetType

from drafts import commands as do
from drafts.desk import silence
from drafts.errors import Invalid
from server import certificates, i18n
from server.api import schema as s
from server.api import schema_silence as ss
from server.api.door import Ask, Raw
from server.api.drafts import perform
from server.i18n import Tongue


async def every(ask: Ask) -> ss.Silences:
    """The procedures, the newest first."""
    told = await silence.proceedings(ask.store, ask.person.id, ask.path("draft"))
    return ss.of(told, _tongue(ask).refusal(told.hindrance) if told.hindrance else "")


async def start(ask: Ask) -> s.Done:
    """Put the last version under silence."""
    body: ss.StartIn = ask.body
    deadline = _deadline(body, ask.hub.present_ms())
    command = await silence.starting(ask.store, ask.person.id, ask.path("draft"), ask.op(), deadline, body.note)
    return await perform(ask, command)


def _deadline(body: ss.StartIn, at: int) -> int:
    match body.deadline, body.lasts:
        case int(deadline), UnsetType():
            return deadline
        case UnsetType(), int(lasts):
            return silence.ends(lasts, at)
    raise Invalid("bad_deadline", "Give either deadline or lasts.")


async def break_it(ask: Ask) -> s.Done:
    """Break the silence for one's party."""
    body: ss.BreakIn = ask.body
    return await perform(ask, do.BreakSilence(ask.op(), await _meant(ask), body.reason, body.clauses))


async def cancel(ask: Ask) -> s.Done:
    """End a procedure without an outcome."""
    body: ss.CancelIn = ask.body
    return await perform(ask, do.CancelSilence(ask.op(), await _meant(ask), body.reason))


async def explain(ask: Ask) -> s.Done:
    """Put an explanation of position on record."""
    body: ss.ExplainIn = ask.body
    return await perform(ask, do.Explain(ask.op(), body.text))


async def certificate(ask: Ask) -> ss.Paper | Raw:
    """How a procedure ended, as JSON or for print."""
    found = await silence.certificate(ask.store, ask.person.id, ask.path("draft"), ask.path("procedure"))
    form = ask.queries["format"]
    if form == "json":
        return ss.paper(found)
    if form != "pdf":
        raise Invalid("bad_format", "format: choose one of {values}.", values="json, pdf")
    data = await asyncio.to_thread(certificates.printed, found, _tongue(ask))
    return Raw(data, "application/pdf", f"{certificates.filename(found)}.pdf")


async def _meant(ask: Ask) -> str:
    """The procedure that the body names, else the latest; '' when there was none."""
    if not isinstance(ask.body.procedure, UnsetType):
        return str(ask.body.procedure)
    told = await silence.proceedings(ask.store, ask.person.id, ask.path("draft"))
    return str(told.procedures[0]["id"]) if told.procedures else ""


def _tongue(ask: Ask) -> Tongue:
    return Tongue(i18n.choose((), ask.request.headers.get("accept-language", "")))
