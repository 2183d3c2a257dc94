"""Accreditation: an organisation applies without an account and finds its application again at an address of its own;
the secretariat decides, delegations may object."""

from collections import defaultdict

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts.consultation import ApplicationState
from drafts.desk import accrediting
from drafts.desk.accrediting import MOST_REASON, MOST_STATEMENT, Wish
from drafts.errors import Conflict, Invalid, Refusal, TooLarge
from drafts.model import Group
from server.auth import Signed
from server.pages import consulting, view
from server.pages.forms import Form

_DAY = 24 * 3600  # seconds
_SUGGESTED = 7  # days of a non-objection period, where the forum says nothing


# ── the applicant ──


async def apply_page(request: Request) -> Response:
    """The form of a forum that takes applications."""
    return await _apply(request, Form({}))


async def apply(request: Request, form: Form) -> Response:
    """Send it: on to the address where its answer will be."""
    store, forum_id = request.app.state.store, request.path_params["forum_id"]
    await accrediting.accrediting(store, forum_id)
    try:
        wish = Wish(
            name=form.text("name", most=500),
            group=form.text("group", most=20),
            contact=form.text("contact", most=500),
            email=form.text("email", most=500),
            statement=form.text("statement", most=4 * MOST_STATEMENT),
            code=form.text("code", most=20),
        )
        _, key = await accrediting.apply(store, forum_id, wish, consulting.at(request))
    except (Invalid, TooLarge, Conflict) as refusal:
        return await _apply(request, form, refusal)
    return RedirectResponse(f"/applications/{key}?done=sent", 303)


async def _apply(request: Request, form: Form, why: Refusal | None = None) -> Response:
    forum = await accrediting.accrediting(request.app.state.store, request.path_params["forum_id"])
    return view.page(
        request,
        "apply.html",
        status=why.status if why else 200,
        forum=forum,
        groups=list(Group),
        typed=defaultdict(str, form.values),
        why=view.tongue(request).refusal(why) if why else "",
        most_statement=MOST_STATEMENT,
    )


async def status(request: Request) -> Response:
    """How far the application of an address is; whoever has the address is the applicant."""
    key = request.path_params["application_key"]
    told = await accrediting.status(request.app.state.store, key)
    return view.page(
        request,
        "application.html",
        told=told,
        one=told.application,
        forum=told.forum,
        address=f"{request.url.scheme}://{request.url.netloc}/applications/{key}",
        action=f"/applications/{key}/withdraw",
        join=f"/join/{key}" if told.invitation and told.invitation.open(consulting.at(request)) else "",
        undecided=told.application.state in {ApplicationState.WAITING, ApplicationState.PROPOSED},
        sent=request.query_params.get("done") == "sent",
    )


async def withdraw(request: Request, _form: Form) -> Response:
    """Take it back."""
    key = request.path_params["application_key"]
    await accrediting.withdraw(request.app.state.store, key, consulting.at(request))
    return RedirectResponse(f"/applications/{key}", 303)


# ── the forum ──


async def listed(request: Request, signed: Signed) -> Response:
    """A forum's applications: with what those who lead can decide, and what delegations may object to."""
    return await _listed(request, signed)


async def admit(request: Request, signed: Signed, form: Form) -> Response:
    """Give the organisation a seat."""
    forum_id, one = request.path_params["forum_id"], request.path_params["application_id"]
    store, now = request.app.state.store, consulting.at(request)
    try:
        await accrediting.admit_(store, signed.person.id, forum_id, one, form.text("code", most=20), now)
    except (Invalid, Conflict) as refusal:
        return await _listed(request, signed, refusal)
    return _back(forum_id, "admitted")


async def refuse(request: Request, signed: Signed, form: Form) -> Response:
    """Refuse it, with a reason."""
    forum_id, one = request.path_params["forum_id"], request.path_params["application_id"]
    store, now = request.app.state.store, consulting.at(request)
    try:
        reason = form.text("reason", most=4 * MOST_REASON)
        await accrediting.refuse(store, signed.person.id, forum_id, one, reason, now)
    except (Invalid, Conflict, TooLarge) as refusal:
        return await _listed(request, signed, refusal)
    return _back(forum_id, "refused")


async def propose(request: Request, signed: Signed, form: Form) -> Response:
    """Begin a non-objection period."""
    forum_id, one = request.path_params["forum_id"], request.path_params["application_id"]
    store, now = request.app.state.store, consulting.at(request)
    try:
        await accrediting.propose(store, signed.person.id, forum_id, one, form.number("days") * _DAY, now)
    except (Invalid, Conflict) as refusal:
        return await _listed(request, signed, refusal)
    request.app.state.hub.revealer.wake()
    return _back(forum_id, "proposed")


async def object_(request: Request, signed: Signed, form: Form) -> Response:
    """Object for one's delegation, with a reason."""
    forum_id, one = request.path_params["forum_id"], request.path_params["application_id"]
    store, now = request.app.state.store, consulting.at(request)
    try:
        reason = form.text("reason", most=4 * MOST_REASON)
        await accrediting.object_(store, signed.person.id, forum_id, one, reason, now)
    except (Invalid, TooLarge) as refusal:
        return await _listed(request, signed, refusal)
    return _back(forum_id, "objected")


def _back(forum_id: str, done: str) -> Response:
    return RedirectResponse(f"/forums/{forum_id}/applications?done={done}", 303)


async def _listed(request: Request, signed: Signed, why: Refusal | None = None) -> Response:
    spoken, now, forum_id = view.tongue(request), consulting.at(request), request.path_params["forum_id"]
    forum, me, found = await accrediting.listed(request.app.state.store, signed.person.id, forum_id, now)
    done = {
        "admitted": spoken._(
            "The organisation has a seat. The applicant finds the way in at the application’s address."
        ),
        "refused": spoken._("The application is refused. The applicant reads the reason."),
        "proposed": spoken._("Delegations are asked whether they object."),
        "objected": spoken._("The objection of your delegation is kept. The secretariat decides."),
    }.get(request.query_params.get("done", ""), "")
    undecided = {ApplicationState.WAITING, ApplicationState.PROPOSED}
    return view.page(
        request,
        "applications.html",
        status=why.status if why else 200,
        me=me,
        forum=forum,
        open_ones=[one for one in found if one.application.state in undecided],
        decided=[one for one in found if one.application.state not in undecided],
        now=now,
        days=-(-forum.non_objection // _DAY) or _SUGGESTED,
        asks_first=forum.non_objection > 0,
        address=f"{request.url.scheme}://{request.url.netloc}/forums/{forum_id}/apply" if forum.accredits else "",
        done=done,
        why=spoken.refusal(why) if why else "",
        most_reason=MOST_REASON,
    )
