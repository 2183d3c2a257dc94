"""A clause's pieces as runs: what is italic in the text each letter belongs to, and where comments begin and end."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from drafts.brackets import emphasis
from drafts.exchange.parsed import Piece, Signed


class Letters(NamedTuple):
    """Letters of one look and one history. ``at`` is how many code points of the clause's text stand before them."""

    text: str
    italic: bool
    ins: Signed | None
    dele: Signed | None
    at: int


class _Letter(NamedTuple):
    char: str
    italic: bool
    ins: Signed | None
    dele: Signed | None
    stop: int  # how many of the stops have been passed
    at: int


def letters(pieces: Iterable[Piece], stops: Iterable[int] = ()) -> Iterator[Letters]:
    """The runs of a clause, cut at ``stops`` (code points of its text), without the asterisks of emphasis."""
    told = list(_each(list(pieces), sorted(stops)))
    for look, group in groupby(told, key=lambda one: one[1:5]):
        same = list(group)
        italic, ins, dele, _ = look
        yield Letters("".join(one.char for one in same), italic, ins, dele, same[0].at)


def _each(pieces: list[Piece], stops: list[int]) -> Iterator[_Letter]:
    new, old = (_looks("".join(piece.text for piece in pieces if not gone(piece))) for gone in (_deleted, _inserted))
    at_new = at_old = 0
    for piece in pieces:
        for char in piece.text:
            here = at_new
            mark, italic = False, False
            if piece.ins is None:
                mark, italic = old[at_old]
                at_old += 1
            if piece.dele is None:
                mark, italic = new[at_new]
                at_new += 1
            if not mark:
                passed = sum(stop <= here for stop in stops)
                yield _Letter(char, italic, piece.ins, piece.dele, passed, here)


def _deleted(piece: Piece) -> bool:
    return piece.dele is not None


def _inserted(piece: Piece) -> bool:
    return piece.ins is not None


def _looks(text: str) -> list[tuple[bool, bool]]:
    """Of every letter: whether it is an asterisk of emphasis, whether it is emphasised."""
    looks = [(False, False)] * len(text)
    for start, end in emphasis(text):
        looks[start : end + 1] = [(True, False), *[(False, True)] * (end - start - 1), (True, False)]
    return looks
