"""The brackets of a draft for those who may read it: where they stand, whose they are, and how they became fewer."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakKeyDictionary

from drafts.access import Verb, may
from drafts.bracketed import Kind, Sum, survey, total
from drafts.bracketing import notes, reads
from drafts.burndown import Burndown, Point
from drafts.change import narrow
from drafts.desk import admit, cast, drafts
from drafts.errors import NotFound
from drafts.floor import BracketNote
from drafts.model import Draft, Member, Party, Role
from drafts.state import ClauseState, State
from drafts.store import Store

_MOST_KEPT: Final = 8
_MOST_WORDS: Final = 160  # characters of a bracket's words that a list shows


@dataclass(frozen=True, slots=True)
class Said:
    """Whose a bracket is, for one reader. ``owner`` None: a party that is not in the forum any more. ``label`` names
    the clause that it is ``linked`` to ('' where it has gone)."""

    note: BracketNote
    owner: Party | None
    label: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Item:
    """A bracket in the list. ``start``: of its opening glyph, UTF-16 units of text ``number`` of ``clause``; a single
    bracket (``depth`` 0) stands there, ``opens`` tells which. ``last``: the clause in which it closes, ``end`` behind
    its closing glyph there. ``words``: what is in it, the beginning. ``group`` numbers alternatives side by side."""

    clause: str
    number: int
    start: int
    last: str
    end: int
    depth: int
    kind: Kind
    group: int
    words: str
    opens: bool = True
    said: tuple[Said, ...] = ()

    @property
    def spans(self) -> bool:
        """Whether it closes in a later clause."""
        return self.last != self.clause


@dataclass(frozen=True, slots=True)
class Found:
    """The brackets of a draft as one person sees them; ``me`` None is the operator, who reads what everybody may.
    ``labels`` by clause; ``total`` over the draft. ``edit``: may put and lift; ``note``: may say whose one is;
    ``lead``: also of another party's."""

    me: Member | None
    state: State
    parties: Mapping[str, Party]
    pairs: tuple[Item, ...]
    unbalanced: tuple[Item, ...]
    labels: Mapping[str, str]
    total: Sum
    edit: bool
    note: bool
    lead: bool

    def of_clause(self, clause_id: str) -> list[Item]:
        """The pairs that begin in a clause."""
        return [item for item in self.pairs if item.clause == clause_id]

    def at(self, clause_id: str, start: int) -> Item:
        """The bracket whose opening glyph stands there. Raises NotFound."""
        for item in (*self.pairs, *self.unbalanced):
            if (item.clause, item.start) == (clause_id, start):
                return item
        raise NotFound("not_found", "There is nothing at this address.")


async def of_draft(store: Store, person_id: str | None, draft_id: str) -> Found:
    """All brackets of the text as it stands. Raises NotFound."""
    state, me = await drafts.state(store, person_id, draft_id)
    return _found(me, state, (await cast.of(store, state)).parties)


async def of_operator(store: Store, draft: Draft) -> Found:
    """The same for the operator, who is no party: without what parties keep to themselves."""
    state = await drafts.restored(store, await store.load(draft.id))
    return _found(None, state, (await cast.of(store, state)).parties)


def _found(me: Member | None, state: State, parties: Mapping[str, Party]) -> Found:
    standing = state.standing()
    texts = [clause.wide for clause in standing]
    seen = survey(texts)
    named = state.addresses()
    said = _said(me, state, standing, parties, named)
    pairs = tuple(
        Item(
            standing[p.clause].id, standing[p.clause].number, p.start, standing[p.last].id, p.end, p.depth, p.kind,
            p.group, _words(texts, p.clause, p.start, p.last, p.end), said=said.get((p.clause, p.start), ()),
        )
        for p in seen.pairs
    )  # fmt: skip
    singles = tuple(
        Item(
            standing[place.clause].id, standing[place.clause].number, place.at, standing[place.clause].id, place.at + 1,
            0, Kind.PLAIN, 0, _beside(texts[place.clause], place.at), texts[place.clause][place.at] == "[",
            said.get((place.clause, place.at), ()),
        )
        for place in seen.unbalanced
    )  # fmt: skip
    return Found(
        me, state, parties, pairs, singles, named, total(texts),
        edit=may(me, Verb.DRAFT_EDIT, state.draft) is None,
        note=may(me, Verb.BRACKET_NOTE, state.draft) is None,
        lead=me is not None and me.role in {Role.CHAIR, Role.SECRETARIAT},
    )  # fmt: skip


def _said(
    me: Member | None,
    state: State,
    standing: Sequence[ClauseState],
    parties: Mapping[str, Party],
    named: Mapping[str, str],
) -> dict[tuple[int, int], tuple[Said, ...]]:
    found: dict[tuple[int, int], tuple[Said, ...]] = {}
    for number, clause in enumerate(standing):
        for note, start, _, _ in notes(state, clause) if clause.anchors else ():
            if not note.private or (me is not None and reads(me, note)):
                label = named.get(note.link or "", "")
                one = Said(note, parties.get(note.owner), label, me is not None and note.owner == me.party.id)
                found[number, start] = (*found.get((number, start), ()), one)
    return found


def _words(texts: Sequence[str], clause: int, start: int, last: int, end: int) -> str:
    if clause == last:
        return _short(texts[clause][start + 1 : end - 1])
    return _short(" ".join([texts[clause][start + 1 :], *texts[clause + 1 : last], texts[last][: end - 1]]))


def _beside(wide: str, at: int) -> str:
    """A single bracket with the words round it."""
    start, end = max(0, at - _MOST_WORDS // 4), at + 1 + _MOST_WORDS // 4
    words = narrow(wide[start:end]).replace("\ufffd", "")
    return ("… " if start else "") + words.strip() + (" …" if end < len(wide) else "")


def _short(wide: str) -> str:
    text = narrow(wide).strip()
    return text if len(text) <= _MOST_WORDS else f"{text[:_MOST_WORDS].rstrip()} …"


# ── over time ──


@dataclass(frozen=True, slots=True)
class Burn:
    """The burn-down of a draft for one person."""

    me: Member
    draft: Draft
    parties: Mapping[str, Party]
    versions: tuple[Point, ...]
    days: tuple[Point, ...]


@dataclass(slots=True)
class _Kept:
    replay: Burndown
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


_kept: WeakKeyDictionary[Store, OrderedDict[str, _Kept]] = WeakKeyDictionary()


async def burndown(store: Store, person_id: str | None, draft_id: str) -> Burn:
    """The brackets of each issued version and each day. Raises NotFound."""
    async with store.read() as q:
        draft, me = await admit.to_draft(q, person_id, draft_id, Verb.DRAFT_READ)
        parties = await q.forums.parties(draft.forum_id)
    return Burn(me, draft, {party.id: party for party in parties}, *await points(store, draft))


async def points(store: Store, draft: Draft) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """The points of versions and of days; the caller has asked whether the draft may be read. The replay is kept for
    the next reader, who pays for what happened since only."""
    kept = _kept.setdefault(store, OrderedDict())
    found = kept.setdefault(draft.id, _Kept(Burndown(draft)))
    kept.move_to_end(draft.id)
    while len(kept) > _MOST_KEPT:
        kept.popitem(last=False)
    async with found.lock:
        if found.replay.seq < draft.seq:
            acts = await store.acts(draft.id, found.replay.seq, limit=draft.seq - found.replay.seq)
            try:
                await asyncio.to_thread(found.replay.take, acts)
            except BaseException:  # a reader who leaves takes no thread along: it goes on with what nobody reads now
                found.replay = Burndown(draft)
                raise
        return found.replay.versions(), found.replay.days()
