"""What the API takes and gives about brackets."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from drafts.bracketed import Kind
from drafts.bracketing import MAX_WORDS
from drafts.model import BracketReason
from server.api.schema import Id, Ms, Number, Op

Place = Annotated[int, Meta(ge=0, le=2**31 - 1, description="UTF-16 units of the clause's text.")]


class BracketNote(Struct, frozen=True):
    """Whose a bracket is and why it stands, as far as you may know it."""

    note: Id
    owner: Id
    """A party."""
    reason: BracketReason
    link: Id | None
    """The clause that it is linked to."""
    words: str
    private: bool
    """Whether only your own party sees it."""
    at: Ms


class BracketPair(Struct, frozen=True):
    """A pair of brackets: from ``start`` of text ``number`` of ``clause`` to before ``end`` of ``last``."""

    clause: Id
    label: str
    number: Number
    start: Place
    last: Id
    end: Place
    depth: int
    """1 is outermost."""
    kind: Kind
    group: int
    """Alternatives side by side have the same; 0: none."""
    words: str
    """The beginning of what is in it."""
    notes: list[BracketNote]


class SingleBracket(Struct, frozen=True):
    """A bracket without a partner."""

    clause: Id
    label: str
    number: Number
    at: Place
    opens: bool


class Brackets(Struct, frozen=True):
    """All brackets of the text as it stands."""

    seq: int
    pairs: list[BracketPair]
    unbalanced: list[SingleBracket]
    spanning: int
    """Pairs that close in a later clause."""
    words: int
    """Words that stand in any bracket."""


class BurndownPoint(Struct, frozen=True):
    """The brackets when a version was issued (``version``, ``label``), or at the end of a day (0 and empty)."""

    at: Ms
    version: int
    label: str
    pairs: int
    spanning: int
    unbalanced: int
    words: int
    kinds: dict[str, int]
    owners: dict[str, int]
    """Pairs by party id, as far as you may know it; those of which nobody said whose they are under an empty one."""


class Burndown(Struct, frozen=True):
    """How many brackets there were, by version and by day (UTC)."""

    versions: list[BurndownPoint]
    days: list[BurndownPoint]


class BracketIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Words ``[start, end)`` to put in brackets; or, with ``start`` = ``end`` at an opening bracket, whose it is."""

    clause: Id
    number: Number
    start: Place
    end: Place
    reason: BracketReason = BracketReason.CONTENTIOUS
    link: Id | None = None
    words: Annotated[str, Meta(max_length=MAX_WORDS)] = ""
    private: bool = False
    op: Op | UnsetType = UNSET


class LiftIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The bracket with a glyph at ``at``."""

    clause: Id
    number: Number
    at: Place
    with_text: bool = False
    op: Op | UnsetType = UNSET
