"""Drafts as PDF, with its few words in the reader's language."""

import asyncio

from drafts.exchange import pdf
from drafts.exchange.document import Document
from server.i18n import Tongue


async def portrait(document: Document, tongue: Tongue, *, lines: bool) -> bytes:
    """The document as a PDF; it is set in a thread, beside the event loop. Raises Invalid ``print_script``."""
    words = {message: tongue._(message) for message in pdf.MESSAGES}
    return await asyncio.to_thread(pdf.write, document, lines=lines, words=words)
