"""One draft edited live, without I/O: a command or a push goes in, numbered acts come out, or a refusal.

The room decides against its state and applies what it decided at once, so that the next in the same batch sees it. The
caller (server/hub.py, or desk/live.py for doors outside the hub) commits the batch and only then acknowledges and
spreads it; when the commit fails the room is thrown away and loaded again from the log.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import takewhile

from drafts import bracketing, settling, silence, stances, tabling
from drafts import commands as do
from drafts.access import Verb, demand
from drafts.acts import Act, ActKind, Body, Since
from drafts.change import Change
from drafts.decide import (
    COMMANDS,
    MAX_CLAUSES,
    MAX_COMMENT,
    MAX_INSERTED,
    Outcome,
    clean,
    comment_body,
    unlocked,
)
from drafts.errors import Conflict, Invalid, Refusal
from drafts.landing import land
from drafts.late import Gap, Item, Late, NeedHistory, Placed, composed
from drafts.model import Draft, Member
from drafts.state import ClauseState, State

MAX_UPDATES = 500  # updates in one push
KEPT = 20_000  # text acts in memory; older ones are read from the log when a very late client needs them
KEPT_OPS = 5_000


class Room:
    """A draft's state, with enough of its history in memory to rebase late updates and recognise repeats."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.moment = 0  # UTC ms of the last act: none comes before it, whatever a clock says
        self._history: dict[str, list[tuple[Act, Change]]] = {}  # text acts per clause, without holes, newest last
        self._order: list[str] = []  # clause id per kept text act, oldest first
        self._ops: OrderedDict[str, tuple[str, int]] = OrderedDict()  # op -> (person, seq)
        self._moves: dict[str, int] = {}  # seq of the last act that moved a clause, as far as it is in memory
        self._since: dict[tuple[str, int], Since] = {}  # what the log told for a merge that waits
        self._carried: OrderedDict[tuple[str, str], int] = OrderedDict()  # (client, joined clause) -> last counter

    @classmethod
    def load(cls, draft: Draft, checkpoint: tuple[int, bytes] | None, tail: Sequence[Act]) -> "Room":
        """From the store: the last checkpoint and the acts after it."""
        room = cls(State.restore(draft, checkpoint, ()))
        room.heal(tail)
        room.state.draft = replace(draft, seq=room.state.draft.seq)
        return room

    @property
    def seq(self) -> int:
        """Number of the last act."""
        return self.state.draft.seq

    def heal(self, acts: Iterable[Act]) -> None:
        """Take in acts that were decided elsewhere (another process, or before this room was loaded)."""
        for act in acts:
            self._take(act, None)

    def remember(self, clause: str, acts: Sequence[Act]) -> None:
        """Older text acts of a clause, fetched for a late client: every act of its text up to those in memory
        (others among them are passed over)."""
        present = self._history.get(clause, [])
        first = present[0][0].number if present else None
        older = [a for a in acts if a.number and "change" in a.body and (first is None or a.number < first)]
        self._history[clause] = [(a, Change.from_log(a.body["change"])) for a in older] + present
        self._order[:0] = [clause] * len(older)

    def _take(self, act: Act, change: Change | None) -> None:
        if act.number is not None and change is None and "change" in act.body:
            change = Change.from_log(act.body["change"])
        self.state.apply(act, change)
        self.moment = act.at
        if change is not None and act.clause_id is not None:
            self._history.setdefault(act.clause_id, []).append((act, change))
            self._order.append(act.clause_id)
            if len(self._order) > KEPT * 2:
                self._forget()
        if act.kind is ActKind.MOVE and act.clause_id is not None:
            self._moves[act.clause_id] = act.seq
        if act.kind is ActKind.CARRY and act.body["client"] is not None:
            self._note_carried(act)
        if act.client is not None and (act.counter is None or act.kind is ActKind.INSERT):
            self._ops[act.client] = (act.person_id, act.seq)
            if len(self._ops) > KEPT_OPS:
                self._ops.popitem(last=False)

    def _note_carried(self, act: Act) -> None:
        """A clause that was joined into another has no acts any more that would show which updates are known."""
        origin = self.state.clause(act.body["path"][0])
        if origin is not None and origin.gone is not None:
            self._carried[act.body["client"], origin.id] = act.body["counter"]
            if len(self._carried) > KEPT_OPS:
                self._carried.popitem(last=False)

    def _forget(self) -> None:
        for clause in self._order[:-KEPT]:
            self._history[clause].pop(0)
        del self._order[:-KEPT]

    def knows(self, op: str) -> bool:
        """Whether the operation is among the recent ones in memory."""
        return op in self._ops

    def recall(self, op: str, person_id: str, seq: int) -> None:
        """An operation that was found in the log."""
        self._ops[op] = (person_id, seq)

    def history(self, clause: str, number: int) -> Sequence[tuple[Act, Change]]:
        """The acts of a clause's text after ``number``. Raises NeedHistory when they are not all in memory."""
        state = self.state.clause(clause)
        if state is None:
            raise Gap
        wanted = state.number - number
        if wanted <= 0:
            if wanted < 0:
                raise Gap
            return ()
        kept = self._history.get(clause, [])
        if wanted > len(kept):
            raise NeedHistory(clause, number)
        return kept[len(kept) - wanted :]

    # ── merges ──

    def brief(self, op: str, seq: int, since: Since) -> None:
        """What the log has after act ``seq``, for the merge with this operation id. What is taken from now on comes to
        it."""
        self._since[op, seq] = since

    def since(self, op: str, seq: int) -> Since:
        """What happened to the clauses after act ``seq``."""
        told = self._since.get((op, seq), Since({}, frozenset()))
        numbers = {clause: found for clause in self._history if (found := self._number_at(clause, seq)) is not None}
        moved = frozenset(clause for clause, last in self._moves.items() if last > seq)
        return Since(numbers | dict(told.numbers), moved | told.moved)

    def _number_at(self, clause: str, seq: int) -> int | None:
        """The number of a clause's text after act ``seq``, if the acts in memory moved it on since."""
        after = sum(1 for _ in takewhile(lambda kept: kept[0].seq > seq, reversed(self._history[clause])))
        state = self.state.clause(clause)
        return state.number - after if after and state is not None else None

    def lacks(self, clause: str, number: int) -> bool:
        """Whether text acts of a clause after ``number`` are not in memory."""
        state = self.state.clause(clause)
        return state is not None and state.number - number > len(self._history.get(clause, ()))

    # ── pushes ──

    def push(self, actor: Member, push: do.Push, at: int) -> Outcome:
        """Updates of one editor. Raises a Refusal (nothing changed), Gap or NeedHistory. What is in the log already
        needs no right any more: the chair may have taken the pen between a push and its repeat."""
        demand(actor, Verb.DRAFT_READ, self.state.draft)
        if not 1 <= len(push.updates) <= MAX_UPDATES or push.base < 0 or push.counter < 0:
            raise Invalid("bad_push", "A push carries between 1 and {limit} updates.", limit=MAX_UPDATES)
        items = [Item(change, push.counter + index) for index, change in enumerate(push.updates)]
        late = Late(self.state, self.history, push.clause, push.client)
        placed = late.bring(push.base, items, self._carried.get((push.client, push.clause), -1))
        if any(place.items for place in placed):
            demand(actor, Verb.DRAFT_EDIT, self.state.draft)
        texts: dict[str, str] = {}
        for place in placed:
            texts[place.clause.id] = _checked(place, texts.get(place.clause.id, place.clause.wide))
        outcome = Outcome()
        origin = self.state.clause(push.clause)
        if origin is not None and origin.gone is not None:
            outcome.carried = origin.gone.into
        for place in placed:
            self._append(outcome, actor, push, place, at)
        return outcome

    def _append(self, outcome: Outcome, actor: Member, push: do.Push, place: Placed, at: int) -> None:
        if place.path:
            if place.items and not (words := composed(item.change for item in place.items)).empty:
                self._carry(outcome, actor, place, words, (push.client, place.items[-1].counter), at)
            return
        for item in place.items:
            body: Body = {"change": item.change.to_json()}
            ident = (push.client, item.counter)
            self.act(outcome, actor, at, ActKind.EDIT, place.clause, body, ident, item.change)
        if place.fix is not None:
            self._carry(outcome, actor, place, place.fix, (None, None), at)

    def _carry(
        self,
        outcome: Outcome,
        actor: Member,
        place: Placed,
        change: Change,
        ident: tuple[str | None, int | None],
        at: int,
    ) -> None:
        body: Body = {"change": change.to_json(), "path": list(place.path), "client": ident[0], "counter": ident[1]}
        self.act(outcome, actor, at, ActKind.CARRY, place.clause, body, change=change)

    def act(
        self,
        outcome: Outcome,
        actor: Member,
        at: int,
        kind: ActKind,
        clause: ClauseState | str | None,
        body: Body,
        ident: tuple[str, int | None] | None = None,
        change: Change | None = None,
    ) -> Act:
        """One more act: numbered, applied, remembered. A change makes the clause's next text number."""
        clause_id = clause.id if isinstance(clause, ClauseState) else clause
        number = clause.number + 1 if change is not None and isinstance(clause, ClauseState) else None
        if kind is ActKind.INSERT:
            number = 0
        client, counter = ident or (None, None)
        act = Act(self.seq + 1, at, actor.person_id, actor.party.id, kind, clause_id, number, client, counter, body)
        self._take(act, change)
        outcome.acts.append(act)
        return act

    # ── commands ──

    def command(self, actor: Member, command: do.Command, at: int) -> Outcome:
        """Carry a command out. Raises a Refusal (nothing changed) or NeedHistory."""
        if not 1 <= len(command.op) <= 48:
            raise Invalid("bad_op", "An operation id has between 1 and 48 characters.")
        known = self._ops.get(command.op)
        if known is not None:
            if known[0] != actor.person_id:
                raise Conflict("op_taken", "This operation id is in use.")
            return Outcome(known=known[1])
        tabling.fits_own_text(self, actor, command)
        outcome = Outcome()
        try:
            if isinstance(command, do.Merge):
                self._merge(outcome, actor, command, at)
            else:
                _DECISIONS[type(command)](self, outcome, actor, command, at)
        except Gap:
            raise Invalid("no_place", "There is no such place in the clause.") from None
        return outcome

    def _merge(self, outcome: Outcome, actor: Member, command: do.Merge, at: int) -> None:
        land(self, outcome, actor, command, at)
        self._since.pop((command.op, command.base_seq), None)


# What each command comes to, by the rooms of the negotiation that know.
_DECISIONS = {
    **COMMANDS,
    **tabling.COMMANDS,
    **settling.COMMANDS,
    **stances.COMMANDS,
    **bracketing.COMMANDS,
    **silence.COMMANDS,
}


def _checked(place: Placed, text: str) -> str:
    """The clause's text after these changes, if it takes them: not locked, no position inside a character, not too
    large."""
    if any(not item.change.empty for item in place.meant):
        unlocked(place.clause)
    for item in place.items:
        item.change.check(text)
        text = item.change.apply(text)
    return text if place.fix is None else place.fix.apply(text)


__all__ = [
    "MAX_CLAUSES",
    "MAX_COMMENT",
    "MAX_INSERTED",
    "Gap",
    "NeedHistory",
    "Outcome",
    "Refusal",
    "Room",
    "clean",
    "comment_body",
]
