"""Drafts and comparisons as PDF, with its few words in the reader's language."""

import asyncio
from collections.abc import Mapping
from typing import Final

from drafts.compare import Comparison
from drafts.exchange import pdf
from drafts.exchange.document import Document
from drafts.exchange.pdf import Heads
from server.i18n import Tongue
from server.workers import Workers

SHORT: Final = 100  # clauses; setting so many costs less than the way to another process


async def portrait(workers: Workers, document: Document, tongue: Tongue, *, lines: bool) -> bytes:
    """The document as a PDF, set beside the event loop. Raises Invalid ``print_script``, and what ``workers`` do."""
    if len(document.clauses) <= SHORT:
        return await asyncio.to_thread(_portrait, document, lines, _words(tongue))
    return await workers.run(_portrait, document, lines, _words(tongue))


async def landscape(workers: Workers, comparison: Comparison, heads: Heads, tongue: Tongue) -> bytes:
    """The comparison side by side, in the same way."""
    if len(comparison.rows) <= SHORT:
        return await asyncio.to_thread(_landscape, comparison, heads, _words(tongue))
    return await workers.run(_landscape, comparison, heads, _words(tongue))


def _words(tongue: Tongue) -> Mapping[str, str]:
    return {message: tongue._(message) for message in pdf.MESSAGES}


def _portrait(document: Document, lines: bool, words: Mapping[str, str]) -> bytes:
    return pdf.write(document, lines=lines, words=words)


def _landscape(comparison: Comparison, heads: Heads, words: Mapping[str, str]) -> bytes:
    return pdf.side_by_side(comparison, heads, words=words)
