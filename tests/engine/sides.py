"""Several people's edits of one text, word by word, of which it is known what has to come of them together.

The words of the text are all different, and every edit that is not another's brings a word that stands nowhere else.
One person's edits have a whole word between them; two people's may be the same, may touch, and may have nothing to do
with each other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

SIZE = 14  # words of the text
WORDS = [f"wört{at}" for at in range(SIZE)]
BASE = " ".join(WORDS)


@dataclass(frozen=True, order=True)
class Edit:
    """At word ``at``: ``new`` in its place ('' for a deletion), or before it (``inserts``)."""

    at: int
    new: str
    inserts: bool = False

    @property
    def reach(self) -> tuple[int, int]:
        """The words it touches: none, for an insertion."""
        return self.at, self.at if self.inserts else self.at + 1

    def meets(self, other: "Edit") -> bool:
        """Whether no whole word lies between the two."""
        return self.reach[0] <= other.reach[1] and other.reach[0] <= self.reach[1]


def _apart(edits: Iterable[Edit]) -> list[Edit]:
    kept: list[Edit] = []
    for edit in sorted(edits):
        if not kept or not kept[-1].meets(edit):
            kept.append(edit)
    return kept


_EDIT = st.builds(
    lambda at, how, whose: Edit(at, "" if how == "deletes" else f"{how}{whose}at{at}", how == "inserts"),
    st.integers(1, SIZE - 1),
    st.sampled_from(["deletes", "inserts", "replaces"]),
    st.sampled_from("ab"),
)
SIDE = st.lists(_EDIT, max_size=4).map(_apart)


def words(edits: Iterable[Edit]) -> list[str]:
    """The words of the text with these edits, which do not touch each other."""
    found = list(edits)
    out: list[str] = []
    for at, word in enumerate(WORDS):
        out += [edit.new for edit in found if edit.at == at and edit.inserts]
        here = [edit.new for edit in found if edit.at == at and not edit.inserts]
        out += here or [word]
    return [word for word in out if word]


def text(edits: Iterable[Edit]) -> str:
    """The same as a text."""
    return " ".join(words(edits))


def places(sides: Sequence[Sequence[Edit]]) -> list[list[list[Edit]]]:
    """The places where somebody changes something, from left to right: for each, what each side does there. Two edits
    are in one place when they touch, or when a third one touches both."""
    groups: list[list[tuple[int, Edit]]] = []
    for mine in [(number, edit) for number, side in enumerate(sides) for edit in side]:
        met = [group for group in groups if any(mine[1].meets(other) for _, other in group)]
        groups = [group for group in groups if group not in met]
        groups.append([mine, *(one for group in met for one in group)])
    return [
        [sorted(edit for whose, edit in group if whose == number) for number in range(len(sides))]
        for group in sorted(groups, key=lambda group: min(edit.at for _, edit in group))
    ]
