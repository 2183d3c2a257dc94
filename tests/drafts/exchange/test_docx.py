"""Word files: real ones against their accepted twins, made ones for each rule, hostile ones."""

import io
import zipfile
from pathlib import Path

import pytest

from drafts.errors import Refusal
from drafts.exchange import Parsed, read
from drafts.exchange.docx import read as read_docx

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STYLES = f"""<w:styles {W}>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Kop"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Kop2"><w:basedOn w:val="Kop"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:type="character" w:styleId="Em"><w:name w:val="Emphasis"/><w:rPr><w:i/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Op"><w:name w:val="Op"/>
<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="OpChild"><w:basedOn w:val="Op"/></w:style>
</w:styles>"""
NUMBERING = f"""<w:numbering {W}>
<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/></w:lvl>
<w:lvl w:ilvl="2"><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="(%3)"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%1)"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="PP%1"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>
</w:numbering>"""


def word_file(body: str, **more: str) -> bytes:
    parts = {"word/styles.xml": STYLES, "word/numbering.xml": NUMBERING}
    parts["word/document.xml"] = (
        body if body.startswith("<?xml") else f"<w:document {W}><w:body>{body}</w:body></w:document>"
    )
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in (parts | more).items():
            package.writestr(name, data)
    return whole.getvalue()


def p(text: str, *, style: str = "", number: tuple[int, int] | None = None, look: str = "", mark: str = "") -> str:
    layout = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number:
        layout += f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>'
    layout += f"<w:rPr>{mark}</w:rPr>" if mark else ""
    runs = text if text.startswith("<") else f"<w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r>"
    return f"<w:p><w:pPr>{layout}</w:pPr>{runs}</w:p>"


def shape(parsed: Parsed) -> list[tuple[str, int, str]]:
    return [(clause.kind.value, clause.depth, clause.text) for clause in parsed.clauses]


def test_styles_lists_and_italics() -> None:
    body = (
        p("A calm network", style="Titel")
        + p("The States of the Lakes,")
        + p("Recalling all,", number=(3, 0))
        + p("Part", style="Kop")
        + p("Section", style="Kop2")
        + p(
            '<w:r><w:rPr><w:i/></w:rPr><w:t>Decides </w:t></w:r><w:r><w:t xml:space="preserve">to:</w:t></w:r>',
            style="Op",
        )
        + p("keep", number=(1, 1))
        + p("soon", number=(1, 2))
        + p("report", number=(1, 1))
        + p(
            '<w:r><w:rPr><w:rStyle w:val="Em"/></w:rPr><w:t>Invites</w:t></w:r><w:r><w:t> all</w:t></w:r>',
            style="OpChild",
        )
        + p("first", number=(2, 0))
        + p("No list", style="Op", number=(0, 0))
    )
    parsed = read("x.docx", word_file(body))
    assert parsed.title == "A calm network"
    assert shape(parsed) == [
        ("chapeau", 0, "The States of the Lakes,"),
        ("preambular", 0, "Recalling all,"),
        ("heading", 0, "Part"),
        ("heading", 1, "Section"),
        ("operative", 0, "*Decides* to:"),
        ("sub", 1, "keep"),
        ("sub", 2, "soon"),
        ("sub", 1, "report"),
        ("operative", 0, "*Invites* all"),
        ("sub", 1, "first"),
        ("chapeau", 0, "No list"),
    ]
    assert parsed.notes == ()


def test_tracked_changes_come_as_accepted() -> None:
    gone = '<w:del w:id="1" w:author="x"><w:r><w:delText>old </w:delText></w:r></w:del>'
    come = '<w:ins w:id="2" w:author="x"><w:r><w:t xml:space="preserve">new </w:t></w:r></w:ins>'
    body = (
        p(
            f'<w:r><w:t xml:space="preserve">Invites the </w:t></w:r>{gone}{come}<w:r><w:t>body to</w:t></w:r>',
            mark="<w:del/>",
        )
        + p('<w:r><w:t xml:space="preserve"> meet;</w:t></w:r>')
        + "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p/></w:tc></w:tr><w:tr><w:tc>"
        + p("cell")
        + "</w:tc></w:tr></w:tbl>"
    )
    parsed = read_docx(word_file(body))
    assert [clause.text for clause in parsed.clauses] == ["Invites the new body to meet;", "cell"]
    assert any("tracked changes" in note for note in parsed.notes)


def test_what_is_left_out_is_told() -> None:
    body = p(
        "<w:r><w:t>Invites all</w:t><w:footnoteReference/><w:commentReference/><w:drawing/></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r><w:r><w:br/><w:t>States;</w:t></w:r>"
    )
    parsed = read_docx(word_file(body))
    assert [clause.text for clause in parsed.clauses] == ["Invites all States;"]
    assert len(parsed.notes) == 4


def test_ids_come_back_from_bookmarks() -> None:
    body = p('<w:bookmarkStart w:id="0" w:name="adref_k7x_Copy_1"/><w:r><w:t>Invites all;</w:t></w:r>')
    assert read_docx(word_file(body)).clauses[0].id == "k7x"


def test_real_files_against_their_accepted_twins(shared_data: Path) -> None:
    twins = sorted((shared_data / "docx").glob("*-Accepted.docx"))
    assert len(twins) > 15
    for twin in twins:
        original = twin.with_name(twin.name.replace("-Accepted", ""))
        found, accepted = read_docx(original.read_bytes()), read_docx(twin.read_bytes())
        assert shape(found) == shape(accepted), original.name
        assert not any("tracked" in note for note in accepted.notes)


def test_a_complicated_real_file(shared_data: Path) -> None:
    parsed = read_docx((shared_data / "docx" / "HC031-Complicated-Document.docx").read_bytes())
    kinds = {clause.kind.value for clause in parsed.clauses}
    assert {"heading", "operative", "sub"} <= kinds
    assert len(parsed.clauses) > 100
    assert len(parsed.notes) == 5


def refused(data: bytes) -> tuple[int, str]:
    with pytest.raises(Refusal) as refusal:
        read_docx(data)
    return refusal.value.status, refusal.value.key


def test_hostile_files() -> None:
    assert refused(word_file("<w:p>" * 3)) == (422, "import_broken_docx")
    assert refused(word_file(p("x"))[:-40]) == (422, "import_broken_docx")
    deep = "<?xml version='1.0'?>" + "<a>" * 100_000
    assert refused(word_file(deep)) == (422, "import_broken_docx")
    bomb = word_file("<w:p/>", **{"word/media/x.bin": "\0" * 40_000_000})
    assert len(bomb) < 100_000
    assert refused(bomb) == (413, "import_docx_too_large")
    many = word_file("<w:p/>", **{f"x/{number}": "" for number in range(2_001)})
    assert refused(many) == (413, "import_docx_too_large")
    assert refused(word_file("<w:p/>" * 5_000)) == (413, "import_docx_too_long")


def test_entities_are_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret words")
    document = f"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY s SYSTEM "{secret.as_uri()}">
    <!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
    <w:document {W}><w:body>{p("Invites &s; &b; all;")}</w:body></w:document>"""
    parsed = read_docx(word_file(document))
    assert "secret" not in parsed.clauses[0].text
    assert "ha" not in parsed.clauses[0].text
