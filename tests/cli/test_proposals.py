"""``adref proposals``: from a private one to the text, as its people would from a terminal."""

import re

from tests.cli.conftest import CHAIR, Run

DRAFT, NORVALE = "SIM/LCW/L.3", "norvale@demo.invalid"


def asked(played: Run, *arguments: str, by: str = NORVALE, code: int = 0) -> str:
    said = played("proposals", *arguments, "--as", by)
    assert (said.code, said.err if code == 0 else "") == (code, "")
    return said.out if code == 0 else said.err


def test_from_private_to_the_text(played: Run) -> None:
    words = ("--clause", "OP2", "--text", "*Decides* to answer at once.", "--reason", "Time matters.")
    kept = asked(played, "begin", DRAFT, *words).strip()
    assert re.fullmatch(r"[0-9a-z]{10}", kept)
    assert kept in asked(played, "list", DRAFT)
    assert kept not in asked(played, "list", DRAFT, by=CHAIR)
    assert "nothing at this address" in asked(played, "show", DRAFT, kept, by=CHAIR, code=2)
    asked(played, "edit", DRAFT, kept, "*Decides* to answer within an hour.")
    shown = asked(played, "show", DRAFT, kept)
    assert "{+" in shown
    assert "hour" in shown
    asked(played, "share", DRAFT, kept, "--with", "CTM")
    assert kept in asked(played, "list", DRAFT, by="costamar@demo.invalid")
    asked(played, "sponsor", DRAFT, kept, by="costamar@demo.invalid")
    asked(played, "put-away", DRAFT, kept)
    asked(played, "table", DRAFT, kept, code=2)
    asked(played, "put-away", DRAFT, kept, "--back")
    number = asked(played, "table", DRAFT, kept).strip()
    assert number.startswith("P ")
    assert "Costamar" in asked(played, "show", DRAFT, number, by=CHAIR)
    asked(played, "edit", DRAFT, kept, "*Decides* to answer within two hours.")
    asked(played, "reword", DRAFT, number, "--reason", "Two are needed.")
    asked(played, "offer", DRAFT, number, "--text", "*Decides* to answer within a day.", by=CHAIR)
    asked(played, "answer", DRAFT, number, "--decline", "--note", "Too long.")
    asked(played, "accept", DRAFT, number, by=CHAIR)
    assert "within two hours." in played("export", DRAFT, "--format", "md").out
    assert number not in asked(played, "list", DRAFT)
    history = asked(played, "show", DRAFT, number)
    assert [kind in history for kind in ("table", "revise", "offer", "answer", "close")] == [True] * 5


def test_closed_otherwise(played: Run) -> None:
    kinds = (("--kind", "delete"), ("--kind", "no_change"))
    one, other = [asked(played, "begin", DRAFT, "--clause", "OP2", *kind, "--table").split()[-1] for kind in kinds]
    asked(played, "withdraw", DRAFT, one, "--reason", "No.")
    asked(played, "not-retain", DRAFT, other, "--reason", "Not now.", by=CHAIR)
    listed = asked(played, "list", DRAFT, "--closed")
    assert "withdrawn" in listed
    assert "not_retained" in listed


def test_what_is_not_there_is_2(played: Run) -> None:
    assert "no clause" in asked(played, "begin", DRAFT, "--clause", "OP99", code=2)
    assert "nothing at this address" in asked(played, "show", DRAFT, "P 99", code=2)
    assert "no party" in asked(played, "share", DRAFT, "x", "--with", "ZZZ", code=2)
