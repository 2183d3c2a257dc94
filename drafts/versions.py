"""Issued versions: their canonical content and hash. Pure."""

import hashlib
import json
from datetime import datetime
from typing import Any

from drafts.errors import Conflict
from drafts.model import Clause, VersionStatus
from drafts.state import State


def content(
    state: State, *, number: int, label: str, symbol: str, status: VersionStatus, note: str, at: datetime, seq: int
) -> str:
    """The canonical JSON of the text as it stands, numbered from the start: sorted keys, no spaces, real Unicode. It
    holds the hash of the version before (``previous``), so that the versions of a draft form a chain."""
    return canonical(
        {
            "clauses": [plain(clause) for clause in state.renumbered()],
            "date": at.isoformat(timespec="milliseconds"),
            "label": label,
            "language": state.draft.language,
            "note": note,
            "number": number,
            "previous": state.hash,
            "seq": seq,
            "status": status.value,
            "symbol": symbol,
            "title": state.draft.title,
        }
    )


def unchanged(state: State, issued: str) -> None:
    """Whether the text stands as its last version has it: raises Conflict when not. ``issued``: that version's
    canonical content, which is proved by its hash."""
    if not state.issued:
        raise Conflict("no_version", "Issue the text as a version first.")
    if digest(issued) != state.hash:
        raise Conflict("issued_meanwhile", "A version was issued meanwhile. Look at it and start again.")
    known = json.loads(issued)
    facts = (state.draft.title, state.draft.language) == (known["title"], known["language"])
    # Labels follow from the clauses.
    if not facts or [plain(c) | {"label": ""} for c in state.live()] != [c | {"label": ""} for c in known["clauses"]]:
        raise Conflict(
            "text_not_issued",
            "The text has changed since {label} was issued. Issue the text as a version first.",
            label=state.issued[-1],
        )


def plain(clause: Clause) -> dict[str, Any]:
    """A clause as canonical content holds it."""
    return {
        "depth": clause.depth,
        "id": clause.id,
        "kind": clause.kind.value,
        "label": clause.label,
        "lang": clause.lang,
        "text": clause.text,
    }


def canonical(data: Any) -> str:
    """One way to write a value as JSON."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """Hex SHA-256 of a canonical text."""
    return hashlib.sha256(text.encode()).hexdigest()
