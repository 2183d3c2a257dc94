"""What the API takes and gives about where parties stand, and about how far clauses are."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from drafts.model import ClauseStatus, ProposalState, Stance
from server.api.schema import Id, Ms, Op, _In
from server.api.schema_floor import Positions


class Thing(Struct, frozen=True):
    """What positions are taken on: a proposal (``number``, ``state``, ``wording``), or a clause (these are null).
    ``clause`` is the clause that it is about, null for a new one. ``positions`` null: they are not open to you."""

    on: Id
    clause: Id | None
    number: int | None
    state: ProposalState | None
    wording: int | None
    positions: Positions | None


class Matrix(Struct, frozen=True):
    """A page of things, in the order of the text. ``count``: things on all pages."""

    things: list[Thing]
    page: int
    pages: int
    count: int


class Turn(Struct, frozen=True):
    """Something that happened to where a party stands. ``what``: position (from ``old`` to ``new``, null: none),
    tabled, reworded, or joined or left the sponsors. ``parties``: in whose name besides its own."""

    seq: int
    at: Ms
    party: Id
    person: Id
    what: str
    old: Stance | None
    new: Stance | None
    note: str
    condition: Id | None
    parties: list[Id]
    wording: int


class One(Struct, frozen=True):
    """A proposal or a clause with who stands where on it, and how that came, the oldest first."""

    thing: Thing
    history: list[Turn]


Reason = Annotated[str, Meta(max_length=1_000)]


class PositionIn(_In, frozen=True):
    """Your party's position; ``stance`` null takes it back. To reserve or oppose needs a ``note``, conditional a
    ``condition`` (a clause), a proposal the ``wording`` that you read."""

    stance: Stance | None
    note: Reason = ""
    condition: Id | None = None
    wording: Annotated[int, Meta(ge=0)] = 0
    op: Op | UnsetType = UNSET


class StatusIn(_In, frozen=True):
    """How far a clause is. To re-open an agreed one takes a ``reason``, which everybody sees."""

    status: ClauseStatus
    reason: Reason = ""
    op: Op | UnsetType = UNSET


class ObjectionIn(_In, frozen=True):
    """Why a clause is not agreed for your party."""

    reason: Annotated[str, Meta(min_length=1, max_length=1_000)]
    op: Op | UnsetType = UNSET
