"""Signing in and out, the demo's entry, the language of the pages."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import httpx
import pytest

from drafts.desk import people
from drafts.store import Store
from server import auth
from server.demo import make
from server.settings import Settings
from tests.cast import Cast
from tests.server.conftest import Browser

PASSWORD = "seven swans a-swimming"


@pytest.fixture
async def account(store: Store) -> str:
    person = await people.create(store, "Ines Valder", "ines@lakes.example", await auth.hash_password(PASSWORD))
    return person.id


async def test_the_right_password_opens_a_session(account: str, browser: Callable[[], Browser], store: Store) -> None:
    at = browser()
    response = await at.post("/sign-in", {"email": " Ines@Lakes.example ", "password": PASSWORD, "next": "/account"})
    assert (response.status_code, response.headers["location"]) == (303, "/account")
    cookie = next(c for c in response.headers.get_list("set-cookie") if c.startswith("adref="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert len(await people.sessions(store, account)) == 1
    assert (await at.get("/account")).status_code == 200


@pytest.mark.usefixtures("account")
async def test_a_wrong_address_and_a_wrong_password_are_told_alike(browser: Callable[[], Browser]) -> None:
    answers = []
    for email in ("ines@lakes.example", "nobody@lakes.example"):
        response = await browser().post("/sign-in", {"email": email, "password": "guess"})
        answers.append((response.status_code, "The e-mail address or the password is not right." in response.text))
    assert answers == [(422, True), (422, True)]


@pytest.mark.usefixtures("account")
async def test_guessing_is_slowed(browser: Callable[[], Browser]) -> None:
    at = browser()
    tries = [await at.post("/sign-in", {"email": "ines@lakes.example", "password": "guess"}) for _ in range(7)]
    assert tries[-1].status_code == 429
    right = await at.post("/sign-in", {"email": "ines@lakes.example", "password": PASSWORD})
    assert right.status_code == 429


async def test_signing_in_gives_a_new_secret_and_ends_the_old_session(
    account: str, as_person: Callable[[str], Awaitable[Browser]], store: Store
) -> None:
    at = await as_person(account)
    before = at.http.cookies["adref"]
    response = await at.post("/sign-in", {"email": "ines@lakes.example", "password": PASSWORD})
    assert response.status_code == 303
    assert at.http.cookies["adref"] != before
    assert await people.session(store, before) is None
    assert len(await people.sessions(store, account)) == 1


@pytest.mark.usefixtures("account")
async def test_only_addresses_of_this_site_are_gone_on_to(browser: Callable[[], Browser]) -> None:
    for evil in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\tb"):
        response = await browser().post("/sign-in", {"email": "ines@lakes.example", "password": PASSWORD, "next": evil})
        assert response.headers["location"] == "/"


async def test_signing_out_ends_the_session_here_only(
    account: str, as_person: Callable[[str], Awaitable[Browser]], store: Store
) -> None:
    here, there = await as_person(account), await as_person(account)
    assert (await here.post("/sign-out")).status_code == 303
    assert (await here.get("/account")).status_code == 303
    assert (await there.get("/account")).status_code == 200
    assert (await there.post("/sign-out-everywhere")).status_code == 303
    assert await people.sessions(store, account) == []


async def test_people_who_are_not_signed_in_come_back_to_where_they_wanted(browser: Callable[[], Browser]) -> None:
    response = await browser().get("/drafts/abc?since=2")
    assert response.headers["location"] == "/sign-in?next=%2Fdrafts%2Fabc%3Fsince%3D2"


async def test_the_language_is_kept_with_the_person(
    account: str, as_person: Callable[[str], Awaitable[Browser]], store: Store
) -> None:
    at = await as_person(account)
    await at.post("/language", {"language": "ar", "next": "/account"})
    page = await at.get("/account")
    assert '<html lang="ar" dir="rtl">' in page.text
    assert (await people.get(store, account)).language == "ar"
    await at.post("/language", {"language": "xx"})
    assert (await people.get(store, account)).language == "ar"


async def test_a_visitor_gets_the_language_the_browser_asks_for(browser: Callable[[], Browser]) -> None:
    page = await browser().get("/sign-in", **{"Accept-Language": "de, es-AR;q=0.8, en;q=0.5"})
    assert '<html lang="es" dir="ltr">' in page.text


class TestDemo:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, demo=True)

    async def test_the_demos_people_enter_by_one_click_and_nobody_else_does(
        self, store: Store, room: Cast, browser: Callable[[], Browser]
    ) -> None:
        forum = await make(store)
        page = await browser().get("/sign-in")
        assert page.text.count('name="person"') >= 8
        async with store.read() as q:
            members = await q.forums.members(forum.id)
        entered = browser()
        response: httpx.Response = await entered.post("/demo/enter", {"person": members[0].person_id})
        assert response.status_code == 303
        assert forum.name in (await entered.get("/")).text
        assert (await browser().post("/demo/enter", {"person": room.chair})).status_code == 404
