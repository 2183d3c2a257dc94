"""What the API gives of the table of a draft; ``wire.FloorFrame`` carries the same shapes."""

from typing import Any

from msgspec import Struct, convert

from drafts.model import (
    BracketReason,
    ClauseStatus,
    Mode,
    Openness,
    ProposalKind,
    ProposalState,
    Stage,
    Stance,
)
from server.api.schema import Id, Ms


class Seat(Struct, frozen=True):
    """A party. ``code`` and ``name`` are – for one that left the forum."""

    id: Id
    code: str
    name: str
    group: str


class Mine(Struct, frozen=True):
    """What your party says. ``by``: the group that said so for it; ``sponsor``: it follows from proposing or
    sponsoring; ``earlier``: said of an earlier wording."""

    stance: Stance
    note: str
    condition: Id | None
    earlier: bool
    sponsor: bool
    by: Seat | None


class Said(Struct, frozen=True, rename={"parties": "for"}):
    """What a party says. ``for``: the parties it speaks for; ``by``: the group that spoke for it."""

    party: Seat
    stance: Stance
    note: str
    condition: Id | None
    parties: list[Seat]
    by: Seat | None
    sponsor: bool
    at: Ms | None
    earlier: bool


class Positions(Struct, frozen=True):
    """Who says what. ``counts`` and ``list`` are null where the others' positions are not open to you."""

    counts: dict[Stance, int] | None
    mine: Mine | None
    list: list[Said] | None


class Conflict(Struct, frozen=True):
    """A place that both the proposal and the text since have changed: as it was, as proposed, as it stands."""

    base: str
    theirs: str
    live: str


class Closing(Struct, frozen=True):
    """How a proposal was closed; ``into``: the number of the one it was merged into."""

    state: ProposalState
    at: Ms
    party: Seat
    reason: str
    into: int | None


class Offered(Struct, frozen=True):
    """The outcome that the chair proposed; ``accepts`` null: the proposer has not answered."""

    text: str
    pieces: list[tuple[str, str]]
    stale: str
    party: Seat
    note: str
    at: Ms
    accepts: bool | None
    answer: str


class ProposalMay(Struct, frozen=True):
    """What you may do with a proposal: as its owner, join its sponsors, take a position, decide on it."""

    own: bool
    sponsor: bool
    position: bool
    decide: bool


class FloorProposal(Struct, frozen=True):
    """A tabled proposal. ``pieces`` lead from the text as it is to what is proposed: ``=`` stays, ``+`` comes, ``-``
    goes. ``stale``: why it waits for its owner (words, gone, joined, split), or empty; ``equal``: numbers of proposals
    with the same outcome; ``done``: the text reads so already; ``place``: the clause that a new or moved one goes
    behind now."""

    id: Id
    number: int
    kind: ProposalKind
    clause: Id | None
    after: Id | None
    place: Id | None
    shape: tuple[str, int, str] | None
    state: ProposalState
    party: Seat
    name: str
    at: Ms
    reason: str
    wording: int
    worded_at: Ms
    sponsors: list[Seat]
    text: str
    pieces: list[tuple[str, str]]
    stale: str
    why: str
    conflicts: list[Conflict]
    done: bool
    equal: list[int]
    offered: Offered | None
    closing: Closing | None
    positions: Positions | None
    may: ProposalMay


class Objection(Struct, frozen=True):
    """A delegation's objection to a clause's being marked as agreed."""

    party: Seat
    reason: str
    at: Ms


class BracketNote(Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """Whose a bracket is and why it stands; ``from`` and ``to`` are the pair's outer ends in UTF-16 units."""

    note: Id
    start: int | None
    end: int | None
    owner: Seat
    reason: BracketReason
    link: Id | None
    words: str
    private: bool
    at: Ms


class FloorClauseMay(Struct, frozen=True):
    """What you may do with a clause's state."""

    status: bool
    object: bool
    position: bool


class FloorClause(Struct, frozen=True):
    """How far a clause is. ``by`` null: nobody said anything else than open yet."""

    id: Id
    status: ClauseStatus
    by: Seat | None
    at: Ms
    reason: str
    objections: list[Objection]
    positions: Positions | None
    brackets: list[BracketNote]
    may: FloorClauseMay


class Break(Struct, frozen=True):
    """A party's breaking of a silence."""

    party: Seat
    reason: str
    clauses: list[Id]
    at: Ms


class Silence(Struct, frozen=True):
    """A silence procedure. ``party`` and ``name``: who started it; ``outcome``: empty while it runs, adopted, broken or
    cancelled; ``minimum`` in seconds; ``breaks`` as far as they are open to you."""

    id: Id
    version: int
    label: str
    hash: str
    party: Seat
    name: str
    started_at: Ms
    deadline: Ms
    minimum: int
    note: str
    outcome: str
    ended_at: Ms
    reason: str
    breaks: list[Break]


class FloorDraft(Struct, frozen=True):
    """The stage of the draft, to whom proposals and positions are open, how many open proposals you see, and what you
    may do now."""

    stage: Stage
    mode: Mode
    proposals: Openness
    positions: Openness
    open: int
    silence: Silence | None
    may: dict[str, bool]


class FloorOf(Struct, frozen=True):
    """The table of a draft after act ``seq``; clauses of which there is nothing to say are left out."""

    seq: int
    proposals: list[FloorProposal]
    clauses: list[FloorClause]
    draft: FloorDraft


def of(view: dict[str, Any]) -> FloorOf:
    """From the view of drafts/desk/floor.py."""
    return convert(view, FloorOf)
