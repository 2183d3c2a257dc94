"""A person's own page: password, sessions, tokens for programs."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts.desk import forums, people
from drafts.errors import Invalid, Refusal
from server import auth
from server.auth import Signed
from server.pages import view
from server.pages.forms import Form
from server.pages.join import checked_password


async def page(request: Request, signed: Signed) -> Response:
    """The account as it is."""
    spoken = view.tongue(request)
    done = {
        "password": spoken._("The password is changed."),
        "revoked": spoken._("The token is revoked."),
        "digest": spoken._("Your digest is set."),
        "calendar": spoken._("Your calendar has no address any more."),
    }.get(request.query_params.get("done", ""), "")
    return await _page(request, signed, done=done)


async def password(request: Request, signed: Signed, form: Form) -> Response:
    """Change the password; every other session ends."""
    store = request.app.state.store
    try:
        new = checked_password(form)
        if await auth.sign_in(request, signed.person.email, form.values.get("present", "")) is None:
            raise Invalid("wrong_present", "The present password is not right.")
    except Refusal as refusal:
        return await _page(request, signed, why=refusal)
    await people.set_password_hash(store, signed.person.id, await auth.hash_password(new))
    response = RedirectResponse("/account?done=password", 303)
    request.app.state.hub.close_sessions(await people.close_all_sessions(store, signed.person.id))
    await auth.open_session(request, response, signed.person)
    return response


async def make_token(request: Request, signed: Signed, form: Form) -> Response:
    """A new token, shown on this answer and never again."""
    try:
        secret = await people.make_token(request.app.state.store, signed.person.id, form.text("name", most=100))
    except Refusal as refusal:
        return await _page(request, signed, why=refusal)
    return await _page(request, signed, secret=secret)


async def revoke_token(request: Request, signed: Signed, _form: Form) -> Response:
    """End a token."""
    await people.revoke_token(request.app.state.store, signed.person.id, request.path_params["token_id"])
    return RedirectResponse("/account?done=revoked", 303)


async def page_with(request: Request, signed: Signed, *, calendar: str) -> Response:
    """The account with the new address of its calendar, which is shown once."""
    return await _page(request, signed, calendar=calendar)


async def _page(  # what an answer of this page may have to tell
    request: Request,
    signed: Signed,
    *,
    why: Refusal | None = None,
    done: str = "",
    secret: str = "",
    calendar: str = "",
) -> Response:
    store, person_id = request.app.state.store, signed.person.id
    async with store.read() as q:
        wishes = await q.post.wishes(person_id)
    return view.page(
        request,
        "account.html",
        status=why.status if why else 200,
        why=view.tongue(request).refusal(why) if why else "",
        done=done,
        secret=secret,
        calendar=calendar,
        wishes=wishes,
        mails=request.app.state.hub.postman is not None,
        forums=[(forum, member) for forum, member, _ in await forums.mine(store, person_id)],
        sessions=await people.sessions(store, person_id),
        tokens=await people.tokens(store, person_id),
    )
