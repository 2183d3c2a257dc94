"""``adref comments`` and ``adref compendium``: a table comes in, files go out, each as its person may."""

import asyncio
import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from drafts import migrate
from drafts.exchange import docx
from drafts.model import Group
from drafts.store import Store
from server.paths import MIGRATIONS
from tests.cli.conftest import Run
from tests.hearing import Hearing, hearing, put, remark

CHAIR, INDUSTRY = "chair@lakes.example", "industry@lakes.example"
TABLE = "id;org;sector;para;text\n1;Lake Watch;Firms;1;Say by when.\n2;Nets;Firms;99;Why?\n"


@pytest.fixture
def of(run: Run, tmp_path: Path) -> Hearing:  # noqa: ARG001 - ``run`` says where the database is
    """A public round that runs now, with one comment."""

    async def made() -> Hearing:
        url, today = f"sqlite:///{tmp_path / 'adref.db'}", datetime.now(UTC)
        await migrate.upgrade(url, MIGRATIONS)
        async with Store.open(url) as store:
            day = timedelta(days=1)
            found = await hearing(store, opens_at=today - day, closes_at=today + day, announced_at=today - day)
            await put(store, found, [remark(found, Group.ACADEMIA, "=zebra")])
            return found

    return asyncio.run(made())


def test_a_table_comes_in_and_goes_out(run: Run, of: Hearing, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(TABLE)
    bring = ("comments", "import", "in.csv", "--round", f"{of.round.draft_id}#1", "--as", CHAIR)
    said = run(*bring, "--column", "org=who", "--means", "firms=industry", "--dry-run")
    assert said.code == 0
    assert "1 new, 0 known, 1 with errors" in said.out
    assert "row 3: There is no clause “99” in the text." in said.err
    assert run(*bring, "--column", "org=who", "--means", "firms=industry").code == 2
    said = run(*bring, "--column", "org=who", "--means", "firms=industry", "--skip")
    assert (said.code, "1 comments, 0 contributions, 0 answers imported" in said.out) == (0, True)
    assert "nothing new" in run(*bring, "--column", "org=who", "--means", "firms=industry", "--skip").err
    said = run("comments", "export", of.round.id, "--out", "out.csv", "--where", "group=industry")
    assert said.code == 0
    data = (tmp_path / "out.csv").read_text("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(data, newline=""))
    assert (row["organisation"], row["comment"], row["clause"], row["source_row"]) == (
        "Lake Watch", "Say by when.", "OP1", "in:1",
    )  # fmt: skip


def test_a_compendium_is_written_in_every_form(run: Run, of: Hearing, tmp_path: Path) -> None:
    for form in ("docx", "html", "pdf", "csv", "xlsx", "json", "jsonld"):
        said = run("compendium", of.round.id, "--format", form, "--order", "contributor", "--out", f"all.{form}")
        assert (said.code, said.err) == (0, "")
    texts = [clause.text for clause in docx.read((tmp_path / "all.docx").read_bytes()).clauses]
    assert "=zebra" in texts
    found = json.loads((tmp_path / "all.json").read_bytes())
    assert [one["comment"] for one in found["comments"]] == ["=zebra"]
    assert "'=zebra" in (tmp_path / "all.csv").read_text("utf-8-sig")
    assert (tmp_path / "all.pdf").read_bytes().startswith(b"%PDF")


def test_mistakes_are_a_sentence(run: Run, of: Hearing, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(TABLE)
    bring = ("comments", "import", "in.csv", "--round", of.round.id)
    for arguments in (
        ("compendium", "nowhere"),
        ("compendium", of.round.id, "--where", "group=nobody"),
        ("comments", "import", "none.csv", "--round", of.round.id, "--as", CHAIR),
        (*bring, "--as", INDUSTRY, "--group", "industry", "--skip"),
        (*bring, "--as", CHAIR, "--column", "org=nothing"),
        (*bring, "--as", CHAIR, "--means", "firms=plenty"),
    ):
        said = run(*arguments)
        assert (said.code, said.err.startswith("adref:"), "Traceback" in said.err) == (2, True, False), arguments
