"""Who is told what of the table: after a turn, each listener what changed there, as they may see it.

Acts of the table are never sent as they are (``access.PRIVATE``): a listener gets views made for them
(drafts/desk/floor.py), and only of what acts that they may hear have touched. Listeners of one party and role share one
encoded frame. What changes with every keystroke, how a proposal stands against the clause's words, is told again at
most once a second per clause, by a timer that runs only while such a change waits.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from drafts.access import PRIVATE, hears
from drafts.acts import Act, ActKind
from drafts.desk import cast
from drafts.desk.cast import Cast
from drafts.desk.floor import View, Views
from drafts.floor import subject
from drafts.model import Member, Role
from drafts.state import State
from drafts.store import Store
from server import wire
from server.frames import Frame
from server.outbox import Outbox

PACE: Final = 1.0  # seconds between two tellings of how the proposals on a clause that is being edited stand
KNOWN_FOR: Final = 30.0  # seconds after which parties' names are read again
_TEXT: Final = frozenset(
    {ActKind.EDIT, ActKind.CARRY, ActKind.SPLIT, ActKind.JOIN, ActKind.DELETE, ActKind.RESTORE}
)  # what can change how a proposal stands against its clause
_TABLED: Final = frozenset({ActKind.TABLE, ActKind.REVISE, ActKind.WITHDRAW, ActKind.CLOSE})
_OF_DRAFT: Final = frozenset(
    {ActKind.SET, ActKind.SILENCE, ActKind.BREAK, ActKind.ADOPT, ActKind.CANCEL, ActKind.EXPLAIN}
)
_SIGHT: Final = frozenset({"proposals", "positions"})  # facts of the draft that open or close the table to some


class Listener(Protocol):
    """A connection, as far as it matters here."""

    @property
    def member(self) -> Member:
        """Who listens."""

    @property
    def outbox(self) -> Outbox:
        """What waits for them."""


@dataclass(slots=True)
class Touched:
    """What is to be told: proposals and clauses by id, the draft's facts, or the whole table."""

    proposals: dict[str, None] = field(default_factory=dict)  # in order, each once
    clauses: dict[str, None] = field(default_factory=dict)
    draft: bool = False
    whole: bool = False

    def take(self, act: Act, state: State) -> None:
        """One more act that the listener may hear."""
        if act.kind is ActKind.MARK:
            return
        about = subject(act)
        if act.kind in PRIVATE or act.kind is ActKind.LOCK:
            self.proposals.update(dict.fromkeys(about["proposals"]))
            self.clauses.update(dict.fromkeys(() if about["proposals"] else about["clauses"]))
        if act.kind in _TABLED or act.kind is ActKind.LOCK:  # the others on the clause may be equal to it, or not now
            self.proposals.update(dict.fromkeys(rivals(state, act.clause_id)))
        self.draft |= act.kind in _OF_DRAFT or act.kind in _TABLED
        self.whole |= act.kind is ActKind.SET and not _SIGHT.isdisjoint(act.body)

    def __bool__(self) -> bool:
        return bool(self.proposals or self.clauses or self.draft or self.whole)


class Teller:
    """Tells the table's changes. ``soon``: called when the time has come to tell what waits."""

    def __init__(self, store: Store, soon: Callable[[], None]) -> None:
        self.store = store
        self.changed = 0  # number of the last act that changed the table or how something on it stands
        self._soon = soon
        self._cast: Cast | None = None
        self._read_at = 0.0
        self._told_at: dict[str, float] = {}  # when the proposals on a clause were last told for its words' sake
        self._waiting: dict[str, None] = {}  # clauses whose proposals are still to be told
        self._timer: asyncio.TimerHandle | None = None

    async def tell(self, state: State, acts: Sequence[Act], listeners: Sequence[Listener]) -> None:
        """What these acts, in force in ``state``, have changed on the table; and what waited long enough."""
        told = [act for act in acts if act.kind in PRIVATE or act.kind in _OF_DRAFT or act.kind is ActKind.LOCK]
        self._note(state, acts)
        due = self._due(state)
        if told or due:
            self.changed = state.draft.seq
        if (not told and not due) or not listeners:
            return
        views = Views(state, await self._known(state), brief=True)
        forum = views.cast.forum
        for member, those in _alike(listeners):
            touched = Touched(proposals=dict.fromkeys(due))
            for act in told:
                if hears(member, act, state.draft, forum):
                    touched.take(act, state)
            frame = framed(views, member, touched) if touched else None
            if frame is not None:
                _send(frame, those)

    async def arrive(self, state: State, listener: Listener, since: int | None) -> None:
        """Somebody who knows the table as it was after act ``since`` comes back: all of it, if it has changed."""
        if since is not None and since < self.changed:
            views = Views(state, await self._known(state), brief=True)
            frame = framed(views, listener.member, Touched(whole=True))
            if frame is not None:
                _send(frame, [listener])

    def stop(self) -> None:
        """No more timers."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # ── words that move on ──

    def _note(self, state: State, acts: Iterable[Act]) -> None:
        """The clauses with open proposals whose words these acts have changed."""
        for act in acts:
            if act.kind in _TEXT:
                for clause in (act.clause_id, act.body.get("of")):
                    if clause and rivals(state, clause):
                        self._waiting[clause] = None

    def _due(self, state: State) -> list[str]:
        """The proposals on clauses that were told long enough ago; for the others a timer runs."""
        now = asyncio.get_running_loop().time()
        ready = [c for c in self._waiting if now - self._told_at.get(c, -PACE) >= PACE]
        for clause in ready:
            del self._waiting[clause]
            self._told_at[clause] = now
        if self._waiting and self._timer is None:
            first = min(self._told_at[clause] for clause in self._waiting)
            self._timer = asyncio.get_running_loop().call_at(first + PACE, self._ring)
        return [one for clause in ready for one in rivals(state, clause)]

    def _ring(self) -> None:
        self._timer = None
        self._soon()

    # ── names ──

    async def _known(self, state: State) -> Cast:
        """Parties and people, read again when somebody new wrote or tabled, and now and then."""
        now = asyncio.get_running_loop().time()
        found = self._cast
        if found is None or now - self._read_at > KNOWN_FOR or not _names_all(found, state):
            self._read_at = now
            return await self._read(state)
        if any(silence.breaks for silence in state.floor.silences):  # who hears of them is the forum's rule of today
            async with self.store.read() as q:
                forum = await q.forums.get(state.draft.forum_id)
            found = replace(found, forum=forum or found.forum)
        return found

    async def _read(self, state: State) -> Cast:
        self._cast = await cast.of(self.store, state)
        return self._cast


def _names_all(known: Cast, state: State) -> bool:
    said = [(p.person, p.party) for p in state.floor.proposals.values()]
    return all(person in known.names and party in known.parties for person, party in (*state.authors, *said))


def rivals(state: State, clause_id: str | None) -> list[str]:
    """The open proposals on a clause."""
    return [p.id for p in state.floor.of_clause(clause_id) if p.open] if clause_id else []


def framed(views: Views, member: Member, touched: Touched) -> Frame | None:
    """What the member may see of what was touched; None when that is nothing."""
    if touched.whole:
        return Frame.of(wire.FloorFrame(**views.all(member), whole=True))
    known = views.state.floor.proposals
    proposals = [view for p in touched.proposals if p in known and (view := views.proposal(member, known[p]))]
    clauses: list[View] = [view for c in touched.clauses if (view := views.clause(member, c))]
    if not (proposals or clauses or touched.draft):
        return None
    draft = views.draft(member) if touched.draft else None
    return Frame.of(wire.FloorFrame(views.state.draft.seq, proposals, clauses, draft))


def _alike(listeners: Iterable[Listener]) -> Iterator[tuple[Member, list[Listener]]]:
    """Listeners who see the same, with one of them: what the table shows goes by party and role."""
    groups: dict[tuple[str, Role], list[Listener]] = {}
    for listener in listeners:
        groups.setdefault((listener.member.party.id, listener.member.role), []).append(listener)
    for those in groups.values():
        yield those[0].member, those


def _send(frame: Frame, listeners: Iterable[Listener]) -> None:
    for listener in listeners:
        listener.outbox.put(frame)
