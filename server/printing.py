"""Drafts as PDF, with its few words in the reader's language."""

import asyncio
from collections.abc import Mapping
from typing import Final

from drafts.exchange import pdf
from drafts.exchange.document import Document
from server.i18n import Tongue
from server.workers import Workers

_SHORT: Final = 100  # clauses; setting so many costs less than the way to another process


async def portrait(workers: Workers, document: Document, tongue: Tongue, *, lines: bool) -> bytes:
    """The document as a PDF, set beside the event loop. Raises Invalid ``print_script``, and what ``workers`` do."""
    words = {message: tongue._(message) for message in pdf.MESSAGES}
    if len(document.clauses) <= _SHORT:
        return await asyncio.to_thread(_set, document, lines, words)
    return await workers.run(_set, document, lines, words)


def _set(document: Document, lines: bool, words: Mapping[str, str]) -> bytes:
    return pdf.write(document, lines=lines, words=words)
