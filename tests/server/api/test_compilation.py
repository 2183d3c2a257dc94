"""The compilation text over the API, there and back."""

import base64

import pytest

V1 = "/api/v1"


@pytest.fixture
async def path(world):
    """Norvale's proposal is on the table; the address of the compilation."""
    clause = await world.clause("Preamble")
    norvale = await world.of("norvale")
    body = {"kind": "modify", "clause": clause["id"], "text": clause["text"] + " and tides", "reason": "Tides too."}
    begun = (await norvale.post(f"{V1}/drafts/{world.draft}/proposals", json=body)).json()
    done = await norvale.post(f"{V1}/proposals/{begun['proposal']['id']}/table", json={})
    assert done.status_code < 300, done.text
    return f"{V1}/drafts/{world.draft}/compilation"


async def test_the_text_with_all_proposals(world, path):
    told = (await (await world.of("costamar")).get(path)).json()
    clause = next(one for one in told["clauses"] if one["base"] == "Preamble")
    assert clause["text"] == "Preamble [and tides] (Norvale)"
    assert {"Norvale", "Tarvia"} <= set(told["parties"])
    assert (await (await world.stranger()).get(path)).status_code == 404


@pytest.mark.parametrize("form", ["docx", "md"])
async def test_a_file_is_told_as_it_was_made(world, path, form):
    costamar = await world.of("costamar")
    told = (await costamar.get(path)).json()
    file = await costamar.get(f"{path}/export?format={form}")
    body = {"text": file.text} if form == "md" else {"file": base64.b64encode(file.content).decode()}
    read = (await costamar.post(path, json=body)).json()
    assert read["marked"]
    standing = [(c["id"], c["base"]) for c in told["clauses"] if c["base"]]  # the rest is proposed
    assert [(c["id"], c["base"]) for c in read["clauses"] if c["base"]] == standing
    (proposal,) = next(clause["proposals"] for clause in read["clauses"] if clause["base"] == "Preamble")
    assert (proposal["kind"], proposal["parties"]) == ("modify", ["Norvale"])
    assert proposal["text"].endswith(" and tides")
    assert sorted(read["parties"]) == sorted(told["parties"])
    assert all(read["parties"].values())


async def test_names_that_nobody_has_are_told(world, path):
    text = "1. States [shall] (NVL: delete) (Elland: retain) [should] (NVL) act."
    read = (await (await world.of("costamar")).post(path, json={"text": text})).json()
    assert not read["marked"]
    assert read["parties"]["Elland"] is None


async def test_one_file_at_a_time(world, path):
    answer = await (await world.of("costamar")).post(path, json={})
    assert answer.json()["error"]["key"] == "two_files"
    answer = await (await world.of("costamar")).get(f"{path}/export?format=json")
    assert answer.status_code == 422
