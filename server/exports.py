"""One way from a draft to a file, for the pages, the API and the command line: which formats there are, what each can
hold, and the bytes."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from drafts import exchange
from drafts.bracketed import AsIf, as_if
from drafts.desk import documents, versions
from drafts.errors import Invalid
from drafts.exchange import Content, Format, html, pdf, word
from drafts.exchange.document import Document, Written
from drafts.store import Store
from server import printing
from server.i18n import Tongue
from server.workers import Workers

FORMATS: Final = (Format.MARKDOWN, Format.HTML, Format.JSON, Format.DOCX, Format.PDF)
COMPILED: Final = (Format.DOCX, Format.MARKDOWN, Format.HTML, Format.PDF)
_TRACKED: Final = (Format.HTML, Format.DOCX, Format.PDF)
_RICH: Final = (Format.DOCX, Format.PDF)  # with comments and numbered lines
_DIGITS: Final = 9
_AS_IF: Final = {AsIf.LIFTED: "as if all brackets were lifted", AsIf.STRUCK: "as if all bracketed text were deleted"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What file is asked for. ``version`` is a version's number or ``live``; ``since``, the number of an earlier
    version, has the changes since then tracked ('': none). ``brackets``: the text as if they were gone."""

    form: Format = Format.MARKDOWN
    version: str = versions.LIVE
    since: str = ""
    comments: bool = False
    lines: bool = False
    brackets: AsIf | None = None

    def __post_init__(self) -> None:
        """Raises Invalid for what the format cannot hold, and for a version that is not the earlier one."""
        if self.form not in FORMATS:
            raise Invalid("bad_format", "format: choose one of {values}.", values=_values(FORMATS))
        for name, asked, able in (
            ("since", self.since, _TRACKED),
            ("comments", self.comments, _RICH),
            ("lines", self.lines, _RICH),
        ):
            if asked and self.form not in able:
                raise Invalid(
                    "bad_export",
                    "{name} goes with these formats only: {values}.",
                    name=name,
                    values=_values(able),
                )
        if self.brackets and (self.since or self.comments):
            raise Invalid("bad_export", "A text as if its brackets were gone has neither changes nor comments.")
        if self.since and not self._earlier():
            raise Invalid("bad_since", "since: the number of a version before the exported text is needed.")

    def _earlier(self) -> bool:
        if not _is_number(self.since):
            return False
        return not _is_number(self.version) or int(self.since) < int(self.version)


def wanted(asked: Mapping[str, str]) -> Wanted:
    """What the parameters of an address ask for: ``format``, ``version``, ``since``, ``comments``, ``lines``,
    ``brackets``.

    Raises Invalid.
    """
    form = next((one for one in FORMATS if one.value == asked.get("format", Format.MARKDOWN.value)), None)
    if form is None:
        raise Invalid("bad_format", "format: choose one of {values}.", values=_values(FORMATS))
    flags = (_flag(asked, "comments"), _flag(asked, "lines"))
    return Wanted(form, asked.get("version") or versions.LIVE, asked.get("since", ""), *flags, _as_if(asked))


def compilation_form(name: str) -> Format:
    """The format of a compilation text as a file. Raises Invalid."""
    form = next((one for one in COMPILED if one.value == name), None)
    if form is None:
        raise Invalid("bad_format", "format: choose one of {values}.", values=_values(COMPILED))
    return form


async def load(store: Store, person_id: str, draft_id: str, asked: Wanted) -> Document:
    """The document for a person, with the comments that this person may see where they are asked for.

    Raises NotFound.
    """
    document = await documents.of_draft(
        store, person_id, draft_id, asked.version, asked.since or None, comments=asked.comments
    )
    return read_as(document, asked.brackets)


def read_as(document: Document, what: AsIf | None) -> Document:
    """The clean document as if its brackets were gone (None: as it stands). It says so where it names its version, and
    no more what it was made from: what comes back from it is no edit of the draft."""
    if what is None:
        return document
    clauses = as_if([one.clause for one in document.clauses], what)
    name = f"{document.version_label} ({_AS_IF[what]})".lstrip()
    made = tuple(Written(clause) for clause in clauses)
    return replace(document, clauses=made, version_label=name, draft="", seq=0, version=0, hash="")


async def made(workers: Workers, document: Document, asked: Wanted, tongue: Tongue) -> bytes:
    """The file, written beside the event loop. Raises Invalid ``print_script``, and what ``workers`` do."""
    if asked.form is Format.PDF:
        return await printing.portrait(workers, document, tongue, lines=asked.lines)
    words = {message: tongue._(message) for message in html.MESSAGES}
    if len(document.clauses) <= printing.SHORT:
        return await asyncio.to_thread(written, document, asked, words)
    return await workers.run(written, document, asked, words)


def written(document: Document, asked: Wanted, words: Mapping[str, str] | None = None) -> bytes:
    """The same at once. ``words``: translations of the messages of PDF and HTML, English without."""
    match asked.form:
        case Format.PDF:
            return pdf.write(document, lines=asked.lines, words=words)
        case Format.DOCX:
            return word.write(document, line_numbers=asked.lines)
        case Format.HTML:
            return html.write_document(document, words).encode()
        case _:
            content, base = documents.bare(document)
            parties = document.compiled.parties if document.compiled else None
            return exchange.write(content, asked.form, base if base.draft else None, parties)


def filename(content: Content | Document, form: Format) -> str:
    """A name that every file system and header takes: letters of ASCII, digits, dots and dashes."""
    since = f" since {content.since}" if isinstance(content, Document) and content.since else ""
    name = f"{content.symbol or content.title} {content.version_label or 'working text'}{since}"
    safe = re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-.")[:80].rstrip("-.")
    return f"{safe or 'draft'}.{form.value}"


def _as_if(asked: Mapping[str, str]) -> AsIf | None:
    value = asked.get("brackets", "")
    if value and value not in set(AsIf):
        raise Invalid("bad_brackets", "brackets: choose one of {values}.", values=", ".join(AsIf))
    return AsIf(value) if value else None


def _flag(asked: Mapping[str, str], name: str) -> bool:
    value = asked.get(name) or "0"
    if value not in {"0", "1"}:
        raise Invalid("bad_query", "{name}: a whole number from 0 to {most} is needed.", name=name, most=1)
    return value == "1"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < _DIGITS


def _values(formats: tuple[Format, ...]) -> str:
    return ", ".join(one.value for one in formats)
