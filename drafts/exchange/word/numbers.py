"""The numbers of clauses as lists of Word's, where Word would show the same label; else the label is written out.

Two lists of four levels: ``OP1 (a) (i) (A)`` and ``PP1 (a) (i) (A)``. What Word will show is counted along, so that a
label that comes out otherwise (``OP2 bis``, a sub-clause under a chapeau, a clause that was taken out) is text.
"""

from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from drafts.exchange.word.xml import root, val, w
from drafts.model import Clause, ClauseKind
from drafts.numbering import sub_label

_LISTS: Final = {ClauseKind.OPERATIVE: 1, ClauseKind.PREAMBULAR: 2}
_PREFIX: Final = {1: "OP", 2: "PP"}
_FORMS: Final = ("decimal", "lowerLetter", "lowerRoman", "upperLetter")
INDENTS: Final = (720, 1287, 1854, 2421)  # twentieths of a point, by level
HANGING: Final = 567


@dataclass
class Counter:
    """Counts along as Word does."""

    _now: int = 0  # the list of the clause that stands above
    _counts: dict[int, list[int]] = field(default_factory=lambda: {1: [0] * 4, 2: [0] * 4})

    def place(self, clause: Clause, *, counted: bool = True) -> tuple[int, int] | None:
        """List and level of a clause whose label Word shows by itself; None where it is to be written out.

        ``counted``: False for a clause that was taken out, which has no place in the list any more.
        """
        if not counted:
            return None
        if clause.kind in _LISTS:
            self._now = _LISTS[clause.kind]
            return self._next(clause, 0)
        if clause.kind is ClauseKind.SUB and self._now and 1 <= clause.depth <= 3:
            return self._next(clause, clause.depth)
        if clause.kind is not ClauseKind.SUB:
            self._now = 0
        return None

    def _next(self, clause: Clause, level: int) -> tuple[int, int] | None:
        counts = self._counts[self._now]
        number = counts[level] + 1
        shown = sub_label(level, number) if level else f"{_PREFIX[self._now]}{number}"
        orphan = level > 1 and not counts[level - 1]  # Word would begin the level between by itself
        if shown != clause.label or orphan:
            return None
        counts[level] = number
        counts[level + 1 :] = [0] * (3 - level)
        return self._now, level


def numbering() -> etree._Element:
    """The part with the two lists."""
    abstract = [
        w("abstractNum", val("multiLevelType", "multilevel"), *_levels(prefix), abstractNumId=number)
        for number, prefix in _PREFIX.items()
    ]
    return root("numbering", *abstract, *(w("num", val("abstractNumId", n), numId=n) for n in _PREFIX))


def _levels(prefix: str) -> list[etree._Element]:
    return [
        w(
            "lvl",
            val("start", 1),
            val("numFmt", form),
            val("lvlText", f"({'%'}{level + 1})" if level else f"{prefix}%1"),
            val("lvlJc", "left"),
            w("pPr", w("ind", left=INDENTS[level], hanging=INDENTS[0] if not level else HANGING)),
            w("rPr", w("i", val=0), w("iCs", val=0), val("color", "595959")),
            ilvl=level,
        )
        for level, form in enumerate(_FORMS)
    ]
