"""From an answer's facts to a page: templates, the reader's language, and refusals in plain words."""

from http import HTTPStatus
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

from drafts.errors import NotFound, Refusal
from drafts.model import Member
from server import auth, cards, i18n, links, strips
from server.api import door
from server.i18n import Tongue
from server.paths import WEB
from server.words import word

LANGUAGE_COOKIE: Final = "adref_language"
_environment = Environment(
    loader=FileSystemLoader(WEB / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def tongue(request: Request) -> Tongue:
    """The language chosen in this browser, else the person's, else what the browser asks for."""
    found: Tongue | None = getattr(request.state, "tongue", None)
    if found is None:
        signed: auth.Signed | None = getattr(request.state, "signed", None)
        wishes = (request.cookies.get(LANGUAGE_COOKIE), signed.person.language if signed else None)
        chosen = i18n.choose(wishes, request.headers.get("accept-language", ""))
        found = request.state.tongue = Tongue(chosen)
    return found


def page(
    request: Request, template: str, *, status: int = 200, me: Member | None = None, **facts: object
) -> HTMLResponse:
    """The template as an answer. ``me`` is who the reader is in the forum that the page is about."""
    html = _environment.get_template(template).render(_context(request, me) | facts)
    response = HTMLResponse(html, status_code=status, headers={"Vary": "Cookie, Accept-Language"})
    auth.keep_visit(request, response)
    return response


def macros(request: Request, template: str, *, me: Member | None = None, **facts: object) -> Any:
    """The macros of a template, to be called one by one; each gives Markup."""
    return _environment.get_template(template).make_module(_context(request, me) | facts)


def _context(request: Request, me: Member | None) -> dict[str, Any]:
    spoken = tongue(request)
    return {
        "_": spoken._,
        "ngettext": spoken.ngettext,
        "tongue": spoken,
        "word": lambda value, kind="": spoken._(word(value, kind)),
        "iso": i18n.iso,
        "direction": i18n.direction,
        "languages": i18n.LANGUAGES,
        "signed": getattr(request.state, "signed", None),
        "me": me,
        "unread": getattr(request.state, "unread", 0),
        "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "static": request.app.state.static.url,
        "has_static": request.app.state.static.__contains__,
        "csrf_token": lambda: auth.form_token(request),
        "linked": lambda text: markup(links.linked(text)),
        **cards.for_templates(spoken, markup),
        **strips.for_templates(spoken, markup),
    }


def markup(html: str) -> Markup:
    """HTML that this program built and escaped itself."""
    return Markup(html)  # noqa: S704 - only called with what render.py made


def wants_json(request: Request) -> bool:
    """Whether the asker is a program: an API path, or a script of ours."""
    return request.url.path.startswith("/api/") or "application/json" in request.headers.get("accept", "")


def refuse(request: Request, refusal: Refusal) -> Response:
    """A refusal as JSON ``{"key", "message"}``, as the API's ``{"error": …}``, or as a page."""
    if request.url.path.startswith("/api/"):
        return door.refused(request, refusal)
    spoken = tongue(request)
    message = spoken.refusal(refusal)
    headers = {"Retry-After": str(refusal.params["seconds"])} if "seconds" in refusal.params else {}
    if wants_json(request):
        return JSONResponse({"key": refusal.key, "message": message}, refusal.status, headers)
    response = page(
        request, "refusal.html", status=refusal.status, heading=_heading(spoken, refusal.status), why=message
    )
    response.headers.update(headers)
    return response


def _heading(spoken: Tongue, status: int) -> str:
    _ = spoken._
    return {
        400: _("That could not be read"),
        403: _("Not with this role"),
        404: _("Nothing here"),
        405: _("Nothing here"),
        409: _("The text has moved on"),
        413: _("Too large"),
        422: _("Something is missing or wrong"),
        429: _("One moment"),
    }.get(status, _("Something went wrong"))


async def on_refusal(request: Request, refusal: Exception) -> Response:
    """Starlette's handler for refusals that a door raised."""
    if not isinstance(refusal, Refusal):
        raise refusal
    return refuse(request, refusal)


async def on_http(request: Request, failure: Exception) -> Response:
    """Starlette's own refusals: no such route, wrong method, a broken form."""
    status = failure.status_code if isinstance(failure, HTTPException) else 500
    if status in {404, 405}:
        refusal: Refusal = NotFound("not_found", "There is nothing at this address.")
    else:
        refusal = Refusal("bad_request", "This request could not be understood, so nothing was done.")
    response = refuse(request, refusal)
    response.status_code = status
    return response


async def on_error(request: Request, _failure: Exception) -> Response:
    """A fault of ours. The log has it; the reader is told that nothing is known to be lost."""
    refusal = Refusal("fault", "This is a fault of the server. It has been noted. What was saved before is safe.")
    response = refuse(request, refusal)
    response.status_code = HTTPStatus.INTERNAL_SERVER_ERROR
    return response


async def answer(scope: Scope, receive: Receive, send: Send, refusal: Refusal) -> None:
    """Write a refusal from outside the router (the guard's)."""
    request = Request(scope, receive)
    await refuse(request, refusal)(scope, receive, send)
