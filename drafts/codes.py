"""Seat codes for organisations that left theirs open: initials of the name, other than those that are taken."""

import re
import unicodedata
from collections.abc import Container, Iterator
from itertools import product
from string import ascii_uppercase
from typing import Final

_LEAST, _MOST = 2, 6
_SMALL: Final = frozenset(
    {
        *(
            "A",
            "AL",
            "AN",
            "AND",
            "BY",
            "D",
            "DA",
            "DAS",
            "DE",
            "DEL",
            "DER",
            "DES",
            "DI",
            "DIE",
            "DO",
            "DU",
            "E",
            "EL",
        ),
        *("EN", "ET", "FOR", "FUR", "IN", "L", "LA", "LAS", "LE", "LES", "LOS", "OF", "ON", "THE", "TO", "UND", "VAN"),
        *("VON", "Y"),
    }
)


def proposed(name: str, taken: Container[str]) -> str:
    """A code (2 to 6 capitals) that nobody has: from the initials of the name, longer where those are taken. A name
    without Latin letters gets one that starts with ORG."""
    return next(code for code in _candidates(name) if code not in taken)


def _candidates(name: str) -> Iterator[str]:
    plain = "".join(char for char in unicodedata.normalize("NFKD", name.upper()) if not unicodedata.combining(char))
    words = re.findall(r"[A-Z]+", plain)
    spoken = [word for word in words if word not in _SMALL] or words
    initials = "".join(word[0] for word in spoken)[:_MOST]
    if len(initials) >= _LEAST:
        yield initials
    letters = "".join(spoken)
    for length in range(max(_LEAST, 3), _MOST + 1):
        if len(letters) >= length:
            yield letters[:length]
    stem = (initials if len(initials) >= _LEAST else letters[:3]) or "ORG"
    stem = stem if len(stem) >= _LEAST else "ORG"
    for length in (1, 2, 3):
        for ending in product(ascii_uppercase, repeat=length):
            yield stem[: _MOST - length] + "".join(ending)
