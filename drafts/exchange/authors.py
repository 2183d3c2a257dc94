"""Who worked on a file in a word processor, for the person who says which party each of them stands for."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from drafts.exchange.parsed import Parsed, ParsedClause, Piece, Signed


@dataclass(frozen=True, slots=True)
class Author:
    """A name as the file has it, with how many runs it inserted and deleted and how many comments it wrote."""

    name: str
    insertions: int
    deletions: int
    comments: int


def authors(parsed: Parsed) -> tuple[Author, ...]:
    """Every author of a tracked change or a comment, those with most first, then by name."""
    inserted = Counter(by.author for piece in _pieces(parsed.clauses) if (by := piece.ins))
    deleted = Counter(by.author for by in _deleters(parsed))
    wrote = Counter(remark.by.author for remark in parsed.remarks)
    names = {*inserted, *deleted, *wrote}
    found = [Author(name, inserted[name], deleted[name], wrote[name]) for name in names]
    return tuple(sorted(found, key=lambda one: (-one.insertions - one.deletions - one.comments, one.name)))


def _pieces(clauses: tuple[ParsedClause, ...]) -> Iterator[Piece]:
    for clause in clauses:
        yield from clause.pieces


def _deleters(parsed: Parsed) -> Iterator[Signed]:
    """Of every deleted run once: whole paragraphs stand in the rejected text only, taken-back words in the other."""
    yield from (piece.dele for piece in _pieces(parsed.rejected) if piece.dele is not None)
    both = (piece for piece in _pieces(parsed.clauses) if piece.ins is not None)
    yield from (piece.dele for piece in both if piece.dele is not None)
