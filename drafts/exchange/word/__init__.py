"""A document as a Word file (.docx): ISO/IEC 29500-1 with Word's own parts for answered comments.

Tracked changes are real ones (17.13.5): the party is their author, the act's moment their date. What one inserted and
another deleted is a deletion inside an insertion. Accepting everything gives the new text, rejecting everything the
old one. The same document always makes the same bytes.
"""

from drafts.exchange.document import Document
from drafts.exchange.word.body import Body
from drafts.exchange.word.package import packed


def write(document: Document, *, line_numbers: bool = False) -> bytes:
    """The file. ``line_numbers``: the lines of each page have one."""
    return packed(document, Body(document, line_numbers=line_numbers))
