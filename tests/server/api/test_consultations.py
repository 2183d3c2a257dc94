"""Consultations by the API: the demo's two are read by pages, a comment lives its life, a sealed one tells nothing."""

import time

import pytest

V1 = "/api/v1"


@pytest.fixture
async def rounds(world):
    """The demo's two consultations as the university sees them: the one that runs, the one that is answered."""
    university = await world.of("university")
    found = (await university.get(f"{V1}/consultations")).json()
    return {one["phase"]: one for one in found}


async def test_all_pages_together_are_all_comments(world, rounds):
    university, at = await world.of("university"), f"{V1}/consultations/{rounds['open']['id']}/comments"
    numbers, query, total = [], "limit=7", 0
    while query:
        page = (await university.get(f"{at}?{query}")).json()
        numbers += [one["number"] for one in page["comments"]]
        total, query = page["total"], page["before"] and f"limit=7&before={page['before']}"
    assert numbers == list(range(total, 0, -1))
    assert total == 20


async def test_filters_combine(world, rounds):
    university, at = await world.of("university"), f"{V1}/consultations/{rounds['closed']['id']}"
    asked = "group=industry&group=academia&view=with_changes&q=prosecuted&disposition=accepted"
    found = (await university.get(f"{at}/comments?{asked}")).json()
    assert {one["group"] for one in found["comments"]} == {"industry", "academia"}
    assert {one["answer"]["disposition"] for one in found["comments"]} == {"accepted"}
    assert found["total"] == 3
    assert (await university.get(f"{at}/sums?{asked}")).json()["total"] == 3
    assert (await university.get(f"{at}/comments?view=furious")).status_code == 422


async def test_a_comment_from_draft_to_withdrawal(world, rounds):
    university, at = await world.of("university"), f"{V1}/consultations/{rounds['open']['id']}/comments"
    said = {"id": "ourownwords1", "spot": "whole", "body": "Well made.", "view": "support", "draft": True}
    kept = (await university.post(at, json=said)).json()
    assert (kept["comment"]["number"], kept["comment"]["state"], kept["digest"]) == (0, "draft", "")
    sent = (await university.post(at, json=said | {"draft": False})).json()
    again = (await university.post(at, json=said | {"draft": False})).json()
    assert sent["comment"]["number"] == 21
    assert again == sent
    changed = (await university.patch(f"{at}/21", json={"body": "Very well made."})).json()
    assert (changed["comment"]["body"], changed["comment"]["view"]) == ("Very well made.", "support")
    norvale = await world.of("norvale")
    assert (await norvale.patch(f"{at}/21", json={"body": "Ours."})).status_code == 404
    reply = {"id": "thatisourreply", "body": "We agree."}
    assert (await norvale.post(f"{at}/21/replies", json=reply)).status_code == 201
    await university.post(f"{at}/21/withdraw", json={})
    trace = (await norvale.get(f"{at}/21")).json()["comment"]
    assert (trace["trace"], trace["body"], trace["state"]) == (True, "", "withdrawn")


async def test_a_sealed_one_tells_nothing_before_its_end(world):
    secretary, university, norvale = [await world.of(key) for key in ("secretary", "university", "norvale")]
    now = int(time.time() * 1000)
    wish = {"version": 1, "title": "Sealed", "opens_at": now - 60_000, "closes_at": now + 60_000, "reveal": "at_close"}
    made = (await secretary.post(f"{V1}/drafts/{world.draft}/consultations", json=wish)).json()
    at = f"{V1}/consultations/{made['id']}"
    assert (await university.get(at)).status_code == 404  # not announced
    await secretary.post(f"{at}/announce")
    said = {"id": "asealedcomment", "spot": "whole", "body": "Zebra."}
    assert (await university.post(f"{at}/comments", json=said)).status_code == 201
    for path in ("comments", "comments?q=zebra", "sums"):
        assert (await norvale.get(f"{at}/{path}")).json()["total"] == 0
    assert (await norvale.get(f"{at}/comments/1")).status_code == 404
    assert (await university.get(f"{at}/comments")).json()["total"] == 1
    assert (await secretary.post(f"{at}/close")).json()["phase"] == "closed"
    assert (await norvale.get(f"{at}/comments?q=zebra")).json()["total"] == 1
