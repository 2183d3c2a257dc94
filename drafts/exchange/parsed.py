"""What a reader gives, the limits it keeps, and the clean text it promises.

A reader turns a file into ``Block``s, pieces with the little that the format says about them; ``guess.py`` turns those
into clauses. ``sealed`` is the last gate: nothing leaves a reader that is too much, too long or empty.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from drafts.errors import Invalid, TooLarge
from drafts.model import Clause, ClauseKind

MAX_FILE = 5 * 1024 * 1024  # bytes
MAX_CLAUSES = 2_000
MAX_CLAUSE = 64 * 1024  # bytes of UTF-8
MAX_LINES = 40_000  # of a text file
MAX_TITLE = 300  # code points; a longer one is cut

_SPACE = re.compile(r"[ \t\r\n\f\v\x1c-\x1f\x85\u1680\u2000-\u200a\u2028\u2029\u205f\u3000]+")
_KEPT_FORMAT = frozenset("\u061c\u200c\u200d\u200e\u200f")  # ALM, ZWNJ, ZWJ, LRM, RLM


class Role(StrEnum):
    """What the format says a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"  # of a list, or numbered
    CELL = "cell"  # of a table: a paragraph that is never a heading


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a file. ``level``: of a heading from 1, of an item from 0 (how deep its list lies). ``label`` is a
    number or letter that the format keeps outside the text (``1.``, ``(a)``; '' for bullets). ``line`` counts lines or,
    in Word files, paragraphs, from 1. ``kind`` is set where the format says what it is; then ``level`` is its depth."""

    text: str
    role: Role = Role.PARAGRAPH
    level: int = 0
    label: str = ""
    line: int = 0
    lang: str = ""
    id: str = ""
    kind: ClauseKind | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """Who marked a change in a word processor, and when (UTC; None when the file does not say). ``author`` is a name
    as the file has it: nothing proves it."""

    author: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a clause with what tracked changes say of it: kept (neither), inserted, deleted, or inserted by one and
    deleted by another (both)."""

    text: str
    ins: Signed | None = None
    dele: Signed | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment in a word processor's file. ``start`` and ``end`` count code points of the text of the clause at place
    ``clause`` (of ``Parsed.clauses``); ``end`` 0: on the clause as a whole. ``clause`` -1: on the document. ``answers``
    is the ``id`` of the remark that this one replies to, or ''."""

    id: str
    clause: int
    start: int
    end: int
    quote: str
    by: Signed
    body: str
    answers: str = ""


@dataclass(frozen=True, slots=True)
class Base:
    """What a file that Adref wrote says it was made from: the text of ``draft`` after act ``seq``, which is version
    ``version`` (0: the working text). ``hashes`` has the hex SHA-256 of each clause's text, by id."""

    draft: str
    seq: int
    version: int = 0
    hashes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ParsedClause:
    """A clause found in a file; ``kind`` and ``depth`` may be guesses for a person to mend.

    ``lang`` is empty for the language of the whole text. ``line`` is where it began: a line or, in Word files, a
    paragraph, from 1. ``id`` is empty unless the file carried one. ``pieces`` tell the tracked changes (empty when the
    clause has none): those not deleted joined are the accepted text, those not inserted the rejected one.
    """

    kind: ClauseKind
    depth: int
    text: str
    lang: str = ""
    line: int = 0
    id: str = ""
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a compilation text proposes: to the clause ``label``, through these parties; ``text`` is what the clause
    would become ('' for kinds without words)."""

    label: str
    kind: str
    parties: tuple[str, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file as clauses. ``notes`` are English sentences (msgids) on what was left out or read in a special way.

    ``clauses`` is the text as if every tracked change were accepted, ``rejected`` as if none were (the same when
    nothing is tracked). ``base``: what the file was made from, where it says so. ``parties``: of a compilation text of
    ours the parties that it names (None: it is none); ``proposed`` is what they propose.
    """

    title: str
    symbol: str
    language: str
    clauses: tuple[ParsedClause, ...]
    notes: tuple[str, ...] = ()
    rejected: tuple[ParsedClause, ...] = ()
    remarks: tuple[Remark, ...] = ()
    base: Base | None = None
    parties: tuple[str, ...] | None = None
    proposed: tuple[Proposed, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """A text to be written into a file: a version, or the live text (``version_label`` and ``date`` say which)."""

    title: str
    symbol: str
    version_label: str
    date: date | None
    language: str
    clauses: Sequence[Clause]


def tidy(text: str) -> str:
    """One line of NFC text without what cannot be seen.

    White space (line breaks too) becomes single spaces, none at the ends; no-break spaces inside stay. Control
    characters, byte order marks, zero-width spaces, soft hyphens and lone surrogates go. Joiners (ZWJ, ZWNJ) and
    direction marks (LRM, RLM, ALM) stay, since Persian, Indic scripts, emoji and mixed Arabic text need them.
    Embeddings, overrides and isolates (U+202A-202E, U+2066-2069) go: a text must not read otherwise than its letters
    stand, and one that is left open would spill into what follows; every clause is isolated by the page anyway.
    """
    spaced = _SPACE.sub(" ", text)
    return _SPACE.sub(" ", unicodedata.normalize("NFC", seen(spaced))).strip()


def emphasised(runs: Iterable[tuple[str, bool]]) -> str:
    """Runs of words, emphasised or not, as one text with asterisks and without what cannot be seen.

    An empty run keeps its neighbours apart."""
    merged: list[tuple[str, bool]] = []
    for words, on in ((seen(text), on) for text, on in runs):
        if merged and merged[-1][1] == on:
            merged[-1] = merged[-1][0] + words, on
        else:
            merged.append((words, on))
    text = ""
    for words, on in merged:
        core = words.strip()
        if not on or not core:
            text += words
            continue
        start = words.index(core)
        text += f"{words[:start]}*{core}*{words[start + len(core) :]}"
    return text


def sealed(parsed: Parsed) -> Parsed:
    """The parsed text with short title and symbol, unless it breaks a limit.

    Raises Invalid ``import_empty``, TooLarge ``import_too_many_clauses`` or ``import_clause_too_long``.
    """
    if not any(clause.text for clause in parsed.clauses):
        raise Invalid("import_empty", "There is no text in it. Choose another file, or paste the text.")
    if len(parsed.clauses) > MAX_CLAUSES:
        raise TooLarge(
            "import_too_many_clauses",
            "It has {count} clauses; {limit} is the limit. Divide it into several drafts.",
            count=len(parsed.clauses),
            limit=MAX_CLAUSES,
        )
    for number, clause in enumerate(parsed.clauses, 1):
        if len(clause.text.encode()) > MAX_CLAUSE:
            raise TooLarge(
                "import_clause_too_long",
                "Clause {number}, which begins “{start}”, has more than {limit} KiB. Divide it with line breaks.",
                number=number,
                start=clause.text[:40],
                limit=MAX_CLAUSE // 1024,
            )
    return replace(parsed, title=parsed.title[:MAX_TITLE].strip(), symbol=parsed.symbol[:MAX_TITLE].strip())


def too_many_lines() -> TooLarge:
    """The refusal for a text of more than MAX_LINES lines."""
    return TooLarge(
        "import_too_many_lines",
        "It has more than {limit} lines. Divide it into several drafts.",
        limit=MAX_LINES,
    )


def seen(text: str) -> str:
    """The text, its white space as it is, without what cannot be seen."""
    return "".join(char for char in text if is_visible(char) or is_space(char))


def is_space(char: str) -> bool:
    """Whether a character counts as the white space that becomes one space."""
    return _SPACE.match(char) is not None


def is_visible(char: str) -> bool:
    """Whether a character that is no white space stays in a clause."""
    category = unicodedata.category(char)
    if category == "Cf":
        # Arabic number signs and the tags in flags of regions are part of what one sees.
        return char in _KEPT_FORMAT or "\u0600" <= char <= "\u06dd" or char >= "\U000e0020"
    return category not in {"Cc", "Cs"} and not _noncharacter(char)


def _noncharacter(char: str) -> bool:
    return ord(char) & 0xFFFE == 0xFFFE or "\ufdd0" <= char <= "\ufdef"
