"""From blocks to clauses: what each is, how deep, and in which language. Guesses, for a person to mend before
anything is stored; what the format or a label says outright is never guessed over.

In order: the kind the file gives; a heading style; a mark in front (``marks.py``); the place in a list; and for bare
paragraphs the first word (``lexicon.py``), the last character and what comes before and after.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from drafts.exchange.language import detect
from drafts.exchange.lexicon import ADVERBS, OPERATIVE, OPERATIVE_CHINESE, PREAMBULAR, PREAMBULAR_CHINESE
from drafts.exchange.marks import Mark, Outline, take, take_bullet
from drafts.exchange.parsed import Block, ParsedClause, Role, tidy
from drafts.model import ClauseKind

MAX_DEPTH = 6  # deeper sub-clauses are taken as of this depth
_HEADING_WORDS = 12
_OPENS = " *[(\"'“„«‹‘¿¡\u200e\u200f"
_CLOSES = " *])\"'”“»›’\u200e\u200f"
ENDS = tuple(".,;:!?…。，；：、！？؟،؛")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Piece:
    block: Block
    mark: Mark | None
    text: str

    @property
    def item(self) -> bool:
        """Whether it stands in a list or is marked as a sub-clause."""
        return self.block.role is Role.ITEM or (self.mark is not None and self.mark.kind is ClauseKind.SUB)

    @property
    def ends(self) -> str:
        """The last character that is not a closing bracket, quote or asterisk."""
        return self.text.rstrip(_CLOSES)[-1:]


@dataclass(slots=True)
class _Reading:
    """What is known while reading from top to bottom."""

    pieces: Sequence[_Piece]
    marked: bool  # enough clauses carry a mark, so one without it is no numbered clause
    headings: bool  # short lines without an end are headings
    shallowest: int  # the least level of a heading
    outline: Outline = field(default_factory=Outline)
    seen: set[ClauseKind] = field(default_factory=set)
    base: int = 1  # depth of the top items of the present list
    leads: bool = False  # the clause before ended with a colon

    def place(self, at: int) -> tuple[ClauseKind, int]:
        """Kind and depth of the piece ``at``; to be asked in order."""
        piece = self.pieces[at]
        kind, depth = self._place(at)
        if kind is not ClauseKind.SUB:
            self.outline.restart()
            self.base = 0 if piece.block.role is Role.ITEM else 1
        elif piece.block.role is Role.ITEM and not piece.block.level:
            self.base = depth
        self.seen.add(kind)
        self.leads = piece.ends in {":", "："}
        return kind, min(depth, MAX_DEPTH)

    def _place(self, at: int) -> tuple[ClauseKind, int]:
        piece = self.pieces[at]
        block, mark = piece.block, piece.mark
        if block.kind is not None:
            return block.kind, block.level
        if block.role is Role.HEADING:
            return ClauseKind.HEADING, block.level - self.shallowest
        if mark is not None and mark.named:
            return mark.kind, 0
        if mark is not None and mark.kind is ClauseKind.SUB:
            return ClauseKind.SUB, mark.depth or self.outline.depth(mark.readings)
        if block.role is Role.ITEM and (block.level or mark is None):
            return self._item(piece)
        if mark is not None:
            return (ClauseKind.PREAMBULAR if self._preambular(piece) else ClauseKind.OPERATIVE), 0
        return self._paragraph(at), 0

    def _item(self, piece: _Piece) -> tuple[ClauseKind, int]:
        if piece.block.level:
            return ClauseKind.SUB, max(self.base + piece.block.level, 1)
        if not self.leads and ClauseKind.SUB not in self.seen:
            if self._preambular(piece):
                return ClauseKind.PREAMBULAR, 0
            if begins(piece.text) is ClauseKind.OPERATIVE:
                return ClauseKind.OPERATIVE, 0
        numbered = self.seen - {ClauseKind.HEADING}
        return (ClauseKind.SUB, 1) if self.leads or numbered else (ClauseKind.OPERATIVE, 0)

    def _preambular(self, piece: _Piece) -> bool:
        early = ClauseKind.OPERATIVE not in self.seen
        return begins(piece.text) is ClauseKind.PREAMBULAR and (early or piece.ends in {",", "،", "，"})

    def _paragraph(self, at: int) -> ClauseKind:
        piece = self.pieces[at]
        first_word = begins(piece.text)
        if self._preambular(piece):
            return ClauseKind.PREAMBULAR
        if first_word is ClauseKind.OPERATIVE:
            return ClauseKind.OPERATIVE
        heading = self.headings and piece.block.role is Role.PARAGRAPH and heading_like(piece.text)
        if heading and at + 1 < len(self.pieces):
            return ClauseKind.HEADING
        if piece.ends in {":", "："}:
            return ClauseKind.CHAPEAU
        if piece.ends in {",", "،", "，"} and ClauseKind.OPERATIVE not in self.seen:
            return ClauseKind.PREAMBULAR if ClauseKind.PREAMBULAR in self.seen else ClauseKind.CHAPEAU
        return ClauseKind.CHAPEAU if self.marked else ClauseKind.OPERATIVE


def clauses_from(
    blocks: Sequence[Block],
    language: str = "",
    *,
    certain: bool = False,
) -> tuple[str, tuple[ParsedClause, ...]]:
    """The language of the whole and its clauses.

    ``language`` is what the file says, if it does; ``certain`` when it says that of every clause. Else it is detected.
    Blocks without text are left out, unless the file says what kind they are.
    """
    pieces = [piece for block in blocks if (piece := _piece(block)).text or block.kind is not None]
    bare = [piece for piece in pieces if piece.mark is None and piece.block.role is Role.PARAGRAPH]
    titles = sum(heading_like(piece.text) for piece in bare)
    numbered = [piece for piece in pieces if piece.mark is not None and piece.mark.kind is not ClauseKind.SUB]
    reading = _Reading(
        pieces,
        marked=any(piece.mark and piece.mark.named for piece in numbered) or 2 * len(numbered) > len(bare) - titles,
        headings=2 * titles <= len(pieces),
        shallowest=min((piece.block.level for piece in pieces if piece.block.role is Role.HEADING), default=1),
    )
    found: list[ParsedClause] = []
    for at, piece in enumerate(pieces):
        kind, depth = reading.place(at)
        found.append(ParsedClause(kind, depth, piece.text, piece.block.lang, piece.block.line, piece.block.id))
    return (language, tuple(found)) if certain else _with_languages(found, language)


def begins(text: str) -> ClauseKind | None:
    """PREAMBULAR or OPERATIVE when the first word, behind adverbs, is one with which such clauses begin."""
    start = text.lstrip(_OPENS)
    if start.startswith(PREAMBULAR_CHINESE):
        return ClauseKind.PREAMBULAR
    if start.startswith(OPERATIVE_CHINESE):
        return ClauseKind.OPERATIVE
    for word in _WORD.findall(start[:120].lower())[:3]:
        if word in PREAMBULAR:
            return ClauseKind.PREAMBULAR
        if word in OPERATIVE:
            return ClauseKind.OPERATIVE
        if word not in ADVERBS:
            return None
    return None


def heading_like(text: str) -> bool:
    """Whether a line is short, has no end, and does not begin as a clause does."""
    words = text.split()
    long = len(words) > _HEADING_WORDS or len(text) > 120
    return bool(words) and not long and not text.rstrip(_CLOSES).endswith(ENDS) and begins(text) is None


def _piece(block: Block) -> _Piece:
    text = tidy(block.text)
    if block.kind is not None or block.role is Role.HEADING:
        return _Piece(block, None, text)
    if block.role is Role.PARAGRAPH:
        bullet, rest = take_bullet(text)
        if bullet:
            block, text = replace(block, role=Role.ITEM), rest
    mark, rest = take(text)
    if mark is None and block.label:
        mark, _ = take(f"{block.label} ")
        return _Piece(block, mark, text)
    return _Piece(block, mark, rest)


def _with_languages(found: Sequence[ParsedClause], language: str) -> tuple[str, tuple[ParsedClause, ...]]:
    spoken = [clause.lang or detect(clause.text) for clause in found]
    if not language:
        weights: Counter[str] = Counter()
        for clause, code in zip(found, spoken, strict=True):
            weights[code] += len(clause.text)
        short = weights.pop("", 0)  # too short each for a verdict, but not all together
        weights[detect(" ".join(clause.text for clause, code in zip(found, spoken, strict=True) if not code))] += short
        del weights[""]
        language = max(weights, key=lambda code: (weights[code], code), default="en")
    return language, tuple(
        replace(clause, lang="" if code == language else code) for clause, code in zip(found, spoken, strict=True)
    )
