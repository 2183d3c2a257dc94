"""Labels of clauses: PP1, PP2 … for preambular ones, OP1, OP2 … for operative ones, (a), (i), (A) for sub-clauses.

A label is never kept: it follows from the kinds and depths of the clauses before it. Preambular and operative numbers
run through the whole text and do not start again under a heading. Sub-clauses count from the start after every clause
that is not a sub-clause and after every shallower sub-clause. Headings and chapeaux have no label.

After (z) comes (aa), (bb), (cc), as in the resolutions of the United Nations and in Word's lists, not (aa), (ab).
"""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from drafts.model import ClauseKind

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_PREFIX = {ClauseKind.PREAMBULAR: "PP", ClauseKind.OPERATIVE: "OP"}


class Numbered(Protocol):
    """Anything that has a place in the numbering: a clause, a parsed clause, a ``Slot``."""

    @property
    def kind(self) -> ClauseKind:
        """What the clause is."""

    @property
    def depth(self) -> int:
        """0 for a clause of its own, 1 for (a), 2 for (i), 3 for (A)."""


class Slot(NamedTuple):
    """A bare kind and depth, for those who hold no clause."""

    kind: ClauseKind
    depth: int = 0


def labels(clauses: Iterable[Numbered]) -> list[str]:
    """The label of every clause, in order; '' for headings and chapeaux."""
    return [path[-1] if path else "" for path in _paths(clauses)]


def addresses(clauses: Iterable[Numbered]) -> list[str]:
    """The full label of every clause, in order, such as ``OP3 (a)(i)``: what an outline and a comparison say.

    A sub-clause without a numbered clause above it (under a chapeau) is only ``(a)(i)``.
    """
    return [_joined(path) for path in _paths(clauses)]


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


def _paths(clauses: Iterable[Numbered]) -> Iterable[tuple[str, ...]]:
    counts = {ClauseKind.PREAMBULAR: 0, ClauseKind.OPERATIVE: 0}
    path: tuple[str, ...] = ()
    subs: dict[int, int] = {}  # how many sub-clauses so far, by depth
    above: dict[int, str] = {}  # the labels that stand above, by depth; 0 is the clause of its own
    for clause in clauses:
        if clause.kind is ClauseKind.SUB:
            depth = max(clause.depth, 1)
            subs = {level: seen for level, seen in subs.items() if level <= depth}
            subs[depth] = subs.get(depth, 0) + 1
            above = {level: label for level, label in above.items() if level < depth}
            above[depth] = sub_label(depth, subs[depth])
            path = tuple(above[level] for level in sorted(above))
        else:
            subs, above, path = {}, {}, ()
            if clause.kind in counts:
                counts[clause.kind] += 1
                above = {0: f"{_PREFIX[clause.kind]}{counts[clause.kind]}"}
                path = (above[0],)
        yield path


def _joined(path: tuple[str, ...]) -> str:
    if len(path) > 1 and not path[0].startswith("("):
        return f"{path[0]} {''.join(path[1:])}"
    return "".join(path)
