"""The compendium as a Word file, written part by part: the zip grows with the comments and is never whole in memory."""

from collections.abc import Iterable, Sequence
from typing import Final

from lxml import etree

from drafts.exchange.compendium.outline import NOTE_NONE, Block, Outline, Part
from drafts.exchange.compendium.pipe import Pipe
from drafts.exchange.compendium.told import Heads, Told, Voice
from drafts.exchange.language import direction
from drafts.exchange.word.package import OFFICE, WORD, content_types, footer, relations
from drafts.exchange.word.styles import settings, styled, styles
from drafts.exchange.word.xml import NAMES, legal, part, root, text, val, w
from drafts.model import ClauseKind

_PARTS: Final = (  # name, content type, relation from the document, its id
    ("word/styles.xml", f"{WORD}.styles+xml", f"{OFFICE}/styles", "rId1"),
    ("word/settings.xml", f"{WORD}.settings+xml", f"{OFFICE}/settings", "rId2"),
    ("word/header1.xml", f"{WORD}.header+xml", f"{OFFICE}/header", "rId3"),
    ("word/footer1.xml", f"{WORD}.footer+xml", f"{OFFICE}/footer", "rId4"),
)
_STYLE: Final = {
    Part.HEAD: "AdrefHead",
    Part.NOTE: "AdrefAside",
    Part.PLACE: "AdrefAside",
    Part.BODY: "AdrefBody",
    Part.PROPOSED: "AdrefProposed",
    Part.TOGETHER: "AdrefAside",
    Part.ANSWER: "AdrefAnswer",
}
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Writer:
    """Begin, add comments, end: each gives the bytes that come next."""

    def __init__(self, heads: Heads, voice: Voice) -> None:
        self.outline = Outline(heads, voice)
        self.heads = heads
        self._pipe = Pipe()
        self._own = voice.tag

    def begin(self) -> bytes:
        """Everything but the comments."""
        pipe, told = self._pipe, self.heads.round
        pipe.put("[Content_Types].xml", content_types([(name, kind) for name, kind, _, _ in _PARTS], bare=True))
        pipe.put("_rels/.rels", relations([("rId1", f"{OFFICE}/officeDocument", "word/document.xml")]))
        linked = [(at, kind, name.removeprefix("word/")) for name, _, kind, at in _PARTS]
        pipe.put("word/_rels/document.xml.rels", relations(linked))
        pipe.put("word/styles.xml", part(_styles()))
        pipe.put("word/settings.xml", part(settings()))
        pipe.put("word/header1.xml", part(_header(self.heads)))
        pipe.put("word/footer1.xml", part(footer()))
        pipe.begin("word/document.xml")
        start, _, _ = etree.tostring(root("document", w("body"))).partition(b"<w:body/>")
        pipe.write(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + start + b"<w:body>")
        about = [self._paragraph("Title", told.title)]
        about += [self._paragraph("AdrefAside", line) for line in self.outline.about()]
        return self._written(about)

    def add(self, told: Sequence[Told]) -> bytes:
        """More comments."""
        return self._written(self._elements(self.outline.blocks(told)))

    def end(self) -> bytes:
        """The end of the document and of the zip."""
        last = [] if self.outline.count else [self._paragraph("AdrefBody", self.outline.voice(NOTE_NONE))]
        self._write([*last, _section(self._own)])
        self._pipe.write(b"</w:body></w:document>")
        self._pipe.finish()
        self._pipe.close()
        return self._pipe.take()

    def _written(self, elements: Iterable[etree._Element]) -> bytes:
        self._write(elements)
        return self._pipe.take()

    def _write(self, elements: Iterable[etree._Element]) -> None:
        """The elements without what declares their namespaces: the document's first tag does."""
        holder = etree.Element("holder", nsmap=NAMES)
        holder.extend(elements)
        whole = etree.tostring(holder, encoding="UTF-8")
        if len(holder):
            self._pipe.write(whole[whole.index(b">") + 1 : whole.rindex(b"</")])

    def _elements(self, blocks: Iterable[Block]) -> Iterable[etree._Element]:
        for block in blocks:
            if block.part is Part.CLAUSE:
                yield from self._clause(block)
            elif block.part is Part.GROUP or block.part is Part.WHO:
                first = block.part is Part.GROUP and self.heads.order == "contributor"
                yield self._paragraph("Heading1" if first else "Heading2", block.text)
            else:
                yield self._paragraph(_STYLE[block.part], block.text, block.lang, _front(block))

    def _clause(self, block: Block) -> Iterable[etree._Element]:
        if block.clause is None or block.clause.kind is ClauseKind.HEADING:
            yield self._paragraph("Heading1", block.text.replace("*", ""), block.lang)
            return
        yield self._paragraph("Heading1", block.label or "–")
        yield self._paragraph("AdrefQuoted", block.text, block.lang)

    def _paragraph(self, style: str, words: str, lang: str = "", front: str = "") -> etree._Element:
        right = direction(lang or self._own) == "rtl"
        layout = w("pPr", val("pStyle", style), w("bidi") if right else None)
        runs = [w("r", w("rPr", w("b"), w("bCs"), w("rtl") if right else None), text(front))] if front else []
        return w("p", layout, *runs, w("r", _look(lang, right=right), text(words)))


def _front(block: Block) -> str:
    if not block.label:
        return ""
    return f"{block.label}  " if block.part is Part.HEAD else f"{block.label}: "


def _look(lang: str, *, right: bool) -> etree._Element | None:
    if not lang:
        return w("rPr", w("rtl")) if right else None
    tag = legal(lang)
    return w("rPr", w("rtl"), w("lang", bidi=tag)) if right else w("rPr", w("lang", val=tag, eastAsia=tag))


def _styles() -> etree._Element:
    made = styles()
    made.extend([
        styled("AdrefQuoted", "Adref quoted clause", w("shd", val="clear", fill="F4F3EE"), w("spacing", after=200)),
        styled("AdrefHead", "Adref comment", w("keepNext"), w("spacing", before=200, after=60), size=20),
        styled("AdrefBody", "Adref comment text", w("spacing", after=80), w("ind", left=284)),
        styled("AdrefAside", "Adref aside", w("spacing", after=80), w("ind", left=284), size=20),
        styled("AdrefProposed", "Adref proposed words", w("spacing", after=80), w("ind", left=568)),
        styled("AdrefAnswer", "Adref answer", w("spacing", after=120), w("ind", left=284)),
    ])  # fmt: skip
    return made


def _section(language: str) -> etree._Element:
    header, footer = w("headerReference", type="default"), w("footerReference", type="default")
    header.set(_RELATION, "rId3")
    footer.set(_RELATION, "rId4")
    size = w("pgSz", w=11906, h=16838)
    margins = w("pgMar", top=1417, right=1417, bottom=1417, left=1417, header=708, footer=708, gutter=0)
    return w("sectPr", header, footer, size, margins, w("bidi") if direction(language) == "rtl" else None)


def _header(heads: Heads) -> etree._Element:
    line = " · ".join(legal(one) for one in (heads.forum, heads.symbol, heads.version.label, heads.round.title) if one)
    return root("hdr", w("p", w("pPr", val("pStyle", "Header")), w("r", text(line))))
