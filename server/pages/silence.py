"""The page of a draft's silence procedures: start one, break it, explain a position, and the certificate of its end."""

import asyncio
from collections import defaultdict
from datetime import UTC, datetime
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts import commands as do
from drafts.access import Verb, may
from drafts.desk import silence
from drafts.desk.silence import Proceedings
from drafts.errors import Conflict, Invalid, Refusal
from drafts.silence import MOST_EXPLANATION, MOST_REASON
from server import certificates
from server.api import schema_silence
from server.auth import Signed
from server.hub import operation
from server.pages import view
from server.pages.forms import Form
from server.sheet import beginning

_LENGTHS: Final = (1, 24, 48, 72, 96, 168)  # hours that can be chosen, where the forum's minimum lets them
_CLAUSE: Final = "c-"  # before the id of a clause, the name of its box


async def page(request: Request, signed: Signed) -> Response:
    """Where the silence stands, and what this person can do about it."""
    return await _page(request, signed)


async def start(request: Request, signed: Signed, form: Form) -> Response:
    """Start one, for a length of time or until a moment."""
    hub, draft_id = request.app.state.hub, request.path_params["draft_id"]
    try:
        at = hub.present_ms()
        deadline = _moment(form) if form.text("how") == "until" else silence.ends(form.number("lasts") * 60, at)
        note = form.text("note", most=MOST_REASON)
        command = await silence.starting(
            request.app.state.store, signed.person.id, draft_id, operation(), deadline, note
        )  # fmt: skip
        await hub.perform(signed.person.id, draft_id, command)
    except (Invalid, Conflict) as refusal:
        return await _page(request, signed, form, refusal)
    return _back(draft_id)


async def break_it(request: Request, signed: Signed, form: Form) -> Response:
    """Break the silence on the clauses whose boxes are ticked."""
    clauses = tuple(name.removeprefix(_CLAUSE) for name in form.values if name.startswith(_CLAUSE))
    command = do.BreakSilence(operation(), form.text("procedure", most=32), form.text("reason", most=20_000), clauses)
    return await _told(request, signed, form, command)


async def cancel(request: Request, signed: Signed, form: Form) -> Response:
    """End it without an outcome."""
    procedure, reason = form.text("procedure", most=32), form.text("reason", most=20_000)
    return await _told(request, signed, form, do.CancelSilence(operation(), procedure, reason))


async def explain(request: Request, signed: Signed, form: Form) -> Response:
    """Give an explanation of position."""
    return await _told(request, signed, form, do.Explain(operation(), form.text("text", most=50_000)))


async def certificate(request: Request, signed: Signed) -> Response:
    """How a procedure ended: as a page, or as a file in the ``format`` pdf or json."""
    path, form = request.path_params, request.query_params.get("format", "")
    found = await silence.certificate(request.app.state.store, signed.person.id, path["draft_id"], path["procedure_id"])
    name = certificates.filename(found)
    if form == "json":
        headers = {"Content-Disposition": f'attachment; filename="{name}.json"'}
        return Response(
            msgspec.json.encode(schema_silence.paper(found)), headers=headers, media_type="application/json"
        )
    if form == "pdf":
        data = await asyncio.to_thread(certificates.printed, found, view.tongue(request))
        headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
        return Response(data, media_type="application/pdf", headers=headers)
    if form:
        raise Invalid("bad_format", "format: choose one of {values}.", values="pdf, json")
    return view.page(request, "certificate.html", me=found.me, draft=found.draft, forum=found.forum, paper=found)


async def _told(request: Request, signed: Signed, form: Form, command: do.Command) -> Response:
    draft_id = request.path_params["draft_id"]
    try:
        await request.app.state.hub.perform(signed.person.id, draft_id, command)
    except (Invalid, Conflict) as refusal:
        return await _page(request, signed, form, refusal)
    return _back(draft_id)


def _back(draft_id: str) -> Response:
    return RedirectResponse(f"/drafts/{draft_id}/silence", 303)


def _moment(form: Form) -> int:
    """A day and a time of day, UTC."""
    try:
        typed = datetime.fromisoformat(f"{form.text('day', most=10)}T{form.text('time', most=8)}")
        return round(typed.replace(tzinfo=UTC).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise Invalid("bad_moment", "Choose the day and the time of day at which the silence ends.") from None


async def _page(request: Request, signed: Signed, form: Form | None = None, why: Refusal | None = None) -> Response:
    store, hub, draft_id = request.app.state.store, request.app.state.hub, request.path_params["draft_id"]
    told = await silence.proceedings(store, signed.person.id, draft_id)
    await hub.opened(told.state.draft, signed.person.id)
    spoken, now = view.tongue(request), hub.present_ms()
    minimum = told.forum.silence_minimum
    clauses = _clauses(told)
    return view.page(
        request,
        "silence.html",
        status=why.status if why else 200,
        me=told.me,
        draft=told.state.draft,
        told=told,
        latest=told.procedures[0] if told.procedures else None,
        now=now,
        may=_rights(told, now),
        clauses=clauses,
        names={clause_id: label for clause_id, label, _words in clauses},
        minutes=-(-minimum // 60),
        lengths=[hours for hours in _LENGTHS if hours * 3600 >= minimum],
        soonest=datetime.fromtimestamp(silence.ends(minimum, now) / 1000, UTC),
        hindrance=spoken.refusal(told.hindrance) if told.hindrance else "",
        typed=defaultdict(str, form.values if form else {}),
        why=spoken.refusal(why) if why else "",
        most=MOST_REASON,
        most_explanation=MOST_EXPLANATION,
    )


def _rights(told: Proceedings, now: int) -> dict[str, bool]:
    """What there is to do here for this person, at this moment."""
    draft, me = told.state.draft, told.me
    latest = told.procedures[0] if told.procedures else None
    leads = may(me, Verb.SILENCE_LEAD, draft) is None
    in_time = latest is not None and now < latest["deadline"]
    said = latest is not None and any(one["party"]["id"] == me.party.id for one in latest["breaks"])
    breakable = latest is not None and latest["outcome"] in {"", "broken"} and in_time and not said
    return {
        "start": leads and told.running is None,
        "cancel": leads and told.running is not None and in_time,
        "break": breakable and may(me, Verb.SILENCE_BREAK, draft) is None,
        "explain": latest is not None and may(me, Verb.SILENCE_EXPLAIN, draft) is None,
    }


def _clauses(told: Proceedings) -> list[tuple[str, str, str]]:
    """Id, label and first words of every clause of the text."""
    standing = told.state.live()
    names = silence.called(standing)
    return [(c.id, names[c.id], beginning(c.text)) for c in standing]
