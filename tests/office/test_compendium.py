"""A compendium that was streamed into a Word file: LibreOffice opens it and has every word of it."""

import pytest

from drafts.consultation import RemarkKind, Wanted
from drafts.desk import compendium
from drafts.exchange import docx
from drafts.exchange.compendium import Form, Order, Voice, writer
from drafts.model import Group
from drafts.store import Store
from tests.hearing import DURING, hearing, put, remark
from tests.office.soffice import Office

pytestmark = pytest.mark.office


async def test_libreoffice_has_every_word(store: Store, office: Office) -> None:
    of = await hearing(store)
    made = [
        remark(of, Group.GOVERNMENT, "Say by when.\nAnd by whom."),
        remark(of, Group.ACADEMIA, "متى ستخبر الدول؟", language="ar"),
        remark(of, Group.INDUSTRY, "何时", language="zh", kind=RemarkKind.DRAFTING, proposed="within a day"),
    ]
    await put(store, of, made)
    found = await compendium.open(store, None, of.round.id, DURING, Wanted(), Order.CLAUSE, "https://drafts.example")
    out = writer(Form.DOCX, found.heads, Voice(lambda message: message, lambda value: value.value))
    first = out.begin()
    parts = [out.add(batch) async for batch in compendium.comments(store, found)]
    data = b"".join([first, *parts, out.end()])
    before, after = (
        [clause.text for clause in docx.read(one).clauses] for one in (data, office.saved_again([data])[0])
    )
    assert after == before
    assert "متى ستخبر الدول؟" in after
