"""Texts that were changed elsewhere: merged once, looked at first, refused in words."""

from typing import Any


def path(world) -> str:
    return f"/api/v1/drafts/{world.draft}/edits"


async def base(world) -> tuple[int, list[dict[str, Any]]]:
    answer = (await (await world.of("chair")).get(f"/api/v1/drafts/{world.draft}")).json()
    return answer["draft"]["seq"], answer["clauses"]


async def test_clauses_are_merged_once_and_the_report_is_kept(world):
    seq, clauses = await base(world)
    one = next(c for c in clauses if c["kind"] == "operative" and c["state"] == "open")
    body = {"op": "mine", "base": {"seq": seq}, "clauses": [{"id": one["id"], "text": one["text"] + " Without delay."}]}
    norvale = await world.of("norvale")
    seen = (await norvale.post(path(world), json=body | {"dry_run": True})).json()
    assert [(done["kind"], done["words"]) for done in seen["applied"]] == [("edit", 2)]
    assert (await world.clauses()) == clauses
    done = (await norvale.post(path(world), json=body)).json()
    assert done["applied"] == seen["applied"]
    texts = {c["id"]: c["text"] for c in await world.clauses()}
    assert texts == {c["id"]: c["text"] for c in clauses} | {one["id"]: one["text"] + " Without delay."}
    assert (await norvale.post(path(world), json=body)).json() == done
    assert (await base(world))[0] == seq + 1
    kept = f"{path(world)}/{done['brought']}"
    assert (await norvale.get(kept)).json() == done
    assert (await (await world.of("chair")).get(kept)).status_code == 404
    assert (await norvale.get(f"/api/v1/drafts/{world.pen}/edits/{done['brought']}")).status_code == 404


async def test_a_whole_text_in_markdown_is_merged_into_what_others_wrote_since(world):
    chair = await world.of("chair")
    file = (await chair.get(f"/api/v1/drafts/{world.draft}/export", params={"format": "md", "version": "2"})).text
    text = file.replace("Preamble", "Preambular part")
    assert text != file
    body = {"base": 2, "text": text}
    before = await world.clauses()
    report = (await chair.post(path(world), json=body)).json()
    assert [done["kind"] for done in report["applied"]] == ["edit"]
    assert report["conflicts"] == []
    after = {c["id"]: c["text"] for c in await world.clauses()}
    changed = {c["id"] for c in before if after.get(c["id"]) != c["text"]}
    assert changed == {report["applied"][0]["clause"]}


async def test_what_is_refused(world):
    seq, clauses = await base(world)
    norvale, same = await world.of("norvale"), [{"id": clauses[0]["id"], "text": "Other words"}]
    for body, key in (
        ({"base": {"seq": seq}}, "two_texts"),
        ({"base": {"seq": seq}, "text": "x", "clauses": same}, "two_texts"),
        ({"base": {"seq": seq + 1}, "clauses": same}, "no_base"),
        ({"base": 99, "text": "Words."}, "no_version"),
        ({"base": {"seq": seq}, "clauses": [{"id": "nothing", "text": ""}]}, "no_clause"),
        ({"base": {"seq": seq}, "text": "It has nothing in common."}, "another_text"),
        ({"base": {"seq": 0}, "clauses": same}, "bad_body"),
        ({"clauses": same}, "bad_body"),
    ):
        answer = await norvale.post(path(world), json=body)
        assert (answer.status_code, answer.json()["error"]["key"]) == (422, key)
    stranger = await world.stranger()
    body = {"base": {"seq": seq}, "clauses": same}
    assert (await stranger.post(path(world), json=body)).status_code == 404
    observer = await world.of("helplines")
    told = (await observer.post(path(world), json=body)).json()
    assert [done["kind"] for done in told["commented"]] == ["edit"]
    assert (await world.clauses())[0]["text"] == clauses[0]["text"]


async def test_who_may_not_edit_proposes_privately_and_tables_them_together(world):
    chair, norvale = await world.of("chair"), await world.of("norvale")
    at = f"/api/v1/drafts/{world.pen}"
    answer = (await norvale.get(at)).json()
    one, two = [c for c in answer["clauses"] if c["state"] == "open" and c["kind"] in {"operative", "preambular"}][:2]
    sent = [{"id": c["id"], "text": c["text"] + " Without delay."} for c in (one, two)]
    body = {"op": "pen", "base": {"seq": answer["draft"]["seq"]}, "clauses": sent}
    seen = (await norvale.post(f"{at}/edits", json=body | {"dry_run": True})).json()
    assert len(seen["proposed"]) == 2
    own = f"{at}/proposals"
    before = {p["id"] for p in (await norvale.get(own)).json()["own"]}
    done = (await norvale.post(f"{at}/edits", json=body)).json()
    assert (await norvale.post(f"{at}/edits", json=body)).json() == done
    made = [item["proposal"] for item in done["proposed"]]
    assert {p["id"] for p in (await norvale.get(own)).json()["own"]} == before | set(made)
    assert not set(made) & {p["id"] for p in (await chair.get(own)).json()["own"]}
    assert (await chair.get(at)).json()["clauses"] == answer["clauses"]
    assert done["commented"] == []
    table = f"{at}/edits/{done['brought']}/table"
    assert (await chair.post(table)).status_code == 404
    lock = {"t": "lock", "op": "agreed", "clause": one["id"], "state": "agreed_ad_ref"}
    assert (await chair.post(f"{at}/commands", json=lock)).status_code == 200
    laid = (await norvale.post(table)).json()
    assert [(p["proposal"], p["state"]) for p in laid] == [(made[0], "draft"), (made[1], "tabled")]
    assert [p["why"] and p["why"]["key"] for p in laid] == ["clause_agreed", None]


async def test_a_conflict_is_settled_or_becomes_a_proposal(world):
    seq, clauses = await base(world)
    one, two = [c for c in clauses if c["kind"] == "operative" and c["state"] == "open"][:2]
    chair, norvale = await world.of("chair"), await world.of("norvale")
    for words, client in (("Slowly, ", chair), ("Quickly, ", norvale)):
        changed = [{"id": c["id"], "text": words + c["text"]} for c in (one, two)]
        report = (await client.post(path(world), json={"base": {"seq": seq}, "clauses": changed})).json()
    first, second = [clash["id"] for clash in report["conflicts"]]
    door = f"{path(world)}/{report['brought']}/conflicts"
    assert (await chair.post(f"{door}/{first}", json={"how": "live"})).status_code == 404
    assert (await norvale.post(f"{door}/none", json={"how": "live"})).status_code == 404
    assert (await norvale.post(f"{door}/{first}", json={"how": "wish"})).status_code == 422
    told = (await norvale.post(f"{door}/{first}", json={"how": "proposal"})).json()
    proposal = told["conflicts"][0]["settled"]["proposal"]
    kept = (await norvale.get(f"/api/v1/proposals/{proposal}")).json()
    assert (kept["old"], kept["text"], kept["stale"]) == (one["text"], f"Quickly, {one['text']}", "words")
    assert (await chair.get(f"/api/v1/proposals/{proposal}")).status_code == 404
    told = (await norvale.post(f"{door}/{second}", json={"how": "theirs"})).json()
    assert [clash["settled"]["how"] for clash in told["conflicts"]] == ["proposal", "theirs"]
    again = await norvale.post(f"{door}/{second}", json={"how": "live"})
    assert (again.status_code, again.json()["error"]["key"]) == (409, "already_settled")
