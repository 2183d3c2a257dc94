"""PDF for print: a long draft in portrait and a comparison side by side. Each is set once, as a reader asks for it."""

import io
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

from pypdf import PdfReader

from drafts.compare import compare
from drafts.exchange import pdf
from drafts.exchange.document import Document, Written
from drafts.model import Clause, ClauseKind
from drafts.numbering import labels
from tests.bench.figures import Figure, Figures

_SENTENCE: Final = "States should keep registers of outages and give them to one another within ten days"


def clauses(count: int, words: int) -> list[Clause]:
    """So many operative clauses of so many words, each with its label."""
    known = _SENTENCE.split()
    texts = [" ".join(known[(at + word) % len(known)] for word in range(words)) for at in range(count)]
    made = [Clause(f"c{at}", ClauseKind.OPERATIVE, 0, f"{text};") for at, text in enumerate(texts)]
    return [replace(one, label=label) for one, label in zip(made, labels(made), strict=True)]


def portrait() -> Figures:
    """A draft of 55,000 words."""
    text = tuple(Written(clause) for clause in clauses(1_000, 55))
    document = Document("Forum", "Title", "L/1", "Rev.1", date(2031, 1, 1), "en", "d", 1, 1, "ab" * 32, text)
    yield _timed("55,000 words in portrait, lines numbered", lambda: pdf.write(document))


def landscape() -> Figures:
    """A comparison of 400 rows."""
    old = clauses(400, 40)
    found = compare(old, [replace(one, text=one.text.replace("ten days", "a month")) for one in old])
    heads = pdf.Heads("Forum", "Title", "Rev.1", "Rev.2")
    yield _timed("400 rows side by side", lambda: pdf.side_by_side(found, heads))


def _timed(what: str, make: Callable[[], bytes]) -> Figure:
    started = time.perf_counter()
    data = make()
    took = time.perf_counter() - started
    return Figure(what, took, "s", None, f"{len(PdfReader(io.BytesIO(data)).pages)} pages, {len(data) // 1024} kB")


BENCHES: Final = {"print": portrait, "print-side-by-side": landscape}
