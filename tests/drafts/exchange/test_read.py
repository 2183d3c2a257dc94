"""The door for files: formats by content and name, limits, encodings, clean text."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts.errors import Refusal
from drafts.exchange import MAX_CLAUSE, MAX_FILE, Content, Format, detect, read, read_text, tidy, write
from drafts.model import Clause, ClauseKind


def key(name: str, data: bytes) -> tuple[int, str]:
    with pytest.raises(Refusal) as refused:
        read(name, data)
    assert str(refused.value).endswith((".", "!"))
    return refused.value.status, refused.value.key


def packed(**files: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as package:
        for name, data in files.items():
            package.writestr(name, data)
    return whole.getvalue()


def test_formats() -> None:
    assert detect("a.md", b"x") is Format.MARKDOWN
    assert detect("a.TXT", b"{}") is Format.PLAIN
    assert detect("a", b' {"adref": 1}') is Format.JSON
    assert detect("notes", b"x") is Format.PLAIN
    assert detect("a.txt", packed(x=b"")) is Format.DOCX


def test_each_format_is_read_under_its_name() -> None:
    text = "Invites all States to report [openly];"
    content = Content("T", "", "", None, "en", [Clause("1", ClauseKind.OPERATIVE, 0, text)])
    for form in (Format.MARKDOWN, Format.JSON):
        parsed = read(f"a.{form}", write(content, form))
        assert [clause.text for clause in parsed.clauses] == [text]
        assert read_text(write(content, form).decode(), form) == parsed
    assert read("my_text.txt", text.encode()).title == "my text"
    assert write(content, "html").startswith(b"<!DOCTYPE html>")
    with pytest.raises(ValueError, match="not written"):
        write(content, Format.DOCX)
    with pytest.raises(ValueError, match="no format"):
        read_text(text, Format.HTML)


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.txt", b"", (422, "import_empty")),
        ("a.txt", b"  \n \n", (422, "import_empty")),
        ("a.md", b"---\ntitle: x\n---\n", (422, "import_empty")),
        ("a.docx", b"plain words", (422, "import_not_docx")),
        ("a.docx", packed(x=b"y"), (422, "import_not_docx")),
        ("a.zip", b"PK\x03\x04 and then nothing", (422, "import_broken_docx")),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, (422, "import_old_word")),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, (422, "import_old_word")),
        ("a.pdf", b"%PDF-1.7", (422, "import_pdf")),
        ("a.rtf", b"{\\rtf1 x}", (422, "import_rtf")),
        ("a.html", b"<p>x", (422, "import_html")),
        ("a.txt", b"<!DOCTYPE html><p>x", (422, "import_html")),
        ("a.json", b"{}", (422, "import_json")),
        ("a.txt", b"\0\1\2\3", (422, "import_encoding")),
        ("a.txt", b"\xff\xfea", (422, "import_encoding")),
        ("a.txt", b"x" * (MAX_FILE + 1), (413, "import_file_too_large")),
        ("a.txt", b"x" * (MAX_CLAUSE + 1), (413, "import_clause_too_long")),
        ("a.txt", b"Invites all;\n" * 2_001, (413, "import_too_many_clauses")),
        ("a.txt", b"\n" * 40_001 + b"x", (413, "import_too_many_lines")),
    ],
)
def test_refusals(name: str, data: bytes, expected: tuple[int, str]) -> None:
    assert key(name, data) == expected


def test_a_pasted_text_that_is_too_large() -> None:
    with pytest.raises(Refusal) as refused:
        read_text("é" * (MAX_FILE // 2 + 1))
    assert refused.value.key == "import_text_too_large"


def test_a_long_clause_is_named() -> None:
    with pytest.raises(Refusal) as refused:
        read_text("Invites all;\n\nDecides " + "x" * MAX_CLAUSE)
    assert refused.value.params["number"] == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    parsed = read("a.txt", "Décide d’inviter “tous” les États;".encode(encoding))
    assert (parsed.clauses[0].text, parsed.notes) == ("Décide d’inviter “tous” les États;", ())


def test_an_old_encoding_is_told() -> None:
    parsed = read("a.txt", "Décide d’inviter les États;".encode("cp1252"))
    assert parsed.clauses[0].text == "Décide d’inviter les États;"
    assert len(parsed.notes) == 1


def test_tidy() -> None:
    assert tidy("\ufeff a\u200b\u00ad\tb\r\n\x07c\u2028d ") == "a b c d"
    assert tidy("e\u0301") == "é"
    assert tidy("می\u200cخواهم \u200fx\u200e 👩\u200d💻") == "می\u200cخواهم \u200fx\u200e 👩\u200d💻"
    assert tidy("\u202eabc\u202c \u2066d\u2069") == "abc d"
    assert tidy("10\u00a0%\u202f!") == "10\u00a0%\u202f!"
    assert tidy("\ud800x\ufffe") == "x"
    assert tidy("\u3000 \u00a0") == ""


@given(st.text())
def test_tidy_twice_is_tidy_once(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert len(once.splitlines()) <= 1


@given(st.text(max_size=300), st.sampled_from([Format.MARKDOWN, Format.PLAIN]))
def test_any_text_is_read_or_refused(text: str, form: Format) -> None:
    try:
        parsed = read_text(text, form)
    except Refusal as refusal:
        assert refusal.key == "import_empty"  # noqa: PT017 - any other refusal is a failure
    else:
        assert all(clause.text == tidy(clause.text) for clause in parsed.clauses)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        assert read("a.txt", data).clauses
    except Refusal as refusal:
        assert refusal.key.startswith("import_")  # noqa: PT017 - any other error is a failure
