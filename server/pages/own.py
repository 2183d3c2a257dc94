"""What is a person's own on the account page: digest and calendar, everything that is kept of them, and leaving."""

from datetime import datetime
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts.desk import person_data, secret
from drafts.errors import Invalid, NotFound, Refusal
from drafts.store.post import Digest
from server import auth, digests, postman
from server.auth import Signed
from server.pages import account, consulting, view
from server.pages.forms import Form
from server.security import COOKIE

WORD = "ERASE"


async def digest(request: Request, signed: Signed, form: Form) -> Response:
    """Have a digest by mail from now on, or none."""
    hub, at = request.app.state.hub, consulting.at(request)
    chosen = form.choice("digest", Digest)
    if chosen is not Digest.OFF and hub.postman is None:
        raise Invalid("no_mail", "This server sends no mail.")
    async with request.app.state.store.write() as q:
        due = None if chosen is Digest.OFF else postman.next_due(chosen, at)
        await q.post.choose(signed.person.id, chosen, due)
    if hub.postman is not None:
        hub.postman.wake()
    return RedirectResponse("/account?done=digest#digest-h", 303)


async def calendar(request: Request, signed: Signed, form: Form) -> Response:
    """Give the calendar a new address, shown on this answer and never again; or take it away."""
    store = request.app.state.store
    if form.values.get("act") == "revoke":
        async with store.write() as q:
            await q.post.set_calendar(signed.person.id, None)
        return RedirectResponse("/account?done=calendar#calendar-h", 303)
    key = secret.make()
    async with store.write() as q:
        await q.post.set_calendar(signed.person.id, secret.hashed(key))
    return await account.page_with(request, signed, calendar=f"{request.app.state.settings.site}/calendar/{key}.ics")


async def export(request: Request, signed: Signed) -> Response:
    """Everything that is kept of the person, as a JSON file."""
    told = await person_data.export(request.app.state.store, signed.person.id)
    at = consulting.at(request)
    body = msgspec.json.format(msgspec.json.encode({"made_at": at, **told}, enc_hook=_plain), indent=2)
    name = f"adref-{at:%Y-%m-%d}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type="application/json", headers=headers)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


# ── leaving ──


async def erase_page(request: Request, signed: Signed) -> Response:
    """What goes and what stays, said before."""
    return await _erase_page(request, signed)


async def _erase_page(request: Request, signed: Signed, why: Refusal | None = None) -> Response:
    store = request.app.state.store
    async with store.read() as q:
        known = await q.people.by_email(signed.person.email)
    return view.page(
        request,
        "erase.html",
        status=why.status if why else 200,
        why=view.tongue(request).refusal(why) if why else "",
        alone=[one.forum for one in await person_data.hindrances(store, signed.person.id)],
        password=known is not None and known[1] is not None,
        word=WORD,
    )


async def erase(request: Request, signed: Signed, form: Form) -> Response:
    """Erase the person who asks, once they have proved that it is them and meant it."""
    store, hub = request.app.state.store, request.app.state.hub
    try:
        await _meant(request, signed, form)
        events = await person_data.erase(store, signed.person.id, consulting.at(request))
    except Refusal as refusal:
        return await _erase_page(request, signed, refusal)
    for event in events:
        await hub.tell(event)
    response = RedirectResponse("/sign-in?done=erased", 303)
    response.delete_cookie(COOKIE, path="/")
    return response


async def _meant(request: Request, signed: Signed, form: Form) -> None:
    """The password where there is one; and the word. Raises Invalid, TooMany."""
    if form.text("word", most=20) != WORD:
        raise Invalid("not_meant", "Please type the word {word} to say that you mean it.", word=WORD)
    async with request.app.state.store.read() as q:
        known = await q.people.by_email(signed.person.email)
    if known is None or known[1] is None:
        return
    if await auth.sign_in(request, signed.person.email, form.values.get("present", "")) is None:
        raise Invalid("wrong_present", "The present password is not right.")


# ── a digest that is stopped from the mail itself ──


async def stop_page(request: Request) -> Response:
    """A button: programs that look at links before people do must stop nothing."""
    key = request.path_params["key"]
    if await digests.stops(request.app.state.store, key) is None:
        raise NotFound("not_found", "There is nothing at this address.")
    return view.page(request, "digest_stop.html", key=key, stopped=False)


async def stop(request: Request) -> Response:
    """No more digests for whose key this is. Without a form token, as mail programs post here (RFC 8058)."""
    await auth.current(request)
    store = request.app.state.store
    person_id = await digests.stops(store, request.path_params["key"])
    if person_id is None:
        raise NotFound("not_found", "There is nothing at this address.")
    async with store.write() as q:
        await q.post.choose(person_id, Digest.OFF, None)
    return view.page(request, "digest_stop.html", key="", stopped=True)
