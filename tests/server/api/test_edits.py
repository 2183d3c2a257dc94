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
