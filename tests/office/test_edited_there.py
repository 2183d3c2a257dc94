"""Two people work on the file in LibreOffice, one after the other, with change tracking on; it comes back whole.

Files with comments are not edited there: LibreOffice 7.4 without windows crashes on a change beside a comment. That
comments come through it is shown in test_survives.py.
"""

from dataclasses import replace

import pytest

from drafts.exchange.docx import read
from drafts.exchange.parsed import Parsed
from drafts.exchange.word import write
from drafts.model import Clause, ClauseKind
from tests.office import words
from tests.office.soffice import Office, behind, new_paragraph
from tests.office.soffice import replace as change

pytestmark = pytest.mark.office
ADA, BO = "Ada Lind", "Bo Marsh"
CLAUSES = (
    Clause("hd01", ClauseKind.HEADING, 0, "Part one"),
    Clause("pre1", ClauseKind.PREAMBULAR, 0, "Recalling the long years of peace at the lakes,", "PP1"),
    Clause("op01", ClauseKind.OPERATIVE, 0, "*Invites* all States [to meet] every spring;", "OP1"),
    Clause("sub1", ClauseKind.SUB, 1, "in the old harbour;", "(a)"),
    Clause("arab", ClauseKind.OPERATIVE, 0, words.ARABIC, "OP2", "ar"),
    Clause("op03", ClauseKind.OPERATIVE, 0, "Asks the hosts to report on the water.", "OP3"),
    Clause("op04", ClauseKind.OPERATIVE, 0, "Ends here.", "OP4"),
)
FIRST = (
    change("long years", "many decades"),
    change("every ", ""),
    behind("the old harbour", " of Tarvia"),
    behind("إلى", " صون"),
)
SECOND = (
    change("decades", "ages"),
    behind("States", " and cities"),
    change("hosts", "secretariat"),
    new_paragraph("Asks the", "Thanks the ferrymen."),
)


def by(parsed: Parsed, author: str) -> tuple[str, str]:
    """All that the person inserted and all that the person deleted, in order."""
    pieces = [piece for clause in parsed.clauses for piece in clause.pieces]
    put = "|".join(piece.text for piece in pieces if piece.ins and piece.ins.author == author)
    out = "|".join(piece.text for piece in pieces if piece.dele and piece.dele.author == author)
    return put, out


def test_two_people_edit_for_a_day_and_no_word_is_lost(office: Office) -> None:
    data = write(words.clean(*CLAUSES))
    before, after = read(data), read(office.edited(data, (ADA, FIRST), (BO, SECOND)))
    was = [(clause.id, clause.kind, clause.depth, clause.text, clause.lang) for clause in before.clauses]
    rejected = [(clause.id, clause.kind, clause.depth, clause.text, clause.lang) for clause in after.rejected]
    assert rejected == was
    assert after.base == before.base
    assert [(clause.id, clause.text) for clause in after.clauses] == [
        ("hd01", "Part one"),
        ("pre1", "Recalling the many ages of peace at the lakes,"),
        ("op01", "*Invites* all States and cities [to meet] spring;"),
        ("sub1", "in the old harbour of Tarvia;"),
        ("arab", words.ARABIC.replace("إلى", "إلى صون")),
        ("op03", "Asks the secretariat to report on the water."),
        ("", "Thanks the ferrymen."),
        ("op04", "Ends here."),
    ]
    assert by(after, ADA) == ("many |decades| of Tarvia| صون", "long years|every ")
    assert by(after, BO) == ("ages| and cities|secretariat|Thanks the ferrymen.", "decades|hosts")


def test_edits_on_top_of_tracked_changes(office: Office) -> None:
    """The file already tracks changes of three parties, theirs stay what they were."""
    data = write(replace(words.whole(), notes=()))
    edits = (change("bridge", "ferry"), change("first", "second"))
    before, after = read(data), read(office.edited(data, (ADA, edits)))
    assert [(clause.id, clause.text) for clause in after.rejected] == [(c.id, c.text) for c in before.rejected]
    assert by(after, ADA) == ("ferry|second", "bridge|first")
    for party in (words.TARVIA, words.NORVALE, words.CHAIR):
        put, out = by(before, party.author)
        assert "".join(by(after, party.author)[0].split("|")) == "".join(put.split("|"))
        assert "".join(by(after, party.author)[1].split("|")) == "".join(out.split("|"))
