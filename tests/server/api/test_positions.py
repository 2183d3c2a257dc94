"""Where parties stand, and how far clauses are."""


async def test_a_position_is_taken_changed_and_read_with_its_history(world):
    norvale, costamar = await world.of("norvale"), await world.of("costamar")
    clause = (await world.clause("Preamble"))["id"]
    path = f"/api/v1/drafts/{world.draft}/positions"
    first = {"stance": "reserve", "note": "The capital reads it.", "op": "one"}
    assert (await norvale.put(f"{path}/{clause}", json=first)).json()["repeat"] is False
    assert (await norvale.put(f"{path}/{clause}", json=first)).json()["repeat"] is True
    assert (await norvale.put(f"{path}/{clause}", json={"stance": "support"})).status_code == 200
    found = (await costamar.get(f"{path}/{clause}")).json()
    assert found["thing"]["positions"]["counts"]["support"] == 1
    assert [(turn["old"], turn["new"], turn["note"]) for turn in found["history"]] == [
        (None, "reserve", "The capital reads it."), ("reserve", "support", ""),
    ]  # fmt: skip
    matrix = (await costamar.get(path)).json()
    (thing,) = [thing for thing in matrix["things"] if thing["on"] == clause]
    assert [one["party"]["code"] for one in thing["positions"]["list"]] == ["NVL"]
    assert (await norvale.put(f"{path}/{clause}", json={"stance": None})).status_code == 200
    assert clause not in [thing["on"] for thing in (await costamar.get(path)).json()["things"]]
    assert (await norvale.put(f"{path}/{clause}", json={"stance": None})).status_code == 409
    assert (await norvale.put(f"{path}/{clause}", json={"stance": "oppose"})).status_code == 422
    assert (await norvale.put(f"{path}/nothing", json={"stance": "support"})).status_code == 422
    assert (await costamar.get(f"{path}/nothing")).status_code == 404


async def test_observers_take_none_and_see_none(world):
    observer, norvale = await world.of("helplines"), await world.of("norvale")
    clause = (await world.clause("Preamble"))["id"]
    path = f"/api/v1/drafts/{world.draft}/positions/{clause}"
    await norvale.put(path, json={"stance": "oppose", "note": "A canary sings."})
    answer = await observer.get(path)
    assert answer.status_code == 200
    assert (answer.json()["thing"]["positions"], answer.json()["history"]) == (None, [])
    assert "canary" not in (await observer.get(f"/api/v1/drafts/{world.draft}/positions")).text
    assert (await observer.put(path, json={"stance": "support"})).status_code == 403


async def test_how_far_a_clause_is(world):
    secretary, norvale = await world.of("secretary"), await world.of("norvale")
    clause = (await world.clause("Preamble"))["id"]
    path = f"/api/v1/drafts/{world.draft}/clauses/{clause}"
    assert (await norvale.put(f"{path}/status", json={"status": "agreed"})).status_code == 403
    assert (await secretary.put(f"{path}/status", json={"status": "agreed"})).status_code == 200
    assert (await secretary.put(f"{path}/status", json={"status": "open"})).json()["error"]["key"] == "say_why"
    assert (await norvale.post(f"{path}/objections", json={"reason": "Not us."})).status_code == 201
    assert (await world.clause("Preamble"))["state"] == "under_discussion"
    assert (await norvale.post(f"{path}/objections", json={"reason": "Not us."})).status_code == 409
    assert (await secretary.put(f"{path}/status", json={"status": "moon"})).status_code == 422


async def test_the_stage_is_a_fact_of_the_draft(world):
    secretary, path = await world.of("secretary"), f"/api/v1/drafts/{world.draft}"
    draft = (await secretary.get(path)).json()["draft"]
    assert (draft["stage"], draft["proposals"], draft["positions"]) == ("second_reading", "everyone", "delegations")
    assert (await secretary.patch(path, json={"stage": "first_reading", "positions": "leads"})).status_code == 200
    draft = (await secretary.get(path)).json()["draft"]
    assert (draft["stage"], draft["positions"]) == ("first_reading", "leads")
    assert (await secretary.patch(path, json={"stage": "silence"})).status_code == 422
    norvale = await world.of("norvale")
    assert (await norvale.patch(path, json={"stage": "adopted"})).status_code == 403
    said = {"place": "draft", "body": "In general, good."}
    assert (await norvale.post(f"{path}/threads", json=said)).status_code == 201
    clause = (await world.clause("Preamble"))["id"]
    refused = await norvale.post(f"{path}/threads", json={"place": "clause", "clause": clause, "body": "But here."})
    assert (refused.status_code, refused.json()["error"]["key"]) == (409, "general_comments")
