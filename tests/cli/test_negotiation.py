"""The negotiation from the command line: groups, brackets, positions, silence, the compilation."""

import asyncio
import json
import re
from pathlib import Path

from drafts import commands as do
from drafts.desk import people
from drafts.desk.live import perform
from drafts.store import Store
from tests.cli.conftest import CHAIR


def test_who_speaks_for_whom_and_how_long_a_silence_is(played):
    forum = played("forum", "list").out.splitlines()[1].split()[0]
    said = played("forum", "group", forum, "--party", "NVL", "--as", CHAIR, "--for", "CTM")
    assert (said.code, said.out.strip()) == (0, "NVL speaks for CTM")
    said = played("forum", "group", forum, "--party", "NVL", "--as", CHAIR)
    assert said.out.strip() == "NVL speaks for itself alone"
    assert played("forum", "group", forum, "--party", "NVL", "--as", "norvale@demo.invalid").code == 2
    said = played("forum", "rules", forum, "--as", CHAIR, "--silence", "10", "--breaks", "everyone")
    assert said.out.strip().endswith("10 minutes, everyone")
    assert played("forum", "rules", forum, "--as", CHAIR, "--silence", "0").code == 2
    flags = ("--public", "--no-accredits", "--non-objection", "48", "--no-pseudonyms", "--retention", "0")
    said = played("forum", "consulting", forum, "--as", CHAIR, *flags)
    assert [line.split() for line in said.out.splitlines()[1:]] == [
        ["public", "yes"], ["accredits", "no"], ["non-objection", "48", "hours"], ["pseudonyms", "no"],
        ["retention", "kept"],
    ]  # fmt: skip
    assert "yes" in played("forum", "consulting", forum, "--as", CHAIR, "--retention", "400").out  # the others stay
    assert played("forum", "consulting", forum, "--as", CHAIR, "--retention", "-1").code == 2


def test_brackets_are_listed_counted_and_read_as_if_they_were_gone(played):
    said = played("brackets", "list", "SIM/LCW/L.3")
    assert said.code == 0
    found = json.loads(played("brackets", "list", "SIM/LCW/L.3", "--json").out)
    assert f"{len(found['pairs'])} open" in said.out
    assert found["pairs"][0]["words"] in said.out
    as_chair = json.loads(played("brackets", "list", "SIM/LCW/L.3", "--as", CHAIR, "--json").out)
    assert len(as_chair["pairs"]) == len(found["pairs"])
    burn = json.loads(played("brackets", "burndown", "SIM/LCW/L.3", "--json").out)
    assert burn["days"][-1]["pairs"] == len(found["pairs"])
    told = played("brackets", "burndown", "SIM/LCW/L.3", "--as", CHAIR).out
    assert burn["versions"][0]["label"] in told
    lifted = played("export", "SIM/LCW/L.3", "--brackets", "lifted", "--format", "json").out
    assert found["pairs"]
    assert not any("[" in clause["text"] for clause in json.loads(lifted)["clauses"])
    assert (
        played("export", "SIM/LCW/L.3", "--brackets", "lifted", "--as", CHAIR, "--format", "docx", "--comments").code
        == 2
    )
    assert played("brackets", "list", "nothing").code == 2


def test_positions_and_the_stage(played, tmp_path):
    file = tmp_path / "tides.md"
    file.write_text("*Recalling* the tides,\n\n1. *Invites* States to watch them.\n")
    assert played("import", str(file), "--as", CHAIR, "--symbol", "SIM/L.9").code == 0
    norvale = ("--as", "norvale@demo.invalid")
    assert played("positions", "take", "SIM/L.9", "OP1", "reserve", *norvale).code == 2
    said = played("positions", "take", "SIM/L.9", "OP1", "reserve", *norvale, "--note", "We read it still.")
    assert (said.code, said.out.strip()) == (0, "NVL: reserve")
    assert played("positions", "take", "SIM/L.9", "PP1", "conditional", *norvale, "--if", "OP1").code == 0
    shown = played("positions", "list", "SIM/L.9", "--as", CHAIR).out
    assert re.search(r"OP1\n  reserve +1  NVL", shown)
    told = json.loads(played("positions", "list", "SIM/L.9", "--as", CHAIR, "--json").out)
    assert [thing["positions"]["list"][0]["stance"] for thing in told["things"]] == ["conditional", "reserve"]
    assert played("positions", "take", "SIM/L.9", "OP1", *norvale).out.strip() == "NVL: taken back"
    assert played("positions", "take", "SIM/L.9", "OP7", "support", *norvale).code == 2
    assert played("stage", "SIM/L.9").out.strip() == "second_reading"
    assert played("stage", "SIM/L.9", "consultation", *norvale).code == 2
    assert played("stage", "SIM/L.9", "consultation", "--as", CHAIR).out.strip() == "consultation"
    assert played("positions", "take", "SIM/L.9", "OP1", "support", *norvale).code == 2


def test_a_silence_procedure(played, tmp_path):
    draft, norvale, leads = issued(tmp_path), "norvale@demo.invalid", ("--as", CHAIR)
    assert "No silence procedure" in played("silence", "status", draft, *leads).out
    for wrong in ((), ("--hours", "80", "--until", "2026-11-27T12:00"), ("--hours", "1"), ("--until", "soon")):
        assert played("silence", "start", draft, *leads, *wrong).code == 2
    assert played("silence", "start", draft, "--as", norvale, "--hours", "80").code == 2
    assert played("silence", "certificate", draft, *leads).code == 2
    started = played("silence", "start", draft, *leads, "--hours", "80", "--note", "Last call.")
    assert (started.code, "running" in started.out, "NVL" in started.out) == (0, True, True)
    assert played("silence", "explain", draft, "-", "--as", norvale, piped="We read it\nas voluntary.").code == 0
    assert played("silence", "certificate", draft, *leads).code == 2  # it has not ended
    broken = played("silence", "break", draft, "--as", norvale, "--reason", "Not yet.", "--clause", "OP1")
    assert "broken by NVL" in broken.out
    assert "explained by NVL" in broken.out
    paper = json.loads(played("silence", "certificate", draft, *leads).out)
    assert (paper["outcome"], paper["breaks"][0]["clauses"][0]["label"]) == ("broken", "OP1")
    assert played("silence", "certificate", draft, *leads, "-o", str(tmp_path / "paper.pdf")).code == 0
    assert (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF-")
    assert played("silence", "start", draft, *leads, "--until", "2099-11-27T12:00").code == 2
    assert played("silence", "start", draft, *leads, "--hours", "72").code == 0
    cancelled = played("silence", "cancel", draft, *leads, "--reason", "A slip.")
    assert (cancelled.code, "cancelled" in cancelled.out) == (0, True)
    assert played("verify").code == 0


def issued(folder: Path) -> str:
    """Issue the first draft of the exercise as it stands; its id."""

    async def work() -> str:
        async with Store.open(f"sqlite:///{folder / 'adref.db'}") as store:
            chair = await people.by_email(store, CHAIR)
            assert chair is not None
            async with store.read() as q:
                (forum,) = await q.forums.all(demo=True)
                draft, *_ = await q.drafts.of_forum(forum.id)
            await perform(store, chair[0].id, draft.id, do.Issue("issue", "Rev.9"))
            return draft.id

    return asyncio.run(work())


def test_a_compilation_text(played, tmp_path):
    file = tmp_path / "tides.md"
    file.write_text("*Recalling* the tides,\n\n1. *Invites* States to watch them.\n")
    assert played("import", str(file), "--as", CHAIR, "--symbol", "SIM/L.9").code == 0
    assert "[" not in played("compilation", "SIM/L.9").out
    said = ("--clause", "OP1", "--text", "*Invites* States to measure them.", "--table")
    assert played("proposals", "begin", "SIM/L.9", *said, "--as", "norvale@demo.invalid").code == 0
    shown = "*Invites* States to [watch] (Norvale: delete) [measure] (Norvale) them."
    assert f"**OP1** {shown} <!--" in played("compilation", "SIM/L.9").out
    assert shown in played("compilation", "SIM/L.9", "--as", "helplines@demo.invalid").out
    told = json.loads(played("compilation", "SIM/L.9", "--json").out)
    assert [(clause["label"], clause["proposals"]) for clause in told["clauses"]] == [("PP1", []), ("OP1", [1])]
    made = tmp_path / "compilation.docx"
    assert played("compilation", "SIM/L.9", "--format", "docx", "--out", str(made)).code == 0
    line = f"{'OP1':12} modify by Norvale: *Invites* States to measure them.\n"
    assert played("compilation", "SIM/L.9", "--read", str(made)).out == line
    typed = tmp_path / "typed.md"
    typed.write_text("1. *Invites* States to [watch] (Norvale: delete) (Elland: retain) [measure] (Norvale) them.\n")
    read = played("compilation", "SIM/L.9", "--read", str(typed), "--as", "norvale@demo.invalid")
    assert "No party is called Elland." in read.err
    assert played("compilation", "SIM/L.9", "--format", "json").code == 2


def test_a_proposal_is_compared_with_the_text(played, tmp_path):
    file = tmp_path / "tides.md"
    file.write_text("*Recalling* the tides,\n\n1. *Invites* States to watch them.\n")
    assert played("import", str(file), "--as", CHAIR, "--symbol", "SIM/L.9").code == 0
    said = ("--clause", "OP1", "--text", "*Invites* States to measure them.", "--table")
    assert played("proposals", "begin", "SIM/L.9", *said, "--as", "norvale@demo.invalid").code == 0
    told = played("compare", "SIM/L.9@live", "SIM/L.9@P1", "--json")
    assert told.code == 1
    changed = [row for row in json.loads(told.out)["rows"] if row["change"] != "same"]
    assert [row["new"]["text"] for row in changed] == ["*Invites* States to measure them."]
    assert played("compare", "SIM/L.9@live", "SIM/L.9@P2").code == 2
