"""A PDF on standard input, JSON on standard output: ``{"pages": [text, …]}`` or ``{"error": code}`` with the codes
``broken``, ``locked`` and ``bomb``."""

import io
import json
import logging
import resource
import sys

from pypdf import PdfReader
from pypdf.errors import PyPdfError

MEMORY = 400 * 1024 * 1024  # bytes of data
SECONDS = 20  # of CPU
MAX_PAGES = 400
MAX_TEXT = 2_000_000  # characters


def read(data: bytes) -> dict[str, object]:
    """What is written to standard output."""
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        return {"error": "locked"}
    if len(reader.pages) > MAX_PAGES:
        return {"error": "bomb"}
    pages: list[str] = []
    for page in reader.pages:
        pages.append(page.extract_text())
        if sum(map(len, pages)) > MAX_TEXT:
            return {"error": "bomb"}
    return {"pages": pages}


def _confine() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read standard input, write standard output."""
    logging.disable()
    _confine()
    try:
        answer = read(sys.stdin.buffer.read())
    except (MemoryError, RecursionError):
        answer = {"error": "bomb"}
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError, OSError):
        answer = {"error": "broken"}  # a broken PDF fails in many ways
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
