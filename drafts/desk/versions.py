"""Issued versions, and the live text in the same shape. Issuing one goes through the draft's room (``live``)."""

from datetime import datetime
from typing import Any

import msgspec

from drafts.access import Verb
from drafts.desk import admit, drafts
from drafts.exchange.parsed import Content
from drafts.model import Clause, ClauseKind, Version
from drafts.state import State
from drafts.store import Store

LIVE = "live"


async def all(store: Store, person_id: str | None, draft_id: str) -> list[Version]:  # noqa: A001  # ``versions.all(…)``
    """A draft's versions, by number. Raises NotFound."""
    async with store.read() as q:
        await admit.to_draft(q, person_id, draft_id, Verb.DRAFT_READ)
        return await q.drafts.versions(draft_id)


async def get(store: Store, person_id: str | None, draft_id: str, number: int | str) -> Content:
    """The text of a version (its number), or the live text (``'live'``). Raises NotFound."""
    if number == LIVE:
        state, _ = await drafts.state(store, person_id, draft_id)
        return live(state)
    _, content = await one(store, person_id, draft_id, number)
    return content


async def one(store: Store, person_id: str | None, draft_id: str, number: int | str) -> tuple[Version, Content]:
    """A version with its text. Raises NotFound."""
    version, text = await canonical(store, person_id, draft_id, number)
    return version, read(text)


async def canonical(store: Store, person_id: str | None, draft_id: str, number: int | str) -> tuple[Version, str]:
    """A version with its canonical JSON, whose SHA-256 is the version's hash. Raises NotFound."""
    async with store.read() as q:
        await admit.to_draft(q, person_id, draft_id, Verb.DRAFT_READ)
        wanted = int(number) if str(number).isdecimal() and len(str(number)) < 9 else 0
        found = await q.drafts.version(draft_id, wanted)
    if found is None:
        raise admit.nothing()
    return found


def live(state: State) -> Content:
    """The live text as exports and comparisons take it; it has no label and no date."""
    return Content(state.draft.title, state.draft.symbol, "", None, state.draft.language, state.live())


def read(text: str) -> Content:
    """The content that a version's canonical JSON holds."""
    data = msgspec.json.decode(text)
    date = datetime.fromisoformat(data["date"]).date()
    clauses = [_clause(clause) for clause in data["clauses"]]
    return Content(data["title"], data["symbol"], data["label"], date, data["language"], clauses)


def _clause(data: dict[str, Any]) -> Clause:
    return Clause(data["id"], ClauseKind(data["kind"]), data["depth"], data["text"], data["label"], data["lang"])
