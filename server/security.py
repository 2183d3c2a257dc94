"""What every request meets before it reaches a door, and every answer on its way out. Pure ASGI, for http and
websocket.

In order: ``Headers`` (on every answer, also refusals), ``Squeeze`` (gzip), ``Guard`` (where from, how often, how
large).

On origins: a browser names in ``Origin`` whose page sends a request. Only our own may post or open a socket. With
``Referrer-Policy: no-referrer`` browsers write ``Origin: null`` on our own forms too; such a request goes on to the
check of its CSRF token unless the browser says in ``Sec-Fetch-Site`` that another site sent it. A socket with
``null`` is turned away.
"""

import math
import time
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Final

from starlette.datastructures import Headers as RequestHeaders
from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from drafts.errors import Forbidden, Refusal, TooLarge, TooMany
from server.limits import KIB, Buckets, Rate, largest_body
from server.settings import Settings

COOKIE: Final = "adref"
Answer = Callable[[Scope, Receive, Send, Refusal], Awaitable[None]]
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITE: Final = frozenset({"", "same-origin", "none"})

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
# Requests of one address (a whole workshop may sit behind it), of one person, and tries of a password from one address.
PER_ADDRESS: Final = Rate(burst=1_500, per_second=100)
PER_PERSON: Final = Rate(burst=240, per_second=8)
ENTERING: Final = Rate(burst=60, per_second=1)
APPLYING: Final = Rate(burst=20, per_second=1 / 180)  # applications of organisations, from one address
_ENTRANCES: Final = ("/sign-in", "/join/", "/demo/", "/digest/")
_ONE_CLICK: Final = "/digest/stop/"  # asked for by mail programs, which are no site: the address itself is the right


class Headers:
    """Sets the security headers, and ``no-store`` on whatever says nothing about keeping."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; dress the answer's start."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, dressed)


class Squeeze:
    """gzip for pages and JSON over 1 kB; static files bring their own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.gzip = GZipMiddleware(app, minimum_size=KIB, compresslevel=3)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, through gzip where it helps."""
        static = scope["type"] != "http" or scope["path"].startswith("/static/")
        await (self.app if static else self.gzip)(scope, receive, send)


class Guard:
    """Turns away foreign origins (403), too many requests (429) and too large ones (413).

    ``answer`` writes a refusal as a page or as JSON. A socket is refused before it is accepted, which is a 403.
    """

    def __init__(self, app: ASGIApp, settings: Settings, answer: Answer) -> None:
        self.app = app
        self.origins = settings.allowed_origins
        self.limited = settings.rate_limits
        self.answer = answer
        self.addresses = Buckets(PER_ADDRESS)
        self.people = Buckets(PER_PERSON)
        self.entrances = Buckets(ENTERING)
        self.applying = Buckets(APPLYING)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = RequestHeaders(scope=scope).get("origin", "").lower()
        if origin in self.origins:
            await self.app(scope, receive, send)
            return
        await receive()  # websocket.connect
        await send({"type": "websocket.close", "code": 1008})

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = RequestHeaders(scope=scope)
        refusal = self._foreign(scope, headers) or self._too_often(scope, headers) or _too_large(scope, headers)
        if refusal is None:
            await self.app(scope, _counted(receive, largest_body(scope["path"])), send)
        else:
            await self.answer(scope, receive, send, refusal)

    def _foreign(self, scope: Scope, headers: RequestHeaders) -> Refusal | None:
        if scope["method"] in _SAFE or scope["path"].startswith(_ONE_CLICK):
            return None
        origin = headers.get("origin", "null").lower()
        if origin in self.origins or (origin == "null" and headers.get("sec-fetch-site", "") in _OWN_SITE):
            return None
        return Forbidden("origin", "This request came from another site, so nothing was done.")

    def _too_often(self, scope: Scope, headers: RequestHeaders) -> Refusal | None:
        if not self.limited or scope["path"].startswith("/static/"):
            return None
        now = time.monotonic()
        address = scope["client"][0] if scope.get("client") else ""
        waits = [self.addresses.take(address, now)]
        if scope["method"] not in _SAFE:
            waits.append(self.people.take(_person(headers) or address, now))
            if scope["path"].startswith(_ENTRANCES):
                waits.append(self.entrances.take(address, now))
            if scope["path"].endswith("/apply") and scope["path"].startswith("/forums/"):
                waits.append(self.applying.take(address, now))
        wait = math.ceil(max(waits))
        if not wait:
            return None
        return TooMany("too_many", "Too many requests at once. Please wait {seconds} s and try again.", seconds=wait)


def _person(headers: RequestHeaders) -> str:
    """Something that is one person's own: their cookie or token, hashed, so that no secret stays in memory here."""
    mine = headers.get("authorization", "")
    for part in headers.get("cookie", "").split(";"):
        name, _, value = part.strip().partition("=")
        mine = value if name == COOKIE and not mine else mine
    return sha256(mine.encode()).hexdigest() if mine else ""


def _too_large(scope: Scope, headers: RequestHeaders) -> Refusal | None:
    length = headers.get("content-length", "0")
    largest = largest_body(scope["path"])
    return None if length.isdigit() and int(length[:18]) <= largest else _refuse_size(largest)


def _counted(receive: Receive, largest: int) -> Receive:
    """``receive`` that raises TooLarge when a body goes on past its limit, whatever its header said."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > largest:
                raise _refuse_size(largest)
        return message

    return counted


def _refuse_size(largest: int) -> TooLarge:
    return TooLarge("too_large", "This is larger than {kib} KiB, the most that is taken here.", kib=largest // KIB)
