"""A concordance as a table that spreadsheets open."""

import csv
import io
from collections.abc import Iterable
from typing import Final

from drafts.concordance import Entry

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # spreadsheets would work out cells that begin so


def write(entries: Iterable[Entry]) -> str:
    """CSV with a head line: old and new label, origin (of a new clause with its proposal), whether it changed, text."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("old", "new", "origin", "changed", "text"))
    for one in entries:
        origin = f"{one.origin.value} from proposal {one.proposal}" if one.proposal else one.origin.value
        cells = (one.old, one.new, origin, "yes" if one.changed else "no", one.beginning)
        writer.writerow([harmless(cell) for cell in cells])
    return text.getvalue()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: one that would be gets a quote in front."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
