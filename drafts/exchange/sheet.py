"""A table of comments that somebody brings: bytes to columns and rows, with a guess at letters and separator.

Real tables come in many letters: UTF-8 with and without a mark, UTF-16, Windows-1252, GB 18030 for Chinese; some have
lost letters on an earlier way (U+FFFD), some have broken bytes. What is guessed is told, and a person can say
otherwise.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from drafts.errors import Invalid, TooLarge
from drafts.exchange.decode import refuse_foreign

MAX_BYTES: Final = 64 * 1024 * 1024
MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 100
MAX_CELL: Final = 1_000_000  # characters
ENCODINGS: Final = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
    "gb18030": "GB 18030",
    "big5": "Big5",
}
SEPARATORS: Final = {",": ",", ";": ";", "\t": "tab", "|": "|"}
NOTE_LOST = "{count} letters were lost before the file came here; they are shown as \ufffd."
NOTE_BROKEN = "{count} bytes are no letters of this encoding; they are shown as \ufffd."
NOTE_SHORT = "Rows that are shorter or longer than the first line were read as far as they go: {count}."
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_GUARD: Final = re.compile(r"\A'(?=[=+\-@\t\r])")  # stands in front of what a spreadsheet could take for a formula
_SAMPLE: Final = 200_000
_FEW: Final = 0.02  # broken bytes among those that are not ASCII, of a text that is UTF-8 all the same


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table. ``columns``: what the first line says; ``rows``: as many cells each. ``notes``: messages on what had to
    be read in a special way, each with its count."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    encoding: str
    separator: str
    notes: tuple[tuple[str, int], ...] = ()


def read(data: bytes, encoding: str = "", separator: str = "") -> Sheet:
    """The table in some bytes. ``encoding``, ``separator``: one of ours; '' to guess. Raises Invalid ``import_empty``,
    ``import_encoding``, ``import_no_table`` and what other formats raise; TooLarge."""
    if len(data) > MAX_BYTES:
        raise TooLarge("import_file_too_large", "The file is larger than {limit} MiB.", limit=MAX_BYTES // 1024**2)
    refuse_foreign(data)
    if not data.strip():
        raise _empty()
    encoding = encoding if encoding in ENCODINGS else guessed_encoding(data)
    text, broken = _decoded(data, encoding)
    separator = separator if separator in SEPARATORS else guessed_separator(text)
    columns, rows, uneven = _parsed(text, separator)
    counted = ((NOTE_LOST, text.count("\ufffd") - broken), (NOTE_BROKEN, broken), (NOTE_SHORT, uneven))
    return Sheet(columns, rows, encoding, separator, tuple((note, count) for note, count in counted if count > 0))


def guessed_encoding(data: bytes) -> str:
    """The most likely letters of a text."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    if b"\0" in data[:_SAMPLE]:
        return "utf-16"
    try:
        data.decode()
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    foreign = sum(byte > 0x7F for byte in data[:_SAMPLE])
    if data[:_SAMPLE].decode(errors="replace").count("\ufffd") <= max(1, _FEW * foreign):
        return "utf-8"
    for encoding in ("gb18030", "big5"):
        if _chinese(data, encoding):
            return encoding
    return "cp1252"


def _chinese(data: bytes, encoding: str) -> bool:
    """Whether the bytes are mostly common Chinese characters in an encoding: nearly any bytes are some characters."""
    try:
        text = data.decode(encoding)[:_SAMPLE]
    except UnicodeDecodeError:
        return False
    foreign = [char for char in text if char > "\x7f"]
    common = sum(
        "\u4e00" <= char <= "\u9fa5" or "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uffef" for char in foreign
    )
    pairs = sum(a > "\x7f" and b > "\x7f" for a, b in pairwise(text))
    return bool(foreign) and common > 0.95 * len(foreign) and pairs > 0.5 * len(foreign)


def _decoded(data: bytes, encoding: str) -> tuple[str, int]:
    """The text and how many bytes were broken."""
    for mark, marked in _BOMS:
        if marked == encoding and encoding != "utf-16" and data.startswith(mark):
            data = data[len(mark) :]
    lost = data.count("\ufffd".encode()) if encoding == "utf-8" else 0
    try:
        text = data.decode(encoding, errors="replace")
    except UnicodeError:
        raise Invalid(
            "import_encoding", "The letters of this file cannot be read. Save it as UTF-8 text and try again."
        ) from None
    return text, text.count("\ufffd") - lost


def guessed_separator(text: str) -> str:
    """What stands between cells: the sign that gives the most rows as many cells as the first one has."""
    sample = text[:_SAMPLE]
    return max(SEPARATORS, key=lambda sign: _evenness(sample, sign))


def _evenness(sample: str, separator: str) -> tuple[float, int]:
    widths = []
    for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
        if row:
            widths.append(len(row))
        if len(widths) > 50:
            break
    if not widths or widths[0] < 2:
        return 0.0, 0
    return sum(width == widths[0] for width in widths) / len(widths), widths[0]


def _parsed(text: str, separator: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], int]:
    csv.field_size_limit(MAX_CELL)
    rows: list[tuple[str, ...]] = []
    uneven = 0
    try:
        reader = (
            row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if any(map(str.strip, row))
        )
        columns = _named(next(reader, []))
        for row in reader:
            uneven += len(row) != len(columns)
            rows.append(tuple(_GUARD.sub("", cell.strip()) for cell in (*row, *[""] * len(columns))[: len(columns)]))
            if len(rows) > MAX_ROWS:
                raise TooLarge("import_too_many_rows", "It has more than {limit} rows. Divide it.", limit=MAX_ROWS)
    except csv.Error:
        raise Invalid("import_no_table", "This is not a table of comma-separated values that can be read.") from None
    if not rows:
        raise _empty()
    return columns, tuple(rows), uneven


def _named(first: Sequence[str]) -> tuple[str, ...]:
    if len(first) > MAX_COLUMNS:
        raise TooLarge("import_too_many_columns", "It has more than {limit} columns.", limit=MAX_COLUMNS)
    return tuple(" ".join(name.split())[:100] or f"{at}" for at, name in enumerate(first, 1))


def _empty() -> Invalid:
    return Invalid(
        "import_empty_table", "There are no rows in it: a first line with names and at least one more are needed."
    )
