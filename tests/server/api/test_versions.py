"""Issued versions: list, read, issue, export, compare."""

import hashlib
import io
import json

import pytest
from pypdf import PdfReader

from drafts import exchange


async def test_versions_and_their_proof(world):
    observer, path = await world.of("helplines"), f"/api/v1/drafts/{world.draft}/versions"
    zero, first = (await observer.get(path)).json()
    assert (zero["label"], zero["status"], zero["previous"]) == ("Zero draft", "zero", "")
    assert (first["label"], first["symbol"], first["previous"]) == ("Rev.1", "SIM/LCW/L.3/Rev.1", zero["hash"])
    one = (await observer.get(f"{path}/2")).json()
    assert one["version"] == first
    assert hashlib.sha256(one["content"].encode()).hexdigest() == first["hash"]
    assert json.loads(one["content"])["previous"] == zero["hash"]


async def test_issuing(world):
    chair, path = await world.of("chair"), f"/api/v1/drafts/{world.draft}/versions"
    body = {"label": "Rev.2", "note": "After the second reading.", "op": "issue-2"}
    assert (await chair.post(path, json=body)).status_code == 201
    assert (await chair.post(path, json=body)).json()["repeat"] is True
    versions = (await chair.get(path)).json()
    assert [v["label"] for v in versions] == ["Zero draft", "Rev.1", "Rev.2"]
    taken = await chair.post(path, json={"label": "Rev.2"})
    assert (taken.status_code, taken.json()["error"]["key"]) == (409, "label_taken")


async def test_who_may_not_issue(world):
    path = f"/api/v1/drafts/{world.draft}/versions"
    for key in ("norvale", "helplines"):
        assert (await (await world.of(key)).post(path, json={"label": "Rev.2"})).status_code == 403
    assert (await (await world.stranger()).post(path, json={"label": "Rev.2"})).status_code == 404


@pytest.mark.parametrize("number", ["0", "3", "x", "-1", "9" * 40])
async def test_versions_that_are_none(world, number):
    path = f"/api/v1/drafts/{world.draft}/versions/{number}"
    assert (await (await world.of("chair")).get(path)).status_code == 404


@pytest.mark.parametrize("kind", ["md", "html", "json"])
async def test_export(world, kind):
    path = f"/api/v1/drafts/{world.draft}/export"
    answer = await (await world.of("helplines")).get(path, params={"format": kind, "version": "2"})
    assert answer.status_code == 200
    assert f'filename="SIM-LCW-L.3-Rev.1.{kind}"' in answer.headers["content-disposition"]
    assert "تدعو" in answer.text
    assert "Archipelago" not in answer.text
    live = await (await world.of("helplines")).get(path, params={"format": kind})
    assert "one official may carry several of these tasks" in live.text


async def test_export_for_print(world):
    path = f"/api/v1/drafts/{world.draft}/export"
    for version in ("2", "live"):
        answer = await (await world.of("helplines")).get(path, params={"format": "pdf", "version": version, "lines": 1})
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
        assert ("Rev.1" in text) == (version == "2")
    assert (await (await world.stranger()).get(path, params={"format": "pdf"})).status_code == 404
    chair = await world.of("chair")
    assert (await chair.get(path, params={"format": "pdf", "version": "7"})).status_code == 404


async def test_export_for_word(world):
    path = f"/api/v1/drafts/{world.draft}/export"
    asked = {"format": "docx", "version": "2", "since": "1", "comments": "1", "lines": "1"}
    answer = await (await world.of("helplines")).get(path, params=asked)
    assert answer.status_code == 200
    assert 'filename="SIM-LCW-L.3-Rev.1.docx"' in answer.headers["content-disposition"]
    back = exchange.read("a.docx", answer.content)
    assert back.base is not None
    assert (back.base.draft, back.base.version) == (world.draft, 2)
    texts = [
        [(c["id"], c["text"]) for c in json.loads(found.json()["content"])["clauses"]]
        for number in (1, 2)
        for found in [await (await world.of("chair")).get(f"/api/v1/drafts/{world.draft}/versions/{number}")]
    ]
    assert sorted((c.id, c.text) for c in back.rejected) == sorted(texts[0])
    assert [(c.id, c.text) for c in back.clauses] == texts[1]
    assert (await (await world.stranger()).get(path, params=asked)).status_code == 404


async def test_what_cannot_be_exported(world):
    path = f"/api/v1/drafts/{world.draft}/export"
    chair = await world.of("chair")
    for wrong in ({"format": "md", "since": "1"}, {"format": "docx", "since": "x"}, {"format": "json", "lines": "1"}):
        assert (await chair.get(path, params=wrong)).status_code == 422
    assert (await chair.get(path, params={"format": "exe"})).status_code == 422
    assert (await chair.get(path, params={"version": "7"})).status_code == 404
    assert (await (await world.stranger()).get(path)).status_code == 404


async def test_comparison(world):
    observer, path = await world.of("helplines"), f"/api/v1/drafts/{world.draft}/compare"
    found = (await observer.get(path, params={"old": 1, "new": 2})).json()
    assert found["equal"] is False
    assert found == (await observer.get(path.replace("compare", "comparison"), params={"old": 1, "new": 2})).json()
    assert (found["counts"]["deleted"], found["counts"]["split"]) == (1, 1)
    assert found["counts"]["moved"] + found["counts"]["moved_changed"] == 1
    dropped = next(row for row in found["rows"] if row["change"] == "deleted")
    assert dropped["old"]["text"].startswith("*Notes* that the costs")
    same = (await observer.get(path, params={"old": 2, "new": 2})).json()
    assert same["equal"] is True
    assert (await observer.get(path, params={"old": 1, "new": 9})).status_code == 404
