"""The words of a file that somebody sends as a contribution: Word, PDF or text, as paragraphs with an empty line
between.

Unlike a draft it need not have clauses. What cannot be read is no reason to refuse it: it is kept as it came, and
``Loose.why`` says what was in the way. Word and PDF are read in processes of their own.
"""

import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

import msgspec

from drafts.errors import Invalid, Refusal
from drafts.exchange import docx
from drafts.exchange.decode import decoded
from drafts.exchange.parsed import tidy

MAX_FILE: Final = 5 * 1024 * 1024
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF: Final = "application/pdf"
TEXT: Final = "text/plain"
_SECONDS: Final = 60.0  # of wall clock, for a machine that is busy; the child gives up at 20 of CPU
NOTE_LOCKED: Final = "This PDF has a password, so its words cannot be read."
NOTE_BROKEN: Final = "This PDF cannot be read."
NOTE_BOMB: Final = "This PDF is too long to be read."
NOTE_PICTURES: Final = "There are no words in this PDF: it may be made of pictures."
_WHY: Final = {"locked": NOTE_LOCKED, "broken": NOTE_BROKEN, "bomb": NOTE_BOMB}
_ENDINGS: Final = {".docx": DOCX, ".pdf": PDF, ".txt": TEXT, ".text": TEXT, ".md": TEXT, ".markdown": TEXT}
_ENDS: Final = re.compile(r"[.!?:;…»”\"’)\]。！？]\Z")
_BEGINS: Final = re.compile(r"(\(?[\dA-Za-zivx]{1,4}[.)]\s|[•●▪*–—-]\s|[A-Z\d])")


@dataclass(frozen=True, slots=True)
class Loose:
    """``text`` is '' where nothing could be read; ``why`` (a message) says then what was in the way."""

    media: str
    text: str
    why: str = ""


class _Answer(msgspec.Struct):
    pages: list[str] = []
    error: str = ""


def read(name: str, data: bytes) -> Loose:
    """The words of a file. It blocks while a child reads: from a server, ask for it in a thread. Raises Invalid
    ``bad_file`` for kinds of files that are not taken, and for an empty one."""
    if not data:
        raise Invalid("empty_file", "This file is empty.")
    media = _media(name, data)
    if media == PDF:
        return _pdf(data)
    try:
        if media == DOCX:
            return Loose(media, _paragraphs(clause.text for clause in docx.read(data).clauses))
        return Loose(media, _of_text(decoded(data)[0]))
    except Refusal as refusal:
        return Loose(media, "", refusal.message)


def _media(name: str, data: bytes) -> str:
    """By the ending, which has to fit the first bytes."""
    media = _ENDINGS.get(PurePath(name).suffix.lower())
    zipped, printed = data.startswith(b"PK\x03\x04"), data[:1024].find(b"%PDF-") >= 0
    fits = {
        DOCX: zipped,
        PDF: printed,
        TEXT: not zipped and not printed and b"\0" not in data[:2] and not _binary(data),
    }
    if media is None or not fits[media]:
        raise Invalid("bad_file", "A contribution is a Word file (.docx), a PDF or a text file.")
    return media


def _binary(data: bytes) -> bool:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return b"\0" in data and not marked


def _pdf(data: bytes) -> Loose:
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", "drafts.pdf_child"],
            input=data,
            env={},  # it needs none, and the server's may hold secrets
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Loose(PDF, "", NOTE_BOMB)
    if done.returncode:  # out of memory or time
        return Loose(PDF, "", NOTE_BOMB)
    answer = msgspec.json.decode(done.stdout, type=_Answer)
    if answer.error:
        return Loose(PDF, "", _WHY[answer.error])
    text = _paragraphs(_joined("\n".join(answer.pages).splitlines()))
    return Loose(PDF, text, "" if text else NOTE_PICTURES)


def _of_text(text: str) -> str:
    """Paragraphs are parted by empty lines where there are any, else each line is one."""
    lines = text.splitlines()
    if not any(not line.strip() and any(map(str.strip, lines[at + 1 :])) for at, line in enumerate(lines)):
        return _paragraphs(lines)
    return _paragraphs(" ".join(part.split()) for part in re.split(r"\n[ \t]*(?:\n[ \t]*)+", "\n".join(lines)))


def _joined(lines: Iterable[str]) -> list[str]:
    """Lines as they stood on paper put together: one goes on where neither an end nor a beginning is seen."""
    found: list[str] = []
    open_ended = False
    for line in (" ".join(one.split()) for one in lines):
        if not line:
            open_ended = False
            continue
        if open_ended and found and not (_ENDS.search(found[-1]) and _BEGINS.match(line)):
            hyphen = found[-1].endswith("-") and line[:1].islower()
            found[-1] = found[-1][:-1] + line if hyphen else f"{found[-1]} {line}"
        else:
            found.append(line)
        open_ended = True
    return found


def _paragraphs(parts: Iterable[str]) -> str:
    return "\n\n".join(filter(None, (tidy(part) for part in parts)))
