"""What comes in through the doors: who asks, what the form holds, and whether it is theirs to send.

``asked`` wraps a door that is looked at, ``told`` one that a signed-in person posts to, ``told_by_anyone`` one for
visitors too. Posting doors take a form (urlencoded or multipart) or, from our scripts, a flat JSON object; both with
the form token, in the field ``csrf`` or the header ``X-CSRF``.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar
from urllib.parse import quote

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts.desk import notices
from drafts.errors import Forbidden, Invalid, Refusal
from server import auth
from server.auth import Signed
from server.limits import MAX_IMPORT

E = TypeVar("E", bound=StrEnum)
Door = Callable[[Request], Awaitable[Response]]
_MAX_FIELDS = 12_000  # five per clause of the largest text that is brought in


# What fields are called on the pages (message ids); others are named by their own name.
_LABELS = {
    "base": "Made from",
    "body": "Your comment",
    "clause": "Clause",
    "code": "Seat code, 2 to 6 capitals",
    "days": "Valid for days",
    "email": "E-mail",
    "group": "Group",
    "kind": "What it is",
    "label": "Label",
    "language": "Language of the text",
    "mode": "Who edits",
    "name": "Name",
    "note": "Cover note",
    "party": "Party",
    "role": "Role",
    "source": "Text: paste it here",
    "status": "What it is",
    "symbol": "Symbol",
    "text": "Text",
    "title": "Title",
}


def label(name: str) -> str:
    """What a field is called, in English."""
    return _LABELS.get(name, name)


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form; of a field that came twice, the last."""

    values: dict[str, str]
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)  # field -> the file's name and what it holds

    def text(self, name: str, *, most: int = 500, needed: bool = False) -> str:
        """A field without the spaces around it. Raises Invalid for one that is too long, empty when needed, or not
        text."""
        value = self.values.get(name, "").replace("\r\n", "\n").strip()
        if len(value) > most:
            raise Invalid("too_long", "{field}: at most {most} characters.", field=label(name), most=most)
        if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
            raise Invalid("not_text", "{field}: this is not text.", field=label(name))
        if needed and not value:
            raise Invalid("missing", "{field}: please fill this in.", field=label(name))
        return value

    def choice(self, name: str, kind: type[E], default: E | None = None) -> E:
        """A field that is one of a few words. Raises Invalid for any other."""
        value = self.values.get(name, "")
        if not value and default is not None:
            return default
        try:
            return kind(value)
        except ValueError:
            raise Invalid("bad_choice", "{field}: please choose one of the list.", field=label(name)) from None

    def number(self, name: str, default: int = 0) -> int:
        """A field that is a whole number from 0. Raises Invalid."""
        value = self.values.get(name, "")
        if not value:
            return default
        if not value.isascii() or not value.isdigit() or len(value) > 9:
            raise Invalid("bad_number", "{field}: this is not a number.", field=label(name))
        return int(value)

    def flag(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self.values.get(name, "") not in {"", "0", "false", "off"}


def asked(door: Callable[[Request, Signed], Awaitable[Response]]) -> Door:
    """A page for signed-in people; others are shown the way in and come back after."""

    async def opened(request: Request) -> Response:
        signed = await auth.current(request)
        if signed:
            await _count(request, signed)
            return await door(request, signed)
        if "application/json" in request.headers.get("accept", ""):
            raise _signed_out()
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse("/sign-in" if path == "/" else f"/sign-in?next={quote(path, safe='')}", 303)

    return opened


def anyone(door: Door) -> Door:
    """A page for everybody, who may be signed in."""

    async def opened(request: Request) -> Response:
        signed = await auth.current(request)
        if signed:
            await _count(request, signed)
        return await door(request)

    return opened


def told(door: Callable[[Request, Signed, Form], Awaitable[Response]]) -> Door:
    """A posting door for signed-in people."""

    async def opened(request: Request) -> Response:
        signed = await auth.current(request)
        if not signed:
            raise _signed_out()
        return await door(request, signed, await _checked(request))

    return opened


def told_by_anyone(door: Callable[[Request, Form], Awaitable[Response]]) -> Door:
    """A posting door for everybody."""

    async def opened(request: Request) -> Response:
        await auth.current(request)
        return await door(request, await _checked(request))

    return opened


def local(path: str, otherwise: str = "/") -> str:
    """An address on this site to go on to; never another site's."""
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if inside and len(path) < 500 else otherwise


async def _count(request: Request, signed: auth.Signed) -> None:
    """How many notices wait, for the top bar (``request.state.unread``)."""
    request.state.unread = await notices.unseen(request.app.state.store, signed.person.id)


def _signed_out() -> Refusal:
    return Forbidden("signed_out", "You are signed out. Sign in and send it once more.")


async def _checked(request: Request) -> Form:
    """The form, when its token is right. The header is looked at first: then a large body need not be read in vain."""
    header = request.headers.get("x-csrf")
    if header is not None:
        auth.check_token(request, header)
    form = await _read(request)
    if header is None:
        auth.check_token(request, form.values.get("csrf", ""))
    return form


async def _read(request: Request) -> Form:
    if request.headers.get("content-type", "").split(";", 1)[0].strip().lower() == "application/json":
        return Form(flat_json(await request.body()))
    values: dict[str, str] = {}
    files: dict[str, tuple[str, bytes]] = {}
    async with request.form(max_files=1, max_fields=_MAX_FIELDS, max_part_size=MAX_IMPORT) as data:
        for name, value in data.multi_items():
            if isinstance(value, str):
                values[name] = value
            elif value.filename:
                files[name] = (value.filename, await value.read())
    return Form(values, files)


def flat_json(body: bytes) -> dict[str, str]:
    """The fields of a JSON object whose values are text, numbers, yes and no, or nothing. Raises Refusal (400)."""
    try:
        raw = msgspec.json.decode(body, type=dict[str, str | int | bool | None])
    except (msgspec.DecodeError, RecursionError, ValueError):
        raise Refusal("bad_json", "This is not the JSON that is understood here.") from None
    return {name: _plain(value) for name, value in raw.items()}


def _plain(value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    return "1" if value is True else str(value)
