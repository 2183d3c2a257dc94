"""How Babel finds the messages of the browser's scripts, for ``make translations`` (pyproject.toml names the function).

Babel's JavaScript reader loses its way in template strings; ours are all ``t("English text"``, on one or more lines.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

_CALL: Final = re.compile(r'(?<![\w.$])t\(\s*("(?:[^"\\\n]|\\.)*")')

Found = tuple[int, str, str, list[str]]


def from_typescript(file: IO[bytes], keywords: object, comment_tags: object, options: object) -> Iterator[Found]:  # noqa: ARG001 - Babel's interface
    """Line number, ``gettext``, message and no comments of every ``t("…"`` in a script."""
    source = file.read().decode()
    for call in _CALL.finditer(source):
        yield source.count("\n", 0, call.start()) + 1, "gettext", json.loads(call[1]), []


def of_scripts(folder: Path) -> list[str]:
    """Every message of the scripts in a folder, once, in alphabetical order: what ``scripts.json`` lists."""
    found: set[str] = set()
    for path in folder.rglob("*.ts"):
        with path.open("rb") as file:
            found.update(message for _, _, message, _ in from_typescript(file, None, None, None))
    return sorted(found)
