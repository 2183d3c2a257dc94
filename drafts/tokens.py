"""How a text is cut into tokens.

A token is a word, a run of spaces, one mark of punctuation, or, in scripts that put no space between words (Chinese,
Japanese, Thai, Lao, Khmer, Burmese), one character with what combines with it. Tokens joined are the text; no token
cuts a letter from its accents or an emoji from its parts.

Most texts hold nothing that combines; those are cut by one regular expression, the others character by character. A
test holds the two together.
"""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

_UNSPACED = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3040, 0x30FF), (0x31F0, 0x31FF),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF),
)  # fmt: skip
_INNER = frozenset("'’ʼ-‐‑·")  # between two letters these belong to the word
_INNER_FIGURES = frozenset(".,")  # between two figures these do

# Letters, figures, spaces and marks of which none combines with another: Latin, Greek, Cyrillic, Hebrew and Arabic
# letters, and the usual punctuation. In these \w is what counts as part of a word here, and \s as space.
_SIMPLE = re.compile(
    "[\0-\u02ff\u0370-\u0482\u048a-\u052f\u05be\u05d0-\u05ea\u060c\u061b\u061f\u0621-\u064a\u0660-\u066f\u0671-\u06d3"
    "\u06f0-\u06fc\u1e00-\u1ffe\u2000-\u200b\u200e-\u203e\u2041-\u2053\u2055-\u206f\u20a0-\u20bf\u2190-\u22ff]*"
)
_PIECES = re.compile(r"\w+(?:['’ʼ‐‑·-]\w+|(?<=\d)[.,](?=\d)\w+)*|\s+|.", re.DOTALL)


class _Kind(StrEnum):
    WORD = "word"
    ALONE = "alone"  # a character of an unspaced script
    SPACE = "space"
    EXTEND = "extend"  # belongs to what stands before
    FLAG = "flag"  # regional indicators, two to a flag
    OTHER = "other"


def tokens(text: str) -> list[str]:
    """The tokens of a text, in order; joined they are the text."""
    if _SIMPLE.fullmatch(text):
        return _PIECES.findall(text)
    starts = by_character(text)
    return [text[start:end] for start, end in pairwise([*starts, len(text)])]


@lru_cache(maxsize=1 << 16)
def is_word(token: str) -> bool:
    """Whether a token counts as a word (a character of an unspaced script does)."""
    return _kind(token[0]) in {_Kind.WORD, _Kind.ALONE}


def stands_alone(token: str) -> bool:
    """Whether a token is a character of a script without spaces."""
    return _kind(token[0]) is _Kind.ALONE


def word_count(text: str) -> int:
    """How many words a text has."""
    return sum(map(is_word, tokens(text)))


def by_character(text: str) -> list[int]:
    """Where the tokens of any text start."""
    starts: list[int] = []
    last: _Kind | None = None
    for at, char in enumerate(text):
        kind = _kind(char)
        if not starts:
            starts.append(at)
        elif kind is _Kind.EXTEND or text[at - 1] == "\u200d" or _inside_word(text, at, last):
            continue
        elif kind is _Kind.FLAG and last is _Kind.FLAG:
            last = None  # the second half of a flag: the next one starts anew
            continue
        elif not (kind is last and kind in {_Kind.WORD, _Kind.SPACE}):
            starts.append(at)
        last = kind
    return starts


def _inside_word(text: str, at: int, last: _Kind | None) -> bool:
    if last is not _Kind.WORD or at + 1 >= len(text):
        return False
    if text[at] in _INNER:
        return _kind(text[at + 1]) is _Kind.WORD
    return text[at] in _INNER_FIGURES and text[at - 1].isdecimal() and text[at + 1].isdecimal()


@lru_cache(maxsize=4096)
def _kind(char: str) -> _Kind:
    point = ord(char)
    category = unicodedata.category(char)
    if category[0] == "M" or point in {0x200C, 0x200D} or 0x1F3FB <= point <= 0x1F3FF or 0xE0020 <= point <= 0xE007F:
        return _Kind.EXTEND
    if any(first <= point <= final for first, final in _UNSPACED):
        return _Kind.ALONE
    if category[0] in "LN" or category == "Pc":
        return _Kind.WORD
    if 0x1F1E6 <= point <= 0x1F1FF:
        return _Kind.FLAG
    return _Kind.SPACE if char.isspace() else _Kind.OTHER
