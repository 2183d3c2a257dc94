"""Plain text: paragraphs, marks in front, guesses."""

import pytest

from drafts.exchange import Parsed, plain
from drafts.exchange.guess import begins, heading_like
from drafts.exchange.marks import Outline, take
from drafts.model import ClauseKind

TEXT = """\
Declaration on calm networks

The States of the Eastern Lakes,

Recalling the earlier declaration,
which was adopted last year,
Deeply concerned by outages,

Part One

PP3 Reconociendo que los Estados deben responder a las solicitudes de ayuda en un plazo de dos días,

OP1. Decides that States should:
   (a) keep registers;
   (b) answer requests:
       (i) within two days;
       (ii) in writing;
   (c) do more;
OP 2 bis Invites all States to:
  - say so;
    • loudly;
  - write so;

OP3 تدعو الدول إلى الرد على طلبات المساعدة في غضون يومين
"""


def shape(parsed: Parsed) -> list[tuple[str, int, str]]:
    return [(clause.kind.value, clause.depth, clause.text) for clause in parsed.clauses]


def test_a_draft() -> None:
    parsed = plain.read(TEXT)
    assert (parsed.title, parsed.language) == ("Declaration on calm networks", "en")
    assert shape(parsed)[:4] == [
        ("chapeau", 0, "The States of the Eastern Lakes,"),
        ("preambular", 0, "Recalling the earlier declaration, which was adopted last year,"),
        ("preambular", 0, "Deeply concerned by outages,"),
        ("heading", 0, "Part One"),
    ]
    assert [(kind, depth) for kind, depth, _ in shape(parsed)[4:]] == [
        ("preambular", 0),
        ("operative", 0),
        ("sub", 1),
        ("sub", 1),
        ("sub", 2),
        ("sub", 2),
        ("sub", 1),
        ("operative", 0),
        ("sub", 1),
        ("sub", 2),
        ("sub", 1),
        ("operative", 0),
    ]
    assert [clause.lang for clause in parsed.clauses if clause.lang] == ["es", "ar"]
    assert parsed.clauses[11].text == "Invites all States to:"
    assert parsed.clauses[11].line == 19


def test_lines_where_no_line_is_blank() -> None:
    assert shape(plain.read("Recalling x,\r\nDecides y;\r\n1. Requests all;")) == [
        ("preambular", 0, "Recalling x,"),
        ("operative", 0, "Decides y;"),
        ("operative", 0, "Requests all;"),
    ]


def test_short_lines_alone_are_no_headings() -> None:
    assert [kind for kind, _, _ in shape(plain.read("Do not attack\nHelp each other\nReport openly"))] == [
        "operative"
    ] * 2


@pytest.mark.parametrize(
    ("text", "kind", "rest"),
    [
        ("PP1 Recalling", ClauseKind.PREAMBULAR, "Recalling"),
        ("OP 3 bis. Decides", ClauseKind.OPERATIVE, "Decides"),
        ("OP12", ClauseKind.OPERATIVE, ""),
        ("1. Decides", ClauseKind.OPERATIVE, "Decides"),
        ("2 ter) Decides", ClauseKind.OPERATIVE, "Decides"),
        ("١. تقرر", ClauseKind.OPERATIVE, "تقرر"),
        ("1、决定", ClauseKind.OPERATIVE, "决定"),
        ("2.1 The States", ClauseKind.SUB, "The States"),
        ("(a) keep", ClauseKind.SUB, "keep"),
        ("iv) keep", ClauseKind.SUB, "keep"),
        ("(bb)[keep]", ClauseKind.SUB, "[keep]"),
        ("(أ) تقرر", ClauseKind.SUB, "تقرر"),
    ],
)
def test_marks(text: str, kind: ClauseKind, rest: str) -> None:
    mark, remains = take(text)
    assert mark is not None
    assert (mark.kind, remains) == (kind, rest)


@pytest.mark.parametrize(
    "text",
    ["3.5 per cent", "2031 was", "(EU) rules", "(the) rules", "OPEN the door", "1.Decides", "A. Smith", "(a", ""],
)
def test_what_is_no_mark(text: str) -> None:
    assert take(text) == (None, text)


def test_depth_from_letters_and_numbers() -> None:
    outline = Outline()
    labels = ["(a)", "(b)", "(i)", "(ii)", "(A)", "(B)", "(iii)", "(c)", "(i)", "(d)"]
    assert [outline.depth(take(f"{label} x")[0].readings) for label in labels] == [1, 1, 2, 2, 3, 3, 2, 1, 2, 1]  # type: ignore[union-attr]
    outline.restart()
    through = [take(f"({chr(97 + number)}) x")[0].readings for number in range(12)]  # type: ignore[union-attr]
    assert [outline.depth(readings) for readings in through] == [1] * 12


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("*Deeply concerned* that", ClauseKind.PREAMBULAR),
        ("[Also recalling]", ClauseKind.PREAMBULAR),
        ("Recordando la carta,", ClauseKind.PREAMBULAR),
        ("Rappelant la charte,", ClauseKind.PREAMBULAR),
        ("Ссылаясь на", ClauseKind.PREAMBULAR),
        ("وإذ تشير إلى", ClauseKind.PREAMBULAR),
        ("回顾其决议，", ClauseKind.PREAMBULAR),
        ("Further invites", ClauseKind.OPERATIVE),
        ("Decide que", ClauseKind.OPERATIVE),
        ("Призывает государства", ClauseKind.OPERATIVE),
        ("تدعو الدول", ClauseKind.OPERATIVE),
        ("请各国", ClauseKind.OPERATIVE),
        ("The States", None),
        ("", None),
    ],
)
def test_first_words(text: str, kind: ClauseKind | None) -> None:
    assert begins(text) is kind


def test_headings() -> None:
    assert heading_like("Norms of behaviour")
    assert not heading_like("Norms of behaviour;")
    assert not heading_like("Recalling norms")
    assert not heading_like("word " * 13)
