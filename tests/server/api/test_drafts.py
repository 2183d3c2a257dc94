"""Reading and bringing texts, editing clauses, commands, the redline and the log."""

import pytest


async def test_a_draft_with_its_clauses(world):
    answer = await (await world.of("norvale")).get(f"/api/v1/drafts/{world.draft}")
    assert answer.status_code == 200
    draft, clauses = answer.json()["draft"], answer.json()["clauses"]
    assert draft["may"] == {"edit": True, "lock": False, "set": False, "issue": False, "comment_delegations": True}
    assert [c["label"] for c in clauses if c["kind"] == "preambular"] == ["PP1", "PP2", "PP3", "PP4", "PP5", "PP5 bis"]
    assert {"open", "agreed_ad_ref", "converging"} <= {c["state"] for c in clauses}


async def test_a_draft_is_nothing_to_a_stranger(world):
    assert (await (await world.stranger()).get(f"/api/v1/drafts/{world.draft}")).status_code == 404


async def test_what_is_not_opened_to_observers_is_nothing_to_them(world):
    observer = await world.of("helplines")
    assert (await observer.get(f"/api/v1/drafts/{world.draft}")).status_code == 200
    for path in ("", "/acts", "/redline", "/versions", "/versions/1", "/threads", "/compare", "/export"):
        answer = await observer.get(f"/api/v1/drafts/{world.pen}{path}")
        assert (path, answer.status_code) == (path, 404)


async def test_editing_a_clause(world):
    clause = await world.clause("*Building on*")
    tarvia = await world.of("tarvia")
    text = clause["text"].replace("officials", "officials and experts")
    path = f"/api/v1/drafts/{world.draft}/clauses/{clause['id']}"
    body = {"number": clause["number"], "text": text, "op": "experts"}
    first = await tarvia.put(path, json=body)
    assert first.status_code == 200
    assert first.json()["repeat"] is False
    assert len(first.json()["acts"]) == 1
    again = await tarvia.put(path, json=body)
    assert again.json() == {"acts": [], "seq": first.json()["seq"], "clauses": [], "repeat": True}
    now = await world.clause("*Building on*")
    assert (now["text"], now["number"]) == (text, clause["number"] + 1)
    redline = (await tarvia.get(f"/api/v1/drafts/{world.draft}/redline")).json()
    runs = next(c["runs"] for c in redline["clauses"] if c["id"] == clause["id"])
    added = next(run for run in runs if "experts" in run["text"])
    assert (added["mark"], redline["parties"][added["by"]]["code"]) == ("ins", "TVA")


async def test_an_edit_on_an_old_number_is_refused(world):
    clause = await world.clause("*Building on*")
    tarvia = await world.of("tarvia")
    path = f"/api/v1/drafts/{world.draft}/clauses/{clause['id']}"
    assert (await tarvia.put(path, json={"number": clause["number"], "text": "*Building on* this,"})).status_code == 200
    late = await tarvia.put(path, json={"number": clause["number"], "text": "*Building on* that,"})
    assert (late.status_code, late.json()["error"]["key"]) == (409, "text_moved_on")


async def test_an_agreed_clause_is_not_edited(world):
    clause = await world.clause("*Recognizing*")
    assert clause["state"] == "agreed_ad_ref"
    path = f"/api/v1/drafts/{world.draft}/clauses/{clause['id']}"
    answer = await (await world.of("tarvia")).put(path, json={"number": clause["number"], "text": "Nothing."})
    assert (answer.status_code, answer.json()["error"]["key"]) == (409, "clause_locked")


async def test_observers_and_the_chairs_pen_keep_others_from_editing(world):
    clause = await world.clause("*Building on*")
    path = f"/api/v1/drafts/{world.draft}/clauses/{clause['id']}"
    answer = await (await world.of("helplines")).put(path, json={"number": clause["number"], "text": "Nothing."})
    assert (answer.status_code, answer.json()["error"]["key"]) == (403, "observers_comment")
    insert = {"t": "insert", "op": "x", "after": None, "texts": ["A word"]}
    answer = await (await world.of("norvale")).post(f"/api/v1/drafts/{world.pen}/commands", json=insert)
    assert (answer.status_code, answer.json()["error"]["key"]) == (403, "chairs_pen")
    answer = await (await world.stranger()).post(f"/api/v1/drafts/{world.pen}/commands", json=insert)
    assert answer.status_code == 404


async def test_structure_commands(world):
    norvale, path = await world.of("norvale"), f"/api/v1/drafts/{world.draft}/commands"
    clause = await world.clause("*Building on*")
    body = {"t": "insert", "op": "two", "after": clause["id"], "kind": "preambular", "texts": ["*One*,", "*Two*,"]}
    made = (await norvale.post(path, json=body)).json()["clauses"]
    assert len(made) == 2
    split = {"t": "split", "op": "cut", "clause": made[1], "number": 0, "at": 2}
    (tail,) = (await norvale.post(path, json=split)).json()["clauses"]
    assert [c["text"] for c in await world.clauses() if c["id"] in {*made, tail}] == ["*One*,", "*T", "wo*,"]
    for step in (
        {"t": "join", "op": "glue", "clause": tail},
        {"t": "move", "op": "up", "clause": made[1], "after": None},
        {"t": "shape", "op": "kind", "clause": made[1], "kind": "heading"},
        {"t": "delete", "op": "out", "clause": made[0], "reason": "Said elsewhere."},
    ):
        assert (await norvale.post(path, json=step)).status_code == 200
    clauses = await world.clauses()
    assert (clauses[0]["id"], clauses[0]["kind"], clauses[0]["text"]) == (made[1], "heading", "*T wo*,")
    assert made[0] not in [c["id"] for c in clauses]
    lock = {"t": "lock", "op": "lock", "clause": made[1], "state": "agreed_ad_ref"}
    assert (await norvale.post(path, json=lock)).status_code == 403
    assert (await (await world.of("chair")).post(path, json=lock)).status_code == 200


async def test_bringing_markdown_and_clauses(world):
    secretary, path = await world.of("secretary"), f"/api/v1/forums/{world.forum}/drafts"
    text = "*Recalling* earlier meetings,\n\n1. *Invites* States:\n\n   (a) to answer;\n"
    answer = await secretary.post(path, json={"title": "One", "text": text})
    assert answer.status_code == 201
    assert [c["label"] for c in answer.json()["clauses"]] == ["PP1", "OP1", "(a)"]
    clauses = [{"text": "Preamble", "kind": "heading"}, {"text": "*Noting* it,", "kind": "preambular", "lang": "fr"}]
    answer = await secretary.post(path, json={"title": "Two", "clauses": clauses, "mode": "pen", "observers": False})
    assert answer.json()["draft"]["mode"] == "pen"
    assert [(c["kind"], c["lang"]) for c in answer.json()["clauses"]] == [("heading", ""), ("preambular", "fr")]
    assert len((await secretary.get(path)).json()) == 4
    assert len((await (await world.of("helplines")).get(path)).json()) == 2


async def test_only_those_who_lead_bring_texts(world):
    path, body = f"/api/v1/forums/{world.forum}/drafts", {"title": "One", "text": "A word"}
    assert (await (await world.of("norvale")).post(path, json=body)).status_code == 403
    assert (await (await world.stranger()).post(path, json=body)).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"title": "", "text": "A word"}, 422),
        ({"title": "One", "text": " "}, 422),
        ({"title": "One", "text": "A word", "clauses": [{"text": "A word"}]}, 422),
        ({"title": "One", "text": "A word", "kind": "treaty"}, 422),
        ({"title": "One", "text": "A word", "colour": "red"}, 422),
        ({"title": "One", "clauses": [{"text": "A", "kind": "sub", "depth": 4}]}, 422),
        ({"title": "One", "clauses": [{"text": "A", "kind": "sub", "depth": 0}]}, 422),
        ({"title": "One", "clauses": [{"text": "A" * 70_000}]}, 413),
        ({"title": "One", "clauses": [{"text": "A"}] * 2_001}, 413),
    ],
)
async def test_bad_texts_are_not_brought(world, body, status):
    answer = await (await world.of("secretary")).post(f"/api/v1/forums/{world.forum}/drafts", json=body)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]
    assert len((await (await world.of("secretary")).get(f"/api/v1/forums/{world.forum}/drafts")).json()) == 2


async def test_setting_facts(world):
    chair, path = await world.of("chair"), f"/api/v1/drafts/{world.draft}"
    assert (await chair.patch(path, json={"mode": "pen", "title": "Another title"})).status_code == 200
    draft = (await chair.get(path)).json()["draft"]
    assert (draft["mode"], draft["title"], draft["observers"]) == ("pen", "Another title", True)
    assert (await (await world.of("norvale")).patch(path, json={"mode": "open"})).status_code == 403
    assert (await chair.patch(path, json={})).status_code == 422


async def test_the_redline_since_each_version(world):
    norvale, path = await world.of("norvale"), f"/api/v1/drafts/{world.draft}/redline"
    last = (await norvale.get(path)).json()
    assert last["since"] == 2
    assert {c["change"] for c in last["clauses"]} == {"kept", "new", "moved", "deleted"}
    dropped = next(c for c in last["clauses"] if c["change"] == "deleted")
    assert last["parties"][dropped["by"]]["code"] == "QRL"
    assert dropped["reason"].startswith("A marking ends")
    older = (await norvale.get(path, params={"since": 0})).json()
    assert sum(c["change"] == "deleted" for c in older["clauses"]) == 2
    assert (await norvale.get(path, params={"since": 3})).status_code == 422
    live = {c["id"]: c["text"] for c in await world.clauses()}
    for clause in last["clauses"]:
        if clause["id"] in live:
            standing = "".join(run["text"] for run in clause["runs"] if run["mark"] in {"kept", "ins"})
            assert standing == live[clause["id"]]


async def test_the_log_page_by_page(world):
    norvale, path = await world.of("norvale"), f"/api/v1/drafts/{world.draft}/acts"
    seen, after = [], 0
    while after is not None:
        page = (await norvale.get(path, params={"after": after, "limit": 10})).json()
        seen += page["acts"]
        after = page["next"]
    numbers = [act["s"] for act in seen]
    assert numbers == sorted(set(numbers))
    assert [act["k"] for act in seen[:2]] == ["begin", "issue"]
    assert "mark" not in {act["k"] for act in seen}  # where a comment stands is only for those who may see it
    for bad in ({"after": -1}, {"after": "x"}, {"limit": 1001}, {"limit": 0}, {"limit": "9" * 30}, {"before": 3}):
        assert (await norvale.get(path, params=bad)).status_code in {400, 422}
