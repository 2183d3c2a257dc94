"""The clauses as paragraphs: tracked changes, comments, numbers, bookmarks."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Final

from lxml import etree

from drafts.exchange.document import Document, Note, Written
from drafts.exchange.language import direction
from drafts.exchange.parsed import Piece, Signed
from drafts.exchange.word.letters import Letters, letters
from drafts.exchange.word.numbers import Counter
from drafts.exchange.word.styles import HEADINGS, LABEL, REFERENCE
from drafts.exchange.word.xml import R, W, legal, root, text, val, w
from drafts.model import ClauseKind

_UNSIGNED: Final = "Adref"
_WALL: Final = "\u200b"  # seen by nobody, and read by no reader of ours
HEADER: Final = "rId4"  # the relations to the header and the footer
FOOTER: Final = "rId5"


class Body:
    """Makes the document part. ``notes`` are those that found a place, in the order of their numbers."""

    def __init__(self, document: Document, *, line_numbers: bool) -> None:
        self.document = document
        self.line_numbers = line_numbers
        self.notes: list[Note] = []
        self._ids = count(1)
        self._bookmarks = count(1)
        self._lists = Counter()
        self._by_clause = self._placed_notes()
        self._numbers = {note.id: number for number, note in enumerate(self.notes)}

    def _placed_notes(self) -> dict[str, list[Note]]:
        """The notes by their clause; '' for those on the whole, or on a clause that is not in the document."""
        here = {one.clause.id for one in self.document.clauses if one.dele is None}
        found: dict[str, list[Note]] = defaultdict(list)
        top = [note for note in self.document.notes if not note.answers]
        for note in top:
            found[note.clause if note.clause in here else ""].append(note)
            self.notes += [note, *(one for one in self.document.notes if one.answers == note.id)]
        return found

    def part(self) -> etree._Element:
        """``word/document.xml``."""
        return root("document", w("body", self._title(), *self._clauses(), self._close(), self._section()))

    def number(self, note: Note) -> int:
        """The ``w:id`` of a comment."""
        return self._numbers[note.id]

    def _title(self) -> etree._Element:
        run = w("r", text(self.document.title))
        return w("p", w("pPr", val("pStyle", "Title"), _bidi(self.document.language)), run, *self._points(""))

    def _clauses(self) -> list[etree._Element]:
        clauses = self.document.clauses
        behind = [*clauses[1:], None]  # one too many where there is no clause at all
        return [self._paragraph(one, apart=_runs_on(one, after)) for one, after in zip(clauses, behind, strict=False)]

    def _close(self) -> etree._Element | None:
        """An empty paragraph behind a last one that came, went or is empty: word processors track no last mark, and
        LibreOffice drops the bookmark of an empty last paragraph."""
        last = self.document.clauses[-1:]
        needed = any(self._mark(one) is not None or not one.clause.text for one in last)
        return w("p", w("pPr", val("pStyle", "AdrefChapeau"))) if needed else None

    def _section(self) -> etree._Element:
        header, footer = w("headerReference", type="default"), w("footerReference", type="default")
        header.set(f"{{{R}}}id", HEADER)
        footer.set(f"{{{R}}}id", FOOTER)
        lines = w("lnNumType", countBy=1, restart="newPage", distance=283) if self.line_numbers else None
        size = w("pgSz", w=11906, h=16838)
        margins = w("pgMar", top=1417, right=1417, bottom=1417, left=1417, header=708, footer=708, gutter=0)
        return w("sectPr", header, footer, size, margins, lines, _bidi(self.document.language))

    # ── a clause ──

    def _paragraph(self, one: Written, *, apart: bool) -> etree._Element:
        clause = one.clause
        language = clause.lang or self.document.language
        place = self._lists.place(clause, counted=one.dele is None)
        number = w("numPr", val("ilvl", place[1]), val("numId", place[0])) if place else None
        layout = w("pPr", val("pStyle", _style(one)), number, _bidi(language), self._mark(one))
        mark = next(self._bookmarks)
        start = w("bookmarkStart", id_=mark, name=f"adref_{clause.id}")
        label = self._label(one) if clause.label and place is None else None
        wall = w("r", w("rPr", val("rStyle", LABEL)), text(_WALL)) if apart else None
        return w("p", layout, start, label, *self._runs(one, language), wall, w("bookmarkEnd", id_=mark))

    def _mark(self, one: Written) -> etree._Element | None:
        came, went = one.ins or one.mark_ins, one.dele or one.mark_dele
        inner = [self._signed("ins", came) if came else None, self._signed("del", went) if went else None]
        return w("rPr", *inner) if came or went else None

    def _label(self, one: Written) -> etree._Element:
        run = w("r", w("rPr", val("rStyle", LABEL)), text(one.clause.label), w("tab"))
        if one.dele:
            run = w("r", w("rPr", val("rStyle", LABEL)), text(one.clause.label, "delText"), w("tab"))
            return self._signed("del", one.dele, run)
        return self._signed("ins", one.ins, run) if one.ins else run

    def _runs(self, one: Written, language: str) -> list[etree._Element]:
        notes = self._by_clause.get(one.clause.id, []) if one.dele is None else []
        spans = [note for note in notes if note.end > note.start]
        stops = {edge for note in spans for edge in (note.start, note.end)}
        made: list[etree._Element] = []
        begun: set[str] = set()
        ended: set[str] = set()

        def edges(at: int) -> None:
            for note in spans:
                if note.start <= at and note.id not in begun:
                    begun.add(note.id)
                    made.extend(w("commentRangeStart", id_=n) for n in self._thread(note))
                if note.end <= at and note.id not in ended:
                    ended.add(note.id)
                    made.extend(self._references(note))

        for run in letters(_pieces(one), stops):
            edges(run.at)
            made.append(self._run(run, language))
        edges(len(one.clause.text))
        return [*made, *(mark for note in notes if note not in spans for mark in self._points_of(note))]

    def _run(self, run: Letters, language: str) -> etree._Element:
        look = [w("i"), w("iCs")] if run.italic else []
        if direction(language) == "rtl":
            look.append(w("rtl"))
        if language != self.document.language or direction(language) == "rtl":
            look.append(w("lang", bidi=language) if direction(language) == "rtl" else w("lang", val=language))
        words = text(run.text, "delText" if run.dele else "t")
        made = w("r", w("rPr", *look) if look else None, words)
        if run.dele:
            made = self._signed("del", run.dele, made)
        return self._signed("ins", run.ins, made) if run.ins else made

    def _signed(self, tag: str, by: Signed, *inner: etree._Element) -> etree._Element:
        made = w(tag, *inner, id_=next(self._ids), author=legal(by.author) or _UNSIGNED)
        if by.at is not None:
            made.set(f"{{{W}}}date", moment(by.at))
        return made

    # ── comments ──

    def _thread(self, note: Note) -> list[int]:
        return [
            self._numbers[note.id],
            *(self._numbers[one.id] for one in self.document.notes if one.answers == note.id),
        ]

    def _references(self, note: Note) -> list[etree._Element]:
        numbers = self._thread(note)
        return [*(w("commentRangeEnd", id_=n) for n in numbers), *_marks(numbers)]

    def _points(self, clause: str) -> list[etree._Element]:
        return [mark for note in self._by_clause.get(clause, []) for mark in self._points_of(note)]

    def _points_of(self, note: Note) -> list[etree._Element]:
        return _marks(self._thread(note))


def _marks(numbers: Sequence[int]) -> list[etree._Element]:
    return [w("r", w("rPr", val("rStyle", REFERENCE)), w("commentReference", id_=number)) for number in numbers]


def _pieces(one: Written) -> Sequence[Piece]:
    pieces = one.pieces or (Piece(one.clause.text),)
    if one.ins:
        return [Piece(piece.text, piece.ins or one.ins, piece.dele) for piece in pieces]
    if one.dele:
        return [Piece(piece.text, piece.ins, piece.dele or one.dele) for piece in pieces]
    return pieces


def _runs_on(one: Written, after: Written | None) -> bool:
    """Whether somebody's change ends this paragraph and another of theirs begins the next: LibreOffice makes one change
    of the two, with the mark between, so that the paragraphs become one in a text where they are two."""
    if after is None or one.ins or one.mark_ins or one.dele or one.mark_dele:
        return False
    ends, begins = ([piece for piece in _pieces(each) if piece.text] for each in (one, after))
    if not ends or not begins:
        return False
    last, first = ends[-1], begins[0]
    return any(a and b and a.author == b.author for a, b in ((last.ins, first.ins), (last.dele, first.dele)))


def moment(at: datetime) -> str:
    """A time as Word writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _style(one: Written) -> str:
    clause = one.clause
    if clause.kind is ClauseKind.HEADING:
        return f"Heading{min(clause.depth + 1, HEADINGS)}"
    if clause.kind is ClauseKind.SUB:
        return f"AdrefSub{min(max(clause.depth, 1), 3)}"
    return "AdrefChapeau" if clause.kind is ClauseKind.CHAPEAU else "AdrefClause"


def _bidi(language: str) -> etree._Element | None:
    return w("bidi") if direction(language) == "rtl" else None
