"""How a request comes through a door of the API: who asks, what the body says, and every refusal as JSON.

Programs send ``Authorization: Bearer adref_…``. Scripts on our own pages may use the session's cookie instead; then
anything that changes something needs the form token in ``X-CSRF``, since browsers send cookies by themselves.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from drafts.desk import people
from drafts.errors import Conflict, Invalid, NotFound, Refusal
from drafts.model import Person
from drafts.store import Store
from server import auth, i18n
from server.api import schema as s
from server.hub import Hub, operation
from server.i18n import Tongue

SAFE: Final = frozenset({"GET", "HEAD"})
_encoder = msgspec.json.Encoder()


class Unknown(Refusal):
    """401: nobody knows who is asking."""

    status = 401


@dataclass(frozen=True, slots=True)
class Query:
    """A parameter behind the question mark."""

    name: str
    about: str
    default: str = ""


@dataclass(slots=True)
class Ask:
    """A request whose sender is known and whose body was understood."""

    request: Request
    person: Person
    body: Any
    queries: dict[str, str]

    @property
    def store(self) -> Store:
        """The database."""
        store: Store = self.request.app.state.store
        return store

    @property
    def hub(self) -> Hub:
        """The drafts in session."""
        hub: Hub = self.request.app.state.hub
        return hub

    def path(self, name: str) -> str:
        """A part of the address."""
        return str(self.request.path_params[name])

    def part(self, name: str) -> int:
        """A part of the address that is a number. Raises NotFound."""
        text = self.path(name)
        if not text.isascii() or not text.isdecimal() or len(text) > 9:
            raise NotFound("not_found", "There is nothing at this address.")
        return int(text)

    def op(self) -> str:
        """The operation id that the body names, or a new one."""
        named = getattr(self.body, "op", msgspec.UNSET)
        return operation() if named is msgspec.UNSET else str(named)

    def error(self, refusal: Refusal) -> s.ErrorBody:
        """A refusal in a language that the asker reads, for an answer that is none itself."""
        return s.ErrorBody(refusal.key, _tongue(self.request).refusal(refusal))

    def number(self, name: str, most: int) -> int:
        """A query that is a whole number from 0 to ``most``. Raises Invalid."""
        text = self.queries[name]
        if not text.isascii() or not text.isdecimal() or len(text) > 15 or int(text) > most:
            raise Invalid("bad_query", "{name}: a whole number from 0 to {most} is needed.", name=name, most=most)
        return int(text)


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer that is a file and not JSON."""

    content: bytes
    media_type: str
    name: str


Handler = Callable[[Ask], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Door:
    """One row of the table: method and path, who handles it, and what goes in and comes out.

    ``example`` is a body that works on the demo forum, with ``{name}`` in the place of ids.
    """

    method: str
    path: str
    handler: Handler
    summary: str
    answer: Any
    body: Any = None
    status: int = 200
    queries: tuple[Query, ...] = field(default=())
    example: dict[str, Any] | None = None
    media_types: tuple[str, ...] = field(default=("application/json",))


def endpoint(door: Door) -> Callable[[Request], Awaitable[Response]]:
    """The door as Starlette calls it."""
    decoder = None if door.body is None else msgspec.json.Decoder(door.body)

    async def opened(request: Request) -> Response:
        try:
            person = await _who(request)
            body = None if decoder is None else _decoded(decoder, await request.body())
            return _answer(door, await door.handler(Ask(request, person, body, _queries(door, request))))
        except Refusal as refusal:
            return refused(request, refusal)

    return opened


async def nowhere(request: Request) -> Response:
    """What stands behind every other address below ``/api``."""
    return refused(request, NotFound("not_found", "There is nothing at this address."))


def refused(request: Request, refusal: Refusal) -> Response:
    """A refusal as the API tells it, in a language that the asker reads."""
    tongue = _tongue(request)
    body = s.Error(s.ErrorBody(refusal.key, tongue.refusal(refusal)))
    headers = {"Vary": "Accept-Language", "Content-Language": tongue.language}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if "seconds" in refusal.params:
        headers["Retry-After"] = str(refusal.params["seconds"])
    return Response(_encoder.encode(body), refusal.status, headers, "application/json")


def _tongue(request: Request) -> Tongue:
    return Tongue(i18n.choose((), request.headers.get("accept-language", "")))


async def _who(request: Request) -> Person:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme:
        person = await people.person_of_token(request.app.state.store, secret.strip()) if _bearer(scheme) else None
        if person is None:
            raise Unknown("bad_token", "This token is unknown, revoked or expired.")
        return person
    signed = await auth.current(request)
    if signed is None:
        raise Unknown("no_credentials", "Send a token: Authorization: Bearer adref_…")
    if request.method not in SAFE:
        auth.check_token(request, request.headers.get("x-csrf", ""))
    return signed.person


def _bearer(scheme: str) -> bool:
    return scheme.lower() == "bearer"


def _decoded(decoder: msgspec.json.Decoder[Any], body: bytes) -> Any:
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise Invalid("bad_body", "The body is not what this address takes: {why}", why=str(error)) from None
    except (msgspec.DecodeError, RecursionError, ValueError):
        raise Refusal("bad_json", "This is not JSON.") from None


def _queries(door: Door, request: Request) -> dict[str, str]:
    known = {query.name: query.default for query in door.queries}
    for name in request.query_params:
        if name not in known:
            raise Invalid("bad_query", "There is no parameter {name} here.", name=name[:40])
    return known | dict(request.query_params)


def _answer(door: Door, value: Any) -> Response:
    if isinstance(value, Raw):
        headers = {"Content-Disposition": f'attachment; filename="{value.name}"'}
        return Response(value.content, door.status, headers, value.media_type)
    if door.status == 204:
        return Response(None, 204)
    return Response(_encoder.encode(value), door.status, media_type="application/json")


def moved_on() -> Conflict:
    """What a caller gets whose base is not there any more."""
    return Conflict("text_moved_on", "The text has moved on. Read it again.")
