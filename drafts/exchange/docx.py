"""Word files (.docx), read in a child process with limits on memory and time.

A file of a megabyte can ask for gigabytes of memory, one of fifty kilobytes for a minute of work; so the parent never
unpacks it. The child looks at the zip's directory first (entries, unpacked size, ratio), then reads the XML without
entities and network (``docx_child.py``). The call blocks for as long as that takes, at most ``_SECONDS``: from a
server, ask for it in a thread.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

import msgspec

from drafts.errors import Invalid, Refusal, TooLarge
from drafts.exchange.decode import refuse_foreign
from drafts.exchange.guess import clauses_from
from drafts.exchange.parsed import Block, Parsed, Role, emphasised, tidy

_CHILD: Final = Path(__file__).with_name("docx_child.py")
_SECONDS = 30.0  # of wall clock; the child gives up at 15 of CPU
_NOTES = {
    "tracked": "The file has tracked changes; they were read as their final text, as if all were accepted.",
    "tables": "Tables were read cell by cell, each cell as a paragraph.",
    "notes_left_out": "Footnotes and endnotes were left out.",
    "comments_left_out": "Comments in the file were left out.",
    "pictures_left_out": "Pictures and text boxes were left out.",
    "hidden_left_out": "Hidden text was left out.",
}


class _Paragraph(msgspec.Struct):
    runs: list[tuple[str, bool]]
    heading: int
    title: bool
    level: int
    label: str
    cell: bool
    id: str


class _Answer(msgspec.Struct):
    paragraphs: list[_Paragraph] = []
    notes: list[str] = []
    error: str = ""


def read(data: bytes) -> Parsed:
    """The clauses of a Word file, tracked changes as if accepted.

    Raises Invalid ``import_not_docx``, ``import_old_word``, ``import_broken_docx``, ``import_locked_docx``; TooLarge
    ``import_docx_too_large`` for what unpacks to too much or takes too long.
    """
    if not data.startswith(b"PK"):
        refuse_foreign(data)
        raise _refusal("not_docx")
    answer = _ask_child(data)
    if answer.error:
        raise _refusal(answer.error)
    blocks: list[Block] = []
    title = ""
    for number, paragraph in enumerate(answer.paragraphs, 1):
        text = emphasised(paragraph.runs)
        if paragraph.title and not title and not blocks:
            title = tidy(text).replace("*", "")
        elif text.strip():
            blocks.append(_block(paragraph, text, number))
    language, clauses = clauses_from(blocks)
    return Parsed(title, "", language, clauses, tuple(_NOTES[code] for code in answer.notes))


def _ask_child(data: bytes) -> _Answer:
    try:
        done = subprocess.run(  # noqa: S603 - our own script, no shell, the file only on its standard input
            [sys.executable, "-I", str(_CHILD)],
            input=data,
            env={},  # it needs none, and the server's may hold secrets
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _refusal("bomb") from None
    if done.returncode:  # out of memory or time: the limits end it in many ways
        raise _refusal("bomb")
    return msgspec.json.decode(done.stdout, type=_Answer)


def _block(paragraph: _Paragraph, text: str, number: int) -> Block:
    if paragraph.cell:
        return Block(text, Role.CELL, line=number)
    if paragraph.heading:
        return Block(text, Role.HEADING, paragraph.heading, line=number, id=paragraph.id)
    if paragraph.level >= 0:
        return Block(text, Role.ITEM, paragraph.level, paragraph.label, number, id=paragraph.id)
    return Block(text, line=number, id=paragraph.id)


def _refusal(code: str) -> Refusal:
    if code == "bomb":
        return TooLarge(
            "import_docx_too_large",
            "This Word file unpacks to more than can be read. Copy its text into a new file, or paste it.",
        )
    if code == "long":
        return TooLarge(
            "import_docx_too_long", "This Word file has too many paragraphs. Divide it into several drafts."
        )
    if code == "locked":
        return Invalid("import_locked_docx", "This Word file has a password. Save it without one and try again.")
    if code == "broken":
        return Invalid("import_broken_docx", "This Word file is damaged. Open it in Word, save it again and try again.")
    return Invalid("import_not_docx", "This is not a Word file (.docx). Choose a Word, Markdown or text file.")
