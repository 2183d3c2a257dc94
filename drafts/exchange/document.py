"""A text on its way out to readers of Word and print: the clauses with who changed what, and the comments.

``Content`` is the bare text; a ``Document`` is everything that a person who holds only the file should find in it.
``desk/documents.py`` makes one for a person, with what that person may see; the writers only write.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from drafts.exchange.parsed import Piece, Signed
from drafts.model import Clause, Group


@dataclass(frozen=True, slots=True)
class Written:
    """A clause of a document. ``pieces`` as in ``ParsedClause``, empty when nothing in it is tracked; joined without
    the deleted ones they are ``clause.text``. ``ins``: the clause is new as a whole. ``dele``: it was taken out
    (``clause.text`` is then the text it had, ``label`` what it was called). ``mark_ins``: it was one with the clause
    behind it, which somebody cut off. ``mark_dele``: it was a clause of its own, which somebody joined with the one
    behind it. A clause that moved stands twice: taken out where it was, new where it is."""

    clause: Clause
    pieces: tuple[Piece, ...] = ()
    ins: Signed | None = None
    dele: Signed | None = None
    mark_ins: Signed | None = None
    mark_dele: Signed | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A comment or a reply. ``clause`` is the id of the clause it stands on ('' for the whole draft); ``start`` and
    ``end`` count code points of that clause's text, both 0 for the clause as a whole. ``answers`` is the id of the
    comment that a reply belongs to, or ''."""

    id: str
    clause: str
    start: int
    end: int
    party: str
    group: Group
    author: str
    at: datetime
    body: str
    answers: str = ""
    resolved: bool = False


@dataclass(frozen=True, slots=True)
class Compiled:
    """What makes a document a compilation text: the parties that it names, and the texts of the clauses that stand, by
    id (those of the document are in the notation)."""

    parties: tuple[str, ...]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Document:
    """A draft as a file. ``draft`` is its id, ``seq`` the act that it shows the text after, ``version`` the number of
    the version that this is (0: the working text), ``hash`` the version's ('' for the working text). ``since`` is the
    label of the text that the tracked changes start from, '' for a clean copy."""

    forum: str
    title: str
    symbol: str
    version_label: str
    date: date | None
    language: str
    draft: str
    seq: int
    version: int
    hash: str
    clauses: tuple[Written, ...]
    notes: tuple[Note, ...] = ()
    since: str = ""
    compiled: Compiled | None = None
