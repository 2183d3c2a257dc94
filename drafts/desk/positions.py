"""Who stands where: parties against what lies on the table, and how each came to stand there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from drafts import tallies
from drafts.access import Verb, hears, may
from drafts.acts import Act, ActKind
from drafts.desk import admit, drafts
from drafts.desk import cast as casts
from drafts.desk.cast import Cast
from drafts.desk.floor import View, Views
from drafts.floor import Tabled
from drafts.model import Member, Party, Stance
from drafts.state import State
from drafts.store import Store

PAGE: Final = 50  # things on a page


@dataclass(frozen=True, slots=True)
class Wish:
    """What to show: proposals that were closed too, or not; of one clause, of one party, where they are named (ids)."""

    closed: bool = False
    clause: str = ""
    party: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Thing:
    """What positions are taken on: a proposal, or a clause (then ``tabled`` is None). ``clause`` is the clause that it
    is about; ``positions`` as ``desk.floor`` gives them to the asker."""

    id: str
    clause: str | None
    tabled: Tabled | None
    positions: View | None = None

    @property
    def listed(self) -> list[View]:
        """Where each party stands that the asker may know of."""
        return (self.positions and self.positions["list"]) or []

    @property
    def open(self) -> bool:
        """Whether positions can be taken on it still."""
        return self.tabled is None or self.tabled.open


@dataclass(frozen=True, slots=True)
class Matrix:
    """A page of things in the order of the text, and the parties that say something to them, by name, one's own among
    them. ``count``: things on all pages; ``reads``: whether others' positions are open to the asker."""

    state: State
    me: Member
    people: Cast
    things: list[Thing]
    parties: list[Party]
    count: int
    page: int
    reads: bool

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.count // PAGE))


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that happened to where a party stands. ``what``: ``position`` (from ``old`` to ``new``, None: none),
    ``tabled``, ``joined`` and ``left`` (the sponsors), ``reworded`` (then ``wording`` is the new one)."""

    seq: int
    at: int  # UTC ms
    party: str
    person: str
    what: str
    old: Stance | None = None
    new: Stance | None = None
    note: str = ""
    condition: str | None = None
    parties: tuple[str, ...] = ()
    wording: int = 0


@dataclass(frozen=True, slots=True)
class One:
    """One thing with its history, the oldest first, as far as the asker may know it."""

    state: State
    me: Member
    people: Cast
    thing: Thing
    history: list[Turn]
    may_take: bool
    reads: bool


async def matrix(store: Store, person_id: str | None, draft_id: str, wish: Wish) -> Matrix:
    """Who stands where. Raises NotFound."""
    state, me = await drafts.state(store, person_id, draft_id)
    people = await casts.of(store, state)
    views = Views(state, people)
    reads = may(me, Verb.POSITIONS_READ, state.draft) is None
    found = [thing for thing in _things(views, me, wish) if _stands(views, me, thing, wish.party, reads=reads)]
    page = min(max(1, wish.page), max(1, -(-len(found) // PAGE)))
    shown = [_read(views, me, thing) for thing in found[(page - 1) * PAGE : page * PAGE]]
    return Matrix(state, me, people, shown, _rows(shown, people, me, wish), len(found), page, reads)


async def one(store: Store, person_id: str | None, draft_id: str, on: str) -> One:
    """A proposal or a clause: who stands where on it, and how that came. Raises NotFound."""
    state, me = await drafts.state(store, person_id, draft_id)
    people = await casts.of(store, state)
    views = Views(state, people)
    tabled, clause = state.floor.proposals.get(on), state.clause(on)
    if tabled is not None and views.open_to(me, tabled):
        thing = _read(views, me, Thing(on, tabled.clause, tabled))
    elif clause is not None and clause.gone is None:
        thing = _read(views, me, Thing(on, on, None))
    else:
        raise admit.nothing()
    async with store.read() as q:
        acts = await q.log.naming(draft_id, tabled.seq if tabled else 1, on)
    heard = [act for act in acts if hears(me, act, state.draft, people.forum)]
    takes = thing.open and may(me, Verb.POSITION_TAKE, state.draft) is None
    reads = may(me, Verb.POSITIONS_READ, state.draft) is None
    return One(state, me, people, thing, list(turns(heard, on)), takes, reads)


def _read(views: Views, me: Member, thing: Thing) -> Thing:
    return replace(thing, positions=views.positions(me, thing.id, open_=thing.open))


def turns(acts: Sequence[Act], on: str) -> Iterator[Turn]:
    """What acts, in their order, did to where parties stand on a thing."""
    held: dict[str, Stance | None] = {}
    for act in acts:
        body, by = act.body, (act.seq, act.at, act.party_id, act.person_id)
        if act.kind is ActKind.POSITION and body["on"] == on:
            new = Stance(body["stance"]) if body["stance"] else None
            yield Turn(
                *by, "position", held.get(act.party_id), new, body["note"], body["if"], tuple(body["for"]),
                body["wording"],
            )  # fmt: skip
            held[act.party_id] = new
        elif body.get("proposal") == on and (what := _WHAT.get(act.kind)):
            yield Turn(*by, what(body), wording=body.get("wording", 0))


_WHAT: Final[dict[ActKind, Any]] = {
    ActKind.TABLE: lambda _: "tabled",
    ActKind.REVISE: lambda _: "reworded",
    ActKind.SPONSOR: lambda body: "joined" if body["joins"] else "left",
}


# ── which things ──


def _things(views: Views, me: Member, wish: Wish) -> Iterator[Thing]:
    """In the order of the text: each clause of which there is something to say, then the proposals about it; at the
    end proposals for new clauses. Without positions."""
    state = views.state
    about: dict[str | None, list[Tabled]] = {}
    for tabled in state.floor.proposals.values():
        if (wish.closed or tabled.open) and views.open_to(me, tabled):
            about.setdefault(tabled.clause, []).append(tabled)
    for clause in state.clauses:
        if wish.clause and wish.clause != clause.id:
            continue
        if clause.gone is None and (clause.locked or wish.clause or _spoken(views, me, clause.id)):
            yield Thing(clause.id, clause.id, None)
        yield from (Thing(tabled.id, tabled.clause, tabled) for tabled in about.get(clause.id, ()))
    if not wish.clause:
        yield from (Thing(tabled.id, None, tabled) for tabled in about.get(None, ()))


def _spoken(views: Views, me: Member, clause_id: str) -> bool:
    """Whether anybody, as far as the asker may know, says something to a clause."""
    if not views.state.floor.positions.get(clause_id):
        return False
    said = views.positions(me, clause_id, open_=True)
    return bool(said and (said["list"] or said["mine"]))


def _stands(views: Views, me: Member, thing: Thing, party: str, *, reads: bool) -> bool:
    """Whether a party, if one is asked for, says something to it, as far as the asker may know."""
    if not party:
        return True
    if reads:
        return party in tallies.of(views.state.floor, thing.id, alignments=views.cast.alignments).by_party
    said = _read(views, me, thing).positions if party == me.party.id else None
    return bool(said and said["mine"])


def _rows(things: list[Thing], people: Cast, me: Member, wish: Wish) -> list[Party]:
    ids = {view["party"]["id"] for thing in things for view in thing.listed} | {me.party.id}
    if wish.party:
        ids &= {wish.party}
    return sorted((people.parties[one] for one in ids if one in people.parties), key=lambda party: party.name)
