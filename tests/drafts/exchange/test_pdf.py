"""PDF: what a reader, a screen reader and a printer find in it. pypdf reads the files back."""

import datetime as dt
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from pypdf import PdfReader

from drafts.compare import compare
from drafts.errors import Invalid
from drafts.exchange import Content, pdf
from drafts.exchange.document import Document, Note, Written
from drafts.exchange.parsed import Piece, Signed
from drafts.model import Clause, ClauseKind, Group
from drafts.numbering import labels
from tests.drafts.exchange.cast import contents

HOSTILE = '#import "x": * $x^2$ \\ ] [ <a> `#panic()` @b _u_ // = heading ' + "a" * 300
LAKES = Signed("Republic of the Eastern Lakes", dt.datetime(2031, 1, 1, tzinfo=dt.UTC))
HARBOUR = Signed("Harbour Operators’ Union")


def document(*clauses: Written, language: str = "en", notes: tuple[Note, ...] = (), since: str = "") -> Document:
    return Document(
        forum="Forum of the Lakes",
        title="A calm network",
        symbol="LAKES/L.4",
        version_label="Rev.2",
        date=dt.date(2031, 11, 21),
        language=language,
        draft="d",
        seq=7,
        version=2,
        hash="ab" * 32,
        clauses=clauses,
        notes=notes,
        since=since,
    )


def op(number: int, text: str, lang: str = "", **more: Signed | tuple[Piece, ...] | None) -> Written:
    return Written(Clause(f"c{number}", ClauseKind.OPERATIVE, 0, text, "", lang), **more)  # type: ignore[arg-type]


def read(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def words(data: bytes) -> str:
    return re.sub(r"[\s\u200b]+", " ", " ".join(page.extract_text() for page in read(data).pages))


def root(reader: PdfReader) -> Any:
    return reader.trailer["/Root"]


def fonts(reader: PdfReader) -> set[str]:
    resources: list[Any] = [page["/Resources"].get_object() for page in reader.pages]
    found = [font.get_object() for one in resources for font in one.get("/Font", {}).values()]
    assert all("/FontFile" in str(font["/DescendantFonts"][0]["/FontDescriptor"]) for font in found)  # embedded
    return {font["/BaseFont"].rpartition("+")[2].partition("-")[0] for font in found}


def test_a_page_names_itself_and_is_tagged() -> None:
    reader = read(pdf.write(document(*(op(number, f"Invites all States, {number};") for number in range(60)))))
    assert reader.metadata is not None
    assert reader.metadata.title == "A calm network"
    assert (root(reader)["/Lang"], root(reader)["/MarkInfo"]["/Marked"]) == ("en", True)
    assert reader.xmp_metadata is not None
    assert b"pdfuaid" in root(reader)["/Metadata"].get_object().get_data()
    last = len(reader.pages)
    assert last > 1
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        for part in (
            "Forum of the Lakes",
            "LAKES/L.4",
            "Rev.2",
            "2031-11-21",
            "abababababab",
            f"Page {number} of {last}",
        ):
            assert part in text
    assert fonts(reader) <= {"SourceSerif4", "SourceSerif4Roman", "NotoNaskhArabic"}


def test_lines_are_numbered_on_request() -> None:
    one = document(*(op(number, "Invites all States;") for number in range(9)))
    with_lines, without = words(pdf.write(one)), words(pdf.write(one, lines=False))
    assert set(re.findall(r"(?<!\S)\d(?!\S)", with_lines)) >= set("3456789")
    assert not set(re.findall(r"(?<!\S)\d(?!\S)", without)) & set("3456789")


def test_words_are_never_markup() -> None:
    found = words(pdf.write(document(op(1, HOSTILE))))
    assert "".join(HOSTILE.split()) in "".join(found.split())
    hostile = replace(document(op(1, "x")), title=HOSTILE, forum=HOSTILE, symbol=HOSTILE, language='"] #panic()')
    assert "#panic()" in words(pdf.write(hostile))


def test_arabic_reads_right_to_left_with_english_inside() -> None:
    data = pdf.write(document(op(1, "*تدعو* الدول [إلى] الرد AI-based؛"), op(2, "Invites all;", "en"), language="ar"))
    reader = read(data)
    assert root(reader)["/Lang"] == "ar"
    assert "NotoNaskhArabic" in fonts(reader)
    assert {"OP1", "AI-based", "OP2"} <= set(re.findall(r"[A-Za-z0-9-]+", words(data)))


def test_tracked_changes_name_their_authors() -> None:
    changed = op(
        1,
        "States shall act;",
        pieces=(
            Piece("States "),
            Piece("should ", None, LAKES),
            Piece("shall ", LAKES),
            Piece("never ", LAKES, HARBOUR),
            Piece("act;"),
        ),
    )
    gone = Written(Clause("c3", ClauseKind.OPERATIVE, 0, "Old words;", "OP7"), dele=HARBOUR)
    found = words(pdf.write(document(changed, gone, op(4, "*Invites* all;", ins=HARBOUR), since="Rev.1"), lines=False))
    assert "Changes since Rev.1" in found
    assert "REL Republic of the Eastern Lakes" in found
    compact = found.replace(" ", "")
    for part in ("should−REL", "shall+REL", "never+REL−HOU", "OP7Oldwords;−HOU", "OP2Invitesall;+HOU"):
        assert part in compact


def test_comments_come_as_an_annex() -> None:
    at = dt.datetime(2031, 1, 2, 9, 30, tzinfo=dt.UTC)
    notes = (
        Note("n2", "c1", 0, 0, "Harbour Union", Group.INDUSTRY, "Bo", at, "Agreed.", "n1"),
        Note("n1", "c1", 1, 8, "Lakes", Group.GOVERNMENT, "Ana", at, "Too weak.", resolved=True),
    )
    found = words(pdf.write(document(op(1, "*Invites* all;"), notes=notes)))
    order = [found.index(part) for part in ("Comments", "OP1 Ana (Lakes)", "“Invites”", "Too weak.", "Bo", "Agreed.")]
    assert order == sorted(order)
    assert "2031-01-02 09:30 UTC · resolved" in found


def test_what_the_fonts_lack_is_named_or_refused() -> None:
    found = words(pdf.write(document(op(1, "Invites 中 all; ok\u200d"))))
    assert "Invites ‹U+4E2D› all; ok" in found
    assert "numbers: U+4E2D" in found
    with pytest.raises(Invalid) as refused:
        pdf.write(document(op(1, "中文" * 30)))
    assert refused.value.key == "print_script"


def test_translations_are_used() -> None:
    data = pdf.write(document(op(1, "Invite;"), language="fr"), words={pdf.NOTE_PAGE: "Page {page} sur {pages}"})
    assert "Page 1 sur 1" in words(data)


def test_the_same_version_is_the_same_file() -> None:
    assert pdf.write(document(op(1, "Invites;"))) == pdf.write(document(op(1, "Invites;")))


def test_headings_may_skip_depths() -> None:
    deep = [Written(Clause(str(at), ClauseKind.HEADING, depth, f"Part {at}")) for at, depth in enumerate((3, 0, 4, 1))]
    assert "Part 3" in words(pdf.write(document(*deep)))


def labelled(*clauses: Clause) -> list[Clause]:
    return [replace(clause, label=label) for clause, label in zip(clauses, labels(clauses), strict=True)]


def test_side_by_side_repeats_its_head_and_tells_what_happened() -> None:
    old = labelled(
        *(Clause(f"c{at}", ClauseKind.OPERATIVE, 0, f"Invites all States to report {at};") for at in range(60))
    )
    new = labelled(
        replace(old[0], text=HOSTILE),
        *old[2:30],
        Clause("new", ClauseKind.OPERATIVE, 0, "Asks for more;"),
        *old[30:],
        old[1],
    )
    data = pdf.side_by_side(compare(old, new), pdf.Heads("Forum", "A calm network", "Rev.1", "Rev.2"))
    reader = read(data)
    assert len(reader.pages) > 2
    for page in reader.pages:
        assert page.mediabox.width > page.mediabox.height
        assert {"Rev.1", "Rev.2", "What happened"} <= {
            part for part in ("Rev.1", "Rev.2", "What happened") if part in re.sub(r"\s+", " ", page.extract_text())
        }
    found = words(data)
    for outcome in ("Changed", "New", "Moved", "Moved from here"):
        assert outcome in found
    assert "".join(HOSTILE.split()) in "".join(found.split())
    same = words(pdf.side_by_side(compare(old, old), pdf.Heads("F", "T", "a", "b", "ar")))
    assert "The two texts are the same" in same


@settings(max_examples=25, deadline=None)
@given(contents)
def test_any_text_is_set(content: Content) -> None:
    clauses = tuple(Written(replace(clause, id=str(at))) for at, clause in enumerate(content.clauses))
    pdf.write(replace(document(*clauses), title=content.title, symbol=content.symbol, language=content.language))


def test_templates_hold_no_word_of_a_reader_and_reach_for_nothing() -> None:
    for path in sorted(Path(pdf.PRINT).glob("*.typ")):
        source = path.read_text()
        assert "@preview" not in source
        assert "eval(" not in source
