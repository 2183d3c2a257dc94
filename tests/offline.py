"""A Word file as it comes back from the train: made from a draft, its words tracked by those who changed them."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from drafts.model import Clause

_W: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_DATE: Final = "2031-03-01T09:00:00Z"


@dataclass(frozen=True, slots=True)
class Typed:
    """A run of words: kept, or inserted or deleted by somebody."""

    text: str
    ins: str = ""
    dele: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A clause by its id ('' for a new one); ``remark``: (author, what they say of it). ``was``: what it was made from
    (None for a new one)."""

    id: str
    runs: Sequence[Typed]
    remark: tuple[str, str] | None = None
    was: Clause | None = None


def word_file(draft: str, seq: int, version: int, paragraphs: Sequence[Paragraph]) -> bytes:
    """The file, saying that it was made from ``version`` (0: the working text) of ``draft`` after act ``seq``."""
    body = "".join(_paragraph(number, paragraph) for number, paragraph in enumerate(paragraphs))
    remarks = "".join(
        f'<w:comment w:id="{number}" w:author={quoteattr(one.remark[0])} w:date="{_DATE}">'
        f"<w:p><w:r><w:t>{escape(one.remark[1])}</w:t></w:r></w:p></w:comment>"
        for number, one in enumerate(paragraphs)
        if one.remark
    )
    clauses = "".join(
        f'<clause id="{one.id}" hash="" kind="{one.was.kind}" depth="{one.was.depth}" lang="{one.was.lang}"/>'
        for one in paragraphs
        if one.was
    )
    said = f'draft="{draft}" seq="{seq}" version="{version}" language="en"'
    base = f'<base xmlns="urn:adref:base:1" {said}>{clauses}</base>'
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as package:
        package.writestr("word/document.xml", f"<w:document {_W}><w:body>{body}</w:body></w:document>")
        package.writestr("word/comments.xml", f"<w:comments {_W}>{remarks}</w:comments>")
        package.writestr("customXml/item1.xml", base)
    return whole.getvalue()


def _paragraph(number: int, paragraph: Paragraph) -> str:
    mark = f'<w:bookmarkStart w:id="{number}" w:name="adref_{paragraph.id}"/>' if paragraph.id else ""
    remark = f'<w:r><w:commentReference w:id="{number}"/></w:r>' if paragraph.remark else ""
    return f"<w:p>{mark}{''.join(_run(run) for run in paragraph.runs)}{remark}</w:p>"


def _run(typed: Typed) -> str:
    tag = "delText" if typed.dele else "t"
    out = f'<w:r><w:{tag} xml:space="preserve">{escape(typed.text)}</w:{tag}></w:r>'
    for element, author in (("del", typed.dele), ("ins", typed.ins)):
        if author:
            out = f'<w:{element} w:id="9" w:author={quoteattr(author)} w:date="{_DATE}">{out}</w:{element}>'
    return out
