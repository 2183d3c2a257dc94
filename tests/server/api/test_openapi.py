"""The OpenAPI document: valid, complete and true. Every door it tells of is opened and its answer checked."""

import json
import re
import time

import httpx
import jsonschema
import pytest
from openapi_spec_validator import validate
from starlette.routing import Match

from server.api.routes import DOORS, ROUTES, V1


@pytest.fixture
async def document(world):
    answer = await (await world.client()).get("/api/openapi.json")
    assert answer.status_code == 200
    return answer.json()


async def test_it_is_a_valid_document(document):
    validate(document)
    assert document["openapi"].startswith("3.1")


async def test_it_tells_of_every_door_and_of_no_other(world, document):
    told = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert told == {(door.method, V1 + door.path) for door in DOORS}
    assert len(told) == len(DOORS)
    served = [route for route in world.app.routes if route in ROUTES]
    assert len(served) == len(ROUTES)
    for method, path in told:
        scope = {"type": "http", "method": method, "path": re.sub(r"{\w+}", "x", path), "root_path": ""}
        assert any(route.matches(scope)[0] is Match.FULL for route in served[:-1]), path


async def test_every_door_asks_who_is_there(world):
    nobody = await world.client()
    for door in DOORS:
        answer = await nobody.request(door.method, V1 + re.sub(r"{\w+}", "x", door.path))
        assert (door.path, answer.status_code) == (door.path, 401)


async def test_no_door_tells_a_stranger_anything(world):
    stranger, ids = await world.stranger(), await find(world)
    for door in DOORS:
        if "{" in door.path:
            answer = await ask(stranger, door, ids)
            assert (door.path, answer.status_code) == (door.path, 404)


async def test_every_example_works_and_every_answer_is_as_described(world, document):
    secretary, ids = await world.of("secretary"), await find(world)
    for door in DOORS:
        if door.path.endswith("/silence/cancel"):  # the one before was broken
            lasts = {"lasts": 345600}
            assert (await secretary.post(f"{V1}/drafts/{world.draft}/silence", json=lasts)).status_code == 201
        answer = await ask(secretary, door, ids)
        assert (door.method, door.path, answer.status_code) == (door.method, door.path, door.status), answer.text
        described = document["paths"][V1 + door.path][door.method.lower()]["responses"][str(door.status)]
        content = described.get("content", {})
        assert bool(content) == bool(answer.content)
        if content:
            shape = content[answer.headers["content-type"].partition(";")[0]]
            if "schema" in shape:
                jsonschema.validate(answer.json(), shape["schema"] | {"components": document["components"]})


async def test_refusals_are_as_described(world, document):
    norvale = await world.of("norvale")
    for path in ("/drafts/nothing", f"/drafts/{world.draft}/acts?after=x", f"/drafts/{world.draft}/redline?since=99"):
        answer = await norvale.get(V1 + path)
        jsonschema.validate(answer.json(), {"$ref": "#/components/schemas/Error", "components": document["components"]})


async def ask(client: httpx.AsyncClient, door, ids) -> httpx.Response:
    def filled(text: str) -> str:
        return re.sub(r"{(\w+)}", lambda found: ids[found[1]], text)

    body = door.example and json.loads(filled(json.dumps(door.example)))
    return await client.request(door.method, V1 + filled(door.path), json=body)


async def find(world) -> dict[str, str]:
    """Something of the demo exercise for every name in an address or example; the comment is the secretary's own."""
    secretary = await world.of("secretary")
    people = (await secretary.get(f"{V1}/forums/{world.forum}/people")).json()
    threads = (await secretary.get(f"{V1}/drafts/{world.draft}/threads")).json()
    thread = next(t for t in threads if t["may"]["edit"])
    body = {"party": people["parties"][0]["id"], "role": "delegate"}
    invited = await secretary.post(f"{V1}/forums/{world.forum}/invitations", json=body)
    clause = await world.clause("Preamble")
    clauses = (await secretary.get(f"{V1}/drafts/{world.draft}")).json()["clauses"]
    untouched = (c["id"] for c in clauses if c["number"] == 0 and c["state"] == "open" and c["text"][:4].isalpha())
    merged = (await secretary.post(f"{V1}/drafts/{world.draft}/edits", json=await meeting(world, clauses))).json()
    norvale, at = await world.of("norvale"), f"{V1}/drafts/{world.draft}/proposals"
    own = {"kind": "modify", "clause": clause["id"], "text": "Preamble on neighbours"}
    new = {"kind": "add", "text": "*Noting* the harvest,", "shape": {"kind": "preambular"}, "table": True}
    kept, tabled, rival = [
        (await client.post(at, json=wish)).json()["proposal"]["id"]
        for client, wish in ((secretary, own), (norvale, new), (norvale, new | {"text": "*Noting* the rain,"}))
    ]
    return (await consulting(world)) | {
        "proposal": kept,
        "tabled": tabled,
        "rival": rival,
        "forum": world.forum,
        "draft": world.draft,
        "number": "1",
        "procedure": "latest",
        "clause": clause["id"],
        "on": clause["id"],
        "bracketed": next(one for one in untouched if one != clause["id"]),
        "edits": merged["brought"],
        "conflict": merged["conflicts"][0]["id"],
        "party": body["party"],
        "person": await world.person("highland"),
        "invitation": invited.json()["invitation"]["id"],
        "thread": thread["id"],
        "comment": thread["may"]["edit"][0],
    }


async def meeting(world, clauses) -> dict[str, object]:
    """Other words for a clause that was changed since the text was brought in."""
    begun = (await (await world.of("secretary")).get(f"{V1}/drafts/{world.draft}/acts?limit=1")).json()["acts"][0]
    first = {one["id"] for one in begun["b"]["clauses"]}
    changed = next(c for c in clauses if c["id"] in first and c["number"] > 0 and c["state"] == "open")
    return {"base": {"seq": 1}, "clauses": [{"id": changed["id"], "text": "Quite other words of ours."}]}


async def consulting(world) -> dict[str, str]:
    """A consultation of the forum's own, with two comments of the secretary's, and one that is not announced."""
    secretary = await world.of("secretary")
    now = int(time.time() * 1000)
    wish = {"version": 1, "title": "Ours", "opens_at": now - 60_000, "closes_at": now + 3_600_000}
    made = [await secretary.post(f"{V1}/drafts/{world.draft}/consultations", json=wish) for _ in range(2)]
    ours, prepared = [answer.json()["id"] for answer in made]
    await secretary.post(f"{V1}/consultations/{ours}/announce")
    clauses = (await secretary.get(f"{V1}/consultations/{ours}")).json()["clauses"]
    asked = next(one["id"] for one in clauses if one["kind"] == "operative")
    for name in ("ourfirstword", "oursecondword"):
        said = {"id": name, "clause": asked, "body": "Two months are short."}
        assert (await secretary.post(f"{V1}/consultations/{ours}/comments", json=said)).status_code == 201
    return {"round": ours, "prepared": prepared, "asked": asked}
