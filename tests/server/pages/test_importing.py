"""Import of comments through the pages: a file, a look, mended choices, and all of it at once. Real tables too."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Final

import httpx
import pytest

from drafts.consultation import Remark, Sight, Wanted
from drafts.decide import paragraphs
from drafts.exchange import sheet
from drafts.model import Group
from drafts.store import Store
from server.pages.importing import packed, unpacked
from tests.hearing import Hearing, hearing
from tests.repo import REPO
from tests.server.conftest import Browser

SignIn = Callable[[str], Awaitable[Browser]]
NOW = datetime.now(UTC)
REAL: Final = REPO.parent / "shared" / "data" / "consultation"
LEAD: Final = Sight("", "", leads=True, revealed=True, answers=True)
_INPUT = re.compile(r'<input[^>]*name="([^"]+)"[^>]*>')
_SELECT = re.compile(r'<select[^>]*name="([^"]+)">(.*?)</select>', re.DOTALL)


@pytest.fixture
async def of(store: Store) -> Hearing:
    times = {
        "opens_at": NOW - timedelta(days=1),
        "closes_at": NOW + timedelta(days=5),
        "announced_at": NOW - timedelta(days=2),
    }
    return await hearing(store, **times)


def plain(page: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", page))


def fields(page: str) -> dict[str, str]:
    """What the preview's form would send, with no box ticked but those that are."""
    form = page[page.index('name="packed"') - 200 :]
    found = {}
    for one in _INPUT.finditer(form):
        value = re.search(r'value="([^"]*)"', one[0])
        if 'type="checkbox"' not in one[0] or " checked" in one[0]:
            found[unescape(one[1])] = unescape(value[1]) if value else ""
    for one in _SELECT.finditer(form):
        chosen = re.search(r'<option value="([^"]*)" selected', one[2]) or re.search(r'<option value="([^"]*)"', one[2])
        found[one[1]] = unescape(chosen[1]) if chosen else ""
    return found


async def remarks(store: Store, of: Hearing) -> list[Remark]:
    found, after = [], 0
    async with store.read() as q:
        while part := await q.remarks.stream(of.round.id, LEAD, Wanted(), after):
            found += part
            after = part[-1].serial
    return found


async def uploaded(chair: Browser, of: Hearing, name: str, data: bytes) -> httpx.Response:
    path = f"/consultations/{of.round.id}/import"
    await chair.get(path)
    return await chair.post(path, files={"file": (name, data)})


async def test_a_table_is_looked_at_mended_and_imported(store: Store, of: Hearing, as_person: SignIn) -> None:
    chair, path = await as_person(of.cast.chair), f"/consultations/{of.round.id}/import"
    table = "nr;opinion;from;kind\n1;Say by when.;<b>Lake Watch</b>;Firms\n2;;Nets;Firms\n"
    page = await uploaded(chair, of, "came-in.csv", table.encode())
    assert page.status_code == 200
    assert "&lt;b&gt;Lake Watch" in page.text
    asked = fields(page.text)
    assert (asked["separator"], asked["source"], asked["r0"], asked["r2"]) == (";", "came-in", "row", "body")
    asked |= {"r1": "body", "r2": "who", "r3": "group", "do": "look"}
    page = await chair.post(path, asked)
    asked = fields(page.text)
    assert asked["groupk0"] == "firms"
    assert "Row 2: It is not said for which group" in plain(page.text)
    page = await chair.post(path, asked | {"groupv0": "industry", "do": "import"})
    assert page.status_code == 422
    assert "nothing was imported" in page.text
    assert "Row 3: There is no comment in this row." in plain(page.text)
    assert await remarks(store, of) == []
    page = await chair.post(path, fields(page.text) | {"skip": "1", "do": "import"})
    assert page.status_code == 200
    assert "1 comment was imported." in page.text
    (made,) = await remarks(store, of)
    assert (made.who, made.group, made.body, made.source_row) == (
        "<b>Lake Watch</b>",
        Group.INDUSTRY,
        "Say by when.",
        "came-in:1",
    )


async def test_broken_forms_are_refused(of: Hearing, as_person: SignIn) -> None:
    chair, path = await as_person(of.cast.chair), f"/consultations/{of.round.id}/import"
    await chair.get(path)
    for wrong in ("", "no base64", "AAAA", packed(b"")):
        assert (await chair.post(path, {"packed": wrong, "do": "import"})).status_code == 422
    assert (await chair.post(path, {"packed": packed(b"a,b\n1,2\n"), "r0": "nothing"})).status_code == 422


def test_a_packed_file_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytes(range(256)) * 10
    assert unpacked(packed(data)) == data
    monkeypatch.setattr(sheet, "MAX_BYTES", 1_000)
    assert len(unpacked(packed(b"\0" * 1_000_000))) == 1_001  # which is refused as too large then


def real() -> list[Path]:
    return sorted(REAL.glob("*.csv"))


def beginning(path: Path) -> bytes:
    """The file's bytes up to the end of some row (a megabyte of texts takes seconds to index)."""
    data = path.read_bytes()
    last = data.rfind(b"\n024,") if path.stem.startswith("netmundial") else -1
    return data[: last + 1] if last > 0 else data


@pytest.mark.skipif(not real(), reason="the data of real consultations is not here")
@pytest.mark.parametrize("path", real(), ids=lambda path: path.stem)
async def test_real_consultations_come_in_whole(path: Path, store: Store, of: Hearing, as_person: SignIn) -> None:
    data = beginning(path)
    chair, address = await as_person(of.cast.chair), f"/consultations/{of.round.id}/import"
    asked = fields((await uploaded(chair, of, path.name, data)).text)
    asked |= {"group": "civil_society", "who": "Public", "whole": "1", "contributions": "1", "do": "import"}
    done = await chair.post(address, asked)
    assert done.status_code == 200
    table = sheet.read(data)
    made = await remarks(store, of)
    async with store.read() as q:
        files = [await q.contributions.get(one.id) for one in await q.contributions.of_round(of.round.id)]
    assert len(made) + len(files) == len(table.rows)
    words = {one.source_row: one.body for one in made} | {
        one.name.removesuffix(".txt"): one.text for one in files if one
    }
    roles = [asked[f"r{at}"] for at in range(len(table.columns))]
    row, body = roles.index("row"), roles.index("body")
    for cells in table.rows:
        assert words[f"{asked['source']}:{cells[row]}"].split() == paragraphs(cells[body]).split()
    again = await chair.post(address, asked)
    assert "There is nothing new in this table." in again.text
