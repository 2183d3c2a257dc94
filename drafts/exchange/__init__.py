"""Files and drafts: a format a module, bytes in and clauses out, or the other way.

``read`` takes an upload, ``read_text`` a paste, ``write`` makes an export. All of it is plain computing without I/O,
except that a Word file is read in a child process; the calls may take seconds, so a server asks for them in a thread.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import PurePath

from drafts.errors import Invalid, TooLarge
from drafts.exchange import compiled, docx, html, json, markdown, plain
from drafts.exchange.compiled import Compilation
from drafts.exchange.decode import decoded, refuse_foreign
from drafts.exchange.parsed import (
    MAX_CLAUSE,
    MAX_CLAUSES,
    MAX_FILE,
    Base,
    Content,
    Parsed,
    ParsedClause,
    sealed,
    tidy,
)

__all__ = [
    "MAX_CLAUSE",
    "MAX_CLAUSES",
    "MAX_FILE",
    "Base",
    "Compilation",
    "Content",
    "Format",
    "Parsed",
    "ParsedClause",
    "detect",
    "read",
    "read_compilation",
    "read_text",
    "tidy",
    "write",
]


class Format(StrEnum):
    """What is read (MARKDOWN, PLAIN, DOCX, JSON) or written (MARKDOWN, HTML, JSON; DOCX by ``word``, PDF by ``pdf``).

    The values are the usual endings."""

    MARKDOWN = "md"
    PLAIN = "txt"
    DOCX = "docx"
    JSON = "json"
    HTML = "html"
    PDF = "pdf"

    @property
    def media_type(self) -> str:
        """For a Content-Type header."""
        return {
            Format.MARKDOWN: "text/markdown; charset=utf-8",
            Format.PLAIN: "text/plain; charset=utf-8",
            Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Format.JSON: "application/json",
            Format.HTML: "text/html; charset=utf-8",
            Format.PDF: "application/pdf",
        }[self]


_ENDINGS = {
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".mkd": Format.MARKDOWN,
    ".txt": Format.PLAIN,
    ".text": Format.PLAIN,
    ".docx": Format.DOCX,
    ".docm": Format.DOCX,
    ".json": Format.JSON,
    ".html": Format.HTML,
    ".htm": Format.HTML,
}
_READERS: dict[Format, Callable[[str], Parsed]] = {
    Format.MARKDOWN: markdown.read,
    Format.PLAIN: plain.read,
    Format.JSON: json.read,
}
_WRITERS: dict[Format, Callable[[Content], str]] = {
    Format.MARKDOWN: markdown.write,
    Format.HTML: html.write,
    Format.JSON: json.write,
}


def detect(name: str, data: bytes) -> Format:
    """The format of a file: a zip is DOCX whatever its name says; else by the ending, and by a JSON object's brace.

    Raises Invalid for formats that are not read: old Word, PDF, RTF, HTML.
    """
    ending = _ENDINGS.get(PurePath(name).suffix.lower())
    if data.startswith(b"PK\x03\x04") or ending is Format.DOCX:
        return Format.DOCX
    refuse_foreign(data)
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if ending is Format.HTML or start.startswith((b"<!doctype html", b"<html")):
        raise Invalid("import_html", "Web pages cannot be read as clauses. Copy the text from the page and paste it.")
    if ending is None:
        return Format.JSON if start.startswith(b"{") else Format.PLAIN
    return ending


def read(name: str, data: bytes) -> Parsed:
    """The clauses of an uploaded file; ``name`` gives a title where the file has none. Of a compilation text of ours it
    is the text as it stands, with a note.

    Raises Invalid or TooLarge with a key that begins ``import_`` and a message that says what to do; nothing is kept.
    """
    return sealed(_standing(_raw(name, data)))


def read_compilation(name: str, data: bytes, known: Iterable[str]) -> Compilation:
    """An uploaded file as a compilation text: what stands, and who proposes what to it. ``known``: the names of parties
    besides those that the file says. Raises as ``read`` does."""
    parsed = _raw(name, data)
    sealed(_standing(parsed))
    return compiled.compilation(parsed, known)


def _standing(parsed: Parsed) -> Parsed:
    return compiled.plain(parsed) if compiled.marked(parsed) else parsed


def _raw(name: str, data: bytes) -> Parsed:
    if len(data) > MAX_FILE:
        raise TooLarge("import_file_too_large", "The file is larger than {limit} MiB.", limit=MAX_FILE // 1024**2)
    if not data.strip():
        raise Invalid("import_empty", "There is no text in it. Choose another file, or paste the text.")
    form = detect(name, data)
    if form is Format.DOCX:
        parsed = docx.read(data)
    else:
        text, notes = decoded(data)
        parsed = _READERS[form](text)
        parsed = replace(parsed, notes=(*notes, *parsed.notes))
    if not parsed.title:
        parsed = replace(parsed, title=tidy(PurePath(name).stem.replace("_", " ")))
    return parsed


def read_text(text: str, form: Format | str = Format.PLAIN) -> Parsed:
    """The clauses of a pasted text in MARKDOWN, PLAIN or JSON. Raises as ``read`` does; ValueError for other
    formats."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_FILE:
        raise TooLarge("import_text_too_large", "The text is larger than {limit} MiB.", limit=MAX_FILE // 1024**2)
    reader = _READERS.get(Format(form))
    if reader is None:
        raise ValueError(f"{form} is no format of pasted text")
    return sealed(_standing(reader(text)))


def write(
    content: Content, form: Format | str, base: Base | None = None, parties: Sequence[str] | None = None
) -> bytes:
    """A text as a file in MARKDOWN, HTML or JSON, in UTF-8. ValueError for other formats.

    ``base``: what the text is, which Markdown then says together with the clauses' ids; ``parties``: those that a
    compilation text names, which Markdown says too.
    """
    if Format(form) is Format.MARKDOWN:
        return markdown.write(content, base, parties).encode()
    writer = _WRITERS.get(Format(form))
    if writer is None:
        raise ValueError(f"{form} is not written")
    return writer(content).encode()
