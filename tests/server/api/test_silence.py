"""Silence procedures through the API."""

import pytest

from server.api.routes import V1

LASTS = {"lasts": 345_600}


@pytest.fixture
async def door(world):
    """The demo's draft as it was issued; the address of its silence procedures."""
    secretary = await world.of("secretary")
    issued = await secretary.post(f"{V1}/drafts/{world.draft}/versions", json={"label": "Rev.9"})
    assert issued.status_code == 201
    return f"{V1}/drafts/{world.draft}/silence"


async def test_started_explained_and_broken(world, door):
    secretary, norvale = await world.of("secretary"), await world.of("norvale")
    started = await secretary.post(door, json={**LASTS, "note": "Last call.", "op": "begin"})
    assert (started.status_code, len(started.json()["acts"])) == (201, 2)
    again = await secretary.post(door, json={**LASTS, "op": "begin"})
    assert again.json()["repeat"] is True
    told = (await norvale.get(door)).json()
    (procedure,) = told["procedures"]
    silence = procedure["silence"]
    assert (silence["label"], silence["outcome"], silence["note"], told["unopened"]) == ("Rev.9", "", "Last call.", [])
    assert silence["deadline"] - silence["started_at"] >= 345_600_000
    assert silence["deadline"] % 60_000 == 0
    assert (await secretary.get(door)).json()["unopened"] != []
    assert (await norvale.get(f"{door}/latest/certificate")).json()["error"]["key"] == "no_certificate"
    assert (await norvale.post(f"{door}/explain", json={"text": "As voluntary."})).status_code == 201
    clause = await world.clause("Preamble")
    body = {"reason": "Not yet.", "clauses": [clause["id"]]}
    assert (await norvale.post(f"{door}/break", json=body)).status_code == 200
    paper = (await secretary.get(f"{door}/{silence['id']}/certificate")).json()
    assert (paper["outcome"], paper["hash"], paper["late"], paper["act"]) == ("broken", silence["hash"], False, 0)
    assert [(one["party"]["name"], one["reason"]) for one in paper["breaks"]] == [("Norvale", "Not yet.")]
    assert [one["text"] for one in paper["explanations"]] == ["As voluntary."]
    printed = await secretary.get(f"{door}/latest/certificate?format=pdf")
    assert (printed.headers["content-type"], printed.content[:5]) == ("application/pdf", b"%PDF-")


async def test_what_is_refused(world, door):
    secretary, norvale = await world.of("secretary"), await world.of("norvale")
    for client, path, body, status, key in (
        (norvale, "", LASTS, 403, "leads_only"),
        (secretary, "", {}, 422, "bad_deadline"),
        (secretary, "", {**LASTS, "deadline": 1}, 422, "bad_deadline"),
        (secretary, "", {"lasts": 60}, 422, "deadline_early"),
        (secretary, "", {"deadline": 1}, 422, "deadline_early"),
        (secretary, "", {"deadline": 10**15}, 422, "deadline_late"),
        (secretary, "", {**LASTS, "minimum": 1}, 422, "bad_body"),  # the forum says that
        (norvale, "/break", {"reason": "No."}, 422, "no_silence"),
        (secretary, "/cancel", {"reason": "No."}, 422, "no_silence"),
        (norvale, "/cancel", {"reason": "No."}, 403, "leads_only"),
        (norvale, "/explain", {"text": "No."}, 403, "not_this_stage"),
    ):
        answer = await client.post(door + path, json=body)
        assert (path, answer.status_code, answer.json()["error"]["key"]) == (path, status, key)
    assert (await secretary.get(f"{door}/latest/certificate?format=doc")).status_code == 404


async def test_nothing_can_be_edited_meanwhile(world, door):
    secretary = await world.of("secretary")
    assert (await secretary.post(door, json=LASTS)).status_code == 201
    assert (await secretary.post(door, json=LASTS)).json()["error"]["key"] == "silence_runs"
    clause = await world.clause("Preamble")
    edit = {"number": clause["number"], "text": "Other words"}
    answer = await secretary.put(f"{V1}/drafts/{world.draft}/clauses/{clause['id']}", json=edit)
    assert (answer.status_code, answer.json()["error"]["key"]) == (403, "silence")
    assert (await secretary.post(f"{door}/cancel", json={"reason": "A slip."})).status_code == 200
    assert (await secretary.post(door, json=LASTS)).status_code == 201
