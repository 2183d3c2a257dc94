"""How Babel finds messages where its own readers do not: pyproject.toml names the functions for ``make translations``.

Babel's JavaScript reader loses its way in template strings; ours are all ``t("English text"``, on one or more lines.
Its Python reader knows calls only; ours also takes what stands in ``needed="English text"`` and in ``NOTE_…``.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from babel.messages.extract import extract_python

_CALL: Final = re.compile(r'(?<![\w.$])t\(\s*("(?:[^"\\\n]|\\.)*")')

Found = tuple[int, str, str, list[str]]


def from_typescript(file: IO[bytes], keywords: object, comment_tags: object, options: object) -> Iterator[Found]:  # noqa: ARG001 - Babel's interface
    """Line number, ``gettext``, message and no comments of every ``t("…"`` in a script."""
    source = file.read().decode()
    for call in _CALL.finditer(source):
        yield source.count("\n", 0, call.start()) + 1, "gettext", json.loads(call[1]), []


def from_python(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:
    """What Babel's Python reader finds, and the messages that stand in ``needed=`` and in constants ``NOTE_…``."""
    yield from extract_python(file, keywords, comment_tags, options)
    file.seek(0)
    for node in ast.walk(ast.parse(file.read())):
        for value in _told(node):
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
                yield value.lineno, "gettext", value.value, []


def _told(node: ast.AST) -> Iterator[ast.expr]:
    needed = isinstance(node, ast.keyword) and node.arg == "needed"
    note = isinstance(node, ast.Assign) and any(getattr(name, "id", "").startswith("NOTE_") for name in node.targets)
    if needed or note:
        yield node.value  # type: ignore[attr-defined]


def of_scripts(folder: Path) -> list[str]:
    """Every message of the scripts in a folder, once, in alphabetical order: what ``scripts.json`` lists."""
    found: set[str] = set()
    for path in folder.rglob("*.ts"):
        with path.open("rb") as file:
            found.update(message for _, _, message, _ in from_typescript(file, None, None, None))
    return sorted(found)
