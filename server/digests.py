"""The address that stops somebody's digest with one click: it knows whose it is, and nobody can make it up."""

import hashlib
import hmac

from drafts.store import Store


async def stop_address(store: Store, site: str, person_id: str) -> str:
    """The address for a person, as it stands in their mails."""
    return f"{site}/digest/stop/{person_id}.{await _mark(store, person_id)}"


async def stops(store: Store, key: str) -> str | None:
    """Whose digest a key stops; None for one that is not ours."""
    person_id, _, mark = key.partition(".")
    right = await _mark(store, person_id)
    return person_id if hmac.compare_digest(mark.encode(), right.encode()) else None


async def _mark(store: Store, person_id: str) -> str:
    async with store.write() as q:
        secret = await q.settings.secret("digests")
    return hmac.new(secret.encode(), person_id.encode(), hashlib.sha256).hexdigest()[:32]
