"""The compendium as CSV (RFC 4180, UTF-8 with a byte order mark, so that Excel reads its letters)."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from drafts.exchange.compendium.table import COLUMNS, cell, record
from drafts.exchange.compendium.told import Heads, Told, Voice

_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value: str | int) -> str | int:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before what could be one."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_DANGEROUS):
        return f"'{value}"
    return value


class Writer:
    """Begin, add comments, end: each gives the bytes that come next."""

    def __init__(self, heads: Heads, voice: Voice) -> None:  # noqa: ARG002 - a table's own words are not translated
        self.heads = heads

    def begin(self) -> bytes:
        """The names of the columns."""
        return b"\xef\xbb\xbf" + _rows([COLUMNS])

    def add(self, told: Sequence[Told]) -> bytes:
        """More comments."""
        return _rows([harmless(cell(value)) for value in record(one, self.heads).values()] for one in told)

    def end(self) -> bytes:
        """Nothing more."""
        return b""


def _rows(rows: Iterable[Iterable[str | int]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()
