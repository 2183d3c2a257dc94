"""PDFs made beside the event loop: short ones in a thread, long ones and their refusals in another process."""

import datetime as dt

import pytest

from drafts.errors import Invalid
from drafts.exchange.document import Document, Written
from drafts.model import Clause, ClauseKind
from server import printing
from server.i18n import Tongue
from server.workers import Workers


def document(count: int, text: str) -> Document:
    clauses = tuple(Written(Clause(f"c{at}", ClauseKind.OPERATIVE, 0, text)) for at in range(count))
    return Document("Forum", "Title", "L/1", "Rev.1", dt.date(2031, 1, 1), "en", "d", 1, 1, "ab" * 32, clauses)


async def test_short_and_long_ones_and_what_cannot_be_printed() -> None:
    async with Workers() as workers:
        for count in (3, 150):
            made = await printing.portrait(workers, document(count, "Invites all States;"), Tongue("fr"), lines=True)
            assert made.startswith(b"%PDF-")
            with pytest.raises(Invalid) as refused:
                await printing.portrait(workers, document(count, "\u4e2d\u6587" * 30), Tongue("en"), lines=True)
            assert refused.value.key == "print_script"
            assert "\u4e2d" in str(refused.value)
