"""Files that people bring: kept for their party, to be compared with a draft or merged into it (``merges``)."""

from dataclasses import replace
from datetime import datetime, timedelta

from drafts.access import BroughtIn, Verb, demand
from drafts.desk import admit, fields
from drafts.errors import Conflict, Invalid, TooMany
from drafts.exchange.parsed import Parsed
from drafts.model import Draft, Member, new_id, now
from drafts.outside import After, Brought, Held, Purpose, Stage, packed
from drafts.store import Store, Work

MAX_WAITING = 20  # files of one party for one draft and purpose
KEPT = timedelta(days=14)  # how long one may wait


async def keep(
    store: Store,
    person_id: str | None,
    draft_id: str,
    name: str,
    parsed: Parsed,
    purpose: Purpose | str,
    *,
    base: int | After | None = None,
    brought_id: str | None = None,
) -> Brought:
    """Keep a file that was read. Whoever may read the draft may bring one.

    Its base is ``base`` (the number of a version, or ``After``); else what the file itself says it was made from, if
    that is this draft; else the last version; else the text as it stands. ``brought_id``: the caller's own id; if there
    is one of it already, that is given back. Of files for comparing the oldest goes when there are ``MAX_WAITING``.

    Raises NotFound, Invalid, TooMany.
    """
    wanted = Purpose(purpose)
    async with store.write() as q:
        draft, member = await admit.to_draft(q, person_id, draft_id, Verb.DRAFT_READ)
        if draft.parent and wanted is Purpose.MERGE:
            raise admit.nothing()  # a proposal's own text is one clause: nothing is merged into it
        if brought_id is not None and (known := await q.brought.get(brought_id)) is not None:
            return _own(member, draft, known)
        await q.brought.forget_waiting(now() - KEPT)
        await _make_room(q, draft, member, wanted)
        seq, version = await _base(q, draft, parsed, base)
        made = Brought(
            id=brought_id or new_id(),
            draft_id=draft.id,
            person_id=member.person_id,
            party_id=member.party.id,
            at=now(),
            name=fields.line(name[:200], 200) or "–",
            purpose=wanted,
            state=Stage.WAITING,
            base_seq=seq,
            base_version=version,
            data=packed(parsed),
        )
        await q.brought.add(made)
    return made


async def get(store: Store, person_id: str | None, brought_id: str) -> Brought:
    """A file that the person's party brought. Raises NotFound."""
    async with store.read() as q:
        return (await admitted(q, person_id, brought_id))[0]


async def waiting(
    store: Store, person_id: str | None, draft_id: str, purpose: Purpose | str = Purpose.MERGE
) -> list[Brought]:
    """What the person's party brought to a draft and still waits, the latest first. Raises NotFound."""
    return [one for one in await every(store, person_id, draft_id, purpose) if one.state is Stage.WAITING]


async def every(
    store: Store, person_id: str | None, draft_id: str, purpose: Purpose | str = Purpose.MERGE
) -> list[Brought]:
    """What the person's party brought to a draft, applied or waiting, the latest first. Raises NotFound."""
    async with store.read() as q:
        draft, member = await admit.to_draft(q, person_id, draft_id, Verb.DRAFT_READ)
        return await q.brought.of_party(draft.id, member.party.id, Purpose(purpose))


async def held(store: Store, person_id: str | None, draft_id: str) -> list[Held]:
    """What the person's party brought to merge and that waits or has conflicts to settle, the latest first. Raises
    NotFound."""
    async with store.read() as q:
        draft, member = await admit.to_draft(q, person_id, draft_id, Verb.DRAFT_READ)
        return await q.brought.held(draft.id, member.party.id)


async def set_base(store: Store, person_id: str | None, brought_id: str, version: int | None) -> Brought:
    """Say which version a waiting file was made from; None: the text as it stands now. Raises NotFound, Conflict,
    Invalid."""
    async with store.write() as q:
        found, draft, _ = await admitted(q, person_id, brought_id, lock=True)
        if found.state is not Stage.WAITING:
            raise Conflict("already_applied", "This file was merged already.")
        seq = draft.seq if version is None else await _version(q, draft, version)
        changed = replace(found, base_seq=seq, base_version=version)
        await q.brought.set(changed)
    return changed


async def discard(store: Store, person_id: str | None, brought_id: str) -> None:
    """Delete a waiting file. Raises NotFound; Conflict once it is applied: it is part of the record then."""
    async with store.write() as q:
        found, _, _ = await admitted(q, person_id, brought_id, lock=True)
        if found.state is Stage.APPLIED:
            raise Conflict("already_applied", "This file was merged already.")
        await q.brought.forget(brought_id)


async def sweep(store: Store, at: datetime | None = None) -> int:
    """Delete what has waited for more than ``KEPT``; how many."""
    async with store.write() as q:
        return await q.brought.forget_waiting((at or now()) - KEPT)


async def admitted(
    q: Work, person_id: str | None, brought_id: str, *, lock: bool = False
) -> tuple[Brought, Draft, Member]:
    """The file with its draft and what the person is there. Raises NotFound."""
    found = await q.brought.get(brought_id, lock=lock)
    if found is None:
        raise admit.nothing()
    draft, member = await admit.to_draft(q, person_id, found.draft_id, Verb.DRAFT_READ)
    return _own(member, draft, found), draft, member


def _own(member: Member, draft: Draft, found: Brought) -> Brought:
    demand(member, Verb.BROUGHT_READ, BroughtIn(draft, found.party_id))
    return found


async def _make_room(q: Work, draft: Draft, member: Member, purpose: Purpose) -> None:
    found = await q.brought.of_party(draft.id, member.party.id, purpose)
    held = [one for one in found if one.state is Stage.WAITING]
    if len(held) < MAX_WAITING:
        return
    if purpose is Purpose.MERGE:
        raise TooMany(
            "too_many_files", "{limit} files wait already. Merge or discard some of them first.", limit=MAX_WAITING
        )
    for one in held[MAX_WAITING - 1 :]:
        await q.brought.forget(one.id)


async def _base(q: Work, draft: Draft, parsed: Parsed, base: int | After | None) -> tuple[int, int | None]:
    if isinstance(base, After):
        if not 1 <= base.seq <= draft.seq:
            raise Invalid("no_base", "The text never was as this says it was.")
        return base.seq, None
    if base is not None:
        return await _version(q, draft, base), base
    versions = {version.number: version.seq for version in await q.drafts.versions(draft.id)}
    said = parsed.base
    if said is not None and said.draft == draft.id and 1 <= said.seq <= draft.seq:
        known = said.version if versions.get(said.version) == said.seq else None
        return said.seq, known
    if versions:
        last = max(versions)
        return versions[last], last
    return draft.seq, None


async def _version(q: Work, draft: Draft, number: int) -> int:
    found = await q.drafts.version(draft.id, number) if 0 < number < 10**9 else None
    if found is None:
        raise Invalid("no_version", "There is no version {number}.", number=number)
    return found[0].seq
