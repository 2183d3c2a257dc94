"""Word files as they are written: what is in them comes back, and Word finds them in order."""

import io
import zipfile
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from drafts.exchange.document import Document, Note, Written
from drafts.exchange.docx import read
from drafts.exchange.parsed import Piece, Signed, tidy
from drafts.exchange.word import write
from drafts.exchange.word.xml import W as NAMESPACE
from drafts.model import Clause, ClauseKind, Group
from drafts.numbering import labels
from drafts.word_child.styles import Numbering, Styles
from tests.drafts.exchange.cast import clauses, texts

W = f"{{{NAMESPACE}}}"
TARVIA = Signed("Tarvia", datetime(2031, 3, 1, 9, tzinfo=UTC))
NORVALE = Signed("Norvale & <Co>", datetime(2031, 3, 2, 10, tzinfo=UTC))
AT = datetime(2031, 3, 5, 8, tzinfo=UTC)
ORDER = {  # ISO/IEC 29500-1, annex A: the sequences of those children that are written
    "pPr": "pStyle keepNext keepLines pageBreakBefore numPr suppressLineNumbers bidi spacing ind jc outlineLvl rPr",
    "rPr": "ins del rStyle rFonts b bCs i iCs color sz szCs rtl lang",
    "sectPr": "headerReference footerReference pgSz pgMar lnNumType pgNumType cols titlePg bidi",
    "lvl": "start numFmt lvlText lvlJc pPr rPr",
    "style": "name basedOn qFormat pPr rPr",
    "settings": "zoom trackRevisions defaultTabStop compat",
    "p": "pPr",
}


def document(*written: Written, notes: tuple[Note, ...] = ()) -> Document:
    head = ("Lakes forum", "Good neighbours", "SIM/L.1", "Rev.1", date(2031, 2, 1), "en", "d7x", 41, 2, "cd" * 32)
    return Document(*head, written, notes, since="Zero draft")


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def body(data: bytes) -> etree._Element:
    return etree.fromstring(parts(data)["word/document.xml"])


@st.composite
def drawn(draw: st.DrawFn) -> Document:
    """Many clauses in one file, since each reading starts a process; some words inserted, some deleted."""
    made = []
    for number, clause in enumerate(draw(st.lists(clauses(), min_size=10, max_size=30))):
        told = [Piece(draw(texts), *draw(st.sampled_from([(None, None), (TARVIA, None), (None, NORVALE)])))]
        told += [Piece(" "), Piece(draw(texts) + "\x00\x0b\ufffe", TARVIA, NORVALE), Piece(" end.")]
        text = "".join(piece.text for piece in told if piece.dele is None)
        made.append(Written(Clause(f"c{number}", clause.kind, clause.depth, text, "", clause.lang), tuple(told)))
    return document(*made)


@settings(max_examples=12)
@given(drawn())
def test_what_is_written_is_read(made: Document) -> None:
    found = read(write(made))
    accepted = [one.clause for one in made.clauses]
    mine = [(clause.id, clause.kind, clause.depth, clause.lang) for clause in accepted]
    assert [(clause.id, clause.kind, clause.depth, clause.lang) for clause in found.clauses] == mine
    assert [plain(clause.text) for clause in found.clauses] == [plain(clause.text) for clause in accepted]
    assert [plain(clause.text) for clause in found.rejected] == [plain(rejected(one)) for one in made.clauses]
    by = {author for clause in found.clauses for piece in clause.pieces for author in (piece.ins, piece.dele) if author}
    assert by <= {TARVIA, NORVALE}


def plain(text: str) -> str:
    """Where the asterisks of two runs of emphasis meet is the dialect's business."""
    return tidy(tidy(text).replace("*", ""))


def rejected(one: Written) -> str:
    return "".join(piece.text for piece in one.pieces if piece.ins is None)


def sample() -> Document:
    """Every kind of thing that is written."""
    arabic = Clause("arab", ClauseKind.OPERATIVE, 0, "تدعو *جميع* الدول", "OP1", "ar")
    bis = Clause("bis1", ClauseKind.OPERATIVE, 0, "Asks <all> & [some];", "OP1 bis")
    sub = Clause("sub1", ClauseKind.SUB, 1, "first;", "(a)")
    head = Clause("hd01", ClauseKind.HEADING, 0, "Part")
    notes = (
        Note("n1", "", 0, 0, "Tarvia", Group.GOVERNMENT, "Ada", AT, "All."),
        Note("n2", "bis1", 5, 10, "Tarvia", Group.INDUSTRY, "Bo", AT, "These?"),
        Note("n3", "bis1", 5, 10, "Tarvia", Group.INDUSTRY, "Cy", AT, "Yes.", answers="n2", resolved=True),
    )
    return document(
        Written(head),
        Written(arabic, (Piece(arabic.text[:5]), Piece(arabic.text[5:], TARVIA)), mark_ins=TARVIA),
        Written(bis, (Piece(bis.text), Piece(" gone", TARVIA, NORVALE))),
        Written(sub, (Piece(sub.text, NORVALE),), ins=NORVALE),
        Written(sub, (Piece(sub.text, None, TARVIA),), dele=TARVIA),
        notes=notes,
    )


def test_children_stand_in_the_order_of_the_schema() -> None:
    seen = set()
    for name, data in parts(write(sample(), line_numbers=True)).items():
        if not name.startswith("word/") or not name.endswith(".xml"):
            continue
        for element in etree.fromstring(data).iter():
            tag = str(element.tag).removeprefix(W)
            if tag in ORDER and tag != "p":
                children = [str(child.tag).removeprefix(W) for child in element]
                order = ORDER[tag].split()
                assert children == sorted(children, key=order.index), (name, tag)
                seen.add(tag)
            elif tag == "p":
                assert all(child.tag != f"{W}pPr" for child in list(element)[1:])
    assert seen == set(ORDER) - {"p"}


def test_names_and_numbers_are_told_once() -> None:
    root = body(write(sample()))
    signed = [one.get(f"{W}id") for tag in ("ins", "del") for one in root.iter(f"{W}{tag}")]
    marks = [(one.get(f"{W}id"), one.get(f"{W}name")) for one in root.iter(f"{W}bookmarkStart")]
    assert len(signed) == len(set(signed)) > 5
    assert len({number for number, _ in marks}) == len(marks) == 5
    assert [number for number, _ in marks] == [one.get(f"{W}id") for one in root.iter(f"{W}bookmarkEnd")]


def test_the_same_document_is_the_same_bytes() -> None:
    assert write(sample()) == write(sample())


def test_nothing_of_the_machine_or_the_person_is_in_the_properties() -> None:
    made = parts(write(sample()))
    core = etree.fromstring(made["docProps/core.xml"])
    assert {etree.QName(child).localname for child in core} == {
        "title", "subject", "creator", "identifier", "language", "created",
    }  # fmt: skip
    assert [child.text for child in core if etree.QName(child).localname == "creator"] == ["Lakes forum"]
    assert not any("rsid" in data.decode() for data in made.values())
    assert "docProps/app.xml" not in made


def test_line_numbers_only_on_request() -> None:
    assert body(write(sample())).find(f".//{W}lnNumType") is None
    assert body(write(sample(), line_numbers=True)).find(f".//{W}lnNumType") is not None


def test_the_header_says_what_the_page_is_of() -> None:
    header = etree.fromstring(parts(write(sample()))["word/header1.xml"])
    said = "".join(one.text or "" for one in header.iter(f"{W}t"))
    assert said == "Lakes forum · SIM/L.1 · Rev.1 · 2031-02-01 · cdcdcdcdcdcd · ± Zero draft"


KINDS = st.lists(
    st.sampled_from([
        (ClauseKind.PREAMBULAR, 0), (ClauseKind.OPERATIVE, 0), (ClauseKind.SUB, 1), (ClauseKind.SUB, 2),
        (ClauseKind.SUB, 3), (ClauseKind.HEADING, 0), (ClauseKind.CHAPEAU, 0),
    ]),
    min_size=1, max_size=80,
)  # fmt: skip


@settings(max_examples=80)
@given(KINDS, st.sets(st.integers(0, 79), max_size=3))
def test_word_shows_the_labels_of_the_room(kinds: list[tuple[ClauseKind, int]], bis: set[int]) -> None:
    """Word's own counting over the numbering part, or the text that stands in front: ``bis`` labels among them."""
    bare = [Clause(f"c{number}", *place, "Words.") for number, place in enumerate(kinds)]
    told = [f"{label} bis" if at in bis and label else label for at, label in enumerate(labels(bare))]
    made = [
        Written(Clause(one.id, one.kind, one.depth, one.text, label)) for one, label in zip(bare, told, strict=True)
    ]
    file = parts(write(document(*made)))
    styles = Styles(etree.fromstring(file["word/styles.xml"]))
    lists = Numbering(etree.fromstring(file["word/numbering.xml"]), styles)
    assert [shown(paragraph, lists) for paragraph in etree.fromstring(file["word/document.xml"]).iter(f"{W}p")][
        1:
    ] == told


def shown(paragraph: etree._Element, lists: Numbering) -> str:
    layout = paragraph.find(f"{W}pPr")
    style = layout.find(f"{W}pStyle") if layout is not None else None
    _, label = lists.place(layout, str(style.get(f"{W}val")) if style is not None else "")
    written = "".join(
        one.findtext(f"{W}t") or "" for one in paragraph.iter(f"{W}r") if one.find(f"{W}rPr/{W}rStyle") is not None
    )
    return label or written.strip("\u200b")


def test_changes_that_meet_at_the_end_of_a_paragraph_are_kept_apart() -> None:
    """One party's insertion ends a clause and begins the next: LibreOffice would make one of both."""
    one, two = (Clause(name, ClauseKind.OPERATIVE, 0, "Words.", "") for name in ("one1", "two2"))
    made = document(Written(one, (Piece("Words."), Piece("", TARVIA))), Written(two))
    met = document(
        Written(one, (Piece("Wor"), Piece("ds.", TARVIA))), Written(two, (Piece("Wo", TARVIA), Piece("rds.")))
    )
    assert "\u200b" not in str(etree.tostring(body(write(made)), encoding="unicode"))
    assert str(etree.tostring(body(write(met)), encoding="unicode")).count("\u200b") == 1
    assert [clause.text for clause in read(write(met)).clauses] == ["Words.", "Words."]


def test_a_last_paragraph_that_came_is_not_the_last() -> None:
    """No word processor tracks the mark of a text's last paragraph; an empty one stands behind it."""
    last = Clause("end1", ClauseKind.OPERATIVE, 0, "Ends here.", "OP1")
    data = write(document(Written(last, (Piece(last.text, TARVIA),), ins=TARVIA)))
    paragraphs = list(body(data).iter(f"{W}p"))
    assert len(paragraphs) == 3
    assert paragraphs[-1].find(f".//{W}ins") is None
    assert len(read(data).clauses) == 1
    assert read(data).rejected == ()


def test_a_text_without_clauses_has_a_file_too() -> None:
    found = read(write(document()))
    assert (found.title, found.clauses) == (document().title, ())
    assert found.base is not None
