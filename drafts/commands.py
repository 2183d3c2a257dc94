"""What a person asks a draft to do. Each command names its operation: the same ``op`` sent again is done once.

``op`` is chosen by whoever asks (at most 48 characters, unguessable enough to be unique in the draft); positions are
UTF-16 units of the text with the given number.
"""

from dataclasses import dataclass
from typing import TypeAlias

from drafts.change import Change
from drafts.merge import Plan
from drafts.model import (
    Audience,
    BracketReason,
    ClauseKind,
    Mode,
    Openness,
    Place,
    ProposalKind,
    Stage,
    Stance,
    VersionStatus,
)


@dataclass(frozen=True, slots=True)
class Push:
    """Updates of one text by one editor: ``updates[0]`` is number ``counter`` of ``client`` and stands on number
    ``base``."""

    clause: str
    client: str
    base: int
    counter: int
    updates: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Insert:
    """New clauses behind ``after`` (None: at the very front), one per text."""

    op: str
    after: str | None
    kind: ClauseKind = ClauseKind.OPERATIVE
    depth: int = 0
    lang: str = ""
    texts: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True)
class Split:
    """Cut a clause at ``at`` of text ``number``."""

    op: str
    clause: str
    number: int
    at: int


@dataclass(frozen=True, slots=True)
class Join:
    """Append the clause to the one before it."""

    op: str
    clause: str


@dataclass(frozen=True, slots=True)
class Move:
    """Put a clause, with the sub-clauses that belong to it, behind ``after`` (None: to the very front)."""

    op: str
    clause: str
    after: str | None


@dataclass(frozen=True, slots=True)
class Delete:
    """Take a clause out, with a reason that everybody can read."""

    op: str
    clause: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Restore:
    """Bring a deleted clause back where it stood."""

    op: str
    clause: str


@dataclass(frozen=True, slots=True)
class Shape:
    """Change what kind of clause it is, its depth or its language."""

    op: str
    clause: str
    kind: ClauseKind
    depth: int = 0
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Lock:
    """Say how far a clause is (a ``ClauseStatus``); agreed ones take no edits. Re-opening one takes a reason."""

    op: str
    clause: str
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SetDraft:
    """Change facts of the draft; None leaves one as it is. The desk fills in ``issued``, never a client."""

    op: str
    title: str | None = None
    symbol: str | None = None
    mode: Mode | None = None
    observers: bool | None = None
    stage: Stage | None = None
    proposals: Openness | None = None
    positions: Openness | None = None
    issued: str = ""  # to adopt a text: the canonical content of its last version


@dataclass(frozen=True, slots=True)
class Issue:
    """Issue the text as it stands as a version."""

    op: str
    label: str
    symbol: str = ""
    status: VersionStatus = VersionStatus.REVISION
    note: str = ""


@dataclass(frozen=True, slots=True)
class OpenThread:
    """Open a comment thread. A span is ``[start, end)`` of text ``number`` of the clause."""

    op: str
    place: Place
    body: str
    clause: str | None = None
    number: int = 0
    start: int = 0
    end: int = 0
    audience: Audience = Audience.EVERYONE


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit from outside: "text ``number`` should read so". Becomes a word-level Change at that number."""

    op: str
    clause: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """A comment of a file that is merged, with its replies: on clause number ``at`` of the file (-1: on the whole), on
    the words ``quote``, which began about ``start`` (code points) there; '' on the whole clause."""

    at: int
    quote: str
    start: int
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """Bring in what a text from outside does to the text as it was after act ``base_seq``. What cannot be done without
    asking is told in the outcome's report. ``brought``: which file it is, for that report. ``audience`` is who reads
    the threads that items become, ``heard`` who reads the file's own comments (None: the same). ``most``: how many
    private proposals it may become."""

    op: str
    plan: Plan
    base_seq: int
    brought: str = ""
    said: tuple[Said, ...] = ()
    audience: Audience = Audience.EVERYONE
    notes: tuple[str, ...] = ()
    most: int = 200
    heard: Audience | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """Of a proposal's own text: which parties know of it besides its owner."""

    op: str
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PutAway:
    """Of a proposal's own text that is not tabled: give it up, or take it up again. Nothing of it is lost."""

    op: str
    away: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """Lay a proposal on the table. ``text`` and ``base`` as its party has them; ``sponsors`` without the proposer."""

    op: str
    proposal: str
    kind: ProposalKind
    clause: str | None
    base: int = 0
    old: str = ""  # the clause's text at ``base``
    text: str = ""
    after: str | None = None
    shape: tuple[ClauseKind, int, str] | None = None
    reason: str = ""
    sponsors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Revise:
    """Give a tabled proposal another wording, or (stale) say that it stands as it is: against text ``base``."""

    op: str
    proposal: str
    base: int
    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take one's proposal off the table."""

    op: str
    proposal: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sponsor:
    """Join a proposal's sponsors, or leave them. In its own text, before it is tabled: say that one will."""

    op: str
    proposal: str
    joins: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """The chair proposes what the clause could become out of these proposals; their owners answer."""

    op: str
    proposals: tuple[str, ...]
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A proposer accepts or declines what the chair offered."""

    op: str
    proposal: str
    accepts: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Accept:
    """Take proposals into the text: one whole (``hunks`` None), one in part (numbers of its parts as
    ``readings.choices`` counts them), or several merged. ``number``: the clause's text that the chair saw."""

    op: str
    proposals: tuple[str, ...]
    number: int
    hunks: tuple[int, ...] | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NotRetain:
    """Close a proposal without taking it into the text."""

    op: str
    proposal: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TakePosition:
    """A party's position on a proposal or a clause; ``stance`` None takes it back."""

    op: str
    on: str
    stance: Stance | None
    note: str = ""
    condition: str | None = None  # the clause it depends on
    wording: int = 0  # of the proposal, as the party read it
    parties: tuple[str, ...] = ()  # those that act as one through it: the desk fills this in, never a client


@dataclass(frozen=True, slots=True)
class Object:
    """Object to a clause's being marked as agreed."""

    op: str
    clause: str
    reason: str


@dataclass(frozen=True, slots=True)
class PutBracket:
    """Bracket the words ``[start, end)`` of text ``number``; or, with ``start == end`` at an opening bracket, say whose
    it is and why."""

    op: str
    clause: str
    number: int
    start: int
    end: int
    reason: BracketReason = BracketReason.CONTENTIOUS
    link: str | None = None
    words: str = ""
    private: bool = False  # the reason is for one's own party only


@dataclass(frozen=True, slots=True)
class LiftBracket:
    """Take the pair whose opening bracket is at ``at`` of text ``number`` out; ``with_text``: its words too."""

    op: str
    clause: str
    number: int
    at: int
    with_text: bool = False


@dataclass(frozen=True, slots=True)
class StartSilence:
    """Freeze the last issued version until ``deadline`` (UTC ms); the text must be as it was issued. The desk fills in
    ``minimum``, ``issued`` and ``parties``, never a client."""

    op: str
    deadline: int
    minimum: int  # seconds, as the forum has it
    note: str = ""
    issued: str = ""  # the canonical content of the last issued version
    parties: tuple[str, ...] = ()  # those that can break it


@dataclass(frozen=True, slots=True)
class BreakSilence:
    """A party breaks the silence, on these clauses, or says until the deadline that it breaks it too."""

    op: str
    procedure: str
    reason: str
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Adopt:
    """The deadline is past and nobody spoke: said by the clock, once."""

    op: str
    procedure: str


@dataclass(frozen=True, slots=True)
class CancelSilence:
    """The chair ends the procedure without an outcome."""

    op: str
    procedure: str
    reason: str


@dataclass(frozen=True, slots=True)
class Explain:
    """An explanation of position, for the record."""

    op: str
    text: str


Command: TypeAlias = (
    Insert | Split | Join | Move | Delete | Restore | Shape | Lock | SetDraft | Issue | OpenThread | Edit | Merge
    | Share | PutAway | Table | Revise | Withdraw | Sponsor | Offer | Answer | Accept | NotRetain | TakePosition
    | Object | PutBracket | LiftBracket | StartSilence | BreakSilence | Adopt | CancelSilence | Explain
)  # fmt: skip
