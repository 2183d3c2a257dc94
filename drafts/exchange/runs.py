"""Tracked words as runs of one look, and short signs for who changed them: what print and web pages show."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from drafts.brackets import TokenKind, spans
from drafts.exchange.document import Written
from drafts.exchange.parsed import Piece, Signed
from drafts.numbering import own

NOTE_TRACKED = "Changes since {since}: inserted words are underlined, deleted ones struck through; the letters say who."
NOTE_UNSIGNED = "Changes since {since}: inserted words are underlined, deleted ones struck through."


@dataclass(frozen=True, slots=True)
class Look:
    """Words that look the same: in italics, a bracket, or neither."""

    text: str
    italic: bool
    bracket: bool


def looks(pieces: Iterable[tuple[str, bool, bool]]) -> list[list[Look]]:
    """For each piece (text, inserted, deleted) the runs it is shown as.

    What was deleted looks as it did in the old text, all else as in the new one. Asterisks of emphasis are left out,
    unless one was changed without its partner.
    """
    told = list(pieces)
    new = _letters("".join(text for text, _, dele in told if not dele))
    old = _letters("".join(text for text, ins, _ in told if not ins))
    both = iter(_letters("".join(text for text, ins, dele in told if ins and dele)))
    found: list[list[Look]] = []
    at_new = at_old = 0
    for text, ins, dele in told:
        if ins and dele:
            letters = [next(both) for _ in text]
        else:
            letters = old[at_old : at_old + len(text)] if dele else new[at_new : at_new + len(text)]
        at_new += 0 if dele else len(text)
        at_old += 0 if ins else len(text)
        found.append(_uniform(text, letters, changed=ins or dele))
    return found


def _uniform(text: str, letters: Sequence[tuple[bool, str]], *, changed: bool) -> list[Look]:
    found: list[Look] = []
    marked = changed and [kind for _, kind in letters].count("mark") % 2
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and letters[end] == letters[start]:
            continue
        italic, kind = letters[start]
        if kind != "mark" or marked:
            found.append(Look(text[start:end], italic, kind == "bracket"))
        start = end
    return found


def _letters(text: str) -> list[tuple[bool, str]]:
    """For each code point: whether it is emphasised, and whether it is a mark or a bracket."""
    found: list[tuple[bool, str]] = []
    for token in spans(text):
        kind = {TokenKind.TEXT: "", TokenKind.MARK: "mark"}.get(token.kind, "bracket")
        found += [(token.emphasis, kind)] * len(token.text)
    return found


def pieces(one: Written) -> tuple[Piece, ...]:
    """The words of a clause with all that happened to them, the clause's own coming and going too."""
    told = one.pieces or (Piece(one.clause.text),)
    if one.ins or one.dele:
        told = tuple(Piece(piece.text, piece.ins or one.ins, piece.dele or one.dele) for piece in told)
    return tuple(piece for piece in told if piece.text)


def numbered(clauses: Sequence[Written]) -> list[str]:
    """The labels of the clauses; what was taken out keeps the one it had."""
    named = iter(own([one.clause for one in clauses if one.dele is None]))
    return [one.clause.label if one.dele is not None else next(named) for one in clauses]


class Signs:
    """Short signs for the authors of changes: initials, told apart by numbers."""

    def __init__(self, clauses: Sequence[Written]) -> None:
        self.names: dict[str, str] = {}
        for one in clauses:
            own = (one.ins, one.dele, one.mark_ins, one.mark_dele)
            for signed in (*own, *(by for piece in one.pieces for by in (piece.ins, piece.dele))):
                if signed and signed.author and signed.author not in self.names:
                    self.names[signed.author] = self._new(signed.author)

    def of(self, signed: Signed | None) -> str:
        """The author's sign, ``?`` for a change that nobody signed, '' for no change."""
        return "" if signed is None else self.names.get(signed.author, "?")

    def _new(self, name: str) -> str:
        words = re.findall(r"[^\W_]+", name)
        proper = [word for word in words if word[0] != word[0].lower()] or words  # without of, the, de, la
        letters = "".join(word[0] for word in proper[:4]).upper() or "?"
        taken = set(self.names.values())
        return next(sign for sign in (letters, *(f"{letters}{n}" for n in range(2, 10_000))) if sign not in taken)
