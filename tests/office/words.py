"""A draft as a Word file with everything in it, made by hand."""

from datetime import UTC, date, datetime
from typing import Final

from drafts.exchange.document import Document, Note, Written
from drafts.exchange.parsed import Piece, Signed
from drafts.model import Clause, ClauseKind, Group

TARVIA: Final = Signed("Tarvia", datetime(2031, 3, 1, 9, 0, 1, tzinfo=UTC))
NORVALE: Final = Signed("Norvale", datetime(2031, 3, 2, 10, 30, 2, tzinfo=UTC))
CHAIR: Final = Signed("The Chair", datetime(2031, 3, 3, 11, 45, 3, tzinfo=UTC))
ARABIC: Final = "تدعو [جميع] الدول إلى حماية البحيرات"


def pieces(*told: tuple[str, Signed | None, Signed | None]) -> tuple[Piece, ...]:
    return tuple(Piece(*one) for one in told)


def written(clause: Clause, *told: tuple[str, Signed | None, Signed | None]) -> Written:
    made = pieces(*told)
    return Written(clause, made)


def clean(*clauses: Clause, notes: tuple[Note, ...] = ()) -> Document:
    head = ("Lakes forum", "Good neighbours", "SIM/L.1", "Zero draft", date(2031, 2, 1), "en")
    return Document(*head, "d7x", 12, 1, "ab" * 32, tuple(Written(clause) for clause in clauses), notes)


def whole() -> Document:
    """Headings, sub-clauses, Arabic, emphasis, brackets; nested changes, a move, a cut, a join; comments of all kinds
    but replies."""
    heading = Clause("hd01", ClauseKind.HEADING, 0, "Part one")
    nested = Clause("nes1", ClauseKind.OPERATIVE, 0, "*Invites* States now [to meet];", "OP1")
    sub = Clause("sub1", ClauseKind.SUB, 1, "first & <last>;", "(a)")
    deep = Clause("sub2", ClauseKind.SUB, 2, "in *all* waters.", "(i)")
    arabic = Clause("arab", ClauseKind.OPERATIVE, 0, ARABIC, "OP2", "ar")
    moved = Clause("mov1", ClauseKind.OPERATIVE, 0, "Thanks the hosts warmly;", "OP3")
    cut, rest = (
        Clause("cut1", ClauseKind.OPERATIVE, 0, "Decides to meet ", "OP4"),
        Clause("cut2", ClauseKind.OPERATIVE, 0, "and to report.", "OP5"),
    )
    joined, stays = (
        Clause("joi1", ClauseKind.OPERATIVE, 0, "Asks for calm ", "OP6"),
        Clause("joi2", ClauseKind.OPERATIVE, 0, "and for water.", ""),
    )
    gone = Clause("gon1", ClauseKind.PREAMBULAR, 0, "Regretting delay,", "PP2")
    new = Clause("new1", ClauseKind.PREAMBULAR, 0, "Noting the *new* bridge,", "PP2")
    last = Clause("end1", ClauseKind.OPERATIVE, 0, "Ends here.", "OP7")
    clauses = (
        Written(heading),
        written(
            Clause("pre1", ClauseKind.PREAMBULAR, 0, "Recalling 🕊 peace,", "PP1"),
            ("Recalling ", None, None), ("war", None, NORVALE), ("🕊 peace", TARVIA, None), (",", None, None),
        ),
        Written(gone, pieces((gone.text, None, NORVALE)), dele=NORVALE),
        Written(new, pieces((new.text, TARVIA, None)), ins=TARVIA),
        Written(replaced(moved, "Thanks the hosts;"), pieces(("Thanks the hosts;", None, CHAIR)), dele=CHAIR),
        written(
            nested,
            ("*Invites* States ", None, None), ("now ", TARVIA, None), ("and then ", TARVIA, NORVALE),
            ("not ", None, NORVALE), ("[to meet];", None, None),
        ),
        Written(sub),
        Written(deep),
        written(arabic, (ARABIC[:5], None, None), ("كل ", None, TARVIA), (ARABIC[5:], None, None)),
        Written(
            moved, pieces(("Thanks the hosts", CHAIR, None), (" warmly", NORVALE, None), (";", CHAIR, None)), ins=CHAIR
        ),
        Written(cut, mark_ins=TARVIA),
        Written(rest),
        Written(joined, mark_dele=NORVALE),
        Written(stays),
        Written(last, pieces((last.text, CHAIR, None)), ins=CHAIR),
    )  # fmt: skip
    start = nested.text.index("[to")
    notes = (
        Note("n1", "", 0, 0, "Tarvia", Group.GOVERNMENT, "Ada Lind", NORVALE.at or datetime.now(UTC), "On all of it."),
        note("n2", nested, start, start + 9, "Too <soon> & too far?"),
        note("n3", arabic, 5, 11, "أي دول؟"),
        note("n4", deep, 0, 0, "Two lines,\nof one comment."),
        note("n5", sub, 0, 5, "Überall?"),
    )
    head = ("Lakes forum", "Good neighbours", "SIM/L.1", "Rev.1", date(2031, 3, 4), "en", "d7x", 41, 2, "cd" * 32)
    return Document(*head, clauses, notes, since="Zero draft")


def replaced(clause: Clause, text: str) -> Clause:
    """The clause as it was where it stood before."""
    return Clause(clause.id, clause.kind, clause.depth, text, clause.label, clause.lang)


def note(name: str, clause: Clause, start: int, end: int, body: str) -> Note:
    at = datetime(2031, 3, 5, 8, int(name[1:]), tzinfo=UTC)
    return Note(name, clause.id, start, end, "Norvale", Group.CIVIL_SOCIETY, "Bo Marsh", at, body)
