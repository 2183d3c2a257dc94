"""The compendium: who finds what in it, in which order, in every form; and that it never grows in memory."""

import csv
import io
import json
import re
import tracemalloc
import zipfile
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from lxml import etree
from openpyxl import load_workbook
from pypdf import PdfReader

from drafts import importing
from drafts.answers import Giving
from drafts.consultation import (
    RemarkKind,
    RemarkState,
    Reveal,
    Spot,
    View,
    Wanted,
)
from drafts.desk import answering, compendium
from drafts.errors import Invalid, TooLarge
from drafts.exchange import docx, sheet
from drafts.exchange.compendium import Form, Order, Told, Voice, pdf, writer
from drafts.exchange.compendium.csv import harmless
from drafts.exchange.compendium.xlsx import MOST
from drafts.model import Clause, ClauseKind, Group
from drafts.store import Store
from tests.hearing import AFTER, DURING, Hearing, hearing, put, remark

ORIGIN = "https://drafts.example"
VOICE = Voice(lambda message: message, lambda value: value.value)
STREAMED = [form for form in Form if form is not Form.PDF]


@pytest.fixture
async def of(store: Store) -> Hearing:
    return await hearing(store)


async def opened(
    store: Store,
    of: Hearing,
    person: str | None = None,
    at: datetime = DURING,
    order: Order = Order.CLAUSE,
    **wanted: Any,
) -> compendium.Compendium:
    return await compendium.open(store, person, of.round.id, at, Wanted(**wanted), order, ORIGIN)


async def told(store: Store, of: Hearing, person: str | None = None, at: datetime = DURING, **asked: Any) -> list[str]:
    """The words (or the state, of a trace) of all comments, in order."""
    found = await opened(store, of, person, at, **asked)
    batches = [batch async for batch in compendium.comments(store, found)]
    return [one.remark.state.value if one.trace else one.remark.body for batch in batches for one in batch]


async def written(store: Store, of: Hearing, form: Form, person: str | None = None, **asked: Any) -> bytes:
    found = await opened(store, of, person, **asked)
    made = writer(form, found.heads, VOICE)
    first = made.begin()
    parts = [made.add(batch) async for batch in compendium.comments(store, found)]
    return b"".join([first, *parts, made.end()])


async def answered(store: Store, of: Hearing, *, publish: bool) -> None:
    giving = Giving("accepted_in_part", "The days are in.", f"clause:{of.clauses[3].id}", numbers=(1,))
    await answering.give(store, of.cast.chair, of.round.id, giving, DURING)
    if publish:
        await answering.publish(store, of.cast.chair, of.round.id, DURING)


# ── who finds what ──


async def test_it_goes_by_clause_and_group(store: Store, of: Hearing) -> None:
    last, first = of.clauses[-1].id, of.clauses[0].id
    await put(
        store,
        of,
        [
            remark(of, Group.ACADEMIA, "fifth", clause_id=last),
            remark(of, Group.GOVERNMENT, "fourth", clause_id=last),
            remark(of, Group.CIVIL_SOCIETY, "third", clause_id=first, spot=Spot.MISSING),
            remark(of, Group.ACADEMIA, "missing", clause_id=None, spot=Spot.MISSING),
            remark(of, Group.ACADEMIA, "first", clause_id=None, spot=Spot.WHOLE),
            remark(of, Group.GOVERNMENT, "second", clause_id=first),
        ],
    )
    assert await told(store, of) == ["first", "second", "third", "fourth", "fifth", "missing"]
    assert await told(store, of, groups=frozenset({Group.GOVERNMENT})) == ["second", "fourth"]
    assert await told(store, of, clauses=frozenset({None})) == ["first", "missing"]
    assert await told(store, of, spots=frozenset({Spot.MISSING})) == ["third", "missing"]


async def test_or_by_contributor(store: Store, of: Hearing) -> None:
    outside: dict[str, Any] = {"owner_id": None, "party": None}
    await put(
        store,
        of,
        [
            remark(of, Group.ACADEMIA, "z", who="Zebra", **outside),
            remark(of, Group.INDUSTRY, "i"),
            remark(of, Group.ACADEMIA, "a", who="Adder", **outside),
            remark(of, Group.ACADEMIA, "z again", who="Zebra", **outside),
            remark(of, Group.GOVERNMENT, "g"),
        ],
    )
    assert await told(store, of, order=Order.CONTRIBUTOR) == ["g", "i", "a", "z", "z again"]


async def test_what_was_never_sent_is_in_nobodys(store: Store, of: Hearing) -> None:
    await put(store, of, [remark(of, state=RemarkState.DRAFT), remark(of, body="sent")])
    mine = of.people[Group.CIVIL_SOCIETY]
    assert await told(store, of, mine) == ["sent"]
    assert await told(store, of, mine, states=frozenset({RemarkState.DRAFT})) == []
    assert await told(store, of, of.cast.chair) == ["sent"]


async def test_a_sealed_round_stays_so_in_every_form(store: Store) -> None:
    of = await hearing(store, reveal=Reveal.AT_CLOSE)
    await put(store, of, [remark(of, Group.INDUSTRY, "zebra-one"), remark(of, Group.ACADEMIA, "zebra-two")])

    async def seen(form: Form, person: str | None, at: datetime) -> bytes:
        data = await written(store, of, form, person, at=at)
        if not data.startswith(b"PK"):
            return data
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return b"".join(package.read(name) for name in package.namelist())

    for form in STREAMED:
        for person in (None, of.people[Group.GOVERNMENT]):
            assert b"zebra" not in await seen(form, person, DURING)
        own = await seen(form, of.people[Group.ACADEMIA], DURING)
        assert b"zebra-two" in own
        assert b"zebra-one" not in own
        assert b"zebra-one" in await seen(form, of.cast.chair, DURING)
        assert b"zebra-one" in await seen(form, None, AFTER)


async def test_hidden_and_withdrawn_ones_leave_a_trace(store: Store, of: Hearing) -> None:
    hidden: dict[str, Any] = {"state": RemarkState.HIDDEN, "hidden_reason": "Not about the text."}
    await put(
        store,
        of,
        [remark(of, body="words-h", **hidden), remark(of, body="words-w", state=RemarkState.WITHDRAWN),
         remark(of, body="words-held", state=RemarkState.HELD)],
    )  # fmt: skip
    page = (await written(store, of, Form.HTML)).decode()
    assert "words-" not in page
    assert "Hidden by the secretariat: Not about the text." in page
    assert "Withdrawn by its author." in page
    table = await rows(store, of)
    assert [(row["state"], row["comment"]) for row in table] == [("hidden", ""), ("withdrawn", "")]
    assert [row["comment"] for row in await rows(store, of, of.cast.chair)] == ["words-h", "", "words-held"]


async def test_an_answer_is_told_once_it_is_published(store: Store, of: Hearing) -> None:
    await put(store, of, [remark(of)])
    await answered(store, of, publish=False)
    assert (await rows(store, of))[0]["disposition"] == ""
    lead = (await rows(store, of, of.cast.chair))[0]
    assert (lead["disposition"], lead["published"]) == ("accepted_in_part", "no")
    assert "(not published)" in (await written(store, of, Form.HTML, of.cast.chair)).decode()
    await answered(store, of, publish=True)
    seen = (await rows(store, of))[0]
    label = (await opened(store, of)).heads.labels[of.clauses[3].id]
    assert (seen["disposition"], seen["rationale"]) == ("accepted_in_part", "The days are in.")
    assert (seen["link"], seen["published"]) == (f"clause {label}", "yes")
    assert f"The days are in. See {label}." in (await written(store, of, Form.HTML)).decode()


async def test_a_pseudonym_stays_one(store: Store, of: Hearing) -> None:
    await put(store, of, [remark(of, who="A quiet reader", party=None, pseudonym=True)])
    party = of.parties[Group.CIVIL_SOCIETY]
    for form in (Form.HTML, Form.JSON, Form.CSV, Form.JSONLD):
        data = (await written(store, of, form, of.cast.chair)).decode()
        assert "A quiet reader" in data
        assert party.name not in data
        assert party.id not in data
        assert of.people[Group.CIVIL_SOCIETY] not in data


# ── the forms ──


async def rows(store: Store, of: Hearing, person: str | None = None, **asked: Any) -> list[dict[str, str]]:
    data = await written(store, of, Form.CSV, person, **asked)
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_cells_are_harmless() -> None:
    for dangerous in ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "  =1+1", "＝1+1"):
        assert harmless(dangerous) == f"'{dangerous}"
    assert [harmless(one) for one in ("plain", "", "1=1", 5)] == ["plain", "", "1=1", 5]


async def test_a_table_has_all_of_it(store: Store, of: Hearing) -> None:
    clause = of.clauses[2]
    words = clause.text[5:15]
    partner = of.parties[Group.INDUSTRY]
    made = remark(
        of,
        body="=HYPERLINK(1)\nand 中文",
        spot=Spot.SPAN,
        start=5,
        end=15,
        quote=words,
        kind=RemarkKind.DRAFTING,
        proposed="+ within a day",
        view=View.WITH_CHANGES,
        late=True,
        question_id=of.round.questions[0].id,
        language="zh",
    )
    await put(store, of, [made])
    async with store.write() as q:
        await q.remarks.ask_together(made.id, partner.id, "joined", DURING)
    (row,) = await rows(store, of)
    assert row["comment"] == "'=HYPERLINK(1)\nand 中文"
    assert row["proposed"] == "'+ within a day"
    assert (row["quote"], row["stance"], row["late"], row["language"]) == (words, "with_changes", "yes", "zh")
    assert (row["question"], row["together"]) == (of.round.questions[0].text, partner.name)
    assert row["clause_text"] == clause.text
    sheet = load_workbook(io.BytesIO(await written(store, of, Form.XLSX))).active
    assert sheet is not None
    head, body = ([cell.value for cell in line] for line in sheet.iter_rows())
    cells = dict(zip(head, body, strict=True))
    assert cells["comment"] == "=HYPERLINK(1)\nand 中文"  # words, not a formula
    assert sheet.cell(2, head.index("comment") + 1).data_type == "s"
    assert (cells["number"], cells["quote"]) == (1, words)
    assert sheet.freeze_panes == "A2"


async def test_a_table_of_ours_is_read_back(store: Store, of: Hearing) -> None:
    made = remark(of, body="=so be it", view=View.OPPOSE, kind=RemarkKind.DRAFTING, proposed="+ a day", language="fr")
    await put(store, of, [made])
    back = sheet.read(await written(store, of, Form.CSV))
    plan = importing.plan(back, importing.guess(back, "ours"), of.clauses)
    (line,) = plan.lines
    assert (line.body, line.proposed, line.view, line.language) == (made.body, made.proposed, made.view, "fr")
    assert (line.who, line.group, line.clause_id, line.at) == (made.who, made.group, made.clause_id, made.sent_at)


async def test_a_cell_is_cut_where_excel_ends(store: Store, of: Hearing) -> None:
    await put(store, of, [remark(of, body="😀" * MOST)])
    sheet = load_workbook(io.BytesIO(await written(store, of, Form.XLSX))).active
    assert sheet is not None
    values = [cell.value for cell in list(sheet.iter_rows())[1]]
    longest = max((one for one in values if isinstance(one, str)), key=len)
    assert len(longest.encode("utf-16-le")) <= 2 * MOST
    assert longest.endswith("😀…")


async def test_word_is_read_again(store: Store, of: Hearing) -> None:
    await put(
        store,
        of,
        [
            remark(of, Group.GOVERNMENT, "Say by when.\nAnd by whom."),
            remark(of, Group.ACADEMIA, "متى؟", language="ar"),
            remark(of, Group.INDUSTRY, "何时", language="zh", kind=RemarkKind.DRAFTING, proposed="within\x01 a day"),
        ],
    )
    data = await written(store, of, Form.DOCX)
    texts = [clause.text for clause in docx.read(data).clauses]
    for words in ("And by whom.", "متى؟", "何时", "Proposed words: within a day", of.clauses[2].text):
        assert words in " ".join(texts)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        for name in package.namelist():
            etree.fromstring(package.read(name))
        body = package.read("word/document.xml").decode()
    assert body.count("<w:bidi/>") == 1
    assert '<w:lang w:bidi="ar"/>' in body


async def test_a_page_needs_nothing_and_runs_nothing(store: Store, of: Hearing) -> None:
    await put(
        store,
        of,
        [remark(of, body="<script>alert(1)</script>", who="<b>Bold</b>"), remark(of, body="متى", language="ar")],
    )
    page = (await written(store, of, Form.HTML)).decode()
    assert "<script" not in page
    assert "<b>" not in page
    assert "default-src &#x27;none&#x27;" in page or "default-src 'none'" in page
    assert '<p class="body" lang="ar" dir="rtl">متى</p>' in page
    assert page.count("<div") == page.count("</div>")
    assert re.search(rf'id="c-{of.clauses[2].id}"', page)


async def test_json_says_it_all(store: Store, of: Hearing) -> None:
    await put(store, of, [remark(of, body="One"), remark(of, Group.INDUSTRY, "Two")])
    found = json.loads(await written(store, of, Form.JSON))
    assert [one["comment"] for one in found["comments"]] == ["Two", "One"]
    assert found["count"] == 2
    assert found["text"]["clauses"][2]["text"] == of.clauses[2].text
    assert "owner" not in json.dumps(found)
    empty = json.loads(await written(store, of, Form.JSON, groups=frozenset({Group.ACADEMIA})))
    assert (empty["comments"], empty["filtered"]) == ([], True)


async def test_web_annotations_find_their_words(store: Store) -> None:
    """The positions lead to the quote, in code points also behind characters of two UTF-16 units."""
    of = await hearing(store)
    found = await opened(store, of)
    clause = Clause(of.clauses[2].id, ClauseKind.OPERATIVE, 0, "😀 shall tell 😀 each other within a day of the flood.")
    heads = replace(found.heads, clauses=(clause,))
    text = clause.text.encode("utf-16-le")
    start, end = (
        len(clause.text[:at].encode("utf-16-le")) // 2 for at in (clause.text.index("each"), clause.text.index(" of"))
    )
    quote = text[2 * start : 2 * end].decode("utf-16-le")
    made = remark(of, spot=Spot.SPAN, start=start, end=end, quote=quote, number=7, proposed="", kind=RemarkKind.GENERAL)
    out = writer(Form.JSONLD, heads, VOICE)
    whole = json.loads(out.begin() + out.add([Told(made)]) + out.end())
    assert (whole["type"], whole["total"]) == ("AnnotationCollection", 1)
    assert whole["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    (item,) = whole["first"]["items"]
    assert item["id"] == f"{ORIGIN}/consultations/{of.round.id}/comments/7"
    assert item["body"][0]["value"] == made.body
    assert item["target"]["source"] == f"{ORIGIN}/drafts/{of.round.draft_id}/versions/1"
    selector = item["target"]["selector"]
    assert selector["value"] == f"c-{clause.id}"
    words, place = selector["refinedBy"]
    assert words["exact"] == clause.text[place["start"] : place["end"]] == "each other within a day"
    assert clause.text == f"{words['prefix']}{words['exact']}{words['suffix']}"
    assert (place["adref:start"], place["adref:end"]) == (start, end)


# ── print ──


async def printed(store: Store, of: Hearing, **asked: Any) -> bytes:
    found = await opened(store, of, **asked)
    made = pdf.Writer(found.heads, VOICE)
    async for batch in compendium.comments(store, found):
        made.add(batch)
    return pdf.typeset(made.data())


async def test_it_is_printed(store: Store, of: Hearing) -> None:
    await put(
        store, of, [remark(of, body="Say by when."), remark(of, Group.INDUSTRY, "متى ستخبر الدول؟", language="ar")]
    )
    for order in Order:
        text = "\n".join(
            page.extract_text() for page in PdfReader(io.BytesIO(await printed(store, of, order=order))).pages
        )
        assert "Say by when." in text
        assert "Network operators of the lakes" in text


async def test_print_says_what_it_cannot(store: Store, of: Hearing, monkeypatch: pytest.MonkeyPatch) -> None:
    await put(store, of, [remark(of, body="应当在一天之内相互通报" * 5, language="zh")])
    with pytest.raises(Invalid) as refused:
        await printed(store, of)
    assert refused.value.key == "print_script"
    monkeypatch.setattr(pdf, "MOST_LETTERS", 100)
    await put(store, of, [remark(of, Group.ACADEMIA, "By when? " * 20)])
    with pytest.raises(TooLarge) as much:
        await printed(store, of, groups=frozenset({Group.ACADEMIA}))
    assert much.value.key == "print_too_long"


# ── size ──


@pytest.mark.parametrize(("form", "order"), [(Form.DOCX, Order.CLAUSE), (Form.XLSX, Order.CONTRIBUTOR)])
async def test_memory_does_not_grow_with_the_comments(store: Store, of: Hearing, form: Form, order: Order) -> None:
    async def peak() -> int:
        found = await opened(store, of, order=order)
        made = writer(form, found.heads, VOICE)
        tracemalloc.start()
        made.begin()
        async for batch in compendium.comments(store, found):
            made.add(batch)
        made.end()
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    body = "They should say by when and by whom it is done. " * 40  # 2 KB
    await put(store, of, [remark(of, body=body) for _ in range(40)])
    few = await peak()
    await put(store, of, [remark(of, body=body) for _ in range(200)])
    assert await peak() < few * 2  # six times as many
