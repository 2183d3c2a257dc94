"""Bytes to text, for the formats that are text."""

from drafts.errors import Invalid

NOTE_WINDOWS = "The file is not in UTF-8 and was read as Windows-1252. Check the accented letters."

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_REFUSED = (
    (
        b"PK\x03\x04",
        "import_not_text",
        "This is a packed file, not a text. Choose a Word (.docx), Markdown or text file.",
    ),
    (
        b"\xd0\xcf\x11\xe0",
        "import_old_word",
        "This is an old Word file, or one with a password. Open it in Word and save it as .docx without a password.",
    ),
    (b"%PDF", "import_pdf", "PDF files cannot be read as clauses. Choose the Word file, or paste the text."),
    (b"{\\rtf", "import_rtf", "RTF files cannot be read. Open it in Word and save it as .docx."),
)


def refuse_foreign(data: bytes) -> None:
    """Raise Invalid with advice when the first bytes are those of a format that is not read."""
    for start, key, message in _REFUSED:
        if data.startswith(start):
            raise Invalid(key, message)


def decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text and what has to be said about it: UTF-8, UTF-16 with a byte order mark, else Windows-1252 with a note.

    Raises Invalid ``import_encoding`` for what is none of these, ``import_not_text`` and its like for other formats.
    """
    refuse_foreign(data)
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), ()
            except UnicodeDecodeError:
                raise _unreadable() from None
    if b"\0" in data:
        raise _unreadable()
    try:
        return data.decode(), ()
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), (NOTE_WINDOWS,)


def _unreadable() -> Invalid:
    return Invalid("import_encoding", "The letters of this file cannot be read. Save it as UTF-8 text and try again.")
