"""Word files: real ones against their accepted twins, made ones for each rule, hostile ones."""

import io
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from drafts.errors import Refusal
from drafts.exchange import Parsed, read
from drafts.exchange.authors import Author, authors
from drafts.exchange.docx import read as read_docx
from drafts.exchange.parsed import Base, ParsedClause
from tests.repo import REPO

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


def word_file(body: str, more: dict[str, str] | None = None, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    parts = {"word/styles.xml": STYLES, "word/numbering.xml": NUMBERING}
    parts["word/document.xml"] = (
        body if body.startswith("<?xml") else f"<w:document {W}><w:body>{body}</w:body></w:document>"
    )
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", how) as package:
        for name, data in (parts | (more or {})).items():
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
    assert len(parsed.notes) == 3


def test_ids_come_back_from_bookmarks() -> None:
    body = p('<w:bookmarkStart w:id="0" w:name="adref_k7x_Copy_1"/><w:r><w:t>Invites all;</w:t></w:r>')
    assert read_docx(word_file(body)).clauses[0].id == "k7x"


def lines(clauses: tuple[ParsedClause, ...]) -> list[tuple[str, str]]:
    return [(clause.kind.value, clause.text) for clause in clauses]


def test_real_files_against_their_twins(shared_data: Path) -> None:
    """What Word made of each file when everything was accepted, and when everything was rejected."""
    seen = 0
    for original in sorted((shared_data / "docx").glob("*.docx")):
        if original.stem.endswith(("-Accepted", "-Rejected")):
            continue
        found = read_docx(original.read_bytes())
        for clause in found.clauses:
            if clause.pieces:
                assert "".join(piece.text for piece in clause.pieces if piece.dele is None) == clause.text
        for clause in found.rejected:
            if clause.pieces:
                assert "".join(piece.text for piece in clause.pieces if piece.ins is None) == clause.text
        for name, mine in (("Accepted", found.clauses), ("Rejected", found.rejected)):
            twin = original.with_name(f"{original.stem}-{name}.docx")
            if twin.exists():
                words = read_docx(twin.read_bytes())
                assert [clause.text for clause in mine] == [clause.text for clause in words.clauses], twin.name
                assert words.rejected == words.clauses
                seen += 1
    assert seen > 33


def signed(kind: str, name: str, inner: str) -> str:
    return f'<w:{kind} w:id="9" w:author="{name}" w:date="2031-03-01T09:00:00Z">{inner}</w:{kind}>'


def run(text: str, tag: str = "t") -> str:
    return f'<w:r><w:{tag} xml:space="preserve">{text}</w:{tag}></w:r>'


def test_who_inserted_and_who_deleted() -> None:
    both = signed("ins", "Tarvia", run("now ") + signed("del", "Norvale", run("and then ", "delText")))
    body = p(run("Invites States ") + both + signed("del", "Norvale", run("not ", "delText")) + run("to meet;"))
    parsed = read_docx(word_file(body))
    assert parsed.clauses[0].text == "Invites States now to meet;"
    assert parsed.rejected[0].text == "Invites States not to meet;"
    pieces = [(o.text, o.ins and o.ins.author, o.dele and o.dele.author) for o in parsed.clauses[0].pieces]
    assert pieces == [
        ("Invites States ", None, None),
        ("now ", "Tarvia", None),
        ("and then ", "Tarvia", "Norvale"),
        ("not ", None, "Norvale"),
        ("to meet;", None, None),
    ]
    moments = {o.ins.at for o in parsed.clauses[0].pieces if o.ins}
    assert moments == {datetime(2031, 3, 1, 9, tzinfo=UTC)}


def test_paragraphs_that_came_and_went() -> None:
    """A new paragraph, one taken out, one cut in two: each text has its own, and no words of the other's."""
    ins, dele = signed("ins", "Tarvia", ""), signed("del", "Norvale", "")
    mark = '<w:bookmarkStart w:id="{0}" w:name="adref_{1}"/>'
    body = (
        p(mark.format(1, "aaaa") + run("Invites all;"), mark=ins)
        + p(signed("ins", "Tarvia", run("Thanks the hosts;")))
        + p(mark.format(2, "bbbb") + signed("del", "Norvale", run("Regrets delay;", "delText")), mark=dele)
        + p(mark.format(3, "cccc") + run("Decides to meet"), mark=ins)
        + p(run("and to report."))
    )
    parsed = read_docx(word_file(body))
    assert [(c.id, c.text) for c in parsed.clauses] == [
        ("aaaa", "Invites all;"), ("", "Thanks the hosts;"), ("cccc", "Decides to meet"), ("", "and to report."),
    ]  # fmt: skip
    assert [(c.id, c.text) for c in parsed.rejected] == [
        ("aaaa", "Invites all;"), ("bbbb", "Regrets delay;"), ("cccc", "Decides to meetand to report."),
    ]  # fmt: skip
    assert all(piece.dele is None for clause in parsed.clauses for piece in clause.pieces)


def test_what_cannot_be_seen_parts_no_emphasis() -> None:
    run = '<w:r><w:rPr>{}</w:rPr><w:t xml:space="preserve">{}</w:t></w:r>'
    body = p(run.format("<w:i/>", "Invites") + run.format("", "\u200b") + run.format("<w:i/>", " all"), style="Op")
    assert read("x.docx", word_file(body)).clauses[0].text == "*Invites all*"


COMMENTS = f"""<w:comments {W}>
<w:comment w:id="4" w:author="Ada" w:date="2031-03-01T10:30:00Z"><w:p><w:r><w:t>Too wide?</w:t></w:r></w:p></w:comment>
<w:comment w:id="5" w:author="Bo"><w:p><w:r><w:t>One</w:t></w:r></w:p><w:p><w:r><w:t>two</w:t></w:r></w:p></w:comment>
</w:comments>"""


def test_comments_stand_on_their_words() -> None:
    look = "<w:rPr><w:i/></w:rPr>"
    body = p("<w:r><w:t>Part one</w:t></w:r>", style="Kop") + p(
        f'<w:r>{look}<w:t xml:space="preserve">Invites </w:t></w:r><w:commentRangeStart w:id="4"/>{run("all  States")}'
        f'<w:commentRangeEnd w:id="4"/><w:r><w:commentReference w:id="4"/></w:r>{run(" to meet;")}'
        '<w:r><w:commentReference w:id="5"/></w:r>'
    )
    parsed = read_docx(word_file(body, {"word/comments.xml": COMMENTS}))
    first, second = parsed.remarks
    assert (first.clause, first.quote, first.body, first.by.author) == (1, "all States", "Too wide?", "Ada")
    assert parsed.clauses[1].text[first.start : first.end] == "all States"
    assert (second.clause, second.start, second.end, second.body) == (1, 0, 0, "One\ntwo")
    assert first.by.at == datetime(2031, 3, 1, 10, 30, tzinfo=UTC)


def test_what_adref_wrote_is_found_by_its_namespace() -> None:
    own = """<base xmlns="urn:adref:base:1" draft="d1" seq="41" version="2" language="es">
    <clause id="k7xx" hash="ab" kind="sub" depth="2" lang=""/></base>"""
    body = p('<w:bookmarkStart w:id="0" w:name="adref_k7xx"/>' + run("Invita a todos;"))
    label = '<w:r><w:rPr><w:rStyle w:val="AdrefLabel"/></w:rPr><w:t>(i) </w:t></w:r>'
    parsed = read_docx(word_file(body.replace("<w:r>", label + "<w:r>", 1), {"customXml/item7.xml": own}))
    assert (parsed.base, parsed.language) == (Base("d1", 41, 2, {"k7xx": "ab"}), "es")
    assert shape(parsed) == [("sub", 2, "Invita a todos;")]
    core = """<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier>adref:d1:41:2</dc:identifier></cp:coreProperties>"""
    assert read_docx(word_file(body, {"docProps/core.xml": core})).base == Base("d1", 41, 2, {})


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
    bomb = word_file("<w:p/>", {"word/media/x.bin": "\0" * 40_000_000})
    assert len(bomb) < 100_000
    assert refused(bomb) == (413, "import_docx_too_large")
    many = word_file("<w:p/>", {f"x/{number}": "" for number in range(2_001)})
    assert refused(many) == (413, "import_docx_too_large")
    assert refused(word_file("<w:p/>" * 5_000)) == (413, "import_docx_too_long")
    assert refused(word_file("<w:p/>" * 2_000_000)) == (413, "import_docx_too_large")


HOSTILE = {
    "paragraphs": "<w:p/>" * 1_900_000,
    "a long word": p("w" * 20_000_000),
    "attributes": f"<w:p {' '.join(f'a{n}=@@' for n in range(300_000))}/>".replace("@@", '""'),
    "runs": p("<w:r><w:t>a</w:t></w:r>" * 130_000),
    "tables in tables": "<w:tbl><w:tr><w:tc>" * 60 + p("x") * 3_000 + "</w:tc></w:tr></w:tbl>" * 60,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_gets_no_more_than_256_megabytes(kind: str) -> None:
    """The most that the child ever held, measured from outside, whether it read the file or refused it."""
    ask = """import resource, sys
from drafts.errors import Refusal
from drafts.exchange.docx import read
try: read(sys.stdin.buffer.read())
except Refusal: pass
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"""
    data = word_file(HOSTILE[kind], how=zipfile.ZIP_STORED)  # packed they are refused for their ratio
    done = subprocess.run([sys.executable, "-c", ask], input=data, capture_output=True, check=True, cwd=REPO)
    assert int(done.stdout) < 256 * 1024


def test_a_large_file_is_read() -> None:
    """500 clauses, 55,000 words, in runs of a few words, as Word writes them."""
    clauses = ["".join(run(f"word{a * n} of measure ") for n in range(37)) for a in range(500)]
    parsed = read_docx(word_file("".join(p(clause, number=(1, 0)) for clause in clauses)))
    assert len(parsed.clauses) == 500


def test_entities_are_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret words")
    document = f"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY s SYSTEM "{secret.as_uri()}">
    <!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
    <w:document {W}><w:body>{p("Invites &s; &b; all;")}</w:body></w:document>"""
    parsed = read_docx(word_file(document))
    assert "secret" not in parsed.clauses[0].text
    assert "ha" not in parsed.clauses[0].text


def test_who_worked_on_a_file() -> None:
    body = p(
        run("a ") + signed("ins", "Tarvia", run("b ")) + signed("del", "Norvale", run("c", "delText")) + run(" d;")
    )
    body += p(signed("del", "Norvale", run("gone", "delText")), mark=signed("del", "Norvale", ""))
    body += p('<w:r><w:t>x</w:t><w:commentReference w:id="4"/></w:r>')
    parsed = read_docx(word_file(body, {"word/comments.xml": COMMENTS}))
    assert authors(parsed) == (
        Author("Norvale", 0, 2, 0),
        Author("Ada", 0, 0, 1),
        Author("Bo", 0, 0, 1),
        Author("Tarvia", 1, 0, 0),
    )
