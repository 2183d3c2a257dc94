"""Where the files that are not Python lie: beside the package in the repo, inside it in an installed wheel."""

from pathlib import Path
from typing import Final

_HERE = Path(__file__).resolve().parent
_REPO = _HERE.parent


def _inside_or_beside(inside: str, beside: str) -> Path:
    packed = _HERE / inside
    return packed if packed.is_dir() else _REPO / beside


WEB: Final = _inside_or_beside("web", "web")
"""The folder that holds ``templates/``, ``css/``, ``dist/`` and ``locale/``."""

MIGRATIONS: Final = _inside_or_beside("migrations", "alembic")
"""Alembic's script location: the folder that holds ``env.py`` and ``versions/``."""
