"""Issued versions: the list, one of them, issuing, and taking a text along as a file."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts import commands as do
from drafts.access import Verb, may
from drafts.desk import announcing, brought, drafts, forums, versions
from drafts.errors import Conflict, Invalid, Refusal
from drafts.model import VersionStatus
from drafts.room import MAX_COMMENT
from server import exports
from server.auth import Signed
from server.hub import operation
from server.pages import consulting, view
from server.pages.forms import Form
from server.sheet import version_sheet


async def page(request: Request, signed: Signed) -> Response:
    """Every version, and for chair and secretariat the form that issues the next."""
    return await _page(request, signed, None)


async def issue(request: Request, signed: Signed, form: Form) -> Response:
    """Issue the text as it stands."""
    draft_id = request.path_params["draft_id"]
    command = do.Issue(
        operation(),
        label=form.text("label", most=50),
        symbol=form.text("symbol", most=100),
        status=form.choice("status", VersionStatus),
        note=form.text("note", most=MAX_COMMENT),
    )
    try:
        outcome = await request.app.state.hub.perform(signed.person.id, draft_id, command)
    except (Invalid, Conflict) as refusal:
        return await _page(request, signed, form, refusal)
    number = outcome.versions[0][0].number if outcome.versions else ""
    return RedirectResponse(f"/drafts/{draft_id}/versions/{number}", 303)


async def one(request: Request, signed: Signed) -> Response:
    """A version as it was issued, with what proves it."""
    store, draft_id = request.app.state.store, request.path_params["draft_id"]
    version, content = await versions.one(store, signed.person.id, draft_id, request.path_params["number"])
    draft, me = await drafts.open(store, signed.person.id, draft_id)
    await request.app.state.hub.opened(draft, me.person_id)
    forum, _, parties, _, _ = await forums.people(store, signed.person.id, draft.forum_id)
    consulted = await announcing.all_of(store, signed.person.id, draft_id, consulting.at(request))
    others = [v for v in await versions.all(store, signed.person.id, draft_id) if v.number != version.number]
    return view.page(
        request,
        "version.html",
        me=me,
        draft=draft,
        forum=forum,
        version=version,
        content=content,
        doc=view.markup(version_sheet(content.clauses, content.language, view.tongue(request))),
        before=next((v for v in others if v.number == version.number - 1), None),
        issuer=next((party.name for party in parties if party.id == version.party_id), "–"),
        others=others,
        consultations=[one for one in consulted if one.round.version == version.number],
        may_consult=may(me, Verb.ROUND_OPEN, draft) is None,
    )


async def export(request: Request, signed: Signed) -> Response:
    """The text of a version, or the live one, as a file: clean, or with changes and comments."""
    store, draft_id = request.app.state.store, request.path_params["draft_id"]
    asked = exports.wanted(request.query_params)
    document = await exports.load(store, signed.person.id, draft_id, asked)
    data = await exports.made(request.app.state.workers, document, asked, view.tongue(request))
    headers = {"Content-Disposition": f'attachment; filename="{exports.filename(document, asked.form)}"'}
    return Response(data, media_type=asked.form.media_type, headers=headers)


async def _page(request: Request, signed: Signed, form: Form | None, why: Refusal | None = None) -> Response:
    store, draft_id = request.app.state.store, request.path_params["draft_id"]
    issued = await versions.all(store, signed.person.id, draft_id)
    draft, me = await drafts.open(store, signed.person.id, draft_id)
    _, _, parties, _, _ = await forums.people(store, signed.person.id, draft.forum_id)
    last = issued[-1].number if issued else 0
    label = f"Rev.{last}" if last else view.tongue(request)._("Zero draft")
    symbol = f"{draft.symbol}/Rev.{last}" if last and draft.symbol else draft.symbol
    typed = form.values if form else {}
    return view.page(
        request,
        "versions.html",
        status=why.status if why else 200,
        me=me,
        draft=draft,
        versions=issued,
        latest=issued[-1] if issued else None,
        party_names={version.party_id: "–" for version in issued} | {party.id: party.name for party in parties},
        held=await brought.held(store, me.person_id, draft.id),
        may_consult=may(me, Verb.ROUND_OPEN, draft) is None,
        may_issue=may(me, Verb.VERSION_ISSUE, draft) is None,
        label=typed.get("label", label),
        symbol=typed.get("symbol", symbol),
        status_chosen=typed.get("status", "revision" if last else "zero"),
        note=typed.get("note", ""),
        why=view.tongue(request).refusal(why) if why else "",
    )
