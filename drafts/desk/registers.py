"""Proof of the registers of consultations: every row's hash made again, the chain followed to where the round says
that it ends, and what remarks and replies say held against the digests of what was sent.

Words that were erased by right have lost their salt with them: nothing can be said of them, and nothing has to be.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from drafts import commenting
from drafts.consultation import Round
from drafts.register import chained, digest
from drafts.store import Store, Work

_PAGE: Final = 1_000  # rows in memory at a time
_IDS: Final = 400
_WORDED: Final = frozenset({"sent", "changed", "replied", "reply_changed", "imported", "split"})


async def fault(store: Store, told: Round) -> tuple[str, str] | None:
    """The first bad row of a round's register, such as ``row 17``, and what is wrong with it; None when there is
    none."""
    said: dict[str, str] = {}  # the digest of the last words of each remark and reply, by its id
    seq, head = 0, ""
    async with store.read() as q:
        entries, wanted = await q.register.end(told.id)
    while seq < entries:
        async with store.read() as q:
            page = await q.register.rows(told.id, seq, _PAGE)
        for row in page:
            if row.seq != seq + 1:
                return f"row {seq + 1}", "is missing"
            if row.seq > entries:
                break
            seq, head = row.seq, chained(head, told.id, row.seq, row.entry)
            if head != row.hash:
                return f"row {seq}", "does not match its hash: it was changed, or the row before it was"
            if row.entry.kind in _WORDED and row.entry.digest:
                said[row.entry.of_id] = row.entry.digest
        if not page:
            return f"row {seq + 1}", "is missing"
    if head != wanted:
        return "register", "does not have the hash of its last row"
    async with store.read() as q:
        count, different, last = await q.register.numbers(told.id)
    if count != different or count != last:
        return "comments", f"are {count} with {different} numbers, but {last} were sent"
    return await _words(store, said)


async def _words(store: Store, said: Mapping[str, str]) -> tuple[str, str] | None:
    """Whether remarks and replies say what was sent."""
    known = list(said)
    for at in range(0, len(known), _IDS):
        ids = known[at : at + _IDS]
        async with store.read() as q:
            now = await _now(q, ids)
        for of_id in ids:
            if of_id not in now:
                return f"comment {of_id}", "is missing"
            if now[of_id] not in {"", said[of_id]}:
                return f"comment {of_id}", "does not say what was sent: its words were changed"
    return None


async def _now(q: Work, ids: Sequence[str]) -> dict[str, str]:
    """The digests of what remarks and replies say; '' for those whose salt is gone."""
    salts = await q.register.salts(ids)
    found = {}
    for remark in await q.remarks.of_ids(list(ids)):
        salt = salts[remark.id]
        found[remark.id] = commenting.fingerprint(salt, remark) if salt else ""
    for reply_id, body in (await q.register.replies(ids)).items():
        salt = salts[reply_id]
        found[reply_id] = digest(salt, body) if salt else ""
    return found
