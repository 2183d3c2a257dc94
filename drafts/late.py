"""Late updates: what an edit made on an older text means today, and where its words belong now.

An editor's updates stand on a text number that others may have left behind. They are rebased over what was accepted
since, one act at a time, with the same order of maps as the browser uses (``q = q.map(o)``, ``o = o.map(q,
before=True)``), so that both end with the same text. Three acts need more than a map:

- **one's own** act coming back (the update was accepted before, the answer got lost): the waiting update is dropped;
- **split**: each update is parted at the cut. The editor will map its own update over the removal of the tail and so
  keep any words it typed there at the end of the head. We do the same to stay in step with it, and put a *fix* behind
  that takes those words out of the head again; the tail's part goes on, to the clause that has those words now;
- **join**: the clause's text lives on inside another; its updates go there, shifted.

What comes out is a list of ``Placed``: for every clause concerned, the changes to append to its present text.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from drafts.acts import Act, ActKind
from drafts.change import Change
from drafts.errors import Conflict, Invalid
from drafts.state import ClauseState, State

History = Callable[
    [str, int], Sequence[tuple[Act, Change]]
]  # (clause id, number) -> the acts of its text after that number


class NeedHistory(Exception):
    """The acts of ``clause`` after text ``number`` are not in memory; load them and try again."""

    def __init__(self, clause: str, number: int) -> None:
        super().__init__(clause, number)
        self.clause = clause
        self.number = number


class Gap(Exception):
    """The updates do not follow on what this client sent before: it must start again from the current text."""


@dataclass(slots=True)
class Item:
    """An update on its way: ``counter`` is the client's, None for a fix."""

    change: Change
    counter: int | None


@dataclass(frozen=True, slots=True)
class Placed:
    """Changes for the present text of ``clause``, in order. ``path``: the clauses they came through, from the one
    they were typed in; empty when that is this one."""

    clause: ClauseState
    items: list[Item]
    path: tuple[str, ...]


class Late:
    """The way of one push from where it was typed to where it belongs."""

    def __init__(self, state: State, history: History, clause: str, client: str) -> None:
        self.state = state
        self.history = history
        self.origin = clause
        self.client = client
        self.placed: list[Placed] = []

    def bring(self, base: int, updates: Sequence[Item]) -> list[Placed]:
        """Rebase ``updates`` from text ``base`` of the clause they were typed in. Raises Gap, Invalid, Conflict (the
        clause was deleted) or NeedHistory; changes nothing."""
        try:
            self._walk(self.origin, base, list(updates), ())
        except ValueError:
            raise Invalid("change_length", "The change does not fit the text it names.") from None
        return _one_after_another(self.placed)

    def _walk(self, clause_id: str, base: int, items: list[Item], path: tuple[str, ...]) -> None:
        clause = self.state.clause(clause_id)
        if clause is None:
            raise Gap
        for act, change in self.history(clause_id, base):
            if self._is_own(act, path):
                items = _drop(items, act)
            elif act.kind is ActKind.SPLIT and items:
                items, tails = _part(items, act.body["at"], None if path else change)
                if any(not item.change.empty for item in tails):
                    self._walk(act.body["into"], 0, tails, (*path, clause_id))
            else:
                items = _over(items, change)
        if clause.gone is not None:
            self._follow(clause, items, path)
        else:
            self.placed.append(Placed(clause, items, path))

    def _follow(self, clause: ClauseState, items: list[Item], path: tuple[str, ...]) -> None:
        """The clause is not there any more."""
        gone = clause.gone
        if gone is None or not items:
            return
        if gone.into is None:
            raise Conflict("clause_gone", "The clause was deleted meanwhile.")
        self._walk(gone.into, gone.number, [_shifted(item, gone.offset) for item in items], (*path, clause.id))

    def _is_own(self, act: Act, path: tuple[str, ...]) -> bool:
        """Whether the act is an update of this client that came this very way."""
        if path:
            mine = act.kind is ActKind.CARRY and act.body["client"] == self.client
            return mine and tuple(act.body["path"]) == path
        return act.kind is ActKind.EDIT and act.client == self.client


def _drop(items: list[Item], act: Act) -> list[Item]:
    """Leave out the update that this act already is."""
    if act.kind is ActKind.EDIT:
        if not items or items[0].counter != act.counter:
            raise Gap
        return items[1:]
    last: int = act.body["counter"]  # carried ones that had nothing to do here were not recorded: they go along
    return [item for item in items if item.counter is None or item.counter > last]


def _one_after_another(placed: list[Placed]) -> list[Placed]:
    """Parts of one push can meet in one clause (split off and joined again): the editor's own come first, as it will
    find them, and each part stands on those before it."""
    out: list[Placed] = []
    for place in sorted(placed, key=lambda p: bool(p.path)):
        items = place.items
        for earlier in out:
            if earlier.clause is place.clause:
                for item in earlier.items:
                    items = _over(items, item.change)
        out.append(Placed(place.clause, items, place.path))
    return out


def _over(items: list[Item], change: Change) -> list[Item]:
    out = []
    for item in items:
        out.append(Item(item.change.map(change), item.counter))
        change = change.map(item.change, before=True)
    return out


def _part(items: list[Item], at: int, removal: Change | None) -> tuple[list[Item], list[Item]]:
    """The items for the head and for the tail. ``removal`` is the change that took the tail out, when an editor maps
    over it: the items are then those of the editor, and a fix stands behind them."""
    out: list[Item] = []
    tails: list[Item] = []
    for item in items:
        head, tail = item.change.part(at)
        tails.append(Item(tail, item.counter))
        if removal is None:
            out.append(Item(head, item.counter))
        else:
            out.append(Item(item.change.map(removal), item.counter))
            removal = removal.map(item.change, before=True)
        at = head.new_length
    length = at if removal is None else removal.new_length
    if length > at:
        out.append(Item(Change.replace(length, at, length), None))
    return out, tails


def _shifted(item: Item, offset: int) -> Item:
    inner = zip(item.change.sections, item.change.inserts, strict=True)
    parts = [(offset, None), *((length, None if ins < 0 else text) for (length, ins), text in inner)]
    return Item(Change.of(parts), item.counter)


def follow(
    state: State, history: History, clause_id: str, number: int, position: int, assoc: int
) -> tuple[ClauseState, int]:
    """Where a position of text ``number`` stands now: over edits, splits and joins. Raises Conflict when its clause was
    deleted, Invalid when there is no such place."""
    clause = state.clause(clause_id)
    if clause is None or number < 0:
        raise Invalid("no_clause", "There is no such clause.")
    try:
        for act, change in history(clause_id, number):
            if act.kind is ActKind.SPLIT and (position > act.body["at"] or (position == act.body["at"] and assoc > 0)):
                return follow(state, history, act.body["into"], 0, position - act.body["at"], assoc)
            position = change.map_pos(position, assoc)
    except ValueError:
        raise Invalid("no_place", "There is no such place in the clause.") from None
    if clause.gone is not None:
        if clause.gone.into is None:
            raise Conflict("clause_gone", "The clause was deleted meanwhile.")
        return follow(state, history, clause.gone.into, clause.gone.number, position + clause.gone.offset, assoc)
    if position > len(clause.wide):
        raise Invalid("no_place", "There is no such place in the clause.")
    return clause, position
