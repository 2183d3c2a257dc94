"""Adref's own file: a draft as JSON that reads back exactly, ids included.

::

    {
      "adref": 1,                  format version; a greater one is refused
      "title": "…", "symbol": "…",
      "version": "Rev.1",          '' for the live text
      "date": "2031-11-21",        or null
      "language": "en",            BCP 47
      "clauses": [
        {"id": "3kq…",             opaque, 1 to 64 characters
         "kind": "operative",      heading, preambular, operative, chapeau, sub
         "depth": 0,               sub-clauses from 1
         "label": "OP1",           for readers; computed anew when read
         "text": "*Invites* …",    NFC, one line, *emphasis*, literal [brackets]
         "lang": ""}               only when it differs from the draft's
      ]
    }
"""

from datetime import date

import msgspec

from drafts.errors import Invalid
from drafts.exchange.parsed import Content, Parsed, ParsedClause, tidy
from drafts.model import ClauseKind
from drafts.numbering import own

VERSION = 1


class _Clause(msgspec.Struct, frozen=True):
    id: str
    kind: ClauseKind
    depth: int
    label: str
    text: str
    lang: str


class _File(msgspec.Struct, frozen=True):
    adref: int
    title: str
    symbol: str
    version: str
    date: date | None
    language: str
    clauses: list[_Clause]


class _ClauseRead(msgspec.Struct, frozen=True):
    kind: ClauseKind
    text: str
    id: str = ""
    depth: int = 0
    lang: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.depth <= 99 or len(self.id) > 64 or len(self.lang) > 35:
            raise ValueError("a depth, an id or a language is out of bounds")


class _FileRead(msgspec.Struct, frozen=True):
    adref: int
    clauses: list[_ClauseRead]
    title: str = ""
    symbol: str = ""
    language: str = "en"


def write(content: Content) -> str:
    """The text as indented JSON; ends with a line break."""
    numbered = zip(content.clauses, own(content.clauses), strict=True)
    file = _File(
        VERSION,
        content.title,
        content.symbol,
        content.version_label,
        content.date,
        content.language,
        [_Clause(clause.id, clause.kind, clause.depth, label, clause.text, clause.lang) for clause, label in numbered],
    )
    return msgspec.json.format(msgspec.json.encode(file), indent=2).decode() + "\n"


def read(text: str) -> Parsed:
    """The clauses of such a file.

    Raises Invalid ``import_json`` when it is none, ``import_json_version`` when a later Adref wrote it.
    """
    try:
        file = msgspec.json.decode(text, type=_FileRead)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError) as error:
        raise Invalid(
            "import_json",
            "This is not a draft that Adref wrote as JSON ({problem}). Choose another file.",
            problem=str(error)[:120],
        ) from None
    if file.adref > VERSION:
        raise Invalid("import_json_version", "A later version of Adref wrote this file. Export it as Markdown there.")
    clauses = (
        ParsedClause(clause.kind, clause.depth, tidy(clause.text), clause.lang, number, clause.id)
        for number, clause in enumerate(file.clauses, 1)
    )
    return Parsed(tidy(file.title), tidy(file.symbol), file.language, tuple(clauses))
