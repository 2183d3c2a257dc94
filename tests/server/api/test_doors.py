"""What every door of the API does before it does anything: who asks, in which form, how much, and how it says no."""

import re

import pytest

from drafts.desk import people


async def test_nobody_is_asked_for_a_token(world):
    nobody = await world.client()
    answer = await nobody.get("/api/v1/forums")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["error"]["key"] == "no_credentials"


@pytest.mark.parametrize("sent", ["Bearer adref_nothing", "Bearer", "Basic YTpi", "Bearer " + "x" * 5000])
async def test_a_wrong_token_is_no_token(world, sent):
    nobody = await world.client(Authorization=sent)
    answer = await nobody.get("/api/v1/me")
    assert (answer.status_code, answer.json()["error"]["key"]) == (401, "bad_token")


async def test_a_token_works_until_it_is_revoked(world):
    norvale = await world.of("norvale")
    me = (await norvale.get("/api/v1/me")).json()
    assert me == {
        "id": await world.person("norvale"),
        "name": "Delegate of Norvale",
        "email": "norvale@demo.invalid",
        "language": "en",
    }
    (token,) = await people.tokens(world.app.state.store, me["id"])
    await people.revoke_token(world.app.state.store, me["id"], token.id)
    assert (await norvale.get("/api/v1/me")).status_code == 401


async def test_a_session_reads_with_its_cookie_and_writes_with_its_form_token(world):
    browser = await world.client()
    secret = await people.open_session(world.app.state.store, await world.person("norvale"))
    browser.cookies.set("adref", secret)
    assert (await browser.get("/api/v1/me")).status_code == 200
    path, body = f"/api/v1/drafts/{world.draft}/threads", {"body": "A word on the whole."}
    for wrong in ({}, {"X-CSRF": "nonsense"}):
        answer = await browser.post(path, json=body, headers=wrong)
        assert (answer.status_code, answer.json()["error"]["key"]) == (403, "csrf")
    found = re.search(r'name="csrf" value="([^"]+)"', (await browser.get("/account")).text)
    assert found is not None
    token = found[1]
    assert (await browser.post(path, json=body, headers={"X-CSRF": token})).status_code == 201


async def test_another_sites_page_is_turned_away(world):
    norvale = await world.of("norvale")
    path, body = f"/api/v1/drafts/{world.draft}/threads", {"body": "A word on the whole."}
    answer = await norvale.post(path, json=body, headers={"Origin": "https://elsewhere.example"})
    assert (answer.status_code, answer.json()["error"]["key"]) == (403, "origin")


async def test_refusals_speak_the_askers_language(world):
    norvale = await world.of("norvale")
    english = await norvale.get("/api/v1/drafts/nothing")
    assert english.headers["content-language"] == "en"
    assert english.json() == {"error": {"key": "not_found", "message": "There is nothing at this address."}}
    spanish = await norvale.get("/api/v1/drafts/nothing", headers={"Accept-Language": "es, en;q=0.5"})
    assert spanish.headers["content-language"] == "es"
    assert spanish.json()["error"]["key"] == "not_found"
    assert spanish.json()["error"]["message"] != english.json()["error"]["message"]


@pytest.mark.parametrize(
    ("body", "status", "key"),
    [
        (b"", 400, "bad_json"),
        (b"{", 400, "bad_json"),
        (b"\xff\xfe", 400, "bad_json"),
        (b"[" * 100_000, 422, "bad_body"),
        (b'{"body": 1}', 422, "bad_body"),
        (b'{"body": "x", "more": 1}', 422, "bad_body"),
        (b"[]", 422, "bad_body"),
        (b'{"place": "clause", "body": ' + b"9" * 50_000 + b"}", 422, "bad_body"),
        (b'{"body": "' + b"x" * 300_000 + b'"}', 413, "too_large"),
    ],
)
async def test_bodies_that_are_not_understood(world, body, status, key):
    norvale = await world.of("norvale")
    answer = await norvale.post(f"/api/v1/drafts/{world.draft}/threads", content=body)
    assert (answer.status_code, answer.json()["error"]["key"]) == (status, key)


async def test_a_body_without_a_length_is_counted_too(world):
    norvale = await world.of("norvale")

    async def endless():
        for _ in range(40):
            yield b" " * 10_000

    answer = await norvale.post(f"/api/v1/drafts/{world.draft}/threads", content=endless())
    assert (answer.status_code, answer.json()["error"]["key"]) == (413, "too_large")


async def test_too_many_at_once(world):
    hasty = await world.client(Authorization="Basic eDp5")
    tries = 0
    while (refused := await hasty.post("/api/v1/drafts/nothing/threads")).status_code == 401:
        tries += 1
        assert tries < 5_000
    assert tries >= 240
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.json()["error"]["key"] == "too_many"


async def test_addresses_that_are_none(world):
    norvale = await world.of("norvale")
    for method, path in (("GET", "/api/v1/nothing"), ("POST", "/api/"), ("DELETE", f"/api/v1/drafts/{world.draft}")):
        answer = await norvale.request(method, path)
        assert (answer.status_code, answer.json()["error"]["key"]) == (404, "not_found")
