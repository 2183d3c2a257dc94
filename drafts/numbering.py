"""Labels of clauses: PP1, PP2 … for preambular ones, OP1, OP2 … for operative ones, (a), (i), (A) for sub-clauses.

Before a text is issued, a label follows from the kinds and depths of the clauses before it. Preambular and operative
numbers run through the whole text and do not start again under a heading. Sub-clauses count from the start after every
clause that is not a sub-clause and after every shallower sub-clause. Headings and chapeaux have no label.

After (z) comes (aa), (bb), (cc), as in the resolutions of the United Nations and in Word's lists, not (aa), (ab).

Between two versions nothing is renumbered (``Issued``): a clause keeps the label that the last version gave it, also
where it has moved; one that went leaves a gap; a new one is called after the clause before it, ``OP2 bis``, then ter,
quater …, and before the first one ``OP1 ante``. That holds for each row of labels by itself: the preambular clauses,
the operative ones, the sub-clauses of one clause. A row that the last version did not have counts from the start, and a
sub-clause that went to another clause, or changed its depth, is new there. Issuing renumbers: ``labels`` without
``issued``.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import NamedTuple, Protocol, TypeAlias

from drafts.model import ClauseKind

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_PREFIX = {ClauseKind.PREAMBULAR: "PP", ClauseKind.OPERATIVE: "OP"}
TIMES = (
    "bis", "ter", "quater", "quinquies", "sexies", "septies", "octies", "novies", "decies", "undecies", "duodecies",
    "terdecies", "quaterdecies", "quindecies", "sexdecies", "septdecies", "octodecies", "novodecies", "vicies",
)  # fmt: skip
_TIMES = re.compile(rf"(.+) ({'|'.join(TIMES)}|\(\d+\))\Z")


class Numbered(Protocol):
    """Anything that has a place in the numbering: a clause, a parsed clause, a ``Slot``."""

    @property
    def kind(self) -> ClauseKind:
        """What the clause is."""

    @property
    def depth(self) -> int:
        """0 for a clause of its own, 1 for (a), 2 for (i), 3 for (A)."""

    @property
    def id(self) -> str:
        """Which clause it is; '' where there are no issued labels to keep."""


class Slot(NamedTuple):
    """A bare kind and depth, for those who hold no clause."""

    kind: ClauseKind
    depth: int = 0
    id: str = ""


class Kept(NamedTuple):
    """The label that a clause has in the last version. ``row``: the labels among which it counts (``PP``, ``OP``, or
    the id of the clause above and the depth)."""

    row: str
    label: str


Issued: TypeAlias = Mapping[str, Kept]  # by clause
_NONE: Issued = {}


def labels(clauses: Iterable[Numbered], issued: Issued = _NONE) -> list[str]:
    """The label of every clause, in order; '' for headings and chapeaux."""
    return [path[-1] if path else "" for path in _paths(list(clauses), issued)]


def addresses(clauses: Iterable[Numbered], issued: Issued = _NONE) -> list[str]:
    """The full label of every clause, in order, such as ``OP3 (a)(i)``: what an outline and a comparison say.

    A sub-clause without a numbered clause above it (under a chapeau) is only ``(a)(i)``.
    """
    return [_joined(path) for path in _paths(list(clauses), issued)]


def full(clauses: Sequence["Labelled"]) -> list[str]:
    """The full label of every clause of a text whose clauses have their labels (as ``own`` has them)."""
    paths: list[tuple[str, ...]] = []
    for label, (_, above) in zip(own(clauses), _rows(clauses), strict=True):
        path = paths[above] if above is not None else ()
        paths.append((*path, label) if label else ())
    return [_joined(path) for path in paths]


def own(clauses: Sequence["Labelled"]) -> list[str]:
    """The label of every clause as it has it; where none has one, those that follow from their places."""
    return [clause.label for clause in clauses] if any(clause.label for clause in clauses) else labels(clauses)


def as_issued(clauses: Sequence["Labelled"]) -> dict[str, Kept]:
    """What the clauses of a text keep of its labels."""
    rows = _rows(clauses)
    return {c.id: Kept(row, c.label) for c, (row, _) in zip(clauses, rows, strict=True) if c.label}


def address(clauses: Iterable[Numbered], index: int) -> str:
    """The full label of one clause; IndexError when there is no such clause. For many, ask ``addresses``."""
    return addresses(clauses)[index]


def sub_label(depth: int, number: int) -> str:
    """The label of the ``number``-th sub-clause (from 1) at ``depth``; below the third level the styles repeat."""
    style = (max(depth, 1) - 1) % 3
    if style == 1:
        return f"({roman(number)})"
    letters = alphabetic(number)
    return f"({letters.upper() if style else letters})"


def alphabetic(number: int) -> str:
    """The letters of a number from 1: a … z, aa, bb … zz, aaa …."""
    times, letter = divmod(number - 1, 26)
    return chr(ord("a") + letter) * (times + 1)


def roman(number: int) -> str:
    """The small roman numeral of a number from 1."""
    numeral = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        numeral += letters * times
    return numeral


def again(label: str, time: int) -> str:
    """The label of the ``time``-th clause (from 2) behind the one called ``label``: ``OP2 bis`` is the second."""
    return f"{label} {TIMES[time - 2] if time - 2 < len(TIMES) else f'({time})'}"


class Labelled(Numbered, Protocol):
    """Something in the numbering that has its label."""

    @property
    def label(self) -> str:
        """Its own label, without those of the clauses above."""


def _paths(clauses: Sequence[Numbered], issued: Issued) -> list[tuple[str, ...]]:
    rows = _rows(clauses)
    named = _named(clauses, rows, issued)
    paths: list[tuple[str, ...]] = []
    for at, (clause, (_, above)) in enumerate(zip(clauses, rows, strict=True)):
        if clause.kind is ClauseKind.SUB:
            paths.append((*(paths[above] if above is not None else ()), named[at]))
        else:
            paths.append((named[at],) if at in named else ())
    return paths


def _rows(clauses: Sequence[Numbered]) -> list[tuple[str, int | None]]:
    """For each clause the row in which it counts ('' for none), and of a sub-clause which clause stands above it."""
    out: list[tuple[str, int | None]] = []
    above: dict[int, int] = {}  # the clauses that stand above, by depth; 0 is the one of its own
    for at, clause in enumerate(clauses):
        if clause.kind is ClauseKind.SUB:
            depth = max(clause.depth, 1)
            parent = next((above[level] for level in range(depth - 1, -1, -1) if level in above), None)
            above = {level: place for level, place in above.items() if level < depth} | {depth: at}
            name = "" if parent is None else clauses[parent].id or f"#{parent}"
            out.append((f"{name}:{depth}", parent))
        else:
            above = {0: at}
            out.append((_PREFIX.get(clause.kind, ""), None))
    return out


def _named(clauses: Sequence[Numbered], rows: Sequence[tuple[str, int | None]], issued: Issued) -> dict[int, str]:
    """The own label of every clause that has one, by its place."""
    members: dict[str, list[int]] = defaultdict(list)
    for at, (row, _) in enumerate(rows):
        if row:
            members[row].append(at)
    first: dict[str, str] = {}  # the first label of each row that was issued
    for kept in issued.values():
        first.setdefault(kept.row, kept.label)
    named: dict[int, str] = {}
    for row, places in members.items():
        if row in first:
            old = {at: issued[clauses[at].id] for at in places if clauses[at].id in issued}
            named |= _between(places, {at: one.label for at, one in old.items() if one.row == row}, first[row])
        else:
            named |= {at: _counted(clauses[at], number) for number, at in enumerate(places, 1)}
    return named


def _counted(clause: Numbered, number: int) -> str:
    if clause.kind is ClauseKind.SUB:
        return sub_label(clause.depth, number)
    return f"{_PREFIX[clause.kind]}{number}"


def _between(places: Sequence[int], kept: Mapping[int, str], first: str) -> dict[int, str]:
    """The labels of a row in which some are kept: the others are called after the one before them."""
    named = dict(kept)
    taken = set(kept.values())
    before = ""
    for at in places:
        if at not in kept:
            if not before:
                following = next((kept[other] for other in places if other in kept), first)
                named[at] = f"{following} ante"
            else:
                stem = found[1] if (found := _TIMES.match(before)) else before
                named[at] = next(name for time in count(2) if (name := again(stem, time)) not in taken)
            taken.add(named[at])
        before = named[at]
    return named


def _joined(path: tuple[str, ...]) -> str:
    if len(path) > 1 and not path[0].startswith("("):
        return f"{path[0]} {''.join(path[1:])}"
    return "".join(path)
