"""The parts of the file and how they hang together (ISO/IEC 29500-2)."""

import hashlib
import io
import zipfile
from datetime import UTC, datetime
from typing import Final, cast

from lxml import etree

from drafts.exchange.document import Document, Note
from drafts.exchange.word.body import FOOTER, HEADER, Body, moment
from drafts.exchange.word.numbers import numbering
from drafts.exchange.word.styles import settings, styles
from drafts.exchange.word.xml import W14, W15, legal, part, root, text, val, w

OWN: Final = "urn:adref:base:1"
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CORE: Final = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_DC: Final = "http://purl.org/dc/elements/1.1/"
_TERMS: Final = "http://purl.org/dc/terms/"
_SCHEMA: Final = "http://www.w3.org/2001/XMLSchema-instance"
_STORE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_ITEM: Final = "{2B6E0E53-6B0A-4C1E-9D57-ADEF00000001}"
_MADE: Final = (1980, 1, 1, 0, 0, 0)  # the zip's own times say nothing

_PARTS: Final = (  # name, content type, relation from the document, its id
    ("word/styles.xml", f"{WORD}.styles+xml", f"{OFFICE}/styles", "rId1"),
    ("word/settings.xml", f"{WORD}.settings+xml", f"{OFFICE}/settings", "rId2"),
    ("word/numbering.xml", f"{WORD}.numbering+xml", f"{OFFICE}/numbering", "rId3"),
    ("word/header1.xml", f"{WORD}.header+xml", f"{OFFICE}/header", HEADER),
    ("word/footer1.xml", f"{WORD}.footer+xml", f"{OFFICE}/footer", FOOTER),
    ("word/comments.xml", f"{WORD}.comments+xml", f"{OFFICE}/comments", "rId6"),
    ("word/commentsExtended.xml", f"{WORD}.commentsExtended+xml",
     "http://schemas.microsoft.com/office/2011/relationships/commentsExtended", "rId7"),
)  # fmt: skip


def packed(document: Document, body: Body) -> bytes:
    """The zip."""
    made = {
        "word/document.xml": part(body.part()),
        "word/styles.xml": part(styles()),
        "word/settings.xml": part(settings()),
        "word/numbering.xml": part(numbering()),
        "word/header1.xml": part(_header(document)),
        "word/footer1.xml": part(footer()),
        "customXml/item1.xml": part(_base(document)),
        "customXml/itemProps1.xml": _item_properties(),
        "customXml/_rels/item1.xml.rels": relations([("rId1", f"{OFFICE}/customXmlProps", "itemProps1.xml")]),
        "docProps/core.xml": _core(document),
    }
    if body.notes:
        made["word/comments.xml"] = part(_comments(body))
        made["word/commentsExtended.xml"] = part(_extended(body))
    parts = [one for one in _PARTS if one[0] in made]
    own = ("rId8", f"{OFFICE}/customXml", "../customXml/item1.xml")
    linked = [(name_id, kind, name.removeprefix("word/")) for name, _, kind, name_id in parts]
    made["word/_rels/document.xml.rels"] = relations([*linked, own])
    made["_rels/.rels"] = relations([
        ("rId1", f"{OFFICE}/officeDocument", "word/document.xml"),
        ("rId2", f"{_RELATIONS}/metadata/core-properties", "docProps/core.xml"),
    ])  # fmt: skip
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in {"[Content_Types].xml": content_types([(one[0], one[1]) for one in parts]), **made}.items():
            entry = zipfile.ZipInfo(name, _MADE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, data)
    return whole.getvalue()


def content_types(parts: list[tuple[str, str]], *, bare: bool = False) -> bytes:
    """The part that says what each part is (name, content type). ``bare``: without properties and a base of ours."""
    made = etree.Element(f"{{{_TYPES}}}Types", nsmap=_default(_TYPES))
    linking = "application/vnd.openxmlformats-package.relationships+xml"
    for ending, kind in (("rels", linking), ("xml", "application/xml")):
        etree.SubElement(made, f"{{{_TYPES}}}Default", Extension=ending, ContentType=kind)
    document = ("word/document.xml", f"{WORD}.document.main+xml")
    ours = [
        ("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
        ("customXml/itemProps1.xml", "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"),
    ]
    for name, kind in [document, *([] if bare else ours), *parts]:
        etree.SubElement(made, f"{{{_TYPES}}}Override", PartName=f"/{name}", ContentType=kind)
    return _plain(made)


def relations(links: list[tuple[str, str, str]]) -> bytes:
    """A part of relations: id, kind, target."""
    made = etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap=_default(_RELATIONS))
    for name, kind, target in links:
        etree.SubElement(made, f"{{{_RELATIONS}}}Relationship", Id=name, Type=kind, Target=target)
    return _plain(made)


def _default(namespace: str) -> dict[str, str]:
    """The namespace map of an element without prefix; lxml's types know none."""
    return {cast("str", None): namespace}


def _plain(element: etree._Element) -> bytes:
    return bytes(etree.tostring(element, xml_declaration=True, encoding="UTF-8", standalone=True))


def _header(document: Document) -> etree._Element:
    said = [document.forum, document.symbol, document.version_label, document.date.isoformat() if document.date else ""]
    said += [document.hash[:12], f"± {document.since}" if document.since else ""]
    line = " · ".join(legal(one) for one in said if one)
    return root("hdr", w("p", w("pPr", val("pStyle", "Header")), w("r", text(line))))


def footer() -> etree._Element:
    """The part with the numbers of the pages."""
    page, pages = (w("fldSimple", w("r", text("1")), instr=f" {name} ") for name in ("PAGE", "NUMPAGES"))
    layout = w("pPr", val("pStyle", "Footer"), val("jc", "center"))
    return root("ftr", w("p", layout, page, w("r", text(" / ")), pages))


def _base(document: Document) -> etree._Element:
    made = etree.Element(f"{{{OWN}}}base", nsmap=_default(OWN))
    facts = {"draft": document.draft, "seq": document.seq, "version": document.version, "language": document.language}
    for name, value in facts.items():
        made.set(name, str(value))
    told: set[str] = set()
    for one in sorted(document.clauses, key=lambda one: one.dele is not None):  # those that stand before those gone
        clause = one.clause
        if clause.id in told:
            continue
        told.add(clause.id)
        words = etree.SubElement(
            made, f"{{{OWN}}}clause", id=clause.id, kind=clause.kind.value, depth=str(clause.depth)
        )
        words.set("lang", clause.lang)
        stands = one.dele is None
        text = clause.text
        if document.compiled is not None:
            stands, text = clause.id in document.compiled.texts, document.compiled.texts.get(clause.id, "")
        if stands:
            words.set("hash", hashlib.sha256(text.encode()).hexdigest())
    if document.compiled is not None:
        made.set("compilation", "1")
        for name in document.compiled.parties:
            etree.SubElement(made, f"{{{OWN}}}party", name=legal(name))
    return made


def _item_properties() -> bytes:
    made = etree.Element(f"{{{_STORE}}}datastoreItem", nsmap={"ds": _STORE})
    made.set(f"{{{_STORE}}}itemID", _ITEM)
    schemas = etree.SubElement(made, f"{{{_STORE}}}schemaRefs")
    etree.SubElement(schemas, f"{{{_STORE}}}schemaRef").set(f"{{{_STORE}}}uri", OWN)
    return _plain(made)


def _core(document: Document) -> bytes:
    made = etree.Element(
        f"{{{_CORE}}}coreProperties", nsmap={"cp": _CORE, "dc": _DC, "dcterms": _TERMS, "xsi": _SCHEMA}
    )
    for name, value in (
        ("title", document.title),
        ("subject", document.symbol),
        ("creator", document.forum),
        ("identifier", f"adref:{document.draft}:{document.seq}:{document.version}"),
        ("language", document.language),
    ):
        etree.SubElement(made, f"{{{_DC}}}{name}").text = legal(value)
    if document.date:
        created = etree.SubElement(made, f"{{{_TERMS}}}created")
        created.set(f"{{{_SCHEMA}}}type", "dcterms:W3CDTF")
        created.text = moment(datetime.combine(document.date, datetime.min.time(), UTC))
    return _plain(made)


# ── comments ──


def _comments(body: Body) -> etree._Element:
    return root("comments", *(_comment(note, body.number(note)) for note in body.notes))


def _comment(note: Note, number: int) -> etree._Element:
    lines = [
        w("p", w("pPr", val("pStyle", "CommentText")), w("r", text(line))) for line in legal(note.body).split("\n")
    ]
    lines[-1].set(f"{{{W14}}}paraId", _paragraph_id(number))
    author = legal(f"{note.author} ({note.party}, {note.group.value.replace('_', ' ')})")
    return w("comment", *lines, id_=number, author=author, date=moment(note.at), initials=legal(note.party)[:9])


def _extended(body: Body) -> etree._Element:
    made = etree.Element(f"{{{W15}}}commentsEx", nsmap={"w15": W15, "w14": W14})
    by_id = {note.id: note for note in body.notes}
    for note in body.notes:
        one = etree.SubElement(made, f"{{{W15}}}commentEx")
        one.set(f"{{{W15}}}paraId", _paragraph_id(body.number(note)))
        if note.answers:
            one.set(f"{{{W15}}}paraIdParent", _paragraph_id(body.number(by_id[note.answers])))
        one.set(f"{{{W15}}}done", "1" if note.resolved else "0")
    return made


def _paragraph_id(number: int) -> str:
    return f"{0x10000000 + number:08X}"
