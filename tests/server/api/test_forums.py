"""Forums, parties, people and invitations."""

import pytest


async def test_my_forums(world):
    (forum,) = (await (await world.of("norvale")).get("/api/v1/forums")).json()
    assert (forum["id"], forum["level"]) == (world.forum, "workshop")
    assert (forum["you"]["party"]["code"], forum["you"]["role"]) == ("NVL", "delegate")
    assert (await (await world.stranger()).get("/api/v1/forums")).json() == []


async def test_who_is_in_it(world):
    people = (await (await world.of("helplines")).get(f"/api/v1/forums/{world.forum}/people")).json()
    assert len(people["parties"]) == 16
    assert len(people["members"]) == 17
    assert "@" not in str(people)


@pytest.mark.parametrize("path", ["", "/people", "/invitations", "/drafts"])
async def test_it_is_nothing_to_a_stranger(world, path):
    answer = await (await world.stranger()).get(f"/api/v1/forums/{world.forum}{path}")
    assert (answer.status_code, answer.json()["error"]["key"]) == (404, "not_found")


async def test_a_party_and_an_invitation_into_it(world):
    secretary, path = await world.of("secretary"), f"/api/v1/forums/{world.forum}"
    party = await secretary.post(f"{path}/parties", json={"name": "Meridonia", "code": "mrd", "group": "government"})
    assert (party.status_code, party.json()["code"]) == (201, "MRD")
    body = {"party": party.json()["id"], "role": "delegate"}
    made = await secretary.post(f"{path}/invitations", json=body)
    assert made.status_code == 201
    assert made.json()["path"].startswith("/join/")
    (open_one,) = (await secretary.get(f"{path}/invitations")).json()
    assert open_one == made.json()["invitation"]
    assert (await (await world.of("norvale")).get(f"{path}/invitations")).json() == []
    assert (await (await world.client()).get(made.json()["path"])).status_code == 200
    assert (await secretary.delete(f"{path}/invitations/{open_one['id']}")).status_code == 204
    assert (await secretary.delete(f"{path}/invitations/{open_one['id']}")).status_code == 404
    assert (await (await world.client()).get(made.json()["path"])).status_code == 404


async def test_another_role_and_the_way_out(world):
    chair, tarvia = await world.of("chair"), await world.of("tarvia")
    person, path = await world.person("tarvia"), f"/api/v1/forums/{world.forum}"
    party = next(
        m["party"]["id"] for m in (await chair.get(f"{path}/people")).json()["members"] if m["person"] == person
    )
    seat = await chair.put(f"{path}/members/{person}", json={"party": party, "role": "observer"})
    assert (seat.status_code, seat.json()["role"]) == (200, "observer")
    assert (await tarvia.get(f"/api/v1/drafts/{world.pen}")).status_code == 404
    assert (await chair.delete(f"{path}/members/{person}")).status_code == 204
    assert (await tarvia.get(path)).status_code == 404
    assert (await chair.delete(f"{path}/members/{person}")).status_code == 404


async def test_somebody_has_to_lead(world):
    chair, path = await world.of("chair"), f"/api/v1/forums/{world.forum}/members"
    assert (await chair.delete(f"{path}/{await world.person('secretary')}")).status_code == 204
    answer = await chair.delete(f"{path}/{await world.person('chair')}")
    assert (answer.status_code, answer.json()["error"]["key"]) == (409, "last_lead")


async def test_delegates_and_observers_do_not_look_after_people(world):
    path, person = f"/api/v1/forums/{world.forum}", await world.person("tarvia")
    for key in ("norvale", "helplines"):
        client = await world.of(key)
        for answer in (
            await client.post(f"{path}/parties", json={"name": "A", "code": "AAA", "group": "academia"}),
            await client.post(f"{path}/invitations", json={"party": "x", "role": "chair"}),
            await client.put(f"{path}/members/{person}", json={"party": "x", "role": "chair"}),
            await client.delete(f"{path}/members/{person}"),
            await client.delete(f"{path}/invitations/x"),
        ):
            assert (answer.status_code, answer.json()["error"]["key"]) == (403, "leads_only")


@pytest.mark.parametrize(
    ("door", "body", "status"),
    [
        ("parties", {"name": "A", "code": "A1", "group": "government"}, 422),
        ("parties", {"name": "A", "code": "NVL", "group": "government"}, 409),
        ("parties", {"name": "A" * 201, "code": "ABC", "group": "government"}, 422),
        ("parties", {"name": "A", "code": "ABC", "group": "press"}, 422),
        ("invitations", {"party": "nothing", "role": "delegate"}, 422),
        ("invitations", {"party": "nothing", "role": "king"}, 422),
        ("invitations", {"party": "nothing", "role": "delegate", "days": 0}, 422),
    ],
)
async def test_bad_input(world, door, body, status):
    answer = await (await world.of("chair")).post(f"/api/v1/forums/{world.forum}/{door}", json=body)
    assert answer.status_code == status


async def test_rules_and_who_speaks_for_whom(world):
    secretary, norvale = await world.of("secretary"), await world.of("norvale")
    path = f"/api/v1/forums/{world.forum}"
    parties = {p["code"]: p["id"] for p in (await norvale.get(f"{path}/people")).json()["parties"]}
    body = {"silence_minimum": 600, "breaks": "leads"}
    assert (await norvale.put(f"{path}/rules", json=body)).status_code == 403
    answer = (await secretary.put(f"{path}/rules", json=body)).json()
    assert (answer["silence_minimum"], answer["breaks"]) == (600, "leads")
    assert (await secretary.put(f"{path}/rules", json=body | {"silence_minimum": 1})).status_code == 422
    consulting = {"public": True, "accredits": True, "non_objection": 604_800, "pseudonyms": True, "retention": 365}
    answer = (await secretary.put(f"{path}/rules", json=consulting)).json()
    assert answer | consulting | body == answer  # what was left out stays
    assert (await secretary.put(f"{path}/rules", json={"non_objection": 60})).status_code == 422
    group, body = f"{path}/parties/{parties['NVL']}/speaks-for", {"parties": [parties["CTM"]]}
    assert (await norvale.put(group, json=body)).status_code == 403
    assert (await secretary.put(group, json=body)).json()["speaks_for"] == {parties["NVL"]: [parties["CTM"]]}
    assert (await (await world.stranger()).put(group, json=body)).status_code == 404
