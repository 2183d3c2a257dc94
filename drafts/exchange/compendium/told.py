"""What a compendium is made of: the head, and one comment after the other with all that a reader may know of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property

from drafts.consultation import Remark, Round
from drafts.model import Clause, Version
from drafts.numbering import full


class Form(StrEnum):
    """What a compendium is written as; the values are the usual endings."""

    DOCX = "docx"
    HTML = "html"
    PDF = "pdf"
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    JSONLD = "jsonld"

    @property
    def media_type(self) -> str:
        """For a Content-Type header."""
        office = "application/vnd.openxmlformats-officedocument"
        return {
            Form.DOCX: f"{office}.wordprocessingml.document",
            Form.HTML: "text/html; charset=utf-8",
            Form.PDF: "application/pdf",
            Form.CSV: "text/csv; charset=utf-8",
            Form.XLSX: f"{office}.spreadsheetml.sheet",
            Form.JSON: "application/json",
            Form.JSONLD: "application/ld+json",
        }[self]


class Order(StrEnum):
    """What comes after what."""

    CLAUSE = "clause"  # as the text goes, the groups within a clause, and then as they came in
    CONTRIBUTOR = "contributor"  # by group and name, and then as they came in


@dataclass(frozen=True)
class Heads:
    """What stands over a compendium. ``origin``: of the installation, such as ``https://drafts.example.org``;
    ``filtered``: whether a filter left comments out; ``sealed``: whether those of others are not revealed yet;
    ``clauses``: of the version that the round is on; ``made``: when."""

    origin: str
    round: Round
    forum: str
    title: str  # of the draft
    symbol: str
    version: Version
    language: str
    clauses: tuple[Clause, ...]
    order: Order
    made: datetime
    filtered: bool = False
    sealed: bool = False

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """The full label of each clause, by id."""
        return dict(zip((one.id for one in self.clauses), full(self.clauses), strict=True))

    @cached_property
    def by_id(self) -> Mapping[str, Clause]:
        """The clauses by their ids."""
        return {one.id: one for one in self.clauses}

    @cached_property
    def questions(self) -> Mapping[str, str]:
        """What the secretariat asks, by id."""
        return {one.id: one.text for one in self.round.questions}

    @property
    def address(self) -> str:
        """Where the round is read."""
        return f"{self.origin}/consultations/{self.round.id}"


@dataclass(frozen=True, slots=True)
class Link:
    """What answers a comment: ``kind`` is ``clause`` (of the round's text; ``label``), ``proposal`` (``number``),
    ``version`` (``number``, and ``label`` of a clause, or ''). ``gone``: that version does not have the clause any
    more, and the label is that of the round's text."""

    kind: str
    number: int = 0
    label: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A comment as its reader may have it. ``trace``: that it was there, without its words. ``published``: whether
    everybody may know its answer. ``link``: of the answer."""

    remark: Remark
    trace: bool = False
    published: bool = True
    link: Link | None = None


@dataclass(frozen=True)
class Voice:
    """The language of the file's own words: ``say`` translates a message (English as it is), ``name`` tells a group, a
    view, a state in a word."""

    say: Callable[[str], str]
    name: Callable[[StrEnum], str]
    tag: str = field(default="en")

    def __call__(self, message: str, **params: object) -> str:
        """The message with its places filled."""
        return self.say(message).format(**params) if params else self.say(message)


def minute(at: datetime) -> str:
    """A time for people: ``2031-03-04 09:00 UTC``."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def instant(at: datetime | None) -> str:
    """A time for programs: ``2031-03-04T09:00:00Z``; '' for none."""
    return "" if at is None else f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
