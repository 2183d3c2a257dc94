"""Who wrote and who removed each word of a draft, for those who may read it. Comments' marks leave no trace in it."""

import asyncio
from collections import OrderedDict
from typing import Final
from weakref import WeakKeyDictionary

from drafts.access import Verb
from drafts.desk import admit
from drafts.moments import Moments
from drafts.store import Store

_MOST_KEPT: Final = 8
_kept: WeakKeyDictionary[Store, OrderedDict[tuple[str, int], Moments]] = WeakKeyDictionary()


async def load(store: Store, person_id: str | None, draft_id: str) -> Moments:
    """The draft's words with their acts, up to its last one. Raises NotFound."""
    async with store.read() as q:
        draft, _ = await admit.to_draft(q, person_id, draft_id, Verb.DRAFT_READ)
    return await of(store, draft_id, draft.seq)


async def of(store: Store, draft_id: str, seq: int) -> Moments:
    """The same, up to act ``seq``; the caller has asked whether the draft may be read. Kept for the next reader."""
    kept, key = _kept.setdefault(store, OrderedDict()), (draft_id, seq)
    found = kept.get(key)
    if found is None:
        acts = await store.acts(draft_id, 0, limit=seq)
        found = await asyncio.to_thread(Moments, acts)
        for older in [one for one in kept if one[0] == draft_id and one[1] < seq]:
            del kept[older]
    kept[key] = found
    kept.move_to_end(key)
    while len(kept) > _MOST_KEPT:
        kept.popitem(last=False)
    return found
