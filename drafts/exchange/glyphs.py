"""Which characters the shipped fonts can print: what they lack is named, never printed as empty boxes."""

import struct
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

from drafts.errors import Invalid

FONTS = Path(__file__).parent / "print" / "fonts"
MAX_MISSING = 40  # characters told by their number; a text with more is written in a script that cannot be printed
_LONG = 24  # code points without a place to break; longer words would run out of a narrow column
_BREAK = "\u200b"


@cache
def covered() -> frozenset[int]:
    """The code points that every text style has in one of the two families."""
    fonts = [_code_points(path.read_bytes()) for path in sorted(FONTS.glob("*400Regular.ttf"))]
    return frozenset().union(*fonts)


class Printable:
    """Makes texts printable, and counts what the fonts lack."""

    def __init__(self) -> None:
        self.missing: Counter[str] = Counter()

    def text(self, text: str) -> str:
        """The text with characters that no font has as ``‹U+4E2D›``, and with places to break in very long words.

        Raises Invalid ``print_script`` when there are too many of them.
        """
        shown = "".join(map(self._char, text))
        return _breakable(shown) if len(shown) > _LONG else shown

    def _char(self, char: str) -> str:
        if ord(char) in covered() and char != _BREAK:
            return char
        if unicodedata.category(char) in {"Cf", "Cc", "Mn", "Cs"}:
            return ""  # joiners and variants of characters that are missing themselves; controls print nothing
        self.missing[char] += 1
        if self.missing.total() > MAX_MISSING:
            raise Invalid(
                "print_script",
                "The PDF’s fonts have Latin, Greek, Cyrillic and Arabic letters; this text has others ({characters}). "
                "Export HTML instead.",
                characters=" ".join(list(self.missing)[:12]),
            )
        return f"‹U+{ord(char):04X}›"


def _breakable(text: str) -> str:
    words = text.split(" ")
    if max(map(len, words)) <= _LONG:
        return text
    return " ".join(_BREAK.join(_cut(word)) for word in words)


def _cut(word: str) -> list[str]:
    """Pieces of a long word; a mark stays with its letter."""
    pieces: list[str] = []
    at = 0
    while at < len(word):
        end = at + _LONG
        while end < len(word) and unicodedata.category(word[end]).startswith("M"):
            end += 1
        pieces.append(word[at:end])
        at = end
    return pieces


def _code_points(font: bytes) -> set[int]:
    """What a TrueType font maps to a glyph: its ``cmap`` table of format 12, which all our fonts have."""
    (tables,) = struct.unpack_from(">H", font, 4)
    places = {font[at : at + 4]: at for at in range(12, 12 + 16 * tables, 16)}
    (cmap,) = struct.unpack_from(">I", font, places[b"cmap"] + 8)
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    found: set[int] = set()
    for number in range(count):
        (offset,) = struct.unpack_from(">I", font, cmap + 4 + 8 * number + 4)
        at = cmap + offset
        if struct.unpack_from(">H", font, at)[0] != 12:
            continue
        (groups,) = struct.unpack_from(">I", font, at + 12)
        for group in range(groups):
            first, last, _ = struct.unpack_from(">III", font, at + 16 + 12 * group)
            found.update(range(first, last + 1))
    return found
