"""A .docx on standard input, JSON on standard output (``exchange/docx.py`` has its types).

``{"accepted": [paragraph, …], "rejected": [paragraph, …] | null, "signed": [[author, date], …], "comments": [comment,
…], "base": base | null, "notes": [code, …]}`` or ``{"error": code}``. ``rejected`` is null when nothing is tracked.
A paragraph: ``{"runs": [[text, italic, inserted, deleted], …], "heading": 0, "title": false, "level": -1, "label": "",
"cell": false, "id": "", "comments": [[runs before, comment id, starts], …]}``; inserted and deleted are places in
``signed`` or -1, ``level`` is -1 outside lists, ``label`` is the number that Word shows, '' for bullets.
"""

import json
import posixpath
import resource
import sys

from drafts.word_child import extras
from drafts.word_child.package import Refused, W, main_part, open_package, read_part
from drafts.word_child.settle import settled
from drafts.word_child.styles import Numbering, Styles
from drafts.word_child.walk import Walk

MEMORY = 200 * 1024 * 1024  # bytes of data; the process stays below 256 MB with its code
SECONDS = 2  # of CPU


def read(data: bytes) -> dict[str, object]:
    """What is written to standard output; raises Refused."""
    package = open_package(data)
    name = main_part(package)
    root = read_part(package, name)
    body = root.find(f"{W}body") if root is not None else None
    if body is None:
        raise Refused("not_docx")
    folder = posixpath.dirname(name)
    styles = Styles(read_part(package, posixpath.join(folder, "styles.xml")))
    lists = read_part(package, posixpath.join(folder, "numbering.xml"))
    walk = Walk(styles)
    walk.body(body)
    walk.end()
    return {
        "accepted": settled(walk.paragraphs, styles, Numbering(lists, styles), accepted=True),
        "rejected": settled(walk.paragraphs, styles, Numbering(lists, styles), accepted=False)
        if walk.tracked
        else None,
        "signed": walk.signed,
        "comments": extras.comments(package, folder),
        "base": extras.base(package),
        "notes": sorted(walk.notes),
    }


def _confine() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read standard input, write standard output."""
    _confine()
    try:
        answer = read(sys.stdin.buffer.read())
    except Refused as refusal:
        answer = {"error": str(refusal)}
    except (MemoryError, RecursionError):
        answer = {"error": "bomb"}
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
