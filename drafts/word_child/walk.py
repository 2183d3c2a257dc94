"""Goes through the body of a document once and keeps every run with what tracked changes say of it.

ISO/IEC 29500-1, 17.13.5: ``w:ins`` and ``w:moveTo`` hold what was inserted, ``w:del`` and ``w:moveFrom`` what was
deleted, one inside the other what one inserted and another deleted; the same elements in a paragraph mark's properties
say that the mark came or went, in a table row's that the row did.
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from drafts.word_child.package import MAX_PARAGRAPHS, M, Refused, W
from drafts.word_child.styles import Styles, switched, value

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_INSERTED = {f"{W}ins", f"{W}moveTo", f"{W}cellIns"}
_DELETED = {f"{W}del", f"{W}moveFrom", f"{W}cellDel"}
_LABEL = "AdrefLabel"
_GONE = {
    f"{W}{name}" for name in ("pPr", "rPr", "sdtPr", "instrText", "delInstrText", "rt", "fldData", "tblPr", "tblGrid")
}
_LEFT_OUT = {
    f"{W}footnoteReference": "notes_left_out",
    f"{W}endnoteReference": "notes_left_out",
    f"{W}drawing": "pictures_left_out",
    f"{W}pict": "pictures_left_out",
    f"{W}object": "pictures_left_out",
}
_SIGNS = {f"{W}tab": " ", f"{W}br": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "\u2011", f"{W}ptab": " "}
_WORDS = {f"{W}t", f"{W}delText", f"{M}t"}
_RANGES = {f"{W}commentRangeStart": True, f"{W}commentRangeEnd": False}
_OWN_ID = re.compile(r"adref_([0-9A-Za-z_-]{1,64}?)(?:_Copy_?\d+)?\Z")


class Run(NamedTuple):
    """Words of one look. ``ins`` and ``dele`` are places in ``Walk.signed``, -1 for none."""

    text: str
    italic: bool
    ins: int
    dele: int


@dataclass
class Raw:
    """A paragraph of the file as it stands, tracked changes and all. ``mark_ins`` and ``mark_dele`` say what became of
    its mark, ``row_ins`` and ``row_dele`` of the table row it is in. ``ends``: nothing is joined to it from behind."""

    layout: etree._Element | None
    runs: list[Run] = field(default_factory=list)
    comments: list[tuple[int, str, bool]] = field(default_factory=list)  # runs before, comment id, whether it starts
    ids: list[str] = field(default_factory=list)
    cell: bool = False
    mark_ins: int = -1
    mark_dele: int = -1
    row_ins: int = -1
    row_dele: int = -1
    ends: bool = False


class State(NamedTuple):
    """What holds for everything inside an element."""

    italic: bool = False
    ins: int = -1
    dele: int = -1
    cell: bool = False
    row_ins: int = -1
    row_dele: int = -1


class Walk:
    """Walks the body of one document."""

    def __init__(self, styles: Styles) -> None:
        self.paragraphs: list[Raw] = []
        self.notes: set[str] = set()
        self.signed: list[tuple[str, str]] = []
        self.tracked = False
        self._styles = styles
        self._known: dict[tuple[str, str], int] = {}
        self._waiting: list[tuple[int, str, bool]] = []  # comment ranges and bookmarks between paragraphs
        self._waiting_ids: list[str] = []

    def body(self, parent: etree._Element, state: State | None = None) -> None:
        """Everything below a block-level element, as deep as it goes (the parser keeps that below 256)."""
        state = state or State()
        for element in parent:
            tag = element.tag
            inner = self._within(element, state)
            if tag == f"{W}p":
                self._paragraph(element, inner)
            elif tag == f"{W}tbl":
                self.notes.add("tables")
                self._end()
                self.body(element, inner._replace(cell=True))
                self._end()
            elif tag == f"{W}tr":
                self.body(element, self._part(element, f"{W}trPr", inner))
            elif tag == f"{W}tc":
                self.body(element, self._part(element, f"{W}tcPr", inner))
                self._end()
            elif tag in _RANGES:
                self._between(element, starts=_RANGES[tag])
            elif tag == f"{W}bookmarkStart":
                self._waiting_ids += own_id(element)
            elif tag == f"{_MC}AlternateContent":
                self.body(chosen(element), inner)
            elif tag not in _GONE:
                self.body(element, inner)

    def _within(self, element: etree._Element, state: State) -> State:
        if element.tag in _INSERTED:
            return state._replace(ins=self._sign(element))
        if element.tag in _DELETED:
            return state._replace(dele=self._sign(element))
        return state

    def _part(self, element: etree._Element, layout: str, state: State) -> State:
        """Of a table: a row or a cell."""
        ins, dele = self._marks(element.find(layout))
        return state._replace(
            row_ins=ins if ins >= 0 else state.row_ins, row_dele=dele if dele >= 0 else state.row_dele
        )

    def _marks(self, layout: etree._Element | None) -> tuple[int, int]:
        """Who inserted and who deleted the thing whose properties these are."""
        ins = dele = -1
        for child in layout if layout is not None else ():
            if child.tag in _INSERTED:
                ins = self._sign(child)
            elif child.tag in _DELETED:
                dele = self._sign(child)
        return ins, dele

    def _sign(self, element: etree._Element) -> int:
        self.tracked = True
        self.notes.add("tracked")
        by = str(element.get(f"{W}author", "")).strip()[:200], str(element.get(f"{W}date", ""))[:40]
        if by not in self._known:
            self._known[by] = len(self.signed)
            self.signed.append(by)
        return self._known[by]

    def _end(self) -> None:
        if self.paragraphs:
            self.paragraphs[-1].ends = True

    def _between(self, element: etree._Element, *, starts: bool) -> None:
        name = str(element.get(f"{W}id", ""))
        if starts:
            self._waiting.append((0, name, True))
        elif self.paragraphs:
            last = self.paragraphs[-1]
            last.comments.append((len(last.runs), name, False))

    def _paragraph(self, element: etree._Element, state: State) -> None:
        layout = element.find(f"{W}pPr")
        found = Raw(layout, cell=state.cell, row_ins=state.row_ins, row_dele=state.row_dele)
        found.mark_ins, found.mark_dele = self._marks(layout.find(f"{W}rPr") if layout is not None else None)
        if found.mark_ins < 0:
            found.mark_ins = state.ins  # the whole paragraph stands in an insertion
        if found.mark_dele < 0:
            found.mark_dele = state.dele
        found.comments, self._waiting = self._waiting, []
        found.ids, self._waiting_ids = self._waiting_ids, []
        self._runs(element, state, found)
        self.paragraphs.append(found)
        if len(self.paragraphs) > 2 * MAX_PARAGRAPHS:
            raise Refused("long")

    def _runs(self, paragraph: etree._Element, state: State, found: Raw) -> None:
        waiting: list[tuple[etree._Element, State]] = [(child, state) for child in reversed(paragraph)]
        while waiting:
            element, around = waiting.pop()
            tag = element.tag
            if tag in _LEFT_OUT:
                self.notes.add(_LEFT_OUT[tag])
            elif tag in _WORDS:
                found.runs.append(Run(element.text or "", around.italic, around.ins, around.dele))
            elif tag in _SIGNS:
                found.runs.append(Run(_SIGNS[tag], around.italic, around.ins, around.dele))
            elif tag == f"{W}bookmarkStart":
                found.ids += own_id(element)
            elif tag in _RANGES:
                found.comments.append((len(found.runs), str(element.get(f"{W}id", "")), _RANGES[tag]))
            elif tag == f"{W}commentReference":
                found.comments.append((len(found.runs), str(element.get(f"{W}id", "")), False))
            elif tag == f"{_MC}AlternateContent":
                waiting += [(child, around) for child in reversed(chosen(element))]
            elif tag == f"{W}r":
                if inner := self._run(element, around):
                    waiting += [(child, inner) for child in reversed(element)]
            elif tag not in _GONE:
                inner = self._within(element, around)
                waiting += [(child, inner) for child in reversed(element)]

    def _run(self, element: etree._Element, around: State) -> State | None:
        look = element.find(f"{W}rPr")
        if switched(look, "vanish"):
            self.notes.add("hidden_left_out")
            return None
        style = value(look, "rStyle") or ""
        if style == _LABEL:
            return None
        said = [switched(look, name) for name in ("i", "iCs")]
        italic = next((one for one in said if one is not None), bool(style) and self._styles.italic(style))
        return around._replace(italic=italic)

    def end(self) -> None:
        """After the last element."""
        self._end()


def own_id(element: etree._Element) -> list[str]:
    """The clause id that a bookmark of ours names."""
    found = _OWN_ID.match(str(element.get(f"{W}name", "")))
    return [found[1]] if found else []


def chosen(alternatives: etree._Element) -> etree._Element:
    """The branch of alternative content that plain readers take."""
    fallback = alternatives.find(f"{_MC}Fallback")
    choice = alternatives.find(f"{_MC}Choice")
    return fallback if fallback is not None else choice if choice is not None else alternatives
