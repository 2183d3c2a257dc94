"""The zip and its XML parts: nothing is unpacked or parsed before a look at how much it would be."""

import io
import posixpath
import re
import zipfile
import zlib

from lxml import etree

MAX_ENTRIES = 2_000
MAX_UNPACKED = 128 * 1024 * 1024  # bytes, all entries
MAX_PART = 24 * 1024 * 1024  # bytes of one XML part that is read
MAX_RATIO = 150  # of an entry over a megabyte; Word's own XML packs to a tenth or a thirtieth
MAX_PARAGRAPHS = 4_000
MAX_TAGS = 800_000  # a tree takes about 150 bytes a tag
_SPARE = 4  # paragraphs without text for one with: Word's files have many empty ones

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_STRICT_MATH = b"http://purl.oclc.org/ooxml/officeDocument/math"
_PARAGRAPH = re.compile(rb"<(?:\w+:)?p[ />]")


class Refused(Exception):
    """The file is not read; the argument is the code that the parent turns into a refusal."""


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
    if data.count(b"<") > MAX_TAGS:
        raise Refused("bomb")
    if sum(1 for _ in _PARAGRAPH.finditer(data)) > _SPARE * MAX_PARAGRAPHS:
        raise Refused("long")
    data = data.replace(_STRICT, W[1:-1].encode()).replace(_STRICT_MATH, M[1:-1].encode())
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
