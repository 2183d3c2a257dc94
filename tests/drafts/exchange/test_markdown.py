"""Markdown: what is read, and that what is written reads back the same."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from drafts.errors import TooLarge
from drafts.exchange import Base, Content, Parsed, markdown
from drafts.model import Clause, ClauseKind
from tests.drafts.exchange.cast import contents

TEXT = """\
# A calm network

The States of the Eastern Lakes,

*Recalling* the **first** declaration,

## Part one

1. *Decides* that [States](https://lakes.example) should:
   - keep registers;
     - of people;
   - answer requests;
2. Invites `all` [parties][a] to \\[say so\\];

[a]: https://lakes.example
"""


def shape(parsed: Parsed) -> list[tuple[str, int, str]]:
    return [(clause.kind.value, clause.depth, clause.text) for clause in parsed.clauses]


def test_a_draft() -> None:
    parsed = markdown.read(TEXT)
    assert (parsed.title, parsed.language, parsed.notes) == ("A calm network", "en", ())
    assert shape(parsed) == [
        ("chapeau", 0, "The States of the Eastern Lakes,"),
        ("preambular", 0, "*Recalling* the first declaration,"),
        ("heading", 0, "Part one"),
        ("operative", 0, "*Decides* that States should:"),
        ("sub", 1, "keep registers;"),
        ("sub", 2, "of people;"),
        ("sub", 1, "answer requests;"),
        ("operative", 0, "Invites all parties to [say so];"),
    ]
    assert [clause.line for clause in parsed.clauses] == [3, 5, 7, 9, 10, 11, 12, 13]


def test_front_matter_gives_title_and_symbol() -> None:
    yaml = markdown.read(
        '---\ntitle: "The \\"calm\\" one"\nsymbol: \'L/1\'\nlanguage: fr\n---\n# Kept\n\n# Also kept\n'
    )
    assert (yaml.title, yaml.symbol, yaml.language) == ('The "calm" one', "L/1", "fr")
    assert [clause.text for clause in yaml.clauses] == ["Kept", "Also kept"]
    toml = markdown.read('+++\ntitle = "A title"\nweight = 3\n+++\nInvites all States;\n')
    assert (toml.title, [clause.line for clause in toml.clauses]) == ("A title", [5])
    assert markdown.read("+++\nbroken =\n+++\nInvites all;").clauses[0].text == "Invites all;"


def test_tables_code_html_and_images_are_told() -> None:
    parsed = markdown.read(
        "Invites all;\n\n| a | b |\n|---|---|\n| c | d |\n\n<div>raw <b>text</b></div>\n\n    code [x]\n\n"
        "A <u>word</u> ![seen](x)"
    )
    assert [clause.text for clause in parsed.clauses] == [
        *("Invites all;", "a", "b", "c", "d", "raw text", "code [x]", "A word seen"),
    ]
    assert [clause.kind for clause in parsed.clauses[1:5]] == [ClauseKind.OPERATIVE] * 4
    assert set(parsed.notes) == {
        markdown.NOTE_TABLES,
        markdown.NOTE_HTML,
        markdown.NOTE_CODE,
        markdown.NOTE_IMAGES,
    }


def test_brackets_and_comments() -> None:
    parsed = markdown.read(
        "Invites [all] [some][ none ] <!-- a note -->States [to be [defined]];\n\n<!-- gone\n\nall -->"
    )
    assert [clause.text for clause in parsed.clauses] == ["Invites [all] [some][ none ] States [to be [defined]];"]
    assert markdown.read("Invites <!-- all").clauses[0].text == "Invites <!-- all"


@settings(max_examples=300)
@given(contents)
def test_what_is_written_reads_back(content: Content) -> None:
    written = markdown.write(content)
    parsed = markdown.read(written)
    assert [(one.kind, one.depth, one.text, one.lang) for one in parsed.clauses] == [
        (one.kind, one.depth, one.text, one.lang) for one in content.clauses
    ]
    assert (parsed.title, parsed.symbol, parsed.language) == (content.title, content.symbol, content.language)
    assert parsed.notes == ()


@settings(max_examples=300)
@given(contents)
def test_with_a_base_ids_come_back_too(content: Content) -> None:
    named = replace(content, clauses=[replace(one, id=f"k{at}_-") for at, one in enumerate(content.clauses)])
    base = Base("d-1", 41, 3)
    written = markdown.write(named, base)
    parsed = markdown.read(written)
    assert [(one.id, one.kind, one.depth, one.text, one.lang) for one in parsed.clauses] == [
        (one.id, one.kind, one.depth, one.text, one.lang) for one in named.clauses
    ]
    assert parsed.base == base
    assert parsed.notes == ()
    again = [Clause(one.id, one.kind, one.depth, one.text, "", one.lang) for one in parsed.clauses]
    same = replace(content, title=parsed.title, symbol=parsed.symbol, language=parsed.language, clauses=again)
    assert markdown.write(same, parsed.base) == written


def test_ids_survive_an_edit_and_a_copy_is_a_new_clause() -> None:
    clauses = [
        Clause("k7", ClauseKind.OPERATIVE, 0, "Invites all;"),
        Clause("k8", ClauseKind.OPERATIVE, 0, "Asks;", "", "es"),
    ]
    written = markdown.write(Content("T", "", "", None, "en", clauses), Base("d", 9))
    assert "**OP2** Asks; <!-- adref: k8 lang: es -->" in written
    line = "**OP1** Invites all; <!-- adref: k7 -->\n"
    assert line in written
    edited = markdown.read(written.replace(line, f"{line}\n**OP2** New;\n\n{line.replace('all', 'few')}"))
    assert [(one.id, one.text) for one in edited.clauses] == [
        *(("k7", "Invites all;"), ("", "New;"), ("", "Invites few;"), ("k8", "Asks;")),
    ]
    assert edited.base == Base("d", 9, 0)


@pytest.mark.parametrize("base", ["", "adref:d:x:1", "d:1:1", "adref:d:1:1:1", "adref:a b:1:1"])
def test_a_base_that_is_none_is_passed_over(base: str) -> None:
    assert markdown.read(f'---\nadref: 1\nbase: "{base}"\n---\n\n**OP1** Invites;\n').base is None


def test_a_written_draft_reads_well() -> None:
    clauses = [
        Clause("1", ClauseKind.HEADING, 0, "Norms"),
        Clause("2", ClauseKind.OPERATIVE, 0, "*Decides* that States [may] [should]:"),
        Clause("3", ClauseKind.SUB, 1, "report;"),
        Clause("4", ClauseKind.SUB, 2, "soon;"),
        Clause("5", ClauseKind.OPERATIVE, 0, "Invita a todos;", "", "es"),
    ]
    written = markdown.write(Content("A title", "L/1", "Rev.1", None, "en", clauses))
    assert written.partition("# A title\n\n")[2] == (
        "## Norms\n\n**OP1** *Decides* that States [may] [should]:\n\n- **(a)** report;\n\n"
        "  - **(i)** soon;\n\n**OP2** Invita a todos; <!-- lang: es -->\n"
    )


def test_real_texts_keep_every_word(shared_data: Path) -> None:
    for path in sorted((shared_data / "covenant").glob("*/*.md")):
        parsed = markdown.read(path.read_text())
        assert parsed.title
        assert len(parsed.clauses) > 5
        assert parsed.notes == ()
    chinese = markdown.read((shared_data / "covenant" / "1.4" / "code-of-conduct.zh-cn.md").read_text())
    assert (chinese.language, chinese.title) == ("zh", "参与者公约")
    assert [clause.kind.value for clause in chinese.clauses[:5]] == [
        "heading",
        "operative",
        "heading",
        "chapeau",
        "sub",
    ]


def test_too_long() -> None:
    with pytest.raises(TooLarge) as refused:
        markdown.read("fine\n\n" + "word\n" * 20_000)
    assert refused.value.key == "import_paragraph_too_long"
    with pytest.raises(TooLarge) as refused:
        markdown.read("a\n\n" * 30_000)
    assert refused.value.key == "import_too_many_lines"


@pytest.mark.parametrize("piece", ["[", "*a", "_a*", "\\", "&", "](", "!["])
def test_five_megabytes_of_markup_are_refused_before_they_are_parsed(piece: str) -> None:
    paragraph = piece * (50_000 // len(piece))
    with pytest.raises(TooLarge) as refused:
        markdown.read("\n\n".join([paragraph] * 100))
    assert refused.value.key == "import_too_much_markup"


@pytest.mark.parametrize(
    "piece", ["[", "![", "<!-- ", "<![CDATA[", "[a](", "[a][", "][", "<a ", "*a", "_a*", "`", "&", "\\["]
)
def test_hostile_markup_ends_soon(piece: str) -> None:
    start = time.process_time()
    markdown.read(piece * (60_000 // len(piece)))
    assert time.process_time() - start < 20  # half a second where it is linear; minutes where it is not
