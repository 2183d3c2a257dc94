"""The compilation text of a draft as each may see it: made when somebody asks, and read back from a file."""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from drafts import exchange
from drafts.access import Verb, demand, may
from drafts.compilation import Compilation, compiled
from drafts.desk import admit, cast, drafts
from drafts.desk.cast import Cast
from drafts.exchange import compiled as coming
from drafts.exchange.document import Compiled, Document, Written
from drafts.model import Draft, Member, Party
from drafts.notation import name_of
from drafts.state import State
from drafts.store import Store

LABEL: Final = "Compilation text"
_MOST_KEPT: Final = 6  # compilations; one of 1,200 proposals has about 5 MB
_kept: OrderedDict[tuple[object, ...], Compilation] = OrderedDict()  # right for ever: a log does not change


@dataclass(frozen=True, slots=True)
class Told:
    """A compilation with what stands around it. ``names``: what each party (id) is called in it. ``positions``: whether
    what others say to the proposals is in it. ``me`` None: the operator."""

    state: State
    me: Member | None
    people: Cast
    found: Compilation
    names: Mapping[str, str]
    positions: bool

    @property
    def proposals(self) -> int:
        """How many proposals are on the table."""
        return len(self.state.floor.open())


@dataclass(frozen=True, slots=True)
class Read:
    """A compilation that was read from a file. ``parties``: what a name in it stands for, None for nobody here."""

    found: exchange.Compilation
    parties: Mapping[str, Party | None]


async def of_draft(store: Store, person_id: str | None, draft_id: str) -> Told:
    """The compilation of the text as it stands, for a person. Raises NotFound."""
    state, me = await drafts.state(store, person_id, draft_id)
    demand(me, Verb.PROPOSALS_READ, state.draft)
    return await _told(store, state, me, positions=may(me, Verb.POSITIONS_READ, state.draft) is None)


async def of(store: Store, draft: Draft) -> Told:
    """The same for the operator, who reads everything. Raises NotFound."""
    return await _told(store, await drafts.restored(store, await store.load(draft.id)), None, positions=True)


async def _told(store: Store, state: State, me: Member | None, *, positions: bool) -> Told:
    people = await cast.of(store, state)
    names = called(people.parties.values())
    key = (state.draft.id, state.draft.seq, positions, tuple(sorted(names.items())))
    found = _kept.get(key)
    if found is None:
        found = _kept[key] = await asyncio.to_thread(compiled, state, names, positions=positions)
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return Told(state, me, people, found, names, positions)


def called(parties: Iterable[Party]) -> dict[str, str]:
    """What parties are called in the notation, each otherwise: by their names, or by their codes."""
    told = list(parties)
    names = {party.id: name_of(party.name, party.code) for party in told}
    twice = {name for name, count in Counter(name.casefold() for name in names.values()).items() if count > 1}
    return {party.id: party.code if names[party.id].casefold() in twice else names[party.id] for party in told}


def document(told: Told) -> Document:
    """The compilation as a document, for files."""
    draft = told.state.draft
    entries = told.found.entries
    texts = {entry.clause.id: entry.base for entry in entries if entry.base is not None}
    return Document(
        told.people.forum.name,
        draft.title,
        draft.symbol,
        LABEL,
        None,
        draft.language,
        draft.id,
        draft.seq,
        0,
        "",
        tuple(Written(entry.clause) for entry in entries),
        compiled=Compiled(told.found.parties, texts),
    )


async def read(store: Store, person_id: str | None, draft_id: str, name: str, data: bytes) -> Read:
    """What a file holds that is a compilation of a draft's text. Nothing is kept. Raises NotFound, and what reading a
    file raises."""
    async with store.read() as q:
        draft, me = await admit.to_draft(q, person_id, draft_id, Verb.DRAFT_READ)
    demand(me, Verb.PROPOSALS_READ, draft)
    return await read_by_operator(store, draft, name, data)


async def read_by_operator(store: Store, draft: Draft, name: str, data: bytes) -> Read:
    """The same, whoever asks."""
    async with store.read() as q:
        parties = await q.forums.parties(draft.forum_id)
    return await asyncio.to_thread(_read, name, data, parties)


def _read(name: str, data: bytes, parties: list[Party]) -> Read:
    by_id = {party.id: party for party in parties}
    names = [(party.id, spelt) for party in parties for spelt in (party.name, party.code)]
    names += called(parties).items()
    found = exchange.read_compilation(name, data, {spelt for _, spelt in names})
    who = coming.called(names)
    used = {name for clause in found.clauses for group in clause.notated.every() for name in group.names}
    return Read(found, {name: by_id.get(who(name) or "") for name in sorted(used | set(found.unknown))})
