"""Adref's own JSON reads back exactly; the HTML page is whole, safe and tells languages."""

import datetime as dt

import msgspec
import pytest
from hypothesis import given
from lxml import etree
from lxml import html as lxml_html

from drafts.errors import Invalid
from drafts.exchange import Content, html, json
from drafts.model import Clause, ClauseKind
from tests.drafts.exchange.cast import contents


@given(contents)
def test_json_reads_back_exactly(content: Content) -> None:
    parsed = json.read(json.write(content))
    assert [(one.id, one.kind, one.depth, one.text, one.lang) for one in parsed.clauses] == [
        (one.id, one.kind, one.depth, one.text, one.lang) for one in content.clauses
    ]
    assert (parsed.title, parsed.symbol, parsed.language) == (content.title, content.symbol, content.language)


def test_json_is_as_documented() -> None:
    clause = Clause("k7", ClauseKind.OPERATIVE, 0, "Invites [all];")
    written = json.write(Content("T", "L/1", "Rev.1", dt.date(2031, 11, 21), "en", [clause]))
    assert msgspec.json.decode(written) == {
        "adref": 1,
        "title": "T",
        "symbol": "L/1",
        "version": "Rev.1",
        "date": "2031-11-21",
        "language": "en",
        "clauses": [
            {"id": "k7", "kind": "operative", "depth": 0, "label": "OP1", "text": "Invites [all];", "lang": ""},
        ],
    }


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[1]",
        "{",
        '{"adref": 1, "clauses": [{"kind": "law", "text": "x"}]}',
        '{"adref": 1, "clauses": [{"kind": "sub", "text": "x", "depth": -1}]}',
        '{"adref": 1, "clauses": [], "more": ' + "[" * 100_000,
        '{"adref": ' + "9" * 10_000 + ', "clauses": []}',
        '"\udc80"',
    ],
)
def test_json_of_another_kind_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        json.read(text)
    assert refused.value.key == "import_json"


def test_json_of_a_later_version_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        json.read('{"adref": 2, "clauses": []}')
    assert refused.value.key == "import_json_version"


@given(contents)
def test_html_shows_every_word_and_runs_none(content: Content) -> None:
    page = lxml_html.document_fromstring(html.write(content).encode())
    body = page.find("body")
    assert body is not None
    shown = [element for element in body if element.tag != "h1" and element.get("class") != "about"]
    assert len(shown) == len(content.clauses)
    for element, clause in zip(shown, content.clauses, strict=True):
        text = "".join(map(str, element.itertext())).replace("*", "")
        assert text.endswith(clause.text.replace("*", ""))
        assert element.get("lang") == (clause.lang or None)
    tags = {element.tag for element in page.iter() if isinstance(element.tag, str)}
    assert tags <= {"html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "h4", "h5", "h6"} | {
        *("p", "bdi", "em", "span"),
    }


def test_html_of_an_arabic_draft_with_an_english_clause() -> None:
    clauses = [
        Clause("1", ClauseKind.OPERATIVE, 0, "*تدعو* الدول <b>;"),
        Clause("2", ClauseKind.SUB, 2, "Invites [all]", "", "en"),
    ]
    written = html.write(Content("مشروع", "", "", dt.date(2031, 1, 2), "ar", clauses))
    assert '<html lang="ar" dir="rtl">' in written
    assert '<bdi class="label">OP1</bdi> <em>تدعو</em> الدول &lt;b&gt;;</p>' in written
    assert '<p class="clause sub depth2" id="c-2" lang="en" dir="ltr">' in written
    assert etree.HTML(written).findtext(".//p/bdi") == "2031-01-02"
