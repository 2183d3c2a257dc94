"""Word files (.docx), read in a child process with limits on memory and time.

A file of a megabyte can ask for gigabytes of memory, one of fifty kilobytes for a minute of work; so the parent never
unpacks it. The child (``drafts/word_child``) looks at the zip's directory first (entries, unpacked size, ratio), then
reads the XML without entities and network. The call blocks for as long as that takes, at most ``_SECONDS``: from a
server, ask for it in a thread.
"""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import msgspec

from drafts.errors import Invalid, Refusal, TooLarge
from drafts.exchange.decode import refuse_foreign
from drafts.exchange.guess import clauses_from
from drafts.exchange.parsed import (
    Base,
    Block,
    Parsed,
    ParsedClause,
    Piece,
    Remark,
    Role,
    Signed,
    emphasised,
    seen,
    tidy,
)
from drafts.exchange.trace import Run, Traced, traced
from drafts.model import ClauseKind

_SECONDS = 30.0  # of wall clock, for a machine that is busy; the child gives up at 2 of CPU
NOTE_TRACKED: Final = "The file has tracked changes; they were read as their final text, as if all were accepted."
NOTE_COMMENTS: Final = "Comments in the file were left out."
_NOTES = {
    "tracked": NOTE_TRACKED,
    "tables": "Tables were read cell by cell, each cell as a paragraph.",
    "notes_left_out": "Footnotes and endnotes were left out.",
    "pictures_left_out": "Pictures and text boxes were left out.",
    "hidden_left_out": "Hidden text was left out.",
}


class _Paragraph(msgspec.Struct):
    runs: list[Run]
    heading: int
    title: bool
    level: int
    label: str
    cell: bool
    id: str
    comments: list[tuple[int, str, bool]]


class _Comment(msgspec.Struct):
    id: str
    author: str
    date: str
    body: str
    answers: str
    resolved: bool


class _Marked(msgspec.Struct):
    """What the file says of a clause of Adref's."""

    id: str
    hash: str
    kind: str
    depth: str
    lang: str


class _Base(msgspec.Struct):
    draft: str
    seq: int
    version: int
    language: str
    clauses: list[_Marked]
    parties: list[str] | None = None


class _Answer(msgspec.Struct):
    accepted: list[_Paragraph] = []
    rejected: list[_Paragraph] | None = None
    signed: list[tuple[str, str]] = []
    comments: list[_Comment] = []
    base: _Base | None = None
    notes: list[str] = []
    error: str = ""


def read(data: bytes) -> Parsed:
    """The clauses of a Word file with its tracked changes and comments.

    Raises Invalid ``import_not_docx``, ``import_old_word``, ``import_broken_docx``, ``import_locked_docx``; TooLarge
    ``import_docx_too_large`` for what unpacks to too much or takes too long, ``import_docx_too_long``.
    """
    if not data.startswith(b"PK"):
        refuse_foreign(data)
        raise _refusal("not_docx")
    answer = _ask_child(data)
    if answer.error:
        raise _refusal(answer.error)
    signed = [Signed(author, _moment(date)) for author, date in answer.signed]
    known = {one.id: one for one in answer.base.clauses} if answer.base else {}
    reading = _Reading(answer.accepted, signed, known, answer.base, accepted=True)
    rejected = reading.clauses
    if answer.rejected is not None:
        rejected = _Reading(answer.rejected, signed, known, answer.base, accepted=False).clauses
    notes = [_NOTES[code] for code in answer.notes] + ([NOTE_COMMENTS] if answer.comments else [])
    return Parsed(
        reading.title, "", reading.language, reading.clauses, tuple(notes), rejected,
        _remarks(answer.comments, reading), _base(answer.base), _parties(answer.base),
    )  # fmt: skip


class _Reading:
    """The paragraphs of one text as clauses, with the way back from a clause to its paragraph."""

    def __init__(
        self,
        paragraphs: Sequence[_Paragraph],
        signed: Sequence[Signed],
        known: Mapping[str, _Marked],
        base: _Base | None,
        *,
        accepted: bool,
    ) -> None:
        self.title = ""
        self.paragraphs: dict[int, tuple[_Paragraph, Traced]] = {}  # by line
        blocks: list[Block] = []
        for line, paragraph in enumerate(paragraphs, 1):
            found = _traced(paragraph, signed, accepted)
            if paragraph.title and not self.title and not blocks:
                self.title = tidy(found.text).replace("*", "")
            elif found.text or paragraph.id in known:
                self.paragraphs[line] = paragraph, found
                blocks.append(_block(paragraph, found.text, line, known.get(paragraph.id)))
        self.language, clauses = clauses_from(blocks, base.language if base else "")
        self.accepted = accepted
        self.clauses = tuple(
            self._with_pieces(replace(clause, lang=known[clause.id].lang) if clause.id in known else clause)
            for clause in clauses
        )

    def _with_pieces(self, clause: ParsedClause) -> ParsedClause:
        found = self.paragraphs[clause.line][1]
        if not found.pieces or clause.text == found.text:
            return replace(clause, pieces=found.pieces)
        if not found.text.endswith(clause.text):
            return clause
        # A label that was typed in front went into the kind of the clause.
        return replace(clause, pieces=_behind(found.pieces, len(found.text) - len(clause.text), self.accepted))

    def place(self, comment: str) -> tuple[int, int, int]:
        """The clause of a comment and its span there; (-1, 0, 0) when nothing is marked with it."""
        for at, clause in enumerate(self.clauses):
            paragraph, found = self.paragraphs[clause.line]
            marks = [(before, starts) for before, name, starts in paragraph.comments if name == comment]
            if not marks:
                continue
            dropped = len(found.text) - len(clause.text)
            starts = [found.starts[before] for before, starts in marks if starts]
            ends = [found.starts[before] for before, starts in marks if not starts]
            if not starts:
                return at, 0, 0
            start, end = max(starts[0] - dropped, 0), (max(ends) if ends else len(found.text)) - dropped
            return (at, start, end) if end > start else (at, 0, 0)
        return -1, 0, 0


def _traced(paragraph: _Paragraph, signed: Sequence[Signed], accepted: bool) -> Traced:
    if paragraph.comments or any(run.ins >= 0 or run.dele >= 0 for run in paragraph.runs):
        return traced(paragraph.runs, signed, accepted=accepted)
    shown = (run for run in paragraph.runs if seen(run.text))  # what cannot be seen parts no emphasis
    return Traced(tidy(emphasised((run.text, run.italic) for run in shown)), (), ())


def _behind(pieces: Sequence[Piece], dropped: int, accepted: bool) -> tuple[Piece, ...]:
    """The pieces without the first characters of the text that they spell."""
    out: list[Piece] = []
    for piece in pieces:
        if dropped and (piece.dele if accepted else piece.ins) is not None:
            continue
        if dropped < len(piece.text):
            out.append(replace(piece, text=piece.text[dropped:]))
            dropped = 0
        else:
            dropped -= len(piece.text)
    return tuple(out)


def _ask_child(data: bytes) -> _Answer:
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", "drafts.word_child"],
            input=data,
            env={},  # it needs none, and the server's may hold secrets
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _refusal("bomb") from None
    if done.returncode:  # out of memory or time: the limits end it in many ways
        raise _refusal("bomb")
    return msgspec.json.decode(done.stdout, type=_Answer)


def _block(paragraph: _Paragraph, text: str, line: int, marked: _Marked | None) -> Block:
    kinds = [kind for kind in ClauseKind if marked and kind.value == marked.kind]
    if marked and kinds and marked.depth.isdecimal() and len(marked.depth) == 1:
        depth = int(marked.depth)
        return Block(text, Role.PARAGRAPH, depth, "", line, marked.lang, paragraph.id, kinds[0])
    if paragraph.cell:
        return Block(text, Role.CELL, line=line, id=paragraph.id)
    if paragraph.heading:
        return Block(text, Role.HEADING, paragraph.heading, line=line, id=paragraph.id)
    if paragraph.level >= 0:
        return Block(text, Role.ITEM, paragraph.level, paragraph.label, line, id=paragraph.id)
    return Block(text, line=line, id=paragraph.id)


def _remarks(comments: Sequence[_Comment], reading: _Reading) -> tuple[Remark, ...]:
    known = {comment.id for comment in comments}
    found = []
    for comment in comments:
        at, start, end = reading.place(comment.id)
        quote = reading.clauses[at].text[start:end] if at >= 0 else ""
        by = Signed(comment.author, _moment(comment.date))
        answers = comment.answers if comment.answers in known else ""
        found.append(Remark(comment.id, at, start, end, quote, by, comment.body, answers))
    return tuple(found)


def _base(base: _Base | None) -> Base | None:
    if base is None:
        return None
    return Base(base.draft, base.seq, base.version, {one.id: one.hash for one in base.clauses})


def _parties(base: _Base | None) -> tuple[str, ...] | None:
    return None if base is None or base.parties is None else tuple(base.parties)


def _moment(text: str) -> datetime | None:
    """Word's time, which it writes as UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _refusal(code: str) -> Refusal:
    if code == "bomb":
        return TooLarge(
            "import_docx_too_large",
            "This Word file unpacks to more than can be read. Copy its text into a new file, or paste it.",
        )
    if code == "long":
        return TooLarge(
            "import_docx_too_long", "This Word file has too many paragraphs. Divide it into several drafts."
        )
    if code == "locked":
        return Invalid("import_locked_docx", "This Word file has a password. Save it without one and try again.")
    if code == "broken":
        return Invalid("import_broken_docx", "This Word file is damaged. Open it in Word, save it again and try again.")
    return Invalid("import_not_docx", "This is not a Word file (.docx). Choose a Word, Markdown or text file.")
