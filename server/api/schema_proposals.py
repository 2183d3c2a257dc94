"""What the API takes and gives of proposals: a party's own, and what is done with those on the table."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from drafts.model import ClauseKind, ProposalKind, ProposalState
from server.api.schema import Depth, Id, Language, Ms, Number, Op
from server.api.schema_floor import FloorProposal, Seat

Reason = Annotated[str, Meta(max_length=500)]
Note = Annotated[str, Meta(max_length=1_000)]


class OwnProposal(Struct, frozen=True):
    """A proposal as the parties of its ``circle`` have it: its owner first, then those it is shared with. ``number``
    is null until it is tabled; ``clause`` is null for a new clause, ``after`` is where a new or moved one goes (null:
    to the very front)."""

    id: Id
    draft: Id
    number: int | None
    kind: ProposalKind
    state: ProposalState
    clause: Id | None
    after: Id | None
    reason: str
    circle: list[Id]
    created_at: Ms


class OwnMay(Struct, frozen=True):
    """What you may do with it: as its owner (share, table, put away …), or say that you will sponsor it."""

    own: bool
    edit: bool
    table: bool
    pledge: bool


class OwnText(Struct, frozen=True):
    """A proposal with its words. ``own`` is its one clause in its own text: edit it at ``/drafts/{proposal}``.
    ``base`` and ``old`` are the clause's text that it was made on; ``behind``: the clause has changed since, ``stale``:
    in the same words; ``pieces`` lead from today's clause to what is proposed; ``pledged``: who will sponsor it;
    ``reworded``: what is on the table has other words."""

    proposal: OwnProposal
    own: Id
    text: str
    base: Number
    old: str
    behind: bool
    stale: str
    pieces: list[tuple[str, str]]
    pledged: list[Id]
    reworded: bool
    may: OwnMay


class Proposals(Struct, frozen=True):
    """``own``: those that your party writes or knows of; ``tabled``: those on the table, also closed ones."""

    own: list[OwnProposal]
    tabled: list[FloorProposal]


class ProposalStep(Struct, frozen=True):
    """Something that happened to a tabled proposal; ``body`` as in its act."""

    seq: int
    kind: str
    at: Ms
    by: Id
    party: Seat
    body: dict[str, Any]


class TabledProposal(Struct, frozen=True):
    """A tabled proposal and what happened to it, the earliest first."""

    proposal: FloorProposal
    history: list[ProposalStep]


class _In(Struct, frozen=True, forbid_unknown_fields=True):
    pass


class ShapeIn(_In, frozen=True):
    """What a new clause is."""

    kind: ClauseKind = ClauseKind.OPERATIVE
    depth: Depth = 0
    lang: Language = ""


class ProposalIn(_In, frozen=True):
    """A proposal to begin. ``text`` are its first words (left out: the clause as it stands), ``number`` the text of the
    clause that they were written on; ``shape`` is for a new clause; ``table``: lay it on the table at once."""

    kind: ProposalKind
    clause: Id | None = None
    after: Id | None = None
    shape: ShapeIn | None = None
    reason: Reason = ""
    text: str | None = None
    number: Number | None = None
    table: bool = False


class ProposalSet(_In, frozen=True):
    """What can change before it is tabled; what is left out stays."""

    reason: Reason | UnsetType = UNSET
    after: Id | UnsetType | None = UNSET


class ShareIn(_In, frozen=True):
    """The parties that know of it besides yours; all others do not, from now on."""

    parties: list[Id]


class AwayIn(_In, frozen=True):
    """Give it up, or take it up again."""

    away: bool = True


class TakeIn(_In, frozen=True):
    """``seen``: the same words changed, and the proposal's own text reads as it should."""

    seen: bool = False


class ReasonIn(_In, frozen=True):
    """Why."""

    reason: Reason = ""


class SponsorIn(_In, frozen=True):
    """Join, or leave."""

    joins: bool


class OfferIn(_In, frozen=True):
    """What the clause could become out of these proposals."""

    proposals: Annotated[list[Id], Meta(min_length=1, max_length=50)]
    text: Annotated[str, Meta(min_length=1)]
    note: Note = ""
    op: Op | UnsetType = UNSET


class AnswerIn(_In, frozen=True):
    """The owner's answer to an offer."""

    accepts: bool
    note: Note = ""


class AcceptIn(_In, frozen=True):
    """Proposals to take into the text: one whole, one in part (``hunks``: numbers of its changes, from 0 in the order
    of the text), or several merged. ``number``: the clause's text that you saw."""

    proposals: Annotated[list[Id], Meta(min_length=1, max_length=50)]
    number: Number = 0
    hunks: list[Annotated[int, Meta(ge=0)]] | None = None
    reason: Note = ""
    op: Op | UnsetType = UNSET


class NotRetainIn(_In, frozen=True):
    """A proposal to close without taking it into the text."""

    proposal: Id
    reason: Note = ""
    op: Op | UnsetType = UNSET
