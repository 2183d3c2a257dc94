"""All comments of a consultation as one file: Word, HTML and print for people; CSV, XLSX, JSON and Web Annotations for
programs.

A writer is told what stands over the file (``Heads``), then one batch of comments after the other, and gives bytes as
it goes: nothing is kept, so a hundred thousand comments need no more memory than a hundred. Print alone needs all of
it (``pdf``). Which comments there are, in which order, and what a reader may know of each is the desk's to say.
"""

from collections.abc import Sequence
from typing import Protocol

from drafts.exchange.compendium import annotations, csv, docx, html, json, xlsx
from drafts.exchange.compendium.told import Form, Heads, Link, Order, Told, Voice

__all__ = ["Form", "Heads", "Link", "Order", "Told", "Voice", "Writer", "writer"]


class Writer(Protocol):
    """Begin, add comments, end: each gives the bytes that come next."""

    def begin(self) -> bytes:
        """What stands before the comments."""

    def add(self, told: Sequence[Told]) -> bytes:
        """More comments."""

    def end(self) -> bytes:
        """What stands behind them."""


def writer(form: Form, heads: Heads, voice: Voice) -> Writer:
    """What writes a form bit by bit; ValueError for PDF."""
    match form:
        case Form.DOCX:
            return docx.Writer(heads, voice)
        case Form.HTML:
            return html.Writer(heads, voice)
        case Form.CSV:
            return csv.Writer(heads, voice)
        case Form.XLSX:
            return xlsx.Writer(heads, voice)
        case Form.JSON:
            return json.Writer(heads, voice)
        case Form.JSONLD:
            return annotations.Writer(heads, voice)
        case Form.PDF:
            raise ValueError("a PDF is set as a whole")
