"""Late updates: what an edit made on an older text means today, and where its words belong now.

An editor's updates stand on a text number that others may have left behind. They are rebased over what was accepted
since, one act at a time, with the same order of maps as the browser uses (``q = q.map(o)``, ``o = o.map(q,
before=True)``), so that both end with the same text. Three acts need more than a map:

- **one's own** act coming back (the update was accepted before, the answer got lost): the waiting update is dropped;
- **split**: each update is parted at the cut; the tail's part goes on to the clause that has those words now;
- **join**: the clause's text lives on inside another; its updates go there, shifted. What was typed at the very end of
  the clause that grew stays before the words joined to it.

The editor itself knows nothing of cuts: it maps its updates over the change of the split or join like over any other,
and so keeps words typed beyond a cut at the end of the head, and words typed at the end of a clause behind what was
joined to it. From the first cut on there are therefore two lists: what the *editor* makes of its updates, which is
logged so that it stays in step, and what is *meant*. A *fix* behind the first makes it the second.

What comes out is a list of ``Placed``: for every clause concerned, the changes to append to its present text.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import groupby
from typing import NamedTuple

from drafts.acts import Act, ActKind
from drafts.change import Change, is_high, is_low
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


class Item(NamedTuple):
    """An update on its way, with the number its client gave it."""

    change: Change
    counter: int


@dataclass(frozen=True, slots=True)
class Placed:
    """Changes for the present text of ``clause``, in order, and the fix behind them. ``path``: the clauses they came
    through, from the one they were typed in; empty when that is this one. ``meant`` is what it all comes to."""

    clause: ClauseState
    items: list[Item]
    path: tuple[str, ...]
    fix: Change | None
    meant: list[Item]


class Late:
    """The way of one push from where it was typed to where it belongs."""

    def __init__(self, state: State, history: History, clause: str, client: str) -> None:
        self.state = state
        self.history = history
        self.origin = clause
        self.client = client
        self.known = -1  # the last of these updates that the log has, by its counter
        self.placed: list[Placed] = []

    def bring(self, base: int, updates: Sequence[Item], carried: int = -1) -> list[Placed]:
        """Rebase ``updates`` from text ``base`` of the clause they were typed in; ``carried`` is the counter of the
        last that is known to have gone elsewhere. Changes nothing.

        Raises Gap, Invalid, Conflict (the clause was deleted) or NeedHistory.
        """
        own = [act.counter or 0 for act, _ in self.history(self.origin, base) if self._is_own(act, ())]
        self.known = max([carried, *own])
        try:
            self._walk(self.origin, base, list(updates), ())
            return self._in_turn()
        except ValueError:
            raise Invalid("change_length", "The change does not fit the text it names.") from None

    def _in_turn(self) -> list[Placed]:
        """What was placed, the clause it was typed in first; each over those before it in the same clause, since a part
        that was split off and joined again comes back to where the rest is."""
        out: list[Placed] = []
        for place in sorted(self.placed, key=lambda place: bool(place.path)):
            moved = place
            for before in out:
                if before.clause is place.clause:
                    items = moved.items
                    for item in before.meant:
                        items = _over(items, item.change)
                    moved = replace(moved, items=items, meant=items)
            out.append(moved)
        return out

    def _walk(self, clause_id: str, base: int, meant: list[Item], path: tuple[str, ...]) -> None:
        clause = self.state.clause(clause_id)
        if clause is None:
            raise Gap
        editor: list[Item] | None = None  # None: the same as what is meant
        log = deque(self.history(clause_id, base))
        while log:
            act, change = log.popleft()
            if self._is_own(act, path) and not _given_up(act, meant):
                run = [(act, change)]
                while log and (self._is_own(log[0][0], path) or (editor is not None and _is_fix(log[0][0]))):
                    run.append(log.popleft())
                meant, editor = _known(meant, editor, run)
                continue
            if act.kind in (ActKind.SPLIT, ActKind.JOIN) and editor is None and not path:
                editor = meant
            if act.kind is ActKind.SPLIT:
                meant, tails = _part(meant, act.body["at"])
                if any(not item.change.empty for item in tails):
                    self._walk(act.body["into"], 0, tails, (*path, clause_id))
            else:
                meant = _over(meant, change, before=act.kind is ActKind.JOIN)
            if editor is not None:
                editor = _over(editor, change)
        if path and clause.gone is None:
            meant = self._without_known(meant)
        if clause.gone is not None:
            self._follow(clause, meant, path)
        else:
            fix = _fix(clause.wide, editor, meant) if editor else None
            self.placed.append(Placed(clause, meant if editor is None else editor, path, fix, meant))

    def _follow(self, clause: ClauseState, items: list[Item], path: tuple[str, ...]) -> None:
        """The clause is not there any more."""
        gone = clause.gone
        if gone is None or not items:
            return
        if gone.into is None:
            raise Conflict("clause_gone", "The clause was deleted meanwhile.")
        self._walk(gone.into, gone.number, [_shifted(item, gone.offset) for item in items], (*path, clause.id))

    def _without_known(self, items: list[Item]) -> list[Item]:
        """The items but for those that the log has, from another text where they stood elsewhere."""
        while items and items[0].counter <= self.known:
            change = items[0].change
            items = _over(items[1:], change.invert("\0" * change.length))
        return items

    def _is_own(self, act: Act, path: tuple[str, ...]) -> bool:
        """Whether the act is what an earlier push of these updates came to on this way."""
        if path:
            mine = act.kind is ActKind.CARRY and act.body["client"] == self.client
            return mine and tuple(act.body["path"]) == path
        return act.kind is ActKind.EDIT and act.client == self.client and act.counter is not None


def _is_fix(act: Act) -> bool:
    return act.kind is ActKind.CARRY and not act.body["path"]


def _given_up(act: Act, items: list[Item]) -> bool:
    """Whether the editor gave this update up before it typed the items: it was refused once and accepted when it came
    again. To the editor it is then like anybody's."""
    return act.kind is ActKind.EDIT and bool(items) and (act.counter or 0) < items[0].counter


def _known(
    meant: list[Item], editor: list[Item] | None, run: Sequence[tuple[Act, Change]]
) -> tuple[list[Item], list[Item] | None]:
    """The items without those that one's own acts in ``run`` already are; with them come their fixes. Raises Gap when
    they are not the next ones, unless none is left (an old push came twice)."""
    own = [act for act, _ in run if not _is_fix(act)]
    if own[0].kind is ActKind.CARRY:
        last = max(act.body["counter"] for act in own)
        count = sum(item.counter <= last for item in meant)
    else:
        count = min(len(own), len(meant))
        if [item.counter for item in meant[:count]] != [act.counter for act in own[:count]]:
            raise Gap
    known, rest = meant[:count], meant[count:]
    if editor is not None:
        for act, change in run:
            editor = _over(editor, change) if _is_fix(act) else editor[1:]
    if rest and known and (editor is not None or own[0].kind is ActKind.CARRY):
        turn = _turn(composed(item.change for item in known), composed(change for _, change in run))
        rest = _over(rest, turn)
    return rest, editor


def _over(items: list[Item], change: Change, *, before: bool = False) -> list[Item]:
    """The items after ``change``. ``before``: what both insert at one place, the items' comes first."""
    out = []
    for item in items:
        out.append(Item(item.change.map(change, before=before), item.counter))
        change = change.map(item.change, before=not before)
    return out


def _part(items: list[Item], at: int) -> tuple[list[Item], list[Item]]:
    """What the items do to the head and to the tail of a clause that was cut."""
    heads: list[Item] = []
    tails: list[Item] = []
    for item in items:
        head, tail = item.change.part(at)
        heads.append(Item(head, item.counter))
        tails.append(Item(tail, item.counter))
        at = head.new_length
    return heads, tails


def _fix(text: str, editor: list[Item], meant: list[Item]) -> Change | None:
    """From the text that the editor's items make of ``text`` to the one that is meant; None when it is the same."""
    if editor == meant:
        return None
    made = composed(item.change for item in editor)
    fix = least(made.apply(text), made.invert(text).compose(composed(item.change for item in meant)))
    return None if fix.empty else fix


def _turn(intended: Change, logged: Change) -> Change:
    """From the text that ``intended`` makes to the one that ``logged`` makes of the same. Only the inserted words are
    known here, which is enough: what both keep or delete is not touched."""
    unknown = "\0" * intended.length
    return least(intended.apply(unknown), intended.invert(unknown).compose(logged))


def least(text: str, change: Change) -> Change:
    """The change of ``text`` that leaves alone what it would replace by the same."""
    sections: list[tuple[int, str | None]] = []
    position = 0
    parts = zip(change.sections, change.inserts, strict=True)
    for kept, group in groupby(parts, key=lambda part: part[0][1] < 0):
        places, words = zip(*group, strict=True)
        end = position + sum(length for length, _ in places)
        sections += [(end - position, None)] if kept else _changed(text[position:end], "".join(words))
        position = end
    return Change.of(sections)


def _changed(old: str, new: str) -> list[tuple[int, str | None]]:
    """Sections that replace ``old`` by ``new`` and keep what both begin and end with."""
    most = min(len(old), len(new))
    front = next((i for i in range(most) if old[i] != new[i]), most)
    front -= front > 0 and is_high(old[front - 1])
    back = next((i for i in range(most - front) if old[-1 - i] != new[-1 - i]), most - front)
    back -= back > 0 and is_low(old[-back])
    return [(front, None), (len(old) - front - back, new[front : len(new) - back]), (back, None)]


def composed(changes: Iterable[Change]) -> Change:
    """At least one change, each on the one before, as one."""
    return reduce(Change.compose, changes)


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
    if clause is None:
        raise Invalid("no_clause", "There is no such clause.")
    if number < 0 or position < 0:
        raise Invalid("no_place", "There is no such place in the clause.")
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
