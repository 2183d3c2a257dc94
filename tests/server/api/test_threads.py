"""Comment threads: who sees which, and what each may do there."""

import pytest


async def listed(client, world):
    answer = await client.get(f"/api/v1/drafts/{world.draft}/threads")
    assert answer.status_code == 200
    return answer.json()


async def test_everybody_sees_what_is_for_them(world):
    counts = {key: len(await listed(await world.of(key), world)) for key in ("norvale", "tarvia", "helplines")}
    assert counts["norvale"] == counts["tarvia"] + 1
    assert counts["tarvia"] == counts["helplines"] + 1


async def test_opening_replying_resolving(world):
    helplines, norvale = await world.of("helplines"), await world.of("norvale")
    clause = await world.clause("*Building on*")
    start = clause["text"].index("meetings")
    body = {
        "place": "span", "clause": clause["id"], "number": clause["number"], "from": start, "to": start + 8,
        "body": "Which meetings?", "op": "which",
    }  # fmt: skip
    made = await helplines.post(f"/api/v1/drafts/{world.draft}/threads", json=body)
    thread = made.json()
    assert (made.status_code, thread["quote"], thread["from"]) == (201, "meetings", start)
    again = (await helplines.post(f"/api/v1/drafts/{world.draft}/threads", json=body)).json()
    assert again["id"] == thread["id"]
    path = f"/api/v1/threads/{thread['id']}"
    replied = await norvale.post(f"{path}/comments", json={"body": "Those of the region."})
    assert (replied.status_code, [c["mine"] for c in replied.json()["comments"]]) == (201, [False, True])
    mine = replied.json()["comments"][1]["id"]
    assert replied.json()["may"] == {"reply": True, "resolve": False, "edit": [mine]}
    edited = await norvale.put(f"/api/v1/comments/{mine}", json={"body": "Those of this region."})
    assert edited.json()["comments"][1]["body"] == "Those of this region."
    refused = await norvale.post(f"{path}/resolve")
    assert (refused.status_code, refused.json()["error"]["key"]) == (403, "not_yours")
    resolved = (await helplines.post(f"{path}/resolve")).json()
    assert resolved["resolved"]["party"]["code"] == "ADH"
    assert (await (await world.of("chair")).post(f"{path}/reopen")).json()["resolved"] is None


async def test_the_place_of_a_comment_moves_with_the_words(world):
    clause = await world.clause("*Building on*")
    start = clause["text"].index("meetings")
    body = {
        "place": "span", "clause": clause["id"], "number": clause["number"], "from": start, "to": start + 8,
        "body": "Which?",
    }  # fmt: skip
    norvale = await world.of("norvale")
    thread = (await norvale.post(f"/api/v1/drafts/{world.draft}/threads", json=body)).json()
    path = f"/api/v1/drafts/{world.draft}/clauses/{clause['id']}"
    longer = {"number": clause["number"], "text": "Yes: " + clause["text"]}
    assert (await norvale.put(path, json=longer)).status_code == 200
    assert (await norvale.get(f"/api/v1/threads/{thread['id']}")).json()["from"] == start + 5
    without = {"number": clause["number"] + 1, "text": "*Building on* nothing,"}
    assert (await norvale.put(path, json=without)).status_code == 200
    gone = (await norvale.get(f"/api/v1/threads/{thread['id']}")).json()
    assert (gone["gone"], gone["from"], gone["quote"]) == (True, None, "meetings")


async def test_threads_of_others_are_nothing_to_those_outside(world):
    norvale, tarvia, helplines = [await world.of(key) for key in ("norvale", "tarvia", "helplines")]
    own = next(t for t in await listed(norvale, world) if t["audience"] == "party")
    delegations = next(t for t in await listed(tarvia, world) if t["audience"] == "delegations")
    for client, thread in (
        (tarvia, own), (await world.of("chair"), own), (helplines, delegations), (await world.stranger(), own),
    ):  # fmt: skip
        path = f"/api/v1/threads/{thread['id']}"
        answers = [
            await client.get(path),
            await client.post(f"{path}/comments", json={"body": "Hello"}),
            await client.post(f"{path}/resolve"),
            await client.post(f"{path}/reopen"),
            await client.put(f"/api/v1/comments/{thread['comments'][0]['id']}", json={"body": "Mine"}),
        ]
        assert {answer.status_code for answer in answers} == {404}


async def test_observers_do_not_comment_for_delegations(world):
    body = {"body": "A word", "audience": "delegations"}
    answer = await (await world.of("helplines")).post(f"/api/v1/drafts/{world.draft}/threads", json=body)
    assert (answer.status_code, answer.json()["error"]["key"]) == (403, "delegations_only")
    stranger = await (await world.stranger()).post(f"/api/v1/drafts/{world.draft}/threads", json=body)
    assert stranger.status_code == 404


async def test_nobody_changes_the_words_of_others(world):
    norvale = await world.of("norvale")
    thread = next(t for t in await listed(norvale, world) if t["audience"] == "everyone")
    answer = await norvale.put(f"/api/v1/comments/{thread['comments'][0]['id']}", json={"body": "Mine"})
    assert (answer.status_code, answer.json()["error"]["key"]) == (403, "not_yours")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"body": " "}, 422),
        ({"body": "x" * 20_001}, 413),
        ({"body": "x", "place": "clause"}, 422),
        ({"body": "x", "place": "clause", "clause": "nothing"}, 422),
        ({"body": "x", "place": "span", "clause": "{clause}"}, 422),
        ({"body": "x", "place": "span", "clause": "{clause}", "from": 0, "to": 9_999}, 422),
        ({"body": "x", "place": "span", "clause": "{clause}", "number": 77, "from": 0, "to": 2}, 422),
        ({"body": "x", "place": "span", "clause": "{clause}", "from": -1, "to": 2}, 422),
        ({"body": "x", "audience": "press"}, 422),
        ({"body": "x", "op": "o" * 49}, 422),
    ],
)
async def test_bad_input(world, body, status):
    if body.get("clause") == "{clause}":
        body = body | {"clause": (await world.clause("Preamble"))["id"]}
    norvale = await world.of("norvale")
    before = len(await listed(norvale, world))
    answer = await norvale.post(f"/api/v1/drafts/{world.draft}/threads", json=body)
    assert answer.status_code == status
    assert len(await listed(norvale, world)) == before
