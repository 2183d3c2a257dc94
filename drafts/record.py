"""The record of a draft: its acts in lines, where a run of keystrokes is one line.

Edits are one line while one person goes on for one party in one clause, nobody else changes its text, and no pause is
longer than ``PAUSE``. Told from the acts alone, so a page of it costs the same in the longest log: of what was struck
out an act knows the length only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from drafts.acts import Act, ActKind
from drafts.change import Change, narrow

__all__ = ["PAUSE", "Line", "lines"]

PAUSE = 120_000  # ms
_TYPED = frozenset({ActKind.EDIT, ActKind.CARRY})


@dataclass(frozen=True, slots=True)
class Line:
    """An act, or the edits of one run, in their order. Of edits ``came`` are the passages that they left in the text,
    ``gone`` is the length of what they took from it in UTF-16 units."""

    acts: tuple[Act, ...]
    came: tuple[str, ...] = ()
    gone: int = 0

    @property
    def first(self) -> Act:
        """The earliest act."""
        return self.acts[0]

    @property
    def last(self) -> Act:
        """The latest act."""
        return self.acts[-1]

    @property
    def typed(self) -> bool:
        """Whether it is edits of a text."""
        return self.first.kind in _TYPED


def lines(acts: Iterable[Act], most: int) -> list[Line]:
    """The first ``most`` lines of acts that are given all upwards or all downwards; each stands where its first given
    act does. They hold every act up to the one that would have begun another line."""
    runs: list[list[Act]] = []
    open_: dict[str, list[Act]] = {}  # the clause's last run
    for act in acts:
        run = open_.get(act.clause_id or "")
        if run is not None and _goes_on(run[-1], act):
            run.append(act)
            continue
        if len(runs) == most:
            break
        runs.append([act])
        open_[act.clause_id or ""] = runs[-1]
    return [_line(run) for run in runs]


def _goes_on(one: Act, other: Act) -> bool:
    earlier, later = (one, other) if one.seq < other.seq else (other, one)
    return (
        {earlier.kind, later.kind} <= _TYPED
        and (earlier.person_id, earlier.party_id) == (later.person_id, later.party_id)
        and later.at - earlier.at <= PAUSE
        and earlier.number is not None
        and earlier.number + 1 == later.number  # what lies between two numbers could be a change by another
    )


def _line(run: list[Act]) -> Line:
    acts = tuple(sorted(run, key=lambda act: act.seq))
    if acts[0].kind not in _TYPED:
        return Line(acts)
    whole = _composed([Change.from_log(act.body["change"]) for act in acts])
    came = tuple(narrow(text) for text in whole.inserts if text)
    return Line(acts, came, sum(length for length, inserted in whole.sections if inserted >= 0))


def _composed(changes: Sequence[Change]) -> Change:
    """All changes as one; halves first, since a long change is costly to add to."""
    if len(changes) == 1:
        return changes[0]
    half = len(changes) // 2
    return _composed(changes[:half]).compose(_composed(changes[half:]))
