"""The comparison as one file: what texts hold is never markup, and every change is told in words and signs too."""

from drafts.compare import compare
from drafts.model import Clause, ClauseKind
from server.i18n import Tongue
from server.side_by_side import side_by_side


def _clause(name: str, text: str, lang: str = "") -> Clause:
    return Clause(name, ClauseKind.OPERATIVE, 0, text, "OP1", lang)


def test_texts_and_titles_are_escaped() -> None:
    old = [_clause("a", "States <script>alert(1)</script> act."), _clause("b", "تتبادل الدول الإنذارات.", "ar")]
    new = [_clause("a", "States act <b>now</b>."), old[1]]
    page = side_by_side("A & <B>", "en", ("<old>", "<new>"), compare(old, new), Tongue("en")).decode()
    assert "<script" not in page
    assert "<b>" not in page
    assert "A &amp; &lt;B&gt;" in page
    assert "&lt;old&gt;" in page
    assert '<td lang="ar" dir="rtl">' in page
    assert "<del>" in page
    assert "<ins>" in page
