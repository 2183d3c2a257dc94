"""Clauses as a live draft may hold them, for properties of the formats."""

from hypothesis import strategies as st

from drafts.exchange.parsed import Content, tidy
from drafts.model import Clause, ClauseKind

_PIECES = st.sampled_from(
    [
        *(
            "States",
            "should",
            "*Invites*",
            "[may]",
            "[a](b)",
            "[x]: y",
            "](",
            "1.",
            "(a)",
            "PP1",
            "**bold**",
            "_under_",
        ),
        *(
            "*",
            "**",
            "`code`",
            "<b>",
            "&amp;",
            "\\",
            "#",
            "##",
            "-",
            "+",
            ">",
            "|",
            "~~~",
            "---",
            "===",
            "!",
            "![",
            "<!--",
        ),
        *(
            "é",
            "دول",
            "尊重",
            "👩‍💻",
            "\u00a0",
            "http://x.example/a_b",
            "*em*ph",
            "a*b*c",
            "*[x]*y",
            "-->",
            "^",
            "$",
            ":",
        ),
    ],
)
texts = st.lists(st.tuples(_PIECES, st.sampled_from(["", " "])), max_size=8).map(
    lambda pairs: tidy("".join(piece + space for piece, space in pairs)),
)
langs = st.sampled_from(["", "", "es", "ar", "zh-Hans"])


@st.composite
def clauses(draw: st.DrawFn) -> Clause:
    kind = draw(st.sampled_from(ClauseKind))
    depth = {ClauseKind.SUB: draw(st.integers(1, 4)), ClauseKind.HEADING: draw(st.integers(0, 4))}.get(kind, 0)
    text = draw(texts)
    if kind in {ClauseKind.HEADING, ClauseKind.CHAPEAU}:
        text = text or "Words"
    ids = st.text("0123456789abcdef", min_size=4, max_size=4)
    return Clause(draw(ids), kind, depth, text, "", draw(langs))


contents = st.builds(
    Content,
    title=texts,
    symbol=texts,
    version_label=st.sampled_from(["", "Zero draft", "Rev.1"]),
    date=st.one_of(st.none(), st.dates()),
    language=st.sampled_from(["en", "fr"]),
    clauses=st.lists(clauses(), min_size=1, max_size=10),
)
