"""Ways in and out: sign in, the demo's one-click entry, sign out, the language of the pages."""

from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts.desk import forums, people
from drafts.errors import Invalid, NotFound, Refusal
from drafts.model import Group, Member, Person
from server import auth
from server.auth import Signed
from server.i18n import LANGUAGES
from server.pages import view
from server.pages.forms import Form, local

_YEAR: Final = 365 * 24 * 3600
_WRONG: Final = Invalid("wrong_password", "The e-mail address or the password is not right.")


async def sign_in_page(request: Request) -> Response:
    """The form, and in demo mode the people of the exercise."""
    following = local(request.query_params.get("next", "/"))
    if getattr(request.state, "signed", None):
        return RedirectResponse(following, 303)
    return await _page(request, following)


async def sign_in(request: Request, form: Form) -> Response:
    """Check the password; the same answer in the same time for a wrong address and a wrong password."""
    following = local(form.text("next"))
    email = form.text("email", most=254)
    try:
        person = await auth.sign_in(request, email, form.values.get("password", ""))
    except Refusal as refusal:
        return await _page(request, following, email, refusal)
    if person is None:
        return await _page(request, following, email, _WRONG)
    return await _signed_in(request, person, following)


async def demo_enter(request: Request, form: Form) -> Response:
    """Enter the demo forum as one of its people. NotFound when this is no demo, or for anybody else."""
    wanted = form.text("person", most=32)
    for _, members in await _demo(request):
        for member in members:
            if member.person_id == wanted:
                person = await people.get(request.app.state.store, wanted)
                return await _signed_in(request, person, local(form.text("next")))
    raise NotFound("not_found", "There is nothing at this address.")


async def sign_out(request: Request, _signed: Signed, _form: Form) -> Response:
    """End this session."""
    response = RedirectResponse("/sign-in", 303)
    await auth.close_session(request, response, everywhere=False)
    return response


async def sign_out_everywhere(request: Request, _signed: Signed, _form: Form) -> Response:
    """End every session of this person."""
    response = RedirectResponse("/sign-in", 303)
    await auth.close_session(request, response, everywhere=True)
    return response


async def language(request: Request, form: Form) -> Response:
    """Choose the language of the pages: kept with the person, and in this browser."""
    chosen = form.text("language", most=16)
    response = RedirectResponse(local(form.text("next")), 303)
    if chosen not in LANGUAGES:
        return response
    signed: Signed | None = getattr(request.state, "signed", None)
    if signed:
        await people.set_language(request.app.state.store, signed.person.id, chosen)
    response.set_cookie(view.LANGUAGE_COOKIE, chosen, max_age=_YEAR, path="/", httponly=True, samesite="lax")
    return response


async def _signed_in(request: Request, person: Person, following: str) -> Response:
    response = RedirectResponse(following, 303)
    await auth.open_session(request, response, person)
    return response


async def _page(request: Request, following: str, email: str = "", why: Refusal | None = None) -> Response:
    cast = [
        (group, [m for _, members in await _demo(request) for m in members if m.party.group is group])
        for group in (Group.GOVERNMENT, Group.INDUSTRY, Group.CIVIL_SOCIETY, Group.ACADEMIA)
    ]
    return view.page(
        request,
        "signin.html",
        status=why.status if why else 200,
        cast=[(group, members) for group, members in cast if members],
        next=following,
        email=email,
        why=view.tongue(request).refusal(why) if why else "",
    )


async def _demo(request: Request) -> list[tuple[object, list[Member]]]:
    if not request.app.state.settings.demo:
        return []
    return [(forum, members) for forum, members in await forums.every(request.app.state.store, demo=True)]
