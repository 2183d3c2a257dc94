"""Who is asking: passwords, sessions, the tokens of forms, and how fast somebody may guess.

The cookie ``adref`` holds a random secret and nothing else; the session is a row. A form's token is derived from that
secret and masked anew for each page, so that compressed pages do not leak it (BREACH). Visitors who are not signed in
have a ``adref_visit`` cookie for the same purpose.
"""

import asyncio
import base64
import hmac
import secrets
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from drafts.desk import people
from drafts.errors import Forbidden, TooMany
from drafts.model import Person
from server.security import COOKIE
from server.settings import Settings

VISIT: Final = "adref_visit"
MIN_PASSWORD: Final = 10
MAX_PASSWORD: Final = 200
_FORTNIGHT: Final = 14 * 24 * 3600
_SIZE: Final = 32  # bytes of a form token, and of its mask
_hasher = PasswordHasher()  # argon2id with the library's parameters (RFC 9106, low memory)
_threads = ThreadPoolExecutor(2, thread_name_prefix="argon2")  # two at once: each check takes 64 MiB and a core


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody who is signed in."""

    person: Person
    session_id: str


# ── passwords ──


async def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def verify_password(kept: str | None, password: str) -> bool:
    """Whether the password is right. Takes as long when there is no hash at all (no such person)."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _verify, kept, password[:MAX_PASSWORD])


def _verify(kept: str | None, password: str) -> bool:
    against = kept or _nobodys()
    try:
        return _hasher.verify(against, password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))


# ── guessing ──


class Failures:
    """Slows guessing, per account (known or not: nothing is told) and per address. Forgets after ``memory`` seconds,
    and what was not seen for longest when there are more than ``most`` keys."""

    def __init__(self, memory: float = 900, most: int = 20_000) -> None:
        self._memory = memory
        self._most = most
        self._seen: OrderedDict[str, tuple[int, float]] = OrderedDict()  # key -> (failures, last one)

    def check(self, account: str, address: str, now: float) -> None:
        """Raise TooMany when it is too early for another try. ``now`` in seconds, monotonic."""
        wait = max(self._wait(_key(account), 5, 60, now), self._wait(f"@{address}", 40, 300, now))
        if wait > 0:
            raise TooMany(
                "too_many_tries", "Too many tries. Please wait {seconds} s and try again.", seconds=int(wait) + 1
            )

    def note(self, account: str, address: str, now: float) -> None:
        """A try failed."""
        for key in (_key(account), f"@{address}"):
            count, last = self._seen.pop(key, (0, now))
            self._seen[key] = (count + 1 if now - last < self._memory else 1, now)
        while len(self._seen) > self._most:
            self._seen.popitem(last=False)

    def forget(self, account: str) -> None:
        """The right password came."""
        self._seen.pop(_key(account), None)

    def __len__(self) -> int:
        return len(self._seen)

    def _wait(self, key: str, free: int, longest: float, now: float) -> float:
        count, last = self._seen.get(key, (0, now))
        if count < free or now - last >= self._memory:
            return 0.0
        return min(longest, 2.0 ** min(count - free, 20)) - (now - last)


def _key(account: str) -> str:
    return sha256(account.encode()).hexdigest()


async def sign_in(request: Request, email: str, password: str) -> Person | None:
    """The person, or None for a wrong address or password. Raises TooMany when it is tried too often."""
    failures: Failures = request.app.state.failures
    address = request.client.host if request.client else ""
    account = email.strip().lower()[:254]
    failures.check(account, address, time.monotonic())
    found = await people.by_email(request.app.state.store, account)
    person, kept = found or (None, None)
    if not await verify_password(kept, password):
        failures.note(account, address, time.monotonic())
        return None
    failures.forget(account)
    return person


# ── sessions ──


async def current(connection: HTTPConnection) -> Signed | None:
    """Who is signed in on this connection; asked once a request."""
    if not hasattr(connection.state, "signed"):
        secret = connection.cookies.get(COOKIE, "")
        session = await people.session(connection.app.state.store, secret) if secret else None
        connection.state.signed = Signed(session.person, session.id) if session else None
    signed: Signed | None = connection.state.signed
    return signed


async def open_session(request: Request, response: Response, person: Person) -> None:
    """Sign ``person`` in on this browser: a new secret, whatever the browser had before."""
    store = request.app.state.store
    before = request.cookies.get(COOKIE)
    if before:
        request.app.state.hub.close_sessions(await people.close_session(store, before))
    secret = await people.open_session(store, person.id)
    _set_cookie(request, response, COOKIE, secret, _FORTNIGHT)
    response.delete_cookie(VISIT, path="/")


async def close_session(request: Request, response: Response, *, everywhere: bool) -> None:
    """Sign out here, or everywhere; open sockets of those sessions are closed."""
    store = request.app.state.store
    signed = await current(request)
    if signed and everywhere:
        request.app.state.hub.close_sessions(await people.close_all_sessions(store, signed.person.id))
    elif signed:
        request.app.state.hub.close_sessions(await people.close_session(store, request.cookies[COOKIE]))
    response.delete_cookie(COOKIE, path="/")


def _set_cookie(request: Request, response: Response, name: str, value: str, seconds: int | None) -> None:
    settings: Settings = request.app.state.settings
    secure = settings.secure_cookies or request.url.scheme == "https"
    response.set_cookie(name, value, max_age=seconds, path="/", httponly=True, samesite="lax", secure=secure)


# ── tokens of forms ──


def form_token(request: Request) -> str:
    """A fresh mask of this browser's token, for a hidden field. Gives a visitor the cookie it is bound to."""
    secret = _form_secret(request)
    if not secret:
        secret = request.state.visit = secrets.token_urlsafe(24)
    mask = secrets.token_bytes(_SIZE)
    masked = bytes(a ^ b for a, b in zip(mask, _derived(secret), strict=True))
    return base64.urlsafe_b64encode(mask + masked).decode()


def keep_visit(request: Request, response: Response) -> None:
    """Set the visitor's cookie on the answer, when ``form_token`` made one."""
    visit = getattr(request.state, "visit", None)
    if visit:
        _set_cookie(request, response, VISIT, visit, None)


def check_token(request: Request, token: str) -> None:
    """Raise Forbidden unless the token is one of this browser's."""
    secret = _form_secret(request)
    try:
        raw = base64.urlsafe_b64decode(token[:200].encode("ascii", "replace"))
    except ValueError:
        raw = b""
    mask, masked = raw[:_SIZE], raw[_SIZE:]
    if secret and len(masked) == _SIZE:
        given = bytes(a ^ b for a, b in zip(mask, masked, strict=True))
        if hmac.compare_digest(given, _derived(secret)):
            return
    raise Forbidden("csrf", "This form is no longer valid. Please load the page again and send it once more.")


def _form_secret(request: Request) -> str:
    signed: Signed | None = getattr(request.state, "signed", None)
    if signed:
        return request.cookies[COOKIE]
    visit: str = getattr(request.state, "visit", None) or request.cookies.get(VISIT, "")
    return visit


def _derived(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"adref form", "sha256")
