"""What is said to remarks: where an answer may lead, what a person gives, and what is told when answers are published.

An answer never changes. Giving another one is a second answer; publishing shows what was decided last and tells those
whom it concerns; and what is published stays so: a correction is a new answer, published again, and all answers that a
remark was given can be read (``Given``).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from drafts.consultation import Answer, Disposition, RemarkState
from drafts.errors import Invalid
from drafts.model import Group

ANSWERABLE: Final = frozenset({RemarkState.HELD, RemarkState.OPEN, RemarkState.HIDDEN})
MOST_REASON: Final = 10_000  # characters of a rationale
MOST_AT_ONCE: Final = 500  # remarks and bundles of one selection
REASONED: Final = frozenset({Disposition.NOT_ACCEPTED, Disposition.ACCEPTED_IN_PART})
"""Who is not followed is told why."""


@dataclass(frozen=True, slots=True)
class Link:
    """What answers a remark: a clause of the round's text (``clause_id`` alone), a tabled ``proposal`` (its number), a
    later ``version`` (its number) or a clause in it. All empty: nothing."""

    clause_id: str = ""
    proposal: int = 0
    version: int = 0

    def __str__(self) -> str:
        """As ``Answer.link`` keeps it."""
        if self.version:
            return f"version:{self.version}" + (f":{self.clause_id}" if self.clause_id else "")
        if self.proposal:
            return f"proposal:{self.proposal}"
        return f"clause:{self.clause_id}" if self.clause_id else ""


def link(text: str) -> Link:
    """The link that a text names (``Answer.link`` says how). Raises Invalid."""
    kind, _, rest = text.strip().partition(":")
    if not kind and not rest:
        return Link()
    if kind == "clause" and 0 < len(rest) <= 32:
        return Link(clause_id=rest)
    if kind == "proposal" and _number(rest):
        return Link(proposal=_number(rest))
    number, colon, clause_id = rest.partition(":")
    if kind == "version" and _number(number) and bool(colon) == bool(clause_id) and len(clause_id) <= 32:
        return Link(clause_id=clause_id, version=_number(number))
    raise no_link()


def no_link() -> Invalid:
    """What a link that leads nowhere is answered with."""
    return Invalid("bad_link", "There is no such clause, proposal or version. Choose what answers it from the list.")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


@dataclass(frozen=True, slots=True)
class Giving:
    """An answer to be given: to remarks (their public ``numbers``), each of which is decided by itself from then on,
    and to whole ``bundles`` (ids). ``read_at``: when the giver read what was decided; what somebody else decided since
    stops it. None: whatever was decided."""

    disposition: Disposition | str
    rationale: str = ""
    link: str = ""
    numbers: tuple[int, ...] = ()
    bundles: tuple[str, ...] = ()
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """One answer that a remark was given. ``answer``: None where the one before was taken back; ``shown_at``: when it
    was published."""

    answer: Answer | None
    at: datetime
    shown_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """One source (as printed) that is told of answers, and of how many."""

    who: str
    group: Group
    count: int


@dataclass(frozen=True, slots=True)
class Publishing:
    """What publishing shows, or has shown. ``new``: remarks that had no published answer, by disposition; ``changed``:
    those that had another; ``told``: the sources with the most, of ``sources`` in all."""

    new: Counter[Disposition]
    changed: Counter[Disposition]
    told: tuple[Told, ...]
    sources: int

    @property
    def count(self) -> int:
        """How many remarks."""
        return self.new.total() + self.changed.total()


@dataclass(frozen=True, slots=True)
class Case:
    """A row of the work: a remark alone, or the first that is wanted of a bundle's, for all of them. ``copies`` and
    ``variants``: of the bundle, 1 for a remark alone; ``wanted``: how many of the bundle fit the filter."""

    serial: int
    bundle_id: str | None
    copies: int = 1
    variants: int = 1
    wanted: int = 1


def ranges(numbers: Iterable[int]) -> str:
    """Numbers as a short text: ``3,7-12,40``."""
    ordered: Sequence[int] = sorted(set(numbers))
    if not ordered:
        return ""
    breaks = [(a, b) for a, b in pairwise(ordered) if b != a + 1]
    starts, ends = [ordered[0], *(b for _, b in breaks)], [*(a for a, _ in breaks), ordered[-1]]
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in zip(starts, ends, strict=True))
