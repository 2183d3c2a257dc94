"""Proposals over the API: begun, edited, shared, tabled, sponsored, offered, answered, taken in."""

import pytest

V1 = "/api/v1"


@pytest.fixture
async def clause(world):
    return await world.clause("Preamble")


@pytest.fixture
async def begun(world, clause):
    """Norvale's proposal."""
    body = {"kind": "modify", "clause": clause["id"], "text": clause["text"] + " and tides", "reason": "Tides too."}
    norvale = await world.of("norvale")
    answer = await norvale.post(f"{V1}/drafts/{world.draft}/proposals", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def listed(world, who):
    found = (await (await world.of(who)).get(f"{V1}/drafts/{world.draft}/proposals")).json()
    return [one["id"] for one in found["own"]], [one["id"] for one in found["tabled"]]


@pytest.fixture
async def before(world):
    """What each has listed before the test begins: the exercise's own."""
    return {who: await listed(world, who) for who in ("norvale", "chair", "costamar")}


async def seen(world, who, before):
    """What is listed since."""
    return tuple(
        [one for one in now if one not in was] for now, was in zip(await listed(world, who), before[who], strict=True)
    )


async def test_from_private_to_the_text(world, clause, before, begun):
    norvale, chair = await world.of("norvale"), await world.of("chair")
    costamar = await world.of("costamar")
    kept, at = begun["proposal"]["id"], f"{V1}/proposals/{begun['proposal']['id']}"
    assert await seen(world, "norvale", before) == ([kept], [])
    assert await seen(world, "chair", before) == ([], [])
    assert (await chair.get(at)).status_code == 404

    edit = {"number": 1, "text": clause["text"] + " and storms"}
    done = await norvale.put(f"{V1}/drafts/{kept}/clauses/{begun['own']}", json=edit)
    assert done.status_code == 200
    assert (await chair.put(f"{V1}/drafts/{kept}/clauses/{begun['own']}", json=edit)).status_code == 404

    people = (await norvale.get(f"{V1}/forums/{world.forum}/people")).json()
    who = await world.person("costamar")
    partner = next(member for member in people["members"] if member["person"] == who)
    shared = await norvale.post(f"{at}/share", json={"parties": [partner["party"]["id"]]})
    assert shared.json()["proposal"]["state"] == "shared"
    path = f"{V1}/drafts/{world.draft}/proposals/{kept}"
    assert (await costamar.post(f"{path}/sponsor", json={"joins": True})).status_code == 200
    assert (await chair.post(f"{path}/sponsor", json={"joins": True})).status_code == 404
    assert (await costamar.get(at)).json()["pledged"] == [partner["party"]["id"]]
    assert (await costamar.post(f"{at}/table")).status_code == 403

    tabled = (await norvale.post(f"{at}/table")).json()
    number = tabled["proposal"]["number"]
    assert tabled["proposal"]["state"] == "tabled"
    shown = (await chair.get(path)).json()
    assert shown["proposal"]["number"] == number
    assert [seat["id"] for seat in shown["proposal"]["sponsors"]] == [partner["party"]["id"]]
    assert [step["kind"] for step in shown["history"]] == ["table"]

    offer = {"proposals": [kept], "text": clause["text"] + ", tides and storms"}
    assert (await norvale.post(f"{V1}/drafts/{world.draft}/offers", json=offer)).status_code == 403
    assert (await chair.post(f"{V1}/drafts/{world.draft}/offers", json=offer)).status_code == 201
    assert (await norvale.post(f"{at}/answer", json={"accepts": False, "note": "Too much."})).status_code == 200
    taken = {"proposals": [kept], "number": clause["number"]}
    assert (await chair.post(f"{V1}/drafts/{world.draft}/acceptances", json=taken)).status_code == 201
    assert (await world.clause("Preamble"))["text"] == clause["text"] + " and storms"
    shown = (await norvale.get(path)).json()
    assert shown["proposal"]["state"] == "accepted"
    assert [step["kind"] for step in shown["history"]] == ["table", "offer", "answer", "close"]


async def test_tabled_at_once_reworded_reviewed_and_withdrawn(world, clause):
    norvale, chair = await world.of("norvale"), await world.of("chair")
    body = {"kind": "modify", "clause": clause["id"], "text": clause["text"] + " and tides", "table": True}
    made = (await norvale.post(f"{V1}/drafts/{world.draft}/proposals", json=body)).json()
    at = f"{V1}/proposals/{made['proposal']['id']}"
    edit = {"number": 1, "text": clause["text"] + " and storms"}
    await norvale.put(f"{V1}/drafts/{made['proposal']['id']}/clauses/{made['own']}", json=edit)
    assert (await norvale.get(at)).json()["reworded"]
    assert not (await norvale.post(f"{at}/reword", json={"reason": "Better."})).json()["reworded"]

    moved = {"number": clause["number"], "text": "Preamble of all of us"}
    assert (await chair.put(f"{V1}/drafts/{world.draft}/clauses/{clause['id']}", json=moved)).status_code == 200
    assert (await norvale.get(at)).json()["behind"]
    reviewed = (await norvale.post(f"{at}/review")).json()
    assert (reviewed["behind"], reviewed["base"]) == (False, clause["number"] + 1)
    gone = await norvale.post(f"{at}/withdraw", json={"reason": "Later."})
    assert gone.json()["proposal"]["state"] == "withdrawn"
    assert (await norvale.post(f"{at}/withdraw", json={})).status_code == 409


async def test_put_away_and_not_retained(world, begun):
    norvale, chair = await world.of("norvale"), await world.of("chair")
    at = f"{V1}/proposals/{begun['proposal']['id']}"
    away = (await norvale.post(f"{at}/put-away", json={})).json()
    assert (away["proposal"]["state"], away["may"]["edit"]) == ("withdrawn", False)
    assert (await norvale.post(f"{at}/table")).status_code == 409
    assert (await norvale.post(f"{at}/put-away", json={"away": False})).json()["proposal"]["state"] == "draft"
    assert (await norvale.patch(at, json={"reason": "Rain."})).json()["proposal"]["reason"] == "Rain."
    await norvale.post(f"{at}/table")
    closed = {"proposal": begun["proposal"]["id"], "reason": "Said elsewhere."}
    assert (await chair.post(f"{V1}/drafts/{world.draft}/not-retained", json=closed)).status_code == 201
    assert (await norvale.get(at)).json()["proposal"]["state"] == "not_retained"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "modify"}, 422),
        ({"kind": "burn"}, 422),
        ({"kind": "add", "shape": {"kind": "sub"}}, 422),
        ({"kind": "no_change", "clause": "nothing"}, 422),
    ],
)
async def test_what_is_no_proposal(world, body, status):
    norvale = await world.of("norvale")
    assert (await norvale.post(f"{V1}/drafts/{world.draft}/proposals", json=body)).status_code == status
