"""Numbers and letters in front of clauses, as people type them: ``PP1``, ``OP 3 bis``, ``1.``, ``(a)``, ``iv)``."""

import re
from dataclasses import dataclass
from enum import StrEnum

from drafts.model import ClauseKind
from drafts.numbering import TIMES, alphabetic, roman


class Style(StrEnum):
    """How a sub-clause is counted."""

    LETTER = "letter"
    ROMAN = "roman"
    CAPITAL = "capital"
    CAPITAL_ROMAN = "capital_roman"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class Mark:
    """A number in front of a clause. ``kind`` is PREAMBULAR or OPERATIVE for PP and OP, OPERATIVE for ``1.``, SUB for
    the others; ``named`` tells PP and OP from a bare number. ``depth`` counts the dots of ``2.1``; else it is 0 and
    ``readings`` says what the label may mean: ``(i)`` is the first roman number and the ninth letter."""

    kind: ClauseKind
    named: bool = False
    depth: int = 0
    readings: tuple[tuple[Style, int], ...] = ()


_AGAIN = rf"(?:\s?(?:alt|ante|{'|'.join(TIMES)}|\(\d\d\)))?(?:\s(?:{'|'.join(TIMES)}))?"
_NAMED = re.compile(rf"(PP|OP)\s?\.?\s?\d{{1,3}}{_AGAIN}\s?[.):]?(?:\s+|$)")
_NUMBER = re.compile(rf"\d{{1,3}}{_AGAIN}(?:[.)](?:\s+|$)|、\s*)")
_DOTTED = re.compile(r"\d{1,3}((?:\.\d{1,3})+)\.?\s+(?![a-z])")
_LETTERED = re.compile(r"(?:\(\s?([^\W_]{1,6})\s?\)|([^\W\d_]{1,5})\))(?:\s+|$|(?=[^\w\s]|[\u3400-\u9fff]))")
_LETTER_DOT = re.compile(r"([a-z]|[ivx]{2,5})\.\s+")
_BULLET = re.compile(r"[-–—•·●▪◦‣*]\s+(?=\S)")
_ROMANS = {roman(number): number for number in range(1, 40)}
_LETTERS = {alphabetic(number): number for number in range(1, 79)}


def take(text: str) -> tuple[Mark | None, str]:
    """The mark in front of a clean text, and the text without it; None and the whole text when there is none."""
    if found := _NAMED.match(text):
        kind = ClauseKind.PREAMBULAR if found[1] == "PP" else ClauseKind.OPERATIVE
        return Mark(kind, named=True), text[found.end() :]
    if found := _DOTTED.match(text):
        return Mark(ClauseKind.SUB, depth=found[1].count(".")), text[found.end() :]
    if found := _NUMBER.match(text):
        return Mark(ClauseKind.OPERATIVE), text[found.end() :]
    if found := _LETTERED.match(text) or _LETTER_DOT.match(text):
        readings = _readings(next(group for group in found.groups() if group))
        if readings:
            return Mark(ClauseKind.SUB, readings=readings), text[found.end() :]
    return None, text


def take_bullet(text: str) -> tuple[bool, str]:
    """Whether a typed bullet stands in front, and the text without it."""
    found = _BULLET.match(text)
    return found is not None, text[found.end() :] if found else text


def _readings(label: str) -> tuple[tuple[Style, int], ...]:
    small = label.lower()
    if label.isdecimal():
        return ((Style.FIGURE, int(label)),) if len(label) <= 3 else ()
    if label not in {small, label.upper()}:
        return ()
    capital = label != small
    readings: list[tuple[Style, int]] = []
    if small in _LETTERS:
        readings.append((Style.CAPITAL if capital else Style.LETTER, _LETTERS[small]))
    elif len(label) == 1:  # a letter of another script: its own order is not known, its style is
        readings.append((Style.LETTER, 0))
    if small in _ROMANS:
        readings.append((Style.CAPITAL_ROMAN if capital else Style.ROMAN, _ROMANS[small]))
    return tuple(readings)


class Outline:
    """Finds the depth of sub-clauses from their marks alone: (a) (i) (ii) (b) is 1 2 2 1."""

    def __init__(self) -> None:
        self._levels: list[tuple[Style, int]] = []  # the style of each depth and its last number

    def restart(self) -> None:
        """Begin anew: a clause that is no sub-clause was met."""
        self._levels.clear()

    def depth(self, readings: tuple[tuple[Style, int], ...]) -> int:
        """The depth, from 1, of the next sub-clause."""
        for level in range(len(self._levels), 0, -1):  # the one that continues a count
            style, last = self._levels[level - 1]
            if (style, last + 1) in readings:
                return self._settle(level, (style, last + 1))
        styles = [style for style, _ in self._levels]
        for reading in readings:  # the one that begins a count
            if reading[1] == 1 and reading[0] not in styles:
                return self._settle(len(self._levels) + 1, reading)
        for reading in readings:
            if reading[0] in styles:
                return self._settle(styles.index(reading[0]) + 1, reading)
        return self._settle(len(self._levels) + 1, readings[0])

    def _settle(self, level: int, reading: tuple[Style, int]) -> int:
        self._levels[level - 1 :] = [reading]
        return level
