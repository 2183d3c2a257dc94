"""What every request meets: origins, sizes, rates, compression; and sockets before they are accepted."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
from starlette.applications import Starlette
from starlette.types import Message
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from drafts.desk import people
from server.limits import MAX_BODY, MAX_IMPORT, Buckets, Rate, largest_body
from server.settings import Settings
from tests.cast import Cast, cast
from tests.server.conftest import ORIGIN, Browser
from tests.server.served import serving


async def test_a_post_from_another_site_is_turned_away(
    room: Cast, as_person: Callable[[str], Awaitable[Browser]]
) -> None:
    chair = await as_person(room.chair)
    for origin in ("https://evil.example", "http://127.0.0.1:8001", "http://127.0.0.1"):
        response = await chair.post("/language", {"language": "fr"}, headers={"Origin": origin})
        assert response.status_code == 403
        assert "another site" in response.text


async def test_a_form_of_ours_passes_though_no_referrer_makes_its_origin_null(
    room: Cast, as_person: Callable[[str], Awaitable[Browser]]
) -> None:
    chair = await as_person(room.chair)
    same = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert (await chair.post("/language", {"language": "fr"}, headers=same)).status_code == 303
    other = {"Origin": "null", "Sec-Fetch-Site": "cross-site"}
    assert (await chair.post("/language", {"language": "fr"}, headers=other)).status_code == 403


async def test_a_large_body_is_refused_before_it_is_read(browser: Callable[[], Browser]) -> None:
    response = await browser().post("/sign-in", {"email": "a" * (MAX_BODY + 1)})
    assert response.status_code == 413
    assert "256 KiB" in response.text


async def test_a_body_that_lies_about_its_length_is_refused_while_it_is_read(app: Starlette) -> None:
    sent: list[Message] = []
    chunk = b"x" * 65_536

    async def receive() -> Message:
        return {"type": "http.request", "body": chunk, "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [
        (b"host", b"127.0.0.1:8000"),
        (b"origin", ORIGIN.encode()),
        (b"content-type", b"application/x-www-form-urlencoded"),
    ]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": "/sign-in",
        "raw_path": b"/sign-in", "query_string": b"", "headers": headers, "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000), "scheme": "http", "root_path": "",
    }  # fmt: skip
    await asyncio.wait_for(app(scope, receive, send), 10)
    assert sent[0]["status"] == 413


def test_only_texts_that_are_brought_in_may_be_large() -> None:
    assert largest_body("/forums/abc/drafts/preview") == MAX_IMPORT
    assert largest_body("/forums/abc/drafts") == MAX_IMPORT
    assert largest_body("/drafts/abc/merges") == MAX_IMPORT
    assert largest_body("/drafts/abc/merges/def/apply") == MAX_BODY
    assert largest_body("/drafts/abc/threads") == MAX_BODY
    assert largest_body("/sign-in") == MAX_BODY


async def test_json_that_is_nested_too_deep_or_holds_a_giant_number_is_a_400(
    room: Cast, as_person: Callable[[str], Awaitable[Browser]]
) -> None:
    chair = await as_person(room.chair)
    await chair.get("/account")
    for body in (
        b"[" * 50_000,
        b'{"body": ' + b"[" * 50_000,
        b'{"number": ' + b"9" * 100_000 + b"}",
        b"{",
        b'{"a": [1]}',
    ):
        response = await chair.http.post(
            f"/drafts/{room.draft.id}/threads",
            content=body,
            headers={"X-CSRF": chair.token, "Content-Type": "application/json", "Accept": "application/json"},
        )
        assert response.status_code == 400
        assert response.json()["key"] == "bad_json"


async def test_a_broken_multipart_form_is_a_400(room: Cast, as_person: Callable[[str], Awaitable[Browser]]) -> None:
    chair = await as_person(room.chair)
    await chair.get("/account")
    headers = {"X-CSRF": chair.token, "Content-Type": "multipart/form-data; boundary=x"}
    response = await chair.http.post("/language", content=b"--y\r\nnonsense", headers=headers)
    assert response.status_code == 400


async def test_too_many_tries_from_one_address_are_slowed(browser: Callable[[], Browser]) -> None:
    at = browser()
    await at.get("/sign-in")
    codes = [
        (await at.http.post("/demo/enter", data={"csrf": at.token}, headers={"Origin": ORIGIN})).status_code
        for _ in range(80)
    ]
    assert codes.count(404) >= 60
    assert codes[-1] == 429


async def test_too_many_applications_from_one_address_are_slowed(browser: Callable[[], Browser]) -> None:
    guest = browser()
    answers = [(await guest.post("/forums/none/apply", {"name": "x"})).status_code for _ in range(21)]
    assert answers == [404] * 20 + [429]


def test_a_bucket_refills_and_forgets_whom_it_has_not_seen_for_longest() -> None:
    buckets = Buckets(Rate(burst=2, per_second=0.5), most=3)
    assert [buckets.take("a", 0.0), buckets.take("a", 0.0)] == [0.0, 0.0]
    assert buckets.take("a", 0.0) == pytest.approx(2.0)
    assert buckets.take("a", 2.0) == 0.0
    for key in "bcd":
        buckets.take(key, 3.0)
    assert len(buckets) == 3
    assert buckets.take("a", 3.0) == 0.0  # forgotten, so full again


async def test_long_pages_are_compressed_and_short_answers_are_not(browser: Callable[[], Browser]) -> None:
    at = browser()
    page = await at.get("/sign-in", **{"Accept-Encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip"
    short = await at.http.get("/drafts/none", headers={"Accept": "application/json", "Accept-Encoding": "gzip"})
    assert short.status_code == 403
    assert "content-encoding" not in short.headers


async def test_static_files_are_kept_for_ever_under_their_hash_only(
    app: Starlette, browser: Callable[[], Browser]
) -> None:
    at = browser()
    now = await at.get(app.state.static.url("css/base.css"), **{"Accept-Encoding": "gzip"})
    assert now.status_code == 200
    assert "immutable" in now.headers["cache-control"]
    assert now.headers["content-encoding"] == "gzip"
    old = await at.get("/static/another/css/base.css")
    assert old.headers["cache-control"] == "no-cache"
    for path in (
        "css/none.css",
        "templates/base.html",
        "css/%2e%2e/%2e%2e/pyproject.toml",
        "css/..%2f..%2fpyproject.toml",
    ):
        assert (await at.get(f"/static/{app.state.static.hash}/{path}")).status_code == 404
    assert len(gzip.compress(old.content)) < len(old.content)


# ── sockets need a real server ──


@pytest.fixture
async def served(settings: Settings) -> AsyncIterator[tuple[str, Starlette]]:
    """A running server's ``host:port`` and its application."""
    async with serving(settings) as running:
        yield running


async def test_a_socket_needs_our_origin_and_a_session_and_the_right(served: tuple[str, Starlette]) -> None:
    address, app = served
    room = await cast(app.state.store)
    cookies = {who: await people.open_session(app.state.store, getattr(room, who)) for who in ("observer", "stranger")}

    async def opened(origin: str | None, cookie: str) -> int:
        headers = {"Cookie": f"adref={cookie}"} | ({"Origin": origin} if origin else {})
        try:
            async with connect(f"ws://{address}/ws/drafts/{room.draft.id}", additional_headers=headers) as live:
                await asyncio.wait_for(live.recv(), 5)
                return 101
        except InvalidStatus as refused:
            return refused.response.status_code

    ours = f"http://{address}"
    assert await opened(ours, cookies["observer"]) == 101
    assert await opened("https://evil.example", cookies["observer"]) == 403
    assert await opened("null", cookies["observer"]) == 403
    assert await opened(None, cookies["observer"]) == 403
    assert await opened(ours, cookies["stranger"]) == 403
    assert await opened(ours, "nonsense") == 403


async def test_signing_out_everywhere_closes_the_sockets_within_a_second(served: tuple[str, Starlette]) -> None:
    address, app = served
    room = await cast(app.state.store)
    secret = await people.open_session(app.state.store, room.norvale)
    headers = {"Cookie": f"adref={secret}", "Origin": f"http://{address}"}
    async with (
        connect(f"ws://{address}/ws/drafts/{room.draft.id}", additional_headers=headers) as live,
        httpx.AsyncClient(base_url=f"http://{address}", cookies={"adref": secret}) as client,
    ):
        await live.recv()
        browser = Browser(client)
        await browser.get("/account")
        response = await browser.post("/sign-out-everywhere", headers={"Origin": f"http://{address}"})
        assert response.status_code == 303
        await asyncio.wait_for(live.wait_closed(), 1)
    assert live.close_code == 4401
