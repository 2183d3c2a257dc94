"""Drafts: bringing a text, opening it, and its state as the log has it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from drafts.access import Verb, may
from drafts.acts import Act, Body, Decided
from drafts.beginning import beginning
from drafts.desk import admit, fields
from drafts.errors import Invalid, TooLarge
from drafts.model import Clause, ClauseKind, Draft, DraftKind, Forum, Member, Mode, Stage, new_id, now
from drafts.room import MAX_CLAUSES, clean
from drafts.stages import FROZEN
from drafts.state import State
from drafts.store import Loaded, Store, keep

T = TypeVar("T")
_CLAUSE_ID = re.compile(r"[0-9a-z]{4,32}\Z")


async def open(  # noqa: A001  # reads ``drafts.open(…)``
    store: Store, person_id: str | None, draft_id: str, verb: Verb = Verb.DRAFT_READ
) -> tuple[Draft, Member]:
    """A draft and what the person is in its forum. Raises NotFound, Forbidden."""
    async with store.read() as q:
        return await admit.to_draft(q, person_id, draft_id, verb)


async def of_forum(store: Store, person_id: str | None, forum_id: str) -> tuple[Forum, Member, list[Draft]]:
    """A forum with the drafts that the person may read there, the oldest first. Raises NotFound."""
    async with store.read() as q:
        forum, member = await admit.to_forum(q, person_id, forum_id, Verb.FORUM_READ)
        found = await q.drafts.of_forum(forum_id)
    return forum, member, [draft for draft in found if may(member, Verb.DRAFT_READ, draft) is None]


async def state(store: Store, person_id: str | None, draft_id: str) -> tuple[State, Member]:
    """The draft as it stands now, from the log. Raises NotFound. The server has the state of open drafts in its hub."""
    _, member = await open(store, person_id, draft_id)
    return await restored(store, await store.load(draft_id)), member


async def restored(store: Store, found: Loaded) -> State:
    """The state of what was loaded; from the whole log where the checkpoint is one of another release."""
    return await loaded(store, found, State.restore)


async def loaded(store: Store, found: Loaded, make: Callable[[Draft, tuple[int, bytes] | None, Sequence[Act]], T]) -> T:
    """A state or a room made of what was loaded; from the whole log where the checkpoint is one of another release."""
    try:
        return make(found.draft, found.checkpoint, found.tail)
    except ValueError:
        if found.checkpoint is None:
            raise
    return make(found.draft, None, await store.acts(found.draft.id, 0, limit=found.draft.seq))


async def at(store: Store, draft: Draft, seq: int) -> State:
    """The draft as it was after act ``seq``."""
    async with store.read() as q:
        kept = await q.drafts.checkpoint(draft.id)
        acts = await q.log.acts(draft.id, 0, limit=seq) if kept is None or kept[0] > seq else []
        if kept is not None and kept[0] <= seq:
            acts = await q.log.acts(draft.id, kept[0], limit=seq - kept[0]) if kept[0] < seq else []
        else:
            kept = None
    return await loaded(store, Loaded(replace(draft, seq=seq), kept, acts), State.restore)


async def create(  # noqa: PLR0913, PLR0917  # a draft has these facts; a bag for them would be made once, here
    store: Store,
    person_id: str | None,
    forum_id: str,
    title: str,
    symbol: str,
    kind: str,
    language: str,
    mode: str,
    observers: bool,
    clauses: Sequence[Clause],
    *,
    stage: str = Stage.SECOND_READING,
) -> Draft:
    """Bring a text: act 1 of a new draft, at a stage from preparation to the second reading. Clauses keep their id
    where it is usable and new in the text.

    Raises NotFound, Forbidden, Invalid, TooLarge.
    """
    async with store.write() as q:
        _, member = await admit.to_forum(q, person_id, forum_id, Verb.DRAFT_CREATE)
        draft = Draft(
            id=new_id(),
            forum_id=forum_id,
            title=fields.line(title, 500, needed="A draft needs a title."),
            symbol=fields.line(symbol, 100),
            kind=fields.choice(DraftKind, kind),
            language=fields.tag(language),
            mode=fields.choice(Mode, mode),
            observers=observers,
            seq=0,
            created_at=now(),
            stage=_first(stage),
        )
        act = beginning(draft, member, _brought(clauses))
        await q.drafts.add(draft, member.person_id)
        after = replace(draft, seq=1)
        await keep(q, draft, "", Decided((act,), after))
    return after


def _first(stage: str) -> Stage:
    chosen = fields.choice(Stage, stage)
    if chosen in FROZEN:
        raise Invalid("bad_choice", "Please choose one of the list.")
    return chosen


def _brought(clauses: Sequence[Clause]) -> list[Body]:
    if len(clauses) > MAX_CLAUSES:
        raise TooLarge("draft_size", "A draft holds at most {limit} clauses.", limit=MAX_CLAUSES)
    used: set[str] = set()
    brought = []
    for clause in clauses:
        own = clause.id if _CLAUSE_ID.match(clause.id) and clause.id not in used else new_id()
        used.add(own)
        kind = fields.choice(ClauseKind, clause.kind)
        low, high = (1, 3) if kind is ClauseKind.SUB else (0, 0)
        if not low <= clause.depth <= high:
            raise Invalid("bad_depth", "A sub-clause has a depth from 1 to 3, other clauses have none.")
        lang = fields.tag(clause.lang) if clause.lang else ""
        brought.append(
            {"id": own, "kind": kind.value, "depth": clause.depth, "lang": lang, "text": clean(clause.text).strip()}
        )
    return brought
