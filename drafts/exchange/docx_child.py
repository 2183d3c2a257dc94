"""Reads one .docx from standard input and writes its paragraphs as JSON to standard output: the child of ``docx.py``.

Run as a script in a process of its own, so that a hostile file can only spend what ``_confine`` allows. Imports the
standard library and lxml only. Tracked changes are read as if all were accepted (ISO/IEC 29500-1, 17.13.5): ``w:ins``
and ``w:moveTo`` stay, ``w:del`` and ``w:moveFrom`` go, a deleted paragraph mark joins its paragraph with the next,
deleted table rows and cells go.

Output: ``{"paragraphs": [{"runs": [[text, italic], …], "heading": 0, "title": false, "level": -1, "label": "",
"cell": false, "id": ""}, …], "notes": [code, …]}`` or ``{"error": code}``. ``level`` is -1 outside lists; ``label``
is the number that Word shows, '' for bullets.
"""

import io
import json
import posixpath
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from lxml import etree

MAX_ENTRIES = 2_000
MAX_UNPACKED = 128 * 1024 * 1024  # bytes, all entries
MAX_PART = 24 * 1024 * 1024  # bytes of one XML part that is read
MAX_RATIO = 150  # of an entry over a megabyte; Word's own XML packs to a tenth or a thirtieth
MAX_PARAGRAPHS = 4_000
_MEMORY = 1024 * 1024 * 1024
_SECONDS = 15

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_STRICT_MATH = b"http://purl.oclc.org/ooxml/officeDocument/math"
_GONE = {f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", f"{_W}sdtPr", f"{_W}instrText", f"{_W}delText"}
_GONE |= {f"{_W}delInstrText", f"{_W}rt", f"{_W}fldData"}
_TRACKED = {f"{_W}{name}" for name in ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel")}
_LEFT_OUT = {
    f"{_W}footnoteReference": "notes_left_out",
    f"{_W}endnoteReference": "notes_left_out",
    f"{_W}commentReference": "comments_left_out",
    f"{_W}drawing": "pictures_left_out",
    f"{_W}pict": "pictures_left_out",
    f"{_W}object": "pictures_left_out",
}
_SIGNS = {f"{_W}tab": " ", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "\u2011", f"{_W}ptab": " "}
_OWN_ID = re.compile(r"adref_([0-9A-Za-z_-]{1,64}?)(?:_Copy_\d+)?\Z")


class Refused(Exception):
    """The file is not read; the argument is the code that the parent turns into a refusal."""


@dataclass
class Paragraph:
    """A paragraph of the accepted text, as in the module's docstring."""

    runs: list[tuple[str, bool]] = field(default_factory=list)
    heading: int = 0
    title: bool = False
    level: int = -1
    label: str = ""
    cell: bool = False
    id: str = ""


@dataclass
class Style:
    """What a style says itself; ``based_on`` says the rest."""

    based_on: str = ""
    name: str = ""
    outline: int | None = None
    numbering: tuple[str | None, int | None] = (None, None)
    italic: bool | None = None


@dataclass
class Level:
    """One level of a list: its number format, the text round the number, its first number, the style bound to it."""

    form: str = "decimal"
    pattern: str = "%1."
    start: int = 1
    style: str = ""


# ── the package ──────────────────────────────────────────────────────────────────────────────────────────────────────


def open_package(data: bytes) -> zipfile.ZipFile:
    """The zip, after a look at its directory only; raises Refused."""
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Refused("broken") from None
    entries = package.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED:
        raise Refused("bomb")
    for entry in entries:
        if entry.file_size > 1024 * 1024 and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise Refused("bomb")
        if entry.flag_bits & 1:
            raise Refused("locked")
    return package


def read_part(package: zipfile.ZipFile, name: str) -> etree._Element | None:
    """The root of an XML part, None when it is not there."""
    try:
        entry = package.getinfo(name)
    except KeyError:
        return None
    if entry.file_size > MAX_PART:
        raise Refused("bomb")
    try:
        with package.open(entry) as stream:
            data = stream.read(MAX_PART + 1)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError, ValueError, zlib.error):
        raise Refused("broken") from None
    if len(data) > MAX_PART:
        raise Refused("bomb")
    data = data.replace(_STRICT, _W[1:-1].encode()).replace(_STRICT_MATH, _M[1:-1].encode())
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Refused("broken") from None


def main_part(package: zipfile.ZipFile) -> str:
    """The name of the document part, by the package's relationships; raises Refused when it is no Word document."""
    root = read_part(package, "_rels/.rels")
    for relation in root if root is not None else ():
        if str(relation.get("Type", "")).endswith("/officeDocument"):
            name = posixpath.normpath(str(relation.get("Target", "")).lstrip("/"))
            if name in package.namelist():
                return name
    if "word/document.xml" in package.namelist():
        return "word/document.xml"
    raise Refused("not_docx")


# ── styles and numbers ───────────────────────────────────────────────────────────────────────────────────────────────


def value(parent: etree._Element | None, path: str) -> str | None:
    """The ``w:val`` of the element at a path of w: names."""
    found = parent.find("/".join(_W + step for step in path.split("/"))) if parent is not None else None
    return None if found is None else str(found.get(f"{_W}val", ""))


def number(text: str | None) -> int | None:
    """A small whole number, or None."""
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text) else None


def switched(parent: etree._Element | None, name: str) -> bool | None:
    """An on-off property: True, False, or None when nothing is said."""
    found = parent.find(_W + name) if parent is not None else None
    return None if found is None else found.get(f"{_W}val", "1") not in {"0", "false", "off"}


class Styles:
    """Properties of paragraph and character styles, with inheritance."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, Style] = {}
        self.default = ""
        for element in root.findall(f"{_W}style") if root is not None else ():
            name = str(element.get(f"{_W}styleId", ""))
            layout, look = element.find(f"{_W}pPr"), element.find(f"{_W}rPr")
            self._styles[name] = Style(
                value(element, "basedOn") or "",
                (value(element, "name") or "").lower(),
                number(value(layout, "outlineLvl")),
                (value(layout, "numPr/numId"), number(value(layout, "numPr/ilvl"))),
                switched(look, "i"),
            )
            if element.get(f"{_W}type") == "paragraph" and element.get(f"{_W}default") in {"1", "true"}:
                self.default = name

    def chain(self, name: str) -> Iterator[tuple[str, Style]]:
        """A style and those it is based on, nearest first."""
        seen: set[str] = set()
        while name in self._styles and name not in seen:
            seen.add(name)
            yield name, self._styles[name]
            name = self._styles[name].based_on

    def heading(self, name: str) -> int:
        """1 to 9 for a heading's style, else 0."""
        for _, style in self.chain(name):
            if style.outline is not None:
                return style.outline + 1 if style.outline < 9 else 0
            if found := re.fullmatch(r"heading ([1-9])", style.name):
                return int(found[1])
        return 0

    def is_title(self, name: str) -> bool:
        """Whether it is the style of a document's title."""
        return any(style.name == "title" for _, style in self.chain(name))

    def italic(self, name: str) -> bool:
        """Whether a character style is italic."""
        return next((style.italic for _, style in self.chain(name) if style.italic is not None), False)


class Numbering:
    """The lists of a document, and how far each has counted."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._lists: dict[str, tuple[str, dict[int, Level]]] = {}  # by numId: the list it counts with, its levels
        self._counts: dict[str, dict[int, int]] = {}
        if root is None:
            return
        abstract = {str(one.get(f"{_W}abstractNumId")): one for one in root.findall(f"{_W}abstractNum")}
        linked = {link: name for name, one in abstract.items() if (link := value(one, "styleLink"))}
        for one in root.findall(f"{_W}num"):
            name = value(one, "abstractNumId") or ""
            link = value(abstract.get(name), "numStyleLink")
            name = linked.get(link, name) if link else name
            levels = self._levels(abstract.get(name))
            counts = name
            for override in one.findall(f"{_W}lvlOverride"):
                counts = f"{name}/{one.get(f'{_W}numId')}"
                levels |= self._levels(override)
                depth, start = number(override.get(f"{_W}ilvl")), number(value(override, "startOverride"))
                if depth in levels and start is not None:
                    old = levels[depth]
                    levels[depth] = Level(old.form, old.pattern, start, old.style)
            self._lists[str(one.get(f"{_W}numId"))] = counts, levels

    @staticmethod
    def _levels(parent: etree._Element | None) -> dict[int, Level]:
        found: dict[int, Level] = {}
        for one in parent.findall(f"{_W}lvl") if parent is not None else ():
            start = number(value(one, "start"))
            found[number(one.get(f"{_W}ilvl")) or 0] = Level(
                value(one, "numFmt") or "decimal",
                value(one, "lvlText") or "",
                1 if start is None else start,
                value(one, "pStyle") or "",
            )
        return found

    def place(self, own: etree._Element | None, style: str) -> tuple[int, str]:
        """Level and label of a paragraph, by its own properties or its style's; (-1, '') outside lists. Counts."""
        name, level, bound = value(own, "numPr/numId"), number(value(own, "numPr/ilvl")), ""
        for style_name, one in self._styles.chain(style):
            if name is not None:
                break
            name, level = one.numbering[0], level if level is not None else one.numbering[1]
            bound = style_name
        if name is None or name not in self._lists:
            return -1, ""
        counts, levels = self._lists[name]
        if level is None:
            level = next((depth for depth, one in levels.items() if bound and one.style == bound), 0)
        level = min(max(level, 0), 8)
        return level, self._label(counts, levels, level)

    def _label(self, counts: str, levels: dict[int, Level], level: int) -> str:
        reached = self._counts.setdefault(counts, {})
        own = levels.get(level, Level())
        reached[level] = reached.get(level, own.start - 1) + 1
        for deeper in [depth for depth in reached if depth > level]:
            del reached[deeper]
        if own.form in {"bullet", "none"}:
            return ""

        def shown(found: re.Match[str]) -> str:
            depth = int(found[1]) - 1
            one = levels.get(depth, Level())
            return in_form(reached.get(depth, one.start), one.form)

        return re.sub(r"%([1-9])", shown, own.pattern).strip()


def in_form(count: int, form: str) -> str:
    """A number as Word writes it."""
    if form in {"lowerLetter", "upperLetter"} and count > 0:
        times, letter = divmod(count - 1, 26)
        letters = chr(ord("a") + letter) * min(times + 1, 9)
        return letters.upper() if form == "upperLetter" else letters
    if form in {"lowerRoman", "upperRoman"} and 0 < count < 4000:
        numerals = "m:1000 cm:900 d:500 cd:400 c:100 xc:90 l:50 xl:40 x:10 ix:9 v:5 iv:4 i:1"
        text = ""
        for numeral in numerals.split():
            letters, _, worth = numeral.partition(":")
            text += letters * (count // int(worth))
            count %= int(worth)
        return text.upper() if form == "upperRoman" else text
    return str(count)


# ── the text ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Reader:
    """Walks the body of one document."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self.paragraphs: list[Paragraph] = []
        self.notes: set[str] = set()
        self._styles = styles
        self._numbering = numbering
        self._carried: Paragraph | None = None  # a paragraph whose mark was deleted

    def body(self, parent: etree._Element, *, cell: bool = False) -> None:
        """Everything below a block-level element."""
        for element in parent:
            tag = element.tag
            if tag in _TRACKED:
                self.notes.add("tracked")
            if tag == f"{_W}p":
                self._paragraph(element, cell=cell)
            elif tag == f"{_W}tbl":
                self.notes.add("tables")
                self._flush()
                self._table(element)
                self._flush()
            elif tag == f"{_MC}AlternateContent":
                self.body(chosen(element), cell=cell)
            elif tag not in _GONE:
                self.body(element, cell=cell)
        if not cell and parent.tag == f"{_W}body":
            self._flush()

    def _table(self, table: etree._Element) -> None:
        for row in table.iter(f"{_W}tr"):
            layout = row.find(f"{_W}trPr")
            if layout is not None and layout.find(f"{_W}del") is not None:
                self.notes.add("tracked")
            elif row.getparent() is not None and next(row.iterancestors(f"{_W}tbl")) is table:
                if layout is not None and layout.find(f"{_W}ins") is not None:
                    self.notes.add("tracked")
                for one in row.iter(f"{_W}tc"):
                    if next(one.iterancestors(f"{_W}tr")) is row and one.find(f"{_W}tcPr/{_W}cellDel") is None:
                        self.body(one, cell=True)
                        self._flush()

    def _paragraph(self, element: etree._Element, *, cell: bool) -> None:
        layout = element.find(f"{_W}pPr")
        style = value(layout, "pStyle") or self._styles.default
        runs, own_id = self._runs(element)
        mark = layout.find(f"{_W}rPr") if layout is not None else None
        joined = mark is not None and (mark.find(f"{_W}del") is not None or mark.find(f"{_W}moveFrom") is not None)
        if mark is not None and any(child.tag in _TRACKED for child in mark):
            self.notes.add("tracked")
        found = self._carried or Paragraph(cell=cell)
        found.runs += runs
        found.id = found.id or own_id
        if joined:
            self._carried = found
            return
        self._carried = None
        outline = number(value(layout, "outlineLvl"))
        found.heading = self._styles.heading(style) if outline is None else (outline + 1 if outline < 9 else 0)
        found.title = self._styles.is_title(style)
        if any(text.strip() for text, _ in found.runs):
            found.level, found.label = self._numbering.place(layout, style)
        self._add(found)

    def _flush(self) -> None:
        if self._carried is not None:
            self._add(self._carried)
            self._carried = None

    def _add(self, paragraph: Paragraph) -> None:
        self.paragraphs.append(paragraph)
        if len(self.paragraphs) > MAX_PARAGRAPHS:
            raise Refused("long")

    def _runs(self, paragraph: etree._Element) -> tuple[list[tuple[str, bool]], str]:
        runs: list[tuple[str, bool]] = []
        own_id = ""
        waiting: list[tuple[etree._Element, bool]] = [(child, False) for child in reversed(paragraph)]
        while waiting:
            element, italic = waiting.pop()
            tag = element.tag
            if tag in _TRACKED:
                self.notes.add("tracked")
            if tag in _LEFT_OUT:
                self.notes.add(_LEFT_OUT[tag])
            elif tag in {f"{_W}t", f"{_M}t"}:
                runs.append((element.text or "", italic))
            elif tag in _SIGNS:
                runs.append((_SIGNS[tag], italic))
            elif tag == f"{_W}bookmarkStart":
                found = _OWN_ID.match(str(element.get(f"{_W}name", "")))
                own_id = own_id or (found[1] if found else "")
            elif tag == f"{_MC}AlternateContent":
                waiting += [(child, italic) for child in reversed(chosen(element))]
            elif tag == f"{_W}r":
                if switched(element.find(f"{_W}rPr"), "vanish"):
                    self.notes.add("hidden_left_out")
                else:
                    waiting += [(child, self._italic(element)) for child in reversed(element)]
            elif tag not in _GONE:
                waiting += [(child, italic) for child in reversed(element)]
        return runs, own_id

    def _italic(self, run: etree._Element) -> bool:
        look = run.find(f"{_W}rPr")
        for name in ("i", "iCs"):
            said = switched(look, name)
            if said is not None:
                return said
        style = value(look, "rStyle")
        return bool(style) and self._styles.italic(str(style))


def chosen(alternatives: etree._Element) -> etree._Element:
    """The branch of alternative content that plain readers take."""
    fallback = alternatives.find(f"{_MC}Fallback")
    choice = alternatives.find(f"{_MC}Choice")
    return fallback if fallback is not None else choice if choice is not None else alternatives


def read(data: bytes) -> dict[str, object]:
    """What is written to standard output; raises Refused."""
    package = open_package(data)
    name = main_part(package)
    root = read_part(package, name)
    body = root.find(f"{_W}body") if root is not None else None
    if body is None:
        raise Refused("not_docx")
    folder = posixpath.dirname(name)
    styles = Styles(read_part(package, posixpath.join(folder, "styles.xml")))
    reader = Reader(styles, Numbering(read_part(package, posixpath.join(folder, "numbering.xml")), styles))
    reader.body(body)
    return {"paragraphs": [asdict(paragraph) for paragraph in reader.paragraphs], "notes": sorted(reader.notes)}


def _confine() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read standard input, write standard output."""
    _confine()
    try:
        answer = read(sys.stdin.buffer.read())
    except Refused as refusal:
        answer = {"error": str(refusal)}
    except (MemoryError, RecursionError):
        answer = {"error": "bomb"}
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
