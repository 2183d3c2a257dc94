"""What somebody is told: their notices, and what is new since they were last here."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts.desk import notices, since
from drafts.errors import NotFound
from server import sentences
from server.auth import Signed
from server.pages import consulting, view
from server.pages.forms import Form


async def page(request: Request, signed: Signed) -> Response:
    """All of it. Looking marks nothing as read: following a notice does, or the button."""
    store, at, spoken = request.app.state.store, consulting.at(request), view.tongue(request)
    found = await notices.mine(store, signed.person.id, at)
    return view.page(
        request,
        "notices.html",
        told=[(one, sentences.sentence(one, spoken)) for one in found],
        unseen=sum(one.notice.seen_at is None for one in found),
        news=await since.news(store, signed.person.id, at),
    )


async def follow(request: Request, signed: Signed) -> Response:
    """Go to what a notice is about, which marks it as read. Raises NotFound."""
    store, at = request.app.state.store, consulting.at(request)
    for one in await notices.mine(store, signed.person.id, at):
        if one.notice.id == request.path_params["notice_id"]:
            await notices.mark_seen(store, signed.person.id, at, one.notice.id)
            return RedirectResponse(sentences.path(one), 303)
    raise NotFound("not_found", "There is nothing at this address.")


async def seen(request: Request, signed: Signed, form: Form) -> Response:
    """Mark one notice, or all, as read."""
    notice_id = form.text("notice", most=32) or None
    await notices.mark_seen(request.app.state.store, signed.person.id, consulting.at(request), notice_id)
    return RedirectResponse("/notices", 303)
