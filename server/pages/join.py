"""Accepting an invitation: as somebody new, or as the person who is signed in."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts.desk import invitations, people
from drafts.desk.invitations import NewPerson
from drafts.errors import Invalid, NotFound, Refusal
from server import auth
from server.auth import Signed
from server.pages import view
from server.pages.forms import Form


async def page(request: Request) -> Response:
    """What the link invites to. NotFound once it is used, revoked or over."""
    return await _page(request, Form({}))


async def accept(request: Request, form: Form) -> Response:
    """Become a member; somebody new is signed in by it."""
    store, key = request.app.state.store, request.path_params["secret"]
    signed: Signed | None = getattr(request.state, "signed", None)
    try:
        if signed:
            member, event = await invitations.accept(store, key, signed.person.id)
        else:
            member, event = await invitations.accept(store, key, await _somebody_new(request, form))
    except NotFound:
        raise
    except Refusal as refusal:
        return await _page(request, form, refusal)
    await request.app.state.hub.tell(event)
    response = RedirectResponse("/", 303)
    if not signed:
        await auth.open_session(request, response, await people.get(store, member.person_id))
    return response


async def _somebody_new(request: Request, form: Form) -> NewPerson:
    await invitations.look_at(request.app.state.store, request.path_params["secret"])  # before a hash is paid for
    password = checked_password(form)
    name, email = form.text("name", most=200, needed=True), form.text("email", most=254, needed=True)
    hashed = await auth.hash_password(password)
    return NewPerson(name, email, hashed, view.tongue(request).language)


def checked_password(form: Form) -> str:
    """The new password in the form. Raises Invalid for one that is too short or too long."""
    password = form.values.get("password", "")
    if not auth.MIN_PASSWORD <= len(password) <= auth.MAX_PASSWORD:
        raise Invalid(
            "password_length",
            "A password has at least {least} and at most {most} characters.",
            least=auth.MIN_PASSWORD,
            most=auth.MAX_PASSWORD,
        )
    return password


async def _page(request: Request, form: Form, why: Refusal | None = None) -> Response:
    key = request.path_params["secret"]
    forum, invitation = await invitations.look_at(request.app.state.store, key)
    return view.page(
        request,
        "join.html",
        status=why.status if why else 200,
        forum=forum,
        invitation=invitation,
        action=f"/join/{key}",
        name=form.values.get("name", "")[:200],
        email=form.values.get("email", "")[:254],
        why=view.tongue(request).refusal(why) if why else "",
    )
