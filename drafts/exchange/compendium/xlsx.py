"""The compendium as a spreadsheet (ISO/IEC 29500-1, SpreadsheetML), written row by row.

Words stand in the cells as they are ("inline strings"): no table of all words is needed, and what a person wrote is
never read as a formula. A cell takes 32,767 UTF-16 units; longer words are cut, with a sign at the end.
"""

from collections.abc import Iterable, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from drafts.change import narrow, widen
from drafts.exchange.compendium.pipe import Pipe
from drafts.exchange.compendium.table import COLUMNS, cell, record
from drafts.exchange.compendium.told import Heads, Told, Voice
from drafts.exchange.word.package import OFFICE, relations
from drafts.exchange.word.xml import legal

MOST: Final = 32_767  # UTF-16 units of a cell
_CUT: Final = "…"
_SHEET: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WIDE: Final = {"organisation": 32, "clause_text": 50, "quote": 40, "question": 40, "comment": 70, "proposed": 50,
                "rationale": 50, "reason": 30, "sent": 21, "edited": 21, "together": 30, "address": 40}  # fmt: skip
_TYPES: Final = f"""{_XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="application/xml"/>\
<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>\
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>\
<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>"""
_STYLES: Final = f"""{_XML}<styleSheet xmlns="{_SHEET}">\
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill></fills>\
<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/>\
<xf fontId="1" applyFont="1"/>\
<xf applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


class Writer:
    """Begin, add comments, end: each gives the bytes that come next."""

    def __init__(self, heads: Heads, voice: Voice) -> None:  # noqa: ARG002 - a table's own words are not translated
        self.heads = heads
        self._pipe = Pipe()
        self._row = 1

    def begin(self) -> bytes:
        """The workbook, and the names of the columns."""
        pipe = self._pipe
        sheet = _named(self.heads.round.title)
        book = f'<sheets><sheet name={quoteattr(sheet)} sheetId="1" r:id="rId1"/></sheets>'
        pipe.put("[Content_Types].xml", _TYPES.encode())
        pipe.put("_rels/.rels", relations([("rId1", f"{OFFICE}/officeDocument", "xl/workbook.xml")]))
        pipe.put("xl/workbook.xml", f'{_XML}<workbook xmlns="{_SHEET}" xmlns:r="{OFFICE}">{book}</workbook>'.encode())
        linked = [("rId1", f"{OFFICE}/worksheet", "worksheets/sheet1.xml"), ("rId2", f"{OFFICE}/styles", "styles.xml")]
        pipe.put("xl/_rels/workbook.xml.rels", relations(linked))
        pipe.put("xl/styles.xml", _STYLES.encode())
        pipe.begin("xl/worksheets/sheet1.xml")
        pipe.write(f'{_XML}<worksheet xmlns="{_SHEET}">{_view()}<sheetData>'.encode())
        pipe.write(_line(1, COLUMNS, style=1).encode())
        return pipe.take()

    def add(self, told: Sequence[Told]) -> bytes:
        """More comments."""
        for one in told:
            self._row += 1
            values = [cell(value) for value in record(one, self.heads).values()]
            self._pipe.write(_line(self._row, values, style=2).encode())
        return self._pipe.take()

    def end(self) -> bytes:
        """The end of the sheet and of the zip."""
        last = _column(len(COLUMNS) - 1)
        self._pipe.write(f'</sheetData><autoFilter ref="A1:{last}{self._row}"/></worksheet>'.encode())
        self._pipe.finish()
        self._pipe.close()
        return self._pipe.take()


def _view() -> str:
    """The first row stays in sight, and long words get wide columns."""
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    wide = "".join(
        f'<col min="{at}" max="{at}" width="{_WIDE.get(name, 14)}" customWidth="1"/>'
        for at, name in enumerate(COLUMNS, 1)
    )
    return f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews><cols>{wide}</cols>'


def _line(row: int, values: Iterable[str | int], *, style: int) -> str:
    cells = []
    for at, value in enumerate(values):
        place = f'r="{_column(at)}{row}" s="{style}"'
        if isinstance(value, int):
            cells.append(f"<c {place}><v>{value}</v></c>")
        elif value:
            cells.append(f'<c {place} t="inlineStr"><is><t xml:space="preserve">{_words(value)}</t></is></c>')
    return f'<row r="{row}">{"".join(cells)}</row>'


def _words(value: str) -> str:
    wide = widen(legal(value))
    if len(wide) > MOST:
        cut = wide[: MOST - len(_CUT)]
        wide = (cut[:-1] if "\ud800" <= cut[-1] <= "\udbff" else cut) + _CUT
    return escape(narrow(wide))


def _column(at: int) -> str:
    """A, B … Z, AA and so on."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _named(title: str) -> str:
    """What a sheet may be called: up to 31 characters, without those that Excel refuses."""
    plain = "".join(" " if char in r"[]:*?/\'" else char for char in legal(title)).strip()
    return plain[:31].strip() or "Comments"
