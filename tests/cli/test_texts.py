"""Texts from the command line: brought, taken out, compared and merged."""

import json
import re

import pytest

from drafts import exchange
from tests.cli.conftest import CHAIR


def test_bringing_a_file_and_taking_it_out_again(played, tmp_path):
    file = tmp_path / "answers.md"
    file.write_text("# Answers\n\n*Recalling* earlier meetings,\n\n1. *Invites* States:\n\n   (a) to answer.\n")
    said = played("import", str(file), "--as", CHAIR, "--symbol", "SIM/L.9")
    assert said.code == 0
    assert [line.split()[0] for line in said.out.splitlines()[1:]] == ["PP1", "OP1", "(a)"]
    assert played("export", "SIM/L.9", "-o", str(tmp_path / "out.md")).code == 0
    same = played("compare", str(tmp_path / "out.md"), "SIM/L.9@live")
    assert (same.code, "the same, word for word" in same.out) == (0, True)
    for form in ("md", "html", "json"):
        assert "earlier meetings" in played("export", "SIM/L.9", "--format", form).out
    printed = tmp_path / "out.pdf"
    assert played("export", "SIM/L.9", "--format", "pdf", "--lines", "-o", str(printed)).code == 0
    assert printed.read_bytes().startswith(b"%PDF-")


def test_bringing_asks_the_access_table(played, tmp_path):
    file = tmp_path / "answers.md"
    file.write_text("*Recalling* earlier meetings,\n")
    delegate = played("import", str(file), "--as", "norvale@demo.invalid")
    assert (delegate.code, "chair and the secretariat" in delegate.err) == (2, True)
    assert played("import", str(file), "--as", "nobody@demo.invalid").code == 2
    assert played("import", str(tmp_path / "nothing.md"), "--as", CHAIR).code == 2
    (tmp_path / "empty.md").write_text(" ")
    assert played("import", str(tmp_path / "empty.md"), "--as", CHAIR).code == 2
    assert "SIM/LCW/L.4" in played("export", "SIM/LCW/L.4", "--as", CHAIR).out
    assert played("export", "SIM/LCW/L.4", "--as", "helplines@demo.invalid").code == 2


def test_a_word_file_with_changes_and_comments(played, tmp_path):
    file = tmp_path / "out.docx"
    options = ("--format", "docx", "--since", "Zero draft", "--lines", "-o", str(file))
    assert played("export", "SIM/LCW/L.3@2", *options).code == 0
    plain = exchange.read("out.docx", file.read_bytes())
    assert plain.remarks == ()
    assert any(piece.ins for clause in plain.clauses for piece in clause.pieces)
    assert played("export", "SIM/LCW/L.3", "--format", "docx", "--as", CHAIR, "--comments", "-o", str(file)).code == 0
    assert exchange.read("out.docx", file.read_bytes()).remarks
    nobody = played("export", "SIM/LCW/L.3", "--format", "docx", "--comments")
    assert (nobody.code, "--as" in nobody.err) == (2, True)
    assert played("export", "SIM/LCW/L.3", "--since", "1").code == 2
    assert played("export", "SIM/LCW/L.3", "--format", "docx", "--since", "7").code == 2


def test_a_comparison_goes_to_word_and_print(played, tmp_path):
    file, printed = tmp_path / "out.docx", tmp_path / "out.pdf"
    said = played("compare", "SIM/LCW/L.3@1", "SIM/LCW/L.3@2", "--docx", str(file), "--pdf", str(printed))
    assert (said.code, said.out) == (1, "")
    assert printed.read_bytes().startswith(b"%PDF-")
    signed = _authors(exchange.read("out.docx", file.read_bytes()))
    assert len(signed) > 1
    assert "Adref" not in signed
    (tmp_path / "own.md").write_text("*Recalling* the earlier meetings,\n\nInvites all States to meet;\n")
    (tmp_path / "new.md").write_text("*Recalling* the earlier meetings,\n\nInvites all States to meet each year;\n")
    named = ("own.md", "new.md", "--docx", str(file))
    assert played("compare", *named).code == 1
    back = exchange.read("out.docx", file.read_bytes())
    assert _authors(back) == {"Adref"}
    assert [clause.text for clause in back.clauses][1] == "Invites all States to meet each year;"
    assert played("compare", "own.md", "new.md", "--docx", str(tmp_path)).code == 2


def _authors(parsed):
    pieces = [piece for clause in (*parsed.clauses, *parsed.rejected) for piece in clause.pieces]
    return {by.author for piece in pieces for by in (piece.ins, piece.dele) if by}


def test_comparing(played):
    different = played("compare", "SIM/LCW/L.3@Zero draft", "SIM/LCW/L.3@2")
    assert different.code == 1
    assert "OP11: deleted" in different.out
    assert "[-, without delay-]" in different.out
    assert "{+ y suficientes+}" in different.out
    assert "PP4: split off" in different.out
    machine = played("compare", "SIM/LCW/L.3@1", "SIM/LCW/L.3@2", "--json")
    assert machine.code == 1
    found = json.loads(machine.out)
    assert (found["equal"], found["counts"]["deleted"], found["counts"]["split"]) == (False, 1, 1)
    assert played("compare", "SIM/LCW/L.3@2", "SIM/LCW/L.3@2").code == 0


@pytest.mark.parametrize("named", ["nothing.md", "SIM/LCW/L.3", "SIM/LCW/L.3@7", "nothing@1", "@", "x@y@z"])
def test_what_cannot_be_compared_is_2(played, named):
    said = played("compare", "SIM/LCW/L.3@1", named)
    assert said.code == 2
    assert said.err.startswith("adref: ")


def test_a_comparison_is_written_as_a_page(played, tmp_path):
    file = tmp_path / "compared.html"
    said = played("compare", "SIM/LCW/L.3@1", "SIM/LCW/L.3@2", "--html", str(file))
    assert (said.code, said.out) == (1, "")
    assert "<ins>" in file.read_text(encoding="utf-8")
    assert played("compare", "SIM/LCW/L.3@1", "SIM/LCW/L.3@2", "--html", str(tmp_path / "no" / "x")).code == 2


def test_merging_a_file(played, tmp_path):
    symbol = "SIM/LCW/L.3"
    before = played("export", symbol).out
    version = played("export", f"{symbol}@2").out
    for name, heading in (("one.md", "Preambular part"), ("two.md", "Opening part")):
        (tmp_path / name).write_text(version.replace("Preamble", heading))
    merge = ("merge", "one.md", symbol, "--as", "norvale@demo.invalid", "--base", "2")
    said = played(*merge, "--dry-run")
    assert (said.code, said.err) == (0, "")
    assert "would be applied" in said.out
    assert played("export", symbol).out == before
    said = played(*merge)
    assert (said.code, "1 applied" in said.out) == (0, True)
    head, _, text = before.rpartition("---\n")
    assert played("export", symbol).out.rpartition("---\n")[2] == text.replace("Preamble", "Preambular part")
    assert head  # says how far the draft is, which is further now
    said = played(*merge)
    assert (said.code, "1 there already" in said.out) == (0, True)
    said = played("merge", "two.md", symbol, "--as", CHAIR, "--base", "2", "--author", "Marta=NVL")
    assert said.code == 1
    assert "others changed the same words" in said.out
    assert all(line in said.out for line in ("base    Preamble", "theirs  Opening part", "live    Preambular part"))
    assert played("verify").code == 0


def test_a_file_of_who_may_not_edit_becomes_proposals(played, tmp_path):
    symbol = "SIM/LCW/L.4"  # in the chair's pen
    before = played("export", symbol).out
    (tmp_path / "one.md").write_text(before.replace("notice is voluntary", "notice stays voluntary"))
    merge = ("merge", "one.md", symbol, "--as", "norvale@demo.invalid")
    said = played(*merge, "--dry-run")
    assert (said.code, "1 would become private proposals" in said.out) == (0, True)
    said = played(*merge)
    assert (said.code, "1 private proposals" in said.out) == (0, True)
    assert re.search(r"^> edit .*: as proposal [0-9a-f]{20}$", said.out, re.MULTILINE)
    assert played("export", symbol).out == before
    assert played("verify").code == 0


@pytest.mark.parametrize(
    "more", [["--base", "9"], ["--author", "Marta=XXX"], ["--author", "=NVL"], ["--as", "nobody@demo.invalid"]]
)
def test_what_cannot_be_merged_is_2(played, tmp_path, more):
    (tmp_path / "one.md").write_text(played("export", "SIM/LCW/L.3@2").out)
    said = played("merge", "one.md", "SIM/LCW/L.3", "--as", CHAIR, *more)
    assert (said.code, said.out, "Traceback" in said.err) == (2, "", False)


def test_labels_of_two_versions(played):
    said = played("concordance", "SIM/LCW/L.3", "Zero draft", "2")
    assert said.code == 0
    assert re.search(r"^OP11 +– +deleted", said.out, re.MULTILINE)
    found = json.loads(played("concordance", "SIM/LCW/L.3", "1", "2", "--json").out)
    assert {"deleted", "moved", "split"} <= {one["origin"] for one in found}
    table = played("concordance", "SIM/LCW/L.3", "1", "2", "--csv").out.splitlines()
    assert table[0] == "old,new,origin,changed,text"
    assert len(table) == len(found) + 1
    assert played("concordance", "SIM/LCW/L.3", "1", "7").code == 2


def test_what_was_removed(played):
    said = played("removed", "SIM/LCW/L.3", "2", "1")  # whichever is named first
    assert said.code == 0
    assert re.search(r"^OP11: clause deleted by .+\(.+\), .+ UTC$", said.out, re.MULTILINE)
    found = json.loads(played("removed", "SIM/LCW/L.3", "1", "2", "--json").out)
    assert all(one["moments"] for one in found)
    assert "OP11" in [one["label"] for one in found if one["what"] == "clause"]
    assert "Nothing was removed" in played("removed", "SIM/LCW/L.3", "2", "2").out
    assert played("removed", "nothing", "1", "2").code == 2
